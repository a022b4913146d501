const MAX_INT64 = 0x7fff_ffff_ffff_ffffn

/** A whole number of JSON, as far as a type of the engine holds it; undefined where it has more digits. */
export function wholeNumber(text: string): { readonly type: 'BIGINT' | 'HUGEINT'; readonly value: bigint } | undefined {
  if (text.length > 39) return undefined
  const value = BigInt(text)
  const size = value < 0n ? -value : value
  if (size <= MAX_INT64) return { type: 'BIGINT', value }
  return String(size).length <= 38 ? { type: 'HUGEINT', value } : undefined
}

/** A number of JSON as floating point; undefined where that would lose digits. */
export function exactDouble(text: string): number | undefined {
  const value = Number(text)
  if (!Number.isFinite(value)) return undefined
  // All numbers of up to fifteen digits come back as they were written (IEEE 754, DBL_DIG), if they are not too near to zero.
  if (text.length <= 15 && Math.abs(value) > 1e-290) return value
  if (String(value) === text) return value
  const written = digitsOf(text)
  const kept = digitsOf(String(value))
  return written.digits === kept.digits && (written.exponent === kept.exponent || written.digits === '')
    ? value
    : undefined
}

/** A number as its digits, without zeros around them, and the power of ten of the last. */
function digitsOf(text: string): { readonly digits: string; readonly exponent: number } {
  const [, whole = '', fraction = '', exponent = '0'] = /^-?(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text) ?? []
  const all = `${whole}${fraction}`.replace(/^0+/, '')
  const digits = all.replace(/0+$/, '')
  return { digits, exponent: Number(exponent) - fraction.length + all.length - digits.length }
}
