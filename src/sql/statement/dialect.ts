import type { Dialect } from '../dialects.ts'

/** What differs between dialects before there are words: where texts and comments end. */
export interface LexicalRules {
  /** `'it\'s'` is one text. */
  readonly backslashEscapes: boolean
  /** `//` begins a comment; in DuckDB it divides. */
  readonly slashComments: boolean
  readonly nestedComments: boolean
  /** `$tag$ … $tag$` is a body besides `$$ … $$`. */
  readonly taggedBodies: boolean
  /** `E'it\'s'` has escapes. */
  readonly escapePrefix: boolean
  readonly backquotedNames: boolean
  /** Statements that define external tables are Hive's: their texts have escapes, and may stand in double quotes. */
  readonly hiveDefinitions: boolean
}

const standard: LexicalRules = {
  backslashEscapes: false,
  slashComments: false,
  nestedComments: false,
  taggedBodies: false,
  escapePrefix: false,
  backquotedNames: false,
  hiveDefinitions: false,
}

/** From the Snowflake and Trino manuals and the Athena DDL reference; DuckDB's was tried. */
export const lexicalRules: Readonly<Record<Dialect, LexicalRules>> = {
  snowflake: { ...standard, backslashEscapes: true, slashComments: true },
  duckdb: { ...standard, nestedComments: true, taggedBodies: true, escapePrefix: true },
  trino: standard,
  athena: { ...standard, backquotedNames: true, hiveDefinitions: true },
}
