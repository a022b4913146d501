import { literal } from '../engines/duckdb.ts'
import type { Scope } from '../sql/scope.ts'

const hourMs = 3_600_000

/** Columns that a view on Athena has of its partitions, and what they have of `2026/11/21/07`. */
const byDay = [['partition_day', 0, 10]] as const
const byFolders = [
  ['partition_year', 0, 4],
  ['partition_month', 5, 7],
  ['partition_day', 8, 10],
] as const
const byHour = [['partition_hour', 11, 13]] as const

/**
 * Conditions that leave a view on Athena only the partitions where records of a range lie: AWS files a record under the day, and the hour, of its
 * time or a later one, within so many hours. `columns` are those of the view, as `deploy athena` makes it; without partitions there are no conditions.
 */
export function filedDays(
  columns: ReadonlySet<string>,
  { from, to }: Pick<Scope, 'from' | 'to'>,
  withinHours: number,
): string[] {
  const first = hourOf(from, 0)
  const last = hourOf(to, withinHours)
  if (!columns.has('partition_day') || (first === undefined && last === undefined)) return []
  const parts = [
    ...(columns.has('partition_year') && columns.has('partition_month') ? byFolders : byDay),
    ...(columns.has('partition_hour') ? byHour : []),
  ]
  const conditions: string[] = []
  for (const [column, start, end] of parts) {
    const [low, high] = [first?.slice(start, end), last?.slice(start, end)]
    conditions.push(...between(column, low, high))
    if (column === parts.at(-1)?.[0]) return conditions
    if (low === undefined || low !== high) break
  }
  // The engine finds partitions by columns alone, and then leaves out those for which this does not hold.
  const whole = `concat(${parts.map(([column]) => column).join(", '/', ")})`
  const length = parts.at(-1)?.[2]
  return [...conditions, ...between(whole, first?.slice(0, length), last?.slice(0, length))]
}

function between(text: string, low: string | undefined, high: string | undefined): string[] {
  return [
    ...(low === undefined ? [] : [`${text} >= ${literal(low)}`]),
    ...(high === undefined ? [] : [`${text} <= ${literal(high)}`]),
  ]
}

/** The hour (UTC) so long after a time, as `2026/11/21/07`; undefined for what is no time, which the engine says, and for years of five digits. */
function hourOf(time: string | undefined, hours: number): string | undefined {
  const [, day, clock = '00:00'] = /^(\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2}(?::\d{2})?))?$/.exec(time ?? '') ?? []
  const later = new Date(Date.parse(`${day ?? ''}T${clock}Z`) + hours * hourMs)
  if (Number.isNaN(later.getTime()) || later.getUTCFullYear() > 9999) return undefined
  return later.toISOString().slice(0, 13).replaceAll(/[-T]/g, '/')
}
