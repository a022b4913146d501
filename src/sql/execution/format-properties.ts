import type { Value } from '../../api.ts'
import type { FileFormat } from '../statement/file-format.ts'
import { optionName } from '../statement/options.ts'

type Property = readonly [key: string, type: 'String' | 'Integer' | 'Boolean' | 'List', byDefault: string]

const times: readonly Property[] = [
  ['dateFormat', 'String', 'AUTO'],
  ['timeFormat', 'String', 'AUTO'],
  ['timestampFormat', 'String', 'AUTO'],
  ['binaryFormat', 'String', 'HEX'],
]

const nullIf: Property = ['nullIf', 'List', String.raw`[\N]`]

const flowLogs: readonly Property[] = [['logFormat', 'String', '']]

/** What there is to say of each type, with what holds where nothing is said: Snowflake's manual, CREATE FILE FORMAT. */
const properties: Readonly<Record<FileFormat['type'], readonly Property[]>> = {
  CSV: [
    ['recordDelimiter', 'String', '\n'],
    ['fieldDelimiter', 'String', ','],
    ['fileExtension', 'String', ''],
    ['skipHeader', 'Integer', '0'],
    ['parseHeader', 'Boolean', 'false'],
    ...times,
    ['escape', 'String', 'NONE'],
    ['escapeUnenclosedField', 'String', '\\'],
    ['trimSpace', 'Boolean', 'false'],
    ['fieldOptionallyEnclosedBy', 'String', 'NONE'],
    nullIf,
    ['compression', 'String', 'AUTO'],
    ['errorOnColumnCountMismatch', 'Boolean', 'true'],
    ['validateUtf8', 'Boolean', 'true'],
    ['skipBlankLines', 'Boolean', 'false'],
    ['replaceInvalidCharacters', 'Boolean', 'false'],
    ['emptyFieldAsNull', 'Boolean', 'true'],
    ['skipByteOrderMark', 'Boolean', 'true'],
    ['encoding', 'String', 'UTF8'],
    ['multiLine', 'Boolean', 'true'],
  ],
  JSON: [
    ['fileExtension', 'String', ''],
    ...times,
    ['trimSpace', 'Boolean', 'false'],
    ['multiLine', 'Boolean', 'true'],
    ['nullIf', 'List', '[]'],
    ['compression', 'String', 'AUTO'],
    ['enableOctal', 'Boolean', 'false'],
    ['allowDuplicate', 'Boolean', 'false'],
    ['stripOuterArray', 'Boolean', 'false'],
    ['stripNullValues', 'Boolean', 'false'],
    ['ignoreUtf8Errors', 'Boolean', 'false'],
    ['replaceInvalidCharacters', 'Boolean', 'false'],
    ['skipByteOrderMark', 'Boolean', 'true'],
  ],
  PARQUET: [
    ['trimSpace', 'Boolean', 'false'],
    nullIf,
    ['compression', 'String', 'AUTO'],
    ['snappyCompression', 'Boolean', 'true'],
    ['binaryAsText', 'Boolean', 'true'],
    ['useLogicalType', 'Boolean', 'false'],
    ['useVectorizedScanner', 'Boolean', 'false'],
    ['replaceInvalidCharacters', 'Boolean', 'false'],
  ],
  VPC_FLOW_LOGS: flowLogs,
  TGW_FLOW_LOGS: flowLogs,
  S3_ACCESS_LOGS: [],
  WEB_ACCESS_LOGS: [],
}

/** Rows of DESC: property, its type, its value, its default. */
export function formatRows(format: FileFormat): (readonly Value[])[] {
  const rows = properties[format.type].map(([key, type, byDefault]) => {
    const given: unknown = Reflect.get(format.options, key)
    return [optionName(key), type, given === undefined ? byDefault : shown(given), byDefault]
  })
  return [['TYPE', 'String', format.type, 'CSV'], ...rows]
}

/** What is not as it is by default, as JSON: the column `format_options` of SHOW. */
export function formatOptions(format: FileFormat): string {
  const given = Object.entries(format.options).map(([key, value]): [string, unknown] => [optionName(key), value])
  return JSON.stringify({ TYPE: format.type, ...Object.fromEntries(given) })
}

function shown(value: unknown): string {
  if (value === null) return 'NONE'
  if (Array.isArray(value)) return `[${value.join(', ')}]`
  return typeof value === 'string' ? value : JSON.stringify(value)
}
