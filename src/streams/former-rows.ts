import type { DuckDBConnection } from '@duckdb/node-api'
import { identifier } from '../engines/duckdb.ts'
import { isBuiltIn } from '../catalog/user-tables.ts'
import type { StreamState } from './stream-store.ts'

/**
 * Keeps rows of a stored table as they are, before the commit `loadId` updates or deletes those that `where` finds: what streams
 * have not been read for is told from them. Versions that this commit made itself were never there for others, and are not kept.
 */
export async function keepFormerRows(
  connection: DuckDBConnection,
  table: string,
  where: string,
  loadId: number,
): Promise<void> {
  await connection.run(`
    insert into changes.${identifier(table)} by name
    select *, ${loadId}::bigint as _ended_by from lake.${identifier(table)} where _load_id < ${loadId} and (${where})`)
}

/** Removes kept rows that no stream will tell of any more. */
export async function pruneFormerRows(
  connection: DuckDBConnection,
  table: string,
  streams: readonly StreamState[],
): Promise<void> {
  if (isBuiltIn(table)) return
  const reading = streams.filter((stream) => stream.table === table && stream.staleReason === undefined)
  const needed = reading.map(({ isAppendOnly, position, initialTo }) => {
    if (!isAppendOnly) return `(_load_id <= ${position} and _ended_by > ${position})`
    const initial = initialTo === undefined ? '' : ` or (_load_id <= ${initialTo} and _ended_by > ${initialTo})`
    return `(_load_id > ${position} and not _is_updated)${initial}`
  })
  const where = needed.length === 0 ? '' : ` where not (${needed.join(' or ')})`
  await connection.run(`delete from changes.${identifier(table)}${where}`)
}
