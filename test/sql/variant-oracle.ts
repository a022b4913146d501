import type { AnyValue } from './any-objects.ts'

/** What Snowflake shows of a value in a VARIANT; the digits of an escape in upper case, as the engine has them. */
export function shownOf(value: AnyValue): string | null {
  if (value === undefined) return null
  return JSON.stringify(value).replaceAll(/\\\\|\\u[0-9a-f]{4}/g, (escape) =>
    escape.startsWith('\\u') ? `\\u${escape.slice(2).toUpperCase()}` : escape,
  )
}

/** `::varchar`. */
export function textOf(value: AnyValue): string | null {
  if (value === undefined || value === null) return null
  return typeof value === 'string' ? value : shownOf(value)
}

/** `::integer`; undefined where the cast is an error. Half is rounded away from zero. */
export function integerOf(value: AnyValue): bigint | null | undefined {
  if (value === undefined || value === null) return null
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value === 'number') return rounded(String(value))
  return typeof value === 'string' ? rounded(value.trim()) : undefined
}

/** `try_cast(… as boolean)`. */
export function booleanOf(value: AnyValue): boolean | null {
  if (typeof value === 'number') return value !== 0
  if (typeof value === 'boolean') return value
  if (typeof value !== 'string') return null
  if (['true', 't', 'yes', 'y', 'on', '1'].includes(value.toLowerCase())) return true
  return ['false', 'f', 'no', 'n', 'off', '0'].includes(value.toLowerCase()) ? false : null
}

function rounded(text: string): bigint | undefined {
  const [all, sign, whole = '', fraction = '', exponent = '0'] =
    /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? []
  if (all === undefined || whole + fraction === '') return undefined
  // In tenths, which is as far as rounding looks.
  const digits = `${whole}${fraction}0`
  const point = whole.length + Number(exponent)
  if (point < 0 || point > 38) return undefined
  const tenths = BigInt(digits.padEnd(point + 1, '0').slice(0, point + 1))
  const absolute = (tenths + 5n) / 10n
  return sign === '-' ? -absolute : absolute
}
