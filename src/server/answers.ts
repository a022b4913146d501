import { z } from 'zod'
import type {
  BackupSummary,
  Diagnosis,
  HistoryEntry,
  LakeStatus,
  LoadProgress,
  LoadSummary,
  RejectEntry,
  ReplaySummary,
  RestoreSummary,
} from '../api.ts'

const count = z.number()

const progressShape: z.ZodType<LoadProgress> = z.object({
  files: count,
  filesTotal: count,
  rows: count,
  rejects: count,
  bytes: count,
  bytesTotal: count,
  seconds: count,
})

export const loadSummaryShape: z.ZodType<LoadSummary> = z.object({
  files: count,
  skipped_files: count,
  failed_files: count,
  changed_files: count,
  rows: count,
  rejects: count,
  bytes: count,
  seconds: count,
  faults: z.array(z.object({ file: z.string(), code: z.string(), message: z.string() })),
})

export const statusShape: z.ZodType<LakeStatus> = z.object({
  lake: z.string(),
  version: z.string(),
  files: count,
  rows: count,
  rejects: count,
  failed_files: count,
  changed_files: count,
  database_bytes: count,
  tables: z.array(
    z.object({
      table_name: z.string(),
      rows: count,
      rejects: count,
      files: count,
      last_loaded_at: z.string().nullable(),
    }),
  ),
  loading: z.array(progressShape),
})

export const historyShape: z.ZodType<HistoryEntry[]> = z.array(
  z.object({
    table_name: z.string().nullable(),
    file: z.string(),
    version: z.string(),
    load_id: count,
    status: z.enum(['loaded', 'partial', 'empty', 'failed', 'changed', 'replaced']),
    lines: count,
    rows: count,
    rejects: count,
    skipped: count,
    bytes: count,
    loaded_at: z.string(),
    error: z.string().nullable(),
  }),
)

export const rejectsShape: z.ZodType<RejectEntry[]> = z.array(
  z.object({
    table_name: z.string(),
    file: z.string(),
    line: count,
    raw: z.string(),
    reason: z.string(),
    load_id: count,
  }),
)

export const replayShape: z.ZodType<ReplaySummary> = z.object({ replayed: count, rows: count, rejects: count })

export const backupShape: z.ZodType<BackupSummary> = z.object({
  directory: z.string(),
  bytes: count,
  files: count,
  rows: count,
})

export const restoreShape: z.ZodType<RestoreSummary> = z.object({ files: count, rows: count, previous: z.string() })

export const doctorShape: z.ZodType<Diagnosis[]> = z.array(
  z.object({ level: z.enum(['ok', 'warning', 'error']), subject: z.string(), message: z.string(), mend: z.string() }),
)

export const lakeShape = z.object({ directory: z.string() })

/** A failure in an answer. */
export const failureShape = z.object({ error: z.object({ code: z.string(), message: z.string() }) })

/** A line of an answer to `/load`. */
export const loadLineShape = z.union([
  z.object({ progress: progressShape }),
  z.object({ summary: loadSummaryShape }),
  failureShape,
])

export const columnsLineShape = z.object({ columns: z.array(z.object({ name: z.string(), type: z.string() })) })

/** A line of an answer to `/query` behind the first. */
export const queryLineShape = z.union([
  z.object({ rows: z.array(z.array(z.unknown())) }),
  z.object({ done: z.literal(true), truncated: z.boolean() }),
  failureShape,
])
