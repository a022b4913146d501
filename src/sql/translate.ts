import { MillraceError } from '../errors.ts'
import { dialectRules } from './dialect-rules.ts'
import type { Dialect } from './dialects.ts'
import { type Context, failed } from './translation/context.ts'
import { type Known, nothingKnown } from './translation/known.ts'
import { loadPolyglot } from './polyglot.ts'
import { PathText } from './translation/paths.ts'
import { rewrite } from './translation/rewrite.ts'
import { emptyScope } from './translation/scope.ts'
import { withoutQuotedColumns } from './translation/alias-columns.ts'
import { contentOf, listOf } from './translation/tree.ts'

/** A statement in the engine's dialect. */
export interface Translation {
  readonly sql: string
  /** What a reader should know of how it was read, a sentence each. */
  readonly notices: readonly string[]
}

/**
 * Turns one statement of a dialect into the engine's. What is not known to mean the same is an error that names it. A database that the lake does not
 * have is left out of names: `log_analysis.public.vpc_flow_view` is `vpc_flow_view`, the user's object before the built-in one. `known` says what it has.
 */
export async function translate(sql: string, dialect: Dialect, known: Known = nothingKnown): Promise<Translation> {
  if (dialect === 'duckdb') return { sql, notices: [] }
  const context = await contextOf(sql, dialect, known)
  const text = printed(rewrite(statementIn(sql, context), context), context)
  return { sql: text, notices: [...context.notices] }
}

/** The first expression that a query of a dialect selects, in the engine's, without the name it is given. */
export async function translateExpression(
  query: string,
  dialect: Exclude<Dialect, 'duckdb'>,
  known: Known,
): Promise<string> {
  const context = await contextOf(query, dialect, known)
  const select = contentOf(rewrite(statementIn(query, context), context), 'select')
  const [item] = listOf(select?.['expressions'])
  const expression = contentOf(item, 'alias')?.['this'] ?? item
  return printed({ select: { ...select, expressions: [expression], from: null } }, context).replace(/^SELECT\s+/i, '')
}

async function contextOf(sql: string, dialect: Exclude<Dialect, 'duckdb'>, known: Known): Promise<Context> {
  const sdk = await loadPolyglot()
  return {
    known,
    sdk,
    dialect,
    rules: dialectRules[dialect],
    notices: new Set(),
    scope: emptyScope,
    paths: new PathText(sql),
    rewrite,
  }
}

/** A tree of a dialect as the engine's SQL. */
function printed(whole: unknown, context: Context): string {
  const { sdk, dialect } = context
  const { tree, restored } = withoutQuotedColumns(whole)
  const own = sdk.generate([tree], sdk.Dialect[title(dialect)])
  const made = sdk.transpile(own.sql?.[0] ?? '', sdk.Dialect[title(dialect)], sdk.Dialect.DuckDB, {
    unsupportedLevel: 'raise',
  })
  const [text] = made.sql ?? []
  if (text === undefined) throw failed(context, made.error ?? own.error ?? 'The statement cannot be printed')
  return restored(text)
}

/** Athena's queries are Trino's; its statements that define things are Hive's, where a backslash takes the meaning of the next character. */
function title(dialect: Context['dialect']): 'Snowflake' | 'Trino' {
  return dialect === 'snowflake' ? 'Snowflake' : 'Trino'
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
