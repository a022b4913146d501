import { type ReactNode, useState } from 'react'
import { fillQuery } from '../../../src/named-queries/fill.ts'
import type { Dialect } from '../../../src/sql/dialects.ts'
import type { QueryEngine } from '../../../src/sql/engines.ts'
import { goTo, useParameters, worksheetAddress } from '../app/address.ts'
import { useText } from '../app/choices.tsx'
import { Dialog } from '../app/dialog.tsx'
import { shownMessage } from '../text/figures.ts'
import { Bench } from './bench.tsx'
import { BenchHead } from './bench-head.tsx'
import { readDraft, writeDraft } from './draft.ts'
import { useCatalog } from './editor/catalog.ts'
import { markOf } from './editor/place.ts'
import type { Editor } from './editor/sql-editor.tsx'
import type { Asked, HistoryEntry } from './history.ts'
import { useEstimate } from './run/use-estimate.ts'
import { type Run, useRun } from './run/use-run.ts'
import { QueryHead } from './query-head.tsx'
import { Side, type SideTab } from './side/side.tsx'
import { useHistory } from './use-history.ts'
import { useSaveKey } from './use-save-key.ts'
import { useWorksheet } from './use-worksheet.ts'
import { useNamedQueries } from '../named-queries/use-named-queries.ts'

interface WorksheetsPageProps {
  /** Of the worksheet in the address; undefined for the one without. */
  readonly name: string | undefined
  readonly version: string | undefined
  readonly isEmptyLake: boolean
}

const firstLimit = 100_000

function entryOf({ order, at, ms, state, count, error }: Run): HistoryEntry {
  const entry = { asked: order.asked, at, ms }
  if (state === 'done') return { ...entry, rows: count }
  return { ...entry, error: error?.message ?? 'cancelled' }
}

