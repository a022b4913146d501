import { setImmediate as turn } from 'node:timers/promises'

/** How long objects that hardly come are waited for. */
export interface Patience {
  /** Resolves when it is time to see what has come; rejects once the signal is aborted. */
  readonly rest: (signal: AbortSignal) => Promise<void>
  /** Bytes that must have come in between, unless an object came whole. */
  readonly bytes: number
}

/** What is under way while it is watched. Where hardly anything comes between two looks, all that is under way is given up. */
export class Watched {
  private readonly signal: AbortSignal | undefined
  private readonly underWay = new Set<AbortController>()
  private came = 0

  constructor(signal: AbortSignal | undefined) {
    this.signal = signal
  }

  /** Counts bytes that have come. */
  count(bytes: number): void {
    this.came += bytes
  }

  /** Runs with a signal of its own; undefined where it was given up as too slow. */
  async run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    const { signal } = this
    const own = new AbortController()
    const forward = (): void => {
      own.abort(signal?.reason)
    }
    // Not AbortSignal.any: what it makes stays with a signal that lives long.
    signal?.addEventListener('abort', forward)
    this.underWay.add(own)
    try {
      signal?.throwIfAborted()
      return await work(own.signal)
    } catch (error) {
      if (own.signal.reason === tooSlow) return undefined
      throw error
    } finally {
      this.underWay.delete(own)
      this.came = Infinity
      signal?.removeEventListener('abort', forward)
    }
  }

  /** Looks again and again until the signal is aborted. */
  async look({ rest, bytes }: Patience, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.came = 0
      await rest(signal).catch(() => undefined)
      // Timers go first where the process was busy: what has come meanwhile is still to be read.
      await turn()
      if (!signal.aborted && this.came < bytes) for (const own of this.underWay) own.abort(tooSlow)
    }
  }
}

const tooSlow = new Error('It came too slowly.')
