import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api'
import type { CallReport, QueryOptions, QueryResult, ResultColumn, Value } from '../api.ts'
import type { Engine } from '../engines/duckdb.ts'
import { MillraceError, messageOf } from '../errors.ts'
import type { Calls, Prepared } from './calls/calls.ts'
import { checkReading } from './guard.ts'
import { placeOf } from './place.ts'
import { isPlain, plainValue } from './values.ts'

type Why = 'QUERY_CANCELLED' | 'QUERY_TIMEOUT'

/** Stops what runs on a connection. An interrupt between two steps of the engine is lost, so it is repeated until `end`. */
class Stopper {
  why: Why | undefined
  private readonly stopped = new AbortController()
  private readonly connection: DuckDBConnection
  private again: NodeJS.Timeout | undefined

  constructor(connection: DuckDBConnection) {
    this.connection = connection
  }

  /** Aborted when it is stopped: for what runs beside the engine. */
  get signal(): AbortSignal {
    return this.stopped.signal
  }

  stop(why: Why): void {
    this.why ??= why
    this.stopped.abort()
    this.connection.interrupt()
    this.again ??= setInterval(() => {
      this.connection.interrupt()
    }, 20)
  }

  end(): void {
    clearInterval(this.again)
  }
}

/** A running query: rows as they come. Its connection closes when the rows end, fail or are given up. */
class Running<Row extends object> implements QueryResult<Row> {
  readonly columns: readonly ResultColumn[]
  readonly calls: readonly CallReport[]
  truncated = false
  private readonly stopper: Stopper
  private readonly result: DuckDBResult
  private readonly options: QueryOptions
  private readonly finish: () => void
  private readonly sql: string

  constructor(
    stopper: Stopper,
    result: DuckDBResult,
    sql: string,
    options: QueryOptions,
    calls: readonly CallReport[],
    finish: () => void,
  ) {
    this.stopper = stopper
    this.calls = calls
    this.result = result
    this.sql = sql
    this.options = options
    this.finish = finish
    this.columns = uniqueNames(result.columnNames()).map((name, index) => ({
      name,
      type: String(result.columnType(index)),
    }))
  }

  cancel(): void {
    this.stopper.stop('QUERY_CANCELLED')
  }

  async all(): Promise<Row[]> {
    const rows: Row[] = []
    for await (const row of this) rows.push(row)
    return rows
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Row> {
    const plain = this.columns.map((_, index) => isPlain(this.result.columnType(index)))
    const names = this.columns.map((column) => column.name)
    let left = this.options.maxRows ?? Infinity
    try {
      for (;;) {
        if (this.stopper.why !== undefined) throw new Error('interrupted')
        const chunk = await this.result.fetchChunk()
        // An interrupted result may end as if it were complete.
        if (this.stopper.why !== undefined) throw new Error('interrupted')
        if (chunk === null || chunk.rowCount === 0) break
        for (const values of chunk.getRows()) {
          if (left-- <= 0) {
            this.truncated = true
            return
          }
          yield rowOf<Row>(
            names,
            values.map((value, index) => (plain[index] === true ? scalar(value) : plainValue(value))),
          )
        }
      }
    } catch (error) {
      throw queryError(error, this.stopper.why, this.sql)
    } finally {
      this.finish()
    }
  }
}

function scalar(value: unknown): Value {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}

/** The one place where a row takes the type that the caller says it has: only the caller's SQL knows it. */
function rowOf<Row extends object>(names: readonly string[], values: readonly Value[]): Row {
  // Not by assignment: a column may be named __proto__.
  const row = Object.fromEntries(names.map((name, index): [string, Value] => [name, values[index] ?? null]))
  return trust<Row>(row)
}

function trust<Row extends object>(row: Record<string, Value>): Row
function trust(row: Record<string, Value>): object {
  return row
}

function uniqueNames(names: readonly string[]): string[] {
  const seen = new Map<string, number>()
  return names.map((name) => {
    const count = seen.get(name) ?? 0
    seen.set(name, count + 1)
    return count === 0 ? name : `${name}_${count}`
  })
}

/** How functions of dialects end a statement, which is by a cast that fails: `snowflake_refuses` of `src/functions/`. */
const refusal = /^Conversion Error: Could not convert string '(Snowflake: [\s\S]*)' to BOOL/

/** What an engine error means to the one who wrote the SQL: its first part, with the place it points at. */
function queryError(error: unknown, why: Why | undefined, sql: string): MillraceError {
  if (error instanceof MillraceError && why === undefined) return error
  if (why === 'QUERY_TIMEOUT')
    return new MillraceError(
      'QUERY_TIMEOUT',
      'The query took longer than its time limit and was stopped. Narrow it, or raise the limit.',
      error,
    )
  if (why === 'QUERY_CANCELLED' || /INTERRUPT/i.test(messageOf(error)))
    return new MillraceError('QUERY_CANCELLED', 'The query was cancelled.', error)
  const message = messageOf(error).trim().replace(refusal, '$1.')
  return new MillraceError('SQL_FAILED', message, error, placeOf(message, sql))
}

/** Runs one reading statement in a READ ONLY transaction of its own connection; `schema` is where names are looked up first. */
export function runQuery<Row extends object>(
  engine: Engine,
  sql: string,
  options: QueryOptions,
  schema?: string,
  calls?: Calls,
): Promise<QueryResult<Row>> {
  return runMade(engine, { statement: sql, reads: sql, calls }, options, schema)
}

/** A statement that was made here, such as one that copies into the spool. */
export interface MadeStatement {
  readonly statement: string
  /** What people wrote of it, which must read and no more; absent where it is none of theirs. */
  readonly reads?: string | undefined
  /** Functions of JavaScript and Python, which a statement that people wrote as it is may call. */
  readonly calls?: Calls | undefined
}

/** The same for a statement that was made here. */
export async function runMade<Row extends object>(
  engine: Engine,
  { statement, reads, calls }: MadeStatement,
  options: QueryOptions,
  schema?: string,
): Promise<QueryResult<Row>> {
  const connection = await engine.connect(schema)
  const stopper = new Stopper(connection)
  const onAbort = (): void => {
    stopper.stop('QUERY_CANCELLED')
  }
  const timer =
    options.timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          stopper.stop('QUERY_TIMEOUT')
        }, options.timeoutMs)
  let prepared: Prepared | undefined
  const finish = (): void => {
    clearTimeout(timer)
    stopper.end()
    options.signal?.removeEventListener('abort', onAbort)
    connection.closeSync()
    prepared?.release().catch(() => undefined)
  }
  try {
    if (options.signal?.aborted === true) throw new MillraceError('QUERY_CANCELLED', 'The query was cancelled.')
    options.signal?.addEventListener('abort', onAbort)
    const mentioned = (await calls?.namesIn(statement)) ?? new Set<string>()
    if (reads !== undefined) await checkReading(connection, reads, mentioned)
    await connection.run('begin transaction read only')
    prepared = await calls?.prepare(connection, statement, mentioned, schema, stopper.signal)
    const result = await connection.stream(prepared?.sql ?? statement)
    return new Running<Row>(stopper, result, reads ?? statement, options, prepared?.reports ?? [], finish)
  } catch (error) {
    finish()
    throw queryError(error, stopper.why, reads ?? statement)
  }
}
