import { fillQuery, namesIn } from './fill.ts'
import type { Parameter } from './named-query.ts'

/** A time range; times are SQL text in UTC. */
export interface Range {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

const minuteMs = 60_000
const dayMs = 1440 * minuteMs

/** The unit of time that makes some tens to some hundreds of steps of a range, as `date_trunc` takes it. */
export function stepOf({ from, to }: Range): string {
  const spanMs = Date.parse(`${to ?? ''}Z`) - Date.parse(`${from ?? ''}Z`)
  if (spanMs <= 360 * minuteMs) return 'minute'
  return spanMs > 60 * dayMs ? 'day' : 'hour'
}

/** A statement with a range in the place of `$from`, `$to` and `$step`; what it does not name is left out. */
export function fillRange(sql: string, range: Range): string {
  const named = namesIn(sql)
  const values = { ...range, step: stepOf(range) }
  const given = Object.entries(values).flatMap(([name, value]): [string, string][] =>
    value !== undefined && named.includes(name) ? [[name, value]] : [],
  )
  const parameters = given.map(([name]): Parameter => ({ name, type: name === 'step' ? 'text' : 'timestamp', doc: '' }))
  return fillQuery({ name: 'statement', parameters, sql }, Object.fromEntries(given), new Date())
}
