import { conversionIn, converted, convertedVariant, shownType } from './casts.ts'
import { plainKinds } from '../dialect-rules.ts'
import { type Context, unknownTerm } from './context.ts'
import { expressionOf, filled, named } from './expressions.ts'
import { ownFunction, tableNamed } from './names.ts'
import { withoutKey } from './parse-ip.ts'
import { columnPath } from './paths.ts'
import { type ShapeReader, ctesOf, scopeOfSelect, shapeOf, sourceNamed } from './scope.ts'
import { type Node, contentOf, isNode, kindOf, listOf, mapped, partWritten, withoutBrackets } from './tree.ts'
import { asCompared, asCounted, asJson, asNumber, asSorted, mustBeCast } from './variant-forms.ts'
import { typeName, typeOf } from './types.ts'
import { variantIn } from './variants.ts'

/** Rewrites a part of a statement's tree; refuses kinds of nodes and functions that no rule knows. */
export function rewrite(value: unknown, context: Context): unknown {
  if (Array.isArray(value)) return value.map((one) => rewrite(one, context))
  if (!isNode(value)) return value
  const [kind, content] = kindOf(value) ?? ['', {}]
  if (kind === '') return mapped(value, (part) => rewrite(part, context))
  if (kind === 'select') return { select: rewriteSelect(content, context) }
  if (kind === 'union' || kind === 'except' || kind === 'intersect')
    return { [kind]: rewriteSetOperation(value, content, context) }
  if (kind === 'with') return { with: rewriteWith(content, context) }
  return (
    (context.dialect === 'snowflake' ? ofSnowflake(value, kind, content, context) : undefined) ??
    ofAny(value, kind, content, context)
  )
}

function ofAny(value: Node, kind: string, content: Node, context: Context): unknown {
  const inner = (): Node => mapped(value, (part) => rewrite(part, context))
  if (kind === 'table')
    return {
      table: tableNamed(
        mapped(content, (part) => rewrite(part, context)),
        context,
      ),
    }
  const operator = context.rules.operators[kind]
  if (operator !== undefined)
    return filled(
      operator.as,
      operator.parts.map((part) => argument(content[part], context)),
      context,
    )
  if (kind === 'method_call') return calledWithin(content, context)
  if (!plainKinds.has(kind)) throw unknownTerm(kind.replaceAll('_', ' '), context)
  return kind === 'function' || kind === 'aggregate_function' ? called(content, inner, context) : inner()
}

function called(content: Node, inner: () => Node, context: Context): unknown {
  const name = String(content['name']).toLowerCase()
  const given = listOf(content['args'])
  const sql = context.rules.rewritten[name]?.[given.length]
  if (sql !== undefined)
    return filled(
      sql,
      given.map((one) => argument(one, context)),
      context,
    )
  if (context.rules.same.has(name)) return inner()
  // `table(f(x))` in FROM, and a name of several parts, which is one text there.
  if (name === 'table' && given.length === 1) return rewrite(given[0], context)
  const path = String(content['name'])
    .split('.')
    .map((text) => ({ text, quoted: false }))
  const own = ownFunction(
    path,
    given.map((one) => rewrite(one, context)),
    context,
  )
  if (own === undefined) throw unknownTerm(name, context)
  return own
}

/** `database.schema.function(…)`. */
function calledWithin(content: Node, context: Context): unknown {
  const container = contentOf(content['this'], 'column')
  const [database, schema, name] = [container?.['table'], container?.['name'], content['method']].map(partWritten)
  const path = [database, schema, name].flatMap((part) => part ?? [])
  const args = listOf(content['args']).map((one) => rewrite(one, context))
  const isOwn = /^logs$/i.test(schema?.text ?? '') && context.rules.same.has(name?.text.toLowerCase() ?? '')
  const own = isOwn ? { method_call: { ...content, args } } : ownFunction(path, args, context)
  if (container === undefined || own === undefined) throw unknownTerm(path.map(({ text }) => text).join('.'), context)
  return own
}

/** An argument as a node; a unit of time is a word in some dialects and becomes text. */
function argument(value: unknown, context: Context): unknown {
  const word = typeof value === 'string' ? value : wordOf(value)
  return word === undefined ? rewrite(value, context) : expressionOf(`'${word.toLowerCase()}'`, context)
}

function wordOf(value: unknown): string | undefined {
  const word = contentOf(value, 'var')?.['this']
  return typeof word === 'string' && /^\w+$/.test(word) ? word : undefined
}

const shapes = (context: Context): ShapeReader => ({
  known: context.known,
  typeOf: (expression, scope) => typeOf(expression, { ...context, scope }),
})

/** A WITH: what stands in it sees the tables before it. */
function rewriteWith(list: Node, context: Context): Node {
  const { scope } = context
  const ctes = listOf(list['ctes']).map((cte, index, all) => {
    const before = { ...list, ctes: all.slice(0, index) }
    return rewrite(cte, { ...context, scope: { ...scope, ctes: ctesOf(before, scope, shapes(context)) } })
  })
  return { ...list, ctes }
}

