import { randomUUID } from 'node:crypto'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Timing } from '../aws/timing.ts'
import { MillraceError, messageOf } from '../errors.ts'
import type { SkippedTasks } from './skipped.ts'
import { addRun, addSkipped, endRun, suspendForErrors } from './task-store.ts'
import { type Effect, type Task, type TaskRun, noEffect, taskText } from './task.ts'

/** What runs the body of a task. */
export interface BodyRun {
  readonly signal: AbortSignal
  /** To be called when the body itself begins, once it need not wait for others. */
  readonly began: () => void
  /** To be called within the transaction of what the body does, as its last step; or in one of its own where it does nothing that could be taken back. */
  readonly record: (connection: DuckDBConnection, effect: Effect) => Promise<void>
}

/** What runs of tasks work with. */
export interface RunParts {
  readonly timing: Timing
  readonly transaction: <T>(work: (connection: DuckDBConnection) => Promise<T>) => Promise<T>
  /** Whether the condition of a task holds; true where it has none. */
  readonly holds: (task: Task) => Promise<boolean>
  readonly runBody: (task: Task, run: BodyRun) => Promise<void>
  readonly skipped: SkippedTasks
  readonly reached: (name: string) => void
}

/** Which run of which graph it is. */
export type RunOf = Pick<TaskRun, 'rootId' | 'runId' | 'groupId' | 'from' | 'attempt' | 'scheduledMs'> & {
  /** Who is suspended when the task has failed too often, and how often that is; 0 means never. */
  readonly suspends: Task
  readonly failureLimit: number
  /** Whether it is tried again when it fails: then the failure is none yet. */
  readonly isRetried: boolean
}

const longestMs = 604_800_000

/**
 * Runs a task once. What it does, the position of the streams that it reads and the success of the run are one transaction: when the process dies, all of
 * it is there, or nothing. A run whose condition does not hold writes nothing.
 */
export async function runTask(task: Task, of: RunOf, parts: RunParts, signal: AbortSignal): Promise<TaskRun> {
  const { timing, transaction, skipped } = parts
  const { rootId, runId, groupId, from, attempt, scheduledMs } = of
  const begun: TaskRun = {
    ...{ queryId: randomUUID(), task, rootId, runId, groupId, from, attempt, scheduledMs },
    ...{ startedMs: timing.now(), state: 'EXECUTING', completedMs: undefined, effect: noEffect, error: undefined },
  }
  const condition = await outcomeOf(() => parts.holds(task))
  if ('value' in condition && !condition.value) {
    skipped.add(task, of, timing.now())
    return { ...begun, state: 'SKIPPED', completedMs: timing.now() }
  }
  const idle = skipped.of(task)
  await transaction(async (connection) => {
    if (idle !== undefined) await addSkipped(connection, idle, randomUUID())
    await addRun(connection, begun)
  })
  if (idle !== undefined) skipped.forget(idle)
  parts.reached('task-begun')
  const end: { run?: TaskRun } = {}
  const body = 'error' in condition ? condition : await outcomeOf(() => runLimited(task, begun, end, parts, signal))
  if ('value' in body && end.run !== undefined) return end.run
  const error =
    'error' in body ? body.error : new MillraceError('INTERNAL', `TASK ${taskText(task)} ended without a record.`)
  return recordFailure(begun, of, error, parts, signal.aborted)
}

async function runLimited(
  task: Task,
  begun: TaskRun,
  end: { run?: TaskRun },
  { timing, runBody, reached }: RunParts,
  signal: AbortSignal,
): Promise<void> {
  const limit = new AbortController()
  const done = new AbortController()
  const limitMs = task.timeoutMs === 0 ? longestMs : task.timeoutMs
  try {
    await runBody(task, {
      signal: AbortSignal.any([signal, limit.signal]),
      began: () => {
        timing.wait(limitMs, done.signal).then(
          () => limit.abort(),
          () => undefined,
        )
      },
      record: async (connection, effect) => {
        const run: TaskRun = { ...begun, state: 'SUCCEEDED', completedMs: timing.now(), effect }
        await endRun(connection, run, 0)
        end.run = run
        reached('task-before-commit')
      },
    })
  } catch (error) {
    if (!limit.signal.aborted) throw error
    throw new MillraceError(
      'QUERY_TIMEOUT',
      `TASK ${taskText(task)} took longer than ${limitMs / 1000} seconds and was ended; nothing of it was kept. Raise USER_TASK_TIMEOUT_MS, or give it less to do.`,
      error,
    )
  } finally {
    done.abort()
  }
}

async function recordFailure(
  begun: TaskRun,
  of: RunOf,
  error: unknown,
  { transaction, timing }: RunParts,
  isCancelled: boolean,
): Promise<TaskRun> {
  const { task } = begun
  const isCounted = !isCancelled && !of.isRetried
  const failures = task.failures + (isCounted ? 1 : 0)
  const isTooMany = isCounted && of.failureLimit > 0 && failures >= of.failureLimit
  const code = error instanceof MillraceError ? error.code : 'INTERNAL'
  const run: TaskRun = {
    ...begun,
    state: isCancelled ? 'CANCELLED' : isTooMany ? 'FAILED_AND_AUTO_SUSPENDED' : 'FAILED',
    completedMs: timing.now(),
    error: { code, message: messageOf(error) },
  }
  await transaction(async (connection) => {
    await endRun(connection, run, failures)
    if (isTooMany) await suspendForErrors(connection, of.suspends, timing.now())
  })
  return run
}

async function outcomeOf<T>(work: () => Promise<T>): Promise<{ readonly value: T } | { readonly error: unknown }> {
  try {
    return { value: await work() }
  } catch (error) {
    return { error }
  }
}
