import type { DuckDBConnection } from '@duckdb/node-api'
import type { CallReport } from '../../api.ts'
import { MillraceError, messageOf } from '../../errors.ts'
import { pruneFormerRows } from '../../streams/former-rows.ts'
import { moveStream, readStreams } from '../../streams/stream-store.ts'
import { showStream } from '../../streams/stream-views.ts'
import type { Dialect } from '../dialects.ts'
import { failed } from '../execution/failure.ts'
import type { Outcome } from '../execution/plan.ts'
import type { ScriptLake } from '../execution/script-lake.ts'
import type { Session } from '../execution/session.ts'
import { streamPlace } from '../execution/streams.ts'
import { failureIn } from '../place.ts'
import type { WritingStatement } from '../statement/registry.ts'
import { plainValue } from '../values.ts'
import { assignMark } from './assign.ts'
import { readyQuery } from './query.ts'
import { runDml } from './run-dml.ts'
import type { Work } from './work.ts'

/** Whose SQL statements are, where names are looked up, and what ends them. */
export interface StatementOptions {
  readonly dialect: Dialect
  readonly session: Session
  /** Rows of a statement that selects that are given at most. */
  readonly maxRows: number
  readonly signal?: AbortSignal | undefined
}

type WorkLake = Pick<ScriptLake, 'names' | 'objects' | 'known' | 'nextLoadId' | 'calls' | 'now'>

/** A statement that a transaction can hold: one that writes rows, or the text of one that selects. */
export type HeldStatement = WritingStatement | { readonly kind: 'sql'; readonly text: string }

/** What a statement gave. */
export interface HeldOutcome extends Outcome {
  readonly truncated: boolean
  /** What it called of functions in JavaScript and Python. */
  readonly calls: readonly CallReport[]
}

/**
 * Runs statements within the caller's transaction of the lake's writer, as one transaction of people's: they read streams as they were when it
 * began, and the streams that they consume move when the caller commits. What else the caller does on the connection commits, or is
 * lost, with them: the body of a task and what is kept of its run. After an error the caller must roll back.
 *
 *     await lake.transaction(async (connection) => {
 *       const outcomes = await runStatements(lake, connection, [parseStatement(body, { dialect })], options)
 *       await connection.run('insert into lake.task_runs …')
 *     })
 */
export async function runStatements(
  lake: WorkLake,
  connection: DuckDBConnection,
  statements: readonly HeldStatement[],
  options: StatementOptions,
): Promise<HeldOutcome[]> {
  const work = await beginWork(lake, connection, options)
  const outcomes: HeldOutcome[] = []
  for (const statement of statements) outcomes.push(await runHeld(statement, work, options))
  await finishWork(work)
  return outcomes
}

/** To be called at the beginning of a transaction, before it has read anything. */
export async function beginWork(
  lake: WorkLake,
  connection: DuckDBConnection,
  { dialect, session, signal }: Pick<StatementOptions, 'dialect' | 'session' | 'signal'>,
): Promise<Work> {
  return {
    connection,
    loadId: lake.nextLoadId(),
    nowMs: lake.now(),
    dialect,
    session,
    objects: await lake.objects(),
    names: await lake.names(),
    known: await lake.known('', session),
    streams: await readStreams(connection),
    consumed: new Set(),
    changed: new Set(),
    kept: new Set(),
    calls: lake.calls,
    made: { reports: [], releases: [] },
    signal,
  }
}

/** Runs one statement of a transaction that `beginWork` began. */
export async function runHeld(
  statement: HeldStatement,
  work: Work,
  { maxRows, signal }: Pick<StatementOptions, 'maxRows' | 'signal'>,
): Promise<HeldOutcome> {
  return withCalls(work, signal, async () => {
    if (statement.kind === 'sql') return select(statement.text, work, maxRows)
    const { write } = statement
    if (write.kind === 'table-from-query')
      throw failed(
        'CREATE TABLE is not run within a transaction, since Snowflake would commit before it; put it before BEGIN',
      )
    return { ...(await runDml(write, work)), truncated: false, calls: work.made.reports.splice(0) }
  }).catch((error: unknown) => {
    throw dmlFailure(error, statement.text)
  })
}

