import { type ReactNode, useState } from 'react'
import type { NamedQuery } from '../api/lake.ts'
import { useText } from '../app/choices.tsx'
import { Icon } from '../app/icon.tsx'
import { shownMessage } from '../text/figures.ts'

interface QueryHeadProps {
  readonly query: NamedQuery
  /** Opens the query as SQL with the values of its form; throws for one that is none. */
  readonly onSql: () => void
  readonly onClose: () => void
  readonly onBrowse: () => void
}

/** What a named query is called, and the ways from it to the editor. */
export function QueryHead({ query, onSql, onClose, onBrowse }: QueryHeadProps): ReactNode {
  const text = useText()
  const [fault, setFault] = useState<string>()
  return (
    <>
      <header className="bench-head">
        <button type="button" className="button square browse" aria-label={text('worksheetsBrowse')} onClick={onBrowse}>
          <Icon name="menu" />
        </button>
        <div className="bench-title">
          <h1 title={query.title}>{query.title}</h1>
          <span className="badge">{text('namedQuery')}</span>
        </div>
        <div className="bench-tools">
          <button
            type="button"
            className="button"
            onClick={() => {
              try {
                onSql()
              } catch (error) {
                setFault(error instanceof Error ? error.message : String(error))
              }
            }}
          >
            {text('openAsSql')}
          </button>
          <button type="button" className="button" onClick={onClose}>
            {text('queryClose')}
          </button>
        </div>
      </header>
      {fault !== undefined && (
        <p className="notice bad" role="alert">
          {shownMessage(fault)}
        </p>
      )}
    </>
  )
}
