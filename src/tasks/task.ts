import type { Dialect } from '../sql/dialects.ts'
import type { Schedule } from '../sql/statement/schedule.ts'
import type { Condition } from './condition.ts'

/** What tells a task from all others, in parts and as one text: `MILLRACE.PUBLIC.HOURLY`. */
export interface TaskName {
  readonly database: string
  readonly schema: string
  readonly name: string
}

export function taskText({ database, schema, name }: TaskName): string {
  return `${database}.${schema}.${name}`
}

/** Why a task was suspended, in Snowflake's words. */
export type SuspendedReason =
  | 'USER_SUSPENDED'
  | 'SUSPENDED_DUE_TO_ERRORS'
  | 'CHILD_BECAME_ROOT'
  | 'FINALIZER_BECAME_ROOT'

/** What is kept of a task beside its definition. Times are epoch milliseconds. */
export interface TaskState {
  readonly id: string
  readonly isResumed: boolean
  /** Intervals count from here. */
  readonly resumedMs: number | undefined
  readonly suspendedMs: number | undefined
  readonly suspendedReason: SuspendedReason | undefined
  /** Failed runs since the last that succeeded. */
  readonly failures: number
}

/** A task as the catalog has it, with all that its statement names looked up. */
export interface Task extends TaskName, TaskState {
  readonly schedule: Schedule | undefined
  /** Tasks that run before it, by their names as one text. */
  readonly after: readonly string[]
  /** The root of the graph at whose end it runs. */
  readonly finalizes: string | undefined
  readonly condition: Condition | undefined
  readonly conditionText: string | undefined
  readonly body: string
  readonly dialect: Dialect
  readonly config: string | undefined
  readonly timeoutMs: number
  /** Failures one after the other that suspend it; undefined where it says nothing. */
  readonly failureLimit: number | undefined
  readonly retries: number
  /** A task without a schedule that runs when its streams have data waits so long between two runs. */
  readonly triggerMs: number
}

export type RunState = 'EXECUTING' | 'SUCCEEDED' | 'FAILED' | 'FAILED_AND_AUTO_SUSPENDED' | 'CANCELLED' | 'SKIPPED'

/** What began a run, in Snowflake's words. */
export type ScheduledFrom = 'SCHEDULE' | 'TRIGGER' | 'EXECUTE_TASK' | 'AUTOMATIC RETRY'

/** What the body of a task did. */
export interface Effect {
  readonly inserted: number
  readonly updated: number
  readonly deleted: number
  /** Inputs that functions gave no row for. */
  readonly withoutRows: number
  /** What its statements had to say. */
  readonly notices: readonly string[]
}

export const noEffect: Effect = { inserted: 0, updated: 0, deleted: 0, withoutRows: 0, notices: [] }

/** A run of a task. Times are epoch milliseconds. */
export interface TaskRun {
  readonly queryId: string
  readonly task: Task
  readonly rootId: string
  /** Of this attempt at the graph, and of the first one. */
  readonly runId: number
  readonly groupId: number
  readonly from: ScheduledFrom
  readonly attempt: number
  readonly scheduledMs: number
  readonly startedMs: number
  readonly state: RunState
  readonly completedMs: number | undefined
  readonly effect: Effect
  readonly error: { readonly code: string; readonly message: string } | undefined
}
