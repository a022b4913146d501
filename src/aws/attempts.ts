import { ServiceFailure, isPassing, isThrottling } from './service-failure.ts'
import type { Timing } from './timing.ts'
import { TransportFailure } from './transport-failure.ts'

/** How often, and how far apart, a request is sent. */
export interface RetryPolicy {
  /** Of one request, the first included. */
  readonly attempts: number
  /** Longest wait before the second attempt, in milliseconds; it doubles with each. */
  readonly firstMs: number
  /** The same where the service asks for fewer requests. */
  readonly throttledFirstMs: number
  /** Longest wait of all. */
  readonly longestMs: number
}

export const defaultRetries: RetryPolicy = { attempts: 6, firstMs: 100, throttledFirstMs: 1000, longestMs: 20_000 }

/** A `Retry-After` beyond this is not waited for in full: the object is then tried again later as a whole. */
const longestAskedMs = 60_000

/** The attempts of one request, or of one object that takes several. */
export class Attempts {
  private readonly policy: RetryPolicy
  private readonly timing: Timing
  private readonly signal: AbortSignal | undefined
  private failed = 0

  constructor(policy: RetryPolicy, timing: Timing, signal: AbortSignal | undefined) {
    this.policy = policy
    this.timing = timing
    this.signal = signal
  }

  /** Waits until the next attempt may begin. Throws the error itself where another would not help or none is left. */
  async afterFailure(error: unknown): Promise<void> {
    this.signal?.throwIfAborted()
    this.failed++
    if (!isWorthAnother(error) || this.failed >= this.policy.attempts) throw error
    await this.timing.wait(this.waitMs(error), this.signal)
  }

  /** Any time up to a limit that doubles, so that those who failed together do not come back together. */
  private waitMs(error: unknown): number {
    const { firstMs, throttledFirstMs, longestMs } = this.policy
    const first = error instanceof ServiceFailure && isThrottling(error) ? throttledFirstMs : firstMs
    const own = this.timing.random() * Math.min(longestMs, first * 2 ** (this.failed - 1))
    return Math.max(own, Math.min(askedMs(error, this.timing.now()), longestAskedMs))
  }
}

function isWorthAnother(error: unknown): boolean {
  return error instanceof TransportFailure ? error.isPassing : error instanceof ServiceFailure && isPassing(error)
}

function askedMs(error: unknown, now: number): number {
  if (!(error instanceof ServiceFailure) || error.retryAfter === undefined) return 0
  return 'ms' in error.retryAfter ? error.retryAfter.ms : error.retryAfter.atMs - now
}
