import type { ReactNode } from 'react'
import type { NamedQuery } from '../api/lake.ts'
import { ParameterFields } from '../named-queries/parameter-fields.tsx'

interface QueryFormProps {
  readonly query: NamedQuery
  readonly values: Readonly<Record<string, string>>
  readonly onValues: (values: Readonly<Record<string, string>>) => void
  readonly onRun: () => void
}

/** A named query: the question that it answers, and its parameters. */
export function QueryForm({ query, values, onValues, onRun }: QueryFormProps): ReactNode {
  return (
    <form
      className="query-form"
      aria-label={query.title}
      onSubmit={(event) => {
        event.preventDefault()
        onRun()
      }}
    >
      <div>
        <p>{query.question}</p>
        {query.counts !== undefined && <p className="soft">{query.counts}</p>}
      </div>
      <div className="query-fields">
        <ParameterFields query={query} values={values} hasRange={false} onChange={onValues} />
      </div>
      <button type="submit" hidden />
    </form>
  )
}
