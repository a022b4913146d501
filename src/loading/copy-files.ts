import type { DuckDBConnection } from '@duckdb/node-api'
import { type UserColumn, showUserTable, storedName, widenVariant } from '../catalog/user-tables.ts'
import {
  type VariantFields,
  type VariantPlan,
  fieldSql,
  fieldType,
  planVariant,
  readVariantFields,
} from '../catalog/variant.ts'
import { identifier, isDiskFull, literal } from '../engines/duckdb.ts'
import { MillraceError } from '../errors.ts'
import type { CopyTarget } from './copy-target.ts'
import type { ParquetColumn } from './engine-read.ts'
import { readPart } from './file-bytes.ts'
import { MAX_RAW } from './records.ts'
import {
  type ParquetFile,
  type ParquetOutcome,
  PartlyStored,
  type ReadableFile,
  storeInGroups,
} from './parquet-groups.ts'

/** What a transaction needs to fill tables that scripts made. */
export interface CopyStoreOptions {
  readonly connection: DuckDBConnection
  readonly loadId: number
  readonly spool: string
  /** Called when a table has other columns than before, in the same transaction: views over it are made anew. */
  readonly whenWidened: WhenWidened
}

export type WhenWidened = (connection: DuckDBConnection) => Promise<void>

/** Stores Parquet files in a table that a script made, within the caller's transaction. */
export async function copyFiles(
  options: CopyStoreOptions,
  files: readonly ParquetFile[],
  target: CopyTarget,
): Promise<ReadonlyMap<number, ParquetOutcome>> {
  const outcomes = new Map<number, ParquetOutcome>()
  const readable: ParquetFile[] = []
  for (const file of files) {
    const error = whyNotParquet(file)
    if (error === undefined) readable.push(file)
    else outcomes.set(file.fileId, { error })
  }
  const stored = await storeInGroups(options.connection, options.spool, readable, {
    judge: ({ columns }) => JSON.stringify(columns),
    store: (group) => copyGroup(options, group, target),
  })
  return new Map([...outcomes, ...stored])
}

/** Seen by its last bytes: the engine would end the transaction over it. */
function whyNotParquet({ uri, source }: ParquetFile): MillraceError | undefined {
  const { size } = source
  const tail = size < 12 ? '' : readPart(source.path, source.offset + size - 4, 4).toString('latin1')
  if (tail === 'PAR1') return undefined
  return new MillraceError(
    'TYPE_MISMATCH',
    `${uri} is no Parquet file, or is cut off. Nothing of it was loaded; name its FILE_FORMAT, or leave it out with PATTERN.`,
  )
}

async function copyGroup(
  options: CopyStoreOptions,
  group: readonly ReadableFile[],
  target: CopyTarget,
): Promise<ReadonlyMap<number, ParquetOutcome>> {
  const { connection, loadId } = options
  const [first] = group
  if (first === undefined) return new Map()
  const table = storedName(target.table)
  const values = await makeRoom(options, target, planValues(target, first, await readVariantFields(connection, table)))
  const files = group.map(({ copy, file }) => `(${literal(copy)}, ${file.fileId})`).join(', ')
  const copies = group.map(({ copy }) => literal(copy)).join(', ')
  const list = values.map(({ name, sql }) => `, ${sql} as ${identifier(name)}`).join('')
  const reason = reasonOf(values)
  const relation = `
    from read_parquet([${copies}], file_row_number = true, filename = '_object_path', binary_as_string = true) r
    join (values ${files}) o(path, file_id) on r._object_path = o.path`
  try {
    await connection.run(`
      insert into lake.${identifier(table)} by name
      select ${loadId}::bigint as _load_id, o.file_id as _file_id, r.file_row_number + 1 as _line ${list}
      ${relation} ${reason === undefined ? '' : `where ${reason} is null`}`)
    if (reason !== undefined)
      await connection.run(`
        insert into lake.rejects by name
        select ${literal(table)} as table_name, file_id, file_row_number + 1 as line, substr(raw, 1, ${MAX_RAW}) as raw,
          strlen(raw)::integer as raw_bytes, reason, ${loadId} as load_id
        from (select o.file_id, r.file_row_number, to_json(r)::varchar as raw, ${reason} as reason ${relation}) where reason is not null`)
    const counted = await connection.runAndReadAll(`
      select o.file_id, m.num_rows, (select count(*) from lake.rejects j where j.file_id = o.file_id)
      from parquet_file_metadata([${copies}]) m join (values ${files}) o(path, file_id) on m.file_name = o.path`)
    return new Map(
      counted.getRows().map(([fileId, rows, rejects]) => {
        const counts = { rows: Number(rows) - Number(rejects), rejects: Number(rejects) }
        return [Number(fileId), { table, counts }]
      }),
    )
  } catch (error) {
    throw error instanceof MillraceError || isDiskFull(error) ? error : new PartlyStored(first.file.uri, error)
  }
}

