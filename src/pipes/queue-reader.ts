import type { FailedReceipt, QueueAttributes, QueueMessage } from '../aws/queue-answers.ts'
import { type Timing, until } from '../aws/timing.ts'
import { messageOf } from '../errors.ts'
import { Delivery, type RetryRule, type Verdict } from './deliveries.ts'
import { type ObjectCreated, readNotification } from './notifications.ts'
import type { Settlement } from './pending.ts'
import type { Parked } from './pipe-store.ts'
import { Together } from './together.ts'

/** A message that is hidden for so many seconds from now on. */
interface Extension {
  readonly receiptHandle: string
  readonly seconds: number
}

/** A queue, as far as reading it goes: SQS. */
export interface Queue {
  readonly receive: (signal: AbortSignal) => Promise<readonly QueueMessage[]>
  readonly remove: (receiptHandles: readonly string[], signal: AbortSignal) => Promise<readonly FailedReceipt[]>
  readonly extend: (extensions: readonly Extension[], signal: AbortSignal) => Promise<readonly FailedReceipt[]>
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
  /** Pipes that read this queue; what belongs to no object is the first one's. */
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

/** How a queue is read. */
export interface ReaderRules {
  readonly timing: Timing
  readonly retry: RetryRule
  /** How long a message is hidden from others while it is in hand; renewed at half of it. */
  readonly visibilitySeconds: number
}

/** Between looks at whether there is room, and after a failure. */
const shortRestMs = 200
const longRestMs = 5000
/** Failed attempts are counted for so many messages. */
const maxCounted = 100_000
/** Messages in hand at most: more are no use before these are deleted. */
const maxInHand = 5000
/** How long what is in hand may take to end when reading ends. */
const endMs = 4000
/** A message that nobody is there to take rests so long. */
const restSeconds = 1

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
  private readonly rules: ReaderRules
  /** Receipts of messages, and until when (epoch milliseconds) they are hidden. */
  private readonly hand = new Map<string, number>()
  private readonly failures = new Map<string, number>()
  private readonly ending = new Set<Promise<void>>()
  /** Ends requests that would keep `run` from ending. */
  private readonly giveUp = new AbortController()
  private readonly removals: Together<string>
  private readonly extensions: Together<Extension>
  private isEnding = false
  private lastFailure: unknown

  constructor(queue: Queue, routes: QueueRoutes, rules: ReaderRules) {
    this.queue = queue
    this.routes = routes
    this.rules = rules
    const { signal } = this.giveUp
    this.removals = new Together((receipts) => queue.remove(receipts, signal))
    this.extensions = new Together((extensions) => queue.extend(extensions, signal))
  }

  /** Messages that were received and are not deleted yet. */
  get inHand(): number {
    return this.hand.size
  }

  /** Reads until the signal is aborted. What is in hand then is ended within a few seconds, or becomes visible to others. */
  async run(signal: AbortSignal, receivers: number): Promise<void> {
    await Promise.all([...Array.from({ length: receivers }, () => this.receive(signal)), this.keepHidden(signal)])
    const isOver = new AbortController()
    const limit = this.giveUpLate(isOver.signal)
    try {
      await until(this.giveUp.signal, Promise.all(this.ending))
      const left = [...this.hand.keys()].map((receiptHandle) => ({ receiptHandle, seconds: 0 }))
      if (left.length > 0) await this.queue.extend(left, this.giveUp.signal)
    } catch {
      // What is not visible now will be, in a while.
    }
    isOver.abort()
    await limit
  }

  private async giveUpLate(isOver: AbortSignal): Promise<void> {
    await this.rules.timing.wait(endMs, isOver).catch(() => undefined)
    if (!isOver.aborted) this.giveUp.abort()
  }

  private async receive(signal: AbortSignal): Promise<void> {
    const { timing } = this.rules
    while (!signal.aborted) {
      try {
        if (!this.routes.hasRoom() || this.hand.size >= maxInHand) {
          await timing.wait(shortRestMs, signal)
          continue
        }
        const messages = await this.queue.receive(signal)
        this.facts.lastPulledMs = timing.now()
        this.facts.error = undefined
        this.isEnding = signal.aborted
        for (const message of messages) this.take(message)
        if (messages.length > 0) this.routes.reached('pipe:received')
      } catch (error) {
        if (signal.aborted) break
        this.facts.error = messageOf(error)
        this.routes.failed(error)
        await timing.wait(longRestMs * (0.5 + timing.random()), signal).catch(() => undefined)
      }
    }
    this.isEnding = true
  }

