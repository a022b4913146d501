import { identifier, literal } from '../engines/duckdb.ts'
import { columnName } from '../log-type/flow-header.ts'
import type { Column, LogType } from '../log-type/log-type.ts'

/** Where a column's value comes from in records that the engine takes apart: SQL that gives text, and whether the file held a number. */
export interface Source {
  readonly sql: string
  readonly isNumber: boolean
  /** SQL that gives the value as it is, where the file holds integers: to read them from text takes ten times as long. */
  readonly integer?: string
}

/** SQL over records of JSON or Parquet: typed columns, and why a record is a reject (NULL when it is a row). */
export interface RecordReading {
  /** Text of each column, for an inner select: the others name it many times over. */
  readonly texts: readonly { readonly name: string; readonly sql: string }[]
  readonly columns: readonly { readonly name: string; readonly sql: string }[]
  readonly reason: string
}

const secretNames =
  'x-amz-signature|x-amz-security-token|signature|awsaccesskeyid|token|access_token|id_token|refresh_token|client_secret|sig|x-goog-signature|password|secret|api_key|apikey'

/** Redaction of secrets as docs/PARSING.md has it. */
export function redacted(sql: string): string {
  return `regexp_replace(${sql}, '(?i)(^|[?&;#" ])(${secretNames})=[^& "]+', '\\1\\2=REDACTED', 'g')`
}

function reasonOf(code: string, column: string, sentence: string): string {
  return literal(`${code} ${column}: ${sentence}`)
}

/** A column's text, NULL where it stands for nothing. */
function textOf(column: Column, source: Source): string {
  const padded =
    source.isNumber && column.kind === 'text' && column.name.endsWith('account_id')
      ? `lpad(${source.sql}, 12, '0')`
      : source.sql
  if (['text', 'tag', 'uri'].includes(column.kind)) return `nullif(nullif(${padded}, '-'), '')`
  // Other tools write what is absent as the word their language has for it.
  return `case when lower(${padded}) not in ('-', '', 'none', 'null', 'nan') then ${padded} end`
}

/** How text of one column becomes its type; `bad` is SQL that is true when it cannot. */
function typed(
  column: Column,
  text: string,
  integer: string | undefined,
  redact: boolean,
): { readonly sql: string; readonly bad?: string; readonly reason?: string } {
  // The engine's cast alone would round fractions.
  const number =
    integer === undefined
      ? `try_cast(case when regexp_full_match(${text}, '-?[0-9]+([.]0+)?') then split_part(${text}, '.', 1) end as bigint)`
      : `try_cast(${integer} as bigint)`
  const given = integer ?? text
  switch (column.kind) {
    case 'integer': {
      return {
        sql: `try_cast(${number} as integer)`,
        bad: `${given} is not null and (${number} is null or ${number} not between 0 and 2147483647)`,
        reason: reasonOf('NOT_INTEGER', column.name, 'not an integer in range'),
      }
    }
    case 'bigint': {
      return {
        sql: number,
        bad: `${given} is not null and (${number} is null or ${number} < 0)`,
        reason: reasonOf('NOT_INTEGER', column.name, 'not an integer in range'),
      }
    }
    case 'epoch': {
      const time = `case when ${number} between 0 and 253402300799 then make_timestamp(${number} * 1000000) ${integer === undefined ? `when ${number} is null then try_cast(${text} as timestamp)` : ''} end`
      return {
        sql: time,
        bad: `${given} is not null and (${time}) is null`,
        reason: reasonOf('NOT_TIME', column.name, 'not a time'),
      }
    }
    case 'clf-time': {
      const time = `coalesce(try_strptime(${text}, '[%d/%b/%Y:%H:%M:%S %z]'), try_strptime(${text}, '%d/%b/%Y:%H:%M:%S %z'), try_cast(${text} as timestamptz)) at time zone 'UTC'`
      return {
        sql: time,
        bad: `${text} is not null and (${time}) is null`,
        reason: reasonOf('NOT_TIME', column.name, 'not a time'),
      }
    }
    case 'address': {
      return {
        sql: `logs.canonical_address(${text})`,
        bad: `${text} is not null and not (logs.is_ipv4(${text}) or logs.is_ipv6(${text}))`,
        reason: reasonOf('NOT_ADDRESS', column.name, 'not an IPv4 or IPv6 address'),
      }
    }
    case 'enum': {
      // AWS's JSON form gives aclRequired as a boolean where the text form has Yes or a dash.
      const word =
        column.values?.length === 1 && column.values[0] === 'Yes'
          ? `case lower(${text}) when 'true' then 'Yes' when 'false' then null else ${text} end`
          : text
      return {
        sql: word,
        bad: `length(${text}) > 64`,
        reason: reasonOf('NOT_ENUM', column.name, 'not a word of a small set'),
      }
    }
    case 'tag': {
      return { sql: `url_decode(replace(${text}, '+', '%2B'))` }
    }
    case 'uri': {
      return { sql: redact ? redacted(text) : text }
    }
    case 'text': {
      return { sql: text }
    }
    default: {
      return column.kind satisfies never
    }
  }
}

