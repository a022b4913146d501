const whole = new Intl.NumberFormat('en')

/** A whole number with thousands apart. */
export function shownNumber(value: number): string {
  return whole.format(value)
}

const units = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const

/** A size in the unit that suits it. */
export function shownBytes(bytes: number): string {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  const value = bytes / 1000 ** power
  return `${power === 0 ? value : value.toFixed(1)} ${units[power] ?? 'bytes'}`
}

/** A time to the second. */
export function shownTime(time: string | null): string {
  return time?.slice(0, 'YYYY-MM-DD hh:mm:ss'.length) ?? '–'
}
