import { type ReactNode, useId, useState } from 'react'
import { useText } from '../../app/choices.tsx'
import { Icon } from '../../app/icon.tsx'
import type { HistoryEntry } from '../history.ts'
import { HistoryList } from './history-list.tsx'
import { QueryList } from './query-list.tsx'
import { WorksheetList } from './worksheet-list.tsx'

const tabs = [
  ['worksheets', 'worksheets'],
  ['queries', 'queriesTab'],
  ['history', 'historyTab'],
] as const

export type SideTab = (typeof tabs)[number][0]

export interface SideProps {
  readonly tab: SideTab
  readonly onTab: (tab: SideTab) => void
  /** Name of the worksheet that is open. */
  readonly current: string | undefined
  /** Name of the named query whose form is open. */
  readonly query: string | undefined
  readonly history: readonly HistoryEntry[]
  readonly onNew: () => void
  readonly onWorksheet: (name: string | undefined) => void
  readonly onQuery: (name: string) => void
  readonly onHistory: (entry: HistoryEntry) => void
  readonly onClear: () => void
}

/** What can be opened: saved worksheets, named queries, and what was run. */
export function Side(props: SideProps): ReactNode {
  const { tab, onTab, onNew } = props
  const text = useText()
  const group = useId()
  const [find, setFind] = useState('')
  return (
    <div className="side">
      <div className="side-head">
        <div className="segments" role="group" aria-label={text('worksheetsBrowse')}>
          {tabs.map(([known, label]) => (
            <label key={known}>
              <input
                type="radio"
                name={group}
                checked={tab === known}
                onChange={() => {
                  onTab(known)
                }}
              />
              <span>{text(label)}</span>
            </label>
          ))}
        </div>
        <div className="side-find">
          <input
            type="search"
            aria-label={text('findWorksheet')}
            placeholder={text('findWorksheet')}
            value={find}
            onChange={(event) => {
              setFind(event.target.value)
            }}
          />
          {tab === 'worksheets' && (
            <button type="button" className="button" onClick={onNew}>
              <Icon name="plus" />
              {text('worksheetNew')}
            </button>
          )}
        </div>
      </div>
      <div className="side-list">
        {tab === 'worksheets' && <WorksheetList {...props} find={find.trim()} />}
        {tab === 'queries' && <QueryList {...props} find={find.trim()} />}
        {tab === 'history' && <HistoryList {...props} find={find.trim()} />}
      </div>
    </div>
  )
}
