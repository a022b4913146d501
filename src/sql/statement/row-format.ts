import { type Properties, hiveText, readProperties, readText } from './hive-text.ts'
import { type Reader, shorten } from './reader.ts'

/** How the files of an external table are read: lines of fields, lines that a pattern takes apart, or Parquet. */
export type FileLayout =
  | {
      readonly type: 'text'
      readonly delimiter: string
      readonly escape?: string
      /** The text that stands for NULL; `\N` where it is not said. */
      readonly nullText?: string
    }
  | { readonly type: 'regex'; readonly regex: string; readonly ignoresCase: boolean }
  | { readonly type: 'parquet' }

/** Classes that read rows, by the last part of their names. */
const readers: Readonly<Record<string, FileLayout['type']>> = {
  LazySimpleSerDe: 'text',
  RegexSerDe: 'regex',
  ParquetHiveSerDe: 'parquet',
}

/** What separates fields where nothing is said. */
const controlA = '\u0001'

/** Reads ROW FORMAT and STORED AS; `columns` are those that a pattern's groups fill. */
export function rowFormatOf(reader: Reader, columns: number): FileLayout {
  const at = reader.peek()
  const said = reader.takeWords('ROW', 'FORMAT') ? readRowFormat(reader) : undefined
  const stored = reader.takeWords('STORED', 'AS') ? readStored(reader) : undefined
  if (said === undefined) return stored === 'parquet' ? { type: 'parquet' } : { type: 'text', delimiter: controlA }
  if (stored !== undefined && (stored === 'parquet') !== (said.type === 'parquet'))
    throw reader.error(at, 'ROW FORMAT and STORED AS do not go together; leave one of them out')
  if (said.type !== 'regex') return said
  const why = whyNotPattern(said.regex, columns)
  if (why !== undefined) throw reader.error(at, why)
  return said
}

function readRowFormat(reader: Reader): FileLayout {
  if (reader.takeWords('DELIMITED')) return readDelimited(reader)
  reader.expectWords('SERDE')
  const at = reader.peek()
  const name = readText(reader, 'SERDE')
  const type = readers[name.split('.').at(-1) ?? '']
  if (type === undefined)
    throw reader.error(at, `SERDE expects ${Object.keys(readers).join(', ')}, found ${shorten(name)}`)
  const properties = reader.takeWords('WITH', 'SERDEPROPERTIES') ? readProperties(reader) : {}
  if (type === 'parquet') return { type }
  if (type === 'text') return textOf(properties)
  const regex = properties['input.regex']
  if (regex === undefined) throw reader.error(at, "RegexSerDe needs the property 'input.regex'; give it")
  return { type, regex, ignoresCase: properties['input.regex.case.insensitive'] === 'true' }
}

function textOf(properties: Properties): FileLayout {
  const escape = properties['escape.delim']
  const nullText = properties['serialization.null.format']
  return {
    type: 'text',
    delimiter: properties['field.delim'] ?? properties['serialization.format'] ?? controlA,
    ...(escape === undefined ? {} : { escape }),
    ...(nullText === undefined ? {} : { nullText }),
  }
}

function readDelimited(reader: Reader): FileLayout {
  const layout: { type: 'text'; delimiter: string; escape?: string; nullText?: string } = {
    type: 'text',
    delimiter: controlA,
  }
  for (;;) {
    const at = reader.peek()
    if (reader.takeWords('FIELDS', 'TERMINATED', 'BY')) {
      layout.delimiter = readText(reader, 'FIELDS TERMINATED BY')
      if (layout.delimiter === '') throw reader.error(at, 'FIELDS TERMINATED BY expects a character, found none')
    } else if (reader.takeWords('ESCAPED', 'BY')) layout.escape = readText(reader, 'ESCAPED BY')
    else if (reader.takeWords('NULL', 'DEFINED', 'AS')) layout.nullText = readText(reader, 'NULL DEFINED AS')
    else if (reader.takeWords('LINES', 'TERMINATED', 'BY')) {
      if (readText(reader, 'LINES TERMINATED BY') !== '\n')
        throw reader.error(at, "LINES TERMINATED BY knows '\\n' alone; leave it out")
    } else if (
      reader.takeWords('COLLECTION', 'ITEMS', 'TERMINATED', 'BY') ||
      reader.takeWords('MAP', 'KEYS', 'TERMINATED', 'BY')
    )
      // Of columns that are lists, and there are none.
      readText(reader, 'TERMINATED BY')
    else return layout
  }
}

const formats: Readonly<Record<string, 'text' | 'parquet'>> = {
  TextInputFormat: 'text',
  MapredParquetInputFormat: 'parquet',
}

function readStored(reader: Reader): 'text' | 'parquet' {
  if (reader.takeWords('TEXTFILE')) return 'text'
  if (reader.takeWords('PARQUET')) return 'parquet'
  if (!reader.takeWords('INPUTFORMAT')) throw reader.unexpected('TEXTFILE, PARQUET, INPUTFORMAT', 'STORED AS')
  const at = reader.peek()
  const name = readText(reader, 'INPUTFORMAT')
  const format = formats[name.split('.').at(-1) ?? '']
  if (format === undefined)
    throw reader.error(at, `INPUTFORMAT expects ${Object.keys(formats).join(', ')}, found ${shorten(name)}`)
  if (reader.takeWords('OUTPUTFORMAT')) readText(reader, 'OUTPUTFORMAT')
  return format
}

/** What Java's patterns have and those of JavaScript do not, or mean otherwise. */
const foreign = /[*+?}]\+|\(\?>|\(\?[a-z]*(?:-[a-z]+)?[:)](?<!\(\?:)|\\[QEAGzZhHRX]|&&/

/** Why a pattern does not fit; undefined where it does. */
function whyNotPattern(regex: string, columns: number): string | undefined {
  const [found] = foreign.exec(regex) ?? []
  if (found !== undefined) return `input.regex has ${found}, which is not known here; write it in another way`
  try {
    const groups = (new RegExp(`${regex}|`).exec('')?.length ?? 1) - 1
    if (groups === columns) return undefined
    return `input.regex has ${groups} groups, and the table has ${columns} columns; give each column its group`
  } catch {
    return `input.regex cannot be read: ${shorten(regex)}`
  }
}

/** The clauses that say a layout, a line each. */
export function printRowFormat(layout: FileLayout): string[] {
  switch (layout.type) {
    case 'text':
      return [
        'ROW FORMAT DELIMITED',
        `  FIELDS TERMINATED BY ${hiveText(layout.delimiter)}${layout.escape === undefined ? '' : ` ESCAPED BY ${hiveText(layout.escape)}`}`,
        ...(layout.nullText === undefined ? [] : [`  NULL DEFINED AS ${hiveText(layout.nullText)}`]),
        'STORED AS TEXTFILE',
      ]
    case 'regex':
      return [
        "ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.RegexSerDe'",
        `WITH SERDEPROPERTIES ('input.regex' = ${hiveText(layout.regex)}${layout.ignoresCase ? ", 'input.regex.case.insensitive' = 'true'" : ''})`,
        'STORED AS TEXTFILE',
      ]
    case 'parquet':
      return ['STORED AS PARQUET']
  }
}
