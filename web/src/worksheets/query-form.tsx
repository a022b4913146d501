import { type ReactNode, useState } from 'react'
import type { NamedQuery } from '../api/lake.ts'
import { useText } from '../app/choices.tsx'
import { shownMessage } from '../text/figures.ts'
import { ParameterFields } from '../named-queries/parameter-fields.tsx'

interface QueryFormProps {
  readonly query: NamedQuery
  readonly values: Readonly<Record<string, string>>
  readonly onValues: (values: Readonly<Record<string, string>>) => void
  readonly onRun: () => void
  /** Opens the query as SQL with these values; throws for one that is none. */
  readonly onSql: () => void
  readonly onClose: () => void
}

/** A named query: the question that it answers, and its parameters. */
export function QueryForm({ query, values, onValues, onRun, onSql, onClose }: QueryFormProps): ReactNode {
  const text = useText()
  const [fault, setFault] = useState<string>()
  const openSql = (): void => {
    try {
      onSql()
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <form
      className="query-form"
      aria-label={query.title}
      onSubmit={(event) => {
        event.preventDefault()
        onRun()
      }}
    >
      <header>
        <div>
          <h2>{query.title}</h2>
          <p>{query.question}</p>
          {query.counts !== undefined && <p className="soft">{query.counts}</p>}
        </div>
        <div className="query-tools">
          <button type="button" className="button" onClick={openSql}>
            {text('openAsSql')}
          </button>
          <button type="button" className="button" onClick={onClose}>
            {text('queryClose')}
          </button>
        </div>
      </header>
      <div className="query-fields">
        <ParameterFields query={query} values={values} hasRange={false} onChange={onValues} />
      </div>
      {fault !== undefined && <p role="alert">{shownMessage(fault)}</p>}
      <button type="submit" hidden />
    </form>
  )
}
