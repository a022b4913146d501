import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useId } from 'react'
import { type Dialect, dialectNames, dialects } from '../../../src/sql/dialects.ts'
import { type NamedQuery, namedQueriesQuery } from '../api/lake.ts'
import { useText } from '../app/choices.tsx'

function dialectNamed(name: string): Dialect {
  return dialects.find((dialect) => dialect === name) ?? 'duckdb'
}

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
  const { data: queries = [] } = useQuery(namedQueriesQuery)
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
          <label className="dialect-field">
            {text('dialect')}
            <select
              value={source.dialect}
              onChange={(event) => {
                onChange({ ...source, dialect: dialectNamed(event.target.value) })
              }}
            >
              {dialects.map((dialect) => (
                <option key={dialect} value={dialect}>
                  {dialectNames[dialect]}
                </option>
              ))}
            </select>
          </label>
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
          {picked !== undefined && <Parameters query={picked} source={source} onChange={onChange} />}
        </>
      )}
    </fieldset>
  )
}

interface ParametersProps {
  readonly query: NamedQuery
  readonly source: Source
  readonly onChange: (source: Source) => void
}

function Parameters({ query, source, onChange }: ParametersProps): ReactNode {
  const text = useText()
  const set = (name: string, value: string): void => {
    const rest = Object.entries(source.parameters).filter(([known]) => known !== name)
    onChange({ ...source, parameters: Object.fromEntries(value === '' ? rest : [...rest, [name, value]]) })
  }
  return (
    <div className="parameters">
      <p className="soft">{query.question}</p>
      {query.counts !== undefined && <p className="soft">{query.counts}</p>}
      {query.parameters.map((parameter) => {
        const isRange = parameter.name === 'from' || parameter.name === 'to'
        return (
          <label key={parameter.name} title={parameter.doc}>
            {parameter.name}
            {parameter.type === 'boolean' ? (
              <select
                value={source.parameters[parameter.name] ?? parameter.default ?? 'false'}
                onChange={(event) => {
                  set(parameter.name, event.target.value)
                }}
              >
                <option value="false">false</option>
                <option value="true">true</option>
              </select>
            ) : (
              <input
                value={source.parameters[parameter.name] ?? ''}
                placeholder={isRange ? text('fromRange') : (parameter.default ?? '')}
                required={parameter.default === undefined}
                onChange={(event) => {
                  set(parameter.name, event.target.value)
                }}
              />
            )}
            <small>{parameter.doc}</small>
          </label>
        )
      })}
    </div>
  )
}
