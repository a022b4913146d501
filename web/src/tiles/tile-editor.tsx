import { type FormEvent, type ReactNode, useState } from 'react'
import type { ChartSettings, Tile } from '../../../src/dashboard/shape.ts'
import { dialectNames } from '../../../src/sql/dialects.ts'
import type { QueryEngine } from '../../../src/sql/engines.ts'
import type { NamedQuery } from '../api/lake.ts'
import { ask, type RecordScope, type Result } from '../api/query.ts'
import { textIn, useChoices, useText } from '../app/choices.tsx'
import { Dialog } from '../app/dialog.tsx'
import { Chart } from '../charts/chart.tsx'
import { suggestChart } from '../charts/columns.ts'
import { Table } from '../charts/table.tsx'
import { queryChart } from '../named-queries/query-chart.ts'
import { shownMessage, shownText } from '../text/figures.ts'
import { ChartForm } from './chart-form.tsx'
import { dialectHint } from './dialect-hint.ts'
import { questionOf } from './question.ts'
import { type Source, SourceForm } from './source-form.tsx'

/** A tile without its place. */
export type TileContent = Omit<Tile, 'id' | 'at'>

interface TileEditorProps {
  /** Undefined for a new tile. */
  readonly tile: Tile | undefined
  readonly scope: RecordScope
  /** Where it runs; on the lake where it is not said. */
  readonly engine: QueryEngine | undefined
  readonly onSave: (content: TileContent) => void
  readonly onClose: () => void
}

/** How a statement went that was run. */
type Outcome =
  | { readonly state: 'none' | 'running' }
  | { readonly state: 'failed'; readonly message: string }
  | { readonly state: 'done'; readonly result: Result; readonly ms: number }

function contentOf(title: string, source: Source, chart: ChartSettings): TileContent {
  if (source.kind === 'sql') {
    const dialect = source.dialect === 'duckdb' ? {} : { dialect: source.dialect }
    return { title, sql: source.sql.trim().replace(/;$/, ''), ...dialect, chart }
  }
  const hasParameters = Object.keys(source.parameters).length > 0
  return { title, query: source.query, ...(hasParameters ? { parameters: source.parameters } : {}), chart }
}

/** Makes a tile or changes one: a question, its answer, and how that is drawn. */
export function TileEditor({ tile, scope, engine, onSave, onClose }: TileEditorProps): ReactNode {
  const text = useText()
  const { language } = useChoices()
  const [title, setTitle] = useState(tile === undefined ? '' : textIn(tile.title, language))
  const [source, setSource] = useState<Source>({
    kind: tile?.query === undefined ? 'sql' : 'query',
    sql: tile?.sql ?? '',
    dialect: tile?.dialect ?? 'duckdb',
    query: tile?.query ?? '',
    parameters: tile?.parameters ?? {},
  })
  const [chart, setChart] = useState(tile?.chart)
  const [outcome, setOutcome] = useState<Outcome>({ state: 'none' })
  const canRun = source.kind === 'sql' ? source.sql.trim() !== '' : source.query !== ''

  const hint = source.kind === 'sql' && source.dialect === 'duckdb' ? dialectHint(source.sql) : undefined

  const run = async (asked: Source): Promise<void> => {
    setOutcome({ state: 'running' })
    const startedAt = performance.now()
    try {
      const content = contentOf(title, asked, { type: 'table' })
      const result = await ask(questionOf(content, scope, engine))
      setOutcome({ state: 'done', result, ms: Math.round(performance.now() - startedAt) })
      setChart((before) => before ?? suggestChart(result))
    } catch (error) {
      setOutcome({ state: 'failed', message: error instanceof Error ? error.message : String(error) })
    }
  }

  const pickQuery = (query: NamedQuery): void => {
    const picked: Source = { ...source, kind: 'query', query: query.name, parameters: {} }
    setSource(picked)
    setChart(queryChart(query))
    if (title === '') setTitle(query.title)
    if (query.parameters.every((parameter) => parameter.default !== undefined)) void run(picked)
  }

  const close = (): void => {
    const isChanged = source.sql !== (tile?.sql ?? '') || (tile !== undefined && chart !== tile.chart)
    if (!isChanged || globalThis.confirm(text('discardSure'))) onClose()
  }

  const save = (event: FormEvent): void => {
    event.preventDefault()
    onSave(contentOf(title.trim() === '' ? text('newTile') : title.trim(), source, chart ?? { type: 'table' }))
  }

  return (
    <Dialog
      className="editor"
      title={tile === undefined ? text('newTile') : textIn(tile.title, language)}
      onClose={close}
    >
      <form onSubmit={save}>
        <div className="editor-left">
          <label className="title-field">
            {text('tileTitle')}
            <input
              value={title}
              maxLength={200}
              onChange={(event) => {
                setTitle(event.target.value)
              }}
            />
          </label>
          <SourceForm
            source={source}
            onChange={setSource}
            onQuery={pickQuery}
            onRun={() => {
              if (canRun) void run(source)
            }}
          />
          <div className="run">
            <button
              type="button"
              className={outcome.state === 'done' ? 'button' : 'primary'}
              disabled={!canRun || outcome.state === 'running'}
              onClick={() => {
                void run(source)
              }}
            >
              {text('run')}
            </button>
            <span className="soft" role="status">
              {outcome.state === 'running' && text('running')}
              {outcome.state === 'none' && text('runHint')}
              {outcome.state === 'done' && text('rowsIn', { rows: outcome.result.rows.length, ms: outcome.ms })}
            </span>
          </div>
          {outcome.state === 'done' &&
            outcome.result.notices.map((notice) => (
              <p key={notice} className="soft">
                {shownText(notice, 300)}
              </p>
            ))}
          {outcome.state === 'done' && chart !== undefined && (
            <ChartForm result={outcome.result} settings={chart} onChange={setChart} />
          )}
        </div>
        <div className="editor-right">
          {outcome.state === 'failed' && (
            <pre className="failure" role="alert" tabIndex={0}>
              {shownMessage(outcome.message)}
            </pre>
          )}
          {outcome.state === 'failed' && hint !== undefined && (
            <p className="dialect-hint">
              {text('dialectHint', { dialect: dialectNames[hint] })}{' '}
              <button
                type="button"
                className="button"
                onClick={() => {
                  const asked = { ...source, dialect: hint }
                  setSource(asked)
                  void run(asked)
                }}
              >
                {text('dialectTry', { dialect: dialectNames[hint] })}
              </button>
            </p>
          )}
          {outcome.state === 'none' && <p className="tile-note">{text('runFirst')}</p>}
          {outcome.state === 'running' && <div className="skeleton" />}
          {outcome.state === 'done' && chart !== undefined && (
            <>
              <div className="preview">
                <Chart result={outcome.result} settings={chart} title={title} />
              </div>
              {chart.type !== 'table' && (
                <div className="preview-rows">
                  <Table result={outcome.result} label={text('table')} />
                </div>
              )}
            </>
          )}
        </div>
        <footer>
          <button type="button" className="button" onClick={close}>
            {text('cancel')}
          </button>
          <button type="submit" className="primary" disabled={!canRun || outcome.state === 'failed'}>
            {text(tile === undefined ? 'saveTile' : 'updateTile')}
          </button>
        </footer>
      </form>
    </Dialog>
  )
}
