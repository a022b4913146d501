import type { QueueAttributes } from '../aws/queue-answers.ts'
import { MillraceError } from '../errors.ts'
import type { ObjectOutcome } from '../loading/stage-load.ts'
import type { HeldObject } from '../stages/held.ts'
import { type RetryRule, usualRetry } from './deliveries.ts'
import type { ObjectCreated } from './notifications.ts'
import { park } from './pipe-store.ts'
import { type BrokenPipe, type Pipe, type PipeName, pipeText } from './pipe.ts'
import { type Offer, type Queue, QueueReader } from './queue-reader.ts'
import type { PipeParts } from './pipe-parts.ts'
import { type RefreshRange, type Retried, RunningPipe } from './running-pipe.ts'
import { objectOf } from './told-object.ts'

/** The pipes of the catalog: those that can run, and those that cannot. */
export interface Definitions {
  readonly pipes: readonly Pipe[]
  readonly broken: readonly BrokenPipe[]
}

/** What runs pipes. */
export interface PipesOptions extends Omit<PipeParts, 'failed' | 'rule'> {
  readonly definitions: () => Promise<Definitions>
  readonly retry?: RetryRule | undefined
  /** How long a message is hidden while it is in hand (default 60). */
  readonly visibilitySeconds?: number | undefined
}

/** Requests to a queue that wait for messages at once. */
const receivers = 4
const waitSeconds = 20
const usualVisibilitySeconds = 60
/** A queue's depth is asked for at most so often. */
const depthMs = 5000
/** Status does not wait longer for a queue that does not answer. */
const depthLimitMs = 2000

interface Running<T> {
  readonly what: T
  readonly stop: () => Promise<void>
}

/** What is known of one pipe now. */
export interface PipeNow {
  readonly pipe: PipeName
  readonly definition: Pipe | undefined
  /** Why it cannot run. */
  readonly broken: string | undefined
  readonly running: RunningPipe | undefined
  readonly queue: QueueReader | undefined
  /** Undefined where it has no queue, or the queue cannot be asked. */
  readonly depth: QueueAttributes | undefined
}

/** Runs the pipes of a lake: each on its own, queues that several share once. */
export class Pipes {
  private readonly options: PipesOptions
  private parts: PipeParts
  private readonly running = new Map<string, Running<RunningPipe>>()
  private readonly queues = new Map<string, Running<QueueReader>>()
  private readonly depths = new Map<string, { readonly atMs: number; readonly depth: QueueAttributes | undefined }>()
  private known: Definitions = { pipes: [], broken: [] }
  private isStarted = false
  private turn: Promise<unknown> = Promise.resolve()

  constructor(options: PipesOptions) {
    this.options = options
    this.parts = { ...options, rule: options.retry ?? usualRetry, failed: () => undefined }
  }

  /** Runs all pipes until `stop`. `failed` is called with what goes wrong in a pipe, or in a queue that several share, while it goes on. */
  async start(failed: PipeParts['failed']): Promise<void> {
    this.isStarted = true
    this.parts = { ...this.parts, failed }
    await this.sync()
  }

  /** Ends what runs. What was not committed comes again. */
  async stop(): Promise<void> {
    this.isStarted = false
    await this.inTurn(async () => {
      await Promise.all([...this.queues.values(), ...this.running.values()].map(({ stop }) => stop()))
      this.queues.clear()
      this.running.clear()
    })
  }

  /** Brings what runs in line with the catalog: called when it has changed. `isAnew` when the lake is another: then everything is listed once. */
  sync(isAnew = false): Promise<void> {
    return this.inTurn(async () => {
      if (!this.isStarted) return
      this.known = await this.options.definitions()
      const wanted = new Map(this.known.pipes.filter(({ isPaused }) => !isPaused).map((pipe) => [pipeText(pipe), pipe]))
      const ending = [...this.running].filter(
        ([name, { what }]) => isAnew || wanted.get(name)?.signature !== what.pipe.signature,
      )
      // Until it has ended it takes what is for it, and gives it back: a message that nobody takes is deleted.
      await Promise.all(ending.map(([, { stop }]) => stop()))
      for (const [name] of ending) this.running.delete(name)
      for (const [name, pipe] of wanted)
        if (!this.running.has(name))
          this.running.set(name, this.started(isAnew ? { ...pipe, listedMs: undefined } : pipe))
      await this.syncQueues()
    })
  }

  /** Loads what a pipe's stage holds and history does not; returns what it met. */
  async refresh(name: PipeName, range: RefreshRange, signal: AbortSignal): Promise<ObjectOutcome[]> {
    return (await this.find(name)).refresh(range, signal)
  }

  /** Tries again what a pipe has given up. */
  async retry(name: PipeName, signal: AbortSignal): Promise<Retried> {
    return (await this.find(name)).retry(signal)
  }

  /** Loads an object that was posted to a pipe. Resolves when it is in the lake. */
  async deliver(name: PipeName, held: HeldObject, signal: AbortSignal): Promise<void> {
    await (await this.find(name)).deliver(held, signal)
  }

  /** The pipe as it runs, or would run. */
  async definition(name: PipeName): Promise<Pipe> {
    return (await this.find(name)).pipe
  }

  /** To be called when objects were asked for. */
  requested(name: PipeName): void {
    this.running.get(pipeText(name))?.what.requests.soon()
  }

