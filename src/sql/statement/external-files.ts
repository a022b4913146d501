import { type TableColumn, readList } from './columns.ts'
import { readDataType } from './data-type.ts'
import type { Creation } from './create.ts'
import { readPart } from './name.ts'
import type { Reader } from './reader.ts'
import {
  type Properties,
  hiveIdentifier,
  hiveName,
  hiveText,
  isFolder,
  printHiveName,
  readProperties,
  readText,
} from './hive-text.ts'
import { type FileLayout, printRowFormat, rowFormatOf } from './row-format.ts'

/** Where the rows of an external table are, and how they are written (Athena's CREATE TABLE). */
export interface ExternalFiles {
  readonly partitionedBy: readonly TableColumn[]
  readonly layout: FileLayout
  /** A folder: `s3://bucket/path/`, or `file:///path/`. */
  readonly location: string
  readonly properties: Properties
}

/** Reads columns in brackets, each with its type and perhaps a comment. */
export function readHiveColumns(reader: Reader): TableColumn[] {
  return readList(reader, (inner) => {
    const name = hiveName(readPart(inner))
    const at = inner.peek()
    const type = readDataType(inner)
    if (inner.isSymbol('<'))
      throw inner.error(at, `column ${name.text} has the type ${type.toLowerCase()}<…>, which is not read here`)
    const comment = inner.takeWords('COMMENT') ? { comment: readText(inner, 'COMMENT') } : {}
    return { name, type, notNull: false, ...comment }
  })
}

/** Reads what stands behind the columns, up to the end of the statement. */
export function readExternalFiles(
  reader: Reader,
  columns: number,
): { readonly external: ExternalFiles; readonly comment?: string } {
  const comment = reader.takeWords('COMMENT') ? { comment: readText(reader, 'COMMENT') } : {}
  const partitionedBy = reader.takeWords('PARTITIONED', 'BY') ? readHiveColumns(reader) : []
  for (const word of ['CLUSTERED', 'SKEWED'])
    if (reader.isWord(word)) throw reader.error(reader.peek(), `${word} BY is not known here; leave it out`)
  const layout = rowFormatOf(reader, columns)
  reader.expectWords('LOCATION')
  const at = reader.peek()
  const location = readText(reader, 'LOCATION')
  if (!isFolder(location))
    throw reader.error(at, `LOCATION expects 's3://bucket/path/' or 'file:///path/', found '${location}'`)
  const properties = reader.takeWords('TBLPROPERTIES') ? readProperties(reader) : {}
  return { external: { partitionedBy, layout, location, properties }, ...comment }
}

function printColumns(columns: readonly TableColumn[]): string {
  return columns
    .map(
      ({ name, type, comment }) =>
        `  ${hiveIdentifier(name)} ${type.toLowerCase()}${comment === undefined ? '' : ` COMMENT ${hiveText(comment)}`}`,
    )
    .join(',\n')
}

/** An external table's definition. */
export interface ExternalDefinition extends Pick<Creation, 'name' | 'ifNotExists'> {
  readonly columns: readonly TableColumn[]
  readonly options: { readonly comment?: string }
  readonly external: ExternalFiles
}

/** The statement that makes an external table, as Athena takes it. */
export function printExternalTable({ name, ifNotExists, columns, options, external }: ExternalDefinition): string {
  const { partitionedBy, location, properties } = external
  const list = Object.entries(properties).map(([key, value]) => `  ${hiveText(key)} = ${hiveText(value)}`)
  return [
    `CREATE EXTERNAL TABLE ${ifNotExists ? 'IF NOT EXISTS ' : ''}${printHiveName(name)} (\n${printColumns(columns)}\n)`,
    ...(options.comment === undefined ? [] : [`COMMENT ${hiveText(options.comment)}`]),
    ...(partitionedBy.length === 0 ? [] : [`PARTITIONED BY (\n${printColumns(partitionedBy)}\n)`]),
    ...printRowFormat(external.layout),
    `LOCATION ${hiveText(location)}`,
    ...(list.length === 0 ? [] : [`TBLPROPERTIES (\n${list.join(',\n')}\n)`]),
  ].join('\n')
}
