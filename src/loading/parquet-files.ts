import type { DuckDBConnection } from '@duckdb/node-api'
import type { StoredTables } from '../catalog/stored-tables.ts'
import { identifier, isDiskFull, literal } from '../engines/duckdb.ts'
import { MillraceError } from '../errors.ts'
import type { LogType } from '../log-type/log-type.ts'
import { recogniseType } from '../log-type/registry.ts'
import { type ParquetColumn, parquetSources, planReading, redacted } from './engine-read.ts'
import {
  type ParquetFile,
  type ParquetOutcome,
  PartlyStored,
  type ReadableFile,
  storeInGroups,
} from './parquet-groups.ts'
import { insertRecords } from './records.ts'
import { unknownType } from './sniff.ts'

/** Stores Parquet files of log types within the caller's transaction. */
export class ParquetStore {
  private readonly connection: DuckDBConnection
  private readonly tables: StoredTables
  private readonly loadId: number
  private readonly spool: string
  private readonly redact: boolean

  constructor(connection: DuckDBConnection, tables: StoredTables, loadId: number, spool: string, redact: boolean) {
    this.connection = connection
    this.tables = tables
    this.loadId = loadId
    this.spool = spool
    this.redact = redact
  }

  /** Stores files, those of the same columns together. */
  store(files: readonly ParquetFile[], declared: LogType | undefined): Promise<ReadonlyMap<number, ParquetOutcome>> {
    return storeInGroups(this.connection, this.spool, files, {
      judge: (file) => JSON.stringify([typeOf(file, declared).table, file.columns]),
      store: (group) => this.storeAlike(group, declared),
    })
  }

  private async storeAlike(
    group: readonly ReadableFile[],
    declared: LogType | undefined,
  ): Promise<ReadonlyMap<number, ParquetOutcome>> {
    const [first] = group
    if (first === undefined) return new Map()
    const { columns } = first
    const type = typeOf(first, declared)
    const { sources, unknown } = parquetSources(type, columns)
    const row = `to_json(struct_pack(${columns.map(({ name }) => `${identifier(name)} := ${identifier(name)}`).join(', ')}))::varchar`
    const objects = group.map(
      ({ copy, file }) =>
        `(${literal(copy)}, ${file.fileId}, ${file.accountId === undefined ? 'null' : Number(file.accountId)}::bigint, ${file.region === undefined ? 'null' : literal(file.region)}::varchar)`,
    )
    const counts = await insertRecords(this.connection, this.tables, this.loadId, {
      type,
      relation: `
        select r.*, o.file_id as _file_id, r.file_row_number + 1 as _line, o.account_id as path_account_id, o.region as path_region, ${extraOf(unknown)} as extra
        from read_parquet([${group.map(({ copy }) => literal(copy)).join(', ')}], file_row_number = true, filename = '_object_path', binary_as_string = true) r
        join (values ${objects.join(', ')}) o(path, file_id, account_id, region) on r._object_path = o.path`,
      reading: planReading(type, sources, this.redact),
      raw: this.redact ? redacted(row) : row,
    }).catch((error: unknown) => {
      throw error instanceof MillraceError || isDiskFull(error) ? error : new PartlyStored(first.file.uri, error)
    })
    return new Map(
      group.map(({ file }) => [
        file.fileId,
        { table: type.table, counts: counts.get(file.fileId) ?? { rows: 0, rejects: 0 } },
      ]),
    )
  }
}

/** The log type of a file: the declared one, unless its columns speak against it. */
function typeOf({ columns, file }: ReadableFile, declared: LogType | undefined): LogType {
  const seen = recogniseType({ form: 'parquet', columns: columns.map((column) => column.name) })
  const type = declared ?? seen
  if (type === undefined || (declared !== undefined && seen !== undefined && seen !== declared))
    throw unknownType(file.uri, declared, seen)
  return type
}

/** Columns that the type does not know, where they have a value. */
function extraOf(unknown: readonly ParquetColumn[]): string {
  if (unknown.length === 0) return 'null::map(varchar, varchar)'
  const texts = unknown.map(({ name }) => `cast(r.${identifier(name)} as varchar)`)
  const entries = unknown.map(
    ({ name }, index) => `struct_pack(key := ${literal(name)}, value := ${texts[index] ?? ''})`,
  )
  return `case when coalesce(${texts.join(', ')}) is not null then map_from_entries(list_filter([${entries.join(', ')}], lambda entry: entry.value is not null)) end`
}
