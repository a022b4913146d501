import type { Language } from '../text/figures.ts'

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const

/** A span that something happens after again and again: `15 minutes`, but `hour`, where a language says `every` before it. */
export function shownInterval(seconds: number, language: Language): string {
  return shownSpan(seconds, language, 'long').replace(/^1 (?=[a-z]+$)/, '')
}

/** A span of time in its two largest units, such as `3 hr 5 min`. Parts of a second count as one. */
export function shownSpan(seconds: number, language: Language, form: 'short' | 'long' = 'short'): string {
  const whole = Math.ceil(seconds)
  const first = units.findIndex(([, length]) => whole >= length)
  const largest = first === -1 ? units.length - 1 : first
  const parts = units.slice(largest, largest + 2).map(([unit, length], index) => {
    const [, above] = units[largest + index - 1] ?? [unit, Infinity]
    return { unit, count: Math.floor((index === 0 ? whole : whole % above) / length) }
  })
  return parts
    .filter(({ count }, index) => index === 0 || count > 0)
    .map(({ unit, count }) => new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: form }).format(count))
    .join(' ')
}
