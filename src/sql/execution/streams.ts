import type { DuckDBConnection } from '@duckdb/node-api'
import type { ObjectKey } from '../../catalog/objects.ts'
import { lastWrites } from '../../catalog/table-changes.ts'
import { storedName } from '../../catalog/user-tables.ts'
import { MillraceError } from '../../errors.ts'
import { pruneFormerRows } from '../../streams/former-rows.ts'
import {
  type StreamKey,
  type StreamState,
  addStream,
  endStreamsOf,
  readStreams,
  removeStream,
} from '../../streams/stream-store.ts'
import { type StreamPlace, breakStream, hideStream, showStream } from '../../streams/stream-views.ts'
import { missing } from './alter.ts'
import { engineName, engineSchema, shownName } from './names.ts'
import type { NewStream } from './plan.ts'
import { userTableOf } from './user-table.ts'

/** Streams are views of the engine under their own names, so that all that reads can read them. */
export const streamPlace: StreamPlace = ({ database, schema, name }) => ({
  schema: engineSchema(database, schema),
  name: engineName(name),
})

/** Makes a stream that begins now. Part of the caller's transaction, as all that follows. */
export async function makeStream(
  connection: DuckDBConnection,
  { key, table, isAppendOnly, showsInitialRows }: NewStream,
): Promise<void> {
  const { inserted, changed } = await lastWrites(connection, table)
  const now = Math.max(inserted, changed)
  const { database, schema, name } = key
  const stream: StreamState = {
    database,
    schema,
    name,
    table,
    isAppendOnly,
    // To a standard stream all rows are new since the first commit.
    position: showsInitialRows && !isAppendOnly ? 0 : now,
    initialTo: showsInitialRows ? now : undefined,
    staleReason: undefined,
  }
  await addStream(connection, stream)
  await showStream(connection, stream, streamPlace)
}

export async function dropStream(connection: DuckDBConnection, key: ObjectKey): Promise<void> {
  const streams = await readStreams(connection)
  const dropped = streams.find((one) => isOf(one, key))
  if (dropped === undefined) return
  await removeStream(connection, dropped)
  await hideStream(connection, dropped, streamPlace)
  const left = streams.filter((one) => one !== dropped)
  if (dropped.staleReason === undefined) await pruneFormerRows(connection, dropped.table, left)
}

/** Ends the streams of a table that is about to be dropped: they say so to whoever reads them. */
export async function endStreams(connection: DuckDBConnection, table: ObjectKey): Promise<void> {
  const stored = storedName(userTableOf(table))
  const reason = `its table ${shownName(table)} was dropped or replaced`
  for (const stream of await readStreams(connection))
    if (stream.table === stored && stream.staleReason === undefined)
      await breakStream(connection, stream, streamPlace, staleMessage({ ...stream, staleReason: reason }))
  await endStreamsOf(connection, stored, reason)
}

/**
 * Whether a stream may have something that it has not been read for: what a task's WHEN asks. Never false when it has; it may be true when changes undid each
 * other. Two rows are looked at, however large the table is. Fails for a stream that does not exist or is stale.
 */
export async function streamHasData(connection: DuckDBConnection, key: StreamKey): Promise<boolean> {
  const stream = (await readStreams(connection)).find((one) => isOf(one, key))
  if (stream === undefined) throw missing({ kind: 'STREAM', ...key })
  refuseStale(stream)
  const { inserted, changed } = await lastWrites(connection, stream.table)
  const last = stream.isAppendOnly ? inserted : Math.max(inserted, changed)
  return stream.initialTo !== undefined || last > stream.position
}

/** Refuses a stream whose table is gone. */
export function refuseStale(stream: StreamState): void {
  if (stream.staleReason !== undefined) throw new MillraceError('STATEMENT_FAILED', staleMessage(stream))
}

function staleMessage(stream: StreamState): string {
  return `STREAM ${shownName(stream)} is stale: ${stream.staleReason ?? ''}. Make it anew with CREATE OR REPLACE STREAM; what it had not been read for is lost.`
}

function isOf(stream: StreamState, { database, schema, name }: StreamKey): boolean {
  return stream.database === database && stream.schema === schema && stream.name === name
}
