import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api'
import type { QueryOptions, QueryResult, ResultColumn, Value } from '../api.ts'
import type { Engine } from '../engines/duckdb.ts'
import { MillraceError, messageOf } from '../errors.ts'
import { checkReading } from './guard.ts'
import { isPlain, plainValue } from './values.ts'

/** A running query: rows as they come. Its connection closes when the rows end, fail or are given up. */
class Running<Row extends object> implements QueryResult<Row> {
  readonly columns: readonly ResultColumn[]
  truncated = false
  private readonly connection: DuckDBConnection
  private readonly result: DuckDBResult
  private readonly options: QueryOptions
  private readonly finish: () => void
  private why: 'QUERY_CANCELLED' | 'QUERY_TIMEOUT' | undefined

  constructor(connection: DuckDBConnection, result: DuckDBResult, options: QueryOptions, finish: () => void) {
    this.connection = connection
    this.result = result
    this.options = options
    this.finish = finish
    this.columns = uniqueNames(result.columnNames()).map((name, index) => ({
      name,
      type: String(result.columnType(index)),
    }))
  }

  cancel(): void {
    this.stop('QUERY_CANCELLED')
  }

  stop(why: 'QUERY_CANCELLED' | 'QUERY_TIMEOUT'): void {
    this.why ??= why
    this.connection.interrupt()
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
        if (this.why !== undefined) throw new Error('interrupted')
        const chunk = await this.result.fetchChunk()
        // An interrupted result may end as if it were complete.
        if (this.why !== undefined) throw new Error('interrupted')
        if (chunk === null || chunk.rowCount === 0) break
        for (const values of chunk.getRows()) {
          if (left-- <= 0) {
            this.truncated = true
            this.connection.interrupt()
            return
          }
          yield rowOf<Row>(
            names,
            values.map((value, index) => (plain[index] === true ? scalar(value) : plainValue(value))),
          )
        }
      }
    } catch (error) {
      throw queryError(error, this.why)
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

/** What an engine error means to the one who wrote the SQL: its first part, with the place it points at. */
function queryError(error: unknown, why: 'QUERY_CANCELLED' | 'QUERY_TIMEOUT' | undefined): MillraceError {
  if (error instanceof MillraceError) return error
  if (why === 'QUERY_TIMEOUT')
    return new MillraceError(
      'QUERY_TIMEOUT',
      'The query took longer than its time limit and was stopped. Narrow it, or raise the limit.',
      error,
    )
  if (why === 'QUERY_CANCELLED' || /INTERRUPT/i.test(messageOf(error)))
    return new MillraceError('QUERY_CANCELLED', 'The query was cancelled.', error)
  return new MillraceError('SQL_FAILED', messageOf(error).trim(), error)
}

/** Runs one reading statement in a READ ONLY transaction of its own connection. */
export async function runQuery<Row extends object>(
  engine: Engine,
  sql: string,
  options: QueryOptions,
): Promise<QueryResult<Row>> {
  const connection = await engine.connect()
  const early: { why: 'QUERY_CANCELLED' | 'QUERY_TIMEOUT' | undefined; running: Running<Row> | undefined } = {
    why: undefined,
    running: undefined,
  }
  const stop = (why: 'QUERY_CANCELLED' | 'QUERY_TIMEOUT'): void => {
    early.why ??= why
    if (early.running === undefined) connection.interrupt()
    else early.running.stop(why)
  }
  const onAbort = (): void => {
    stop('QUERY_CANCELLED')
  }
  const timer =
    options.timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          stop('QUERY_TIMEOUT')
        }, options.timeoutMs)
  const finish = (): void => {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', onAbort)
    connection.closeSync()
  }
  try {
    if (options.signal?.aborted === true) throw new MillraceError('QUERY_CANCELLED', 'The query was cancelled.')
    options.signal?.addEventListener('abort', onAbort)
    await checkReading(connection, sql)
    await connection.run('begin transaction read only')
    const running = new Running<Row>(connection, await connection.stream(sql), options, finish)
    early.running = running
    return running
  } catch (error) {
    finish()
    throw queryError(error, early.why)
  }
}
