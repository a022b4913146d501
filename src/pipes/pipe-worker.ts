import { setMaxListeners } from 'node:events'
import type { Timing } from '../aws/timing.ts'
import { messageOf } from '../errors.ts'
import type { ObjectOutcome } from '../loading/stage-load.ts'
import type { Stage, StageObject } from '../stages/stage.ts'
import { codeOf, faultOf } from './object-faults.ts'
import { Pending, type PendingObject, type Portion, type Settlement, settle } from './pending.ts'
import { type PipeLoads, inOneChunk, isRead } from './pipe-loads.ts'

/** What a pipe's worker needs. */
export interface WorkerParts {
  readonly loads: PipeLoads
  readonly openStage: () => Promise<Stage>
  /** The object as it is now; undefined when it is gone. */
  readonly look: (uri: string, signal: AbortSignal) => Promise<StageObject | undefined>
  readonly timing: Timing
  readonly reached: (point: string) => void
  readonly failed: (error: unknown) => void
}

/** Objects that commit together: enough to be quick, few enough to be seen soon. */
const many: Portion = { objects: 1000, bytes: 64 << 20 }
const single: Portion = { objects: 1, bytes: Infinity }
/** An object of so many bytes loads alone: it takes as long as many small ones. */
const largeBytes = 8 << 20
/** Objects that load alone at once, beside those that load together. */
const aloneLanes = 4
/** What comes within this time loads together: a commit costs more than the objects in it. */
const gatherMs = 150
/** Rests after so many loads in turn of which nothing came. */
const stallMs = [1000, 5000, 15_000, 30_000]
/** How long an object rests that another load has. */
const busyMs = 1000
/** Changed objects that are looked at once more at once. */
const looks = 16

/** Longer than the first four attempts take: an outage gives no object up. */
const calmMs = 300_000

interface Failure {
  readonly pending: PendingObject
  readonly code: string
  readonly reason: string
}

/** Loads what one pipe is told of, in small commits, whatever other pipes do. */
export class PipeWorker {
  private readonly parts: WorkerParts
  private readonly together = new Pending()
  /** Large ones, and such as kept others waiting. */
  private readonly alone = new Pending()
  private readonly inHand = new Set<PendingObject>()
  private readonly resting = new Set<PendingObject>()
  private hasEnded = false

  constructor(parts: WorkerParts) {
    this.parts = parts
  }

  /** Objects that wait or are being loaded. */
  get size(): number {
    return this.together.size + this.alone.size + this.inHand.size + this.resting.size
  }

  /** When the oldest of them was written. */
  oldest(): { readonly writtenMs: number; readonly uri: string } | undefined {
    let oldest: PendingObject | undefined
    for (const next of [...this.inHand, ...this.resting, this.together.first, this.alone.first])
      if (next !== undefined && (oldest === undefined || next.writtenMs < oldest.writtenMs)) oldest = next
    return oldest === undefined ? undefined : { writtenMs: oldest.writtenMs, uri: oldest.object.uri }
  }

  /** Takes an object; `isSlow` of one that kept others waiting. */
  add(object: StageObject, writtenMs: number, waiting: (settlement: Settlement) => void, isSlow = false): void {
    const { facts } = this.parts.loads
    facts.newestWrittenMs = Math.max(facts.newestWrittenMs ?? 0, writtenMs)
    this.enqueue({ object, writtenMs, sinceMs: this.parts.timing.now(), waiting: [waiting] }, isSlow)
  }

  /** Loads until the signal is aborted; what is not loaded by then is returned. */
  async run(signal: AbortSignal): Promise<void> {
    setMaxListeners(0, signal)
    const lanes = Array.from({ length: aloneLanes }, () => this.runLane(this.alone, signal))
    await Promise.all([this.runLane(this.together, signal), ...lanes])
    this.hasEnded = true
    for (const left of [...this.together.takeAll(), ...this.alone.takeAll()]) settle(left, { result: 'returned' })
  }

  private enqueue(pending: PendingObject, isSlow: boolean): void {
    if (this.hasEnded) settle(pending, { result: 'returned' })
    else (isSlow || pending.object.size >= largeBytes ? this.alone : this.together).add(pending)
  }

  /** What another load has is looked at once that may have ended. */
  private async enqueueLater(pending: PendingObject, signal: AbortSignal): Promise<void> {
    this.resting.add(pending)
    await this.parts.timing.wait(busyMs, signal).catch(() => undefined)
    this.resting.delete(pending)
    this.enqueue(pending, false)
  }

  private async runLane(lane: Pending, signal: AbortSignal): Promise<void> {
    const { timing } = this.parts
    let stalls = 0
    while (!signal.aborted) {
      await lane.whenSome(signal)
      if (lane === this.together) await this.gather(signal)
      const batch = signal.aborted ? [] : lane.take(lane === this.together ? many : single)
      if (batch.length === 0) continue
      for (const taken of batch) this.inHand.add(taken)
      const isStalled = await this.load(batch, lane === this.alone, signal)
      for (const taken of batch) this.inHand.delete(taken)
      stalls = isStalled ? stalls + 1 : 0
      const rest = stallMs[Math.min(stalls, stallMs.length) - 1] ?? 0
      if (isStalled) await timing.wait(rest * (0.5 + timing.random() / 2), signal).catch(() => undefined)
    }
  }

