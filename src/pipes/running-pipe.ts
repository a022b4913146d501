import { MillraceError, messageOf } from '../errors.ts'
import type { ObjectOutcome } from '../loading/stage-load.ts'
import type { HeldObject } from '../stages/held.ts'
import { isLogGroup, isPosted } from '../stages/log-group.ts'
import type { Listing, Stage, StageObject } from '../stages/stage.ts'
import { loadHeld } from './held-load.ts'
import type { ObjectCreated } from './notifications.ts'
import { Listings } from './listings.ts'
import { codeOf } from './object-faults.ts'
import type { Settlement } from './pending.ts'
import { LogGroupReader } from './log-group-reader.ts'
import { PipeLoads } from './pipe-loads.ts'
import { type Pipe, pipeText } from './pipe.ts'
import type { PipeParts } from './pipe-parts.ts'
import { ParkedObjects } from './parked-objects.ts'
import { PipeWorker } from './pipe-worker.ts'
import { Requests } from './requests.ts'
import { givenUp, listedFor } from './reconcile.ts'
import { objectOf } from './told-object.ts'

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

const lookedUpAtOnce = 16
/** Beyond so many objects in hand, no further messages are received for the pipe. */
const mostPending = 2000
/** Beyond so many, those that are received for others go back. */
const mostAccepted = 4000
/** Objects that came too slowly in a listing, and are loaded alone, at once. */
const lateAtOnce = 4

const everything = { fromMs: undefined, parked: new Map(), isSettled: () => true } as const

/** One pipe with all that feeds it: its queue's messages, its folder, and listings. */
export class RunningPipe {
  readonly pipe: Pipe
  readonly worker: PipeWorker
  readonly parked: ParkedObjects
  readonly requests: Requests
  /** Where its stage is a log group. */
  readonly logGroup: LogGroupReader | undefined
  private readonly parts: PipeParts
  private readonly loads: PipeLoads
  private readonly listings: Listings
  private readonly stopping = new AbortController()
  private looking = 0

  constructor(pipe: Pipe, parts: PipeParts) {
    this.pipe = pipe
    this.parts = parts
    const { timing, reached } = parts
    this.parked = new ParkedObjects(pipeText(pipe), parts.transaction)
    this.loads = new PipeLoads(pipe, parts.loads, timing, (uris) => {
      this.parked.forget(uris)
    })
    this.logGroup = isLogGroup(pipe.url)
      ? new LogGroupReader({ ...parts, pipe, loads: this.loads, times: parts.logGroups })
      : undefined
    this.worker = new PipeWorker({
      loads: this.loads,
      timing,
      reached,
      openStage: () => parts.stages.open(pipe.url, pipe.access, { prefix: pipe.prefix }),
      look: (uri, signal) => this.look(uri, signal),
      failed: this.failed,
    })
    this.listings = new Listings({
      ...parts,
      pipe,
      loads: this.loads,
      parked: this.parked,
      worker: this.worker,
      logGroup: this.logGroup,
      openStage: (listing) => this.openStage(listing),
      failed: this.failed,
    })
    this.requests = new Requests({
      pipe: pipeText(pipe),
      transaction: parts.transaction,
      timing,
      rule: parts.rule,
      hasRoom: () => this.hasRoom,
      look: (uri, signal) => this.look(uri, signal),
      add: (object, writtenMs, settle) => {
        this.worker.add(object, writtenMs, settle)
      },
      park: (parked) => this.parked.add(parked),
      failed: this.failed,
    })
  }

  get facts(): PipeLoads['facts'] {
    return this.loads.facts
  }

  get hasRoom(): boolean {
    return this.size < mostPending
  }

  /** Objects in hand. */
  get size(): number {
    return this.worker.size + this.looking
  }

  /** Runs until the signal is aborted. Then what it had in hand is returned. One that does not load by itself loads what it is asked for. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => {
      this.stopping.abort()
    })
    const own = this.pipe.autoIngest && !isPosted(this.pipe.url) ? [this.listings.run(signal)] : []
    await Promise.all([this.worker.run(signal), this.requests.run(signal), ...own])
  }

  /** Takes an object that a message tells of. */
  accept(told: ObjectCreated, settle: (settlement: Settlement) => void): void {
    if (this.size >= mostAccepted) {
      const reason = 'The pipe has its hands full.'
      settle({ result: 'failed', code: 'SOURCE_UNAVAILABLE', reason, fault: 'systemic' })
      return
    }
    const object = objectOf(told)
    const writtenMs = told.eventTimeMs ?? this.parts.timing.now()
    if (object !== undefined) this.worker.add(object, writtenMs, settle)
    else void this.acceptUnknown(`s3://${told.bucket}/${told.key}`, writtenMs, settle)
  }

  /** Looks an object up that is known by its name alone, and takes it. */
  private async acceptUnknown(uri: string, writtenMs: number, settle: (settlement: Settlement) => void): Promise<void> {
    const { signal } = this.stopping
    this.looking++
    try {
      const object = await this.look(uri, signal)
      if (object === undefined) settle({ result: 'done' })
      else this.worker.add(object, writtenMs, settle)
    } catch (error) {
      if (signal.aborted) settle({ result: 'returned' })
      else settle({ result: 'failed', code: codeOf(error), reason: messageOf(error), fault: 'passing' })
    } finally {
      this.looking--
    }
  }

