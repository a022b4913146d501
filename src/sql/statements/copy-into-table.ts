import { type FileFormatReference, fileFormat } from '../statement/file-format.ts'
import { copyErrors, includeMetadata, validationMode } from '../statement/copy-values.ts'
import { type NamePart, type ObjectName, printName, printPart, readName, readPart } from '../statement/name.ts'
import { boolean, choice, integer, text, texts } from '../statement/option-values.ts'
import { type Given, type ValuesOf, optionName, optionTable, printOptions, readOptions } from '../statement/options.ts'
import { printLines } from '../statement/create.ts'
import type { Reader } from '../statement/reader.ts'
import {
  type StageLocation,
  isStageLocation,
  printStageLocation,
  readStageLocation,
} from '../statement/stage-location.ts'
import { type StagedQuery, printStagedQuery, readStagedQuery } from '../statement/staged-query.ts'

/** Snowflake's manual, COPY INTO <table>. */
export const copyIntoTableOptions = optionTable({
  files: texts(text, 1000),
  pattern: text,
  fileFormat,
  onError: copyErrors,
  sizeLimit: integer(),
  purge: boolean,
  returnFailedOnly: boolean,
  matchByColumnName: choice(['CASE_SENSITIVE', 'CASE_INSENSITIVE', 'NONE']),
  includeMetadata,
  enforceLength: boolean,
  truncatecolumns: boolean,
  force: boolean,
  loadUncertainFiles: boolean,
  validationMode,
})

type Values = ValuesOf<typeof copyIntoTableOptions>

/** Where the rows come from: objects as they are, or a SELECT over them. */
export type CopySource =
  | { readonly form: 'stage'; readonly location: StageLocation }
  | { readonly form: 'query'; readonly query: StagedQuery }

export interface CopyIntoTable {
  readonly kind: 'copy-into-table'
  readonly table: ObjectName
  /** Columns that are named behind the table; all of them when absent. */
  readonly columns?: readonly NamePart[]
  readonly from: CopySource
  readonly options: Given<Values>
}

const notWithQuery = ['validationMode', 'matchByColumnName', 'includeMetadata'] as const

/** Not in a pipe: Snowflake's manual, CREATE PIPE, usage notes. */
const notInPipe = ['files', 'sizeLimit', 'purge', 'force', 'returnFailedOnly', 'validationMode'] as const

/** Reads on behind COPY INTO. */
export function readCopyIntoTable(reader: Reader, isPipe = false): CopyIntoTable {
  reader.subject = 'COPY INTO'
  const table = readName(reader)
  const columns = reader.takeSymbol('(') ? readColumns(reader) : undefined
  reader.expectWords('FROM')
  const from: CopySource = isStageLocation(reader)
    ? { form: 'stage', location: readStageLocation(reader) }
    : { form: 'query', query: readStagedQuery(reader) }
  const { values: options, tokens } = readOptions(reader, copyIntoTableOptions)
  const refuse = (keys: readonly (keyof Values)[], where: string): void => {
    for (const key of keys)
      if (tokens.has(key)) throw reader.error(tokens.get(key), `${optionName(key)} is not for ${where}; leave it out`)
  }
  if (from.form === 'query') {
    refuse(notWithQuery, 'a COPY that selects')
    for (const key of ['fileFormat', 'pattern'] as const)
      if (from.query[key] !== undefined && tokens.has(key))
        throw reader.error(tokens.get(key), `COPY INTO has ${optionName(key)} twice; leave one out`)
  }
  if (isPipe) {
    refuse(notInPipe, 'the COPY of a pipe')
    if (options.onError?.action === 'ABORT_STATEMENT')
      throw reader.error(
        tokens.get('onError'),
        'ON_ERROR = ABORT_STATEMENT is not for the COPY of a pipe; it takes CONTINUE or SKIP_FILE',
      )
  }
  if (options.includeMetadata !== undefined && options.matchByColumnName === undefined)
    throw reader.error(tokens.get('includeMetadata'), 'INCLUDE_METADATA needs MATCH_BY_COLUMN_NAME; add it')
  return { kind: 'copy-into-table', table, ...(columns === undefined ? {} : { columns }), from, options }
}

function readColumns(reader: Reader): NamePart[] {
  const columns = [readPart(reader)]
  while (reader.takeSymbol(',')) columns.push(readPart(reader))
  if (!reader.takeSymbol(')')) throw reader.unexpected(', or )')
  return columns
}

export function printCopyIntoTable(statement: CopyIntoTable): string {
  const { table, columns, from, options } = statement
  const list = columns === undefined ? '' : `(${columns.map(printPart).join(', ')})`
  const source = from.form === 'stage' ? printStageLocation(from.location) : printStagedQuery(from.query)
  return printLines(`COPY INTO ${printName(table)}${list}`, [
    `FROM ${source}`,
    ...printOptions(copyIntoTableOptions, options),
  ])
}

/** Where the objects of a COPY lie, and what is said of them: behind the stage of a SELECT, or among the options. */
export function copySource({ from, options }: CopyIntoTable): {
  readonly location: StageLocation
  readonly fileFormat: FileFormatReference | undefined
  readonly pattern: string | undefined
} {
  const { fileFormat: format, pattern } = options
  if (from.form === 'stage') return { location: from.location, fileFormat: format, pattern }
  const { location, fileFormat: name, pattern: own } = from.query
  const named = name === undefined ? undefined : ({ form: 'named', name } as const)
  return { location, fileFormat: named ?? format, pattern: own ?? pattern }
}
