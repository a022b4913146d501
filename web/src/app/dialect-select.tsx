import type { ReactNode } from 'react'
import { type Dialect, dialectNames, dialects } from '../../../src/sql/dialects.ts'
import { useText } from './choices.tsx'

interface DialectSelectProps {
  readonly value: Dialect
  readonly onChange: (dialect: Dialect) => void
}

/** Chooses what a statement is written in. */
export function DialectSelect({ value, onChange }: DialectSelectProps): ReactNode {
  const text = useText()
  return (
    <label className="dialect-field">
      {text('dialect')}
      <select
        value={value}
        onChange={(event) => {
          onChange(dialects.find((dialect) => dialect === event.target.value) ?? 'duckdb')
        }}
      >
        {dialects.map((dialect) => (
          <option key={dialect} value={dialect}>
            {dialectNames[dialect]}
          </option>
        ))}
      </select>
    </label>
  )
}
