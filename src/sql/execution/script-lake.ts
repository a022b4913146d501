import type { DuckDBConnection } from '@duckdb/node-api'
import type { CatalogObject } from '../../catalog/objects.ts'
import type { Engine } from '../../engines/duckdb.ts'
import type { LoadSummary } from '../../api.ts'
import type { StageLoad } from '../../loading/stage-load.ts'
import type { Trial } from '../../loading/trial.ts'
import type { Writer } from '../../loading/writer.ts'
import type { Pipes } from '../../pipes/pipes.ts'
import type { Reading } from '../../loads.ts'
import type { Stage } from '../../stages/stage.ts'
import type { LakeNames } from '../relations/lake-names.ts'
import type { Known } from '../translation/known.ts'
import type { Calls } from '../calls/calls.ts'
import type { Session } from './session.ts'
import type { Tasks } from '../../tasks/tasks.ts'
import type { Stages } from '../../stages/open.ts'

/** What scripts run on. Asked for at each statement: a restore replaces it. */
export interface ScriptLake {
  readonly engine: Engine
  /** Runs something, which may change the catalog, as one transaction of the lake's writer. */
  readonly transaction: Writer['transaction']
  /** As `transaction`, for what changes rows alone. */
  readonly rowTransaction: Writer['rowTransaction']
  /** The id of the commit that the transaction under way will make; to be asked for within one. */
  readonly nextLoadId: () => number
  readonly stages: Stages
  readonly pipes: Pick<Pipes, 'refresh' | 'now'>
  readonly tasks: Pick<Tasks, 'isRunning' | 'requireRoot' | 'execute' | 'executeSoon'>
  /** Epoch milliseconds. */
  readonly now: () => number
  /** To be called when the catalog has changed. */
  readonly changed: () => Promise<void>
  /** Loads what a stage lists and history does not hold. */
  readonly load: (stage: Stage, reading: Reading, load: StageLoad) => Promise<LoadSummary>
  /** Loads it, shows what it stored within its transaction, and takes it back. */
  readonly trial: <T>(stage: Stage, reading: Reading, trial: Trial<T>) => Promise<T>
  /** What the lake's statements can name. */
  readonly names: () => Promise<LakeNames>
  /** Every object, as of the last commit. */
  readonly objects: () => Promise<readonly CatalogObject[]>
  /** What a statement of a dialect can name. */
  readonly known: (sql: string, session: Session) => Promise<Known>
  /** What statements call of functions in JavaScript and Python. */
  readonly calls: Calls
  /** A folder for files under way: the only one that the engine writes into. */
  readonly spool: string
}

/** Runs something on a connection of its own. */
export async function onConnection<T>(engine: Engine, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const connection = await engine.connect()
  try {
    return await work(connection)
  } finally {
    connection.closeSync()
  }
}
