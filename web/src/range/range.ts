/** A time range as people say it: `-30d` to `now`, or two moments in UTC. */
export interface Range {
  readonly from: string
  readonly to: string
}

export const lastThirtyDays: Range = { from: '-30d', to: 'now' }

export const presets = ['-15m', '-1h', '-6h', '-24h', '-7d', '-30d', '-90d', '-52w'] as const

const minuteMs = 60_000
const spans: Readonly<Record<string, number>> = { m: minuteMs, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** Moments of a range, in milliseconds. Undefined when it is none. */
export interface Moments {
  readonly from: number
  readonly to: number
}

/** How exactly `now` is taken: for a long range by the hour, so that its tiles stay the same meanwhile. */
function stepFor(spanMs: number): number {
  if (spanMs >= 7 * 86_400_000) return 3_600_000
  return spanMs >= 86_400_000 ? 10 * minuteMs : minuteMs
}

/** The moments of a range. `now` is rounded up, so that no record is missed and answers can be kept. */
export function resolveRange({ from, to }: Range, now: number): Moments | undefined {
  const span = spanOf(from)
  const step = stepFor(span ?? 0)
  const rounded = Math.ceil(now / step) * step
  const start = momentOf(from, rounded)
  const end = momentOf(to, rounded)
  return start === undefined || end === undefined || start >= end ? undefined : { from: start, to: end }
}

function spanOf(text: string): number | undefined {
  const [, amount, unit] = /^-(\d{1,6})([mhdw])$/.exec(text) ?? []
  const length = spans[unit ?? '']
  return amount === undefined || length === undefined ? undefined : Number(amount) * length
}

function momentOf(text: string, now: number): number | undefined {
  if (text === 'now') return now
  const span = spanOf(text)
  if (span !== undefined) return now - span
  const match = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2})(?::(\d{2}))?Z?)?$/.exec(text)
  if (match === null) return undefined
  const time = Date.parse(`${match[1] ?? ''}T${match[2] ?? '00:00'}:${match[3] ?? '00'}Z`)
  return Number.isNaN(time) ? undefined : time
}

/** A moment as SQL and the API take it, in UTC: `2026-11-20 12:00:00`. */
export function sqlTime(moment: number): string {
  return new Date(moment).toISOString().slice(0, 19).replace('T', ' ')
}

/** The milliseconds of a time as the engine writes it; undefined for other text. */
export function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined
  const match = /^(\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2}:\d{2})(\.\d+)?)?$/.exec(value)
  if (match === null) return undefined
  const time = Date.parse(`${match[1] ?? ''}T${match[2] ?? '00:00:00'}Z`)
  return Number.isNaN(time) ? undefined : time + Math.floor(Number(match[3] ?? 0) * 1000)
}
