import type { UserColumn } from '../../catalog/user-tables.ts'
import { literal } from '../../engines/duckdb.ts'
import type { Dialect } from '../dialects.ts'
import { failed } from '../execution/failure.ts'
import { type TargetType, conversionSql } from '../translation/conversion-sql.ts'

/** With what the engine's message begins where a value does not go into its column. */
export const assignMark = 'millrace column '

/** A value that goes into a column: SQL that is no more than a column of a query, and its type. */
export interface Assigned {
  readonly sql: string
  readonly type: string
}

/** SQL of a value as its column stores it, cast as the dialect casts; where it cannot be, the statement fails with the column's name. */
export function assignedSql(column: UserColumn, { sql, type }: Assigned, dialect: Dialect): string {
  const { type: own, exactName } = column
  if (own === undefined)
    throw failed(
      `column ${exactName} is a VARIANT, and rows come into it by COPY alone; leave it out, or make the table with a column of another type`,
    )
  if (type === '"NULL"') return `cast(null as ${own})`
  const isSame = type.toLowerCase().replaceAll(' ', '') === own.toLowerCase().replaceAll(' ', '')
  const cast = isSame ? sql : triedSql(sql, type, own, dialect)
  const kept = isSame ? sql : `coalesce(${cast}, case when ${sql} is not null then ${refusal(exactName, sql, own)} end)`
  return limited(column, kept)
}

function triedSql(sql: string, type: string, own: string, dialect: Dialect): string {
  const target = dialect === 'snowflake' ? targetOf(own) : undefined
  if (target === undefined) return `try_cast(${sql} as ${own})`
  const converted = conversionSql(target, { type, isPlain: true, isVariant: type === 'JSON' }).replaceAll(
    '$1',
    () => sql,
  )
  return `try(cast(${converted} as ${own}))`
}

function targetOf(own: string): TargetType | undefined {
  const [, precision, scale] = /^decimal\((\d+), (\d+)\)$/.exec(own) ?? []
  if (precision !== undefined) return { form: 'decimal', precision: Number(precision), scale: Number(scale) }
  return targets[own]
}

const targets: Readonly<Record<string, TargetType>> = {
  bigint: { form: 'integer' },
  hugeint: { form: 'integer' },
  double: { form: 'float' },
  varchar: { form: 'text' },
  boolean: { form: 'boolean' },
  date: { form: 'date' },
  timestamp: { form: 'timestamp' },
}

function limited({ length, exactName }: UserColumn, sql: string): string {
  if (length === undefined) return sql
  const why = `${assignMark}${exactName} takes at most ${length} characters, and a value has more`
  return `case when length(${sql}) > ${length} then error(${literal(why)}) else ${sql} end`
}

/** The engine's error, of no type that would cast what stands beside it. */
function refusal(name: string, sql: string, own: string): string {
  const [before, after] = [`${assignMark}${name} takes no `, `; it is ${own.toUpperCase()}`]
  return `error(${literal(before)} || ${literal("'")} || substr(${sql}::varchar, 1, 100) || ${literal("'")} || ${literal(after)})`
}
