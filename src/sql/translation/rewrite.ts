import { plainKinds } from '../dialect-rules.ts'
import { type Context, refused, unknownFunction, unknownTerm } from './context.ts'
import { dateFormatted } from './date-formats.ts'
import { expressionOf, filled } from './expressions.ts'
import { ownFunction, tableNamed } from './names.ts'
import { rewriteSelect, rewriteSetOperation, rewriteWith } from './select.ts'
import { ofSnowflake } from './snowflake.ts'
import { type Node, contentOf, isNode, isTableCall, kindOf, listOf, mapped, partWritten } from './tree.ts'

/** Words that begin something in the engine alone, and which the printer does not quote: elsewhere they are names as any. */
const engineWords = new Set(['at', 'offset', 'summarize'])

function isUnquoted({ name, quoted }: Node): boolean {
  return quoted === false && typeof name === 'string' && engineWords.has(name.toLowerCase())
}

const partitioned =
  'OVER (PARTITION BY …) behind a table function is not kept: here each call is a partition of its own, with an end of its own. Leave OVER out, and group what the function gives'

/** Rewrites a part of a statement's tree; refuses kinds of nodes and functions that no rule knows. */
export function rewrite(value: unknown, context: Context): unknown {
  if (Array.isArray(value)) return value.map((one) => rewrite(one, context))
  if (!isNode(value)) return value
  const [kind, content] = kindOf(value) ?? ['', {}]
  if (kind === '')
    return mapped(isUnquoted(value) ? { ...value, quoted: true } : value, (part) => rewrite(part, context))
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
  if (kind === 'lateral' && isTableCall(content['this'])) return rewrite(withoutLateral(content), context)
  if (kind === 'extract' && content['field'] === 'DayOfWeek' && context.dialect !== 'snowflake')
    return filled('isodow($1)', [rewrite(content['this'], context)], context)
  if (kind === 'column') refuseHidden(content, context)
  if (!plainKinds.has(kind)) throw unknownTerm(kind.replaceAll('_', ' '), context)
  return kind === 'function' || kind === 'aggregate_function' ? called(content, inner, context) : inner()
}

/** Columns that the tables of Trino's Hive connector have without showing them, as in `"$path"`. */
const hidden = new Set(['$path', '$bucket', '$partition', '$file_size', '$file_modified_time'])

function refuseHidden({ name }: Node, context: Context): void {
  const { text = '' } = partWritten(name) ?? {}
  if (context.dialect === 'snowflake' || !hidden.has(text.toLowerCase())) return
  throw refused(
    context,
    `"${text}" is not known: rows tell no file here. Tell them apart by columns of partitions; the files of a table are in logs.load_history`,
  )
}

/** `LATERAL table(f(x))`: the word says what holds without it. */
function withoutLateral({ this: call, alias, column_aliases: columns }: Node): unknown {
  if (typeof alias !== 'string') return call
  const named = (name: unknown): Node => ({ name: String(name), quoted: false, trailing_comments: [] })
  return {
    alias: {
      this: call,
      alias: named(alias),
      column_aliases: listOf(columns).map(named),
      alias_explicit_as: true,
      pre_alias_comments: [],
      trailing_comments: [],
    },
  }
}

function called(content: Node, inner: () => Node, context: Context): unknown {
  const name = String(content['name']).toLowerCase()
  const given = listOf(content['args'])
  const formatted = dateFormatted(name, given, context)
  if (formatted !== undefined) return formatted
  const sql = context.rules.rewritten[name]?.[given.length]
  if (sql !== undefined)
    return filled(
      sql,
      given.map((one) => argument(one, context)),
      context,
    )
  if (context.rules.same.has(name)) return inner()
  // `table(f(x))` in FROM, and a name of several parts, which is one text there.
  if (name === 'table' && given.length === 1) {
    if (contentOf(given[0], 'window_function') !== undefined) throw refused(context, partitioned)
    return rewrite(given[0], context)
  }
  const path = String(content['name'])
    .split('.')
    .map((text) => ({ text, quoted: false }))
  const own = ownFunction(
    path,
    given.map((one) => rewrite(one, context)),
    context,
  )
  if (own !== undefined) return own
  throw name in context.rules.rewritten ? unknownTerm(name, context) : unknownFunction(name, context)
}

/** `database.schema.function(…)`. */
function calledWithin(content: Node, context: Context): unknown {
  const container = contentOf(content['this'], 'column')
  const [database, schema, name] = [container?.['table'], container?.['name'], content['method']].map(partWritten)
  const path = [database, schema, name].flatMap((part) => part ?? [])
  const args = listOf(content['args']).map((one) => rewrite(one, context))
  const isOwn = /^logs$/i.test(schema?.text ?? '') && context.rules.same.has(name?.text.toLowerCase() ?? '')
  const own = isOwn ? { method_call: { ...content, args } } : ownFunction(path, args, context)
  if (container === undefined || own === undefined)
    throw unknownFunction(path.map(({ text }) => text).join('.'), context)
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
