import { useMemo } from 'react'
import type { RecordScope } from '../api/query.ts'
import type { Address } from '../app/address.ts'
import { useMinute } from '../app/data-version.ts'
import { lastThirtyDays, type Range, resolveRange, sqlTime } from '../range/range.ts'

/** The records that a dashboard's tiles see. Two renderings with the same range and filters give the same object. */
export function useScope({ from, to }: Range, filters: Address['filters']): RecordScope {
  const now = useMinute()
  const moments = resolveRange({ from, to }, now) ?? resolveRange(lastThirtyDays, now)
  const [start, end] = [moments?.from ?? 0, moments?.to ?? 0]
  return useMemo(() => ({ from: sqlTime(start), to: sqlTime(end), filters }), [start, end, filters])
}