  private async gather(signal: AbortSignal): Promise<void> {
    const { first, size } = this.together
    if (first === undefined || size >= many.objects) return
    const restMs = gatherMs - (this.parts.timing.now() - first.sinceMs)
    if (restMs > 0) await this.parts.timing.wait(restMs, signal).catch(() => undefined)
  }

  /** Loads what was taken and settles each; true when nothing could be loaded, whatever it was. */
  private async load(batch: readonly PendingObject[], isAlone: boolean, signal: AbortSignal): Promise<boolean> {
    const { loads, openStage, look, reached, failed } = this.parts
    const left = new Map(batch.map((pending) => [pending.object.uri, pending]))
    const failures: Failure[] = []
    let isSomeRead = false
    const onObjects = (outcomes: readonly ObjectOutcome[]): void => {
      reached('pipe:loaded')
      for (const outcome of outcomes) {
        const pending = left.get(outcome.uri)
        if (pending === undefined) continue
        left.delete(outcome.uri)
        isSomeRead ||= isRead(outcome)
        if (outcome.status !== 'failed') settle(pending, { result: 'done' })
        else failures.push({ pending, code: outcome.code ?? 'INTERNAL', reason: outcome.error ?? '' })
      }
    }
    const leave = (objects: readonly StageObject[], to: (pending: PendingObject) => void): void => {
      for (const { uri } of objects) {
        const pending = left.get(uri)
        left.delete(uri)
        if (pending !== undefined) to(pending)
      }
    }
    const slow = (objects: readonly StageObject[]): void => {
      leave(objects, (pending) => {
        this.enqueue(pending, true)
      })
    }
    const busy = (objects: readonly StageObject[]): void => {
      leave(objects, (pending) => {
        void this.enqueueLater(pending, signal)
      })
    }
    const confirm = ({ uri }: StageObject): Promise<StageObject | undefined> => look(uri, signal)
    let code = 'INTERNAL'
    let reason = 'The load left it out.'
    try {
      const stage = await openStage()
      const objects = batch.map(({ object }) => object)
      const [first] = objects
      if (!isAlone) {
        const listed = { ...stage, list: () => inOneChunk(objects) }
        await loads.together(listed, slow, { signal, onObjects, confirm, busy })
      } else if (first !== undefined) await loads.alone(stage, first, { signal, onObjects, confirm })
    } catch (error) {
      if (!signal.aborted) failed(error)
      code = codeOf(error)
      reason = messageOf(error)
    }
    for (const pending of left.values()) failures.push({ pending, code, reason })
    return this.settleFailures(failures, isSomeRead, signal)
  }

  private async settleFailures(
    failures: readonly Failure[],
    isSomeRead: boolean,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (signal.aborted) {
      // What ended because it was told to says nothing of the objects.
      for (const { pending } of failures) settle(pending, { result: 'returned' })
      return false
    }
    const { facts } = this.parts.loads
    const isStalled = failures.length > 0 && !isSomeRead && failures.every(({ code }) => faultOf(code) === 'systemic')
    // While others are loaded, it is this object that fails, and its attempts count.
    const isCalm = facts.lastIngestedMs !== undefined && this.parts.timing.now() - facts.lastIngestedMs < calmMs
    facts.isStalled = isStalled
    facts.error = failures[0]?.reason
    const changed: Failure[] = []
    for (const failure of failures) {
      const { pending, code, reason } = failure
      const fault = isStalled && !isCalm ? 'systemic' : faultOf(code) === 'own' ? 'own' : 'passing'
      if (code === 'FILE_VANISHED') settle(pending, { result: 'done' })
      else if (code === 'FILE_CHANGED') changed.push(failure)
      else settle(pending, { result: 'failed', code, reason, fault })
    }
    const next = changed[Symbol.iterator]()
    const lookAtEach = async (): Promise<void> => {
      for (const failure of next) await this.lookAgain(failure, signal)
    }
    await Promise.all(Array.from({ length: Math.min(looks, changed.length) }, lookAtEach))
    return isStalled
  }

  /** The object was written again since: what it is now is loaded instead. */
  private async lookAgain({ pending, code, reason }: Failure, signal: AbortSignal): Promise<void> {
    const { object } = pending
    try {
      const now = await this.parts.look(object.uri, signal)
      if (now === undefined) settle(pending, { result: 'done' })
      else if (now.version !== object.version) this.enqueue({ ...pending, object: now }, false)
      else settle(pending, { result: 'failed', code, reason, fault: 'passing' })
    } catch (error) {
      if (signal.aborted) settle(pending, { result: 'returned' })
      else settle(pending, { result: 'failed', code, reason: messageOf(error), fault: 'passing' })
    }
  }
}
