import type { ExternalDefinition, ExternalFiles } from '../sql/statement/external-files.ts'
import type { TableColumn } from '../sql/statement/columns.ts'
import type { ObjectName } from '../sql/statement/name.ts'
import { columnName } from '../log-type/flow-header.ts'
import type { Column, LogType } from '../log-type/log-type.ts'
import { linePattern } from './line-pattern.ts'

/** Logs where AWS puts them, for tables elsewhere. */
export interface LogSource {
  readonly type: LogType
  /** `s3://bucket/prefix/`: what stands before `AWSLogs/` for flow logs, and before the account for access logs; all web logs lie beneath it. */
  readonly url: string
  readonly format: 'text' | 'parquet'
  /** Field names of flow logs in the order of their lines; those of the default format where it is not said. */
  readonly fields?: readonly string[] | undefined
  /** How objects lie beneath the URL: all of them anywhere, by account, region and day, or by folders such as `year=2026`. */
  readonly layout: 'flat' | 'aws' | 'hive'
  readonly isHourly: boolean
  readonly accounts: readonly string[]
  readonly regions: readonly string[]
  /** Buckets that access logs tell of. */
  readonly buckets: readonly string[]
  /** The first day: `2026-01-01`. */
  readonly from: string
  /** Whether partitions are registered, one by one, instead of computed. */
  readonly isRegistered?: boolean
}

/** A name that needs no quotes in most places. */
function part(text: string): ObjectName[number] {
  return { text, quoted: !/^[a-z_][a-z0-9_]*$/.test(text) }
}

/** The columns of the files, in their order. */
export function rawColumns({ type, fields, format }: Pick<LogSource, 'type' | 'fields' | 'format'>): readonly Column[] {
  const own = type.columns.filter((column) => column.decodedFrom === undefined)
  if (type.text.kernel !== 'fields') return own
  const names = fields ?? (format === 'parquet' ? own.map(({ name }) => name) : type.text.defaultFields)
  return names.map((field): Column => {
    const name = columnName(field)
    return own.find((column) => column.name === name) ?? { name, kind: 'text', doc: '' }
  })
}

/** Numbers that files hold as numbers; all else is read as text, and made into what it is by the view. */
function rawType({ kind }: Column): string {
  if (kind === 'integer') return 'INT'
  return kind === 'bigint' || kind === 'epoch' ? 'BIGINT' : 'STRING'
}

interface Partitioning {
  readonly columns: readonly string[]
  readonly template: string
  readonly properties: Readonly<Record<string, string>>
}

/** The columns that partitions of a source have, and how their values are computed; undefined where all files are one table. */
function partitioningOf(source: LogSource, today: Date): Partitioning | undefined {
  const { layout, isHourly, accounts, regions, buckets, url, type, from } = source
  if (layout === 'flat') return undefined
  const words = (name: string, values: readonly string[]): Record<string, string> => ({
    [`projection.${name}.type`]: 'enum',
    [`projection.${name}.values`]: values.join(','),
  })
  const numbers = (name: string, range: string, digits: number): Record<string, string> => ({
    [`projection.${name}.type`]: 'integer',
    [`projection.${name}.range`]: range,
    [`projection.${name}.digits`]: String(digits),
  })
  const places = { ...words('path_account_id', accounts), ...words('path_region', regions) }
  const hours = isHourly ? numbers('hour', '0,23', 2) : {}
  const hour = isHourly ? ['hour'] : []
  const isAccess = type.text.kernel === 's3-access'
  if (layout === 'hive') {
    const years = numbers('year', `${from.slice(0, 4)},${lastYear(today)}`, 4)
    return {
      columns: ['path_account_id', 'path_region', 'year', 'month', 'day', ...hour],
      properties: { ...places, ...years, ...numbers('month', '1,12', 2), ...numbers('day', '1,31', 2), ...hours },
      template: `${url}AWSLogs/aws-account-id=\${path_account_id}/aws-service=vpcflowlogs/aws-region=\${path_region}/year=\${year}/month=\${month}/day=\${day}/${isHourly ? 'hour=${hour}/' : ''}`,
    }
  }
  const days = {
    'projection.day.type': 'date',
    'projection.day.format': 'yyyy/MM/dd',
    'projection.day.range': `${from.replaceAll('-', '/')},NOW`,
    'projection.day.interval': '1',
    'projection.day.interval.unit': 'DAYS',
  }
  if (isAccess)
    return {
      columns: ['path_account_id', 'path_region', 'source_bucket', 'day'],
      properties: { ...places, ...words('source_bucket', buckets), ...days },
      template: `${url}\${path_account_id}/\${path_region}/\${source_bucket}/\${day}/`,
    }
  return {
    columns: ['path_account_id', 'path_region', 'day', ...hour],
    properties: { ...places, ...days, ...hours },
    template: `${url}AWSLogs/\${path_account_id}/vpcflowlogs/\${path_region}/\${day}/${isHourly ? '${hour}/' : ''}`,
  }
}

