import type { Lake, TaskDetails, TaskHandle, TaskRunEntry, TaskStatus } from '../api.ts'
import type { CatalogObject } from '../catalog/objects.ts'
import { literal } from '../engines/duckdb.ts'
import { MillraceError } from '../errors.ts'
import { shownName } from '../sql/execution/names.ts'
import { objectNamed } from '../sql/execution/object-named.ts'
import { taskDefinitions } from '../sql/execution/task-definition.ts'
import { schedule } from '../sql/statement/schedule.ts'
import { type Task, type TaskRun, type TaskState, taskText } from '../tasks/task.ts'
import type { SkippedRuns } from '../tasks/task-store.ts'
import type { Tasks } from '../tasks/tasks.ts'

/** The lake as tasks by their names need it. */
export interface TaskLake {
  readonly objects: () => Promise<readonly CatalogObject[]>
  readonly states: () => Promise<ReadonlyMap<string, TaskState>>
  readonly tasks: Pick<Tasks, 'now' | 'execute'>
  readonly query: Lake['query']
  readonly run: Lake['run']
}

const usualLimit = 100

/** One task of a lake that is open here. */
export class LocalTask implements TaskHandle {
  private readonly lake: TaskLake
  private readonly name: string

  constructor(lake: TaskLake, name: string) {
    this.lake = lake
    this.name = name
  }

  async details(): Promise<TaskDetails> {
    const name = taskText(await this.find())
    const found = (await listTasks(this.lake)).find((task) => task.name === name)
    if (found !== undefined) return found
    throw new MillraceError('TASK_MISSING', `The task ${name} was dropped just now.`)
  }

  resume(): Promise<TaskDetails> {
    return this.alter('RESUME')
  }

  suspend(): Promise<TaskDetails> {
    return this.alter('SUSPEND')
  }

  readonly run: TaskHandle['run'] = async ({ signal } = {}) => {
    const runs = await this.lake.tasks.execute(await this.find(), signal ?? new AbortController().signal)
    return runs.map(entryOf)
  }

  readonly history: TaskHandle['history'] = async ({ limit = usualLimit } = {}) => {
    const { tasks, query } = this.lake
    const name = taskText(await this.find())
    const task = (await definitionsOf(this.lake)).find((one) => taskText(one) === name)
    const idle = task === undefined ? undefined : tasks.now(task).skipped
    const result = await query<TaskRunEntry>(`
      select ${runColumns}
      from lake.task_runs r where task = ${literal(name)}
      order by coalesce(r.completed_at, r.scheduled_at) desc, run_id desc limit ${limit}`)
    return [...(idle === undefined ? [] : [idleEntry(idle)]), ...(await result.all())].slice(0, limit)
  }

  private async alter(action: 'RESUME' | 'SUSPEND'): Promise<TaskDetails> {
    const statement = `ALTER TASK ${shownName(await this.find())} ${action}`
    for await (const _result of this.lake.run(statement, { dialect: 'snowflake' }));
    return this.details()
  }

  private async find(): Promise<CatalogObject> {
    return objectNamed('TASK', this.name, await this.lake.objects())
  }
}

const runColumns = `task, query_id, state, scheduled_from, ${iso('scheduled_at')} as scheduled_at, ${iso('started_at')} as started_at,
  ${iso('completed_at')} as completed_at, rows_inserted, rows_updated, rows_deleted, notices, error_code, error_message,
  run_id, graph_run_group_id, attempt_number, skipped_runs`

type StoredStatus = Omit<TaskStatus, 'is_running' | 'schedule' | 'next_due_at'>
type LastRun = Pick<TaskDetails, 'last_run' | 'noticed_runs'>
type More = Omit<TaskDetails, keyof TaskStatus | keyof LastRun>

interface StoredTask extends StoredStatus {
  readonly definition: string
  readonly comment: string | null
  readonly created_at: string
}

async function definitionsOf({ objects, states }: TaskLake): Promise<Task[]> {
  return taskDefinitions(await objects(), await states())
}

/** All tasks, in the order of their names. */
export async function listTasks(lake: TaskLake): Promise<TaskDetails[]> {
  const [tasks, runs] = [await readTasks(lake), await lastRuns(lake)]
  const none: LastRun = { last_run: null, noticed_runs: 0 }
  return tasks.map(({ status, more }) => ({ ...status, ...more, ...(runs.get(status.name) ?? none) }))
}

