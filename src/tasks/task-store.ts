import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import { z } from 'zod'
import {
  noEffect,
  type SuspendedReason,
  type Task,
  type TaskName,
  type TaskRun,
  type TaskState,
  taskText,
} from './task.ts'

const reasons = [
  'USER_SUSPENDED',
  'SUSPENDED_DUE_TO_ERRORS',
  'CHILD_BECAME_ROOT',
  'FINALIZER_BECAME_ROOT',
] as const satisfies readonly SuspendedReason[]

const milliseconds = z.coerce.number().nullable()
const stateShape = z.tuple([
  z.string(),
  z.string(),
  z.string(),
  z.string(),
  z.boolean(),
  milliseconds,
  milliseconds,
  z.enum(reasons).nullable(),
  z.number(),
])

/** History goes back so far. */
const keptDays = 7

/** What is kept of every task, by its name as one text. */
export async function readTaskStates(connection: DuckDBConnection): Promise<ReadonlyMap<string, TaskState>> {
  const reader = await connection.runAndReadAll(`
    select database_name, schema_name, name, task_id, is_resumed, epoch_ms(resumed_at)::varchar, epoch_ms(suspended_at)::varchar, suspended_reason, failures
    from lake.tasks`)
  return new Map(
    reader.getRows().map((row) => {
      const [database, schema, name, id, isResumed, resumedMs, suspendedMs, reason, failures] = stateShape.parse(row)
      const state = {
        id,
        isResumed,
        resumedMs: resumedMs ?? undefined,
        suspendedMs: suspendedMs ?? undefined,
        suspendedReason: reason ?? undefined,
        failures,
      }
      return [taskText({ database, schema, name }), state]
    }),
  )
}

const keyCondition = 'database_name = $1::varchar and schema_name = $2::varchar and name = $3::varchar'

function keyOf({ database, schema, name }: TaskName): string[] {
  return [database, schema, name]
}

function moment(ms: number | undefined): bigint | null {
  return ms === undefined ? null : BigInt(Math.trunc(ms))
}

/** Writes what is kept of a task, in place of what was; what its runs have come to stays. Part of the caller's transaction, as all that follows. */
export async function writeTaskState(
  connection: DuckDBConnection,
  task: TaskName,
  { id, isResumed, resumedMs, suspendedMs, suspendedReason, failures }: TaskState,
): Promise<void> {
  await connection.run(
    `insert into lake.tasks (database_name, schema_name, name, task_id, is_resumed, resumed_at, suspended_at, suspended_reason, failures)
    values ($1::varchar, $2::varchar, $3::varchar, $4::varchar, $5::boolean, make_timestamp($6::bigint * 1000),
      make_timestamp($7::bigint * 1000), $8::varchar, $9::integer)
    on conflict (database_name, schema_name, name) do update set task_id = excluded.task_id, is_resumed = excluded.is_resumed,
      resumed_at = excluded.resumed_at, suspended_at = excluded.suspended_at, suspended_reason = excluded.suspended_reason, failures = excluded.failures`,
    [...keyOf(task), id, isResumed, moment(resumedMs), moment(suspendedMs), suspendedReason ?? null, failures],
  )
}

export async function removeTaskState(connection: DuckDBConnection, task: TaskName): Promise<void> {
  await connection.run(`delete from lake.tasks where ${keyCondition}`, keyOf(task))
}

/** A task goes on under another name. */
export async function moveTaskState(connection: DuckDBConnection, from: TaskName, to: TaskName): Promise<void> {
  await connection.run(
    `update lake.tasks set database_name = $4::varchar, schema_name = $5::varchar, name = $6::varchar where ${keyCondition}`,
    [...keyOf(from), ...keyOf(to)],
  )
}

/** Keeps a run that begins. Another one of the task that has no end was left so by an error: it has ended. */
export async function addRun(connection: DuckDBConnection, run: TaskRun): Promise<void> {
  await endLostRuns(connection, taskText(run.task))
  await insertRun(connection, run, 0)
}

