import type { DuckDBConnection } from '@duckdb/node-api'
import { z } from 'zod'
import { literal } from '../engines/duckdb.ts'

/** What tells a stream from all others. Names are folded. */
export interface StreamKey {
  readonly database: string
  readonly schema: string
  readonly name: string
}

/** What is kept of a stream beside its definition. */
export interface StreamState extends StreamKey {
  /** The stored table that it tells of. */
  readonly table: string
  readonly isAppendOnly: boolean
  /** It has been read up to this commit. */
  readonly position: number
  /** It begins with the rows that were there up to this commit. */
  readonly initialTo: number | undefined
  /** Why it cannot be read any more. */
  readonly staleReason: string | undefined
}

const id = z.union([z.bigint(), z.number()]).transform(Number)
const rowShape = z.tuple([
  z.string(),
  z.string(),
  z.string(),
  z.string(),
  z.boolean(),
  id,
  id.nullable(),
  z.string().nullable(),
])

/** Every stream of the lake, as of the caller's transaction. */
export async function readStreams(connection: DuckDBConnection): Promise<StreamState[]> {
  const reader = await connection.runAndReadAll(`
    select database_name, schema_name, name, table_name, is_append_only, position, initial_to, stale_reason
    from lake.streams order by all`)
  return reader.getRows().map((row) => {
    const [database, schema, name, table, isAppendOnly, position, initialTo, staleReason] = rowShape.parse(row)
    return {
      database,
      schema,
      name,
      table,
      isAppendOnly,
      position,
      initialTo: initialTo ?? undefined,
      staleReason: staleReason ?? undefined,
    }
  })
}

/** Keeps a new stream. Part of the caller's transaction, as all that follows. */
export async function addStream(connection: DuckDBConnection, stream: StreamState): Promise<void> {
  const { database, schema, name, table, isAppendOnly, position, initialTo } = stream
  const texts = [database, schema, name, table].map(literal).join(', ')
  await connection.run(
    `insert into lake.streams values (${texts}, ${isAppendOnly}, ${position}, ${initialTo ?? 'null'}, null)`,
  )
}

export async function removeStream(connection: DuckDBConnection, key: StreamKey): Promise<void> {
  await connection.run(`delete from lake.streams where ${isNamed(key)}`)
}

/** Moves a stream: it has been read up to this commit. */
export async function moveStream(connection: DuckDBConnection, key: StreamKey, position: number): Promise<void> {
  await connection.run(`update lake.streams set position = ${position}, initial_to = null where ${isNamed(key)}`)
}

/** Marks the streams of a table as stale, for this reason. */
export async function endStreamsOf(connection: DuckDBConnection, table: string, reason: string): Promise<void> {
  await connection.run(
    `update lake.streams set stale_reason = ${literal(reason)} where table_name = ${literal(table)} and stale_reason is null`,
  )
}

function isNamed({ database, schema, name }: StreamKey): string {
  return `database_name = ${literal(database)} and schema_name = ${literal(schema)} and name = ${literal(name)}`
}