/** Puts the columns of a log type together from the sources a file has; columns without a source are left out. */
export function planReading(type: LogType, sources: ReadonlyMap<string, Source>, redact: boolean): RecordReading {
  const texts: { name: string; sql: string }[] = []
  const columns: { name: string; sql: string }[] = []
  const faults: string[] = []
  for (const column of type.columns) {
    const source = sources.get(column.name) ?? decoded(column, sources)
    if (source === undefined) continue
    const name = `text of ${column.name}`
    texts.push({ name, sql: textOf(column, source) })
    const { sql, bad, reason } = typed(column, identifier(name), source.integer, redact)
    columns.push({ name: column.name, sql })
    if (bad !== undefined && reason !== undefined) faults.push(`when ${bad} then ${reason}`)
  }
  return { texts, columns, reason: faults.length === 0 ? 'null::varchar' : `case ${faults.join(' ')} end` }
}

/** The percent-decoded text of another column, where it differs. */
function decoded(column: Column, sources: ReadonlyMap<string, Source>): Source | undefined {
  const origin = column.decodedFrom === undefined ? undefined : sources.get(column.decodedFrom)
  if (origin === undefined) return undefined
  const once = `url_decode(replace(${origin.sql}, '+', '%2B'))`
  return { sql: `nullif(url_decode(replace(${once}, '+', '%2B')), ${origin.sql})`, isNumber: false }
}

const namesOf = (column: Column): readonly string[] => [column.name, ...(column.aliases ?? [])]

/** Sources in a JSON record that stands as a struct in `record`, and the struct's type for `from_json`. */
export function jsonSources(type: LogType): {
  readonly sources: ReadonlyMap<string, Source>
  readonly structure: string
  readonly known: readonly string[]
} {
  const columns = type.columns.filter((column) => column.decodedFrom === undefined)
  const known = [...new Set(columns.flatMap(namesOf))]
  const sources = new Map(
    columns.map((column) => {
      const candidates = namesOf(column).map((name) => `record.${identifier(name)}`)
      return [
        column.name,
        {
          sql: candidates.length === 1 ? String(candidates[0]) : `coalesce(${candidates.join(', ')})`,
          isNumber: false,
        },
      ] as const
    }),
  )
  return { sources, structure: JSON.stringify(Object.fromEntries(known.map((name) => [name, 'VARCHAR']))), known }
}

/** A column of a Parquet file as the engine describes it. */
export interface ParquetColumn {
  readonly name: string
  readonly type: string
}

/** Sources in a Parquet file, whatever the case and hyphens of its names, and the columns that the type does not know. */
export function parquetSources(
  type: LogType,
  columns: readonly ParquetColumn[],
): { readonly sources: ReadonlyMap<string, Source>; readonly unknown: readonly ParquetColumn[] } {
  const sources = new Map<string, Source>()
  const unknown: ParquetColumn[] = []
  for (const column of columns) {
    const target = type.columns.find((candidate) =>
      namesOf(candidate).some((name) => columnName(name) === columnName(column.name)),
    )
    if (target === undefined || sources.has(target.name)) unknown.push(column)
    else sources.set(target.name, parquetSource(column))
  }
  return { sources, unknown }
}

/** Whole numbers that another tool wrote as floating point are shown by the engine with an exponent when they are large. */
function parquetSource({ name, type }: ParquetColumn): Source {
  const value = identifier(name)
  const text = `cast(${value} as varchar)`
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(type)) return { sql: text, isNumber: true, integer: value }
  if (!/DOUBLE|FLOAT/.test(type)) return { sql: text, isNumber: type.startsWith('DECIMAL') }
  const whole = `case when ${value} = trunc(${value}) and abs(${value}) < 9223372036854775807 then cast(cast(${value} as bigint) as varchar) else ${text} end`
  return { sql: whole, isNumber: true }
}
