import { type Context, refused, unknownTerm, untranslated } from './context.ts'
import { call, filled } from './expressions.ts'
import { listOf, type Node, contentOf, isNode } from './tree.ts'
import type { Variant } from './variants.ts'

/** A type of Snowflake's that values are cast to. */
export type TargetType =
  | { readonly form: 'integer' | 'float' | 'boolean' | 'date' | 'timestamp' }
  | { readonly form: 'text'; readonly most?: number }
  | { readonly form: 'decimal'; readonly precision: number; readonly scale: number }

const integers = /^(INT|INTEGER|BIGINT|SMALLINT|TINYINT|BYTEINT|INT128)$/
const whole = 38

/** The type of a cast, from the parser's node for it. Snowflake's manual, "Summary of data types". */
export function targetType(node: unknown, context: Context): TargetType {
  const { sdk } = context
  const printed = isDataType(node) ? sdk.generateDataType(node, sdk.Dialect.Snowflake).sql : undefined
  const [, name = '', given = ''] = /^([A-Z0-9_ ]+?)(?:\(([\d, ]+)\))?$/.exec(printed ?? '') ?? []
  const [first, second] = given === '' ? [] : given.split(',').map(Number)
  if (integers.test(name)) return { form: 'integer' }
  if (name === 'DECIMAL' || name === 'NUMERIC' || name === 'NUMBER') return decimal(first ?? whole, second ?? 0)
  if (/^(FLOAT\d?|DOUBLE|REAL)$/.test(name)) return { form: 'float' }
  if (/^(VARCHAR|TEXT)$/.test(name)) return { form: 'text', ...(first === undefined ? {} : { most: first }) }
  if (/^N?CHAR$/.test(name)) return { form: 'text', most: first ?? 1 }
  if (name === 'BOOLEAN') return { form: 'boolean' }
  if (name === 'DATE') return { form: 'date' }
  // The engine keeps microseconds: more digits than these are the same, fewer would cut.
  const isWhole = first === undefined || (first >= 6 && first <= 9)
  if (/^(TIMESTAMP|TIMESTAMPNTZ|DATETIME)$/.test(name) && isWhole) return { form: 'timestamp' }
  throw unknownTerm(printed?.replace(/^TIMESTAMP(?=[LNT])/, 'TIMESTAMP_') ?? 'type of a cast', context)
}

function isDataType(node: unknown): node is Parameters<Context['sdk']['generateDataType']>[0] {
  return isNode(node) && typeof node['data_type'] === 'string'
}

function decimal(precision: number, scale: number): TargetType {
  return precision === whole && scale === 0 ? { form: 'integer' } : { form: 'decimal', precision, scale }
}

/** Functions that convert as casts do, by their names without TRY_. */
const conversions: Readonly<Record<string, TargetType>> = {
  to_varchar: { form: 'text' },
  to_char: { form: 'text' },
  to_double: { form: 'float' },
  to_boolean: { form: 'boolean' },
  to_date: { form: 'date' },
  to_timestamp: { form: 'timestamp' },
  to_timestamp_ntz: { form: 'timestamp' },
}

/** What a function makes of its one argument, and whether it gives NULL where it cannot. */
export interface Conversion {
  readonly type: TargetType
  readonly value: unknown
  readonly isTry: boolean
}

/** A cast, or a function that is one; undefined for every other node. */
export function conversionIn(kind: string, content: Node, context: Context): Conversion | undefined {
  const value = content['this']
  if (kind === 'cast' || kind === 'try_cast') {
    if (content['format'] !== undefined && content['format'] !== null) throw untranslated('CAST with a format', context)
    return { type: targetType(content['to'], context), value, isTry: kind === 'try_cast' }
  }
  if (kind === 'to_number') return toNumber(content, context)
  if (kind !== 'function') return undefined
  const name = String(content['name']).toLowerCase()
  const isTry = name.startsWith('try_')
  const plain = isTry ? name.slice('try_'.length) : name
  const type = Object.hasOwn(conversions, plain) ? conversions[plain] : undefined
  const given = listOf(content['args'])
  if (type === undefined || given.length === 0) return undefined
  if (given.length === 1) return { type, value: given[0], isTry }
  const scale = contentOf(given[1], 'literal')
  if (scale?.['literal_type'] !== 'number' || type.form !== 'timestamp')
    throw untranslated(`${name.toUpperCase()} with a format`, context)
  if (!['0', '3', '6', '9'].includes(String(scale['value'])))
    throw refused(context, `${name.toUpperCase()} takes a scale of 0, 3, 6 or 9`)
  // By the rule for the function's two arguments.
  return undefined
}

