import { z } from 'zod'
import { dialects } from '../sql/dialects.ts'
import { queryEngines } from '../sql/engines.ts'
import { fileName } from '../text-folder/file-name.ts'
import { originShape } from '../text-folder/origin.ts'

/** What a worksheet's file holds. */
export const worksheetShape = z.strictObject({
  /** One line, as people call it. */
  title: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, { message: 'one line of text' }),
  dialect: z.enum(dialects).default('duckdb'),
  /** Where it runs; on the lake where it is not said. */
  engine: z.enum(queryEngines).optional(),
  sql: z.string().max(500_000),
})

export const worksheetEntryShape = z.object({
  name: fileName,
  origin: originShape,
  title: z.string(),
  /** Why its file cannot be read. */
  fault: z.string().optional(),
})

export const storedWorksheetShape = z.object({ name: fileName, origin: originShape, worksheet: worksheetShape })

export type Worksheet = z.output<typeof worksheetShape>
export type WorksheetEntry = z.output<typeof worksheetEntryShape>
export type StoredWorksheet = z.output<typeof storedWorksheetShape>
