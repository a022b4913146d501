import type { Dialect } from './dialects.ts'
import { lexicalRules } from './statement/dialect.ts'
import { lex } from './statement/lexer.ts'
import { fillPlaceholders } from './statement/placeholders.ts'
import { readStatement } from './statement/read-statement.ts'
import type { Statement } from './statement/registry.ts'
import { type Place, type Source, sourceOf } from './statement/source.ts'
import { split } from './statement/split.ts'
import { StatementError } from './statement/statement-error.ts'
import type { Token } from './statement/tokens.ts'

export interface ScriptOptions {
  /** What placeholders stand for, by their names. */
  readonly values?: Readonly<Record<string, string>> | undefined
  /** Whose SQL the script is in, which decides where texts and comments end; Snowflake's when absent. */
  readonly dialect?: Dialect | undefined
}

/** One statement of a script, as text: with its placeholders filled, without the semicolon. */
export interface ScriptPart {
  readonly text: string
  /** Where it begins in the script as it was written. */
  readonly place: Place
}

/** One statement of a script. */
export interface ScriptStatement extends ScriptPart {
  readonly statement: Statement
}

/** Fills the placeholders of a script and parts it into its statements. */
export function splitScript(script: string, options: ScriptOptions = {}): ScriptPart[] {
  const { source, statements } = take(script, options)
  return statements.map((tokens) => partOf(source, tokens))
}

/** The same, and reads every statement: one that cannot be read is found before the first has run. */
export function readScript(script: string, options: ScriptOptions = {}): ScriptStatement[] {
  const { source, statements } = take(script, options)
  return statements.map((tokens) => ({ ...partOf(source, tokens), statement: readStatement(source, tokens) }))
}

/** Reads a text that is one statement, with or without a semicolon; nothing in it is a placeholder. */
export function parseStatement(
  text: string,
  { dialect = 'snowflake' }: Pick<ScriptOptions, 'dialect'> = {},
): Statement {
  const source = sourceOf(text)
  const [first, second] = split(source, lex(source, lexicalRules[dialect]))
  if (first === undefined) throw new StatementError(source.placeAt(0), 'there is no statement here; write one')
  if (second !== undefined)
    throw new StatementError(
      source.placeAt(second[0]?.start ?? 0),
      'there is a second statement here; give one at a time',
    )
  return readStatement(source, first)
}

/** Reads a text that is several statements; nothing in it is a placeholder. */
export function readStatements(text: string, dialect: Dialect): ScriptStatement[] {
  const source = sourceOf(text)
  const statements = split(source, lex(source, lexicalRules[dialect]))
  return statements.map((tokens) => ({ ...partOf(source, tokens), statement: readStatement(source, tokens) }))
}

function take(
  script: string,
  { values = {}, dialect = 'snowflake' }: ScriptOptions,
): { readonly source: Source; readonly statements: readonly (readonly Token[])[] } {
  const rules = lexicalRules[dialect]
  const source = fillPlaceholders(sourceOf(script), values, rules)
  return { source, statements: split(source, lex(source, rules)) }
}

function partOf(source: Source, tokens: readonly Token[]): ScriptPart {
  const start = tokens[0]?.start ?? 0
  return { text: source.text.slice(start, tokens.at(-1)?.end), place: source.placeAt(start) }
}