/** SQL that says why a record is no row; undefined where every record is. */
function reasonOf(values: readonly ColumnValue[]): string | undefined {
  const cases = values.flatMap(({ name, source, type }) => {
    if (source === undefined || type === undefined) return []
    const what = literal(`NOT_${type.replace(/\W.*/, '').toUpperCase()} ${name}: not a value of this type`)
    return [`when ${source} is not null and try_cast(${source} as ${type}) is null then ${what}`]
  })
  return cases.length === 0 ? undefined : `case ${cases.join(' ')} end`
}

/** What goes into a column. */
interface ColumnValue {
  readonly name: string
  readonly sql: string
  /** Of a typed column that has to be converted: what from, and to which type. */
  readonly source?: string
  readonly type?: string
  /** Of a VARIANT. */
  readonly variant?: VariantPlan & { readonly known: VariantFields | undefined }
}

function planValues(
  { columns: all, filled, match }: CopyTarget,
  { columns: found }: ReadableFile,
  variants: ReadonlyMap<string, VariantFields>,
): ColumnValue[] {
  const columns = all.filter(({ name }) => filled.includes(name))
  const variantOf = (name: string, sources: Parameters<typeof planVariant>[1]): ColumnValue => {
    const known = variants.get(name)
    const variant = { ...planVariant(known, sources), known }
    return { name, sql: variant.sql, variant }
  }
  if (match === 'record')
    return columns.slice(0, 1).map(({ name }) =>
      variantOf(
        name,
        found.map((column) => ({ key: column.name, type: fieldType(column.type), sql: valueSql(column) })),
      ),
    )
  return columns.flatMap((column): ColumnValue[] => {
    const source = found.find((one) => isSame(one, column, match))
    if (source === undefined) return []
    const sql = `r.${identifier(source.name)}`
    const { name, type = 'json' } = column
    return source.type.toLowerCase() === type
      ? [{ name, sql }]
      : [{ name, sql: `try_cast(${sql} as ${type})`, source: sql, type }]
  })
}

function isSame(found: ParquetColumn, { name }: UserColumn, match: CopyTarget['match']): boolean {
  return match === 'case-sensitive' ? found.name === name : found.name.toLowerCase() === name.toLowerCase()
}

function valueSql({ name, type }: ParquetColumn): string {
  return fieldSql(type, `r.${identifier(name)}`)
}

/** Widens the table's VARIANT columns where the values need it. */
async function makeRoom(
  { connection, whenWidened }: CopyStoreOptions,
  { table, columns }: CopyTarget,
  values: readonly ColumnValue[],
): Promise<readonly ColumnValue[]> {
  const wider = values.filter(({ variant }) => variant?.isWider === true)
  for (const { name, variant } of wider)
    if (variant !== undefined) await widenVariant(connection, table, name, variant.fields, variant.known === undefined)
  if (wider.length > 0) {
    await showUserTable(connection, table, columns)
    await whenWidened(connection)
  }
  return values
}
