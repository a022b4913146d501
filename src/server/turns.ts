/** A refresh rests this many times as long as the one before it took, while logs are loaded. */
const restFactor = 6

/** One that waits for its turn, or has it. */
export interface Turn {
  /** Resolves when it is its turn. */
  readonly begun: Promise<void>
  /** Somebody looks at nothing meanwhile: from now on it does not count as a refresh. */
  hasten(): void
  /** It has ended, or is given up. */
  end(): void
}

interface Entry {
  isRefresh: boolean
  state: 'waiting' | 'running' | 'ended'
  startedAt: number
  begin: () => void
}

/**
 * So many at once, in the order of asking. Refreshes of what is in sight come last, one at a time, and while logs are loaded with rests in
 * between: twenty open dashboards leave the engine to the load.
 */
export class Turns {
  private readonly maxRunning: number
  private readonly isLoading: () => boolean
  private readonly entries = new Set<Entry>()
  private restUntil = 0
  private timer: NodeJS.Timeout | undefined

  constructor(maxRunning: number, isLoading: () => boolean) {
    this.maxRunning = maxRunning
    this.isLoading = isLoading
  }

  enter(isRefresh: boolean): Turn {
    const entry: Entry = { isRefresh, state: 'waiting', startedAt: 0, begin: () => undefined }
    const begun = new Promise<void>((resolve) => {
      entry.begin = resolve
    })
    this.entries.add(entry)
    this.next()
    return {
      begun,
      hasten: () => {
        if (entry.state !== 'waiting') return
        entry.isRefresh = false
        this.next()
      },
      end: () => {
        this.entries.delete(entry)
        if (entry.state === 'running' && entry.isRefresh)
          this.restUntil = performance.now() + restFactor * (performance.now() - entry.startedAt)
        entry.state = 'ended'
        this.next()
      },
    }
  }

  private next(): void {
    for (let entry = this.nextEntry(); entry !== undefined; entry = this.nextEntry()) {
      entry.state = 'running'
      entry.startedAt = performance.now()
      entry.begin()
    }
  }

  private nextEntry(): Entry | undefined {
    const entries = [...this.entries]
    const running = entries.filter((entry) => entry.state === 'running')
    if (running.length >= this.maxRunning) return undefined
    const waiting = entries.filter((entry) => entry.state === 'waiting')
    const first = waiting.find((entry) => !entry.isRefresh)
    if (first !== undefined || running.some((entry) => entry.isRefresh)) return first
    const [refresh] = waiting
    if (refresh === undefined || !this.isLoading()) return refresh
    const restMs = this.restUntil - performance.now()
    if (restMs <= 0) return refresh
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      this.next()
    }, restMs)
    this.timer.unref()
    return undefined
  }
}
