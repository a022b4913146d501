import type { DuckDBConnection } from '@duckdb/node-api'
import { type Timing, systemTiming } from '../aws/timing.ts'
import { Cages } from '../cages/cages.ts'
import type { Limits } from '../cages/limits.ts'
import { readObjects } from '../catalog/objects.ts'
import type { LakeFiles } from './files.ts'
import type { Opened } from './opened.ts'
import { ParserPool } from '../loading/parser-pool.ts'
import { Loads } from '../loads.ts'
import { readPipeStates } from '../pipes/pipe-store.ts'
import { Pipes, type PipesOptions } from '../pipes/pipes.ts'
import type { Settings } from '../settings.ts'
import { pipeDefinitions } from '../sql/actions/pipe-definition.ts'
import { Calls } from '../sql/calls/calls.ts'
import { type ScriptLake, onConnection } from '../sql/execution/script-lake.ts'
import { streamPlace } from '../sql/execution/streams.ts'
import { taskDefinitions } from '../sql/execution/task-definition.ts'
import { alignRelations } from '../sql/relations/align.ts'
import { conditionHolds, runTaskBody } from '../sql/run/run-task.ts'
import { Stages } from '../stages/open.ts'
import { showStreams } from '../streams/stream-views.ts'
import { readTaskStates } from '../tasks/task-store.ts'
import { Tasks } from '../tasks/tasks.ts'

/** How a lake is opened. */
export interface OpenOptions {
  /** Make the lake when there is none (default). */
  readonly create?: boolean | undefined
  /** Such as `512MB`; else from `settings.json` or `MILLRACE_MEMORY_LIMIT`. */
  readonly memoryLimit?: string | undefined
  readonly threads?: number | undefined
  /** Bytes of log text that commit together (default 640 MiB): less is read again after a crash, more loads faster. */
  readonly commitBytes?: number | undefined
  /** Called at named points of loading; crash tests stop there. */
  readonly onPoint?: ((name: string) => void) | undefined
  /** How pipes wait and try again; tests bring their own. */
  readonly pipes?: PipeTuning | undefined
  /** The clock that tasks go by; tests bring their own. */
  readonly taskTiming?: Timing | undefined
}

/** What pipes are run with; `timing` is that of their requests as well. */
type PipeTuning = Pick<PipesOptions, 'retry' | 'visibilitySeconds'> & { readonly timing?: Timing | undefined }

/** What a lake consists of besides its database. They outlive a restore. */
export interface LakeParts {
  readonly pool: ParserPool
  readonly stages: Stages
  readonly cages: Cages
  readonly calls: Calls
  readonly loads: Loads
  readonly pipes: Pipes
  readonly tasks: Tasks
}

/** What the parts ask of the lake. */
interface Lake {
  /** What is open now; throws LAKE_CLOSED. */
  readonly use: () => Opened
  readonly scriptLake: () => ScriptLake
  /** Changes with every commit and restore. */
  readonly version: () => string
}

const cageIdleMs = 300_000

function limitsOf({ functionSeconds, functionMemoryMb, functionOutputMb }: Settings): Limits {
  const mebibyte = 1024 * 1024
  return {
    batchMs: functionSeconds * 1000,
    memoryBytes: functionMemoryMb * mebibyte,
    outputBytes: functionOutputMb * mebibyte,
    idleMs: cageIdleMs,
  }
}

/** The parts of a lake, each given what it needs of the others. Nothing runs yet. */
export function makeParts(files: LakeFiles, settings: Settings, options: OpenOptions, lake: Lake): LakeParts {
  const { use } = lake
  const { spool } = files
  const { redactSecrets: redact, threads } = settings
  const { commitBytes, onPoint, pipes: tuning = {}, taskTiming = systemTiming } = options
  const { timing = systemTiming } = tuning
  const reached = onPoint ?? (() => undefined)
  const pool = new ParserPool(threads)
  const stages = new Stages(files.directory, timing)
  const cages = new Cages(limitsOf(settings))
  const calls = new Calls({ cages, connect: () => use().engine.connect(), objects: () => use().objects(), spool })
  const loads = new Loads({ writer: () => use().writer, pool, spool, redact, commitBytes, whenWidened, onPoint })
  const pipes = new Pipes({
    listing: { lookBackMs: settings.lookBackDays * 86_400_000, wholeMs: settings.wholeListingHours * 3_600_000 },
    logGroups: {
      overlapMs: settings.logGroupOverlapMinutes * 60_000,
      secondLookMs: settings.logGroupSecondLookHours * 3_600_000,
      perSecond: settings.logGroupRequestsPerSecond,
    },
    spool,
    loads,
    stages,
    ...tuning,
    transaction: async (work, signal) => use().writer.rowTransaction(work, signal),
    definitions: () =>
      onConnection(use().engine, async (connection) =>
        pipeDefinitions(await use().objects(), await readPipeStates(connection)),
      ),
    timing,
    reached,
  })
  const tasks = new Tasks({
    definitions: () =>
      onConnection(use().engine, async (connection) =>
        taskDefinitions(await use().objects(), await readTaskStates(connection)),
      ),
    transaction: async (work) => use().writer.rowTransaction(work),
    holds: (task) => conditionHolds(use(), task),
    runBody: (task, run) => runTaskBody(lake.scriptLake, task, run),
    version: lake.version,
    timing: taskTiming,
    reached,
  })
  return { pool, stages, cages, calls, loads, pipes, tasks }
}

/** A table that got columns shows them in its streams and in the views over it. */
async function whenWidened(connection: DuckDBConnection): Promise<void> {
  await showStreams(connection, streamPlace)
  await alignRelations(connection, await readObjects(connection))
}
