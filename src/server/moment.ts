const minuteMs = 60_000

/** What a statement's text says of the time: how long its result holds for the same data. */
const volatile = /\b(random|uuid|gen_random_uuid|uuidv4|uuidv7|setseed|nextval|currval|tablesample|using\s+sample)\b/i
const timed =
  /\b(now|today|age|current_date|current_time|current_timestamp|current_localtime|current_localtimestamp|localtime|localtimestamp|get_current_time|get_current_timestamp|transaction_timestamp|statement_timestamp)\b/i

/** `now` for parameters: the end of the running minute, so that a statement stays the same for a minute and misses no record. */
export function wholeMinute(now: Date): Date {
  return new Date(Math.ceil(now.getTime() / minuteMs) * minuteMs)
}

/** What the result of a statement depends on besides the data: the minute, for one that asks for the time. Undefined when it is never the same. */
export function momentOf(sql: string, now: Date): string | undefined {
  if (volatile.test(sql)) return undefined
  return timed.test(sql) ? wholeMinute(now).toISOString() : ''
}
