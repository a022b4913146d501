import { visible } from '../../../src/server/visible.ts'
import { timeOf } from '../range/range.ts'

export type Unit = 'count' | 'bytes' | 'milliseconds' | 'seconds' | undefined
export type Zone = 'utc' | 'local'
export type Language = 'en' | 'ja'

const formats = new Map<string, Intl.NumberFormat>()

function format(language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language} ${JSON.stringify(options)}`
  const found = formats.get(key) ?? new Intl.NumberFormat(language, options)
  formats.set(key, found)
  return found
}

const byteUnits = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const

/** A number as it stands on axes and in figures: three digits that matter, and a unit. */
export function shortNumber(value: number, unit: Unit, language: Language): string {
  if (unit === 'bytes') {
    const power = value === 0 ? 0 : Math.min(byteUnits.length - 1, Math.floor(Math.log10(Math.abs(value)) / 3))
    const scaled = value / 1000 ** Math.max(0, power)
    return `${format(language, { maximumSignificantDigits: 3 }).format(scaled)} ${byteUnits[Math.max(0, power)] ?? 'B'}`
  }
  const short =
    Math.abs(value) >= 10_000
      ? format(language, { notation: 'compact', maximumSignificantDigits: 3 }).format(value)
      : format(language, { maximumFractionDigits: 2 }).format(value)
  if (unit === 'milliseconds') return `${short} ms`
  return unit === 'seconds' ? `${short} s` : short
}

/** A number in full, with thousands apart; bytes also in their short form. */
export function fullNumber(value: number | bigint, unit: Unit, language: Language): string {
  const whole = format(language, { maximumFractionDigits: 6 }).format(value)
  if (unit === 'bytes')
    return Number(value) < 1000 ? `${whole} B` : `${shortNumber(Number(value), unit, language)} (${whole})`
  if (unit === 'milliseconds') return `${whole} ms`
  return unit === 'seconds' ? `${whole} s` : whole
}

/** The number that a value is; undefined for every other value. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  return undefined
}

/** A moment in UTC or in local time, to the minute or second. */
export function shownMoment(moment: number, zone: Zone, withSeconds = false): string {
  const shifted = zone === 'utc' ? moment : moment - new Date(moment).getTimezoneOffset() * 60_000
  const text = new Date(shifted).toISOString().replace('T', ' ')
  return text.slice(0, withSeconds ? 19 : 16)
}

const maxShown = 300

/** Text of logs as it may be shown: what hides or turns text is visible, and long text is cut. */
export function shownText(text: string, most = maxShown): string {
  const cut = text.length > most ? `${text.slice(0, most)}…` : text
  return visible(cut)
}

/** A message in several lines, which may quote text of logs. */
export function shownMessage(message: string): string {
  return message
    .split('\n')
    .map((line) => shownText(line, 2000))
    .join('\n')
}

export interface Manner {
  readonly language: Language
  readonly zone: Zone
}

/** A value of a result as text. Times are shown in the chosen zone. */
export function shownValue(value: unknown, { zone }: Manner, most = maxShown): string {
  const moment = timeOf(value)
  if (moment !== undefined && typeof value === 'string' && value.length > 10) {
    return shownMoment(moment, zone, true)
  }
  return shownText(plainText(value), most)
}

/** A value of a result as text, as it is: JSON of a list, map or struct. */
export function plainText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  if (value === null || value === undefined) return ''
  return JSON.stringify(value, (_, member: unknown) => (typeof member === 'bigint' ? String(member) : member))
}
