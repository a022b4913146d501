import type { OnError } from '../api.ts'

/** What rejects do to their file: nothing; end the load, with nothing kept; or keep the file out when there are too many. */
export type ErrorRule =
  | 'continue'
  | 'abort'
  | { readonly isTooMany: (rejects: number, records: number) => boolean; readonly name: string }

/** The rule of `--on-error`. */
export function errorRule(onError: OnError): ErrorRule {
  if (onError !== 'skip-file') return onError
  return { isTooMany: (rejects) => rejects > 0, name: '--on-error skip-file' }
}

/** Whether a file with so many rejects is kept out. */
export function isKeptOut(rule: ErrorRule, rejects: number, records: number): boolean {
  return typeof rule === 'object' && rejects > 0 && rule.isTooMany(rejects, records)
}
