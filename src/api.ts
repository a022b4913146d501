import type { PipeDetails, PipeHandle, PipeStatus, StageEntry } from './api/pipe.ts'
import type { StreamEntry } from './api/stream.ts'
import type { TaskDetails, TaskHandle, TaskStatus } from './api/task.ts'
import type { Dialect } from './sql/dialects.ts'

export type * from './api/pipe.ts'
export type * from './api/stream.ts'
export type * from './api/task.ts'

/** What a lake does: opened in this process by `openLake()`, or reached through a running server. The CLI is written on it. */
export interface Lake {
  /** The lake's directory, absolute. */
  readonly directory: string
  /** Loads every object below a file or folder that load history does not hold. Rejects only when nothing could be tried; faults of single files are in the summary. */
  load(source: string, options?: LoadOptions): Promise<LoadSummary>
  /** Loads the changed version of an object that was held (status `changed`), in place of its earlier rows. */
  acceptChange(uri: string): Promise<LoadSummary>
  /** Runs one reading statement. Rows come as they are made; `cancel()` or the signal stops the engine. */
  query<Row extends object = Record<string, Value>>(sql: string, options?: QueryOptions): Promise<QueryResult<Row>>
  /** Runs the statements of a script, one after the other; ends with an error, which names the line, at the first that fails. */
  run(script: string, options?: RunOptions): AsyncIterable<StatementResult, void>
  status(): Promise<LakeStatus>
  history(options?: HistoryOptions): Promise<HistoryEntry[]>
  rejects(options?: RejectOptions): Promise<RejectEntry[]>
  /** Reads rejected lines again, by a declared format or a newer reader; lines that can be read now move to their table, once. */
  replayRejects(options?: ReplayOptions): Promise<ReplaySummary>
  /** Copies the lake, as of one moment, into an empty or new directory, while it is in use. */
  backup(directory: string): Promise<BackupSummary>
  /** Puts a backup in place of the lake's content; what was there is kept beside it. */
  restore(directory: string): Promise<RestoreSummary>
  doctor(): Promise<Diagnosis[]>
  listStages(): Promise<StageEntry[]>
  listPipes(): Promise<PipeDetails[]>
  /** One pipe by its name; database and schema may be left out where only one is called so. Whether it is there is found out by what it is asked for. */
  pipe(name: string): PipeHandle
  listStreams(): Promise<StreamEntry[]>
  listTasks(): Promise<TaskDetails[]>
  /** One task by its name, as with pipes. */
  task(name: string): TaskHandle
  close(): Promise<void>
}

/** A value of a result row. Integers beyond 2^53 are bigint; times are text in UTC (`2026-11-20 12:00:00`). */
export type Value = string | number | bigint | boolean | null | readonly Value[] | { readonly [key: string]: Value }

export type OnError = 'continue' | 'skip-file' | 'abort'
export type OnChange = 'hold' | 'replace' | 'append'

