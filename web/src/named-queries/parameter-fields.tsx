import type { ReactNode } from 'react'
import type { NamedQuery } from '../api/lake.ts'
import { useText } from '../app/choices.tsx'

interface ParameterFieldsProps {
  readonly query: NamedQuery
  /** What was given, as text; a parameter without a value has its default. */
  readonly values: Readonly<Record<string, string>>
  /** True where a time range is given from elsewhere. */
  readonly hasRange: boolean
  readonly onChange: (values: Readonly<Record<string, string>>) => void
}

/** A field for each parameter of a named query. */
export function ParameterFields({ query, values, hasRange, onChange }: ParameterFieldsProps): ReactNode {
  const text = useText()
  const set = (name: string, value: string): void => {
    const rest = Object.entries(values).filter(([known]) => known !== name)
    onChange(Object.fromEntries(value === '' ? rest : [...rest, [name, value]]))
  }
  return query.parameters.map((parameter) => {
    const isRange = hasRange && (parameter.name === 'from' || parameter.name === 'to')
    return (
      <label key={parameter.name} title={parameter.doc}>
        {parameter.name}
        {parameter.type === 'boolean' ? (
          <select
            value={values[parameter.name] ?? parameter.default ?? 'false'}
            onChange={(event) => {
              set(parameter.name, event.target.value)
            }}
          >
            <option value="false">false</option>
            <option value="true">true</option>
          </select>
        ) : (
          <input
            value={values[parameter.name] ?? ''}
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
  })
}
