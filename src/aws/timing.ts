import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

/** Time and chance as the requests to AWS see them; tests bring their own. */
export interface Timing {
  /** Epoch milliseconds. */
  readonly now: () => number
  /** From 0 up to, but not including, 1. */
  readonly random: () => number
  /** Resolves after so many milliseconds; rejects with the signal's reason once it is aborted. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>
}

/** Throws the reason of a signal that is aborted. Many requests share one; Node would take more than ten for a leak. */
export function heed(signal: AbortSignal | undefined): void {
  if (signal === undefined) return
  signal.throwIfAborted()
  setMaxListeners(0, signal)
}

/** What others wait for too, waited for until the signal is aborted: then it rejects with the signal's reason, and the work goes on. */
export async function until<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (signal === undefined) return work
  heed(signal)
  let giveUp: (() => void) | undefined
  const aborted = new Promise<never>((_resolve, reject) => {
    giveUp = () => reject(signal.reason)
    signal.addEventListener('abort', giveUp, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    if (giveUp !== undefined) signal.removeEventListener('abort', giveUp)
  }
}

/** The clock of this machine. */
export const systemTiming: Timing = {
  now: Date.now,
  random: Math.random,
  wait: async (ms, signal) => {
    try {
      await sleep(ms, undefined, signal === undefined ? {} : { signal })
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    }
  },
}
