import { z } from 'zod'
import type { InsertAnswer, InsertReport, LoadHistoryScan, ReportedFile } from '../api/pipe.ts'

const count = z.number()

const fileShape: z.ZodType<ReportedFile> = z.object({
  path: z.string(),
  stageLocation: z.string(),
  fileSize: count,
  timeReceived: z.string(),
  lastInsertTime: z.string(),
  rowsInserted: count,
  rowsParsed: count,
  errorsSeen: count,
  errorLimit: count,
  firstError: z.string().optional(),
  firstErrorLineNum: count.optional(),
  firstErrorColumnName: z.string().optional(),
  systemError: z.string().optional(),
  complete: z.boolean(),
  status: z.enum(['LOADED', 'PARTIALLY_LOADED', 'LOAD_FAILED']),
})

export const insertAnswerShape: z.ZodType<InsertAnswer> = z.object({
  requestId: z.string().optional(),
  responseCode: z.literal('SUCCESS'),
  status: z.literal('success'),
  unmatchedPatternFiles: z.array(z.string()).optional(),
  skippedFiles: z.array(z.string()).optional(),
})

export const insertReportShape: z.ZodType<InsertReport> = z.object({
  pipe: z.string(),
  completeResult: z.boolean(),
  nextBeginMark: z.string(),
  files: z.array(fileShape),
  statistics: z.object({ activeFilesCount: count }),
})

export const historyScanShape: z.ZodType<LoadHistoryScan> = z.object({
  pipe: z.string(),
  completeResult: z.boolean(),
  startTimeInclusive: z.string(),
  endTimeExclusive: z.string(),
  rangeStartTime: z.string().optional(),
  rangeEndTime: z.string().optional(),
  files: z.array(fileShape),
})

// Clients of Snowflake send more than its manual says: what is not known here is passed over.

/** The files that a request names. */
export const insertFilesBody = z.object({
  files: z.array(z.object({ path: z.string(), size: z.number().nullish() })),
})

export const insertFilesParameters = z.object({
  requestId: z.string().optional(),
  showSkippedFiles: z
    .enum(['true', 'false'])
    .optional()
    .transform((text) => text === 'true'),
})

export const insertReportParameters = z.object({
  requestId: z.string().optional(),
  beginMark: z.string().optional(),
})

export const historyScanParameters = z.object({
  requestId: z.string().optional(),
  startTimeInclusive: z.string(),
  endTimeExclusive: z.string().optional(),
})
