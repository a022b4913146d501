import { z } from 'zod'
import type { Lake } from '../api.ts'
import { literal } from '../engines/duckdb.ts'
import type { View } from './scope.ts'

/** Where the rows of a result come from: records of a view, under the conditions of the statement. */
export interface Records {
  readonly view: string
  /** A statement that gives these records, each with all its columns. */
  readonly sql: string
}

const treeShape = z.object({
  error: z.literal(false),
  statements: z.tuple([z.looseObject({ node: z.looseObject({}) })]),
})

const selectShape = z.looseObject({
  type: z.literal('SELECT_NODE'),
  from_table: z.looseObject({
    type: z.literal('BASE_TABLE'),
    catalog_name: z.literal(''),
    schema_name: z.enum(['', 'logs']),
    table_name: z.string(),
  }),
  where_clause: z.unknown(),
})

/**
 * The records behind a statement's rows: of the first part of it that selects from one view with the column, under that part's
 * conditions. Undefined where there is no such part. The engine's own parser takes the statement apart and prints the new one.
 */
export async function recordsOf(
  lake: Pick<Lake, 'query'>,
  { sql, column }: { readonly sql: string; readonly column: string },
  views: readonly View[],
): Promise<Records | undefined> {
  const text = await treeOf(lake, sql)
  // JSON.parse would round a long number in a condition, and other records would be shown.
  if (/[[:,]-?\d{16,}/.test(text)) return undefined
  const parsed = treeShape.safeParse(JSON.parse(text))
  if (!parsed.success) return undefined
  const usable = views.filter((view) => view.columns.some(({ name }) => name.toLowerCase() === column.toLowerCase()))
  const names = new Set(usable.map((view) => view.name))
  for (const part of selectsIn(parsed.data)) {
    const view = part.from_table.table_name.toLowerCase()
    if (!names.has(view)) continue
    const all = treeShape.parse(JSON.parse(await treeOf(lake, 'select * from x')))
    const [statement] = all.statements
    const node = { ...statement.node, from_table: part.from_table, where_clause: part.where_clause }
    const tree = JSON.stringify({ error: false, statements: [{ ...statement, node }] })
    return { view, sql: await textOf(lake, `json_deserialize_sql(${literal(tree)}::json)`) }
  }
  return undefined
}

/** The syntax tree of a statement. Places in its text are beyond what a number holds, and of no use here. */
async function treeOf(lake: Pick<Lake, 'query'>, sql: string): Promise<string> {
  const text = await textOf(lake, `json_serialize_sql(${literal(sql)})`)
  return text.replaceAll(/"query_location":\d+/g, '"query_location":0')
}

async function textOf(lake: Pick<Lake, 'query'>, sql: string): Promise<string> {
  const [row] = await (await lake.query<{ text: string }>(`select (${sql})::varchar as text`)).all()
  return row?.text ?? ''
}

/** Every SELECT from one table in a syntax tree, the outermost first. */
function* selectsIn(node: unknown): Generator<z.output<typeof selectShape>> {
  if (typeof node !== 'object' || node === null) return
  const read = selectShape.safeParse(node)
  if (read.success) yield read.data
  for (const child of Object.values(node)) yield* selectsIn(child)
}
