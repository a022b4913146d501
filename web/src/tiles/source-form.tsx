import { type ReactNode, useId } from 'react'
import type { Dialect } from '../../../src/sql/dialects.ts'
import type { NamedQuery } from '../api/lake.ts'
import { useText } from '../app/choices.tsx'
import { DialectSelect } from '../app/dialect-select.tsx'
import { ParameterFields } from '../named-queries/parameter-fields.tsx'
import { useNamedQueries } from '../named-queries/use-named-queries.ts'

/** What a tile asks: SQL, or a named query with values for its parameters. */
export interface Source {
  readonly kind: 'sql' | 'query'
  readonly sql: string
  /** What `sql` is written in. */
  readonly dialect: Dialect
  readonly query: string
  readonly parameters: Readonly<Record<string, string>>
}

interface SourceFormProps {
  readonly source: Source
  readonly onChange: (source: Source) => void
  /** Called when a named query was picked. */
  readonly onQuery: (query: NamedQuery) => void
  readonly onRun: () => void
}

export function SourceForm({ source, onChange, onQuery, onRun }: SourceFormProps): ReactNode {
  const text = useText()
  const queries = useNamedQueries()
  const group = useId()
  const picked = queries.find((query) => query.name === source.query)
  return (
    <fieldset className="source-form">
      <legend>{text('source')}</legend>
      <div className="segments">
        {(['sql', 'query'] as const).map((kind) => (
          <label key={kind}>
            <input
              type="radio"
              name={group}
              checked={source.kind === kind}
              onChange={() => {
                onChange({ ...source, kind })
              }}
            />
            <span>{text(kind === 'sql' ? 'sql' : 'namedQuery')}</span>
          </label>
        ))}
      </div>
      {source.kind === 'sql' ? (
        <>
          <textarea
            className="code"
            aria-label={text('sqlLabel')}
            placeholder={text('sqlPlaceholder')}
            spellCheck={false}
            autoCapitalize="off"
            rows={9}
            value={source.sql}
            onChange={(event) => {
              onChange({ ...source, sql: event.target.value })
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
              event.preventDefault()
              onRun()
            }}
          />
          <DialectSelect
            value={source.dialect}
            onChange={(dialect) => {
              onChange({ ...source, dialect })
            }}
          />
        </>
      ) : (
        <>
          <select
            aria-label={text('namedQuery')}
            value={source.query}
            onChange={(event) => {
              const query = queries.find((known) => known.name === event.target.value)
              if (query !== undefined) onQuery(query)
            }}
          >
            <option value="">{text('chooseQuery')}</option>
            {queries.map((query) => (
              <option key={query.name} value={query.name}>
                {query.title}
              </option>
            ))}
          </select>
          {picked !== undefined && (
            <div className="parameters">
              <p className="soft">{picked.question}</p>
              {picked.counts !== undefined && <p className="soft">{picked.counts}</p>}
              <ParameterFields
                query={picked}
                values={source.parameters}
                hasRange
                onChange={(parameters) => {
                  onChange({ ...source, parameters })
                }}
              />
            </div>
          )}
        </>
      )}
    </fieldset>
  )
}
