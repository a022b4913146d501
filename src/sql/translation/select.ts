import { isSystemFunction } from './system-functions.ts'
import { type Conversion, conversionIn, shownType } from './casts.ts'
import type { Context } from './context.ts'
import { named } from './expressions.ts'
import { type ShapeReader, ctesOf, scopeOfSelect, shapeOf } from './scope.ts'
import { type Node, contentOf, isNode, isTableCall, kindOf, listOf, mapped, withoutBrackets } from './tree.ts'
import { typeOf } from './types.ts'
import { asJson, asSorted, mustBeCast } from './variant-forms.ts'
import { variantIn } from './variants.ts'

const shapes = (context: Context): ShapeReader => ({
  known: context.known,
  typeOf: (expression, scope) => typeOf(expression, { ...context, scope }),
})

/** A WITH: what stands in it sees the tables before it. */
export function rewriteWith(list: Node, context: Context): Node {
  const { scope } = context
  const ctes = listOf(list['ctes']).map((cte, index, all) => {
    const before = { ...list, ctes: all.slice(0, index) }
    return context.rewrite(cte, { ...context, scope: { ...scope, ctes: ctesOf(before, scope, shapes(context)) } })
  })
  return { ...list, ctes }
}

/** A SELECT, which has the columns of its FROM. */
export function rewriteSelect(select: Node, context: Context): Node {
  const scope = scopeOfSelect(select, context.scope, shapes(context))
  const within: Context = { ...context, scope, isCondition: false, isAggregate: false }
  return mapped(select, (part, key) => {
    if (key === 'where_clause') return context.rewrite(part, { ...within, isCondition: true })
    if (key === 'with') return isNode(part) ? rewriteWith(part, context) : part
    if (context.dialect !== 'snowflake') return context.rewrite(part, within)
    if (key === 'expressions') return listOf(part).map((item) => rewriteItem(item, within))
    if (key === 'joins') return listOf(part).map((join) => rewriteJoin(join, within))
    if (key === 'group_by') return isNode(part) ? { ...part, expressions: grouped(part['expressions'], within) } : part
    if (key === 'order_by') return isNode(part) ? orderedBy(part, select, within) : part
    return context.rewrite(part, within)
  })
}

/** A JOIN without a condition is one of all rows with all; a LEFT one keeps those that the function behind it gives nothing for. */
function rewriteJoin(join: unknown, context: Context): unknown {
  const rewritten = context.rewrite(join, context)
  if (!isNode(rewritten) || !isNode(join)) return rewritten
  const { kind } = join
  if ((join['on'] ?? null) !== null || listOf(join['using']).length > 0) return rewritten
  const { this: table } = contentOf(join['this'], 'alias') ?? contentOf(join['this'], 'lateral') ?? join
  if (kind === 'Left' && isTableCall(table)) return { ...rewritten, on: { boolean: { value: true } } }
  return kind === 'Inner' ? { ...rewritten, kind: 'Cross' } : rewritten
}

/** UNION, EXCEPT or INTERSECT: what stands behind its WITH sees its tables, and its ORDER BY the columns of the result. */
export function rewriteSetOperation(query: unknown, content: Node, context: Context): Node {
  const reader = shapes(context)
  const scope = { ...context.scope, ctes: ctesOf(content['with'], context.scope, reader) }
  const result = { name: '', path: [], shape: shapeOf(query, context.scope, reader) }
  return mapped(content, (part, key) => {
    if (key === 'with') return isNode(part) ? rewriteWith(part, context) : part
    if (key !== 'order_by') return context.rewrite(part, { ...context, scope })
    const within = { ...context, scope: { ...scope, sources: [result] } }
    return isNode(part)
      ? { ...part, expressions: listOf(part['expressions']).map((one) => ofResult(one, within)) }
      : part
  })
}

