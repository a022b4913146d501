import { type Context, refused } from './context.ts'
import { call, filled, textLiteral } from './expressions.ts'
import { contentOf, kindOf, withoutBrackets } from './tree.ts'
import { type Variant, eitherOf } from './variants.ts'

/** What a VARIANT is compared with. */
type LiteralForm = 'text' | 'number' | 'boolean'

const storedAs: Readonly<Record<LiteralForm, RegExp>> = {
  text: /^VARCHAR$/,
  number: /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|FLOAT|DECIMAL\(.*\))$/,
  boolean: /^BOOLEAN$/,
}

/** A VARIANT as JSON: text has its quotes. A column as a whole is shown as it is. */
export function asJson(variant: Variant, context: Pick<Context, 'sdk'>): unknown {
  const { stored, json, column } = variant
  if (column !== undefined) return column
  const shown = stored === undefined ? undefined : call('snowflake_variant', stored.node)
  return eitherOf(variant, shown, json, context) ?? call('snowflake_variant', { null: null })
}

/** What is NULL where a VARIANT is, and different where it differs; null of JSON is not NULL. */
export function asCounted(variant: Variant, context: Context): unknown {
  const { stored, json } = variant
  return stored !== undefined && json === undefined ? stored.node : asJson(variant, context)
}

/** What sorts as a VARIANT does. */
export function asSorted(variant: Variant, isGrouped: boolean, context: Context): unknown {
  if (variant.column !== undefined && variant.json === undefined) throw mustBeCast(variant, context)
  if (variant.stored !== undefined && variant.json === undefined && !isGrouped) return variant.stored.node
  return call('snowflake_variant_order', asJson(variant, context))
}

/** The numbers of a VARIANT whose values are stored as such. */
export function asNumber(variant: Variant, context: Context): unknown {
  if (variant.isGuess === true) return variant.json
  if (variant.stored === undefined || !storedAs.number.test(variant.stored.type)) throw mustBeCast(variant, context)
  return typed(variant, 'number', context)
}

/** A VARIANT as what it is compared with: a literal of the type that its values are stored in. */
export function asCompared(variant: Variant, literals: readonly unknown[], context: Context): unknown {
  const [form, ...others] = new Set(literals.map(literalForm))
  if (form === undefined || others.length > 0) throw mustBeCast(variant, context)
  return typed(variant, form, context)
}

function typed(variant: Variant, form: LiteralForm, context: Context): unknown {
  const { stored, json, text, column } = variant
  if (column !== undefined && json === undefined) throw mustBeCast(variant, context)
  if (stored === undefined)
    return json === undefined ? { null: null } : call(`snowflake_as_${form}`, json, textLiteral(text))
  if (!storedAs[form].test(stored.type)) throw mustBeCast(variant, context)
  if (json === undefined) return stored.node
  const clash = filled(`cast(snowflake_clash($1, $2) as ${stored.type})`, [json, textLiteral(text)], context)
  return eitherOf(variant, stored.node, clash, context)
}

/** A text, a number or a boolean as it is written; undefined for every other expression. */
function literalForm(value: unknown): LiteralForm | undefined {
  const node = withoutBrackets(value)
  const [kind, content] = kindOf(node) ?? ['', {}]
  if (kind === 'boolean') return 'boolean'
  if (kind === 'neg') return literalForm(content['this']) === 'number' ? 'number' : undefined
  const type = contentOf(node, 'literal')?.['literal_type']
  return type === 'string' ? 'text' : type === 'number' ? 'number' : undefined
}

/** Where a VARIANT stands that is no text, number or time by itself. */
export function mustBeCast({ text }: Pick<Variant, 'text'>, context: Context): Error {
  return refused(context, `${text} is a VARIANT, whose values can be of any type. Cast it, as in ${text}::varchar`)
}
