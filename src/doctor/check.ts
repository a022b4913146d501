import type { Diagnosis } from '../api.ts'
import { until } from '../aws/timing.ts'
import { MillraceError, messageOf } from '../errors.ts'

/** How long one check may take. */
const usualLimitMs = 8000

/** What a check says; nothing when all is well. The signal ends it when its time is over. */
type Check = (signal: AbortSignal) => Promise<readonly Diagnosis[]>

/** Runs a check within its time. What it throws is an error, with what is to be done about it. */
export async function within(
  subject: string,
  what: string,
  check: Check,
  limitMs = usualLimitMs,
): Promise<readonly Diagnosis[]> {
  const signal = AbortSignal.timeout(limitMs)
  try {
    return await until(signal, check(signal))
  } catch (error) {
    if (!signal.aborted) return [errorOf(subject, error)]
    const message = `${what} gave no answer within ${limitMs / 1000} seconds.`
    return [{ level: 'error', subject, message, mend: 'Check the network, AWS_REGION and AWS_ENDPOINT_URL.' }]
  }
}

/** What was thrown as a diagnosis: errors here say what is wrong, and then what to do. */
export function errorOf(subject: string, error: unknown): Diagnosis {
  const [, message = messageOf(error), rest = ''] = /^(.*?[.])\s+(?=[A-Z"])(.*)$/s.exec(messageOf(error)) ?? []
  const isDenied = error instanceof MillraceError && error.code === 'ACCESS_DENIED'
  const [, lacked] = (isDenied ? / lacks (\S+ on .+)\.$/s.exec(message) : null) ?? []
  // "Allow it": what, on what.
  const mend = lacked === undefined ? rest : rest.replace(/^Allow it/, `Allow ${lacked}`)
  return { level: 'error', subject, message, mend: mend === '' ? 'Do as the message says.' : mend }
}