/** What the rows of a set operation are sorted by: a column of them, by its name or place. */
function ofResult(item: unknown, context: Context): unknown {
  const value = isNode(item) ? item['this'] : undefined
  const [{ shape } = { shape: undefined }] = context.scope.sources
  const column = shape?.isWhole === true ? shape.columns[placeIn(value) - 1] : undefined
  if (column?.type.form === 'json' || column?.type.form === 'object') throw mustBeCast({ text: column.name }, context)
  return context.rewrite(item, context)
}

/** The number that an expression is; NaN for any other. */
function placeIn(value: unknown): number {
  const literal = contentOf(value, 'literal')
  return literal?.['literal_type'] === 'number' ? Number(literal['value']) : Number.NaN
}

/** An item of SELECT: a VARIANT may stand there as it is. What becomes something else is named by what was written. */
function rewriteItem(item: unknown, context: Context): unknown {
  const alias = contentOf(item, 'alias')
  if (alias !== undefined) return { alias: { ...alias, this: shown(alias['this'], context) } }
  const variant = variantIn(item, context)
  if (variant !== undefined) return variant.column ?? named(asJson(variant, context), variant.text, context)
  const written = context.rewrite(item, context)
  const cast = conversionOf(item, context)
  if (cast === undefined) return isSystemFunction(item) ? named(written, printed(item, context), context) : written
  const within = variantIn(cast.value, context)
  const name = within === undefined ? printed(item, context) : `${within.text}::${shownType(cast.type)}`
  return named(written, name, context)
}

/** An expression as its dialect writes it. */
function printed(item: unknown, { sdk }: Context): string {
  const select = contentOf(listOf(sdk.parse('select 1', sdk.Dialect.Snowflake).ast)[0], 'select')
  const [text = ''] = sdk.generate([{ select: { ...select, expressions: [item] } }], sdk.Dialect.Snowflake).sql ?? []
  return text.replace(/^select\s+/i, '')
}

function shown(value: unknown, context: Context): unknown {
  const variant = variantIn(value, context)
  return variant === undefined ? context.rewrite(value, context) : asJson(variant, context)
}

function grouped(list: unknown, context: Context): unknown[] {
  return listOf(list).map((one) => shown(one, context))
}

function orderedBy(list: Node, select: Node, context: Context): Node {
  const items = listOf(select['expressions'])
  const isGrouped = select['distinct'] === true || isNode(select['group_by'])
  const key = (value: unknown): unknown => {
    const item = items[placeIn(value) - 1]
    const meant = item === undefined ? value : (contentOf(item, 'alias')?.['this'] ?? item)
    const variant = variantIn(meant, context)
    return variant === undefined ? context.rewrite(value, context) : asSorted(variant, isGrouped, context)
  }
  return { ...list, expressions: listOf(list['expressions']).map((one) => sortedBy(one, key)) }
}

function sortedBy(item: unknown, key: (value: unknown) => unknown): unknown {
  return isNode(item) ? { ...item, this: key(item['this']) } : item
}

function conversionOf(value: unknown, context: Context): Conversion | undefined {
  const [kind, content] = kindOf(withoutBrackets(value)) ?? ['', {}]
  return kind === '' ? undefined : conversionIn(kind, content, context)
}

/** A window function: its partitions and order take VARIANTs as GROUP BY and ORDER BY do. */
export function windowed(content: Node, context: Context): unknown {
  const { over } = content
  if (!isNode(over)) return undefined
  const key = (value: unknown): unknown => {
    const variant = variantIn(value, context)
    return variant === undefined ? context.rewrite(value, context) : asSorted(variant, true, context)
  }
  const window = mapped(over, (part, name) => {
    if (name === 'partition_by') return grouped(part, context)
    return name === 'order_by' ? listOf(part).map((one) => sortedBy(one, key)) : context.rewrite(part, context)
  })
  return {
    window_function: mapped(content, (part, name) =>
      name === 'over' ? window : context.rewrite(part, { ...context, isAggregate: true }),
    ),
  }
}
