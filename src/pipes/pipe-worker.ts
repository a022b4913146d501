import type { Timing } from '../aws/timing.ts'
import { MillraceError, messageOf } from '../errors.ts'
import type { Loads } from '../loads.ts'
import type { ObjectOutcome, StageLoad } from '../loading/stage-load.ts'
import type { Stage, StageObject } from '../stages/stage.ts'
import { type Fault, Pending, type PendingObject, type Settlement } from './pending.ts'
import { type Pipe, pipeText } from './pipe.ts'

/** What a pipe's worker needs. */
export interface WorkerParts {
  readonly pipe: Pipe
  readonly loads: Loads
  readonly openStage: () => Promise<Stage>
  /** The object as it is now; undefined when it is gone. */
  readonly look: (object: StageObject) => Promise<StageObject | undefined>
  readonly timing: Timing
  readonly reached: (point: string) => void
  readonly failed: (error: unknown) => void
  /** Called with URIs that were loaded. */
  readonly loaded: (uris: readonly string[]) => void
}

/** What is known of a pipe that runs. */
export interface PipeFacts {
  /** Epoch milliseconds, and the object. */
  lastIngestedMs: number | undefined
  lastIngestedUri: string | undefined
  /** When the newest object that it was told of was written. */
  newestWrittenMs: number | undefined
  error: string | undefined
  /** Nothing could be loaded the last time it was tried. */
  isStalled: boolean
}

/** Objects that commit together: enough to be quick, few enough to be seen soon. */
const most = { objects: 1000, bytes: 64 << 20 }
/** What comes within this time loads together: a commit costs more than the objects in it. */
const gatherMs = 150
/** Rests after so many loads in turn of which nothing came. */
const stallMs = [1000, 5000, 15_000, 30_000]

/** Longer than the first four attempts take: an outage gives no object up. */
const calmMs = 300_000

/** Faults that say nothing of the object. */
const systemic: ReadonlySet<string> = new Set([
  'ACCESS_DENIED',
  'CREDENTIALS_INVALID',
  'CLOCK_SKEWED',
  'SOURCE_MISSING',
  'SOURCE_UNAVAILABLE',
  'SOURCE_REFUSED',
  'DISK_FULL',
  'LAKE_CLOSED',
  'STATEMENT_FAILED',
])
/** Faults that may pass, though they may be the object's. */
const passing: ReadonlySet<string> = new Set([...systemic, 'FILE_UNREADABLE', 'FILE_TRUNCATED', 'INTERNAL'])

/** Loads what one pipe is told of, in small commits, whatever other pipes do. */
export class PipeWorker {
  readonly pipe: Pipe
  readonly pending = new Pending()
  readonly facts: PipeFacts = {
    lastIngestedMs: undefined,
    lastIngestedUri: undefined,
    newestWrittenMs: undefined,
    error: undefined,
    isStalled: false,
  }
  private readonly parts: WorkerParts
  private inHand: readonly PendingObject[] = []
  private stalls = 0

  constructor(parts: WorkerParts) {
    this.pipe = parts.pipe
    this.parts = parts
  }

  /** Objects that wait or are being loaded. */
  get size(): number {
    return this.pending.size + this.inHand.length
  }

  /** When the oldest of them was written. */
  oldest(): { readonly writtenMs: number; readonly uri: string } | undefined {
    const [first] = [...this.inHand, ...(this.pending.first === undefined ? [] : [this.pending.first])]
    return first === undefined ? undefined : { writtenMs: first.writtenMs, uri: first.object.uri }
  }

  add(object: StageObject, writtenMs: number, waiting: (settlement: Settlement) => void): void {
    this.facts.newestWrittenMs = Math.max(this.facts.newestWrittenMs ?? 0, writtenMs)
    this.pending.add({ object, writtenMs, sinceMs: this.parts.timing.now(), waiting: [waiting] })
  }

  /** Loads until the signal is aborted; what is being loaded then is given up. */
  async run(signal: AbortSignal): Promise<void> {
    const { timing } = this.parts
    while (!signal.aborted) {
      await this.pending.whenSome(signal)
      const first = this.pending.first
      if (first === undefined) continue
      const ageMs = timing.now() - first.sinceMs
      if (ageMs < gatherMs && this.pending.size < most.objects)
        await timing.wait(gatherMs - ageMs, signal).catch(() => undefined)
      if (signal.aborted) break
      this.inHand = this.pending.take(most)
      await this.load(this.inHand, signal)
      this.inHand = []
      if (this.facts.isStalled) await timing.wait(this.rest(), signal).catch(() => undefined)
    }
  }

