import type { CatalogObject } from '../../catalog/objects.ts'
import { storedName } from '../../catalog/user-tables.ts'
import type { CopyFormat, CopyTarget } from '../../loading/copy-target.ts'
import type { Session } from '../execution/session.ts'
import { missing } from '../execution/alter.ts'
import { failed } from '../execution/failure.ts'
import { keyOf, shownName } from '../execution/names.ts'
import { find } from '../execution/plan.ts'
import { userTableOf } from '../execution/user-table.ts'
import type { ExternalFiles } from '../statement/external-files.ts'
import type { ObjectName } from '../statement/name.ts'
import type { CreateTable } from '../statements/table.ts'
import { externalColumns, headerLines } from './columns.ts'

/** A table of the catalog whose rows are those of files elsewhere. */
export interface ExternalTable {
  readonly object: CatalogObject
  readonly definition: CreateTable
  readonly external: ExternalFiles
  /** As history and the store of partitions name it. */
  readonly name: string
  readonly partitionedBy: readonly string[]
}

/** The external tables among objects. */
export function externalTables(objects: readonly CatalogObject[]): ExternalTable[] {
  return objects.flatMap((object) => {
    const { definition } = object
    if (definition.kind !== 'create-table' || definition.external === undefined) return []
    const { external } = definition
    const partitionedBy = external.partitionedBy.map((column) => column.name.text)
    return [{ object, definition, external, name: storedName(userTableOf(object)), partitionedBy }]
  })
}

/** Refuses to write into an external table. */
export function refuseExternal(object: CatalogObject): void {
  if (externalTables([object]).length > 0)
    throw failed(
      `${shownName(object)} is an external table: its rows are those of the files in its LOCATION; put files there, or write into a table of your own`,
    )
}

/** The external table that a statement names. */
export function externalNamed(
  name: ObjectName,
  { objects, session }: { readonly objects: readonly CatalogObject[]; readonly session: Session },
): ExternalTable {
  const key = keyOf('TABLE', 'schema', name, session)
  const object = find(objects, key)
  if (object === undefined) throw missing(key)
  const [table] = externalTables([object])
  if (table === undefined)
    throw failed(`table ${shownName(key)} holds its own rows; CREATE EXTERNAL TABLE makes one that has partitions`)
  return table
}

/** What files of a partitioned table must be in a partition for. */
export function partitionedOf(table: ExternalTable): ExternalTable {
  if (table.partitionedBy.length > 0) return table
  throw failed(
    `table ${shownName(table.object)} has no partitions: its definition has no PARTITIONED BY; its rows are those of all files in its LOCATION`,
  )
}

/** How a load fills an external table; `valuesOf` tells the partition that an object lies in. */
export function targetOf(
  { object, definition, external, partitionedBy }: ExternalTable,
  valuesOf: (uri: string) => readonly string[],
): CopyTarget {
  const columns = externalColumns(definition.columns, external)
  return {
    table: userTableOf(object),
    columns,
    filled: definition.columns.map((column) => column.name.text),
    format: formatOf(external),
    forms: { binary: 'BASE64', isHive: true },
    metadata: [],
    partition: partitionedBy.length === 0 ? undefined : { columns: partitionedBy, valuesOf },
    root: '',
    truncates: false,
    match: external.layout.type === 'parquet' ? 'case-insensitive' : 'position',
  }
}

/** Text as Hive's LazySimpleSerDe and RegexSerDe take it: UTF-8, packed or not, a row for every line. */
const anyText = {
  packing: undefined,
  encoding: 'utf-8',
  replacesInvalid: true,
  skipsMark: true,
  multiLine: false,
  trims: false,
} as const

function formatOf(external: ExternalFiles): CopyFormat {
  const { layout } = external
  const skipHeader = headerLines(external)
  switch (layout.type) {
    case 'parquet':
      return { type: 'PARQUET' }
    case 'regex':
      return {
        ...anyText,
        type: 'PATTERN',
        nullIf: [],
        pattern: layout.regex,
        ignoresCase: layout.ignoresCase,
        skipHeader,
      }
    case 'text':
      return {
        ...anyText,
        type: 'CSV',
        nullIf: [layout.nullText ?? String.raw`\N`],
        recordDelimiter: 'line',
        fieldDelimiter: layout.delimiter,
        skipHeader,
        parsesHeader: false,
        skipsBlankLines: false,
        keepsBlankLines: true,
        enclosure: null,
        escape: null,
        escapeUnenclosed: layout.escape ?? null,
        emptyIsNull: false,
        checksCount: false,
      }
  }
}
