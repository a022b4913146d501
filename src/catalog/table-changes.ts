import type { DuckDBConnection } from '@duckdb/node-api'
import { literal } from '../engines/duckdb.ts'

/** What a commit does to a stored table: brings rows, or updates and deletes some. */
export interface Written {
  readonly inserted: boolean
  readonly changed: boolean
}

/** Notes that the commit of this id writes into a table. Part of the caller's transaction; every commit that writes rows does it, since streams ask here whether they have data. */
export async function noteWritten(
  connection: DuckDBConnection,
  table: string,
  loadId: number,
  { inserted, changed }: Written,
): Promise<void> {
  if (!inserted && !changed) return
  const [insertedBy, changedBy] = [inserted ? loadId : 0, changed ? loadId : 0]
  await connection.run(`
    insert into lake.table_changes values (${literal(table)}, ${insertedBy}, ${changedBy})
    on conflict (table_name) do update set
      inserted_by = greatest(inserted_by, excluded.inserted_by), changed_by = greatest(changed_by, excluded.changed_by)`)
}

/** The ids of the last commits that brought rows into a table, and that updated or deleted some; 0 where none did. */
export async function lastWrites(
  connection: DuckDBConnection,
  table: string,
): Promise<{ readonly inserted: number; readonly changed: number }> {
  const reader = await connection.runAndReadAll(
    `select inserted_by, changed_by from lake.table_changes where table_name = ${literal(table)}`,
  )
  const [inserted = 0, changed = 0] = (reader.getRows()[0] ?? []).map(Number)
  return { inserted, changed }
}
