import { setImmediate as turn } from 'node:timers/promises'
import type { Timing } from '../../src/aws/timing.ts'

interface Waiter {
  readonly atMs: number
  readonly wake: () => void
}

/** What waits longer is a limit, not a loop that looks again. */
const loopMs = 60_000

/** A clock that stands still until it is told to go on. */
export class Clock implements Timing {
  private nowMs: number
  private readonly waiters = new Set<Waiter>()

  constructor(start: string) {
    this.nowMs = Date.parse(start)
  }

  readonly now = (): number => this.nowMs
  readonly random = (): number => 0.5

  readonly wait = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.waiters.delete(waiter)
        reject(signal?.reason)
      }
      const waiter: Waiter = {
        atMs: this.nowMs + ms,
        wake: () => {
          this.waiters.delete(waiter)
          signal?.removeEventListener('abort', giveUp)
          resolve()
        },
      }
      if (signal?.aborted === true) reject(signal.reason)
      else {
        this.waiters.add(waiter)
        signal?.addEventListener('abort', giveUp, { once: true })
      }
    })

  /** Lets time pass: so many loops wait at each moment, and each that waits long enough goes on at its time. */
  async pass(seconds: number, loops = 1): Promise<void> {
    const end = this.nowMs + seconds * 1000
    for (;;) {
      await this.settled(loops)
      const next = this.next()
      if (next === undefined || next.atMs > end) break
      this.nowMs = Math.max(this.nowMs, next.atMs)
      next.wake()
    }
    this.nowMs = end
  }

  /** Lets time pass at once, also for limits. */
  jump(seconds: number): void {
    this.nowMs += seconds * 1000
    for (const waiter of [...this.waiters]) if (waiter.atMs <= this.nowMs) waiter.wake()
  }

  /** How many wait, for a moment or as a limit. */
  get waiting(): number {
    return this.waiters.size
  }

  /** Waits until so many loops wait. */
  async settled(loops: number): Promise<void> {
    while (this.looping().length < loops) await turn()
  }

  private looping(): Waiter[] {
    return [...this.waiters].filter(({ atMs }) => atMs - this.nowMs <= loopMs)
  }

  private next(): Waiter | undefined {
    return this.looping().toSorted((a, b) => a.atMs - b.atMs)[0]
  }
}