export interface LoadOptions {
  /** Log type name; recognised file by file when absent or `auto`. */
  readonly type?: string | undefined
  /** What a line that cannot be read does: becomes a reject (default), keeps its whole file out, or ends the load with nothing loaded. */
  readonly onError?: OnError | undefined
  /** Field names of flow logs without a header. */
  readonly format?: string | undefined
  /** What becomes of an object whose content changed after it was loaded. Default for folders: replace. */
  readonly onChange?: OnChange | undefined
  /** Loads objects again that are loaded already, in place of their rows. */
  readonly force?: boolean | undefined
  /** With or without `force`: only objects whose date (in the path, else their modification time) lies in [from, to). */
  readonly from?: Date | undefined
  readonly to?: Date | undefined
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** Sums since the load began. Bytes are of the objects as stored. */
export interface LoadProgress {
  readonly files: number
  readonly filesTotal: number
  readonly rows: number
  readonly rejects: number
  readonly bytes: number
  readonly bytesTotal: number
  readonly seconds: number
}

export interface LoadSummary {
  /** Files loaded by this call, wholly or with rejects. */
  readonly files: number
  /** Files that load history holds already. */
  readonly skipped_files: number
  readonly failed_files: number
  /** Files whose content changed since they were loaded and that are held. */
  readonly changed_files: number
  readonly rows: number
  readonly rejects: number
  readonly bytes: number
  readonly seconds: number
  /** The first hundred faults. */
  readonly faults: readonly FileFault[]
}

export interface FileFault {
  readonly file: string
  readonly code: string
  readonly message: string
}

export interface QueryOptions {
  readonly signal?: AbortSignal | undefined
  /** Rows after which the result ends; `truncated` then says so. */
  readonly maxRows?: number | undefined
  readonly timeoutMs?: number | undefined
  /** Dialect that the statement is written in; the engine's own where it is not said. */
  readonly dialect?: Dialect | undefined
}

/** What a statement's calls of a function of JavaScript or Python came to. */
export interface CallReport {
  readonly function: string
  /** Calls, equal ones counted each. */
  readonly rowsIn: number
  /** Of these, calls that gave no row. */
  readonly rowsWithoutOutput: number
  readonly rowsOut: number
}

export interface ResultColumn {
  readonly name: string
  /** SQL type, e.g. `VARCHAR`, `BIGINT`. */
  readonly type: string
}

export interface QueryResult<Row extends object> extends AsyncIterable<Row> {
  readonly columns: readonly ResultColumn[]
  /** True once the rows have ended because of `maxRows`. */
  readonly truncated: boolean
  /** What functions of JavaScript and Python were called for. */
  readonly calls?: readonly CallReport[]
  /** What a reader should know of how it was read, a sentence each: files of external tables that cannot be, how a dialect was translated. */
  readonly notices?: readonly string[]
  all(): Promise<Row[]>
  cancel(): void
}

export interface RunOptions {
  /** Dialect that the script is written in; the engine's own where it is not said. */
  readonly dialect?: Dialect | undefined
  /** What placeholders (`<NAME>`, `${NAME}`, `&NAME`) stand for, by their names. */
  readonly values?: Readonly<Record<string, string>> | undefined
  /** Rows of a statement that are given at most; 100 where it is not said. */
  readonly maxRows?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** What a statement of a script gave. */
export interface StatementResult {
  readonly statement: {
    /** Where it begins in the script, counted from 1. */
    readonly line: number
    readonly column: number
    /** Its first words. */
    readonly text: string
  }
  readonly columns: readonly ResultColumn[]
  readonly rows: readonly Readonly<Record<string, Value>>[]
  /** There are more rows than are given. */
  readonly truncated: boolean
  readonly seconds: number
  /** What a reader should know of how it was read, a sentence each. */
  readonly notices: readonly string[]
}

export type LoadStatus = 'loaded' | 'partial' | 'empty' | 'failed' | 'changed' | 'replaced'

export interface HistoryEntry {
  readonly table_name: string | null
  readonly file: string
  readonly version: string
  readonly load_id: number
  readonly status: LoadStatus
  readonly lines: number
  readonly rows: number
  readonly rejects: number
  readonly skipped: number
  readonly bytes: number
  readonly loaded_at: string
  readonly error: string | null
}

export interface HistoryOptions {
  readonly limit?: number | undefined
  readonly status?: LoadStatus | undefined
  readonly table?: string | undefined
  /** Only what stands behind this place in the list: load and file, such as `17 s3://logs/a.gz`. */
  readonly after?: string | undefined
}

export interface RejectEntry {
  readonly table_name: string
  readonly file: string
  readonly line: number
  readonly raw: string
  readonly reason: string
  readonly load_id: number
}

export interface RejectOptions {
  readonly limit?: number | undefined
  readonly table?: string | undefined
  readonly file?: string | undefined
  /** Only what stands behind this place in the list: load, line and file, such as `17 3 s3://logs/a.gz`. */
  readonly after?: string | undefined
}

export interface ReplayOptions {
  readonly table?: string | undefined
  readonly file?: string | undefined
  readonly format?: string | undefined
}

export interface ReplaySummary {
  /** Rejects read again. */
  readonly replayed: number
  /** Of these, lines that are rows now. */
  readonly rows: number
  readonly rejects: number
}

export interface TableStatus {
  readonly table_name: string
  readonly rows: number
  readonly rejects: number
  readonly files: number
  readonly last_loaded_at: string | null
}

export interface LakeStatus {
  readonly lake: string
  readonly version: string
  readonly files: number
  readonly rows: number
  readonly rejects: number
  readonly failed_files: number
  readonly changed_files: number
  readonly database_bytes: number
  readonly tables: readonly TableStatus[]
  /** Loads that are running now. */
  readonly loading: readonly LoadProgress[]
  readonly pipes: readonly PipeStatus[]
  readonly tasks: readonly TaskStatus[]
}

export interface BackupSummary {
  readonly directory: string
  readonly bytes: number
  readonly files: number
  readonly rows: number
}

export interface RestoreSummary {
  readonly files: number
  readonly rows: number
  /** Where what was there before lies now. */
  readonly previous: string
}

export interface Diagnosis {
  readonly level: 'ok' | 'warning' | 'error'
  readonly subject: string
  readonly message: string
  /** What to do; empty when all is well. */
  readonly mend: string
}
