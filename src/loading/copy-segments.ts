import { storedName } from '../catalog/user-tables.ts'
import { type VariantFields, type VariantSource, readVariantFields } from '../catalog/variant.ts'
import { identifier, literal } from '../engines/duckdb.ts'
import {
  type ColumnValue,
  type CopiedFile,
  fileFacts,
  metadataValues,
  typedValue,
  variantValue,
} from './copy-columns.ts'
import { type CopyStoreOptions, storeRelation } from './copy-store.ts'
import { factsSql, fieldName, selectedValues } from './copy-select.ts'
import type { CopySelect, CopyTarget } from './copy-target.ts'
import type { StoredCounts } from './records.ts'
import type { Segment } from './segment.ts'
import type { CountedColumn } from './text/record-writer.ts'

/** Stores spooled records in a table that a script made, except those of some files, within the caller's transaction; their counts by file. */
export async function copySegments(
  options: CopyStoreOptions,
  segments: readonly Segment[],
  excluded: readonly number[],
  files: readonly CopiedFile[],
  target: CopyTarget,
): Promise<Map<number, StoredCounts>> {
  const paths = segments.flatMap(({ rowsPath }) => rowsPath ?? [])
  if (paths.length === 0) return new Map()
  const variants = await readVariantFields(options.connection, storedName(target.table))
  const except = excluded.length === 0 ? '' : `where _file_id not in (${excluded.join(', ')})`
  const list = paths.map(literal).join(', ')
  const spooled = summed(segments)
  const records = `(select * from read_parquet([${list}], union_by_name = true) ${except}) r`
  const facts = `join ${fileFacts(files, target)} on o.file_id = r._file_id`
  const { select } = target
  const values =
    select === undefined
      ? [...planValues(target, spooled, variants), ...metadataValues(target, 'r._record')]
      : await selectedValues(options.connection, target, variants, ({ name }) =>
          planValues({ ...target, filled: [name] }, spooled, variants),
        )
  return storeRelation(options, target, values, {
    from:
      select === undefined
        ? `${records} ${target.metadata.length === 0 && target.partition === undefined ? '' : facts}`
        : selectable(select, target.format.type, spooled, records, facts),
    fileId: 'r._file_id',
    line: 'r._line',
    record: 'r._record',
    raw: 'r._raw',
    rawBytes: 'r._raw_bytes',
  })
}

/** SQL of a relation whose columns expressions name: fields, and what is known of files. */
function selectable(
  { fields, namesFacts }: CopySelect,
  type: CopyTarget['format']['type'],
  spooled: readonly CountedColumn[],
  records: string,
  facts: string,
): string {
  const columns = Array.from({ length: fields }, (_, index) => {
    const name = fieldName(index + 1)
    const found = spooled.find((one) => one.column === name)
    const sql = found === undefined ? 'null::varchar' : `r.${identifier(found.name)}`
    return `, ${type === 'CSV' ? sql : `${sql}::json`} as ${identifier(name)}`
  })
  const known = namesFacts ? factsSql('r._record') : ''
  return `(select r.*${columns.join('')}${known} from ${records} ${namesFacts ? facts : ''}) r`
}

/** The columns of all segments, each with its values in all of them. */
function summed(segments: readonly Segment[]): CountedColumn[] {
  const sums = new Map<string, CountedColumn>()
  for (const { columns = [] } of segments)
    for (const column of columns)
      sums.set(column.name, { ...column, count: column.count + (sums.get(column.name)?.count ?? 0) })
  return [...sums.values()].filter(({ count }) => count > 0)
}

function planValues(
  target: CopyTarget,
  spooled: readonly CountedColumn[],
  variants: ReadonlyMap<string, VariantFields>,
): ColumnValue[] {
  const { columns, filled, match } = target
  return filled.flatMap((name): ColumnValue[] => {
    const column = columns.find((one) => one.name === name)
    if (column === undefined) return []
    const own = spooled.filter((one) => one.column === name)
    const sqlFor = (holds: CountedColumn['holds']): string | undefined => {
      const found = own.find((one) => one.holds === holds)
      return found === undefined ? undefined : sqlOf(found)
    }
    const given = sqlFor('given')
    if (column.type !== undefined) {
      // Without a single value the default holds, where there is one.
      if (column.default !== undefined && given === undefined) return []
      return [typedValue(column, { type: 'VARCHAR', sql: sqlFor('value') ?? 'null::varchar', given }, target)]
    }
    if (match !== 'record' && given === undefined) return []
    return [variantValue(column, variants.get(name), sourcesOf(own), { others: sqlFor('others'), given })]
  })
}

/** The keys in their order; of the types that a key has values of, first the one that a field for it is to have. */
function sourcesOf(spooled: readonly CountedColumn[]): VariantSource[] {
  const byKey = new Map<string, CountedColumn[]>()
  for (const column of spooled)
    if (column.key !== undefined) byKey.set(column.key, [...(byKey.get(column.key) ?? []), column])
  return [...byKey].flatMap(([key, types]) =>
    types
      .toSorted((a, b) => weight(b, types) - weight(a, types))
      .map((column) => ({ key, type: column.type, sql: sqlOf(column) })),
  )
}

/** How many values a field of the type would take: among numbers, those of the narrower types as well. */
function weight({ type, count }: CountedColumn, types: readonly CountedColumn[]): number {
  if (type !== 'DOUBLE' && type !== 'HUGEINT') return count
  return count + (types.find((one) => one.type === 'BIGINT')?.count ?? 0)
}

function sqlOf({ name, type }: CountedColumn): string {
  const sql = `r.${identifier(name)}`
  return type === 'JSON' || type === 'HUGEINT' ? `${sql}::${type}` : sql
}