/** To be called before the commit: moves the streams that were consumed, and forgets what no stream will tell of any more. */
export async function finishWork({ connection, consumed, changed, kept, loadId }: Work): Promise<void> {
  for (const stream of consumed) await moveStream(connection, stream, loadId - 1)
  const streams = consumed.size === 0 && changed.size === 0 ? [] : await readStreams(connection)
  for (const table of new Set([...changed, ...[...consumed].map((stream) => stream.table)]))
    await pruneFormerRows(connection, table, streams)
  for (const moved of consumed) {
    const { database, schema, name } = moved
    const stream = streams.find((one) => one.database === database && one.schema === schema && one.name === name)
    if (stream?.staleReason === undefined && stream !== undefined) await showStream(connection, stream, streamPlace)
  }
  for (const table of kept) await connection.run(`drop table temp.${table}`)
}

/** Runs one statement of a transaction; what its calls gave is there until it has ended. */
export async function withCalls<T>(work: Work, signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
  try {
    return await interruptible(work, signal, run)
  } finally {
    for (const release of work.made.releases.splice(0)) await release()
  }
}

/** Runs something of the engine's that a signal ends. */
async function interruptible<T>(
  { connection }: Pick<Work, 'connection'>,
  signal: AbortSignal | undefined,
  run: () => Promise<T>,
): Promise<T> {
  if (signal === undefined) return run()
  // An interrupt between two steps of the engine is lost, so it is repeated.
  let again: NodeJS.Timeout | undefined
  const onAbort = (): void => {
    connection.interrupt()
    again = setInterval(() => {
      connection.interrupt()
    }, 20)
  }
  signal.addEventListener('abort', onAbort)
  try {
    if (signal.aborted) throw new Error('aborted')
    return await run()
  } catch (error) {
    if (!signal.aborted) throw error
    throw new MillraceError('QUERY_CANCELLED', 'the statement was cancelled, and its transaction taken back', error)
  } finally {
    clearInterval(again)
    signal.removeEventListener('abort', onAbort)
  }
}

async function select(text: string, work: Work, maxRows: number): Promise<HeldOutcome> {
  const { sql, notices } = await readyQuery({ text }, work, { consumes: false })
  const reader = await work.connection.streamAndReadUntil(sql, maxRows + 1)
  const columns = reader
    .deduplicatedColumnNames()
    .map((name, index) => ({ name, type: String(reader.columnType(index)) }))
  const all = reader.getRows()
  const rows = all
    .slice(0, maxRows)
    .map((values) => Object.fromEntries(columns.map(({ name }, index) => [name, plainValue(values[index] ?? null)])))
  return { columns, rows, notices, truncated: all.length > maxRows, calls: work.made.reports.splice(0) }
}

const refusal = /^Conversion Error: Could not convert string '(Snowflake: [\s\S]*)' to BOOL/

/** An error of the engine, told of the statement as it was written. */
export function dmlFailure(error: unknown, text: string): unknown {
  if (error instanceof MillraceError) return error.code === 'SQL_FAILED' ? failureIn(text, error) : error
  const [message = ''] = messageOf(error).trim().replace(refusal, '$1.').split('\n\nLINE ', 1)
  const [, assigned] = new RegExp(`${assignMark}([\\s\\S]*)`).exec(message) ?? []
  if (assigned !== undefined) return failed(`column ${assigned}. Nothing of the statement was kept.`)
  const [, column] = /NOT NULL constraint failed: .*\.(.+)$/.exec(message) ?? []
  if (column !== undefined)
    return failed(`column ${column.toUpperCase()} takes no NULL; give it a value. Nothing of the statement was kept.`)
  return failureIn(text, new MillraceError('SQL_FAILED', message, error))
}