function rewriteSelect(select: Node, context: Context): Node {
  const scope = scopeOfSelect(select, context.scope, shapes(context))
  const within: Context = { ...context, scope }
  return mapped(select, (part, key) => {
    if (key === 'with') return isNode(part) ? rewriteWith(part, context) : part
    if (context.dialect !== 'snowflake') return rewrite(part, within)
    if (key === 'expressions') return listOf(part).map((item) => rewriteItem(item, within))
    if (key === 'group_by') return isNode(part) ? { ...part, expressions: grouped(part['expressions'], within) } : part
    if (key === 'order_by') return isNode(part) ? orderedBy(part, select, within) : part
    return rewrite(part, within)
  })
}

/** UNION, EXCEPT or INTERSECT: what stands behind its WITH sees its tables, and its ORDER BY the columns of the result. */
function rewriteSetOperation(query: unknown, content: Node, context: Context): Node {
  const reader = shapes(context)
  const scope = { ...context.scope, ctes: ctesOf(content['with'], context.scope, reader) }
  const result = { name: '', path: [], shape: shapeOf(query, context.scope, reader) }
  return mapped(content, (part, key) => {
    if (key === 'with') return isNode(part) ? rewriteWith(part, context) : part
    if (key !== 'order_by') return rewrite(part, { ...context, scope })
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
  return rewrite(item, context)
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
  if (variant !== undefined) return variant.column ?? named(asJson(variant), variant.text, context)
  const written = rewrite(item, context)
  const cast = conversionOf(item, context)
  if (cast === undefined) return written
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
  return variant === undefined ? rewrite(value, context) : asJson(variant)
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
    return variant === undefined ? rewrite(value, context) : asSorted(variant, isGrouped, context)
  }
  return { ...list, expressions: listOf(list['expressions']).map((one) => sortedBy(one, key)) }
}

function sortedBy(item: unknown, key: (value: unknown) => unknown): unknown {
  return isNode(item) ? { ...item, this: key(item['this']) } : item
}

function conversionOf(value: unknown, context: Context): ReturnType<typeof conversionIn> {
  const [kind, content] = kindOf(withoutBrackets(value)) ?? ['', {}]
  return kind === '' ? undefined : conversionIn(kind, content, context)
}

const comparisons: ReadonlySet<string> = new Set(['eq', 'neq', 'lt', 'lte', 'gt', 'gte'])

/** What Snowflake alone has, or has otherwise: VARIANTs, casts, PARSE_IP. Undefined where the rules of all dialects hold. */
function ofSnowflake(value: Node, kind: string, content: Node, context: Context): unknown {
  const conversion = conversionIn(kind, content, context)
  if (conversion !== undefined) {
    const variant = variantIn(conversion.value, context)
    return variant === undefined
      ? converted(
          { node: rewrite(conversion.value, context), type: typeName(conversion.value, context) },
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
  if (kind === 'function' && String(content['name']).toLowerCase() === 'parse_ip') throw withoutKey(context)
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

function compared(kind: string, content: Node, context: Context): unknown {
  const { left, right } = content
  const [first, second] = [variantIn(left, context), variantIn(right, context)]
  if (first === undefined && second === undefined) return undefined
  if (first !== undefined && second !== undefined) throw mustBeCast(first, context)
  return {
    [kind]: {
      ...content,
      left: first === undefined ? rewrite(left, context) : asCompared(first, [right], context),
      right: second === undefined ? rewrite(right, context) : asCompared(second, [left], context),
    },
  }
}

function among(kind: string, content: Node, context: Context): unknown {
  const variant = variantIn(content['this'], context)
  if (variant === undefined) return undefined
  const values = kind === 'between' ? [content['low'], content['high']] : listOf(content['expressions'])
  const rest = mapped(content, (part, key) => (key === 'this' ? part : rewrite(part, context)))
  return { [kind]: { ...rest, this: asCompared(variant, values, context) } }
}

function counted(kind: string, content: Node, context: Context): unknown {
  const variant = variantIn(content['this'], context)
  if (variant === undefined) return undefined
  const rest = mapped(content, (part, key) => (key === 'this' ? part : rewrite(part, context)))
  return { [kind]: { ...rest, this: asCounted(variant) } }
}

function windowed(content: Node, context: Context): unknown {
  const { over } = content
  if (!isNode(over)) return undefined
  const key = (value: unknown): unknown => {
    const variant = variantIn(value, context)
    return variant === undefined ? rewrite(value, context) : asSorted(variant, true, context)
  }
  const window = mapped(over, (part, name) => {
    if (name === 'partition_by') return grouped(part, context)
    return name === 'order_by' ? listOf(part).map((one) => sortedBy(one, key)) : rewrite(part, context)
  })
  return { window_function: mapped(content, (part, name) => (name === 'over' ? window : rewrite(part, context))) }
}
