import type { LoadOptions, LoadProgress, LoadSummary } from './api.ts'
import { until } from './aws/timing.ts'
import { COMMIT_BYTES } from './loading/batches.ts'
import { Claims } from './loading/claims.ts'
import type { WhenWidened } from './loading/copy-store.ts'
import type { CopyTarget } from './loading/copy-target.ts'
import { errorRule } from './loading/error-rule.ts'
import { loadStage } from './loading/load.ts'
import type { ParserPool } from './loading/parser-pool.ts'
import type { Patience } from './loading/patience.ts'
import type { LoadContext, StageLoad } from './loading/stage-load.ts'
import { type Trial, tryStage } from './loading/trial.ts'
import type { Writer } from './loading/writer.ts'
import type { LogType } from './log-type/log-type.ts'
import type { Stage } from './stages/stage.ts'

/** What loads need of the lake they fill. */
export interface LoadingLake {
  /** Asked for at each load: a restore replaces it. */
  readonly writer: () => Writer
  readonly pool: ParserPool
  readonly spool: string
  readonly redact: boolean
  readonly commitBytes: number | undefined
  /** Called within a transaction that gave a table of a script other columns. */
  readonly whenWidened: WhenWidened
  readonly onPoint: ((name: string) => void) | undefined
}

/** Where rows go, and how lines are read. */
export interface Reading {
  readonly type?: LogType | undefined
  readonly format?: readonly string[] | undefined
  readonly into?: CopyTarget | undefined
  /** The pipe that loads, as history names it. */
  readonly pipe?: string | undefined
}

/** How objects come that are no files of this machine. */
interface FetchSettings {
  readonly fetch: Stage['fetch'] | undefined
  readonly signal: AbortSignal | undefined
  readonly patience: Patience | undefined
}

/** The loads of a lake. Those that people start take turns, which bounds the memory they need; pipes go beside them, each with little in hand. */
export class Loads {
  private readonly lake: LoadingLake
  private readonly claims = new Claims()
  private readonly progress = new Map<symbol, LoadProgress>()
  private readonly beside = new Set<Promise<unknown>>()
  private turn: Promise<unknown> = Promise.resolve()
  private alone: Promise<unknown> = Promise.resolve()

  constructor(lake: LoadingLake) {
    this.lake = lake
  }

  /** What runs now. */
  get running(): readonly LoadProgress[] {
    return [...this.progress.values()]
  }

  /** A load in its turn. */
  load(stage: Stage, reading: Reading, load: StageLoad): Promise<LoadSummary> {
    return this.inTurn(() => this.tracked(stage, reading, load))
  }

  /** A load in its turn that is shown and taken back. */
  trial<T>(stage: Stage, reading: Reading, trial: Trial<T>): Promise<T> {
    const { signal } = trial
    return this.inTurn(() =>
      tryStage(stage, this.context(reading, { fetch: stage.fetch, signal, patience: undefined }), trial),
    )
  }

  /** A load that waits for no other. */
  async loadBeside(stage: Stage, reading: Reading, load: StageLoad): Promise<LoadSummary> {
    for (let before; before !== this.alone;) {
      before = this.alone
      await until(load.signal, before)
    }
    const running = this.tracked(stage, reading, load)
    const ended = running.catch(() => undefined).finally(() => this.beside.delete(ended))
    this.beside.add(ended)
    return running
  }

  /** Work that no load runs beside. */
  inTurnAlone<T>(work: () => Promise<T>): Promise<T> {
    return this.inTurn(() => {
      const result = Promise.all(this.beside).then(work)
      this.alone = result.catch(() => undefined)
      return result
    })
  }

  /** What reading needs, besides a stage. */
  context(
    { type, format, into, pipe }: Reading,
    { fetch, signal, patience }: FetchSettings = { fetch: undefined, signal: undefined, patience: undefined },
  ): LoadContext {
    const {
      writer,
      pool,
      spool,
      redact,
      whenWidened,
      commitBytes = COMMIT_BYTES,
      onPoint = () => undefined,
    } = this.lake
    return {
      writer: writer(),
      pool,
      claims: this.claims,
      settings: { type, format, into, pipe, whenWidened, spool, redact, fetch, patience, signal },
      commitBytes,
      reached: onPoint,
    }
  }

  private async tracked(stage: Stage, reading: Reading, load: StageLoad): Promise<LoadSummary> {
    const id = Symbol('load')
    const onProgress = (progress: LoadProgress): void => {
      this.progress.set(id, progress)
      load.onProgress?.(progress)
    }
    try {
      const context = this.context(reading, {
        fetch: stage.fetch,
        signal: load.signal,
        patience: load.onError === 'abort' ? undefined : load.late?.patience,
      })
      return await loadStage(stage, context, { ...load, onProgress })
    } finally {
      this.progress.delete(id)
    }
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work)
    this.turn = result.catch(() => undefined)
    return result
  }
}

/** A load as the options of `millrace load` have it. */
export function stageLoad(
  { onError = 'continue', onChange, force = false, from, to, onProgress, signal }: LoadOptions,
  stage: Stage,
): StageLoad {
  return {
    onError: errorRule(onError),
    onChange: onChange ?? stage.onChange,
    force,
    from,
    to,
    onProgress,
    signal,
  }
}
