import type { DuckDBConnection } from '@duckdb/node-api'
import { showUserTable, storedName, widenVariant } from '../catalog/user-tables.ts'
import { identifier, literal } from '../engines/duckdb.ts'
import { type ColumnValue, reasonOf, unfilled } from './copy-columns.ts'
import type { CopyTarget } from './copy-target.ts'
import { MAX_RAW } from './reasons.ts'
import type { StoredCounts } from './records.ts'
import { packWholeLines } from './whole-lines.ts'

/** What a transaction needs to fill tables that scripts made. */
export interface CopyStoreOptions {
  readonly connection: DuckDBConnection
  readonly loadId: number
  readonly spool: string
  /** Called when a table has other columns than before, in the same transaction: views over it are made anew. */
  readonly whenWidened: WhenWidened
  /** Whether it is kept where rejects are, in `temp.reject_places`. */
  readonly notesPlaces: boolean
}

export type WhenWidened = (connection: DuckDBConnection) => Promise<void>

/** Records that the engine can read: SQL of a relation, and of what is known of each. */
export interface CopyRelation {
  readonly from: string
  readonly fileId: string
  readonly line: string
  readonly record: string
  readonly raw: string
  readonly rawBytes: string
}

/** Stores records as rows and rejects within the caller's transaction; their counts by file. */
export async function storeRelation(
  options: CopyStoreOptions,
  target: CopyTarget,
  values: readonly ColumnValue[],
  { from, fileId, line, record, raw, rawBytes }: CopyRelation,
): Promise<Map<number, StoredCounts>> {
  const { connection, loadId } = options
  const table = storedName(target.table)
  await makeRoom(options, target, values)
  await packWholeLines(connection, target)
  const reason = reasonOf([...values.flatMap(({ faults }) => faults), ...unfilled(target.columns, values)])
  const rejects = reason === undefined ? new Map<number, number>() : await storeRejects()
  const isRow = reason === undefined || rejects.size === 0 ? '' : `where ${reason} is null`
  const list = values.map(({ name, sql }) => `, ${sql} as ${identifier(name)}`).join('')
  await connection.run(`
    insert into lake.${identifier(table)} by name
    select ${loadId}::bigint as _load_id, ${fileId} as _file_id, ${line} as _line ${list} from ${from} ${isRow}`)
  const all = await countsByFile(`select ${fileId}, count(*) from ${from} group by ${fileId}`)
  return new Map(
    [...all].map(([file, records]) => {
      const rejected = rejects.get(file) ?? 0
      return [file, { rows: records - rejected, rejects: rejected }]
    }),
  )

  async function storeRejects(): Promise<Map<number, number>> {
    await connection.run(`
      create or replace temp table copy_rejects as
      select * from (select ${fileId} as file_id, ${line} as line, ${record} as record, substr(${raw}, 1, ${MAX_RAW}) as raw, ${rawBytes}::integer as raw_bytes, ${reason ?? 'null'} as reason from ${from})
      where reason is not null`)
    await connection.run(`
      insert into lake.rejects by name
      select ${literal(table)} as table_name, * exclude (record), ${loadId} as load_id from temp.copy_rejects`)
    if (options.notesPlaces)
      await connection.run(`
        insert into temp.reject_places by name
        select file_id, record, line as row_line, line as error_line, reason from temp.copy_rejects`)
    return countsByFile('select file_id, count(*) from temp.copy_rejects group by file_id')
  }

  async function countsByFile(sql: string): Promise<Map<number, number>> {
    const reader = await connection.runAndReadAll(sql)
    return new Map(reader.getRows().map(([file, count]) => [Number(file), Number(count)]))
  }
}

/** Widens the table's VARIANT columns where the values need it. */
async function makeRoom(
  { connection, whenWidened }: CopyStoreOptions,
  { table, columns }: CopyTarget,
  values: readonly ColumnValue[],
): Promise<void> {
  const wider = values.filter(({ variant }) => variant?.isWider === true)
  for (const { name, variant } of wider)
    if (variant !== undefined) await widenVariant(connection, table, name, variant.fields, variant.known === undefined)
  if (wider.length === 0) return
  await showUserTable(connection, table, columns)
  await whenWidened(connection)
}
