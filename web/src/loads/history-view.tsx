import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useChoices, useText } from '../app/choices.tsx'
import { fullNumber } from '../text/figures.ts'
import { historyQuery } from './api.ts'
import { findEntries, type LoadsState, statuses, statusTexts } from './history.ts'
import { HistoryTable } from './history-table.tsx'

const pageSize = 50
const firstLimit = 2000

interface HistoryViewProps {
  readonly state: LoadsState
  readonly version: string | undefined
  readonly onState: (change: Partial<LoadsState>, replace?: boolean) => void
}

/** Load history by status and text, page by page. */
export function HistoryView({ state, version, onState }: HistoryViewProps): ReactNode {
  const text = useText()
  const { language } = useChoices()
  const [limit, setLimit] = useState(firstLimit)
  const { data, error } = useQuery(historyQuery(state.status, limit, version))
  const found = findEntries(data ?? [], state.find)
  const pages = Math.max(1, Math.ceil(found.length / pageSize))
  const page = Math.min(state.page, pages - 1)
  const shown = found.slice(page * pageSize, (page + 1) * pageSize)
  const isCut = data !== undefined && data.length >= limit
  const count = (value: number): string => fullNumber(value, undefined, language)
  return (
    <>
      <search className="loads-tools">
        <label>
          {text('statusOf')}
          <select
            value={state.status ?? ''}
            onChange={(event) => {
              const { value } = event.target
              onState({ status: statuses.find((status) => status === value), page: 0 })
            }}
          >
            <option value="">{text('everyStatus')}</option>
            {statuses.map((status) => (
              <option key={status} value={status}>
                {text(statusTexts[status])}
              </option>
            ))}
          </select>
        </label>
        <label className="find">
          {text('findFile')}
          <input
            type="search"
            value={state.find}
            onChange={(event) => {
              onState({ find: event.target.value, page: 0 }, true)
            }}
          />
        </label>
      </search>
      {error !== null && <p role="alert">{error.message}</p>}
      {data === undefined && error === null && <div className="skeleton tall" />}
      {data !== undefined && found.length === 0 && (
        <div className="empty">
          <p>{text('loadsNoMatch')}</p>
          <button
            type="button"
            className="button"
            onClick={() => {
              onState({ status: undefined, find: '', page: 0 })
            }}
          >
            {text('clearSearch')}
          </button>
        </div>
      )}
      {found.length > 0 && (
        <HistoryTable
          entries={shown}
          onFile={(file) => {
            onState({ file })
          }}
        />
      )}
      {data !== undefined && (
        <nav className="pages" aria-label={text('loadHistory')}>
          {found.length > 0 && (
            <p role="status">
              {text(isCut ? 'newestOf' : 'pageOf', {
                from: count(page * pageSize + 1),
                to: count(page * pageSize + shown.length),
                count: count(found.length),
              })}
            </p>
          )}
          {isCut && (
            <button
              type="button"
              className="button"
              onClick={() => {
                setLimit(limit * 5)
              }}
            >
              {text('searchOlder')}
            </button>
          )}
          <button
            type="button"
            className="button"
            disabled={page === 0}
            onClick={() => {
              onState({ page: page - 1 })
            }}
          >
            {text('previousPage')}
          </button>
          <button
            type="button"
            className="button"
            disabled={page >= pages - 1}
            onClick={() => {
              onState({ page: page + 1 })
            }}
          >
            {text('nextPage')}
          </button>
        </nav>
      )}
    </>
  )
}
