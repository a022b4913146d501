import { z } from 'zod'
import type { Dialect } from '../../../src/sql/dialects.ts'
import type { QueryEngine } from '../../../src/sql/engines.ts'
import { athenaBillShape, estimateLineShape } from '../../../src/server/answers.ts'
import { parseJson } from '../../../src/server/json.ts'
import { ApiError, failureIn, textOf, valueOf } from './connection.ts'

/** A value of a result: what JSON can say, and integers beyond 2^53. */
export type Cell = unknown

export interface Result {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly Cell[])[]
  readonly truncated: boolean
  /** Views that the statement reads. */
  readonly views: readonly string[]
  /** Columns of filters that none of them has. */
  readonly unfiltered: readonly string[]
  /** These are the built-in views, also where people have a table of the same name. */
  readonly builtIn?: boolean | undefined
  /** How a statement of another dialect was read. */
  readonly notices: readonly string[]
}

/** Which records a statement sees. */
export interface RecordScope {
  readonly from: string
  readonly to: string
  readonly filters: readonly { readonly column: string; readonly value: string | null }[]
}

export interface Question {
  readonly sql?: string | undefined
  readonly dialect?: Dialect | undefined
  /** Where it runs; on the lake where it is not said. */
  readonly engine?: QueryEngine | undefined
  readonly name?: string | undefined
  readonly parameters?: Readonly<Record<string, string>> | undefined
  readonly scope?: RecordScope | undefined
  readonly maxRows?: number | undefined
  /** Names of built-in views mean these, also where people have a table of the same name. */
  readonly builtIn?: boolean | undefined
  /** An earlier answer is in sight. */
  readonly refresh?: boolean | undefined
}

/** The first line of an answer. */
export const headShape = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  views: z.array(z.string()).default([]),
  unfiltered: z.array(z.string()).default([]),
  builtIn: z.boolean().optional(),
  notices: z.array(z.string()).default([]),
})

/** A line behind the first. */
export const lineShape = z.union([
  z.object({ rows: z.array(z.array(z.unknown())) }),
  z.object({ done: z.literal(true), truncated: z.boolean(), athena: athenaBillShape.optional() }),
])

/** What a query took on Athena. */
export type AthenaBill = z.output<typeof athenaBillShape>

/** What a query would take there at most. */
export type AthenaForecast = z.output<typeof estimateLineShape>['estimate']

/** Asks what a statement would take on Athena; nothing is run. */
export async function estimate(sql: string, dialect: Dialect): Promise<AthenaForecast> {
  const body = { sql, dialect, engine: 'athena', estimate: true }
  const line = await valueOf({ method: 'POST', path: '/query', body }, estimateLineShape)
  return line.estimate
}

/** Asks a question whose whole answer is shown; the server keeps it for this state of the data. */
export async function ask(question: Question, signal?: AbortSignal): Promise<Result> {
  const text = await textOf({ method: 'POST', path: '/query', body: { ...question, keep: true }, signal })
  const [first = '', ...rest] = text.trimEnd().split('\n')
  const head = headShape.parse(parseJson(first))
  const rows: (readonly Cell[])[] = []
  for (const line of rest) {
    const value = parseJson(line)
    const failure = failureIn(value)
    if (failure !== undefined) throw failure
    const read = lineShape.parse(value)
    if ('done' in read) return { ...head, rows, truncated: read.truncated }
    for (const row of read.rows) rows.push(row)
  }
  throw new ApiError('INTERNAL', 'The answer ended early.')
}
