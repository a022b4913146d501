import { rmSync } from 'node:fs'
import type { LogType } from '../log-type/log-type.ts'
import type { BatchPlan } from './batches.ts'
import type { ParseFile, ParsedFile } from './parse-files.ts'
import type { ParserPool } from './parser-pool.ts'
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
  private ready: Segment[] = []
  private held: (() => void)[] = []
  private spooled = 0
  private running: number
  private wake: (() => void) | undefined
  private isDropped = false

  constructor(plan: BatchPlan, pool: ParserPool, writer: Writer, settings: ReadSettings) {
    const jobs = plan.map((job) => job.map((planned): NumberedObject => ({ planned, fileId: writer.nextFileId() })))
    this.objects = jobs.flat()
    this.running = jobs.length
    for (const objects of jobs) void this.read(objects, pool, settings)
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
  }

  private async read(objects: readonly NumberedObject[], pool: ParserPool, settings: ReadSettings): Promise<void> {
    const job = {
      id: nextJob++,
      files: objects.map(parseFileOf),
      type: settings.type?.name,
      format: settings.format,
      spoolDirectory: settings.spool,
      redact: settings.redact,
    }
    const files = pool.run(job, (segment, taken) => {
      this.receive(segment, taken)
    })
    try {
      for (const file of await files) this.parsed.set(file.fileId, file)
    } catch (error) {
      this.crashed.push({ objects, error })
    } finally {
      this.running--
      this.wake?.()
    }
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
  for (const path of [segment.rowsPath, segment.rejectsPath]) if (path !== undefined) rmSync(path, { force: true })
}

function parseFileOf({ planned: { object }, fileId }: NumberedObject): ParseFile {
  return {
    fileId,
    path: object.uri,
    size: object.size,
    modifiedMs: object.modifiedMs,
    accountId: object.accountId,
    region: object.region,
  }
}
