import type { WrittenPart } from './tree.ts'

/** A column of a table or view, with its type as the engine writes it. */
export interface KnownColumn {
  readonly name: string
  readonly type: string
}

/** A function that was made by a statement: its schema in the engine, and its name there. */
export interface KnownFunction {
  readonly schema: string
  readonly name: string
}

/** What a lake has, as names in a statement are looked up. Without a database or schema a name is of the session's. */
export interface Known {
  /** The schema of the engine that a schema of a database is, where the lake has it. */
  readonly schemaNamed: (database: WrittenPart | undefined, schema: WrittenPart) => string | undefined
  /** The columns of a table or view in a schema of the engine, else in those that are searched, in their order. */
  readonly columnsOf: (schema: string | undefined, relation: string) => readonly KnownColumn[] | undefined
  /** A function that a statement made. */
  readonly functionNamed: (schema: string | undefined, name: string) => KnownFunction | undefined
  /** The text of SYSTEM$PIPE_STATUS; undefined where there is no such pipe. */
  readonly pipeStatus: (name: string) => string | undefined
  /** A name within a text, with database and schema. */
  readonly fullName: (name: string) => string
}

/** Where nothing is known: names are taken as they are. */
export const nothingKnown: Known = {
  schemaNamed: () => undefined,
  columnsOf: () => undefined,
  functionNamed: () => undefined,
  pipeStatus: () => '{}',
  fullName: (name) => name,
}
