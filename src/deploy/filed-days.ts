import { literal } from '../engines/duckdb.ts'
import type { Scope } from '../sql/scope.ts'

const hourMs = 3_600_000

/** Columns that a view has of folders such as `year=2026/month=11/day=21`, and what they have of `2026/11/21`. */
const folders = [
  ['partition_year', 0, 4],
  ['partition_month', 5, 7],
  ['partition_day', 8, 10],
] as const

/**
 * Conditions that leave a view on Athena only the partitions where records of a range lie: AWS files a record under the day of its time or a
 * later one, within so many hours. `columns` are those of the view, as `deploy athena` makes it; without partitions there are no conditions.
 */
export function filedDays(
  columns: ReadonlySet<string>,
  { from, to }: Pick<Scope, 'from' | 'to'>,
  withinHours: number,
): string[] {
  const first = dayOf(from, 0)
  const last = dayOf(to, withinHours)
  if (!columns.has('partition_day') || (first === undefined && last === undefined)) return []
  if (!columns.has('partition_year') || !columns.has('partition_month')) return between('partition_day', first, last)
  const conditions: string[] = []
  for (const [column, start, end] of folders) {
    const [low, high] = [first?.slice(start, end), last?.slice(start, end)]
    conditions.push(...between(column, low, high))
    if (low === undefined || low !== high) break
  }
  // The engine finds partitions by columns alone, and then leaves out those for which this does not hold.
  const whole = `concat(${folders.map(([column]) => column).join(", '/', ")})`
  return [...conditions, ...between(whole, first, last)]
}

function between(text: string, low: string | undefined, high: string | undefined): string[] {
  return [
    ...(low === undefined ? [] : [`${text} >= ${literal(low)}`]),
    ...(high === undefined ? [] : [`${text} <= ${literal(high)}`]),
  ]
}

/** The day (UTC) so long after a time, as `2026/11/21`; undefined for what is no time, which the engine says, and for years of five digits. */
function dayOf(time: string | undefined, hours: number): string | undefined {
  const [, day, clock = '00:00'] = /^(\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2}(?::\d{2})?))?$/.exec(time ?? '') ?? []
  const later = new Date(Date.parse(`${day ?? ''}T${clock}Z`) + hours * hourMs)
  if (Number.isNaN(later.getTime()) || later.getUTCFullYear() > 9999) return undefined
  return later.toISOString().slice(0, 10).replaceAll('-', '/')
}
