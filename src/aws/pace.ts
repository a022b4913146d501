import type { Timing } from './timing.ts'

/** Lets so many requests a second begin, one after the other, whoever sends them. */
export class Pace {
  private readonly betweenMs: number
  private readonly timing: Timing
  private nextMs = -Infinity

  constructor(perSecond: number, timing: Timing) {
    this.betweenMs = 1000 / perSecond
    this.timing = timing
  }

  /** Resolves when the next request may begin; rejects with the signal's reason once it is aborted. */
  async wait(signal: AbortSignal | undefined): Promise<void> {
    const now = this.timing.now()
    const at = Math.max(now, this.nextMs)
    this.nextMs = at + this.betweenMs
    if (at > now) await this.timing.wait(at - now, signal)
  }
}
