import { type Context, refused, unknownTerm, untranslated } from './context.ts'
import { type TargetType, conversionSql, engineType, isPlain } from './conversion-sql.ts'
import { call, filled } from './expressions.ts'
import { listOf, type Node, contentOf, isNode } from './tree.ts'
import { type Variant, eitherOf } from './variants.ts'

const integers = /^(INT|INTEGER|BIGINT|SMALLINT|TINYINT|BYTEINT|INT128)$/
const whole = 38

/** The type of a cast, from the parser's node for it. Snowflake's manual, "Summary of data types". */
export function targetType(node: unknown, context: Pick<Context, 'sdk' | 'dialect'>): TargetType {
  const { sdk } = context
  const printed = isDataType(node) ? sdk.generateDataType(node, sdk.Dialect.Snowflake).sql : undefined
  const [, name = '', given = ''] = /^([A-Z0-9_ ]+?)(?:\(([\d, ]+)\))?$/.exec(printed ?? '') ?? []
  const [first, second] = given === '' ? [] : given.split(',').map(Number)
  if (integers.test(name)) return { form: 'integer' }
  if (name === 'DECIMAL' || name === 'NUMERIC' || name === 'NUMBER') return decimal(first ?? whole, second ?? 0)
  if (/^(FLOAT\d?|DOUBLE|REAL)$/.test(name)) return { form: 'float' }
  if (/^(VARCHAR|TEXT|STRING)$/.test(name)) return { form: 'text', ...(first === undefined ? {} : { most: first }) }
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

/** Whether a function of this name converts. */
export function isConversion(name: string): boolean {
  return Object.hasOwn(conversions, name.replace(/^try_/, '')) || /^(try_)?to_(number|decimal|numeric)$/.test(name)
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

/** A value as a type. */
export function converted(
  value: { readonly node: unknown; readonly type: string },
  type: TargetType,
  isTry: boolean,
  context: Context,
): unknown {
  return attempted(ofType(value, type, false, context), isTry)
}

/** A VARIANT as a type. Where its values are stored in one type, nothing is asked of them one by one. */
export function convertedVariant(variant: Variant, type: TargetType, isTry: boolean, context: Context): unknown {
  const { stored, json } = variant
  if (variant.column !== undefined && json === undefined)
    throw refused(
      context,
      `${variant.text} is an object, and is not cast as a whole. Cast what it holds, as in ${variant.text}:key::varchar`,
    )
  const quick = stored === undefined ? undefined : attempted(ofStored(stored, type, context), isTry)
  const slow =
    json === undefined ? undefined : attempted(ofType({ node: json, type: 'JSON' }, type, true, context), isTry)
  return eitherOf(variant, quick, slow, context) ?? filled(`cast(null as ${engineType(type)})`, [], context)
}

function attempted(node: unknown, isTry: boolean): unknown {
  return isTry ? call('try', node) : node
}

function ofStored(stored: { node: unknown; type: string }, type: TargetType, context: Context): unknown {
  // Not as HUGEINT, which all else of this type is: it would be summed at half the speed.
  if (type.form === 'integer' && stored.type === 'BIGINT') return stored.node
  return ofType(stored, type, true, context)
}

function ofType(
  { node, type: from }: { readonly node: unknown; readonly type: string },
  type: TargetType,
  isVariant: boolean,
  context: Context,
): unknown {
  return filled(conversionSql(type, { type: from, isPlain: isPlain(node), isVariant }), [node], context)
}

/** A type as messages and names of columns show it. */
export function shownType(type: TargetType): string {
  if (type.form !== 'text') return type.form === 'decimal' ? engineType(type) : type.form
  return type.most === undefined ? 'varchar' : `varchar(${type.most})`
}