  /** Loads what the stage holds and history does not, objects that were given up as well; returns what it met. */
  async refresh({ prefix = '', modifiedAfterMs }: RefreshRange, signal: AbortSignal): Promise<ObjectOutcome[]> {
    const met: ObjectOutcome[] = []
    if (this.logGroup !== undefined) {
      if (prefix !== '' || modifiedAfterMs !== undefined) throw ofNoRange(this.pipe)
      await this.logGroup.read(signal, Infinity, (outcomes) =>
        met.push(...outcomes.filter(({ status }) => status !== 'skipped')),
      )
      return met
    }
    const stage = await this.openStage({ prefix })
    const known = await this.parked.versions()
    const found: string[] = []
    const onObjects = (outcomes: readonly ObjectOutcome[]): void => {
      met.push(...outcomes.filter(({ status }) => status !== 'skipped'))
      // Others have loaded it. Where it is archived, it is skipped as well.
      for (const { uri, status } of outcomes)
        if (status === 'skipped' && known.has(uri) && known.get(uri)?.code !== 'FILE_ARCHIVED') found.push(uri)
    }
    const rule = { ...everything, matches: this.pipe.matches, fromMs: modifiedAfterMs }
    const faults = await this.loadAll(listedFor(stage, rule), signal, onObjects)
    await this.parked.add(givenUp(met))
    await this.parked.remove(found)
    if (faults.length > 0) throw faults[0]
    return met
  }

  /** Tries again what was given up; returns what became of it. What is there no more is forgotten. */
  async retry(signal: AbortSignal): Promise<Retried> {
    const known = [...(await this.parked.versions()).keys()]
    if (known.length === 0) return { met: [], gone: [] }
    const gone: string[] = []
    const list = async function* (this: RunningPipe): AsyncGenerator<readonly StageObject[]> {
      for (const uris of inChunks(known, lookedUpAtOnce)) {
        signal.throwIfAborted()
        const found = await Promise.all(uris.map((uri) => this.look(uri, signal)))
        gone.push(...uris.filter((_uri, index) => found[index] === undefined))
        yield found.filter((object) => object !== undefined)
      }
    }.bind(this)
    const met: ObjectOutcome[] = []
    const listed = listedFor({ ...(await this.openStage()), list }, { ...everything, matches: this.pipe.matches })
    const faults = await this.loadAll(listed, signal, (outcomes) => {
      met.push(...outcomes)
    })
    await this.parked.add(givenUp(met))
    const held = met.flatMap(({ uri, status }) => (status === 'failed' ? [] : [uri]))
    await this.parked.remove([...gone, ...held])
    if (faults.length > 0) throw faults[0]
    return { met: met.filter(({ status }) => status !== 'skipped'), gone }
  }

  /** Loads an object that was posted, once. */
  async deliver(held: HeldObject, signal: AbortSignal): Promise<void> {
    const why = await loadHeld(this.loads, onlyOne(held), { signal })
    this.parts.reached('firehose:stored')
    if (why === undefined) return
    throw new MillraceError(
      'SOURCE_UNAVAILABLE',
      `${held.object.uri} could not be stored (${why || 'it was left out'}).`,
    )
  }

  /** Loads together what comes quickly, and then the others, each alone; returns what kept any of those from it. */
  private async loadAll(
    stage: Stage,
    signal: AbortSignal,
    onObjects: (outcomes: readonly ObjectOutcome[]) => void,
  ): Promise<readonly unknown[]> {
    const late: StageObject[] = []
    const leave = (objects: readonly StageObject[]): void => {
      late.push(...objects)
    }
    await this.loads.together(stage, leave, { signal, onObjects })
    const next = late[Symbol.iterator]()
    const faults: unknown[] = []
    const loadEach = async (): Promise<void> => {
      for (const object of next)
        await this.loads.alone(stage, object, { signal, onObjects }).catch((error: unknown) => faults.push(error))
    }
    await Promise.all(Array.from({ length: lateAtOnce }, loadEach))
    return faults
  }

  private readonly failed = (error: unknown): void => {
    this.parts.failed(pipeText(this.pipe), error)
  }

  private openStage({ prefix = '', since }: Pick<Listing, 'prefix' | 'since'> = {}): Promise<Stage> {
    const { url, access, prefix: own } = this.pipe
    return this.parts.stages.open(url, access, { prefix: `${own}${prefix}`, since })
  }

  private async look(uri: string, signal: AbortSignal): Promise<StageObject | undefined> {
    const { stages } = this.parts
    const stage = await stages.open(uri, this.pipe.access).catch((error: unknown) => {
      // A file that is gone; a bucket that is gone is no such thing.
      if (uri.startsWith('/') && error instanceof MillraceError && error.code === 'SOURCE_MISSING') return undefined
      throw error
    })
    if (stage === undefined) return undefined
    for await (const objects of stage.list(signal)) for (const object of objects) if (object.uri === uri) return object
    return undefined
  }
}

async function* onlyOne<T>(value: T): AsyncGenerator<T> {
  yield value
}

function ofNoRange(pipe: Pipe): MillraceError {
  return new MillraceError(
    'USAGE',
    `PIPE ${pipeText(pipe)} reads a log group, which is read in the order of time; leave PREFIX and MODIFIED_AFTER out.`,
  )
}

function* inChunks<T>(values: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < values.length; start += size) yield values.slice(start, start + size)
}