/** Keeps what became of a run, and counts its failure, or forgets earlier ones. */
export async function endRun(connection: DuckDBConnection, run: TaskRun, failures: number): Promise<void> {
  const { effect, error } = run
  const updated = await connection.run(
    `update lake.task_runs set state = $2::varchar, completed_at = make_timestamp($3::bigint * 1000), rows_inserted = $4::bigint,
      rows_updated = $5::bigint, rows_deleted = $6::bigint, notices = from_json($7::varchar::json, '["VARCHAR"]'), error_code = $8::varchar, error_message = $9::varchar
    where query_id = $1::varchar`,
    [
      run.queryId,
      run.state,
      moment(run.completedMs),
      effect.inserted,
      effect.updated,
      effect.deleted,
      JSON.stringify(effect.notices),
      error?.code ?? null,
      error?.message ?? null,
    ],
  )
  // A backup was put in the place of the data meanwhile.
  if (updated.rowsChanged === 0) await insertRun(connection, run, 0)
  await connection.run(
    `update lake.tasks set failures = $4::integer, runs = runs + 1, failed_runs = failed_runs + $5::bigint,
      inputs_without_rows = coalesce(inputs_without_rows, 0) + $7::bigint,
      succeeded_at = coalesce(make_timestamp($6::bigint * 1000), succeeded_at)
    where ${keyCondition}`,
    [
      ...keyOf(run.task),
      failures,
      run.state.startsWith('FAILED') ? 1 : 0,
      run.state === 'SUCCEEDED' ? moment(run.completedMs) : null,
      effect.withoutRows,
    ],
  )
}

/** Suspends a task that has failed too often. */
export async function suspendForErrors(connection: DuckDBConnection, task: TaskName, nowMs: number): Promise<void> {
  await connection.run(
    `update lake.tasks set is_resumed = false, suspended_at = make_timestamp($4::bigint * 1000), suspended_reason = 'SUSPENDED_DUE_TO_ERRORS' where ${keyCondition}`,
    [...keyOf(task), moment(nowMs)],
  )
}

/** Runs of a task that had nothing to do, one after the other. */
export interface SkippedRuns {
  readonly task: Task
  readonly rootId: string
  readonly from: TaskRun['from']
  readonly count: number
  readonly firstMs: number
  readonly lastMs: number
}

/** Keeps them as one row. */
export async function addSkipped(connection: DuckDBConnection, skipped: SkippedRuns, queryId: string): Promise<void> {
  const { task, rootId, from, count, firstMs, lastMs } = skipped
  const run: TaskRun = {
    queryId,
    task,
    rootId,
    runId: firstMs,
    groupId: firstMs,
    from,
    attempt: 1,
    scheduledMs: firstMs,
    startedMs: lastMs,
    state: 'SKIPPED',
    completedMs: lastMs,
    effect: noEffect,
    error: undefined,
  }
  await insertRun(connection, run, count)
}

async function insertRun(connection: DuckDBConnection, run: TaskRun, skipped: number): Promise<void> {
  const { task, effect, error } = run
  const values: DuckDBValue[] = [
    run.queryId,
    taskText(task),
    ...keyOf(task),
    task.body,
    task.conditionText ?? null,
    run.state,
    error?.code ?? null,
    error?.message ?? null,
    moment(run.scheduledMs),
    run.state === 'SKIPPED' ? null : moment(run.startedMs),
    moment(run.completedMs),
    run.rootId,
    BigInt(run.runId),
    BigInt(run.groupId),
    run.from,
    run.attempt,
    task.config ?? null,
    effect.inserted,
    effect.updated,
    effect.deleted,
    JSON.stringify(effect.notices),
    skipped,
  ]
  const types =
    'varchar varchar varchar varchar varchar varchar varchar varchar varchar varchar @ @ @ varchar bigint bigint varchar integer varchar bigint bigint bigint # bigint'
  const placeholders = types.split(' ').map((type, index) => placeholder(type, index + 1))
  await connection.run(`insert into lake.task_runs values (${placeholders.join(', ')})`, values)
}

/** `@` is a time in milliseconds, `#` a list of texts as JSON. */
function placeholder(type: string, number: number): string {
  if (type === '@') return `make_timestamp($${number}::bigint * 1000)`
  return type === '#' ? `from_json($${number}::varchar::json, '["VARCHAR"]')` : `$${number}::${type}`
}

/** Removes what is older than history goes back. */
export async function pruneRuns(connection: DuckDBConnection, nowMs: number): Promise<void> {
  await connection.run(
    `delete from lake.task_runs where coalesce(completed_at, scheduled_at) < make_timestamp($1::bigint * 1000) - interval ${keptDays} days and state <> 'EXECUTING'`,
    [moment(nowMs)],
  )
}

/** Ends runs that were under way when their process died: nothing of them was kept, and they do not count as failures. */
export async function endLostRuns(connection: DuckDBConnection, task?: string): Promise<void> {
  const one = task === undefined ? '' : ' and task = $1::varchar'
  await connection.run(
    `update lake.task_runs set state = 'CANCELLED', completed_at = current_localtimestamp(), error_code = 'QUERY_CANCELLED',
      error_message = 'The process ended while the task ran. Nothing of the run was kept; it is tried again when it is next due.'
    where state = 'EXECUTING'${one}`,
    task === undefined ? [] : [task],
  )
}