  private take({ id, receiptHandle, body }: QueueMessage): void {
    const now = this.rules.timing.now()
    this.facts.lastReceivedMs = now
    this.hand.set(receiptHandle, now + this.rules.visibilitySeconds * 1000)
    const settled = this.judge(id, body)
    const ended = settled
      .then((verdict) => this.end(id, receiptHandle, verdict))
      .catch((error: unknown) => {
        // It comes again, and what is loaded by then is found to be. Those that were sent together failed by one error.
        if (!this.giveUp.signal.aborted && error !== this.lastFailure) this.routes.failed(error)
        this.lastFailure = error
      })
      .finally(() => {
        this.hand.delete(receiptHandle)
        this.ending.delete(ended)
      })
    this.ending.add(ended)
  }

  /** Hands over what a message tells of; resolves when all of it is settled. */
  private judge(id: string, body: string): Promise<Verdict> {
    const [first] = this.routes.pipes()
    if (first === undefined)
      return Promise.resolve({ verdict: 'retry', afterSeconds: restSeconds, isCounted: false } as const)
    const told = readNotification(body)
    if (told.kind === 'unreadable') {
      const parked = { code: 'MESSAGE_UNREADABLE', reason: told.why, body }
      return Promise.resolve({ verdict: 'delete', parked: [{ pipe: first, parked }] } as const)
    }
    return new Promise((resolve) => {
      const delivery = new Delivery((this.failures.get(id) ?? 0) + 1, this.rules.retry, resolve)
      const offers = told.kind === 'objects' ? told.objects.flatMap((object) => this.routes.offer(object)) : []
      if (offers.length === 0) this.facts.ignored++
      else this.facts.lastForwardedMs = this.rules.timing.now()
      for (const { pipe, object, accept } of offers) accept(delivery.expect(pipe, object))
      delivery.complete()
    })
  }

  private async end(id: string, receiptHandle: string, verdict: Verdict): Promise<void> {
    if (verdict.verdict === 'retry') {
      if (verdict.isCounted) this.count(id)
      this.hand.delete(receiptHandle)
      await this.extensions.add({ receiptHandle, seconds: this.isEnding ? 0 : verdict.afterSeconds })
      return
    }
    for (const { pipe, parked } of verdict.parked) await until(this.giveUp.signal, this.routes.park(pipe, [parked]))
    if (verdict.parked.length > 0) this.routes.reached('pipe:parked')
    this.failures.delete(id)
    this.routes.reached('pipe:before-delete')
    // One that is not deleted comes again, and is found to be loaded.
    await this.removals.add(receiptHandle)
    this.routes.reached('pipe:deleted')
  }

  private count(id: string): void {
    if (this.failures.size >= maxCounted) this.failures.clear()
    this.failures.set(id, (this.failures.get(id) ?? 0) + 1)
  }

  private async keepHidden(signal: AbortSignal): Promise<void> {
    const { timing, visibilitySeconds } = this.rules
    const half = (visibilitySeconds / 2) * 1000
    while (!signal.aborted) {
      await timing.wait(half / 4, signal).catch(() => undefined)
      const now = timing.now()
      const due = [...this.hand].filter(([, hiddenUntil]) => hiddenUntil - now < half)
      if (due.length === 0 || signal.aborted) continue
      try {
        const extensions = due.map(([receiptHandle]) => ({ receiptHandle, seconds: visibilitySeconds }))
        const failed = await this.queue.extend(extensions, signal)
        const lost = new Set(failed.map(({ receiptHandle }) => receiptHandle))
        for (const [receiptHandle] of due)
          if (this.hand.has(receiptHandle) && !lost.has(receiptHandle))
            this.hand.set(receiptHandle, now + visibilitySeconds * 1000)
      } catch (error) {
        // Others may receive them meanwhile, and load nothing twice.
        if (!signal.aborted) this.routes.failed(error)
      }
    }
  }
}
