import type { CatalogObject } from '../../catalog/objects.ts'
import type { UserColumn } from '../../catalog/user-tables.ts'
import type { CopyFormat, CopyTarget, MetadataColumn } from '../../loading/copy-target.ts'
import { readFormat } from '../../loading/field-plan.ts'
import type { LogType } from '../../log-type/log-type.ts'
import { logTypes } from '../../log-type/registry.ts'
import { canonicalUrl } from '../../stages/canonical.ts'
import { missing } from '../execution/alter.ts'
import { refuseExternal } from '../external/external-table.ts'
import { failed } from '../execution/failure.ts'
import { fold, keyOf, shownName } from '../execution/names.ts'
import { find } from '../execution/plan.ts'
import { columnsOf, userTableOf } from '../execution/user-table.ts'
import type { FileFormat, FileFormatReference } from '../statement/file-format.ts'
import { type NamePart, printName } from '../statement/name.ts'
import { type CopyIntoTable, copySource } from '../statements/copy-into-table.ts'
import type { ActionContext } from './action.ts'
import { formatReading } from './copy-format.ts'
import { planSelect } from './copy-select.ts'
import { patternRoot } from './pattern.ts'
import type { StageTarget } from './stage-access.ts'

/** What a COPY fills, and how it reads. */
export interface CopyReading {
  readonly type?: LogType
  readonly format?: readonly string[]
  readonly into?: CopyTarget
  /** As history names the table. */
  readonly name: string
}

type Named = Pick<ActionContext, 'objects' | 'session'>

/** The table and format of a COPY, from the catalog. Throws where they do not go together. */
export async function copyReading(
  statement: CopyIntoTable,
  stage: Pick<StageTarget, 'definition' | 'object' | 'url'>,
  context: Pick<ActionContext, 'objects' | 'session' | 'dialect'>,
): Promise<CopyReading> {
  const format = formatOf(copySource(statement).fileFormat, stage, context)
  const type = builtIn(statement)
  if (type !== undefined) {
    if (statement.from.form === 'query')
      throw failed(`logs.${type.table} is filled by what its log type reads; name the stage without a SELECT`)
    if (statement.options.includeMetadata !== undefined)
      throw failed(`INCLUDE_METADATA is for tables of scripts, and logs.${type.table} is none; leave it out`)
    return { type, name: type.table, ...logReading(type, format) }
  }
  const key = keyOf('TABLE', 'schema', statement.table, context.session)
  const object = find(context.objects, key)
  if (object === undefined) throw missing(key)
  refuseExternal(object)
  const into = await targetOf(statement, object, format, canonicalUrl(patternRoot(stage.url)))
  return { into, name: `${into.table.schema}.${into.table.name}` }
}

/** COPY INTO logs.vpc_flow_logs: the tables of log types. */
function builtIn({ table }: CopyIntoTable): LogType | undefined {
  const [name = '', schema] = table.map(fold).toReversed()
  if (schema !== 'LOGS') return undefined
  const type = logTypes.find((one) => one.table === name.toLowerCase())
  if (type !== undefined) return type
  throw failed(
    `${printName(table)} is no table to load; in schema LOGS there are ${logTypes.map((one) => one.table).join(', ')}`,
  )
}

function logReading(type: LogType, format: FileFormat): { readonly format?: readonly string[] } {
  const own = type.table.toUpperCase()
  if (format.type === 'PARQUET' || format.type === 'JSON') return {}
  if (format.type !== own)
    throw failed(
      `logs.${type.table} is read with FILE_FORMAT = (TYPE = ${own}), and this says TYPE = ${format.type}; its files may be text, gzip, zstd, JSON or Parquet`,
    )
  const { logFormat } = 'logFormat' in format.options ? format.options : { logFormat: undefined }
  return logFormat === undefined ? {} : { format: readFormat(logFormat) }
}

/** A format by its name, or as it is said; a COPY's before the stage's. */
function formatOf(
  said: FileFormatReference | undefined,
  stage: Pick<StageTarget, 'definition' | 'object'>,
  context: Named,
): FileFormat {
  const ofStage = stage.definition.options.fileFormat
  const reference = said ?? ofStage
  if (reference === undefined) return { type: 'CSV', options: {} }
  if (reference.form === 'inline') return reference.format
  const { database, schema } = stage.object
  const session = said === undefined ? { ...context.session, database, schema } : context.session
  const key = keyOf('FILE FORMAT', 'schema', reference.name, session)
  const object = find(context.objects, key)
  if (object?.definition.kind !== 'create-file-format') throw missing(key)
  return object.definition.format
}

