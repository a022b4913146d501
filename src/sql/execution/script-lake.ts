import type { DuckDBConnection } from '@duckdb/node-api'
import type { Engine } from '../../engines/duckdb.ts'
import type { Stages } from '../../stages/open.ts'

/** What scripts run on. Asked for at each statement: a restore replaces it. */
export interface ScriptLake {
  readonly engine: Engine
  /** Runs something as one transaction of the lake's writer. */
  readonly transaction: <T>(work: (connection: DuckDBConnection) => Promise<T>) => Promise<T>
  readonly stages: Stages
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
