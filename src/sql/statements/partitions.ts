import { readList } from '../statement/columns.ts'
import { hiveIdentifier, hiveName, hiveText, isFolder, printHiveName, readText } from '../statement/hive-text.ts'
import type { StatementKind } from '../statement/kind.ts'
import { type NamePart, type ObjectName, readName, readPart } from '../statement/name.ts'
import type { Reader } from '../statement/reader.ts'

/** A partition by the values of its columns. */
export type PartitionSpec = readonly { readonly column: NamePart; readonly value: string }[]

export interface AddPartitions {
  readonly kind: 'add-partitions'
  readonly table: ObjectName
  readonly ifNotExists: boolean
  /** Without a location a partition lies beneath that of its table: `dt=2026-11-21/`. */
  readonly partitions: readonly { readonly spec: PartitionSpec; readonly location?: string }[]
}

export interface DropPartitions {
  readonly kind: 'drop-partitions'
  readonly table: ObjectName
  readonly ifExists: boolean
  readonly specs: readonly PartitionSpec[]
}

export interface ShowPartitions {
  readonly kind: 'show-partitions'
  readonly table: ObjectName
}

/** MSCK REPAIR TABLE: finds the partitions that lie beneath the table's location. */
export interface RepairTable {
  readonly kind: 'repair-table'
  readonly table: ObjectName
}

type PartitionStatement = AddPartitions | DropPartitions | ShowPartitions | RepairTable

const readTable = (reader: Reader): ObjectName => readName(reader).map(hiveName)

function readSpec(reader: Reader): PartitionSpec {
  return readList(reader, (inner) => {
    const column = hiveName(readPart(inner))
    inner.expectSymbol('=')
    if (inner.isWord('DATE') && inner.peek(1)?.kind === 'string') inner.takeWord()
    const token = inner.peek()
    if (token?.kind !== 'number') return { column, value: readText(inner, column.text) }
    inner.next(column.text)
    return { column, value: token.text }
  })
}

function readLocation(reader: Reader): { readonly location?: string } {
  if (!reader.takeWords('LOCATION')) return {}
  const at = reader.peek()
  const location = readText(reader, 'LOCATION')
  if (!isFolder(location))
    throw reader.error(at, `LOCATION expects 's3://bucket/path/' or 'file:///path/', found '${location}'`)
  return { location }
}

function readAlter(reader: Reader): AddPartitions | DropPartitions | undefined {
  const table = readTable(reader)
  if (reader.takeWords('ADD')) {
    const ifNotExists = reader.takeWords('IF', 'NOT', 'EXISTS')
    const partitions: AddPartitions['partitions'][number][] = []
    if (!reader.isWord('PARTITION')) return undefined
    while (reader.takeWords('PARTITION')) partitions.push({ spec: readSpec(reader), ...readLocation(reader) })
    return { kind: 'add-partitions', table, ifNotExists, partitions }
  }
  if (!reader.takeWords('DROP')) return undefined
  const ifExists = reader.takeWords('IF', 'EXISTS')
  if (!reader.isWord('PARTITION')) return undefined
  const specs: PartitionSpec[] = []
  do {
    reader.expectWords('PARTITION')
    specs.push(readSpec(reader))
  } while (reader.takeSymbol(','))
  return { kind: 'drop-partitions', table, ifExists, specs }
}

function printSpec(spec: PartitionSpec): string {
  return `PARTITION (${spec.map(({ column, value }) => `${hiveIdentifier(column)} = ${hiveText(value)}`).join(', ')})`
}

/** What Athena says of partitions; the manual's ALTER TABLE ADD PARTITION and its neighbours. */
export const partitions: StatementKind<PartitionStatement> = {
  begins: {
    'ALTER TABLE': readAlter,
    'SHOW PARTITIONS': (reader) => ({ kind: 'show-partitions', table: readTable(reader) }),
    'MSCK REPAIR TABLE': (reader) => {
      const table = readTable(reader)
      reader.takeWords('ADD', 'PARTITIONS')
      return { kind: 'repair-table', table }
    },
  },
  print: {
    'add-partitions': ({ table, ifNotExists, partitions: added }) =>
      [
        `ALTER TABLE ${printHiveName(table)} ADD${ifNotExists ? ' IF NOT EXISTS' : ''}`,
        ...added.map(
          ({ spec, location }) =>
            `${printSpec(spec)}${location === undefined ? '' : ` LOCATION ${hiveText(location)}`}`,
        ),
      ].join('\n  '),
    'drop-partitions': ({ table, ifExists, specs }) =>
      `ALTER TABLE ${printHiveName(table)} DROP${ifExists ? ' IF EXISTS' : ''} ${specs.map(printSpec).join(', ')}`,
    'show-partitions': ({ table }) => `SHOW PARTITIONS ${printHiveName(table)}`,
    'repair-table': ({ table }) => `MSCK REPAIR TABLE ${printHiveName(table)}`,
  },
}
