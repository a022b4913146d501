import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { MillraceError } from '../errors.ts'
import { dialects } from '../sql/dialects.ts'
import { queryEngines } from '../sql/engines.ts'
import { parseJson, stringifyJson } from './json.ts'

const date = z.iso.datetime({ offset: true }).transform((text) => new Date(text))

const limit = z.coerce.number().int().min(1).max(1_000_000).optional()

const moment = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}( \d{2}:\d{2}(:\d{2})?)?$/, { message: 'a time such as 2026-11-20 12:00:00' })

/** Either `sql`, or `name` with `parameters`. */
export const queryBody = z.strictObject({
  sql: z.string().min(1).optional(),
  name: z.string().min(1).optional(),
  parameters: z.record(z.string(), z.string()).optional(),
  /** What `sql` is written in; the engine's own dialect where it is not said. Named queries are in that one. */
  dialect: z.enum(dialects).optional(),
  /** Where it runs; on Athena, `sql` is Athena's unless `dialect` says that it is the lake's (`duckdb`); `keep` holds for an hour. */
  engine: z.enum(queryEngines).optional(),
  /** With `engine` athena: what it would read at most, and what that costs. Nothing is run. */
  estimate: z.boolean().optional(),
  /** Narrows the views that the statement names without a schema; a named query gets the range as its `from` and `to`. */
  scope: z
    .strictObject({
      from: moment.optional(),
      to: moment.optional(),
      filters: z
        .array(z.strictObject({ column: z.string(), value: z.string().nullable() }))
        .max(50)
        .optional(),
    })
    .optional(),
  /** The names of built-in views in `sql` mean these, also where people have a table of the same name. */
  builtIn: z.boolean().optional(),
  /** Answers with the result that is kept for this state of the data, and keeps the one it makes. */
  keep: z.boolean().optional(),
  /** With `keep`: an earlier answer is in sight, so this one may wait while logs are loaded. */
  refresh: z.boolean().optional(),
  maxRows: z.int().min(1).optional(),
  timeoutMs: z.int().min(1).optional(),
})

/** The statement whose rows are looked behind, and the column that was picked. */
export const recordsBody = z.strictObject({
  sql: z.string().min(1).optional(),
  name: z.string().min(1).optional(),
  parameters: z.record(z.string(), z.string()).optional(),
  dialect: z.enum(dialects).optional(),
  column: z.string().min(1),
})

export const runBody = z.strictObject({
  script: z.string().min(1),
  /** What the script is written in; the engine's own dialect where it is not said. */
  dialect: z.enum(dialects).optional(),
  /** What placeholders stand for, by their names. */
  values: z.record(z.string(), z.string()).optional(),
  /** Rows of a statement that are given at most; 100 where it is not said. */
  maxRows: z.int().min(1).optional(),
})

export const loadBody = z.strictObject({
  source: z.string().min(1),
  type: z.string().optional(),
  onError: z.enum(['continue', 'skip-file', 'abort']).optional(),
  format: z.string().optional(),
  onChange: z.enum(['hold', 'replace', 'append']).optional(),
  force: z.boolean().optional(),
  from: date.optional(),
  to: date.optional(),
})

export const acceptChangeBody = z.strictObject({ uri: z.string().min(1) })

export const replayBody = z.strictObject({
  table: z.string().optional(),
  file: z.string().optional(),
  format: z.string().optional(),
})

export const directoryBody = z.strictObject({ directory: z.string().min(1) })

export const historyParameters = z.strictObject({
  limit,
  status: z.enum(['loaded', 'partial', 'empty', 'failed', 'changed', 'replaced']).optional(),
  table: z.string().optional(),
  /** Only what stands behind this place in the list; the header `Link` has the next one. */
  after: z.string().optional(),
})

export const rejectParameters = z.strictObject({
  limit,
  table: z.string().optional(),
  file: z.string().optional(),
  after: z.string().optional(),
})

function check<Shape extends z.ZodType>(shape: Shape, value: unknown): z.output<Shape> {
  const parsed = shape.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const place = issue?.path.join('.') ?? ''
  throw new MillraceError(
    'USAGE',
    `The request is not understood: ${place === '' ? '' : `${place}: `}${issue?.message ?? 'wrong content'}.`,
  )
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    throw new MillraceError('USAGE', 'The request is not understood: its body is not JSON.', error)
  }
}

/** The JSON body of a request, checked. */
export async function readBody<Shape extends z.ZodType>(context: Context, shape: Shape): Promise<z.output<Shape>> {
  const type = context.req.header('content-type') ?? ''
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new HTTPException(415, { message: 'Send the body as content-type application/json.' })
  return check(shape, jsonOf(await context.req.text()))
}

/** The parameters in a request's address, checked. */
export function readParameters<Shape extends z.ZodType>(context: Context, shape: Shape): z.output<Shape> {
  return check(shape, context.req.query())
}

/** An answer of one JSON value. */
export function jsonResponse(value: unknown, status = 200): Response {
  return new Response(stringifyJson(value), { status, headers: { 'content-type': 'application/json; charset=utf-8' } })
}
