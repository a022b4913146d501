import type { Settlement } from './pending.ts'
import type { Parked } from './pipe-store.ts'

/** What is to be done with a message, once all that it tells of is settled. */
export type Verdict =
  /** Everything is in the lake, or kept as given up: it can be deleted. */
  | { readonly verdict: 'delete'; readonly parked: readonly { readonly pipe: string; readonly parked: Parked }[] }
  /** Something is to be tried again: it comes back after so many seconds. */
  | { readonly verdict: 'retry'; readonly afterSeconds: number; readonly isCounted: boolean }

/** One object of a message, for one pipe. */
interface Part {
  readonly pipe: string
  readonly object: NonNullable<Parked['object']>
  settlement?: Settlement
}

/** Failed attempts of a message before what keeps failing is given up, and how many seconds it rests after each. */
export interface RetryRule {
  readonly attempts: number
  readonly restSeconds: (attempt: number) => number
}

/** 5 attempts, at 5, 20, 80 and 320 seconds. */
export const usualRetry: RetryRule = { attempts: 5, restSeconds: (attempt) => 5 * 4 ** (attempt - 1) }

/** How long a message rests when nothing can be loaded. */
const systemicRestSeconds = 30
/** How long it rests when a pipe stopped before it was done, and another may go on soon. */
const returnedRestSeconds = 1

/** A message until every object it tells of is settled for every pipe. */
export class Delivery {
  private readonly attempt: number
  private readonly rule: RetryRule
  private readonly whenSettled: (verdict: Verdict) => void
  private readonly parts: Part[] = []
  private isComplete = false

  /** `attempt` counts from 1. */
  constructor(attempt: number, rule: RetryRule, whenSettled: (verdict: Verdict) => void) {
    this.attempt = attempt
    this.rule = rule
    this.whenSettled = whenSettled
  }

  /** Adds an object; returns what is to be called with its settlement. */
  expect(pipe: string, object: NonNullable<Parked['object']>): (settlement: Settlement) => void {
    const part: Part = { pipe, object }
    this.parts.push(part)
    return (settlement) => {
      part.settlement ??= settlement
      this.judge()
    }
  }

  /** Called when all of its objects were added. */
  complete(): void {
    this.isComplete = true
    this.judge()
  }

  private judge(): void {
    if (!this.isComplete || this.parts.some(({ settlement }) => settlement === undefined)) return
    this.isComplete = false
    this.whenSettled(verdictOn(this.parts, this.attempt, this.rule))
  }
}

function verdictOn(parts: readonly Part[], attempt: number, { attempts, restSeconds }: RetryRule): Verdict {
  if (parts.some(({ settlement }) => settlement?.result === 'returned'))
    return { verdict: 'retry', afterSeconds: returnedRestSeconds, isCounted: false }
  const failed = parts.flatMap(({ pipe, object, settlement }) =>
    settlement?.result === 'failed' ? [{ pipe, object, ...settlement }] : [],
  )
  if (failed.some(({ fault }) => fault === 'systemic'))
    return { verdict: 'retry', afterSeconds: systemicRestSeconds, isCounted: false }
  if (attempt < attempts && failed.some(({ fault }) => fault === 'passing'))
    return { verdict: 'retry', afterSeconds: restSeconds(attempt), isCounted: true }
  return {
    verdict: 'delete',
    parked: failed.map(({ pipe, object, code, reason }) => ({ pipe, parked: { object, code, reason } })),
  }
}
