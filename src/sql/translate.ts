import type * as Sdk from '@polyglot-sql/sdk'
import { MillraceError } from '../errors.ts'
import { dialectRules, plainKinds, type DialectRules } from './dialect-rules.ts'
import { type Dialect, dialectNames } from './dialects.ts'

/** A statement in the engine's dialect. */
export interface Translation {
  readonly sql: string
  /** What a reader should know of how it was read, a sentence each. */
  readonly notices: readonly string[]
}

/** A part of a name, as it was written. */
interface WrittenPart {
  readonly text: string
  readonly quoted: boolean
}

/** The schema of the engine that a schema of a database is, where the lake has it; without a database it is one of the current database. */
export type SchemaNamed = (database: WrittenPart | undefined, schema: WrittenPart) => string | undefined

interface Context {
  readonly schemaNamed: SchemaNamed
  readonly sdk: typeof Sdk
  readonly dialect: Exclude<Dialect, 'duckdb'>
  readonly rules: DialectRules
  readonly notices: Set<string>
}

type Node = Readonly<Record<string, unknown>>

/**
 * Turns one statement of a dialect into the engine's. What is not known to mean the same is an error that names it. A database that the lake does not
 * have is left out of names: `log_analysis.public.vpc_flow_view` is `vpc_flow_view`, the user's object before the built-in one. `schemaNamed` says which it has.
 */
export async function translate(
  sql: string,
  dialect: Dialect,
  schemaNamed: SchemaNamed = () => undefined,
): Promise<Translation> {
  if (dialect === 'duckdb') return { sql, notices: [] }
  // 23 MB of WebAssembly: loaded by the first statement that needs it.
  const sdk = await import('@polyglot-sql/sdk')
  const context: Context = { schemaNamed, sdk, dialect, rules: dialectRules[dialect], notices: new Set() }
  const tree = statementIn(sql, context)
  const rewritten = rewrite(tree, context)
  const own = sdk.generate([rewritten], sdk.Dialect[title(dialect)])
  const printed = sdk.transpile(own.sql?.[0] ?? '', sdk.Dialect[title(dialect)], sdk.Dialect.DuckDB, {
    unsupportedLevel: 'raise',
  })
  const [text] = printed.sql ?? []
  if (text === undefined) throw failed(context, printed.error ?? own.error ?? 'The statement cannot be printed')
  return { sql: text, notices: [...context.notices] }
}

function title(dialect: Context['dialect']): 'Snowflake' | 'Athena' | 'Trino' {
  if (dialect === 'snowflake') return 'Snowflake'
  return dialect === 'athena' ? 'Athena' : 'Trino'
}

function failed({ dialect }: Context, message: string, line?: number | null, column?: number | null): MillraceError {
  const place = typeof line === 'number' && typeof column === 'number' ? { line, column } : undefined
  return new MillraceError('SQL_FAILED', `${dialectNames[dialect]}: ${message}.`, undefined, place)
}

function statementIn(sql: string, context: Context): unknown {
  const { sdk, dialect } = context
  const parsed = sdk.parse(sql, sdk.Dialect[title(dialect)])
  const statements: unknown = parsed.ast
  if (!Array.isArray(statements))
    throw failed(context, parsed.error ?? 'The statement cannot be read', parsed.errorLine, parsed.errorColumn)
  if (statements.length !== 1)
    throw new MillraceError('SQL_REFUSED', `A query is one statement; this text holds ${statements.length}.`)
  return statements[0]
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A node of the tree is an object of one key, its kind; refuses kinds and functions that no rule knows. */
function rewrite(value: unknown, context: Context): unknown {
  if (Array.isArray(value)) return value.map((one) => rewrite(one, context))
  if (!isNode(value)) return value
  const [[kind, content] = ['', undefined], ...more] = Object.entries(value)
  const inner = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, rewrite(part, context)]))
  if (more.length > 0 || !isNode(content)) return inner
  if (kind === 'table') return { table: tableNamed(content, inner[kind], context) }
  const operator = context.rules.operators[kind]
  if (operator !== undefined)
    return filled(
      operator.as,
      operator.parts.map((part) => argument(content[part], context)),
      context,
    )
  if (!plainKinds.has(kind)) throw unknownTerm(kind.replaceAll('_', ' '), context)
  return kind === 'function' || kind === 'aggregate_function' ? called(content, inner, context) : inner
}

