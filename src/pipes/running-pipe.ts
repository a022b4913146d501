import type { DuckDBConnection } from '@duckdb/node-api'
import { fileURLToPath } from 'node:url'
import type { Timing } from '../aws/timing.ts'
import { MillraceError } from '../errors.ts'
import type { Loads } from '../loads.ts'
import type { ObjectOutcome } from '../loading/load.ts'
import { readPath } from '../stages/object-path.ts'
import type { Stages } from '../stages/open.ts'
import type { StageObject } from '../stages/stage.ts'
import type { RetryRule } from './deliveries.ts'
import type { ObjectCreated } from './notifications.ts'
import type { Settlement } from './pending.ts'
import { type Pipe, pipeText } from './pipe.ts'
import { type Parked, park, readParked, removeParked, writeListed } from './pipe-store.ts'
import { PipeWorker, isOwnFault } from './pipe-worker.ts'
import { Requests } from './requests.ts'
import { Schedule, givenUp, listedFor } from './reconcile.ts'
import { watchFolder } from './watch.ts'

/** What pipes need of the lake they fill. */
export interface PipeParts {
  readonly loads: Loads
  readonly stages: Stages
  readonly transaction: <T>(work: (connection: DuckDBConnection) => Promise<T>) => Promise<T>
  readonly timing: Timing
  readonly reached: (point: string) => void
  readonly failed: (pipe: string | undefined, error: unknown) => void
  readonly rule: RetryRule
}

/** Which objects REFRESH looks at. */
export interface RefreshRange {
  /** What names begin with behind the pipe's own place. */
  readonly prefix?: string | undefined
  /** Epoch milliseconds. */
  readonly modifiedAfterMs?: number | undefined
}

/** What trying again did. */
export interface Retried {
  readonly met: readonly ObjectOutcome[]
  /** URIs that are there no more. */
  readonly gone: readonly string[]
}

const dayMs = 86_400_000
const lookedUpAtOnce = 16
/** Keys of log files say their day; what comes later than this is found by the daily listing of everything. */
const lookBackMs = 3 * dayMs
/** A file that rests for so long is whole; renamed into place it is at once. */
const settleMs = 1000
/** Objects that a pipe has in hand at most: further messages stay in the queue. */
export const mostPending = 2000

const everything = { fromMs: undefined, parked: new Map(), settledMs: undefined, unsettled: () => undefined } as const

/** One pipe with all that feeds it: its queue's messages, its folder, and listings. */
export class RunningPipe {
  readonly pipe: Pipe
  readonly worker: PipeWorker
  readonly requests: Requests
  private readonly parts: PipeParts
  private readonly schedule: Schedule
  private parked: Map<string, string> | undefined
  private listedMs: number | undefined

  constructor(pipe: Pipe, parts: PipeParts) {
    this.pipe = pipe
    this.parts = parts
    this.listedMs = pipe.listedMs
    const { loads, timing, reached } = parts
    this.schedule = new Schedule(pipe.reconcileSeconds * 1000, timing)
    this.worker = new PipeWorker({
      pipe,
      loads,
      timing,
      reached,
      openStage: () => parts.stages.open(pipe.url, pipe.access, { prefix: pipe.prefix }),
      look: (object) => this.look(object.uri),
      failed: (error) => {
        parts.failed(pipeText(pipe), error)
      },
      loaded: (uris) => {
        void this.unpark(uris)
      },
    })
    this.requests = new Requests({
      pipe: pipeText(pipe),
      transaction: parts.transaction,
      timing,
      rule: parts.rule,
      hasRoom: () => this.hasRoom,
      look: (uri) => this.look(uri),
      add: (object, writtenMs, settle) => {
        this.worker.add(object, writtenMs, settle)
      },
      park: (parked) => this.giveUp(parked),
      failed: this.failed,
    })
  }

  get hasRoom(): boolean {
    return this.worker.size < mostPending
  }

