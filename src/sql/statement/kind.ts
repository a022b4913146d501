import type { Reader } from './reader.ts'

/** The words that a statement begins with, taken apart. */
export interface Head {
  /** CREATE OR REPLACE. */
  readonly orReplace: boolean
  /** Words between CREATE and the kind of object: TEMPORARY, SECURE, … */
  readonly modifiers: readonly string[]
}

/** How a kind of statements is read and printed. Each is one file in `src/sql/statements/`, and a line in `registry.ts`. */
export interface StatementKind<S extends { readonly kind: string }> {
  /**
   * Readers by the words that a statement begins with, without what a `Head` holds: `CREATE STAGE`. They read on from behind these
   * words; undefined where the statement is for the engine after all.
   */
  readonly begins: Readonly<Record<string, (reader: Reader, head: Head) => S | undefined>>
  readonly print: { readonly [K in S['kind']]: (statement: Extract<S, { readonly kind: K }>) => string }
}

/** The statements of a kind. */
export type StatementOf<T> = T extends StatementKind<infer S> ? S : never
