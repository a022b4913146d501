/** A task of a lake, reached by its name. Every call rejects with TASK_MISSING where there is none of that name. */
export interface TaskHandle {
  details(): Promise<TaskDetails>
  /** Lets it run by itself, from now on. */
  resume(): Promise<TaskDetails>
  /** A run under way goes on to its end. */
  suspend(): Promise<TaskDetails>
  /** Runs it once, also where it is suspended, with all that runs after it, and resolves at the end. A run that had nothing to do is SKIPPED. */
  run(options?: { readonly signal?: AbortSignal | undefined }): Promise<TaskRunEntry[]>
  /** Runs of the last seven days, newest first. */
  history(options?: { readonly limit?: number | undefined }): Promise<TaskRunEntry[]>
}

/** How a task is doing. Times are ISO 8601 in UTC. */
export interface TaskStatus {
  /** Database, schema and name. */
  readonly name: string
  readonly state: 'started' | 'suspended'
  readonly is_running: boolean
  /** Such as `10 MINUTE` or `USING CRON 0 9 * * * UTC`; null where streams or other tasks start it. */
  readonly schedule: string | null
  /** When it is due next; null where it waits for no time, or no server runs it. */
  readonly next_due_at: string | null
  /** How its last run ended; null where it has not run in seven days. Runs that had nothing to do are not meant. */
  readonly last_state: string | null
  readonly last_started_at: string | null
  readonly last_completed_at: string | null
  readonly last_error: string | null
  readonly last_success_at: string | null
  readonly last_suspended_at: string | null
  /** In Snowflake's words, such as SUSPENDED_DUE_TO_ERRORS. */
  readonly last_suspended_reason: string | null
  /** Failed runs since the last that succeeded. */
  readonly consecutive_failures: number
  /** Since it was made. */
  readonly runs: number
  readonly failed_runs: number
  /** Inputs that functions of its runs gave no row for, since it was made: lines that were passed over. */
  readonly inputs_without_rows: number
  /** Of the last seven days: runs that had nothing to do, and the last of them. */
  readonly skipped_runs: number
  readonly last_skipped_at: string | null
}

/** All that is known of a task. */
export interface TaskDetails extends TaskStatus {
  /** The statement that would make it. */
  readonly definition: string
  /** What it runs. */
  readonly body: string
  /** What stands behind WHEN. */
  readonly condition: string | null
  /** Tasks that run before it, by their full names. */
  readonly predecessors: readonly string[]
  /** The root of the graph at whose end it runs. */
  readonly finalizes: string | null
  /** The last run that did something, or tried to, in the last seven days. */
  readonly last_run: TaskRunEntry | null
  /** Runs of the last seven days that had something to say, such as rows that a function left out. */
  readonly noticed_runs: number
  readonly comment: string | null
  readonly created_at: string
}

/** A run of a task, or several one after the other that had nothing to do. */
export interface TaskRunEntry {
  readonly task: string
  readonly query_id: string
  readonly state: 'EXECUTING' | 'SUCCEEDED' | 'FAILED' | 'FAILED_AND_AUTO_SUSPENDED' | 'CANCELLED' | 'SKIPPED'
  readonly scheduled_from: string
  readonly scheduled_at: string
  readonly started_at: string | null
  readonly completed_at: string | null
  readonly rows_inserted: number
  readonly rows_updated: number
  readonly rows_deleted: number
  /** What its statements had to say, a sentence each. */
  readonly notices: readonly string[]
  readonly error_code: string | null
  readonly error_message: string | null
  /** The run of its graph, and the first attempt at that. */
  readonly run_id: number
  readonly graph_run_group_id: number
  readonly attempt_number: number
  /** How many runs this entry stands for, where they had nothing to do; else 0. */
  readonly skipped_runs: number
}
