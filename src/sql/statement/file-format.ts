import {
  type CsvValues,
  type FlowLogValues,
  type JsonValues,
  type ParquetValues,
  accessLogOptions,
  csvOptions,
  flowLogOptions,
  jsonOptions,
  parquetOptions,
} from './file-format-options.ts'
import { type ObjectName, printName, readName, readNameOrText } from './name.ts'
import { choice } from './option-values.ts'
import { type Given, type Option, type OptionRules, type OptionTable, printOptions, readOptions } from './options.ts'
import type { Reader } from './reader.ts'

/** How files of a stage are read: Snowflake's formats, and the log types that Millrace knows. */
export type FileFormat =
  | { readonly type: 'CSV'; readonly options: Given<CsvValues> }
  | { readonly type: 'JSON'; readonly options: Given<JsonValues> }
  | { readonly type: 'PARQUET'; readonly options: Given<ParquetValues> }
  | { readonly type: 'VPC_FLOW_LOGS' | 'TGW_FLOW_LOGS'; readonly options: Given<FlowLogValues> }
  | { readonly type: 'S3_ACCESS_LOGS' | 'WEB_ACCESS_LOGS'; readonly options: Given<object> }

/** A file format by its name, or written where it is used. */
export type FileFormatReference =
  | { readonly form: 'named'; readonly name: ObjectName }
  | { readonly form: 'inline'; readonly format: FileFormat }

const type = choice(['CSV', 'JSON', 'PARQUET', 'VPC_FLOW_LOGS', 'TGW_FLOW_LOGS', 'S3_ACCESS_LOGS', 'WEB_ACCESS_LOGS'])

/** Reads TYPE and its options in any order; without TYPE it is CSV, as in Snowflake. `clause` reads what else may stand among them. */
export function readFileFormat(reader: Reader, rules: OptionRules = {}): FileFormat {
  const found = typeAhead(reader) ?? 'CSV'
  const subject = reader.subject
  reader.subject = `${subject} with TYPE = ${found}`
  const read = <V extends object>(table: OptionTable<V>): Given<V> => readOptions(reader, table, withType(rules)).values
  const format = readOf(found, read)
  reader.subject = subject
  return format
}

function readOf(found: FileFormat['type'], read: <V extends object>(table: OptionTable<V>) => Given<V>): FileFormat {
  switch (found) {
    case 'CSV':
      return { type: found, options: read(csvOptions) }
    case 'JSON':
      return { type: found, options: read(jsonOptions) }
    case 'PARQUET':
      return { type: found, options: read(parquetOptions) }
    case 'VPC_FLOW_LOGS':
    case 'TGW_FLOW_LOGS':
      return { type: found, options: read(flowLogOptions) }
    case 'S3_ACCESS_LOGS':
    case 'WEB_ACCESS_LOGS':
      return { type: found, options: read(accessLogOptions) }
  }
}

/** The value of TYPE, wherever it stands: which options there are depends on it. */
function typeAhead(reader: Reader): FileFormat['type'] | undefined {
  let depth = 0
  for (let ahead = 0; ; ahead++) {
    const token = reader.peek(ahead)
    if (token === undefined || depth < 0) return undefined
    if (token.kind === 'symbol' && token.text === '(') depth += 1
    if (token.kind === 'symbol' && token.text === ')') depth -= 1
    if (depth !== 0 || token.kind !== 'word' || token.upper !== 'TYPE' || reader.isSymbol('=', ahead - 1)) continue
    const inner = reader.ahead(reader.isSymbol('=', ahead + 1) ? ahead + 2 : ahead + 1)
    return type.read(inner, 'TYPE', true)
  }
}

/** TYPE has been found ahead; it is passed over where it stands. */
function withType(rules: OptionRules): OptionRules {
  let isRead = false
  return {
    ...rules,
    clauses: ['TYPE', ...(rules.clauses ?? [])],
    clause: (reader) => {
      if (!reader.isWord('TYPE')) return rules.clause?.(reader) ?? false
      if (isRead) throw reader.error(reader.peek(), `${reader.subject} has TYPE twice; give it once`)
      isRead = true
      reader.takeWords('TYPE')
      type.read(reader, 'TYPE', reader.takeSymbol('='))
      return true
    },
  }
}

export function printFileFormat(format: FileFormat): string[] {
  return [`TYPE = ${format.type}`, ...printFormatOptions(format)]
}

function printFormatOptions(format: FileFormat): string[] {
  switch (format.type) {
    case 'CSV':
      return printOptions(csvOptions, format.options)
    case 'JSON':
      return printOptions(jsonOptions, format.options)
    case 'PARQUET':
      return printOptions(parquetOptions, format.options)
    case 'VPC_FLOW_LOGS':
    case 'TGW_FLOW_LOGS':
      return printOptions(flowLogOptions, format.options)
    case 'S3_ACCESS_LOGS':
    case 'WEB_ACCESS_LOGS':
      return []
  }
}

/** `FILE_FORMAT = (TYPE = …)`, `= (FORMAT_NAME = 'name')`, `= name` or `= 'name'`. */
export const fileFormat: Option<FileFormatReference> = {
  read: (reader, name) => {
    const subject = reader.subject
    reader.subject = name
    const reference = reader.takeSymbol('(') ? readBracketedFormat(reader) : readNamed(reader, name)
    reader.subject = subject
    return reference
  },
  print: (reference) =>
    reference.form === 'named'
      ? `(FORMAT_NAME = ${printName(reference.name)})`
      : `(${printFileFormat(reference.format).join(' ')})`,
}

function readNamed(reader: Reader, subject: string): FileFormatReference {
  return { form: 'named', name: readNameOrText(reader, subject) }
}

function readBracketedFormat(reader: Reader): FileFormatReference {
  const isEnd = (inner: Reader): boolean => inner.isSymbol(')')
  let reference: FileFormatReference
  if (reader.takeWords('FORMAT_NAME')) {
    reader.takeSymbol('=')
    reference = {
      form: 'named',
      name: reader.peek()?.kind === 'string' ? readNameOrText(reader, 'FORMAT_NAME') : readName(reader, 'FORMAT_NAME'),
    }
  } else reference = { form: 'inline', format: readFileFormat(reader, { isEnd, clauses: ['FORMAT_NAME'] }) }
  if (!reader.takeSymbol(')')) throw reader.unexpected(')')
  return reference
}
