import { literal } from '../engines/duckdb.ts'
import { fromHiveText } from './hive-text.ts'

/** How dates and bytes are written in a file, as `strptime` has it; in any form that is known where nothing is said. */
export interface TextForms {
  readonly date?: string | undefined
  readonly time?: string | undefined
  readonly timestamp?: TimestampForm | undefined
  readonly binary: 'HEX' | 'BASE64' | 'UTF8'
  /** Hive's rules instead of Snowflake's: what is no value of its column's type is NULL, and its record a row. */
  readonly isHive?: boolean | undefined
}

/** `isZoned`: an offset from UTC stands behind it, as `+0900` or `+09:00`. */
export interface TimestampForm {
  readonly format: string
  readonly isZoned: boolean
}

const number = String.raw`[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?`
const noFinite = '(?i)[+-]?(nan|inf|infinity)'

/** SQL that gives text as a value of one of the engine's types, by Snowflake's rules; NULL where it is none. */
export function fromText(type: string, text: string, forms: TextForms): string {
  if (type === 'varchar') return text
  if (forms.isHive === true) return fromHiveText(type, text)
  const trimmed = `trim(${text})`
  const matching = (pattern: string): string =>
    `case when regexp_full_match(${trimmed}, ${literal(pattern)}) then ${trimmed} end`
  switch (type) {
    case 'double':
      return `try_cast(${matching(`${number}|${noFinite}`)} as double)`
    case 'boolean':
      return `case when lower(${trimmed}) in ('true', 't', 'yes', 'y', 'on', '1') then true when lower(${trimmed}) in ('false', 'f', 'no', 'n', 'off', '0') then false end`
    case 'date':
      return forms.date === undefined ? dateOf(trimmed) : `${read(trimmed, [forms.date])}::date`
    case 'time':
      return forms.time === undefined
        ? `coalesce(try_cast(${matching(String.raw`\d{1,2}:\d{1,2}(:\d{1,2}(\.\d{1,9})?)?`)} as time), ${read(trimmed, ['%I:%M %p', '%I:%M:%S %p'])}::time)`
        : `${read(trimmed, [forms.time])}::time`
    case 'timestamp':
    case 'timestamptz':
      return forms.timestamp === undefined ? timestampOf(type, trimmed) : formed(type, trimmed, forms.timestamp)
    case 'blob':
      return { HEX: `try(unhex(${trimmed}))`, BASE64: `try(from_base64(${trimmed}))`, UTF8: `encode(${text})` }[
        forms.binary
      ]
    case 'json':
      return `case when json_valid(${text}) then ${text}::json end`
    default:
      return `try_cast(${matching(number)} as ${type})`
  }
}

const isoDate = String.raw`\d{4}-\d{1,2}-\d{1,2}`
const isoTime = String.raw`\d{1,2}(?::\d{1,2}(?::\d{1,2}(?:\.\d{1,9})?)?)?`
const offset = String.raw`[+-]\d{2}(?::?\d{2})?`

/** The forms that AUTO knows: Snowflake's manual, "Date and time input and output formats". */
function dateOf(text: string): string {
  return `case
    when regexp_full_match(${text}, ${literal(isoDate)}) then try_cast(${text} as date)
    when contains(${text}, ':') or regexp_full_match(${text}, '-?\\d+') then (${timestampOf('timestamp', text)})::date
    else ${read(text, ['%d-%b-%Y', '%m/%d/%Y'])}::date end`
}

function timestampOf(type: 'timestamp' | 'timestamptz', text: string): string {
  const iso = `(${isoDate})(?:[T ](${isoTime}) ?(Z|${offset})?)?`
  const part = (group: number): string => `regexp_extract(${text}, ${literal(`^${iso}$`)}, ${group})`
  // The engine wants minutes with hours.
  const clock = `case when ${part(2)} = '' then '00:00' when contains(${part(2)}, ':') then ${part(2)} else ${part(2)} || ':00' end`
  // Without a time zone, a time is what the clock showed.
  const zone = type === 'timestamp' ? "''" : `replace(${part(3)}, 'Z', '+00')`
  const others = `regexp_replace(${text}, ${literal(` ?${offset}( \\d{4})?$`)}, '\\1')`
  const withClock = ['%a, %d %b %Y %H:%M:%S', '%a, %d %b %Y %H:%M:%S.%n', '%d %b %Y %H:%M:%S', '%m/%d/%Y %H:%M:%S']
  const formats = [...withClock, '%a %b %d %H:%M:%S %Y', '%d-%b-%Y', '%m/%d/%Y']
  const zoned = ['%a, %d %b %Y %H:%M:%S %z', '%d %b %Y %H:%M:%S %z', '%a %b %d %H:%M:%S %z %Y']
  const named =
    type === 'timestamp'
      ? read(others, formats)
      : `coalesce(${zoned.map((format) => read(text, [format])).join(', ')}, ${read(text, formats)}::timestamptz)`
  // Most are written so, and parts of a text take longer than all of it.
  const usual = String.raw`${isoDate}[T ]\d{1,2}:\d{1,2}:\d{1,2}(\.\d{1,9})?Z?`
  return `case
    when regexp_full_match(${text}, ${literal(usual)}) then try_cast(${text} as ${type})
    when regexp_full_match(${text}, ${literal(iso)}) then try_cast(${part(1)} || ' ' || ${clock} || ${zone} as ${type})
    when regexp_full_match(${text}, '-?\\d+') then ${epochOf(text)}::${type}
    else (${named})::${type} end`
}

/** Whole numbers are seconds, milliseconds, microseconds or nanoseconds, by their size. */
function epochOf(text: string): string {
  const value = `try_cast(${text} as bigint)`
  return `case
    when ${value} < 31536000000 then try(make_timestamp(${value} * 1000000))
    when ${value} < 31536000000000 then make_timestamp(${value} * 1000)
    when ${value} < 31536000000000000 then make_timestamp(${value})
    else make_timestamp(${value} // 1000) end`
}

function formed(type: 'timestamp' | 'timestamptz', text: string, { format, isZoned }: TimestampForm): string {
  if (!isZoned) return `${read(text, [format])}::${type}`
  if (type === 'timestamptz') return read(text, [`${format}%z`])
  const zone = literal(`${offset}$`)
  const clock = read(`regexp_replace(${text}, ${zone}, '')`, [format])
  return `case when regexp_matches(${text}, ${zone}) then ${clock}::timestamp end`
}

/** By formats of one type. The engine would also take the words `epoch` and `infinity`. */
function read(text: string, formats: readonly string[]): string {
  const list = formats.length === 1 ? literal(formats[0] ?? '') : `[${formats.map(literal).join(', ')}]`
  return `try_strptime(case when regexp_matches(${text}, '\\d') then ${text} end, ${list})`
}
