import { z } from 'zod'
import type { AccessKey, ParkedObject, PipeDetails, PipeLoad, PipeStatus, StageEntry } from '../api/pipe.ts'

const count = z.number()
const text = z.string().nullable()

const statusFields = {
  name: z.string(),
  state: z.enum(['running', 'paused', 'stopped', 'stalled', 'broken']),
  reason: text,
  pending_files: count,
  oldest_pending_file: text,
  oldest_pending_at: text,
  lag_seconds: count.nullable(),
  newest_event_at: text,
  last_received_at: text,
  last_forwarded_at: text,
  last_loaded_at: text,
  last_loaded_file: text,
  queue: text,
  queue_messages: count.nullable(),
  queue_messages_in_hand: count.nullable(),
  parked_files: count,
}

export const pipeStatusShape: z.ZodType<PipeStatus> = z.object(statusFields)

export const pipeShape: z.ZodType<PipeDetails> = z.object({
  ...statusFields,
  definition: z.string(),
  stage: z.string(),
  location: text,
  table_name: z.string(),
  auto_ingest: z.boolean(),
  reconcile_seconds: count.nullable(),
  comment: text,
  created_at: z.string(),
  start_at: text,
  listed_at: text,
  files: count,
  rows: count,
  failed_files: count,
})

export const parkedShape: z.ZodType<ParkedObject[]> = z.array(
  z.object({
    pipe: z.string(),
    file: text,
    version: text,
    bytes: count.nullable(),
    code: z.string(),
    reason: z.string(),
    body: text,
    parked_at: z.string(),
  }),
)

export const accessKeyShape: z.ZodType<AccessKey> = z.object({
  pipe: z.string(),
  path: z.string(),
  access_key: z.string(),
})

export const pipeLoadShape: z.ZodType<PipeLoad> = z.object({
  pipe: z.string(),
  files: count,
  rows: count,
  rejects: count,
  failed_files: count,
  gone_files: count,
  faults: z.array(z.object({ file: z.string(), code: z.string(), message: z.string() })),
})

export const stagesShape: z.ZodType<StageEntry[]> = z.array(
  z.object({
    name: z.string(),
    url: z.string(),
    integration: text,
    endpoint: text,
    comment: text,
    created_at: z.string(),
    pipes: z.array(z.string()),
  }),
)

/** What POST /pipes/{name}/refresh takes: all of the stage where nothing is said. */
export const refreshBody = z.strictObject({
  /** What names begin with behind the pipe's own place. */
  prefix: z.string().optional(),
  modifiedAfter: z.iso
    .datetime({ offset: true })
    .transform((moment) => new Date(moment))
    .optional(),
})

export const parkedParameters = z.strictObject({ limit: z.coerce.number().int().min(1).max(1_000_000).optional() })