function toNumber(content: Node, context: Context): Conversion {
  if (content['format'] !== undefined && content['format'] !== null)
    throw untranslated('TO_NUMBER with a format', context)
  const size = (key: string, otherwise: number): number => {
    const given = content[key]
    if (given === undefined || given === null) return otherwise
    const digits = Number(contentOf(given, 'literal')?.['value'])
    if (Number.isInteger(digits)) return digits
    throw refused(context, `TO_NUMBER takes precision and scale as numbers`)
  }
  const type = decimal(size('precision', whole), size('scale', 0))
  return { type, value: content['this'], isTry: contentOf(content['safe'], 'boolean')?.['value'] === true }
}

/** A value as a type, by the functions of `src/functions/snowflake.sql`. */
export function converted(value: unknown, type: TargetType, isTry: boolean, context: Context): unknown {
  return attempted(plainly(value, type, context), isTry)
}

/** A VARIANT as a type. Where its values are stored in one type, nothing is asked of them one by one. */
export function convertedVariant(variant: Variant, type: TargetType, isTry: boolean, context: Context): unknown {
  const { stored, json } = variant
  if (variant.column !== undefined && json === undefined)
    throw refused(
      context,
      `${variant.text} is an object, and is not cast as a whole. Cast what it holds, as in ${variant.text}:key::varchar`,
    )
  const parts = [
    ...(stored === undefined ? [] : [ofStored(stored, type, context)]),
    ...(json === undefined ? [] : [ofVariant(json, type, context)]),
  ].map((part) => attempted(part, isTry))
  const [first, second] = parts
  if (first === undefined) return filled(`cast(null as ${sqlType(type)})`, [], context)
  return second === undefined ? first : call('coalesce', first, second)
}

function attempted(node: unknown, isTry: boolean): unknown {
  return isTry ? call('try', node) : node
}

function ofStored(
  { node, type: stored }: { node: unknown; type: string },
  type: TargetType,
  context: Context,
): unknown {
  const isInteger = /^(BIGINT|INTEGER|SMALLINT|TINYINT)$/.test(stored)
  if (isInteger && type.form === 'integer') return node
  if (isInteger && type.form === 'decimal') return filled(`cast($1 as ${sqlType(type)})`, [node], context)
  if (stored === 'VARCHAR' && type.form === 'text' && type.most === undefined) return node
  return ofVariant(node, type, context)
}

/** Integers in a VARIANT are times in a unit that their size says; all else is as in other casts. */
function ofVariant(node: unknown, type: TargetType, context: Context): unknown {
  if (type.form === 'timestamp') return call('snowflake_variant_timestamp', node)
  return type.form === 'date' ? call('snowflake_variant_date', node) : plainly(node, type, context)
}

function plainly(node: unknown, type: TargetType, context: Context): unknown {
  if (type.form === 'decimal') return filled(`cast(snowflake_number($1) as ${sqlType(type)})`, [node], context)
  if (type.form !== 'text') return call(`snowflake_${type.form}`, node)
  if (type.most === undefined) return call('snowflake_varchar', node)
  return filled(`snowflake_varchar_within($1, ${type.most})`, [node], context)
}

/** A type as messages and names of columns show it. */
export function shownType(type: TargetType): string {
  if (type.form !== 'text') return type.form === 'decimal' ? sqlType(type) : type.form
  return type.most === undefined ? 'varchar' : `varchar(${type.most})`
}

function sqlType(type: TargetType): string {
  if (type.form === 'decimal') return `decimal(${type.precision}, ${type.scale})`
  return {
    integer: 'bigint',
    float: 'double',
    boolean: 'boolean',
    date: 'date',
    timestamp: 'timestamp',
    text: 'varchar',
  }[type.form]
}
