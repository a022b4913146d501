import { conversionIn, converted, convertedVariant } from './casts.ts'
import type { Context } from './context.ts'
import { historyTable, systemFunction } from './system-functions.ts'
import { call, textLiteral } from './expressions.ts'
import { withoutKey } from './parse-ip.ts'
import { columnPath } from './paths.ts'
import { sourceNamed } from './scope.ts'
import { windowed } from './select.ts'
import { type Node, contentOf, isNode, kindOf, listOf, mapped } from './tree.ts'
import { typeName } from './types.ts'
import { asCompared, asCounted, asNumber, mustBeCast } from './variant-forms.ts'
import { variantIn } from './variants.ts'

const comparisons: ReadonlySet<string> = new Set(['eq', 'neq', 'lt', 'lte', 'gt', 'gte'])

/** What Snowflake alone has, or has otherwise: VARIANTs, casts, PARSE_IP. Undefined where the rules of all dialects hold. */
export function ofSnowflake(value: Node, kind: string, content: Node, context: Context): unknown {
  const conversion = conversionIn(kind, content, context)
  if (conversion !== undefined) {
    const variant = variantIn(conversion.value, context)
    return variant === undefined
      ? converted(
          { node: context.rewrite(conversion.value, context), type: typeName(conversion.value, context) },
          conversion.type,
          conversion.isTry,
          context,
        )
      : convertedVariant(variant, conversion.type, conversion.isTry, context)
  }
  if (comparisons.has(kind)) return compared(kind, content, context)
  if (kind === 'between' || kind === 'in') return among(kind, content, context)
  if (kind === 'is_null' || kind === 'count') return counted(kind, content, context)
  if (kind === 'sum' || kind === 'avg') {
    const variant = variantIn(content['this'], context)
    return variant === undefined ? undefined : { [kind]: { ...content, this: asNumber(variant, context) } }
  }
  if (kind === 'window_function') return windowed(content, context)
  if (kind === 'list_agg' || kind === 'array_agg' || kind === 'within_group') return listed(kind, content, context)
  if (kind === 'function' && String(content['name']).toLowerCase() === 'parse_ip') throw withoutKey(context)
  const special = kind === 'function' ? (historyTable(content, context) ?? systemFunction(content, context)) : undefined
  if (special !== undefined) return special
  if (context.isVariantMeant !== true) {
    const variant = variantIn(value, context)
    if (variant !== undefined) throw mustBeCast(variant, context)
  }
  return kind === 'dot' ? qualified(value, context) : undefined
}

/** A column of a table by its longer name: the table is selected from by its own. */
function qualified(value: Node, { scope }: Context): unknown {
  const path = columnPath(value)
  const table = path === undefined ? undefined : sourceNamed(path, scope)
  const field = contentOf(value, 'dot')?.['field']
  if (table === undefined || !isNode(field)) return undefined
  return {
    column: { name: field, table: { ...field, name: table, quoted: true }, join_mark: false, trailing_comments: [] },
  }
}

/** LISTAGG, whose separator is '' where none is said, and ARRAY_AGG. Both give an empty value for nothing but NULLs. */
function listed(kind: string, content: Node, context: Context): unknown {
  const within = { ...context, isAggregate: true }
  const inner = kind === 'within_group' ? kindOf(content['this'])?.[0] : kind
  if (inner !== 'list_agg' && inner !== 'array_agg') return undefined
  const plain = mapped(content, (part) => context.rewrite(part, within))
  const separator = kind === 'list_agg' && (content['separator'] ?? null) === null ? { separator: textLiteral('') } : {}
  const aggregate = { [kind]: { ...plain, ...separator } }
  if (context.isAggregate === true) return aggregate
  return call(inner === 'list_agg' ? 'snowflake_listed_text' : 'snowflake_listed', aggregate)
}

function compared(kind: string, content: Node, context: Context): unknown {
  const { left, right } = content
  const [first, second] = [variantIn(left, context), variantIn(right, context)]
  if (first === undefined && second === undefined) return undefined
  if (first !== undefined && second !== undefined) throw mustBeCast(first, context)
  return {
    [kind]: {
      ...content,
      left: first === undefined ? context.rewrite(left, context) : asCompared(first, [right], context),
      right: second === undefined ? context.rewrite(right, context) : asCompared(second, [left], context),
    },
  }
}

function among(kind: string, content: Node, context: Context): unknown {
  const variant = variantIn(content['this'], context)
  if (variant === undefined) return undefined
  const values = kind === 'between' ? [content['low'], content['high']] : listOf(content['expressions'])
  const rest = mapped(content, (part, key) => (key === 'this' ? part : context.rewrite(part, context)))
  return { [kind]: { ...rest, this: asCompared(variant, values, context) } }
}

function counted(kind: string, content: Node, context: Context): unknown {
  const variant = variantIn(content['this'], context)
  if (variant === undefined) return undefined
  const rest = mapped(content, (part, key) => (key === 'this' ? part : context.rewrite(part, context)))
  return { [kind]: { ...rest, this: asCounted(variant, context) } }
}
