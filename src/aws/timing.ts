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
