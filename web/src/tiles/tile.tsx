import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo, useState } from 'react'
import type { Tile as TileSettings } from '../../../src/dashboard/shape.ts'
import type { QueryEngine } from '../../../src/sql/engines.ts'
import { type LakeView, viewsQuery } from '../api/lake.ts'
import type { RecordScope, Result } from '../api/query.ts'
import type { Filter } from '../app/address.ts'
import { Boundary } from '../app/boundary.tsx'
import { textIn, useChoices, useText } from '../app/choices.tsx'
import { Icon } from '../app/icon.tsx'
import { Menu, type MenuItem } from '../app/menu.tsx'
import { Chart, drawingOf, type Pick } from '../charts/chart.tsx'
import { chartOption } from '../charts/option.ts'
import { paletteOf } from '../charts/palette.ts'
import { chartPng } from '../charts/png.ts'
import { type RecordsOf, RecordsPanel } from '../records/records-panel.tsx'
import type { Range } from '../range/range.ts'
import { csvOf } from './csv.ts'
import { download } from './download.ts'
import { NoRows } from './no-rows.tsx'
import { plainText, shownText } from '../text/figures.ts'
import { answerQuery, questionOf } from './question.ts'
import { TileFault } from './tile-fault.tsx'

const noViews: readonly LakeView[] = []

export interface TileProps {
  readonly tile: TileSettings
  readonly scope: RecordScope
  /** Where it runs; on the lake where it is not said. */
  readonly engine?: QueryEngine | undefined
  readonly version: string | undefined
  readonly onRange: (range: Range) => void
  readonly onBrush: (from: number, to: number) => void
  readonly onFilter: (filter: Filter) => void
  /** Edit, duplicate, delete. */
  readonly actions: readonly MenuItem[]
  /** What moves and resizes it, while the dashboard is edited. */
  readonly handle?: ReactNode
}

/** One tile: its title, its actions, and the answer to its question as a chart. */
export function Tile({
  tile,
  scope,
  engine = 'lake',
  version,
  onRange,
  onBrush,
  onFilter,
  actions,
  handle,
}: TileProps): ReactNode {
  const text = useText()
  const choices = useChoices()
  const title = textIn(tile.title, choices.language)
  const question = useMemo(() => questionOf(tile, scope, engine), [tile, scope, engine])
  const { data, error, isFetching, refetch } = useQuery({
    // What is loaded into the lake changes nothing on Athena.
    ...answerQuery(question, engine === 'athena' ? engine : version),
    enabled: version !== undefined,
  })
  const { data: lakeViews = [] } = useQuery(viewsQuery)
  // Records behind a value, and where others are, are asked of the lake.
  const views = engine === 'athena' ? noViews : lakeViews
  const [records, setRecords] = useState<RecordsOf>()

  const pick = ({ column, value }: Pick): void => {
    if (data === undefined) return
    const view = viewWith(column, data, views)
    if (view !== undefined)
      setRecords({
        question,
        view,
        builtIn: data.builtIn,
        filter: { column, value: value === null ? null : plainText(value) },
      })
  }

  return (
    <>
      <header className="tile-head">
        {handle}
        <h2 title={title}>{title}</h2>
        {notes().map((note) => (
          <span key={note} className="mark" role="img" aria-label={note} title={note}>
            !
          </span>
        ))}
        <Menu label={text('tileMenu', { title })} items={[...actions, ...exportsOf()]}>
          <Icon name="more" />
        </Menu>
      </header>
      <div className="tile-body" aria-busy={isFetching}>
        {isFetching && data !== undefined && <span className="busy" />}
        {body()}
      </div>
      {records !== undefined && (
        <RecordsPanel
          of={records}
          scope={scope}
          version={version}
          onFilter={onFilter}
          onClose={() => {
            setRecords(undefined)
          }}
        />
      )}
    </>
  )

  /** What should be known of what is shown. */
  function notes(): string[] {
    if (data === undefined) return []
    const columns = data.unfiltered.map((column) => shownText(column, 60)).join(', ')
    return [
      ...(columns === '' ? [] : [text('unfiltered', { columns })]),
      ...data.notices.map((notice) => shownText(notice, 300)),
      ...(data.truncated ? [text('truncated', { count: data.rows.length })] : []),
    ]
  }

  function body(): ReactNode {
    if (error !== null)
      return (
        <TileFault
          message={error.message}
          onRetry={() => {
            void refetch()
          }}
        />
      )
    if (data === undefined) return <div className="skeleton" />
    if (data.rows.length === 0)
      return <NoRows result={data} views={views} scope={scope} version={version} onRange={onRange} />
    const column = axisColumn(data)
    const canPick = column !== undefined && viewWith(column, data, views) !== undefined
    return (
      <Boundary of={data} fallback={(message) => <TileFault message={message} />}>
        <Chart
          result={data}
          settings={tile.chart}
          title={title}
          onPick={canPick ? pick : undefined}
          onBrush={onBrush}
        />
      </Boundary>
    )
  }

  function axisColumn(result: Result): string | undefined {
    return tile.chart.axis ?? result.columns.find((column) => column.name !== tile.chart.measure)?.name
  }

  async function savePng(result: Result): Promise<void> {
    const option = chartOption(drawingOf(result, tile.chart, choices, text))
    download(await chartPng(option, 960, 540, paletteOf(choices.isDark).surface), `${tile.id}.png`)
  }

  function exportsOf(): MenuItem[] {
    if (data === undefined) return []
    const csv: MenuItem = {
      text: text('downloadCsv'),
      act: () => {
        download(new Blob([csvOf(data)], { type: 'text/csv;charset=utf-8' }), `${tile.id}.csv`)
      },
    }
    if (tile.chart.type === 'table' || tile.chart.type === 'number') return [csv]
    const png: MenuItem = {
      text: text('downloadPng'),
      act: () => {
        void savePng(data)
      },
    }
    return [png, csv]
  }
}

/** The view, of those that a result was read from, that has a column. */
function viewWith(column: string, { views }: Result, known: readonly LakeView[]): LakeView | undefined {
  return known.find((view) => views.includes(view.name) && view.columns.some((one) => one.name === column))
}
