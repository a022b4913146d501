import type { Timing } from '../aws/timing.ts'
import type { ObjectOutcome } from '../loading/stage-load.ts'
import type { Stage, StageObject } from '../stages/stage.ts'
import type { Pipe } from './pipe.ts'
import type { Parked } from './pipe-store.ts'

/** What a listing leaves out. */
export interface ListedRule {
  readonly matches: Pipe['matches']
  /** Epoch milliseconds: only what was modified then or later. */
  readonly fromMs: number | undefined
  /** Versions that were given up, by URI. */
  readonly parked: ReadonlyMap<string, string>
  /** A file that was modified later than this may still be written. */
  readonly settledMs: number | undefined
  /** Called when something may still be written. */
  readonly unsettled: () => void
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

function isWanted({ uri, version, modifiedMs }: StageObject, rule: ListedRule): boolean {
  const { matches, fromMs, parked, settledMs, unsettled } = rule
  if (fromMs !== undefined && modifiedMs < fromMs) return false
  if (!matches(uri) || parked.get(uri) === version) return false
  if (settledMs === undefined || modifiedMs <= settledMs) return true
  unsettled()
  return false
}

/** What of a listing's outcomes is given up: faults of the objects themselves. */
export function givenUp(outcomes: readonly ObjectOutcome[], isOwn: (code: string) => boolean): Parked[] {
  return outcomes.flatMap((outcome) => {
    if (outcome.status !== 'failed' || outcome.code === null || !isOwn(outcome.code)) return []
    const { uri, version, bytes, code, error } = outcome
    return [{ object: { uri, version, size: bytes }, code, reason: error ?? code }]
  })
}

/** Calls `look` at once, and then again after every interval, or sooner when it is asked for. */
export class Schedule {
  private readonly intervalMs: number
  private readonly timing: Timing
  private wake = new AbortController()

  constructor(intervalMs: number, timing: Timing) {
    this.intervalMs = intervalMs
    this.timing = timing
  }

  /** Asks for the next look after so many milliseconds. */
  async soon(ms: number): Promise<void> {
    const { wake } = this
    await this.timing.wait(ms, wake.signal).catch(() => undefined)
    wake.abort()
  }

  async run(look: () => Promise<void>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.wake = new AbortController()
      await look()
      const either = AbortSignal.any([signal, this.wake.signal])
      await this.timing.wait(this.intervalMs, either).catch(() => undefined)
      this.wake.abort()
    }
  }
}
