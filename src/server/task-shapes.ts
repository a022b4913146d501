import { z } from 'zod'
import type { StreamEntry } from '../api/stream.ts'
import type { TaskDetails, TaskRunEntry, TaskStatus } from '../api/task.ts'

const count = z.number()
const text = z.string().nullable()

const statusFields = {
  name: z.string(),
  state: z.enum(['started', 'suspended']),
  is_running: z.boolean(),
  schedule: text,
  next_due_at: text,
  last_state: text,
  last_started_at: text,
  last_completed_at: text,
  last_error: text,
  last_success_at: text,
  last_suspended_at: text,
  last_suspended_reason: text,
  consecutive_failures: count,
  runs: count,
  failed_runs: count,
  inputs_without_rows: count,
  skipped_runs: count,
  last_skipped_at: text,
}

export const streamShape: z.ZodType<StreamEntry> = z.object({
  name: z.string(),
  table_name: z.string(),
  mode: z.enum(['DEFAULT', 'APPEND_ONLY']),
  stale: z.boolean(),
  stale_reason: text,
  has_data: z.boolean(),
  read_to_load_id: count,
  tasks: z.array(z.string()),
  comment: text,
  created_at: z.string(),
})

export const taskStatusShape: z.ZodType<TaskStatus> = z.object(statusFields)

const runShape: z.ZodType<TaskRunEntry> = z.object({
  task: z.string(),
  query_id: z.string(),
  state: z.enum(['EXECUTING', 'SUCCEEDED', 'FAILED', 'FAILED_AND_AUTO_SUSPENDED', 'CANCELLED', 'SKIPPED']),
  scheduled_from: z.string(),
  scheduled_at: z.string(),
  started_at: text,
  completed_at: text,
  rows_inserted: count,
  rows_updated: count,
  rows_deleted: count,
  notices: z.array(z.string()),
  error_code: text,
  error_message: text,
  run_id: count,
  graph_run_group_id: count,
  attempt_number: count,
  skipped_runs: count,
})

export const taskShape: z.ZodType<TaskDetails> = z.object({
  ...statusFields,
  definition: z.string(),
  body: z.string(),
  condition: text,
  predecessors: z.array(z.string()),
  finalizes: text,
  last_run: runShape.nullable(),
  noticed_runs: count,
  comment: text,
  created_at: z.string(),
})

export const taskRunsShape: z.ZodType<TaskRunEntry[]> = z.array(runShape)

export const taskHistoryParameters = z.strictObject({ limit: z.coerce.number().int().min(1).max(1_000_000).optional() })
