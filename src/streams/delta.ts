import { rowsView } from '../catalog/log-tables.ts'
import { isBuiltIn } from '../catalog/user-tables.ts'
import { identifier } from '../engines/duckdb.ts'
import type { StreamState } from './stream-store.ts'

/** The columns that a stream has besides those of its table. */
export const metadataColumns = ['METADATA$ACTION', 'METADATA$ISUPDATE', 'METADATA$ROW_ID'] as const

type Read = Pick<StreamState, 'table' | 'isAppendOnly' | 'position' | 'initialTo'>

/**
 * SQL of what a stream has: the net change of its table from the stream's position up to the commit `upTo`, or up to now. `columns` is SQL of the
 * table's columns.
 *
 * A row is stored in versions, by `_row_id`: the one that is there in `lake`, and those that were in `changes`, each with the commits that made
 * and ended it. The state at a commit are the versions that had been made by then and not ended. A standard stream tells of two such
 * states what differs; one that is append-only tells of the first version of every row that came between them.
 */
export function deltaSql(stream: Read, columns: string, upTo?: number): string {
  if (isBuiltIn(stream.table)) return loadedSql(stream, columns, upTo)
  return stream.isAppendOnly ? appendedSql(stream, columns, upTo) : changedSql(stream, columns, upTo)
}

function loadedSql({ table, position, initialTo }: Read, columns: string, upTo: number | undefined): string {
  const initial = initialTo === undefined ? '' : ` or _load_id <= ${initialTo}`
  return `
    select ${columns}, ${metadata("'INSERT'", 'false', "_file_id || '.' || _line")} from lake.${identifier(rowsView(table))}
    where (_load_id > ${position} ${until('_load_id', upTo)})${initial}`
}

function appendedSql({ table, position, initialTo }: Read, columns: string, upTo: number | undefined): string {
  const here = identifier(table)
  const isAppended = `_load_id > ${position} and not _is_updated ${until('_load_id', upTo)}`
  const [initial, formerInitial] =
    initialTo === undefined
      ? ['', '']
      : [` or _load_id <= ${initialTo}`, ` or (_load_id <= ${initialTo} and _ended_by > ${initialTo})`]
  const shown = `${columns}, ${metadata("'INSERT'", 'false')}`
  return `
    select ${shown} from lake.${here} where (${isAppended})${initial}
    union all select ${shown} from changes.${here} where (${isAppended})${formerInitial}`
}

function changedSql({ table, position }: Read, columns: string, upTo: number | undefined): string {
  const here = identifier(table)
  const isNew = `_load_id > ${position} ${until('_load_id', upTo)}`
  const isOld = `_load_id <= ${position} and _ended_by > ${position} ${until('_ended_by', upTo)}`
  // What the caller's own transaction ended is still there at the commit before it.
  const ended =
    upTo === undefined
      ? ''
      : ` union all by name select * exclude (_ended_by) from changes.${here} where ${isNew} and _ended_by > ${upTo}`
  const made = `select * from lake.${here} where ${isNew}${ended}`
  const old = `select _row_id from changes.${here} where ${isOld}`
  return `
    select ${columns}, ${metadata("'INSERT'", `_row_id in (${old})`)} from (${made})
    union all
    select ${columns}, ${metadata("'DELETE'", `_row_id in (select _row_id from (${made}))`)} from changes.${here} where ${isOld}`
}

function until(column: string, upTo: number | undefined): string {
  return upTo === undefined ? '' : `and ${column} <= ${upTo}`
}

function metadata(action: string, isUpdate: string, rowId = '_row_id::varchar'): string {
  const [actionColumn, updateColumn, rowColumn] = metadataColumns.map(identifier)
  return `${action} as ${actionColumn}, ${isUpdate} as ${updateColumn}, ${rowId} as ${rowColumn}`
}
