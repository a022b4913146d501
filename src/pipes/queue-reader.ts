import type { FailedReceipt, QueueAttributes, QueueMessage } from '../aws/queue-answers.ts'
import type { Timing } from '../aws/timing.ts'
import { messageOf } from '../errors.ts'
import { Delivery, type RetryRule, type Verdict } from './deliveries.ts'
import { type ObjectCreated, readNotification } from './notifications.ts'
import type { Settlement } from './pending.ts'
import type { Parked } from './pipe-store.ts'

/** A queue, as far as reading it goes: SQS. */
export interface Queue {
  readonly receive: (signal: AbortSignal) => Promise<readonly QueueMessage[]>
  readonly remove: (receiptHandles: readonly string[]) => Promise<readonly FailedReceipt[]>
  readonly extend: (
    extensions: readonly { readonly receiptHandle: string; readonly seconds: number }[],
  ) => Promise<readonly FailedReceipt[]>
  readonly attributes: () => Promise<QueueAttributes>
}

/** Where what a queue tells goes. */
export interface QueueRoutes {
  /** For each pipe that takes the object: its name, the object as it will be kept, and how to hand it over. */
  readonly offer: (object: ObjectCreated) => readonly Offer[]
  /** False while no further messages should be received. */
  readonly hasRoom: () => boolean
  /** Keeps what is given up, before its message is deleted. */
  readonly park: (pipe: string, parked: readonly Parked[]) => Promise<void>
  /** Pipes that read this queue, for what belongs to no object. */
  readonly pipes: () => readonly string[]
  readonly reached: (point: string) => void
  readonly failed: (error: unknown) => void
}

/** A pipe that takes an object. */
export interface Offer {
  readonly pipe: string
  readonly object: NonNullable<Parked['object']>
  readonly accept: (settle: (settlement: Settlement) => void) => void
}

/** What is known of a queue. */
export interface QueueFacts {
  /** Epoch milliseconds. */
  lastReceivedMs: number | undefined
  lastForwardedMs: number | undefined
  lastPulledMs: number | undefined
  /** Messages that no pipe wanted: of other places, deletions, test events. */
  ignored: number
  error: string | undefined
}

interface InHand {
  readonly message: QueueMessage
  /** Epoch milliseconds: others receive it from then on. */
  hiddenUntil: number
}

/** How long a message is hidden while it is in hand; renewed at half of it. */
export const visibilitySeconds = 60
/** Between looks at whether there is room, and after a failure. */
const shortRestMs = 200
const longRestMs = 5000
/** Failed attempts are counted for so many messages. */
const maxCounted = 100_000

/** Receives the messages of one queue and deletes each once all it tells of is in the lake. */
export class QueueReader {
  readonly facts: QueueFacts = {
    lastReceivedMs: undefined,
    lastForwardedMs: undefined,
    lastPulledMs: undefined,
    ignored: 0,
    error: undefined,
  }
  private readonly queue: Queue
  private readonly routes: QueueRoutes
  private readonly timing: Timing
  private readonly rule: RetryRule
  private readonly hand = new Map<string, InHand>()
  private readonly failures = new Map<string, number>()
  private readonly ending = new Set<Promise<void>>()
  private toRemove: string[] = []
  private removing: Promise<void> | undefined

  constructor(queue: Queue, routes: QueueRoutes, timing: Timing, rule: RetryRule) {
    this.queue = queue
    this.routes = routes
    this.timing = timing
    this.rule = rule
  }

  /** Messages that were received and are not deleted yet. */
  get inHand(): number {
    return this.hand.size
  }

  /** Reads until the signal is aborted; what is in hand then becomes visible to others at once. */
  async run(signal: AbortSignal, receivers: number): Promise<void> {
    await Promise.all([...Array.from({ length: receivers }, () => this.receive(signal)), this.keepHidden(signal)])
    await Promise.all(this.ending)
    await this.removing
    const left = [...this.hand.values()].map(({ message }) => ({ receiptHandle: message.receiptHandle, seconds: 0 }))
    this.hand.clear()
    if (left.length > 0) await this.queue.extend(left).catch(() => undefined)
  }

