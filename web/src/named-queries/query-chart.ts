import type { ChartSettings } from '../../../src/dashboard/shape.ts'
import { chartTypes } from '../../../src/named-queries/named-query.ts'
import type { NamedQuery } from '../api/lake.ts'

/** The chart that a named query's file suggests. */
export function queryChart({ chart }: NamedQuery): ChartSettings {
  const { type, ...columns } = chart
  const isBytes = /bytes/i.test(chart.measure ?? '')
  return {
    type: chartTypes.find((known) => known === type) ?? 'table',
    ...Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)),
    ...(isBytes ? { unit: 'bytes' as const } : {}),
  }
}
