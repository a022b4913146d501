import { useMemo, useState } from 'react'
import type { QueryEngine } from '../../../src/sql/engines.ts'
import type { RecordScope } from '../api/query.ts'
import type { Address } from '../app/address.ts'
import { useMinute } from '../app/data-version.ts'
import { lastThirtyDays, type Range, resolveRange, sqlTime } from '../range/range.ts'

const hourMs = 3_600_000

/**
 * The records that a dashboard's tiles see. Two renderings with the same range and filters give the same object. On Athena now is the end of the
 * hour in which the page was opened: each new range is paid for, and answers are kept for the hour.
 */
export function useScope({ from, to }: Range, filters: Address['filters'], engine: QueryEngine = 'lake'): RecordScope {
  const minute = useMinute()
  const [hour] = useState(() => Math.ceil(Date.now() / hourMs) * hourMs)
  const now = engine === 'athena' ? hour : minute
  const moments = resolveRange({ from, to }, now) ?? resolveRange(lastThirtyDays, now)
  const [start, end] = [moments?.from ?? 0, moments?.to ?? 0]
  return useMemo(() => ({ from: sqlTime(start), to: sqlTime(end), filters }), [start, end, filters])
}
