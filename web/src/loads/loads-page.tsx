import type { ReactNode } from 'react'
import { goTo, useParameters } from '../app/address.ts'
import { useText } from '../app/choices.tsx'
import { Link } from '../app/link.tsx'
import { FilePanel } from './file-panel.tsx'
import { HistoryView } from './history-view.tsx'
import { type LoadsState, readLoads, writeLoads } from './history.ts'
import { LoadingNow } from './loading-now.tsx'
import { RejectList } from './reject-list.tsx'

interface LoadsPageProps {
  readonly version: string | undefined
  readonly isEmptyLake: boolean
}

const views = [
  ['history', 'loadHistory'],
  ['rejects', 'loadRejects'],
] as const

/** What is loading, what was loaded, and what was rejected. */
export function LoadsPage({ version, isEmptyLake }: LoadsPageProps): ReactNode {
  const text = useText()
  const state = readLoads(useParameters())
  const onState = (change: Partial<LoadsState>, replace = false): void => {
    goTo(writeLoads({ ...state, ...change }), replace)
  }
  return (
    <main id="content" className="board loads" tabIndex={-1}>
      <div className="board-head">
        <div className="board-title">
          <h1>{text('loads')}</h1>
          <p>{text('loadsLede')}</p>
        </div>
      </div>
      <LoadingNow />
      {isEmptyLake && (
        <div className="empty first">
          <h2>{text('loadsEmpty')}</h2>
          <p>{text('loadsEmptyHint')}</p>
          <pre>millrace load ./AWSLogs</pre>
        </div>
      )}
      <nav className="dashboard-list" aria-label={text('loads')}>
        <ul>
          {views.map(([view, label]) => (
            <li key={view}>
              <Link
                to={writeLoads({ view, status: undefined, find: '', page: 0, file: undefined })}
                isCurrent={state.view === view}
              >
                {text(label)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <section className="sheet" aria-label={text(state.view === 'rejects' ? 'loadRejects' : 'loadHistory')}>
        {state.view === 'history' && <HistoryView state={state} version={version} onState={onState} />}
        {state.view === 'rejects' && (
          <RejectList
            file={undefined}
            version={version}
            onFile={(file) => {
              onState({ file })
            }}
          />
        )}
      </section>
      {state.file !== undefined && (
        <FilePanel
          key={state.file}
          file={state.file}
          version={version}
          onClose={() => {
            onState({ file: undefined })
          }}
        />
      )}
    </main>
  )
}
