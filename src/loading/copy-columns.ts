import type { UserColumn } from '../catalog/user-tables.ts'
import { type VariantFields, type VariantPlan, type VariantSource, planVariant } from '../catalog/variant.ts'
import { literal } from '../engines/duckdb.ts'
import type { CopyPartition, CopyTarget, Metadata } from './copy-target.ts'
import { fromText } from './from-text.ts'

/** What makes a record a reject: SQL that is true then, and why. */
interface Fault {
  readonly when: string
  readonly reason: string
}

/** What goes into a column of a table. */
export interface ColumnValue {
  readonly name: string
  readonly sql: string
  readonly faults: readonly Fault[]
  /** Of a VARIANT. */
  readonly variant?: VariantPlan & { readonly known: VariantFields | undefined }
}

/** What a file has for a column: SQL, its type as the engine reads it, and SQL that tells whether a record has it, where some may not. */
export interface FoundValue {
  readonly type: string
  readonly sql: string
  readonly given?: string | undefined
}

/** The value of a column that has a type; its default where the record has none. */
export function typedValue(
  column: UserColumn,
  { type: found, sql: source, given }: FoundValue,
  { forms, truncates }: Pick<CopyTarget, 'forms' | 'truncates'>,
): ColumnValue {
  const { name, type = 'json', length, default: byDefault } = column
  const isSame = found.toLowerCase() === type
  const isTime = found.startsWith('TIMESTAMP') && /^(timestamp|timestamptz|date)$/.test(type)
  const typed = isSame ? source : found === 'VARCHAR' ? fromText(type, source, forms) : `try_cast(${source} as ${type})`
  const sql = length === undefined || !truncates ? typed : `left(${typed}, ${length})`
  const faults: Fault[] = []
  if (!isSame && !isTime && forms.isHive !== true) {
    const reason = `NOT_${type.replace(/\W.*/, '').toUpperCase()} ${name}: not a value of this type`
    faults.push({ when: `${source} is not null and (${typed}) is null`, reason })
  }
  if (length !== undefined && !truncates)
    faults.push({ when: `length(${typed}) > ${length}`, reason: `TOO_LONG ${name}: longer than ${length} characters` })
  const final =
    given === undefined || byDefault === undefined ? sql : `case when ${given} then ${sql} else ${byDefault} end`
  return { name, sql: final, faults: [...faults, ...missing(column, `(${final}) is null`)] }
}

/** The value of a column of type VARIANT. `given` is SQL that tells whether there is a record, where there may be none. */
export function variantValue(
  column: UserColumn,
  known: VariantFields | undefined,
  sources: readonly VariantSource[],
  { others, given }: { readonly others?: string | undefined; readonly given?: string | undefined } = {},
): ColumnValue {
  const variant = { ...planVariant(known, sources, others), known }
  const { name } = column
  if (given === undefined) return { name, sql: variant.sql, faults: [], variant }
  const faults = missing(column, `${given} is null`)
  return { name, sql: `case when ${given} then ${variant.sql} end`, faults, variant }
}

/** A file as its records can tell of it. */
export interface CopiedFile {
  readonly fileId: number
  readonly uri: string
  readonly version: string
  readonly modifiedMs: number
}

/** SQL of a relation of files: `file_id`, `filename`, `content_key`, `last_modified`, and the texts of what they are partitioned by. */
export function fileFacts(
  files: readonly CopiedFile[],
  { root, partition }: Pick<CopyTarget, 'root' | 'partition'>,
): string {
  const rows = files.map(({ fileId, uri, version, modifiedMs }) => {
    const name = uri.startsWith(root) ? uri.slice(root.length) : uri
    return `(${fileId}, ${literal(name)}, ${literal(version)}, make_timestamp(${Math.round(modifiedMs * 1000)}::bigint)${valuesIn(partition, uri)})`
  })
  const columns = (partition?.columns ?? []).map((_, index) => `, partition_${index}`)
  return `(values ${rows.join(', ')}) o(file_id, filename, content_key, last_modified${columns.join('')})`
}

function valuesIn(partition: CopyPartition | undefined, uri: string): string {
  return partition === undefined
    ? ''
    : partition
        .valuesOf(uri)
        .map((value) => `, ${literal(value)}`)
        .join('')
}

/** The values of columns that take what an object's place says. */
function partitionValues({ partition, columns, forms, truncates }: CopyTarget): ColumnValue[] {
  return (partition?.columns ?? []).flatMap((name, index) => {
    const column = columns.find((one) => one.name === name)
    const found = { type: 'VARCHAR', sql: `o.partition_${index}` }
    return column === undefined ? [] : [typedValue(column, found, { forms, truncates })]
  })
}

/** The values of columns that take what is known of a file; `rowNumber` is SQL. */
export function metadataValues(target: CopyTarget, rowNumber: string): ColumnValue[] {
  const found: Readonly<Record<Metadata, FoundValue>> = {
    filename: { type: 'VARCHAR', sql: 'o.filename' },
    'row-number': { type: 'BIGINT', sql: rowNumber },
    'content-key': { type: 'VARCHAR', sql: 'o.content_key' },
    'last-modified': { type: 'TIMESTAMP', sql: 'o.last_modified' },
    'start-scan-time': { type: 'TIMESTAMPTZ', sql: 'current_timestamp' },
  }
  const plain = { ...target, forms: { binary: 'HEX' } } as const
  const known = target.metadata.flatMap(({ column: name, metadata }) => {
    const column = target.columns.find((one) => one.name === name)
    return column === undefined ? [] : [typedValue(column, found[metadata], plain)]
  })
  return [...known, ...partitionValues(target)]
}

/** Why every record is a reject: columns must have a value, and are given none. */
export function unfilled(columns: readonly UserColumn[], values: readonly ColumnValue[]): Fault[] {
  return columns
    .filter(({ name, default: byDefault }) => byDefault === undefined && values.every((value) => value.name !== name))
    .flatMap((column) => missing(column, 'true'))
}

function missing({ name, notNull }: UserColumn, when: string): Fault[] {
  return notNull ? [{ when, reason: `MISSING ${name}: no value, and the column is NOT NULL` }] : []
}

/** SQL that says why a record is no row; undefined where every record is. */
export function reasonOf(faults: readonly Fault[]): string | undefined {
  const cases = faults.map(({ when, reason }) => `when ${when} then ${literal(reason)}`)
  return cases.length === 0 ? undefined : `case ${cases.join(' ')} end`
}
