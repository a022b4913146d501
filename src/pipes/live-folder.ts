import type { Timing } from '../aws/timing.ts'
import { MillraceError } from '../errors.ts'
import { canonicalUrl } from '../stages/canonical.ts'
import type { Stages } from '../stages/open.ts'
import type { Stage, StageObject } from '../stages/stage.ts'
import { FolderWatch } from './folder-watch.ts'

/** What a live folder needs. */
export interface FolderParts {
  /** Its URL. */
  readonly url: string
  readonly stages: Stages
  readonly timing: Timing
  /** Between two lists of everything. */
  readonly intervalMs: number
  /** Asks for a look after so many milliseconds. */
  readonly wake: (ms: number) => void
  readonly failed: (error: unknown) => void
}

/** A file that rests for so long is whole. */
const settleMs = 1000
/** What changes within this time is looked at together. */
const gatherMs = 100
/** Beyond so many changes all of the folder is listed: the system may have left some out. */
const mostTouched = 2000
/** How often a folder is listed whose changes are not told. */
const unwatchedMs = 10_000

/** A folder of this machine that tells what changes in it, so that not all of it is listed at each change. */
export class LiveFolder {
  private readonly parts: FolderParts
  /** Once the folder is there. */
  private watch: FolderWatch | undefined
  private readonly touched = new Set<string>()
  /** Files that may still be written, by their paths: which version was seen, and since when. */
  private readonly unsettled = new Map<string, { readonly version: string; readonly sinceMs: number }>()
  private wholeAtMs = -Infinity

  constructor(parts: FolderParts) {
    this.parts = parts
  }

  /** Has everything listed within so many milliseconds. */
  listAgain(ms: number): void {
    this.wholeAtMs = Math.min(this.wholeAtMs, this.parts.timing.now() + ms)
    this.parts.wake(ms)
  }

  /** Has files looked at again that could not be loaded now. */
  lookAgain(files: readonly StageObject[]): void {
    for (const { uri } of files) this.touch(uri, settleMs)
  }

  /** The stage as it lists what is to be looked at now: all of it, or what changed. */
  next(stage: Stage): Stage {
    const now = this.parts.timing.now()
    this.watch ??= this.startWatch()
    const paths = [...this.touched]
    this.touched.clear()
    if (now >= this.wholeAtMs || paths.length > mostTouched) {
      this.watch.renew()
      const { intervalMs } = this.parts
      const restMs = this.watch.isComplete ? intervalMs : Math.min(intervalMs, unwatchedMs)
      this.wholeAtMs = now + restMs
      this.parts.wake(restMs)
      return stage
    }
    for (const path of paths) this.watch.renewAt(path)
    this.parts.wake(this.wholeAtMs - now)
    return { ...stage, list: (signal) => this.listed(paths, signal) }
  }

  /** Whether a file is whole: it has not been written for a while, or is as it was then. One that is not is looked at again. */
  isSettled({ uri, version, modifiedMs }: StageObject): boolean {
    const now = this.parts.timing.now()
    const seen = this.unsettled.get(uri)
    // Times of files are not always of this machine's clock.
    const isSame = seen?.version === version
    if (modifiedMs <= now - settleMs || (isSame && seen.sinceMs <= now - settleMs)) {
      this.unsettled.delete(uri)
      return true
    }
    if (!isSame) this.unsettled.set(uri, { version, sinceMs: now })
    this.touch(uri, settleMs)
    return false
  }

  close(): void {
    this.watch?.close()
  }

  private startWatch(): FolderWatch {
    const { url, stages, failed } = this.parts
    return new FolderWatch(canonicalUrl(url).replace(/(?<=.)\/$/, ''), stages.lakeDirectory, {
      changed: (path) => {
        this.touch(path, gatherMs)
      },
      lost: () => {
        this.listAgain(gatherMs)
      },
      failed,
    })
  }

  private touch(path: string, ms: number): void {
    // What the lake writes below it would be told for ever.
    const { lakeDirectory } = this.parts.stages
    if (path === lakeDirectory || path.startsWith(`${lakeDirectory}/`)) return
    this.touched.add(path)
    this.parts.wake(ms)
  }

  private async *listed(
    paths: readonly string[],
    signal: AbortSignal | undefined,
  ): AsyncGenerator<readonly StageObject[]> {
    const found = new Map<string, StageObject>()
    for (const path of paths) {
      const stage = await this.open(path)
      if (stage === undefined) this.unsettled.delete(path)
      else for await (const objects of stage.list(signal)) for (const object of objects) found.set(object.uri, object)
    }
    if (found.size > 0) yield [...found.values()]
  }

  /** A file, or a folder with all below it; undefined where there is nothing any more. */
  private async open(path: string): Promise<Stage | undefined> {
    try {
      return await this.parts.stages.open(path)
    } catch (error) {
      if (error instanceof MillraceError && ['SOURCE_MISSING', 'SOURCE_UNSUPPORTED'].includes(error.code))
        return undefined
      throw error
    }
  }
}