/** The last run of each task that was more than a look at its condition. */
async function lastRuns({ query }: TaskLake): Promise<ReadonlyMap<string, LastRun>> {
  const result = await query<TaskRunEntry & { noticed_runs: number }>(`
    select ${runColumns}, count(*) filter (len(notices) > 0) over (partition by task) as noticed_runs
    from lake.task_runs r where r.state <> 'SKIPPED'
    qualify row_number() over (partition by task order by r.started_at desc, run_id desc) = 1`)
  return new Map(
    (await result.all()).map(({ noticed_runs, ...last_run }) => [last_run.task, { last_run, noticed_runs }]),
  )
}

/** How all tasks are doing. */
export async function taskStatuses(lake: TaskLake): Promise<TaskStatus[]> {
  return (await readTasks(lake)).map(({ status }) => status)
}

async function readTasks(lake: TaskLake): Promise<{ readonly status: TaskStatus; readonly more: More }[]> {
  const tasks = new Map((await definitionsOf(lake)).map((task) => [taskText(task), task]))
  if (tasks.size === 0) return []
  const result = await lake.query<StoredTask>(`
    select database_name || '.' || schema_name || '.' || name as name, state, last_state, ${iso('last_started_at')} as last_started_at,
      ${iso('last_completed_at')} as last_completed_at, last_error, ${iso('last_success_at')} as last_success_at,
      ${iso('last_suspended_on')} as last_suspended_at, last_suspended_reason, consecutive_failures, runs, failed_runs, inputs_without_rows, skipped_runs,
      ${iso('last_skipped_at')} as last_skipped_at, definition, comment, ${iso('created_at')} as created_at
    from logs.tasks t order by 1`)
  return (await result.all()).flatMap(({ definition, comment, created_at, ...row }) => {
    const task = tasks.get(row.name)
    if (task === undefined) return []
    const { nextDueMs, isRunning, skipped } = lake.tasks.now(task)
    const status = {
      ...row,
      is_running: isRunning,
      schedule: task.schedule === undefined ? null : schedule.print(task.schedule).slice(1, -1),
      next_due_at: momentOf(nextDueMs),
      skipped_runs: row.skipped_runs + (skipped?.count ?? 0),
      last_skipped_at: momentOf(skipped?.lastMs) ?? row.last_skipped_at,
    }
    const { body, conditionText: condition = null, after: predecessors, finalizes = null } = task
    return [{ status, more: { definition, body, condition, predecessors, finalizes, comment, created_at } }]
  })
}

function entryOf(run: TaskRun): TaskRunEntry {
  const { task, effect, error } = run
  return {
    task: taskText(task),
    query_id: run.queryId,
    state: run.state,
    scheduled_from: run.from,
    scheduled_at: new Date(run.scheduledMs).toISOString(),
    started_at: run.state === 'SKIPPED' ? null : new Date(run.startedMs).toISOString(),
    completed_at: momentOf(run.completedMs),
    rows_inserted: effect.inserted,
    rows_updated: effect.updated,
    rows_deleted: effect.deleted,
    notices: effect.notices,
    error_code: error?.code ?? null,
    error_message: error?.message ?? null,
    run_id: run.runId,
    graph_run_group_id: run.groupId,
    attempt_number: run.attempt,
    skipped_runs: run.state === 'SKIPPED' ? 1 : 0,
  }
}

/** Runs that had nothing to do, and are only counted yet. */
function idleEntry({ task, from, count, firstMs, lastMs }: SkippedRuns): TaskRunEntry {
  return {
    ...{ task: taskText(task), query_id: '', state: 'SKIPPED', scheduled_from: from },
    ...{ scheduled_at: new Date(firstMs).toISOString(), started_at: null, completed_at: momentOf(lastMs) },
    ...{ rows_inserted: 0, rows_updated: 0, rows_deleted: 0, notices: [], error_code: null, error_message: null },
    ...{ run_id: firstMs, graph_run_group_id: firstMs, attempt_number: 1, skipped_runs: count },
  }
}

function momentOf(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString()
}

/** A timestamp as ISO 8601 in UTC. */
function iso(column: string): string {
  return `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%gZ')`
}
