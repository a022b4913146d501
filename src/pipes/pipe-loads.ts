import type { Timing } from '../aws/timing.ts'
import { MillraceError } from '../errors.ts'
import type { Loads } from '../loads.ts'
import type { Patience } from '../loading/patience.ts'
import type { ObjectOutcome, StageLoad } from '../loading/stage-load.ts'
import type { Stage, StageObject } from '../stages/stage.ts'
import { type Pipe, pipeText } from './pipe.ts'

/** What is known of a pipe that runs. */
export interface PipeFacts {
  /** Epoch milliseconds, and the object. */
  lastIngestedMs: number | undefined
  lastIngestedUri: string | undefined
  /** When the newest object that it was told of was written. */
  newestWrittenMs: number | undefined
  error: string | undefined
  /** Nothing could be loaded the last time it was tried. */
  isStalled: boolean
}

/** What a load does besides what the pipe says. */
export interface PipeLoad extends Pick<StageLoad, 'onObjects' | 'busy' | 'confirm'> {
  readonly signal: AbortSignal
}

/** Where a megabyte does not come in five seconds, others no longer wait for what is under way. */
const restTogetherMs = 5000
const bytesTogether = 1 << 20
/** An object that is waited for alone may come at a kilobyte a second. */
const restAloneMs = 60_000
const bytesAlone = 60 << 10

/** The loads of one pipe, as its statement says, and what is known of them. */
export class PipeLoads {
  readonly facts: PipeFacts = {
    lastIngestedMs: undefined,
    lastIngestedUri: undefined,
    newestWrittenMs: undefined,
    error: undefined,
    isStalled: false,
  }
  private readonly pipe: Pipe
  private readonly loads: Loads
  private readonly timing: Timing
  private readonly loaded: (uris: readonly string[]) => void

  /** `loaded` is called with URIs that were loaded. */
  constructor(pipe: Pipe, loads: Loads, timing: Timing, loaded: (uris: readonly string[]) => void) {
    this.pipe = pipe
    this.loads = loads
    this.timing = timing
    this.loaded = loaded
  }

  /** Loads what a stage lists. `slow` objects are left to the caller. */
  async together(stage: Stage, slow: (objects: readonly StageObject[]) => void, load: PipeLoad): Promise<void> {
    await this.start(stage, load, { patience: this.patience(restTogetherMs, bytesTogether), tell: slow })
  }

  /** Loads one object, and waits for it longer than for many. */
  async alone(stage: Stage, object: StageObject, load: PipeLoad): Promise<void> {
    let isLate = false
    const tell = (): void => {
      isLate = true
    }
    const listed = { ...stage, list: () => inOneChunk([object]) }
    await this.start(listed, load, { patience: this.patience(restAloneMs, bytesAlone), tell })
    if (isLate)
      throw new MillraceError(
        'SOURCE_UNAVAILABLE',
        `${object.uri} came at less than a kilobyte a second, and was given up for now. See what slows the way to it.`,
      )
  }

  private async start(stage: Stage, load: PipeLoad, late: StageLoad['late']): Promise<void> {
    const { pipe } = this
    await this.loads.loadBeside(
      stage,
      { ...pipe.reading, pipe: pipeText(pipe) },
      {
        ...load,
        late,
        onError: pipe.onError,
        onChange: pipe.onChange ?? stage.onChange,
        force: false,
        onObjects: (outcomes) => {
          this.note(outcomes)
          load.onObjects?.(outcomes)
        },
      },
    )
  }

  private patience(restMs: number, bytes: number): Patience {
    return { rest: (signal) => this.timing.wait(restMs, signal), bytes }
  }

  private note(outcomes: readonly ObjectOutcome[]): void {
    const loaded = outcomes.filter(isRead)
    const last = loaded.at(-1)
    if (last === undefined) return
    this.facts.lastIngestedMs = this.timing.now()
    this.facts.lastIngestedUri = last.uri
    this.facts.error = undefined
    this.loaded(loaded.map(({ uri }) => uri))
  }
}

/** Whether an object was loaded. */
export function isRead({ status }: ObjectOutcome): boolean {
  return status === 'loaded' || status === 'partial' || status === 'empty'
}

/** A list of just these. */
export async function* inOneChunk(objects: readonly StageObject[]): AsyncGenerator<readonly StageObject[]> {
  yield objects
}
