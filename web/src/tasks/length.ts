import { shownSpan } from '../pipes/span.ts'
import { fullNumber, type Language } from '../text/figures.ts'

/** How long a run took: `14 ms`, `2.5 s`, `3 min 5 sec`. */
export function shownLength(ms: number, language: Language): string {
  if (ms < 1000) return fullNumber(Math.max(0, ms), 'milliseconds', language)
  if (ms < 60_000) return fullNumber(Math.round(ms / 100) / 10, 'seconds', language)
  return shownSpan(ms / 1000, language)
}
