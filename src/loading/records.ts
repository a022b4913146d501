import type { DuckDBConnection } from '@duckdb/node-api'
import { storedColumns } from '../catalog/log-tables.ts'
import type { StoredTables } from '../catalog/stored-tables.ts'
import { MAX_ENUM_VALUES } from '../catalog/table-shape.ts'
import { identifier, literal } from '../engines/duckdb.ts'
import type { LogType } from '../log-type/log-type.ts'
import type { RecordReading } from './engine-read.ts'
import { MAX_RAW } from './reasons.ts'

/** Rows and rejects of one file, as the engine stored them. */
export interface StoredCounts {
  readonly rows: number
  readonly rejects: number
}

/** Records of JSON or Parquet that the engine takes apart. */
export interface Records {
  readonly type: LogType
  /** SQL of the records: `_file_id`, `_line`, `extra`, `path_account_id`, `path_region`, and what `reading` and `raw` name. */
  readonly relation: string
  readonly reading: RecordReading
  /** SQL of what a reject keeps, worked out for rejects alone. */
  readonly raw: string
}

/** What records carry besides the columns of their log type. */
const fixedColumns = ['extra', 'path_account_id', 'path_region']

/** Stores records as rows and rejects within the caller's transaction; their counts by file. */
export async function insertRecords(
  connection: DuckDBConnection,
  tables: StoredTables,
  loadId: number,
  { type, relation, reading: { texts, columns, reason }, raw }: Records,
): Promise<Map<number, StoredCounts>> {
  // Once: reading, typing and judging a record takes far longer than storing it.
  await connection.run(`
    create or replace temp table records as
    select _file_id, _line, extra, path_account_id, path_region, reason, 
      case when reason is not null then ${raw} end as raw,
      ${columns.map(({ name, sql }) => `case when reason is null then ${sql} end as ${identifier(name)}`).join(', ')}
    from (select *, ${reason} as reason from (select *, ${texts.map(({ name, sql }) => `${sql} as ${identifier(name)}`).join(', ')} from (${relation})))`)
  const names = [...columns.map(({ name }) => name), ...fixedColumns]
  await tables.widen(type, await filledColumns(connection, type, names))
  const list = names.filter((name) => tables.has(type, name))
  await connection.run(`
    insert into lake.${identifier(type.table)} by name
    select ${[`${loadId}::bigint as _load_id`, '_file_id', '_line', ...list.map((name) => `${tables.cast(type, name, identifier(name))} as ${identifier(name)}`)].join(', ')}
    from temp.records where reason is null`)
  await connection.run(`
    insert into lake.rejects by name
    select ${literal(type.table)} as table_name, _file_id as file_id, _line as line, substr(raw, 1, ${MAX_RAW}) as raw, strlen(raw)::integer as raw_bytes, reason, ${loadId} as load_id
    from temp.records where reason is not null`)
  const reader = await connection.runAndReadAll(
    'select _file_id, count(*) filter (reason is null), count(*) filter (reason is not null) from temp.records group by _file_id',
  )
  const counts = new Map<number, StoredCounts>()
  for (const [fileId, rows, rejects] of reader.getRows())
    counts.set(Number(fileId), { rows: Number(rows), rejects: Number(rejects) })
  await connection.run('drop table temp.records')
  return counts
}

/** Which columns have a value in any record that is a row, and the values of those that are enums. */
async function filledColumns(
  connection: DuckDBConnection,
  type: LogType,
  names: readonly string[],
): Promise<Map<string, readonly string[]>> {
  const counted = await connection.runAndReadAll(
    `select ${names.map((name) => `count(${identifier(name)})`).join(', ')} from temp.records where reason is null`,
  )
  const counts = counted.getRows()[0] ?? []
  const filled = new Map<string, readonly string[]>()
  const enums = new Set(storedColumns(type).flatMap(({ name, values }) => (values === undefined ? [] : [name])))
  for (const [index, name] of names.entries()) {
    if (Number(counts[index]) === 0) continue
    filled.set(name, enums.has(name) ? await distinctWords(connection, name) : [])
  }
  return filled
}

async function distinctWords(connection: DuckDBConnection, name: string): Promise<string[]> {
  const reader = await connection.runAndReadAll(
    `select distinct ${identifier(name)} from temp.records where reason is null and ${identifier(name)} is not null limit ${MAX_ENUM_VALUES + 1}`,
  )
  return reader.getRows().map(([value]) => String(value))
}
