import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { QueryEngine } from '../../../src/sql/engines.ts'
import { enginesQuery } from '../api/lake.ts'
import { useText } from './choices.tsx'

interface EngineSelectProps {
  readonly value: QueryEngine
  readonly onChange: (engine: QueryEngine) => void
}

/** Chooses where a statement runs. It is not there where Athena is neither set up nor chosen. */
export function EngineSelect({ value, onChange }: EngineSelectProps): ReactNode {
  const text = useText()
  const { data } = useQuery(enginesQuery)
  if (data?.athena === undefined && value === 'lake') return undefined
  return (
    <label className="dialect-field">
      {text('runOn')}
      <select
        value={value}
        onChange={(event) => {
          onChange(event.target.value === 'athena' ? 'athena' : 'lake')
        }}
      >
        <option value="lake">{text('engineLake')}</option>
        <option value="athena">Athena</option>
      </select>
    </label>
  )
}