async function targetOf(
  { columns: listed, options, from }: CopyIntoTable,
  object: CatalogObject,
  fileFormat: FileFormat,
  root: string,
): Promise<CopyTarget> {
  const name = shownName(object)
  const reading = formatReading(fileFormat)
  if (reading === undefined)
    throw failed(
      `a table of a script is not loaded with TYPE = ${fileFormat.type}; COPY INTO logs.${fileFormat.type.toLowerCase()} reads such files`,
    )
  const all = await columnsOf(object, 'snowflake')
  const metadata = metadataOf(options, all, name)
  const columns = (listed === undefined ? all : listed.map((part) => listedColumn(part, all, name))).filter((column) =>
    metadata.every((one) => one.column !== column.name),
  )
  const common = { ...reading, table: userTableOf(object), columns: all, root, truncates: truncates(options) }
  const filled = columns.map((column) => column.name)
  if (from.form === 'query')
    return {
      ...common,
      format: { ...reading.format, ...(reading.format.type === 'CSV' ? { checksCount: false } : {}) },
      filled,
      match: reading.format.type === 'CSV' ? 'position' : 'record',
      metadata: [],
      select: await planSelect(from.query, columns, reading.format, name),
    }
  const by = options.matchByColumnName ?? 'NONE'
  const match = by === 'NONE' ? unnamed(reading.format, columns, name) : named(by, reading.format, columns, name)
  return { ...common, filled, match, metadata }
}

const metadataNames = {
  METADATA$FILENAME: 'filename',
  METADATA$FILE_ROW_NUMBER: 'row-number',
  METADATA$FILE_CONTENT_KEY: 'content-key',
  METADATA$FILE_LAST_MODIFIED: 'last-modified',
  METADATA$START_SCAN_TIME: 'start-scan-time',
} as const

/** Where INCLUDE_METADATA puts what is known of a file; a file's column of that name is not loaded. */
function metadataOf(
  { includeMetadata = [], matchByColumnName }: CopyIntoTable['options'],
  all: readonly UserColumn[],
  table: string,
): MetadataColumn[] {
  if (includeMetadata.length > 0 && matchByColumnName === 'NONE')
    throw failed('INCLUDE_METADATA is for MATCH_BY_COLUMN_NAME = CASE_SENSITIVE or CASE_INSENSITIVE; say one of these')
  return includeMetadata.map((one) => {
    const column = listedColumn(one.column, all, table)
    if (column.type === undefined)
      throw failed(`INCLUDE_METADATA fills no column of type VARIANT, and ${column.name} is one; name another`)
    return { column: column.name, metadata: metadataNames[one.metadata] }
  })
}

/** TRUNCATECOLUMNS and ENFORCE_LENGTH say the same the other way round. */
function truncates({ truncatecolumns, enforceLength }: CopyIntoTable['options']): boolean {
  if (truncatecolumns !== undefined && truncatecolumns === enforceLength)
    throw failed('TRUNCATECOLUMNS and ENFORCE_LENGTH contradict each other; leave one out')
  return truncatecolumns ?? enforceLength === false
}

function listedColumn(part: NamePart, all: readonly UserColumn[], table: string): UserColumn {
  const name = part.quoted ? part.text : part.text.toLowerCase()
  const column = all.find((one) => one.name.toLowerCase() === name.toLowerCase())
  if (column === undefined) throw failed(`table ${table} has no column ${name}; DESC TABLE ${table} lists those it has`)
  return column
}

/** Whole records into the one column of type VARIANT, or the fields of CSV by their places. */
function unnamed(format: CopyFormat, columns: readonly UserColumn[], table: string): CopyTarget['match'] {
  const names = columns.map((column) => column.name).join(', ')
  if (format.type !== 'CSV') {
    const [only] = columns
    if (columns.length === 1 && only?.type === undefined) return 'record'
    throw failed(
      `${format.type} files go into one column of type VARIANT, and table ${table} has ${names}; add MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE`,
    )
  }
  refuseVariants(columns, table)
  if (format.parsesHeader)
    throw failed('PARSE_HEADER = TRUE is for MATCH_BY_COLUMN_NAME; add that, or say SKIP_HEADER = 1')
  return 'position'
}

function refuseVariants(columns: readonly UserColumn[], table: string): void {
  const variant = columns.find((column) => column.type === undefined)
  if (variant !== undefined)
    throw failed(
      `TYPE = CSV fills no column of type VARIANT, and ${variant.name} of table ${table} is one; name the FILE_FORMAT of JSON or Parquet files, or the other columns behind the table`,
    )
}

function named(
  by: 'CASE_SENSITIVE' | 'CASE_INSENSITIVE',
  format: CopyFormat,
  columns: readonly UserColumn[],
  table: string,
): CopyTarget['match'] {
  if (format.type === 'CSV') {
    if (!format.parsesHeader)
      throw failed(
        'MATCH_BY_COLUMN_NAME of CSV needs the names of a header; add PARSE_HEADER = TRUE to its FILE_FORMAT',
      )
    refuseVariants(columns, table)
  }
  return by === 'CASE_SENSITIVE' ? 'case-sensitive' : 'case-insensitive'
}
