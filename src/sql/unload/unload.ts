import type { ResultColumn } from '../../api.ts'
import type { Engine } from '../../engines/duckdb.ts'
import { runMade } from '../query.ts'
import type { Writing } from './writing.ts'

/** A file of the spool with some of the rows. */
export interface WrittenFile {
  readonly path: string
  /** What PARTITION BY gives for its rows; NULL is null, and undefined where nothing is parted. */
  readonly folder: string | null | undefined
  readonly rows: number
  /** Before and after compression. */
  readonly inputBytes: number
  readonly outputBytes: number
}

/** What to write, and where. */
export interface Unload {
  readonly engine: Engine
  /** The engine's SQL; where rows are parted, its last column says their folders. */
  readonly sql: string
  /** Where names are looked up first. */
  readonly schema: string | undefined
  readonly isParted: boolean
  readonly isSingle: boolean
  readonly hasHeader: boolean
  readonly maxBytes: number
  readonly writing: Writing
  /** A folder of the spool that is this unload's alone. */
  readonly directory: string
  readonly signal: AbortSignal | undefined
}

/** The columns that are written. */
export async function columnsOf(unload: Unload): Promise<readonly ResultColumn[]> {
  const { engine, sql, schema, signal, isParted } = unload
  const result = await runMade(
    engine,
    { statement: `select * from (${sql}\n) limit 0`, reads: sql },
    { signal },
    schema,
  )
  await result.all()
  return isParted ? result.columns.slice(0, -1) : result.columns
}