  /** What is known of all pipes. */
  async now(): Promise<PipeNow[]> {
    const { pipes, broken } = this.isStarted ? this.known : await this.options.definitions()
    const states = await Promise.all(
      pipes.map(async (definition): Promise<PipeNow> => {
        const { queueUrl } = definition
        return {
          pipe: definition,
          definition,
          broken: undefined,
          running: this.running.get(pipeText(definition))?.what,
          queue: queueUrl === undefined ? undefined : this.queues.get(queueUrl)?.what,
          depth: queueUrl === undefined ? undefined : await this.depth(queueUrl),
        }
      }),
    )
    const nothing = { definition: undefined, running: undefined, queue: undefined, depth: undefined }
    return [...states, ...broken.map((pipe): PipeNow => ({ ...nothing, pipe, broken: pipe.reason }))]
  }

  /** The pipe as it runs, or as it would. */
  private async find(name: PipeName): Promise<RunningPipe> {
    const text = pipeText(name)
    const running = this.running.get(text)
    if (running !== undefined) return running.what
    const { pipes, broken } = await this.options.definitions()
    const pipe = pipes.find((one) => pipeText(one) === text)
    if (pipe !== undefined) return new RunningPipe(pipe, this.parts)
    const reason = broken.find((one) => pipeText(one) === text)?.reason
    if (reason === undefined)
      throw new MillraceError('PIPE_MISSING', `PIPE ${text} does not exist; SHOW PIPES lists what there is.`)
    throw new MillraceError('PIPE_BROKEN', `PIPE ${text} cannot run: ${reason}`)
  }

  private async syncQueues(): Promise<void> {
    const wanted = new Set(
      [...this.running.values()].flatMap(({ what }) => (what.pipe.autoIngest ? (what.pipe.queueUrl ?? []) : [])),
    )
    const ending = [...this.queues].filter(([url]) => !wanted.has(url))
    await Promise.all(ending.map(([, { stop }]) => stop()))
    for (const [url] of ending) this.queues.delete(url)
    for (const url of wanted) {
      if (this.queues.has(url)) continue
      const { timing, visibilitySeconds = usualVisibilitySeconds } = this.options
      const reader = new QueueReader(this.queueAt(url, visibilitySeconds), this.routesOf(url), {
        timing,
        retry: this.parts.rule,
        visibilitySeconds,
      })
      this.queues.set(
        url,
        started(reader, (signal) => reader.run(signal, receivers)),
      )
    }
  }

  private started(pipe: Pipe): Running<RunningPipe> {
    const running = new RunningPipe(pipe, this.parts)
    return started(running, (signal) =>
      running.run(signal).catch((error: unknown) => {
        this.parts.failed(pipeText(pipe), error)
      }),
    )
  }

  private pipesOn(url: string): RunningPipe[] {
    const running = [...this.running.values()].map(({ what }) => what)
    return running.filter(({ pipe }) => pipe.autoIngest && pipe.queueUrl === url)
  }

  private routesOf(url: string): ConstructorParameters<typeof QueueReader>[1] {
    const { reached, failed } = this.parts
    return {
      offer: (told) => this.pipesOn(url).flatMap((pipe) => offerOf(pipe, told)),
      hasRoom: () => this.pipesOn(url).some(({ hasRoom }) => hasRoom),
      park: async (name, parked) => {
        const pipe = this.running.get(name)?.what
        if (pipe !== undefined) await pipe.parked.add(parked)
        // A pipe that was dropped has nothing any more.
        else if (this.known.pipes.some((one) => pipeText(one) === name))
          await this.options.transaction((connection) => park(connection, name, parked))
      },
      pipes: () => this.pipesOn(url).map(({ pipe }) => pipeText(pipe)),
      reached,
      failed: (error) => {
        failed(undefined, error)
      },
    }
  }

  private queueAt(queueUrl: string, visibilitySeconds = usualVisibilitySeconds): Queue {
    const client = async () => (await this.options.stages.aws()).sqs()
    return {
      receive: async (signal) =>
        (await client()).receive({ queueUrl, max: 10, waitSeconds, visibilitySeconds, signal }),
      remove: async (receipts, signal) => (await client()).remove(queueUrl, receipts, signal),
      extend: async (extensions, signal) => (await client()).extend(queueUrl, extensions, signal),
      attributes: async () => (await client()).attributes(queueUrl),
    }
  }

  private async depth(url: string): Promise<QueueAttributes | undefined> {
    const known = this.depths.get(url)
    const atMs = this.options.timing.now()
    if (known !== undefined && atMs - known.atMs < depthMs) return known.depth
    const done = new AbortController()
    const late = this.options.timing.wait(depthLimitMs, done.signal).catch(() => undefined)
    const asked = this.queueAt(url)
      .attributes()
      .catch(() => undefined)
    const depth = (await Promise.race([asked, late])) ?? undefined
    done.abort()
    this.depths.set(url, { atMs, depth })
    return depth
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work)
    this.turn = result.catch(() => undefined)
    return result
  }
}

function offerOf(running: RunningPipe, told: ObjectCreated): Offer[] {
  const uri = `s3://${told.bucket}/${told.key}`
  if (!running.pipe.matches(uri)) return []
  const object = objectOf(told) ?? { uri, version: '', size: 0 }
  return [
    {
      pipe: pipeText(running.pipe),
      object,
      accept: (settle) => {
        running.accept(told, settle)
      },
    },
  ]
}

function started<T>(what: T, run: (signal: AbortSignal) => Promise<void>): Running<T> {
  const stopping = new AbortController()
  const ended = run(stopping.signal)
  return {
    what,
    stop: async () => {
      stopping.abort()
      await ended
    },
  }
}