  /** Runs until the signal is aborted. One that does not load by itself loads what it is asked for. */
  async run(signal: AbortSignal): Promise<void> {
    const own = this.pipe.autoIngest ? [this.listAgain(signal)] : []
    await Promise.all([this.worker.run(signal), this.requests.run(signal), ...own])
  }

  /** Takes an object that a message tells of. */
  accept(told: ObjectCreated, settle: (settlement: Settlement) => void): void {
    if (!this.hasRoom) {
      settle({
        result: 'failed',
        code: 'SOURCE_UNAVAILABLE',
        reason: 'The pipe has its hands full.',
        fault: 'systemic',
      })
      return
    }
    const object = objectOf(told)
    const writtenMs = told.eventTimeMs ?? this.parts.timing.now()
    if (object !== undefined) this.worker.add(object, writtenMs, settle)
    else void this.acceptUnknown(`s3://${told.bucket}/${told.key}`, writtenMs, settle)
  }

  /** Looks an object up that is known by its name alone, and takes it. */
  private async acceptUnknown(uri: string, writtenMs: number, settle: (settlement: Settlement) => void): Promise<void> {
    try {
      const object = await this.look(uri)
      if (object === undefined) settle({ result: 'done' })
      else this.worker.add(object, writtenMs, settle)
    } catch (error) {
      const { code, message } =
        error instanceof MillraceError ? error : new MillraceError('INTERNAL', `${uri} could not be looked at.`)
      settle({ result: 'failed', code, reason: message, fault: 'passing' })
    }
  }

  /** Loads what the stage holds and history does not, objects that were given up as well; returns what it met. */
  async refresh({ prefix = '', modifiedAfterMs }: RefreshRange, signal: AbortSignal): Promise<ObjectOutcome[]> {
    const { stages } = this.parts
    const { url, access, matches } = this.pipe
    const stage = await stages.open(url, access, { prefix: `${this.pipe.prefix}${prefix}` })
    const met: ObjectOutcome[] = []
    const rule = { ...everything, matches, fromMs: modifiedAfterMs }
    await this.worker.loadListed(listedFor(stage, rule), signal, (outcomes) => {
      met.push(...outcomes.filter(({ status }) => status !== 'skipped'))
    })
    await this.giveUp(givenUp(met, isOwnFault))
    return met
  }

  /** Tries again what was given up; returns what became of it. What is there no more is forgotten. */
  async retry(signal: AbortSignal): Promise<Retried> {
    const { stages, transaction } = this.parts
    const { url, access, matches, prefix } = this.pipe
    const known = await this.knownParked()
    const gone: string[] = []
    const list = async function* (this: RunningPipe): AsyncGenerator<readonly StageObject[]> {
      for (const uris of inChunks([...known.keys()], lookedUpAtOnce)) {
        signal.throwIfAborted()
        const found = await Promise.all(uris.map((uri) => this.look(uri)))
        gone.push(...uris.filter((_uri, index) => found[index] === undefined))
        yield found.filter((object) => object !== undefined)
      }
    }.bind(this)
    const stage = await stages.open(url, access, { prefix })
    const met: ObjectOutcome[] = []
    await this.worker.loadListed(listedFor({ ...stage, list }, { ...everything, matches }), signal, (outcomes) => {
      met.push(...outcomes)
    })
    await this.giveUp(givenUp(met, isOwnFault))
    const held = met.flatMap(({ uri, status }) => (status === 'failed' ? [] : [uri]))
    const done = [...gone, ...held]
    await transaction((connection) => removeParked(connection, pipeText(this.pipe), done))
    for (const uri of done) known.delete(uri)
    return { met: met.filter(({ status }) => status !== 'skipped'), gone }
  }

  /** Keeps what is given up. */
  async giveUp(parked: readonly Parked[]): Promise<void> {
    if (parked.length === 0) return
    const known = await this.knownParked()
    await this.parts.transaction((connection) => park(connection, pipeText(this.pipe), parked))
    for (const { object } of parked) if (object !== undefined) known.set(object.uri, object.version)
  }

