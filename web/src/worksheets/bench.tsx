import { lazy, type ReactNode, Suspense, useState } from 'react'
import type { ChartSettings } from '../../../src/dashboard/shape.ts'
import type { Dialect } from '../../../src/sql/dialects.ts'
import type { NamedQuery } from '../api/lake.ts'
import { useChoices, useText } from '../app/choices.tsx'
import { EmptyLake } from '../dashboards/empty-lake.tsx'
import { queryChart } from '../named-queries/query-chart.ts'
import { fullNumber } from '../text/figures.ts'
import type { Catalog } from './editor/catalog.ts'
import type { Editor } from './editor/sql-editor.tsx'
import { tileOf } from './pin.ts'
import { PinDialog } from './pin-dialog.tsx'
import { QueryForm } from './query-form.tsx'
import { AthenaNote } from './run/athena-note.tsx'
import { Fault } from './run/fault.tsx'
import { ResultView } from './run/result-view.tsx'
import { RunBar } from './run/run-bar.tsx'
import type { Estimating } from './run/use-estimate.ts'
import type { Run, Running } from './run/use-run.ts'
import type { OpenWorksheet } from './use-worksheet.ts'

const SqlEditor = lazy(() => import('./editor/sql-editor.tsx'))

interface BenchProps {
  readonly worksheet: OpenWorksheet
  readonly queries: readonly NamedQuery[]
  /** The named query whose form stands in place of the editor. */
  readonly query: NamedQuery | undefined
  readonly values: Readonly<Record<string, string>>
  readonly onValues: (values: Readonly<Record<string, string>>) => void
  readonly catalog: Catalog
  readonly onEditor: (editor: Editor | undefined) => void
  readonly running: Running
  readonly estimating: Estimating
  readonly onEstimate: () => void
  readonly limit: number
  readonly onLimit: (limit: number) => void
  readonly onRun: () => void
  readonly onDialect: (dialect: Dialect) => void
  readonly isEmptyLake: boolean
}

/** The editor or the form of a named query, and the rows that come of it. */
export function Bench(props: BenchProps): ReactNode {
  const { worksheet, queries, query, running, catalog, onRun } = props
  const text = useText()
  const { language } = useChoices()
  const [pinned, setPinned] = useState<{ readonly run: Run; readonly chart: ChartSettings }>()
  const { opened, saved, change } = worksheet
  const { run } = running
  const canRun = query !== undefined || (opened !== undefined && opened.draft.sql.trim() !== '')
  const isOnAthena = query === undefined && opened?.draft.engine === 'athena'
  const asked = run === undefined || !('query' in run.order.asked) ? undefined : run.order.asked.query
  const answered = queries.find((known) => known.name === asked)
  const title = answered?.title ?? saved?.title ?? text('worksheetUntitled')

  return (
    <>
      <section className="sheet-editor" aria-label={query?.title ?? text('editorLabel')}>
        {query !== undefined && (
          <QueryForm query={query} values={props.values} onValues={props.onValues} onRun={onRun} />
        )}
        <div className="editor-box" hidden={query !== undefined}>
          <Suspense fallback={<div className="skeleton" />}>
            {opened !== undefined && (
              <SqlEditor
                key={opened.key}
                initial={opened.draft.sql}
                catalog={catalog}
                label={text('editorLabel')}
                hint={text('editorHint')}
                example={text('sqlPlaceholder')}
                onChange={(sql) => {
                  change({ sql })
                }}
                onRun={onRun}
                onEditor={props.onEditor}
              />
            )}
          </Suspense>
        </div>
        <RunBar
          run={run}
          canRun={canRun}
          limit={props.limit}
          onLimit={props.onLimit}
          onRun={onRun}
          onCancel={running.cancel}
          onEstimate={isOnAthena ? props.onEstimate : undefined}
        >
          {query === undefined && (
            <p className="editor-keys">
              <kbd>Ctrl</kbd> <kbd>Enter</kbd> {text('editorKeys')} · <kbd>Esc</kbd> <kbd>Tab</kbd>{' '}
              {text('editorEscape')}
            </p>
          )}
        </RunBar>
        <AthenaNote run={run} estimating={props.estimating} />
      </section>
      {run?.state === 'failed' && <Fault run={run} onDialect={props.onDialect} />}
      {run?.coming !== undefined && run.state !== 'failed' ? (
        <ResultView
          run={run}
          coming={run.coming}
          suggested={answered === undefined ? undefined : queryChart(answered)}
          title={title}
          fileName={asked ?? opened?.name ?? 'result'}
          onPin={(chart) => {
            setPinned({ run, chart })
          }}
        />
      ) : run?.state === 'failed' ? undefined : (
        <section className="result" aria-label={text('resultEmpty')}>
          {run === undefined && props.isEmptyLake && <EmptyLake />}
          {run === undefined && !props.isEmptyLake && (
            <div className="tile-note">
              <strong>{text('resultEmpty')}</strong>
              <p>{text('resultEmptyHint', { count: fullNumber(queries.length, undefined, language) })}</p>
            </div>
          )}
          {run?.state === 'running' && <div className="skeleton" />}
        </section>
      )}
      {pinned !== undefined && (
        <PinDialog
          content={tileOf(pinned.run.order.asked, pinned.chart)}
          title={answered?.title ?? saved?.title ?? ''}
          onClose={() => {
            setPinned(undefined)
          }}
        />
      )}
    </>
  )
}
