import type { Timing } from '../aws/timing.ts'
import type { ObjectOutcome } from '../loading/stage-load.ts'
import type { Stage, StageObject } from '../stages/stage.ts'
import type { Pipe } from './pipe.ts'
import { faultOf } from './object-faults.ts'
import type { Parked, ParkedVersion } from './pipe-store.ts'

/** What a listing leaves out. */
export interface ListedRule {
  readonly matches: Pipe['matches']
  /** Epoch milliseconds: only what was modified then or later. */
  readonly fromMs: number | undefined
  /** Versions that were given up, by URI. */
  readonly parked: ReadonlyMap<string, ParkedVersion>
  /** False while an object may still be written. */
  readonly isSettled: (object: StageObject) => boolean
}

/** A stage that lists what a pipe is to look at. */
export function listedFor(stage: Stage, rule: ListedRule): Stage {
  return {
    ...stage,
    async *list(signal) {
      for await (const objects of stage.list(signal)) {
        const wanted = objects.filter((object) => isWanted(object, rule))
        if (wanted.length > 0) yield wanted
      }
    },
  }
}

function isWanted(object: StageObject, { matches, fromMs, parked, isSettled }: ListedRule): boolean {
  const { uri, version, modifiedMs } = object
  if (fromMs !== undefined && modifiedMs < fromMs) return false
  return matches(uri) && parked.get(uri)?.version !== version && isSettled(object)
}

/** What of a listing's outcomes is given up: faults of the objects themselves. */
export function givenUp(outcomes: readonly ObjectOutcome[]): Parked[] {
  return outcomes.flatMap((outcome) => {
    if (outcome.status !== 'failed' || outcome.code === null || faultOf(outcome.code) !== 'own') return []
    const { uri, version, bytes, code, error } = outcome
    return [{ object: { uri, version, size: bytes }, code, reason: error ?? code }]
  })
}

/** Calls `look` at once, and then again after every interval, or sooner when it is asked for. */
export class Schedule {
  private readonly intervalMs: number
  private readonly timing: Timing
  private dueMs = -Infinity
  private wake = (): void => undefined

  constructor(intervalMs: number, timing: Timing) {
    this.intervalMs = intervalMs
    this.timing = timing
  }

  /** Asks for a look within so many milliseconds: by one that begins after now. */
  soon(ms: number): void {
    this.dueMs = Math.min(this.dueMs, this.timing.now() + ms)
    this.wake()
  }

  async run(look: () => Promise<void>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const restMs = this.dueMs - this.timing.now()
      // Timers hold no more than 24 days.
      if (restMs > 0) await this.rest(Math.min(restMs, 86_400_000), signal)
      else {
        this.dueMs = Infinity
        await look()
        this.dueMs = Math.min(this.dueMs, this.timing.now() + this.intervalMs)
      }
    }
  }

  /** Waits, until another time is due or the signal is aborted. */
  private async rest(ms: number, signal: AbortSignal): Promise<void> {
    const over = new AbortController()
    this.wake = () => {
      over.abort()
    }
    signal.addEventListener('abort', this.wake)
    await this.timing.wait(ms, over.signal).catch(() => undefined)
    signal.removeEventListener('abort', this.wake)
  }
}
