import { messageOf } from '../errors.ts'
import type { ObjectOutcome } from '../loading/stage-load.ts'
import type { Listing, Stage, StageObject } from '../stages/stage.ts'
import { LiveFolder } from './live-folder.ts'
import type { LogGroupReader } from './log-group-reader.ts'
import { faultOf } from './object-faults.ts'
import type { ParkedObjects } from './parked-objects.ts'
import type { Settlement } from './pending.ts'
import type { PipeLoads } from './pipe-loads.ts'
import type { PipeParts } from './pipe-parts.ts'
import { writeListed } from './pipe-store.ts'
import type { PipeWorker } from './pipe-worker.ts'
import type { Pipe } from './pipe.ts'
import { Schedule, givenUp, listedFor } from './reconcile.ts'

/** When a listing failed, the next one begins so soon, unless it is due earlier. */
const relistMs = 30_000

/** What the listings of a pipe need. */
interface ListingParts extends Pick<PipeParts, 'stages' | 'timing' | 'transaction' | 'reached' | 'listing'> {
  readonly pipe: Pipe
  readonly loads: PipeLoads
  readonly parked: ParkedObjects
  readonly worker: PipeWorker
  /** Read instead, where its stage is one. */
  readonly logGroup: LogGroupReader | undefined
  readonly openStage: (listing: Pick<Listing, 'since'>) => Promise<Stage>
  readonly failed: (error: unknown) => void
}

/** What a pipe finds by itself, again and again: objects that no message announced, files of a folder, events of a log group. */
export class Listings {
  private readonly parts: ListingParts
  private readonly schedule: Schedule
  private folder: LiveFolder | undefined
  private listedMs: number | undefined

  constructor(parts: ListingParts) {
    const { pipe, timing } = parts
    this.parts = parts
    this.listedMs = pipe.listedMs
    this.schedule = new Schedule(pipe.reconcileSeconds * 1000, timing)
  }

  /** Runs until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { logGroup } = this.parts
    if (logGroup === undefined) await this.list(signal)
    else await this.schedule.run(() => this.readLogGroup(logGroup, signal), signal)
  }

  /** Reads what is new of a log group, and of earlier events as many as there is time for. */
  private async readLogGroup(logGroup: LogGroupReader, signal: AbortSignal): Promise<void> {
    const { pipe, loads, timing, transaction, failed } = this.parts
    const { facts } = loads
    const startedMs = timing.now()
    try {
      const isAll = await logGroup.read(signal, pipe.reconcileSeconds * 1000)
      facts.isStalled = false
      facts.error = undefined
      if (!isAll) this.schedule.soon(0)
      else if (this.listedMs === undefined) {
        this.listedMs = startedMs
        await transaction((connection) => writeListed(connection, pipe, startedMs), signal)
      }
    } catch (error) {
      if (signal.aborted) return
      facts.isStalled = true
      facts.error = messageOf(error)
      failed(error)
      this.schedule.soon(relistMs)
    }
  }

  private async list(signal: AbortSignal): Promise<void> {
    const { pipe, stages, timing, failed } = this.parts
    const { url, reconcileSeconds } = pipe
    if (url.startsWith('file:')) {
      const wake = (ms: number): void => {
        this.schedule.soon(ms)
      }
      this.folder = new LiveFolder({ url, stages, timing, intervalMs: reconcileSeconds * 1000, wake, failed })
    }
    try {
      await this.schedule.run(() => this.reconcile(signal), signal)
    } finally {
      this.folder?.close()
    }
  }

  /** Finds what no message announced. */
  private async reconcile(signal: AbortSignal): Promise<void> {
    const { pipe, loads, parked, listing, timing, transaction, reached, failed } = this.parts
    const startedMs = timing.now()
    const isWhole = this.listedMs === undefined || startedMs - this.listedMs >= listing.wholeMs
    try {
      const stage = await this.parts.openStage({
        since: isWhole ? undefined : new Date(startedMs - listing.lookBackMs),
      })
      const { folder } = this
      const met: ObjectOutcome[] = []
      const rule = {
        matches: pipe.matches,
        fromMs: pipe.startMs,
        parked: await parked.versions(),
        isSettled: (object: StageObject) => folder?.isSettled(object) ?? true,
      }
      const onObjects = (outcomes: readonly ObjectOutcome[]): void => {
        met.push(...outcomes.filter(({ status }) => status === 'failed'))
      }
      const busy = (objects: readonly StageObject[]): void => folder?.lookAgain(objects)
      // Whoever has an object now will tell what became of it, or the next listing finds it.
      const listed = listedFor(folder?.next(stage) ?? stage, rule)
      await loads.together(listed, this.loadLate, { signal, onObjects, busy })
      reached('pipe:listed')
      await parked.add(givenUp(met))
      if (met.some(isSystemic)) folder?.listAgain(relistMs)
      if (!isWhole) return
      this.listedMs = startedMs
      if (folder === undefined) await transaction((connection) => writeListed(connection, pipe, startedMs), signal)
    } catch (error) {
      if (signal.aborted) return
      loads.facts.error = messageOf(error)
      failed(error)
      this.folder?.listAgain(relistMs)
      this.schedule.soon(relistMs)
    }
  }

  /** What comes too slowly loads beside the next listings. */
  private readonly loadLate = (objects: readonly StageObject[]): void => {
    const { parked, worker, failed } = this.parts
    for (const object of objects) {
      const settle = (settlement: Settlement): void => {
        if (settlement.result !== 'failed' || faultOf(settlement.code) !== 'own') return
        const { code, reason } = settlement
        parked.add([{ object, code, reason }]).catch(failed)
      }
      worker.add(object, object.modifiedMs, settle, true)
    }
  }
}

function isSystemic(outcome: ObjectOutcome): boolean {
  return outcome.status === 'failed' && faultOf(outcome.code ?? '') === 'systemic'
}
