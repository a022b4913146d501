/** An answer as its bytes on the way. */
export interface KeptResult {
  readonly bytes: Uint8Array
  readonly isWhole: boolean
}

interface Making {
  readonly result: Promise<KeptResult>
  readonly abort: () => void
  waiting: number
}

export interface KeptLimits {
  /** Of all results together. */
  readonly maxBytes: number
  /** Of one result: a larger one is made anew each time. */
  readonly maxResultBytes: number
  /** Statements that run at once; the others wait, so that many dashboards leave the engine time to load. */
  readonly maxRunning: number
}

/**
 * Answers to statements by the version of the data they were made from. Who asks for what is being made waits for it. Least
 * recently used answers go first when room is needed; those of earlier versions are never asked for again and so go by themselves.
 */
export class KeptResults {
  private readonly limits: KeptLimits
  private readonly kept = new Map<string, KeptResult>()
  private readonly making = new Map<string, Making>()
  private readonly queue: (() => void)[] = []
  private running = 0
  private bytes = 0

  constructor(limits: KeptLimits) {
    this.limits = limits
  }

  /** The answer kept under a key, or what `make` makes. The signal is aborted once nobody waits for it any more. */
  async get(key: string, signal: AbortSignal, make: (signal: AbortSignal) => Promise<KeptResult>): Promise<KeptResult> {
    const found = this.kept.get(key)
    if (found !== undefined) {
      this.kept.delete(key)
      this.kept.set(key, found)
      return found
    }
    const making = this.making.get(key) ?? this.begin(key, make)
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

  private begin(key: string, make: (signal: AbortSignal) => Promise<KeptResult>): Making {
    const controller = new AbortController()
    const forget = (): void => {
      if (this.making.get(key) === making) this.making.delete(key)
    }
    // Forgotten before those who wait go on: who asks then finds it kept, or makes it anew.
    const result = this.inTurn(() => make(controller.signal))
      .then((made) => {
        this.keep(key, made)
        return made
      })
      .finally(forget)
    const making: Making = {
      result,
      abort: () => {
        // Who comes later begins anew instead of waiting for what was given up.
        forget()
        controller.abort()
      },
      waiting: 0,
    }
    this.making.set(key, making)
    // Nobody may be waiting any more.
    result.catch(() => undefined)
    return making
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= this.limits.maxRunning) await new Promise<void>((resolve) => this.queue.push(resolve))
    else this.running++
    try {
      return await work()
    } finally {
      const next = this.queue.shift()
      if (next === undefined) this.running--
      else next()
    }
  }

  private keep(key: string, result: KeptResult): void {
    const size = result.bytes.byteLength + key.length
    if (!result.isWhole || size > this.limits.maxResultBytes) return
    // One that was given up may end all the same, after the one that was begun anew.
    if (this.kept.has(key)) return
    this.kept.set(key, result)
    this.bytes += size
    for (const [oldest, { bytes }] of this.kept) {
      if (this.bytes <= this.limits.maxBytes) break
      this.kept.delete(oldest)
      this.bytes -= bytes.byteLength + oldest.length
    }
  }
}
