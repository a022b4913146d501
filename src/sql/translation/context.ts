import type { Polyglot } from '../polyglot.ts'
import { MillraceError } from '../../errors.ts'
import type { DialectRules } from '../dialect-rules.ts'
import { type Dialect, dialectNames } from '../dialects.ts'
import type { Known } from './known.ts'
import type { PathText } from './paths.ts'
import type { Scope } from './scope.ts'

/** What a part of a statement is rewritten with. */
export interface Context {
  readonly known: Known
  readonly sdk: Polyglot
  readonly dialect: Exclude<Dialect, 'duckdb'>
  readonly rules: DialectRules
  readonly notices: Set<string>
  /** The columns that names in this part of the statement can mean. */
  readonly scope: Scope
  /** The paths of the statement, as they were written. */
  readonly paths: PathText
  /** This part is what a window function or WITHIN GROUP is said of. */
  readonly isAggregate?: boolean
  /** This part is a condition on rows. */
  readonly isCondition?: boolean
  /** A column that is a VARIANT may stand here as it is. */
  readonly isVariantMeant?: boolean
  /** Rewrites a part of the tree that nothing else is to be said of. */
  readonly rewrite: (value: unknown, context: Context) => unknown
}

export function failed(
  { dialect }: Pick<Context, 'dialect'>,
  message: string,
  line?: number | null,
  column?: number | null,
): MillraceError {
  const place = typeof line === 'number' && typeof column === 'number' ? { line, column } : undefined
  return new MillraceError('SQL_FAILED', `${dialectNames[dialect]}: ${message}.`, undefined, place)
}

/** A function, type or kind of expression that is not translated. */
export function unknownTerm(name: string, context: Pick<Context, 'dialect'>): MillraceError {
  return untranslated(name.toUpperCase(), context)
}

/** A call of what neither the lake nor the translation knows. */
export function unknownFunction(name: string, { dialect }: Pick<Context, 'dialect'>): MillraceError {
  const called = name.toUpperCase()
  const sentence = `There is no function ${called} in the lake, and ${dialectNames[dialect]}'s ${called} is not translated, if there is one.`
  return new MillraceError(
    'SQL_REFUSED',
    `${sentence} Write the statement in the dialect duckdb, or without it; SHOW USER FUNCTIONS lists those of the lake.`,
  )
}

/** What of a dialect is not translated, as a sentence begins with it. */
export function untranslated(what: string, { dialect }: Pick<Context, 'dialect'>): MillraceError {
  return refused({ dialect }, `${what} is not translated. Write the statement in the dialect duckdb, or without it`)
}

/** A refusal: `Snowflake's <sentence>.` */
export function refused({ dialect }: Pick<Context, 'dialect'>, sentence: string): MillraceError {
  return new MillraceError('SQL_REFUSED', `${dialectNames[dialect]}'s ${sentence}.`)
}
