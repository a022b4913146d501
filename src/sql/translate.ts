import { MillraceError } from '../errors.ts'
import { dialectRules } from './dialect-rules.ts'
import type { Dialect } from './dialects.ts'
import { type Context, failed } from './translation/context.ts'
import { type Known, nothingKnown } from './translation/known.ts'
import { PathText } from './translation/paths.ts'
import { rewrite } from './translation/rewrite.ts'
import { emptyScope } from './translation/scope.ts'

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
  // 23 MB of WebAssembly: loaded by the first statement that needs it.
  const sdk = await import('@polyglot-sql/sdk')
  const notices = new Set<string>()
  const context: Context = {
    known,
    sdk,
    dialect,
    rules: dialectRules[dialect],
    notices,
    scope: emptyScope,
    paths: new PathText(sql),
    rewrite,
  }
  const rewritten = rewrite(statementIn(sql, context), context)
  const own = sdk.generate([rewritten], sdk.Dialect[title(dialect)])
  const printed = sdk.transpile(own.sql?.[0] ?? '', sdk.Dialect[title(dialect)], sdk.Dialect.DuckDB, {
    unsupportedLevel: 'raise',
  })
  const [text] = printed.sql ?? []
  if (text === undefined) throw failed(context, printed.error ?? own.error ?? 'The statement cannot be printed')
  return { sql: text, notices: [...notices] }
}

function title(dialect: Context['dialect']): 'Snowflake' | 'Athena' | 'Trino' {
  if (dialect === 'snowflake') return 'Snowflake'
  return dialect === 'athena' ? 'Athena' : 'Trino'
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
