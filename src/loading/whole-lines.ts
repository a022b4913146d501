import type { DuckDBConnection } from '@duckdb/node-api'
import { type UserColumn, storedName } from '../catalog/user-tables.ts'
import { identifier } from '../engines/duckdb.ts'
import type { CopyTarget } from './copy-target.ts'

/**
 * Has columns that take whole lines packed by zstd, while the table is empty: the engine's dictionary of texts that nearly all differ takes three times as long to make,
 * and is three times as large. Part of the caller's transaction.
 */
export async function packWholeLines(connection: DuckDBConnection, target: CopyTarget): Promise<void> {
  const columns = wholeLineColumns(target)
  if (columns.length === 0) return
  const table = `lake.${identifier(storedName(target.table))}`
  const rows = await connection.runAndReadAll(`select 1 from ${table} limit 1`)
  if (rows.currentRowCount > 0) return
  for (const { name, default: value } of columns) {
    const byDefault = value === undefined ? '' : ` default (${value})`
    await connection.run(`alter table ${table} drop column ${identifier(name)}`)
    await connection.run(
      `alter table ${table} add column ${identifier(name)} varchar using compression zstd${byDefault}`,
    )
  }
}

/** The engine adds no column that is NOT NULL, so such ones stay as they are. */
function wholeLineColumns({ format, columns, filled, select }: CopyTarget): UserColumn[] {
  if (format.type !== 'CSV' || format.fieldDelimiter !== null) return []
  const names =
    select === undefined ? filled : select.values.filter(({ form }) => form === 'field').map(({ column }) => column)
  return columns.filter(({ name, type, notNull }) => type === 'varchar' && !notNull && names.includes(name))
}
