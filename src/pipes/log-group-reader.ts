import type { DuckDBConnection } from '@duckdb/node-api'
import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { type LogEvent, type LogsClient, TokenEnded } from '../aws/logs.ts'
import type { Timing } from '../aws/timing.ts'
import { MillraceError } from '../errors.ts'
import type { ObjectOutcome } from '../loading/stage-load.ts'
import type { HeldObject } from '../stages/held.ts'
import { type LogGroupPlace, readLogGroupUrl } from '../stages/log-group.ts'
import type { Stages } from '../stages/open.ts'
import { loadHeld } from './held-load.ts'
import { type ReadGroup, newEvents, readRange, writeRange } from './log-group-store.ts'
import {
  type Lateness,
  type ReadRange,
  type Window,
  WindowSize,
  behind,
  firstRange,
  startingAt,
  windowAgain,
  windowBefore,
  windowFrom,
} from './log-windows.ts'
import type { PipeLoads } from './pipe-loads.ts'
import type { Pipe } from './pipe.ts'

/** How log groups are read. */
export interface LogGroupTimes extends Lateness {
  /** Requests to CloudWatch Logs in a second, for each region. */
  readonly perSecond: number
}

/** What a reader of a log group needs. */
export interface LogGroupParts {
  readonly pipe: Pipe
  readonly loads: PipeLoads
  readonly stages: Stages
  readonly spool: string
  readonly transaction: <T>(work: (connection: DuckDBConnection) => Promise<T>, signal?: AbortSignal) => Promise<T>
  readonly timing: Timing
  readonly times: LogGroupTimes
  readonly reached: (point: string) => void
}

/** One way through what lies behind: what it asks for next, and what has been read then. */
interface Pass {
  readonly size: WindowSize
  readonly next: (range: ReadRange) => Window | undefined
  readonly after: (range: ReadRange, window: Window) => ReadRange
}

/** CloudWatch Logs began in July 2014: there is nothing before. */
const beginningMs = Date.UTC(2014, 6, 1)
/** Events that are stored together. */
const manyEvents = 10_000
const manyBytes = 1 << 20
const mostRestarts = 10

/** Reads a log group: what is new, and bit by bit what was before. Each event is stored once, however often it is asked for and by whatever other way it comes. */
export class LogGroupReader {
  /** Epoch milliseconds: when the group was last asked for all that is new, and the time of the newest event. */
  readUntilMs: number | undefined
  newestMs: number | undefined
  private readonly parts: LogGroupParts
  private readonly place: LogGroupPlace
  private readonly group: ReadGroup
  private readonly sizes = { forward: new WindowSize(), again: new WindowSize(), back: new WindowSize() }

  constructor(parts: LogGroupParts) {
    this.parts = parts
    const { url, access, reading } = parts.pipe
    this.place = readLogGroupUrl(url)
    const source = access.roleArn === undefined ? url : `${url} as ${access.roleArn}`
    this.group = { table: reading.type?.table ?? '', source, group: this.place.group }
  }

  /**
   * Reads what is new, then what may have come late, and then earlier events, for `intervalMs` or twice the time that what is new takes, and a
   * window of each at least. Returns whether all is there; `met` is told what was stored.
   */
  async read(
    signal: AbortSignal,
    intervalMs: number,
    met?: (outcomes: readonly ObjectOutcome[]) => void,
  ): Promise<boolean> {
    const { timing, times, pipe } = this.parts
    const nowMs = timing.now()
    const startMs = pipe.startMs ?? beginningMs
    const known = await this.parts.transaction((connection) => readRange(connection, this.group), signal)
    const first = startingAt(known ?? firstRange(startMs, nowMs, times), startMs, nowMs, times)
    let range = await this.write(first, known, signal)
    for (let atMs = range.toMs; ;) {
      const window = windowFrom(atMs, nowMs, this.sizes.forward.ms)
      if (window === undefined) break
      const askedMs = timing.now()
      if (!(await this.readWindow(window, this.sizes.forward, signal, met))) continue
      range = await this.write(behind(range, window, askedMs, times.overlapMs), range, signal)
      atMs = window.toMs
    }
    this.readUntilMs = nowMs
    const dueMs = Math.max(nowMs + intervalMs, 2 * timing.now() - nowMs)
    const { again, back } = this.sizes
    const passes: readonly Pass[] = [
      {
        size: again,
        next: (of) => windowAgain(of, nowMs, times, again.ms),
        after: (of, window) => ({ ...of, settledMs: window.toMs }),
      },
      {
        size: back,
        next: (of) => windowBefore(of, back.ms),
        after: (of, window) => ({ ...of, fromMs: window.fromMs }),
      },
    ]
    for (const { size, next, after } of passes)
      for (let window = next(range); window !== undefined; window = next(range)) {
        if (!(await this.readWindow(window, size, signal, met))) continue
        range = await this.write(after(range, window), range, signal)
        if (timing.now() >= dueMs) break
      }
    return passes.every(({ next }) => next(range) === undefined)
  }