const dayMs = 86_400_000
const yearsAhead = 5

/**
 * Years are numbers, and a range of numbers has an end: that of a decade, so that the table stays as it is for years, and years away, so that it grows long before
 * it is needed. Athena finds no more than a million partitions for a query, and a year of hours is 8928 for each account and region.
 */
function lastYear(today: Date): number {
  return Math.floor((today.getUTCFullYear() + yearsAhead) / 10) * 10 + 9
}

/** How many partitions a query without a condition on them has, where they are computed. */
export function computedPartitions(source: LogSource, today: Date): number {
  const { layout, isHourly, isRegistered, accounts, regions, buckets, from, type } = source
  if (layout === 'flat' || isRegistered === true) return 0
  const hiveDays = (lastYear(today) - Number(from.slice(0, 4)) + 1) * 12 * 31
  const days = layout === 'hive' ? hiveDays : Math.floor((today.getTime() - Date.parse(from)) / dayMs) + 1
  const perDay = (isHourly ? 24 : 1) * (type.text.kernel === 's3-access' ? buckets.length : 1)
  return accounts.length * regions.length * Math.max(days, 0) * perDay
}

/** What a raw table is called. */
export function rawName({ table }: LogType): string {
  return `${table}_raw`
}

/** The external table over the files as they are. */
export function rawTable(source: LogSource, today = new Date()): ExternalDefinition {
  const { type, url, format } = source
  const column = (one: Column): TableColumn => ({ name: part(one.name), type: rawType(one), notNull: false })
  const partitioning = partitioningOf(source, today)
  const external: ExternalFiles = {
    partitionedBy: (partitioning?.columns ?? []).map((name) => ({ name: part(name), type: 'STRING', notNull: false })),
    layout:
      format === 'parquet'
        ? { type: 'parquet' }
        : type.text.kernel === 'fields'
          ? { type: 'text', delimiter: ' ' }
          : { type: 'regex', regex: linePattern(type.text), ignoresCase: false },
    location: url,
    properties: {
      ...(format === 'text' && type.text.kernel === 'fields' ? { 'skip.header.line.count': '1' } : {}),
      ...(partitioning === undefined || source.isRegistered === true
        ? {}
        : {
            'projection.enabled': 'true',
            ...partitioning.properties,
            'storage.location.template': partitioning.template,
          }),
    },
  }
  return {
    name: [part(rawName(type))],
    ifNotExists: true,
    columns: rawColumns(source).map(column),
    options: { comment: `${type.title} as AWS writes them; made by Millrace.` },
    external,
  }
}

/** A partition that is to be registered. */
export interface RawPartition {
  /** In the order of the table's columns. */
  readonly values: readonly string[]
  readonly location: string
}

/** The partitions of a source up to a day; none where they are computed, or there are none. */
export function rawPartitions(source: LogSource, today: Date): RawPartition[] {
  const partitioning = partitioningOf(source, today)
  if (partitioning === undefined || source.isRegistered !== true) return []
  const { columns, template } = partitioning
  const choices: Record<string, readonly string[]> = {
    path_account_id: source.accounts,
    path_region: source.regions,
    source_bucket: source.buckets,
    hour: Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0')),
  }
  const partitions: RawPartition[] = []
  for (let ms = Date.parse(source.from); ms <= today.getTime(); ms += dayMs) {
    const [year = '', month = '', day = ''] = new Date(ms).toISOString().slice(0, 10).split('-')
    const isHive = columns.includes('year')
    const own = { ...choices, year: [year], month: [month], day: [isHive ? day : `${year}/${month}/${day}`] }
    let rows: (readonly string[])[] = [[]]
    for (const column of columns)
      rows = rows.flatMap((row) =>
        (Object.entries(own).find(([name]) => name === column)?.[1] ?? []).map((value) => [...row, value]),
      )
    for (const values of rows)
      partitions.push({
        values,
        location: template.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => values[columns.indexOf(name)] ?? ''),
      })
  }
  return partitions
}
