import type { DuckDBConnection } from '@duckdb/node-api'
import { z } from 'zod'
import { MillraceError } from '../errors.ts'
import { placeAt, shownPlace } from './place.ts'
import { serialized } from './relations/serialized.ts'

/** Table functions that compute or describe; all others read files, settings or run text as SQL. */
const allowedTableFunctions: ReadonlySet<string> = new Set([
  'range',
  'generate_series',
  'unnest',
  'repeat',
  'repeat_row',
  'json_each',
  'json_tree',
  'duckdb_columns',
  'duckdb_functions',
  'duckdb_schemas',
  'duckdb_tables',
  'duckdb_types',
  'duckdb_views',
  'pragma_table_info',
  'summary',
  // Millrace's own.
  'copy_history',
  'task_history',
  'pipe_usage_history',
])

const answerSchema = z.union([
  z.object({ error: z.literal(true), error_message: z.string(), position: z.string().optional() }),
  z.object({ error: z.literal(false), statements: z.array(z.unknown()) }),
])

/**
 * Admits one statement that reads. The engine's own parser gives the syntax tree; files named as tables and table functions
 * beyond the list are refused, also where the engine's lock would refuse them. `willBeMade` are functions of the script that are not there yet.
 */
export async function checkReading(
  connection: DuckDBConnection,
  sql: string,
  willBeMade: ReadonlySet<string> = new Set(),
): Promise<void> {
  const explained = /^\s*explain\s+(analyze\s+)?/i.exec(sql)
  const body = explained === null ? sql : sql.slice(explained[0].length)
  const answer = answerSchema.parse(JSON.parse(await serialized(connection, body)))
  if (answer.error) {
    if (/only SELECT/i.test(answer.error_message)) {
      throw new MillraceError(
        'SQL_REFUSED',
        'A query reads: it begins with SELECT, FROM, WITH, VALUES, DESCRIBE, SHOW, SUMMARIZE or EXPLAIN. This statement is of another kind.',
      )
    }
    const place = placeAt(sql, Number(answer.position ?? 0) + (explained?.[0].length ?? 0))
    throw new MillraceError(
      'SQL_FAILED',
      `${answer.error_message.trim()}\n\n${shownPlace(sql, place)}`,
      undefined,
      place,
    )
  }
  if (answer.statements.length !== 1)
    throw new MillraceError('SQL_REFUSED', `A query is one statement; this text holds ${answer.statements.length}.`)
  const called = new Set<string>()
  walk(answer.statements[0], called)
  for (const name of called) if (!willBeMade.has(name)) await checkFunction(connection, name)
}

/** Refuses files that are named as tables, and gathers the table functions that are called. */
function walk(node: unknown, called: Set<string>): void {
  if (Array.isArray(node)) {
    for (const child of node) walk(child, called)
    return
  }
  if (typeof node !== 'object' || node === null) return
  if ('type' in node && node.type === 'TABLE_FUNCTION' && 'function' in node) called.add(nameOf(node.function))
  if ('type' in node && node.type === 'BASE_TABLE' && 'table_name' in node && 'schema_name' in node)
    checkTable(node.table_name, node.schema_name)
  for (const child of Object.values(node)) walk(child, called)
}

function nameOf(node: unknown): string {
  return typeof node === 'object' && node !== null && 'function_name' in node
    ? String(node.function_name).toLowerCase()
    : ''
}

/** Functions that statements made are from text that was checked, and have no name of the engine's. */
async function checkFunction(connection: DuckDBConnection, name: string): Promise<void> {
  if (allowedTableFunctions.has(name)) return
  const reader = await connection.runAndReadAll(
    "select exists (from duckdb_functions() where function_type = 'table_macro' and not internal and lower(function_name) = $1)",
    [name],
  )
  if (reader.getRows()[0]?.[0] === true) return
  throw new MillraceError(
    'SQL_REFUSED',
    `The table function ${name} is not open to queries. Load files with "millrace load" and query their tables.`,
  )
}

/** A name with a dot or slash and no schema would be opened as a file. */
function checkTable(table: unknown, schema: unknown): void {
  if (schema === '' && typeof table === 'string' && /[./\\*:]/.test(table)) {
    throw new MillraceError(
      'SQL_REFUSED',
      `"${table}" looks like a file; queries read tables. Load it with "millrace load" first.`,
    )
  }
}