function called(content: Node, inner: Node, context: Context): unknown {
  const name = String(content['name']).toLowerCase()
  const given = listOf(content['args'])
  const sql = context.rules.rewritten[name]?.[given.length]
  if (sql !== undefined)
    return filled(
      sql,
      given.map((one) => argument(one, context)),
      context,
    )
  if (context.rules.same.has(name)) return inner
  throw unknownTerm(name, context)
}

function unknownTerm(name: string, { dialect }: Context): MillraceError {
  return new MillraceError(
    'SQL_REFUSED',
    `${dialectNames[dialect]}'s ${name.toUpperCase()} is not translated. Write the statement in the dialect duckdb, or without it.`,
  )
}

/** An argument as a node; a unit of time is a word in some dialects and becomes text. */
function argument(value: unknown, context: Context): unknown {
  const word = typeof value === 'string' ? value : wordOf(value)
  return word === undefined ? rewrite(value, context) : expressionOf(`'${word.toLowerCase()}'`, context)
}

function wordOf(value: unknown): string | undefined {
  if (!isNode(value) || !isNode(value['var'])) return undefined
  const word = value['var']['this']
  return typeof word === 'string' && /^\w+$/.test(word) ? word : undefined
}

function expressionOf(sql: string, { sdk }: Context): unknown {
  const [statement] = listOf(sdk.parse(`select ${sql}`, sdk.Dialect.DuckDB).ast)
  const select = isNode(statement) ? statement['select'] : undefined
  return isNode(select) ? listOf(select['expressions'])[0] : undefined
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The expression that a rule writes, with its arguments in. */
function filled(sql: string, given: readonly unknown[], context: Context): unknown {
  const put = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(put)
    if (!isNode(value)) return value
    const place = placeOf(value)
    if (place !== undefined) return given[place - 1]
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, put(part)]))
  }
  const tree = put(expressionOf(sql.replaceAll(/\$(\d)/g, 'argument_$1'), context))
  return given.length > 1 ? inBrackets(tree, context) : tree
}

function placeOf(value: Node): number | undefined {
  const column = value['column']
  const name = isNode(column) && isNode(column['name']) ? column['name']['name'] : undefined
  const [, place] = /^argument_(\d)$/.exec(typeof name === 'string' ? name : '') ?? []
  return place === undefined ? undefined : Number(place)
}

function inBrackets(tree: unknown, context: Context): unknown {
  const brackets = expressionOf('(0)', context)
  return isNode(brackets) && isNode(brackets['paren']) ? { paren: { ...brackets['paren'], this: tree } } : tree
}

/** Leaves out the database, and the schema that stands for the user's and the built-in objects. */
function tableNamed(content: Node, inner: unknown, { notices, schemaNamed }: Context): unknown {
  if (!isNode(inner) || !isNode(content['name'])) return inner
  const written = partWritten(content['schema'])
  const own = written === undefined ? undefined : schemaNamed(partWritten(content['catalog']), written)
  if (own !== undefined && isNode(inner['schema']))
    return { ...inner, catalog: null, schema: { ...inner['schema'], name: own, quoted: true } }
  const part = (key: string): string => {
    const name = content[key]
    return isNode(name) ? String(name['name']) : ''
  }
  const [catalog, schema, name] = [part('catalog'), part('schema'), part('name')]
  if (schema === '' || /^(logs|lake)$/i.test(schema)) return catalog === '' ? inner : { ...inner, catalog: null }
  if (catalog !== '' || !/^public$/i.test(schema))
    notices.add(
      `${[catalog, schema, name].filter((text) => text !== '').join('.')} is read as ${name}: the lake has one database.`,
    )
  return { ...inner, catalog: null, schema: null }
}

function partWritten(value: unknown): WrittenPart | undefined {
  return isNode(value) ? { text: String(value['name']), quoted: value['quoted'] === true } : undefined
}