  /** Lists soon: something was said that may have changed what there is. */
  reconcileSoon(): void {
    void this.schedule.soon(0)
  }

  private readonly failed = (error: unknown): void => {
    this.parts.failed(pipeText(this.pipe), error)
  }

  private async listAgain(signal: AbortSignal): Promise<void> {
    const isFolder = this.pipe.url.startsWith('file:')
    const unwatch = isFolder
      ? watchFolder(
          fileURLToPath(this.pipe.url),
          () => {
            void this.schedule.soon(settleMs / 10)
          },
          this.failed,
        )
      : undefined
    try {
      await this.schedule.run(() => this.reconcile(signal), signal)
    } finally {
      unwatch?.()
    }
  }

  /** Finds what no message announced. */
  private async reconcile(signal: AbortSignal): Promise<void> {
    const { stages, timing, transaction } = this.parts
    const { url, prefix, access, matches, startMs } = this.pipe
    const startedMs = timing.now()
    const isWhole = this.listedMs === undefined || startedMs - this.listedMs >= dayMs
    const since = isWhole ? undefined : new Date(startedMs - lookBackMs)
    try {
      const stage = await stages.open(url, access, { prefix, since })
      const isFolder = stage.fetch === undefined
      const met: ObjectOutcome[] = []
      const rule = {
        matches,
        fromMs: startMs,
        parked: await this.knownParked(),
        settledMs: isFolder ? startedMs - settleMs : undefined,
        unsettled: () => {
          void this.schedule.soon(settleMs)
        },
      }
      await this.worker.loadListed(listedFor(stage, rule), signal, (outcomes) => {
        met.push(...outcomes.filter(({ status }) => status === 'failed'))
      })
      this.parts.reached('pipe:listed')
      await this.giveUp(givenUp(met, isOwnFault))
      if (!isWhole) return
      this.listedMs = startedMs
      if (!isFolder) await transaction((connection) => writeListed(connection, this.pipe, startedMs))
    } catch (error) {
      if (signal.aborted) return
      this.worker.facts.error = error instanceof Error ? error.message : String(error)
      this.failed(error)
    }
  }

  private async knownParked(): Promise<Map<string, string>> {
    this.parked ??= await this.parts.transaction((connection) => readParked(connection, pipeText(this.pipe)))
    return this.parked
  }

  private async unpark(uris: readonly string[]): Promise<void> {
    try {
      const known = await this.knownParked()
      const found = uris.filter((uri) => known.has(uri))
      if (found.length === 0) return
      await this.parts.transaction((connection) => removeParked(connection, pipeText(this.pipe), found))
      for (const uri of found) known.delete(uri)
    } catch (error) {
      this.failed(error)
    }
  }

  private async look(uri: string): Promise<StageObject | undefined> {
    const { stages } = this.parts
    const stage = await stages.open(uri, this.pipe.access).catch((error: unknown) => {
      // A file that is gone; a bucket that is gone is no such thing.
      if (uri.startsWith('/') && error instanceof MillraceError && error.code === 'SOURCE_MISSING') return undefined
      throw error
    })
    if (stage === undefined) return undefined
    for await (const objects of stage.list()) for (const object of objects) if (object.uri === uri) return object
    return undefined
  }
}

/** The object that a message tells of, where it says enough. */
export function objectOf({ bucket, key, size, etag, eventTimeMs = 0 }: ObjectCreated): StageObject | undefined {
  if (size === undefined || etag === undefined) return undefined
  const { accountId, region, dateMs } = readPath(key)
  return {
    uri: `s3://${bucket}/${key}`,
    version: etag,
    size,
    modifiedMs: eventTimeMs,
    accountId,
    region,
    dateMs: dateMs ?? eventTimeMs,
  }
}

function* inChunks<T>(values: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < values.length; start += size) yield values.slice(start, start + size)
}
