import type { DuckDBConnection } from '@duckdb/node-api'
import { MillraceError } from '../../errors.ts'
import { serialized } from './serialized.ts'

/** A part of the engine's own syntax tree. */
export type EngineNode = Readonly<Record<string, unknown>>

export function isEngineNode(value: unknown): value is EngineNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const marked = '\u0001number '
/** A text of JSON, or a number that would be rounded. */
const longNumber = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?:\.\d+)?/g

/** The syntax tree of a statement that selects. Long numbers are texts in it, since they would be rounded. */
export async function engineTree(connection: DuckDBConnection, sql: string): Promise<EngineNode> {
  const text = await serialized(connection, sql)
  const exact = text
    .replaceAll(/"query_location":\d+/g, '"query_location":0')
    .replaceAll(longNumber, (token) => (token.startsWith('"') ? token : JSON.stringify(marked + token)))
  const tree: unknown = JSON.parse(exact)
  if (isEngineNode(tree) && tree['error'] === false) return tree
  throw new MillraceError('INTERNAL', 'A statement that was checked has no syntax tree.')
}

/** A syntax tree as SQL. */
export async function engineText(connection: DuckDBConnection, tree: EngineNode): Promise<string> {
  const text = JSON.stringify(tree).replaceAll(/"\\u0001number ([^"]*)"/g, '$1')
  const reader = await connection.runAndReadAll('select json_deserialize_sql($1::varchar::json)', [text])
  return String(reader.getRows()[0]?.[0])
}
