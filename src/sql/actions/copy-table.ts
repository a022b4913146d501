import type { CatalogObject } from '../../catalog/objects.ts'
import type { CopyTarget } from '../../loading/copy-target.ts'
import { readFormat } from '../../loading/field-plan.ts'
import type { LogType } from '../../log-type/log-type.ts'
import { logTypes } from '../../log-type/registry.ts'
import { missing } from '../execution/alter.ts'
import { failed } from '../execution/failure.ts'
import { fold, keyOf, shownName } from '../execution/names.ts'
import { find } from '../execution/plan.ts'
import { columnsOf, userTableOf } from '../execution/user-table.ts'
import type { FileFormat, FileFormatReference } from '../statement/file-format.ts'
import { printName } from '../statement/name.ts'
import type { CopyIntoTable } from '../statements/copy-into-table.ts'
import type { ActionContext } from './action.ts'
import { formatReading } from './copy-format.ts'
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
  stage: Pick<StageTarget, 'definition' | 'object'>,
  context: Pick<ActionContext, 'objects' | 'session' | 'dialect'>,
): Promise<CopyReading> {
  const format = formatOf(statement.options.fileFormat, stage, context)
  const type = builtIn(statement)
  if (type !== undefined) return { type, name: type.table, ...logReading(type, format) }
  const key = keyOf('TABLE', 'schema', statement.table, context.session)
  const object = find(context.objects, key)
  if (object === undefined) throw missing(key)
  const into = await targetOf(statement, object, format)
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
  { columns: listed, options }: CopyIntoTable,
  object: CatalogObject,
  fileFormat: FileFormat,
): Promise<CopyTarget> {
  const name = shownName(object)
  const reading = formatReading(fileFormat)
  if (reading === undefined)
    throw failed(
      fileFormat.type === 'CSV'
        ? `${name} is loaded from Parquet and JSON, and this says TYPE = CSV, which this version does not load into tables of scripts; logs.vpc_flow_logs and the other tables in LOGS read text`
        : `a table of a script is not loaded with TYPE = ${fileFormat.type}; COPY INTO logs.${fileFormat.type.toLowerCase()} reads such files`,
    )
  const all = await columnsOf(object, 'snowflake')
  const names = listed?.map((part) => (part.quoted ? part.text : part.text.toLowerCase()))
  const unknown = names?.find((one) => !all.some((column) => column.name.toLowerCase() === one.toLowerCase()))
  if (unknown !== undefined)
    throw failed(`table ${name} has no column ${unknown}; DESC TABLE ${name} lists those it has`)
  const columns =
    names === undefined
      ? all
      : all.filter((column) => names.some((one) => one.toLowerCase() === column.name.toLowerCase()))
  const by = options.matchByColumnName ?? 'NONE'
  const variants = columns.filter((column) => column.type === undefined)
  if (by === 'NONE' && (columns.length !== 1 || variants.length !== 1))
    throw failed(
      `${reading.format.type} files go into one column of type VARIANT, and table ${name} has ${all.map((column) => column.name).join(', ')}; add MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE`,
    )
  if (by !== 'NONE' && variants.length > 0)
    throw failed(
      `MATCH_BY_COLUMN_NAME fills no column of type VARIANT (${variants.map((column) => column.name).join(', ')}); leave it out to load whole records, or name other columns behind the table`,
    )
  return {
    ...reading,
    table: userTableOf(object),
    columns: all,
    filled: columns.map((column) => column.name),
    match: by === 'NONE' ? 'record' : by === 'CASE_SENSITIVE' ? 'case-sensitive' : 'case-insensitive',
  }
}