  private async write(range: ReadRange, before: ReadRange | undefined, signal: AbortSignal): Promise<ReadRange> {
    if (before !== undefined && isDeepStrictEqual(range, before)) return range
    this.parts.reached('logs:window')
    await this.parts.transaction((connection) => writeRange(connection, this.group, range), signal)
    return range
  }

  /** Stores the events of a window; false where there were too many for one. Rejects where any of them could not be stored. */
  private async readWindow(
    window: Window,
    size: WindowSize,
    signal: AbortSignal,
    met?: (outcomes: readonly ObjectOutcome[]) => void,
  ): Promise<boolean> {
    const state = { pages: 0, isLeft: false }
    const nextPage = (): boolean => {
      this.parts.reached('logs:page')
      state.isLeft = size.isTooMuch(++state.pages)
      return !state.isLeft
    }
    const why = await loadHeld(this.parts.loads, this.objects(window, nextPage, signal), { signal, met })
    if (why !== undefined) throw notStored(this.place, why)
    size.note(state.isLeft ? undefined : state.pages)
    return !state.isLeft
  }

  private async *objects(window: Window, nextPage: () => boolean, signal: AbortSignal): AsyncGenerator<HeldObject> {
    const client = await this.client()
    let restarts = 0
    let held: LogEvent[] = []
    let bytes = 0
    for (let token: string | undefined, isMore = true; isMore;) {
      try {
        const page = await client.events({ group: this.place.group, ...window, token, signal })
        for (const event of await this.unknown(page.events, signal)) {
          held.push(event)
          bytes += event.message.length
        }
        token = page.next
        isMore = nextPage() && token !== undefined
      } catch (error) {
        // Asked for from the beginning, it gives the same events again, and they are known.
        if (!(error instanceof TokenEnded) || ++restarts > mostRestarts) throw ofMany(this.place, error)
        token = undefined
      }
      if (held.length >= manyEvents || bytes >= manyBytes || (!isMore && held.length > 0)) {
        yield this.objectOf(window, held)
        held = []
        bytes = 0
      }
    }
  }

  private async client(): Promise<LogsClient> {
    const { stages, pipe, times } = this.parts
    return (await stages.aws()).logs(this.place.region, pipe.access, times.perSecond)
  }

  private unknown(events: readonly LogEvent[], signal: AbortSignal): Promise<readonly LogEvent[]> {
    const { transaction, spool } = this.parts
    for (const { timestamp } of events) this.newestMs = Math.max(this.newestMs ?? 0, timestamp)
    return transaction((connection) => newEvents(connection, spool, this.group, events), signal)
  }

  /** Events as an envelope, named by their window and by what they are. */
  private objectOf({ fromMs, toMs }: Window, events: readonly LogEvent[]): HeldObject {
    const { region, group } = this.place
    const logEvents = events.map(({ eventId: id, timestamp, message }) => ({ id, timestamp, message }))
    const bytes = Buffer.from(JSON.stringify({ messageType: 'DATA_MESSAGE', logGroup: group, logEvents }))
    const version = createHash('sha256').update(bytes).digest('hex').slice(0, 32)
    const [from, to] = [fromMs, toMs].map((ms) => new Date(ms).toISOString())
    const object = {
      uri: `cloudwatch://${region}/${group}?from=${from}&to=${to}&events=${version.slice(0, 12)}`,
      version,
      size: bytes.length,
      modifiedMs: this.parts.timing.now(),
      accountId: undefined,
      region,
      dateMs: fromMs,
    }
    return { object, bytes }
  }
}

function notStored({ region, group }: LogGroupPlace, why: string): MillraceError {
  return new MillraceError(
    'SOURCE_UNAVAILABLE',
    `Events of the log group ${group} of ${region} could not be stored (${why || 'they were left out'}). They are asked for again.`,
  )
}

function ofMany({ region, group }: LogGroupPlace, error: unknown): unknown {
  if (!(error instanceof TokenEnded)) return error
  return new MillraceError(
    'SOURCE_UNAVAILABLE',
    `The log group ${group} of ${region} could not be read: CloudWatch Logs took back its tokens ${mostRestarts} times. It is asked again.`,
    error,
  )
}
