import { contentOf, listOf, withoutBrackets } from './tree.ts'

/** A type that values are cast to. */
export type TargetType =
  | { readonly form: 'integer' | 'float' | 'boolean' | 'date' | 'timestamp' }
  | { readonly form: 'text'; readonly most?: number }
  | { readonly form: 'decimal'; readonly precision: number; readonly scale: number }

/** What a value is, as far as casts differ by it. */
type Source = 'text' | 'integer' | 'decimal' | 'float' | 'boolean' | 'timestamp' | 'date' | 'json' | 'blob' | 'unknown'

const sources: readonly (readonly [RegExp, Source])[] = [
  [/^VARCHAR$/, 'text'],
  [/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/, 'integer'],
  [/^DECIMAL/, 'decimal'],
  [/^(DOUBLE|FLOAT)$/, 'float'],
  [/^BOOLEAN$/, 'boolean'],
  [/^TIMESTAMP$/, 'timestamp'],
  [/^DATE$/, 'date'],
  [/^JSON$/, 'json'],
  [/^BLOB$/, 'blob'],
]

function sourceOf(type: string): Source {
  return sources.find(([pattern]) => pattern.test(type))?.[1] ?? 'unknown'
}

type Template = Readonly<Partial<Record<Source, string>>> & { readonly unknown: string }

const digits: Template = {
  text: 'snowflake_digits($1)',
  json: 'snowflake_json_digits($1)',
  unknown: 'snowflake_number($1)',
}

/** SQL by what is cast to what; `$1` is the value. The functions are those of `src/functions/snowflake.sql`. */
const templates: Readonly<Record<TargetType['form'], Template>> = {
  text: {
    text: '$1',
    integer: 'cast($1 as varchar)',
    decimal: 'cast($1 as varchar)',
    boolean: 'cast($1 as varchar)',
    date: 'cast($1 as varchar)',
    float: 'snowflake_float_text($1)',
    timestamp: 'snowflake_timestamp_text($1)',
    json: 'snowflake_json_text($1)',
    blob: 'hex($1)',
    unknown: 'snowflake_varchar($1)',
  },
  integer: {
    integer: 'cast($1 as hugeint)',
    boolean: 'cast($1 as hugeint)',
    decimal: 'snowflake_whole($1)',
    float: 'snowflake_whole($1)',
    text: `snowflake_whole(${digits.text})`,
    json: `snowflake_whole(${digits.json})`,
    unknown: 'snowflake_integer($1)',
  },
  decimal: { integer: '$1', decimal: '$1', float: '$1', ...digits },
  float: {
    integer: 'cast($1 as double)',
    decimal: 'cast($1 as double)',
    float: '$1',
    text: `cast(${digits.text} as double)`,
    json: `cast(${digits.json} as double)`,
    unknown: 'snowflake_float($1)',
  },
  boolean: {
    boolean: '$1',
    integer: '$1 <> 0',
    decimal: '$1 <> 0',
    float: '$1 <> 0',
    text: 'snowflake_boolean_of($1)',
    json: 'snowflake_json_boolean($1)',
    unknown: 'snowflake_boolean($1)',
  },
  date: {
    date: '$1',
    timestamp: 'cast($1 as date)',
    text: 'cast(snowflake_moment_of($1) as date)',
    json: 'cast(snowflake_json_moment($1) as date)',
    unknown: 'snowflake_date($1)',
  },
  timestamp: {
    timestamp: '$1',
    date: 'cast($1 as timestamp)',
    integer: 'snowflake_seconds($1)',
    text: 'snowflake_moment_of($1)',
    json: 'snowflake_json_moment($1)',
    unknown: 'snowflake_timestamp($1)',
  },
}

/** An integer in a VARIANT is a time in a unit that its size says. */
const inVariant: Readonly<Partial<Record<TargetType['form'], string>>> = {
  timestamp: 'snowflake_moment($1)',
  date: 'cast(snowflake_moment($1) as date)',
}

/** SQL that makes a value of a type another; `$1` is the value, `isPlain` whether it is no more than a column. */
export function conversionSql(
  type: TargetType,
  from: { readonly type: string; readonly isPlain: boolean; readonly isVariant: boolean },
): string {
  const source = sourceOf(from.type)
  const template = templates[type.form]
  const own =
    (source === 'integer' && from.isVariant ? inVariant[type.form] : undefined) ?? template[source] ?? template.unknown
  const sql = type.form === 'decimal' ? `cast(${own} as ${engineType(type)})` : own
  const within = type.form === 'text' && type.most !== undefined ? `snowflake_text_within(${sql}, ${type.most})` : sql
  return withOnce(within, from.isPlain)
}

/** Functions that name their argument once. */
const single: ReadonlySet<string> = new Set(['float_text', 'timestamp_text', 'whole', 'seconds'])

/** The others are macros too, and so their argument would be put in several times: what is more than a column is given a name first. */
function withOnce(sql: string, isColumn: boolean): string {
  return sql.replaceAll(/snowflake_(\w+)\((?=(.))/g, (whole, name: string, next: string) =>
    single.has(name) || (isColumn && next === '$') ? whole : `snowflake_once_${name}(`,
  )
}

/** The type that the engine gives to what was cast. */
export function engineType(type: TargetType): string {
  if (type.form === 'decimal') return `decimal(${type.precision}, ${type.scale})`
  return {
    integer: 'hugeint',
    float: 'double',
    boolean: 'boolean',
    date: 'date',
    timestamp: 'timestamp',
    text: 'varchar',
  }[type.form]
}

/** Whether an expression is no more than a column, a field of one, or a literal. */
export function isPlain(expression: unknown): boolean {
  const node = withoutBrackets(expression)
  if (contentOf(node, 'column') !== undefined || contentOf(node, 'literal') !== undefined) return true
  const call = contentOf(node, 'function')
  const name = call?.['name']
  if (!['snowflake_field', 'snowflake_element', 'snowflake_filtered'].includes(String(name))) return false
  return isPlain(listOf(call?.['args'])[0])
}
