import { type DuckDBConnection, DuckDBStructType } from '@duckdb/node-api'
import { storedName } from '../catalog/user-tables.ts'
import {
  type VariantFields,
  type VariantSource,
  fieldSql,
  fieldType,
  readVariantFields,
  typeName,
} from '../catalog/variant.ts'
import type { UserColumn } from '../catalog/user-tables.ts'
import { identifier, isDiskFull, literal } from '../engines/duckdb.ts'
import { MillraceError } from '../errors.ts'
import { type ColumnValue, fileFacts, metadataValues, typedValue, variantValue } from './copy-columns.ts'
import { type CopyStoreOptions, storeRelation } from './copy-store.ts'
import { factsSql, fieldName, selectedValues } from './copy-select.ts'
import type { CopySelect, CopyTarget } from './copy-target.ts'
import type { ParquetColumn } from './engine-read.ts'
import { readPart } from './file-bytes.ts'
import {
  type ParquetFile,
  type ParquetOutcome,
  PartlyStored,
  type ReadableFile,
  storeInGroups,
} from './parquet-groups.ts'

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
    judge: (file) => {
      checkRecords(file, target)
      return JSON.stringify(file.columns)
    },
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

/** A column of type VARIANT takes records: by its name, a column of the file that is a STRUCT. */
function checkRecords({ file, columns }: ReadableFile, target: CopyTarget): void {
  if (target.match === 'record') return
  for (const column of target.columns) {
    const { name, type } = column
    const found = columns.find((one) => isSame(one, column, target.match))
    if (type !== undefined || !target.filled.includes(name) || found === undefined || isStruct(found)) continue
    throw new MillraceError(
      'TYPE_MISMATCH',
      `${file.uri} has ${found.type} in its column ${found.name}, and the table has a VARIANT, which takes a STRUCT. Nothing of it was loaded; make the column of another type.`,
    )
  }
}

function isStruct({ type }: ParquetColumn): boolean {
  return type.startsWith('STRUCT(')
}

async function copyGroup(
  options: CopyStoreOptions,
  group: readonly ReadableFile[],
  target: CopyTarget,
): Promise<ReadonlyMap<number, ParquetOutcome>> {
  const [first] = group
  if (first === undefined) return new Map()
  const table = storedName(target.table)
  const known = await readVariantFields(options.connection, table)
  const structs = await readStructs(options.connection, first)
  const { select } = target
  const values =
    select === undefined
      ? [...planValues(target, first, known, structs), ...metadataValues(target, 'r.file_row_number + 1')]
      : await selectedValues(options.connection, target, known, (column) =>
          planValues({ ...target, filled: [column.name] }, first, known, structs),
        )
  const files = group.map(({ copy, file }) => `(${literal(copy)}, ${file.fileId})`).join(', ')
  const facts = fileFacts(
    group.map(({ file }) => file),
    target,
  )
  const copies = group.map(({ copy }) => literal(copy)).join(', ')
  const records = `
    read_parquet([${copies}], file_row_number = true, filename = '_object_path', binary_as_string = true) r
    join (values ${files}) c(path, file_id) on r._object_path = c.path join ${facts} on o.file_id = c.file_id`
  const counts = await storeRelation(options, target, values, {
    from: select === undefined ? records : selectable(select, first, records),
    fileId: select === undefined ? 'o.file_id' : 'r._file_id',
    line: 'r.file_row_number + 1',
    record: 'r.file_row_number + 1',
    raw: 'to_json(r)::varchar',
    rawBytes: 'strlen(to_json(r)::varchar)',
  }).catch((error: unknown) => {
    throw error instanceof MillraceError || isDiskFull(error) ? error : new PartlyStored(first.file.uri, error)
  })
  return new Map(
    group.map(({ file: { fileId } }) => [fileId, { table, counts: counts.get(fileId) ?? { rows: 0, rejects: 0 } }]),
  )
}

/** SQL of a relation whose columns expressions name: the record, and what is known of files. */
function selectable({ fields, namesFacts }: CopySelect, { columns }: ReadableFile, records: string): string {
  const members = columns.map(({ name }) => `${identifier(name)} := r.${identifier(name)}`)
  const record = fields === 0 ? '' : `, to_json(struct_pack(${members.join(', ')})) as ${identifier(fieldName(1))}`
  const known = namesFacts ? factsSql('r.file_row_number + 1') : ''
  return `(select r.*, o.file_id as _file_id${record}${known} from ${records}) r`
}

function planValues(
  target: CopyTarget,
  { columns: found }: ReadableFile,
  variants: ReadonlyMap<string, VariantFields>,
  structs: ReadonlyMap<string, readonly ParquetColumn[]>,
): ColumnValue[] {
  const { match, filled } = target
  const columns = target.columns.filter(({ name }) => filled.includes(name))
  if (match === 'record')
    return columns.slice(0, 1).map((column) =>
      variantValue(
        column,
        variants.get(column.name),
        found.map((one) => sourceOf(one, 'r')),
      ),
    )
  return columns.flatMap((column): ColumnValue[] => {
    const source = found.find((one) => isSame(one, column, match))
    if (source === undefined) return []
    const sql = `r.${identifier(source.name)}`
    if (column.type === undefined) {
      const members = (structs.get(source.name) ?? []).map((one) => sourceOf(one, sql))
      return [variantValue(column, variants.get(column.name), members, { given: `${sql} is not null` })]
    }
    return [typedValue(column, { type: source.type, sql }, target)]
  })
}

function isSame(found: ParquetColumn, { exactName }: UserColumn, match: CopyTarget['match']): boolean {
  return match === 'case-sensitive' ? found.name === exactName : found.name.toLowerCase() === exactName.toLowerCase()
}

/** A column, or a field of a struct, as what a record has for a key. */
function sourceOf({ name, type }: ParquetColumn, within: string): VariantSource {
  return { key: name, type: fieldType(type), sql: fieldSql(type, `${within}.${identifier(name)}`) }
}

/** The fields of the columns that are structs. */
async function readStructs(
  connection: DuckDBConnection,
  { copy, columns }: ReadableFile,
): Promise<ReadonlyMap<string, readonly ParquetColumn[]>> {
  if (!columns.some(isStruct)) return new Map()
  const empty = await connection.runAndReadAll(
    `select * from read_parquet(${literal(copy)}, binary_as_string = true) limit 0`,
  )
  return new Map(
    empty.columnNames().map((name, index) => {
      const type = empty.columnType(index)
      const names = type instanceof DuckDBStructType ? type.entryNames : []
      const types = type instanceof DuckDBStructType ? type.entryTypes : []
      return [name, names.map((field, at) => ({ name: field, type: typeName(types[at]) }))]
    }),
  )
}