/** SQL, named queries and what was run, and the rows that come of them. */
export default function WorksheetsPage({ name, version, isEmptyLake }: WorksheetsPageProps): ReactNode {
  const text = useText()
  const queryName = useParameters().get('query') ?? undefined
  const queries = useNamedQueries()
  const query = queries.find((known) => known.name === queryName)
  const worksheet = useWorksheet(name)
  const history = useHistory()
  const catalog = useCatalog(version)
  const [editor, setEditor] = useState<Editor>()
  const [values, setValues] = useState<Readonly<Record<string, Readonly<Record<string, string>>>>>({})
  const [limit, setLimit] = useState(firstLimit)
  const [tab, setTab] = useState<SideTab>(queryName === undefined ? 'worksheets' : 'queries')
  const [isBrowsing, setBrowsing] = useState(false)
  const [naming, setNaming] = useState<'save' | 'rename'>()
  const [saveError, setSaveError] = useState<string>()
  const given = values[queryName ?? ''] ?? {}

  const running = useRun((run) => {
    history.add(entryOf(run))
    const { asked, offset } = run.order
    if (run.error === undefined || !('sql' in asked) || editor?.holds(asked.sql, offset) !== true) return
    editor.mark(markOf(asked.sql, offset, run.error))
  })

  const estimating = useEstimate()

  const start = (asked: Asked, offset = 0): void => {
    editor?.mark(undefined)
    estimating.clear()
    running.start({ asked, offset, maxRows: limit })
  }

  const runStatement = (dialect: Dialect): void => {
    const chosen = editor?.chosen()
    if (chosen !== undefined) start({ sql: chosen.sql, dialect, engine: worksheet.opened?.draft.engine }, chosen.from)
  }

  /** Takes what was asked before out of sight. */
  const forget = (): void => {
    running.clear()
    estimating.clear()
  }

  const askCost = (): void => {
    const chosen = editor?.chosen()
    const dialect = worksheet.opened?.draft.dialect ?? 'duckdb'
    if (chosen !== undefined) estimating.ask({ sql: chosen.sql, dialect })
  }

  const run = (): void => {
    if (query !== undefined) start({ query: query.name, parameters: given })
    else runStatement(worksheet.opened?.draft.dialect ?? 'duckdb')
  }

  const save = async (): Promise<void> => {
    try {
      setSaveError(undefined)
      if (name === undefined) setNaming('save')
      else await worksheet.save()
    } catch (error) {
      setSaveError(error instanceof Error ? error.message : String(error))
    }
  }

  /** Puts a statement in the editor; undo brings the text before back. */
  const put = (sql: string, dialect: Dialect, engine?: QueryEngine): void => {
    goTo(worksheetAddress(name))
    worksheet.change({ dialect, engine })
    editor?.replace(sql)
  }

  const begin = (): void => {
    const before = name === undefined ? worksheet.opened?.draft : readDraft(undefined)
    if ((before?.sql ?? '').trim() !== '' && !globalThis.confirm(text('worksheetDropSure'))) return
    if (name === undefined) put('', 'duckdb')
    else {
      writeDraft(undefined, undefined)
      goTo(worksheetAddress(undefined))
    }
    forget()
  }

  const pickQuery = (chosen: string): void => {
    goTo(worksheetAddress(name, chosen))
    const found = queries.find((known) => known.name === chosen)
    if (found?.parameters.every((parameter) => parameter.default !== undefined) !== true) forget()
    else start({ query: chosen, parameters: values[chosen] ?? {} })
  }

  const takeBack = ({ asked }: HistoryEntry): void => {
    if ('sql' in asked) put(asked.sql, asked.dialect, asked.engine)
    else {
      setValues({ ...values, [asked.query]: asked.parameters })
      goTo(worksheetAddress(name, asked.query))
    }
  }

  const closing = <Given extends readonly unknown[]>(act: (...given: Given) => void) => {
    return (...all: Given): void => {
      act(...all)
      setBrowsing(false)
    }
  }

  useSaveKey(() => {
    if (worksheet.isChanged && naming === undefined) void save()
  })

  const browse = (): void => {
    setBrowsing(true)
  }

  const side = (
    <Side
      tab={tab}
      onTab={setTab}
      current={name}
      query={queryName}
      history={history.entries}
      onNew={closing(begin)}
      onWorksheet={closing((chosen: string | undefined) => {
        if (chosen !== name) forget()
        goTo(worksheetAddress(chosen))
      })}
      onQuery={closing(pickQuery)}
      onHistory={closing(takeBack)}
      onClear={history.clear}
    />
  )

  return (
    <main id="content" className="worksheets" tabIndex={-1}>
      <nav className="side-column" aria-label={text('worksheetsBrowse')}>
        {side}
      </nav>
      <div className="bench">
        {query === undefined ? (
          <BenchHead
            worksheet={worksheet}
            naming={naming}
            onNaming={setNaming}
            onSave={() => {
              void save()
            }}
            saveError={saveError ?? (worksheet.isKept ? undefined : text('draftNotKept'))}
            onRevert={() => {
              const { saved } = worksheet
              if (saved !== undefined) put(saved.sql, saved.dialect, saved.engine)
            }}
            onBrowse={browse}
          />
        ) : (
          <QueryHead
            key={query.name}
            query={query}
            onSql={() => {
              put(fillQuery(query, given, new Date()), 'duckdb')
            }}
            onClose={() => {
              goTo(worksheetAddress(name))
            }}
            onBrowse={browse}
          />
        )}
        {worksheet.error !== null && <p role="alert">{shownMessage(worksheet.error.message)}</p>}
        <Bench
          worksheet={worksheet}
          queries={queries}
          query={query}
          values={given}
          onValues={(changed) => {
            if (query !== undefined) setValues({ ...values, [query.name]: changed })
          }}
          catalog={catalog}
          onEditor={setEditor}
          running={running}
          estimating={estimating}
          onEstimate={askCost}
          limit={limit}
          onLimit={setLimit}
          onRun={run}
          onDialect={(dialect) => {
            worksheet.change({ dialect })
            runStatement(dialect)
          }}
          isEmptyLake={isEmptyLake}
        />
      </div>
      {isBrowsing && (
        <Dialog
          className="panel side-panel"
          title={text('worksheetsBrowse')}
          onClose={() => {
            setBrowsing(false)
          }}
        >
          {side}
        </Dialog>
      )}
    </main>
  )
}
