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
import { chartTypes, parameterTypes } from '../named-queries/named-query.ts'
import type { AthenaBill, AthenaForecast } from './athena.ts'
import { pipeStatusShape } from './pipe-shapes.ts'
import { taskStatusShape } from './task-shapes.ts'

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
  pipes: z.array(pipeStatusShape),
  tasks: z.array(taskStatusShape),
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

/** Where queries run besides the lake. */
export const enginesShape = z.object({
  /** The place on Athena, and what a tebibyte scanned costs there; absent where that is not set up. */
  athena: z.object({ database: z.string(), workgroup: z.string(), price_per_tib: z.number() }).optional(),
})

/** A failure in an answer; the place is one in the text that was sent, counted from 1. */
export const failureShape = z.object({
  error: z.object({ code: z.string(), message: z.string(), line: z.int().optional(), column: z.int().optional() }),
})

/** A line of an answer to `/load`. */
export const loadLineShape = z.union([
  z.object({ progress: progressShape }),
  z.object({ summary: loadSummaryShape }),
  failureShape,
])

/** What a query took on Athena. Cost is in the currency of the price. */
export const athenaBillShape: z.ZodType<AthenaBill> = z.object({
  query: z.string(),
  scanned_bytes: z.number(),
  seconds: z.number(),
  cost: z.number(),
  price_per_tib: z.number(),
})

const athenaForecastShape: z.ZodType<AthenaForecast> = z.object({
  objects: z.number(),
  bytes: z.number(),
  cost: z.number(),
  price_per_tib: z.number(),
})

/** The first line of an answer to `/query`. */
export const columnsLineShape = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  /** With a scope: the views that the statement reads. */
  views: z.array(z.string()).optional(),
  /** With a scope: columns of filters that none of them has. */
  unfiltered: z.array(z.string()).optional(),
  /** These are the built-in views, also where people have a table of the same name. */
  builtIn: z.boolean().optional(),
  /** How a statement of another dialect was read, and files of external tables that could not be. */
  notices: z.array(z.string()).optional(),
})

/** A line of an answer to `/query` behind the first. */
export const queryLineShape = z.union([
  z.object({ rows: z.array(z.array(z.unknown())) }),
  z.object({ done: z.literal(true), truncated: z.boolean(), athena: athenaBillShape.optional() }),
  failureShape,
])

/** The one line of an answer to `/query` with `estimate`: all objects of the partitions that are left. */
export const estimateLineShape = z.object({ estimate: athenaForecastShape })

/** A line of an answer to `/run`: what a statement gave, each row's values in the order of the columns; `done` behind the last, or an error. */
export const runLineShape = z.union([
  z.object({
    statement: z.object({ line: z.int(), column: z.int(), text: z.string() }),
    columns: z.array(z.object({ name: z.string(), type: z.string() })),
    rows: z.array(z.array(z.unknown())),
    truncated: z.boolean(),
    seconds: count,
    notices: z.array(z.string()),
  }),
  z.object({ done: z.literal(true) }),
  failureShape,
])

export const versionShape = z.object({
  /** Changes when something was loaded; null while something else changes the data. */
  version: z.string().nullable(),
})

/** A named query, without its sample. */
export const namedQueryShape = z.object({
  name: z.string(),
  title: z.string(),
  question: z.string(),
  ja: z.object({ title: z.string(), question: z.string() }),
  source: z.string(),
  counts: z.string().optional(),
  logTypes: z.array(z.string()),
  sql: z.string(),
  parameters: z.array(
    z.object({ name: z.string(), type: z.enum(parameterTypes), doc: z.string(), default: z.string().optional() }),
  ),
  chart: z.object({
    type: z.enum(chartTypes),
    axis: z.string().optional(),
    measure: z.string().optional(),
    series: z.string().optional(),
  }),
})

/** A view that people read. */
export const viewShape = z.object({
  name: z.string(),
  /** Column that a time range is about. */
  time: z.string().optional(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
})

/** The statement that gives the records behind a row; null where there is none. */
export const recordsShape = z.object({ view: z.string(), sql: z.string() }).nullable()

const whole = z.union([z.number(), z.bigint()])

export const seenShape = z.object({
  way: z.enum(['request', 'answer']),
  interface_id: z.string().nullable(),
  side: z.enum(['source', 'destination']).nullable(),
  action: z.enum(['ACCEPT', 'REJECT']),
  reject_reason: z.string().nullable(),
  records: whole,
  packets: whole,
  bytes: whole,
  tcp_flags: z.number().nullable(),
  first: z.string(),
  last: z.string(),
})

export const whyShape = z.object({
  verdict: z.string(),
  summary: z.string(),
  checks: z.array(z.string()),
  notes: z.array(z.string()),
  limits: z.array(z.string()),
  seen: z.array(seenShape),
  records: z.array(z.record(z.string(), z.unknown())),
})
