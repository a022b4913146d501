import { rmSync } from 'node:fs'
import type { LogType } from '../log-type/log-type.ts'
import type { BatchPlan } from './batches.ts'
import type { FetchObject } from '../stages/stage.ts'
import { type Fetched, fetchObjects } from './fetch.ts'
import type { Patience } from './patience.ts'
import type { Source } from './file-bytes.ts'
import { nothing, type ParseFile, type ParsedFile } from './parse-files.ts'
import type { ParserPool } from './parser-pool.ts'
import type { WhenWidened } from './copy-store.ts'
import { type CopyTarget, textReadingOf } from './copy-target.ts'
import type { PlannedObject } from './plan.ts'
import type { Segment } from './segment.ts'
import type { Writer } from './writer.ts'

/** Spooled bytes of one batch beyond which its readers wait for the loader. */
const MAX_SPOOLED = 256 << 20

export interface ReadSettings {
  readonly type: LogType | undefined
  readonly format: readonly string[] | undefined
  readonly spool: string
  readonly redact: boolean
  /** The pipe that loads, as one text. */
  readonly pipe?: string | undefined
  /** The table that a script made, where the load fills one. */
  readonly into?: CopyTarget | undefined
  readonly whenWidened?: WhenWidened | undefined
  /** Where objects are no files of this machine. */
  readonly fetch: FetchObject | undefined
  /** For objects that come slowly; without it they are waited for. */
  readonly patience?: Patience | undefined
  readonly signal: AbortSignal | undefined
}

/** An object with the id that its rows carry. */
export interface NumberedObject {
  readonly planned: PlannedObject
  readonly fileId: number
}

let nextJob = 1

/** A batch whose files are being read. Its segments are taken in groups while reading goes on. */
export class StartedBatch {
  readonly objects: readonly NumberedObject[]
  /** Files of jobs that failed as a whole: nothing of them may be stored, and each is to be tried alone. */
  readonly crashed: { readonly objects: readonly NumberedObject[]; readonly error: unknown }[] = []
  readonly parsed = new Map<number, ParsedFile>()
  /** Files that came too slowly: nothing is known of them. */
  readonly late: NumberedObject[] = []
  private ready: Segment[] = []
  private held: (() => void)[] = []
  private spooled = 0
  private running: number
  private wake: (() => void) | undefined
  private isDropped = false
  private readonly arrivals: Promise<unknown>[] = []
  private readonly fetched: Fetched[] = []

  constructor(plan: BatchPlan, pool: ParserPool, writer: Writer, settings: ReadSettings) {
    const jobs = plan.map((job) => job.map((planned): NumberedObject => ({ planned, fileId: writer.nextFileId() })))
    this.objects = jobs.flat()
    this.running = jobs.length
    for (const objects of jobs) {
      const { fetch } = settings
      const here = fetch === undefined ? Promise.resolve(objects) : this.fetch(objects, fetch, settings)
      this.arrivals.push(here.catch(() => undefined))
      void this.read(objects, here, pool, settings)
    }
  }

  /** Resolves when nothing of it is on its way from elsewhere. */
  async whenHere(): Promise<void> {
    await Promise.all(this.arrivals)
  }

  /** The next segments to store; undefined when all jobs have ended and everything was taken. Waits for a worthwhile group. */
  async take(): Promise<readonly Segment[] | undefined> {
    while (this.running > 0 && this.spooled < MAX_SPOOLED) {
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
    }
    if (this.ready.length === 0) return undefined
    const group = this.ready
    this.ready = []
    return group
  }

  /** Deletes stored segments and lets the readers go on. */
  release(segments: readonly Segment[]): void {
    for (const segment of segments) deleteSegment(segment)
    this.spooled -= segments.reduce((sum, segment) => sum + segment.bytes, 0)
    const held = this.held
    this.held = []
    for (const grant of held) grant()
  }

  /** Lets the readers end without keeping what they give. */
  async drop(): Promise<void> {
    this.isDropped = true
    this.release(this.ready)
    this.ready = []
    while (this.running > 0) {
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
    }
    this.end()
  }

  /** Where the bytes of an object lie; they are there until `end`. */
  sourceOf({ planned: { object }, fileId }: NumberedObject): Source {
    const copied = this.fetched.map(({ sources }) => sources.get(fileId)).find((source) => source !== undefined)
    return copied ?? { path: object.uri, offset: 0, size: object.size, modifiedMs: object.modifiedMs }
  }

  /** Deletes what was fetched for it, when it is stored or given up. */
  end(): void {
    for (const fetched of this.fetched.splice(0)) fetched.drop()
  }

  private async read(
    objects: readonly NumberedObject[],
    arriving: Promise<readonly NumberedObject[]>,
    pool: ParserPool,
    settings: ReadSettings,
  ): Promise<void> {
    try {
      const here = await arriving
      if (settings.into?.format.type === 'PARQUET') this.leaveToEngine(here)
      else if (here.length > 0) await this.parse(here, pool, settings)
    } catch (error) {
      this.crashed.push({ objects, error })
    } finally {
      this.running--
      this.wake?.()
    }
  }

  /** Those that could be fetched; the others have failed. */
  private async fetch(
    objects: readonly NumberedObject[],
    fetch: FetchObject,
    { spool, signal, patience }: ReadSettings,
  ): Promise<readonly NumberedObject[]> {
    const wanted = objects.map(({ planned: { object }, fileId }) => ({ object, fileId }))
    const fetched = await fetchObjects(fetch, wanted, spool, { signal, patience })
    this.fetched.push(fetched)
    for (const [fileId, { code, message }] of fetched.faults)
      this.parsed.set(fileId, { ...nothing, fileId, outcome: 'failed', table: undefined, code, error: message })
    this.late.push(...objects.filter(({ fileId }) => fetched.late.has(fileId)))
    return objects.filter(({ fileId }) => fetched.sources.has(fileId))
  }

  private leaveToEngine(objects: readonly NumberedObject[]): void {
    for (const { fileId } of objects)
      this.parsed.set(fileId, { ...nothing, fileId, outcome: 'parquet', table: undefined })
  }

  private async parse(objects: readonly NumberedObject[], pool: ParserPool, settings: ReadSettings): Promise<void> {
    const job = {
      id: nextJob++,
      files: objects.map((numbered) => parseFileOf(numbered, this.sourceOf(numbered))),
      type: settings.type?.name,
      format: settings.format,
      records: settings.into === undefined ? undefined : textReadingOf(settings.into),
      spoolDirectory: settings.spool,
      redact: settings.redact,
    }
    const files = pool.run(job, (segment, taken) => {
      this.receive(segment, taken)
    })
    for (const file of await files) this.parsed.set(file.fileId, file)
  }

  private receive(segment: Segment, taken: () => void): void {
    if (this.isDropped) {
      deleteSegment(segment)
      taken()
      return
    }
    this.ready.push(segment)
    this.spooled += segment.bytes
    if (this.spooled < MAX_SPOOLED) taken()
    else {
      this.held.push(taken)
      this.wake?.()
    }
  }
}

function deleteSegment(segment: Segment): void {
  for (const path of [segment.rowsPath, segment.rejectsPath, segment.events?.path])
    if (path !== undefined) rmSync(path, { force: true })
}

function parseFileOf({ planned: { object }, fileId }: NumberedObject, source: Source): ParseFile {
  return { fileId, uri: object.uri, source, accountId: object.accountId, region: object.region }
}
