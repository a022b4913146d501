import { useMutation } from '@tanstack/react-query'
import type { Dialect } from '../../../../src/sql/dialects.ts'
import { type AthenaForecast, estimate } from '../../api/query.ts'

/** What is known of the cost of a statement that has not run. */
export interface Estimating {
  readonly isAsking: boolean
  readonly forecast: AthenaForecast | undefined
  /** Why there is none. */
  readonly error: string | undefined
  readonly ask: (statement: { readonly sql: string; readonly dialect: Dialect }) => void
  /** Forgets what was told. */
  readonly clear: () => void
}

/** Asks what a statement would take on Athena, one at a time. */
export function useEstimate(): Estimating {
  const { mutate, reset, isPending, data, error } = useMutation({
    mutationFn: ({ sql, dialect }: { readonly sql: string; readonly dialect: Dialect }) => estimate(sql, dialect),
  })
  return { isAsking: isPending, forecast: data, error: error?.message, ask: mutate, clear: reset }
}
