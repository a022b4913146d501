import type { Dialect } from '../../../src/sql/dialects.ts'

/** What only one dialect writes: functions, and names in three parts. */
const signs: readonly (readonly [Dialect, RegExp])[] = [
  ['snowflake', /\b(dateadd|zeroifnull|iff|to_timestamp_ntz|parse_ip)\s*\(|\b\w+\.public\.\w+|\b\w+:\w+::/i],
  ['trino', /\b(from_unixtime|approx_distinct|date_add|from_iso8601_timestamp|parse_datetime)\s*\(/i],
]

/** The dialect that a statement seems to be written in, where it is not the engine's own. */
export function dialectHint(sql: string): Dialect | undefined {
  return signs.find(([, sign]) => sign.test(sql))?.[0]
}