  /** Loads what a listing of the whole stage, or a part of it, gives. */
  async loadListed(stage: Stage, signal: AbortSignal, onObjects: StageLoad['onObjects']): Promise<void> {
    const { loads, pipe } = this.parts
    await loads.loadBeside(stage, this.reading(), {
      onError: pipe.onError,
      onChange: pipe.onChange ?? stage.onChange,
      force: false,
      signal,
      onObjects: (outcomes) => {
        this.note(outcomes)
        onObjects?.(outcomes)
      },
    })
  }

  private reading() {
    return { ...this.pipe.reading, pipe: pipeText(this.pipe) }
  }

  private async load(batch: readonly PendingObject[], signal: AbortSignal): Promise<void> {
    const left = new Map(batch.map((one) => [keyOf(one.object), one]))
    const failures: { readonly one: PendingObject; readonly code: string; readonly reason: string }[] = []
    const onObjects = (outcomes: readonly ObjectOutcome[]): void => {
      this.parts.reached('pipe:loaded')
      for (const outcome of outcomes) {
        const one = left.get(keyOf(outcome))
        if (one === undefined) continue
        left.delete(keyOf(outcome))
        if (outcome.status !== 'failed') settle(one, { result: 'done' })
        else failures.push({ one, code: outcome.code ?? 'INTERNAL', reason: outcome.error ?? '' })
      }
    }
    try {
      const stage = await this.parts.openStage()
      const objects = batch.map(({ object }) => object)
      await this.loadListed({ ...stage, list: () => inOneChunk(objects) }, signal, onObjects)
    } catch (error) {
      if (!signal.aborted) this.parts.failed(error)
      const code = error instanceof MillraceError ? error.code : 'INTERNAL'
      for (const one of left.values()) failures.push({ one, code, reason: messageOf(error) })
    }
    await this.settleFailures(failures, failures.length === batch.length)
  }

  private async settleFailures(
    failures: readonly { readonly one: PendingObject; readonly code: string; readonly reason: string }[],
    isAll: boolean,
  ): Promise<void> {
    const isStalled = isAll && failures.every(({ code }) => systemic.has(code) || code === 'QUERY_CANCELLED')
    const { lastIngestedMs } = this.facts
    // While others are loaded, it is this object that fails, and its attempts count.
    const isSystemic = isStalled && !(lastIngestedMs !== undefined && this.parts.timing.now() - lastIngestedMs < calmMs)
    this.facts.isStalled = isStalled
    this.stalls = isStalled ? this.stalls + 1 : 0
    if (failures.length > 0) this.facts.error = failures[0]?.reason
    for (const { one, code, reason } of failures) {
      if (isSystemic) settle(one, { result: 'failed', code, reason, fault: 'systemic' })
      else if (code === 'FILE_VANISHED') settle(one, { result: 'done' })
      else if (code === 'FILE_CHANGED') await this.lookAgain(one, reason)
      else settle(one, { result: 'failed', code, reason, fault: faultOf(code) })
    }
  }

  /** The object was written again since: what it is now is loaded instead. */
  private async lookAgain(one: PendingObject, reason: string): Promise<void> {
    try {
      const now = await this.parts.look(one.object)
      if (now === undefined) settle(one, { result: 'done' })
      else if (now.version === one.object.version)
        settle(one, { result: 'failed', code: 'FILE_CHANGED', reason, fault: 'passing' })
      else this.pending.add({ ...one, object: now })
    } catch (error) {
      settle(one, { result: 'failed', code: 'FILE_CHANGED', reason: messageOf(error), fault: 'passing' })
    }
  }

  private note(outcomes: readonly ObjectOutcome[]): void {
    const loaded = outcomes.filter(({ status }) => status !== 'failed' && status !== 'skipped' && status !== 'changed')
    const last = loaded.at(-1)
    if (last === undefined) return
    this.facts.lastIngestedMs = this.parts.timing.now()
    this.facts.lastIngestedUri = last.uri
    this.facts.error = undefined
    this.parts.loaded(loaded.map(({ uri }) => uri))
  }

  private rest(): number {
    const rest = stallMs[Math.min(this.stalls, stallMs.length) - 1] ?? 0
    return rest * (0.5 + this.parts.timing.random() / 2)
  }
}

/** Whether a failure is the fault of the object itself, so that trying again helps nobody. */
export function isOwnFault(code: string): boolean {
  return !passing.has(code)
}

function faultOf(code: string): Fault {
  return isOwnFault(code) ? 'own' : 'passing'
}

function settle({ waiting }: PendingObject, settlement: Settlement): void {
  for (const tell of waiting) tell(settlement)
}

function keyOf({ uri, version }: { readonly uri: string; readonly version: string }): string {
  return `${uri}\0${version}`
}

async function* inOneChunk(objects: readonly StageObject[]): AsyncGenerator<readonly StageObject[]> {
  yield objects
}
