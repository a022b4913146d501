import type { Column, LogType } from '../log-type/log-type.ts'
import { trinoName } from '../sql/external/trino-table.ts'
import { quotedColumns } from './line-pattern.ts'
import { type LogSource, rawColumns, rawName, rawTable } from './log-source.ts'
import { toTrino } from './trino-sql.ts'

/** A view, as a query of Trino's. */
export interface PortableView {
  readonly name: string
  readonly sql: string
}

/** Athena's views take moments in milliseconds alone. */
const types = {
  text: 'varchar',
  tag: 'varchar',
  address: 'varchar',
  enum: 'varchar',
  uri: 'varchar',
  integer: 'integer',
  bigint: 'bigint',
  epoch: 'timestamp(3)',
  'clf-time': 'timestamp(3)',
} as const satisfies Record<Column['kind'], string>

/** Decodes `%20`; a plus sign stands for itself. */
const decoded = (text: string): string => `try(url_decode(replace(${text}, '+', '%2B')))`

/** A key is encoded once or twice; one that cannot be decoded stays as it is. */
const decodedKey = (text: string): string => `COALESCE(${decoded(decoded(text))}, ${decoded(text)}, ${text})`

/** The value of a column as the lake's own view has it, from what the raw table has. */
function valueOf({ kind }: Column, raw: string, isQuoted: boolean): string {
  const text = isQuoted ? `NULLIF(NULLIF(regexp_replace(${raw}, '^"(.*)"$', '$1'), '-'), '')` : `NULLIF(${raw}, '-')`
  switch (kind) {
    case 'integer':
    case 'bigint':
      return raw
    case 'epoch':
      return `date_add('second', ${raw}, TIMESTAMP '1970-01-01 00:00:00.000')`
    case 'clf-time':
      return `CAST(try(parse_datetime(${raw}, 'dd/MMM/yyyy:HH:mm:ss Z')) AT TIME ZONE 'UTC' AS timestamp(3))`
    case 'tag':
      return `COALESCE(${decoded(text)}, ${text})`
    case 'text':
    case 'address':
    case 'enum':
    case 'uri':
      return text
  }
}

/** Where a path names the account and the region, with or without `vpcflowlogs` between them. */
const pathPattern = '/([0-9]{12})/(?:vpcflowlogs/)?([a-z]{2}(?:-[a-z]+)+-[0-9])/'
const inPath = { path_account_id: 1, path_region: 2 } as const

/** The views of a log type: the one of its own name with the columns and types that the lake's has, then those that are made from it. */
export async function logViews(source: LogSource): Promise<PortableView[]> {
  const { type, layout } = source
  const there = new Set(rawColumns(source).map(({ name }) => name))
  const quoted = quotedColumns(type)
  const columns = type.columns.map((column) => {
    const { name, kind, decodedFrom } = column
    const raw = trinoName(decodedFrom ?? name)
    if (!there.has(decodedFrom ?? name)) return `CAST(NULL AS ${types[kind]}) AS ${trinoName(name)}`
    const value = valueOf(column, raw, quoted.has(name))
    return `${decodedFrom === undefined ? value : decodedKey(value)} AS ${trinoName(name)}`
  })
  const table = rawTable(source)
  const partitions = table.external.partitionedBy.map(({ name }) => name.text)
  const places = Object.entries(inPath).map(([name, group]) =>
    layout === 'flat' ? `regexp_extract("$path", '${pathPattern}', ${group}) AS ${name}` : name,
  )
  // For conditions that keep Athena from reading what is not asked for.
  const others = partitions.filter((name) => name !== 'path_account_id' && name !== 'path_region')
  const shown = [...columns, ...places, ...others.map((name) => `${name} AS partition_${name}`)]
  // A line that the pattern does not match is a row without a value.
  const [first] = table.columns
  const matched =
    table.external.layout.type === 'regex' && first !== undefined
      ? `\nWHERE ${trinoName(first.name.text)} IS NOT NULL`
      : ''
  const records = `SELECT\n  ${shown.join(',\n  ')}\nFROM ${rawName(type)}${matched}`
  const own = { name: type.table, sql: await withDerived(type, records) }
  return [own, ...(await madeViews(type))]
}

/** The records with the columns that are computed of others. */
async function withDerived({ derived = [] }: LogType, records: string): Promise<string> {
  if (derived.length === 0) return records
  const columns = derived.map(({ name, sql }) => `${sql} as ${name}`).join(', ')
  return `WITH records AS (\n${records}\n)\n${await toTrino(`select *, ${columns} from records`)}`
}

/** The views of a log type that are made from the one of its own name. */
export async function madeViews({ views = [] }: LogType): Promise<PortableView[]> {
  return Promise.all(views.map(async ({ name, sql }) => ({ name, sql: await toTrino(sql) })))
}
