import type { DuckDBConnection } from '@duckdb/node-api'

const kept = new Map<string, string>()
const keptTexts = 200
const keptLength = 20_000

/**
 * The syntax tree of a text, or why it has none, as the engine's own parser writes it in JSON. It depends on nothing but the text, and a statement is
 * asked for its tree several times on its way, so the last ones are kept.
 */
export async function serialized(connection: DuckDBConnection, sql: string): Promise<string> {
  const known = kept.get(sql)
  if (known !== undefined) return known
  const reader = await connection.runAndReadAll('select json_serialize_sql($1::varchar)', [sql])
  const tree = String(reader.getRows()[0]?.[0])
  if (sql.length > keptLength) return tree
  kept.set(sql, tree)
  const [oldest] = kept.keys()
  if (kept.size > keptTexts && oldest !== undefined) kept.delete(oldest)
  return tree
}
