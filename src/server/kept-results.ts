import { type Turn, Turns } from './turns.ts'

/** An answer as its bytes on the way. */
export interface KeptResult {
  readonly bytes: Uint8Array
  readonly isWhole: boolean
}

/** A question, and how its answer is made. */
export interface Question {
  /** The same for questions with the same answer, as long as the data are the same. */
  readonly key: string
  /** An earlier answer is in sight meanwhile. */
  readonly isRefresh: boolean
  readonly make: (signal: AbortSignal) => Promise<KeptResult>
}

interface Making {
  readonly result: Promise<KeptResult>
  readonly turn: Turn
  readonly abort: () => void
  waiting: number
}

export interface KeptLimits {
  /** Of all results together. */
  readonly maxBytes: number
  /** Of one result: a larger one is made anew each time. */
  readonly maxResultBytes: number
  /** Statements that run at once; the others wait. */
  readonly maxRunning: number
}

/** What the answers are about. */
export interface KeptData {
  /** The version of the data; undefined while something else than a load changes them. */
  readonly version: () => Promise<string | undefined>
  readonly isLoading: () => boolean
}

/**
 * Answers to statements by the version of the data they were made from. Who asks for what has not begun, or runs on the same version, waits
 * for it. Least recently used answers go first when room is needed; those of earlier versions are never asked for again and so go by themselves.
 */
export class KeptResults {
  private readonly limits: KeptLimits
  private readonly data: KeptData
  private readonly turns: Turns
  private readonly kept = new Map<string, KeptResult>()
  /** By key, until it begins: what begins later is at least as new as the data are now. */
  private readonly waiting = new Map<string, Making>()
  /** By version and key. */
  private readonly running = new Map<string, Making>()
  private bytes = 0

  constructor(limits: KeptLimits, data: KeptData) {
    this.limits = limits
    this.data = data
    this.turns = new Turns(limits.maxRunning, data.isLoading)
  }

  /** The answer that is kept, or the one that is made. The signal given to `make` is aborted once nobody waits for it any more. */
  async get(question: Question, signal: AbortSignal): Promise<KeptResult> {
    const version = await this.data.version()
    if (version === undefined) return question.make(signal)
    const name = nameOf(version, question.key)
    const found = this.kept.get(name)
    if (found !== undefined) {
      this.kept.delete(name)
      this.kept.set(name, found)
      return found
    }
    const making = this.running.get(name) ?? this.waiting.get(question.key) ?? this.begin(question)
    if (!question.isRefresh) making.turn.hasten()
    making.waiting++
    const leave = (): void => {
      if (--making.waiting === 0) making.abort()
    }
    signal.addEventListener('abort', leave, { once: true })
    if (signal.aborted) leave()
    try {
      return await making.result
    } finally {
      signal.removeEventListener('abort', leave)
    }
  }

  private begin({ key, isRefresh, make }: Question): Making {
    const controller = new AbortController()
    const turn = this.turns.enter(isRefresh)
    const names = { running: '' }
    // Forgotten before those who wait go on: who asks then finds it kept, or makes it anew.
    const forget = (): void => {
      if (this.waiting.get(key) === making) this.waiting.delete(key)
      if (this.running.get(names.running) === making) this.running.delete(names.running)
    }
    const run = async (): Promise<KeptResult> => {
      await Promise.race([turn.begun, aborted(controller.signal)])
      if (this.waiting.get(key) === making) this.waiting.delete(key)
      // Read before the statement runs: a commit in between makes the answer newer than its name, never older.
      const version = await this.data.version()
      // What was given up meanwhile fails by its signal, and nobody may find it any more.
      if (version === undefined || controller.signal.aborted) return make(controller.signal)
      names.running = nameOf(version, key)
      const found = this.kept.get(names.running)
      if (found !== undefined) return found
      this.running.set(names.running, making)
      const made = await make(controller.signal)
      this.keep(names.running, made)
      return made
    }
    // Begun a moment later, when `making` is there.
    const result = Promise.resolve()
      .then(run)
      .finally(() => {
        forget()
        turn.end()
      })
    const making: Making = {
      result,
      turn,
      abort: () => {
        // Who comes later begins anew instead of waiting for what was given up.
        forget()
        controller.abort()
      },
      waiting: 0,
    }
    this.waiting.set(key, making)
    // Nobody may be waiting any more.
    result.catch(() => undefined)
    return making
  }

  private keep(name: string, result: KeptResult): void {
    const size = result.bytes.byteLength + name.length
    if (!result.isWhole || size > this.limits.maxResultBytes) return
    // One that was given up may end all the same, after the one that was begun anew.
    if (this.kept.has(name)) return
    this.kept.set(name, result)
    this.bytes += size
    for (const [oldest, { bytes }] of this.kept) {
      if (this.bytes <= this.limits.maxBytes) break
      this.kept.delete(oldest)
      this.bytes -= bytes.byteLength + oldest.length
    }
  }
}

function nameOf(version: string, key: string): string {
  return `${version} ${key}`
}

/** Resolves when the signal is aborted; the work then ends by itself. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else
      signal.addEventListener(
        'abort',
        () => {
          resolve()
        },
        { once: true },
      )
  })
}
