import type { DuckDBConnection } from '@duckdb/node-api'
import { isBuiltIn } from '../catalog/user-tables.ts'
import { identifier, literal } from '../engines/duckdb.ts'
import { deltaSql } from './delta.ts'
import { type StreamState, readStreams } from './stream-store.ts'

/** Where the engine has the view of a stream. */
export type StreamPlace = (stream: StreamState) => { readonly schema: string; readonly name: string }

/** SQL of what a stream has, up to a commit or up to now. */
export async function streamSql(connection: DuckDBConnection, stream: StreamState, upTo?: number): Promise<string> {
  return deltaSql(stream, await columnsSql(connection, stream.table), upTo)
}

/** SQL of the columns that people see of a stored table. A VARIANT that has had no value yet has no column that is stored. */
async function columnsSql(connection: DuckDBConnection, table: string): Promise<string> {
  const isLoaded = isBuiltIn(table)
  const stored = await connection.runAndReadAll(`select * from lake.${identifier(table)} limit 0`)
  const names = new Set(stored.columnNames())
  const shown = await connection.runAndReadAll(`
    select column_name from duckdb_columns() where schema_name || '.' || table_name = ${literal(isLoaded ? `logs.${table}` : table)} order by column_index`)
  return shown
    .getRows()
    .map(([name]) => String(name))
    .map((name) => (isLoaded || names.has(name) ? identifier(name) : `null::json as ${identifier(name)}`))
    .join(', ')
}

/** SQL of whether a stored row is one that some of its table's streams have still to be read for: METADATA$UNREAD, in statements that delete or update. */
export function unreadSql(streams: readonly StreamState[]): string {
  const conditions = streams
    .filter(({ staleReason }) => staleReason === undefined)
    .map(({ isAppendOnly, position, initialTo }) => {
      // An update is nothing to a stream that is append-only: the first version is told from what is kept of it.
      const isNew = isAppendOnly ? `(_load_id > ${position} and not _is_updated)` : `_load_id > ${position}`
      return initialTo === undefined ? isNew : `${isNew} or _load_id <= ${initialTo}`
    })
  return conditions.length === 0 ? 'false' : `(${conditions.join(' or ')})`
}

/** Makes the view of a stream, anew where it is there. Part of the caller's transaction. */
export async function showStream(connection: DuckDBConnection, stream: StreamState, place: StreamPlace): Promise<void> {
  await connection.run(`create or replace view ${viewName(stream, place)} as ${await streamSql(connection, stream)}`)
}

/** The same for every stream: what they show has other columns, or begins elsewhere. */
export async function showStreams(connection: DuckDBConnection, place: StreamPlace): Promise<void> {
  for (const stream of await readStreams(connection))
    if (stream.staleReason === undefined) await showStream(connection, stream, place)
}

export async function hideStream(connection: DuckDBConnection, stream: StreamState, place: StreamPlace): Promise<void> {
  await connection.run(`drop view if exists ${viewName(stream, place)}`)
}

/** Makes the view of a stream one that fails with this message, with the columns that it had. */
export async function breakStream(
  connection: DuckDBConnection,
  stream: StreamState,
  place: StreamPlace,
  message: string,
): Promise<void> {
  const name = viewName(stream, place)
  const reader = await connection.runAndReadAll(`describe ${name}`)
  const columns = reader
    .getRows()
    .map(([column, type]) => `cast(error(${literal(message)}) as ${String(type)}) as ${identifier(String(column))}`)
  await connection.run(
    `create or replace view ${name} as select ${columns.join(', ')} where error(${literal(message)}) is null`,
  )
}

function viewName(stream: StreamState, place: StreamPlace): string {
  const { schema, name } = place(stream)
  return `${identifier(schema)}.${identifier(name)}`
}
