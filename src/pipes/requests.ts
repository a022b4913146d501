import type { DuckDBConnection } from '@duckdb/node-api'
import type { Timing } from '../aws/timing.ts'
import { MillraceError, messageOf } from '../errors.ts'
import { readPath } from '../stages/object-path.ts'
import type { StageObject } from '../stages/stage.ts'
import { Delivery, type RetryRule, type Verdict } from './deliveries.ts'
import type { Settlement } from './pending.ts'
import type { Parked } from './pipe-store.ts'
import { type Requested, readRequested, removeRequested } from './request-store.ts'
import { Together } from './together.ts'

/** What the requests of a pipe are made of. */
export interface RequestParts {
  /** The pipe's full name. */
  readonly pipe: string
  readonly transaction: <T>(work: (connection: DuckDBConnection) => Promise<T>) => Promise<T>
  readonly timing: Timing
  readonly rule: RetryRule
  /** False while no further objects should be taken. */
  readonly hasRoom: () => boolean
  /** The object as it is now; undefined when it is not there. */
  readonly look: (uri: string, signal: AbortSignal) => Promise<StageObject | undefined>
  readonly add: (object: StageObject, writtenMs: number, settle: (settlement: Settlement) => void) => void
  readonly park: (parked: readonly Parked[]) => Promise<void>
  readonly failed: (error: unknown) => void
}

/** Objects that are looked up at once. */
const atOnce = 64
/** Between looks at whether there is room. */
const fullMs = 200
const failedMs = 5000
/** Otherwise nothing comes by itself: `soon` says when. */
const idleMs = 3_600_000

/**
 * What programs have asked a pipe for by name. It is kept in the lake until it is known what became of it, so that a crash loses nothing: whatever is there when a
 * pipe begins to run is taken up again.
 */
export class Requests {
  private readonly parts: RequestParts
  private readonly inHand = new Map<string, Requested>()
  private readonly failures = new Map<string, number>()
  /** What ends together is forgotten together. */
  private readonly done: Together<Requested>
  private wake = new AbortController()

  constructor(parts: RequestParts) {
    this.parts = parts
    this.done = new Together((requested) =>
      parts.transaction((connection) => removeRequested(connection, parts.pipe, requested)),
    )
  }

  /** To be called when something was asked for. */
  soon(): void {
    this.wake.abort()
  }

  /** Hands over what is asked for, until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.wake = new AbortController()
      const either = AbortSignal.any([signal, this.wake.signal])
      const restMs = await this.handOverSome(signal)
      if (restMs > 0) await this.parts.timing.wait(restMs, either).catch(() => undefined)
    }
  }

  /** How long to rest then. */
  private async handOverSome(signal: AbortSignal): Promise<number> {
    if (!this.parts.hasRoom()) return fullMs
    try {
      const next = await this.next()
      await Promise.all(next.map((one) => this.handOver(one, signal)))
      return next.length > 0 ? 0 : idleMs
    } catch (error) {
      if (!signal.aborted) this.parts.failed(error)
      return failedMs
    }
  }

  private async next(): Promise<Requested[]> {
    const { transaction, pipe } = this.parts
    const found = await transaction((connection) => readRequested(connection, pipe, this.inHand.size + atOnce))
    return found.filter(({ uri }) => !this.inHand.has(uri)).slice(0, atOnce)
  }

  private async handOver(requested: Requested, signal: AbortSignal): Promise<void> {
    const { pipe, timing, rule, add } = this.parts
    const { uri } = requested
    this.inHand.set(uri, requested)
    const delivery = new Delivery((this.failures.get(uri) ?? 0) + 1, rule, (verdict) => {
      this.end(requested, verdict, signal).catch(this.parts.failed)
    })
    try {
      // One that is not there fails as such, so that whoever asked for it is told.
      const object = (await this.parts.look(uri, signal)) ?? nothingAt(uri, timing.now())
      const settle = delivery.expect(pipe, object)
      delivery.complete()
      add(object, object.modifiedMs, settle)
    } catch (error) {
      const code = error instanceof MillraceError ? error.code : 'INTERNAL'
      const settle = delivery.expect(pipe, { uri, version: '', size: 0 })
      delivery.complete()
      settle({ result: 'failed', code, reason: messageOf(error), fault: 'passing' })
    }
  }

  private async end(requested: Requested, verdict: Verdict, signal: AbortSignal): Promise<void> {
    const { uri } = requested
    if (verdict.verdict === 'retry') {
      if (verdict.isCounted) this.failures.set(uri, (this.failures.get(uri) ?? 0) + 1)
      await this.parts.timing.wait(verdict.afterSeconds * 1000, signal).catch(() => undefined)
      this.inHand.delete(uri)
      this.soon()
      return
    }
    await this.parts.park(verdict.parked.map(({ parked }) => parked))
    this.failures.delete(uri)
    // What cannot be forgotten is taken up again, and found to be loaded.
    await this.done.add(requested).finally(() => this.inHand.delete(uri))
    this.soon()
  }
}

function nothingAt(uri: string, nowMs: number): StageObject {
  const { accountId, region, dateMs = nowMs } = readPath(uri)
  return { uri, version: 'missing', size: 0, modifiedMs: nowMs, accountId, region, dateMs }
}