  private async receive(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (!this.routes.hasRoom()) {
          await this.timing.wait(shortRestMs, signal)
          continue
        }
        const messages = await this.queue.receive(signal)
        this.facts.lastPulledMs = this.timing.now()
        this.facts.error = undefined
        for (const message of messages) this.take(message)
        if (messages.length > 0) this.routes.reached('pipe:received')
      } catch (error) {
        if (signal.aborted) return
        this.facts.error = messageOf(error)
        this.routes.failed(error)
        await this.timing.wait(longRestMs * (0.5 + this.timing.random()), signal).catch(() => undefined)
      }
    }
  }

  private take(message: QueueMessage): void {
    const now = this.timing.now()
    this.facts.lastReceivedMs = now
    this.hand.set(message.id, { message, hiddenUntil: now + visibilitySeconds * 1000 })
    const told = readNotification(message.body)
    const delivery = new Delivery((this.failures.get(message.id) ?? 0) + 1, this.rule, (verdict) => {
      this.track(this.end(message, verdict))
    })
    if (told.kind === 'unreadable') {
      const parked = { code: 'MESSAGE_UNREADABLE', reason: told.why, body: message.body }
      this.track(
        this.end(message, {
          verdict: 'delete',
          parked: this.routes
            .pipes()
            .slice(0, 1)
            .map((pipe) => ({ pipe, parked })),
        }),
      )
      return
    }
    const offers = told.kind === 'objects' ? told.objects.flatMap((object) => this.routes.offer(object)) : []
    if (offers.length === 0) this.facts.ignored++
    else this.facts.lastForwardedMs = now
    for (const { pipe, object, accept } of offers) accept(delivery.expect(pipe, object))
    delivery.complete()
  }

  private track(work: Promise<void>): void {
    const ended = work
      .catch((error: unknown) => {
        this.routes.failed(error)
      })
      .finally(() => this.ending.delete(ended))
    this.ending.add(ended)
  }

  private async end(message: QueueMessage, verdict: Verdict): Promise<void> {
    if (verdict.verdict === 'retry') {
      if (verdict.isCounted) this.count(message.id)
      this.hand.delete(message.id)
      await this.queue.extend([{ receiptHandle: message.receiptHandle, seconds: verdict.afterSeconds }])
      return
    }
    for (const { pipe, parked } of verdict.parked) await this.routes.park(pipe, [parked])
    if (verdict.parked.length > 0) this.routes.reached('pipe:parked')
    this.failures.delete(message.id)
    this.routes.reached('pipe:before-delete')
    await this.remove(message)
    this.routes.reached('pipe:deleted')
  }

  private count(id: string): void {
    if (this.failures.size >= maxCounted) this.failures.clear()
    this.failures.set(id, (this.failures.get(id) ?? 0) + 1)
  }

  /** Messages that end together are deleted together. */
  private async remove(message: QueueMessage): Promise<void> {
    this.toRemove.push(message.receiptHandle)
    this.removing ??= this.removeTogether()
    try {
      await this.removing
    } finally {
      this.hand.delete(message.id)
    }
  }

  private async removeTogether(): Promise<void> {
    await Promise.resolve()
    const handles = this.toRemove
    this.toRemove = []
    this.removing = undefined
    // One that could not be deleted comes again, and is found to be loaded.
    await this.queue.remove(handles)
  }

  private async keepHidden(signal: AbortSignal): Promise<void> {
    const half = (visibilitySeconds / 2) * 1000
    while (!signal.aborted) {
      await this.timing.wait(half / 4, signal).catch(() => undefined)
      const now = this.timing.now()
      const due = [...this.hand.values()].filter(({ hiddenUntil }) => hiddenUntil - now < half)
      if (due.length === 0 || signal.aborted) continue
      try {
        const extensions = due.map(({ message }) => ({
          receiptHandle: message.receiptHandle,
          seconds: visibilitySeconds,
        }))
        await this.queue.extend(extensions)
        for (const one of due) one.hiddenUntil = now + visibilitySeconds * 1000
      } catch (error) {
        // Others may receive them meanwhile, and load nothing twice.
        this.routes.failed(error)
      }
    }
  }
}
