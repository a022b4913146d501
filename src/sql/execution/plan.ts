import type { ResultColumn, Value } from '../../api.ts'
import type { CatalogObject, ObjectKey } from '../../catalog/objects.ts'
import type { PipeState } from '../../pipes/pipe-store.ts'
import type { TaskState } from '../../tasks/task.ts'
import type { StreamState } from '../../streams/stream-store.ts'
import type { Dialect } from '../dialects.ts'
import type { KnownColumn } from '../translation/known.ts'
import type { Session } from './session.ts'

/** One step of what a statement does; all of a statement's steps are one transaction. */
export type Change =
  | { readonly step: 'put'; readonly object: CatalogObject }
  | { readonly step: 'remove'; readonly key: ObjectKey }
  | { readonly step: 'make-schema' | 'drop-schema'; readonly schema: string }
  | { readonly step: 'make-table'; readonly object: CatalogObject }
  | { readonly step: 'drop-table'; readonly key: ObjectKey }
  | { readonly step: 'keep-pipe'; readonly key: ObjectKey; readonly state: PipeState }
  | { readonly step: 'forget-pipe'; readonly key: ObjectKey }
  | { readonly step: 'keep-task'; readonly key: ObjectKey; readonly state: TaskState }
  | { readonly step: 'forget-task'; readonly key: ObjectKey }
  | { readonly step: 'move-pipe' | 'move-task'; readonly key: ObjectKey; readonly to: ObjectKey }
  | NewStream
  | { readonly step: 'drop-stream'; readonly key: ObjectKey }

/** A stream that begins now. */
export interface NewStream {
  readonly step: 'make-stream'
  readonly key: ObjectKey
  /** The stored table that it tells of. */
  readonly table: string
  readonly isAppendOnly: boolean
  readonly showsInitialRows: boolean
}

/** The rows that a statement gives. */
export interface Outcome {
  readonly columns: readonly ResultColumn[]
  readonly rows: readonly Readonly<Record<string, Value>>[]
  /** What a reader should know of how the statement was read, a sentence each. */
  readonly notices?: readonly string[]
}

/** What a statement will do, and what it will say. */
export interface Plan {
  readonly changes: readonly Change[]
  readonly outcome: Outcome
  /** The session behind the statement, where it changes. */
  readonly session?: Session
}

/** A table or view that stands in a schema of the engine. */
export interface Relation {
  readonly schema: string
  readonly name: string
  /** Rows of a table; undefined for a view. */
  readonly rows: number | undefined
}

/** All that a plan is made from. */
export interface Situation {
  readonly objects: readonly CatalogObject[]
  readonly relations: readonly Relation[]
  /** What is kept of pipes, by their names as one text. */
  readonly pipes: ReadonlyMap<string, PipeState>
  readonly streams: readonly StreamState[]
  /** What is kept of tasks, by their names as one text. */
  readonly tasks: ReadonlyMap<string, TaskState>
  readonly session: Session
  /** What the script is written in. */
  readonly dialect: Dialect
  /** The columns of a view, where the plan needs them. */
  readonly columnsOf: (key: ObjectKey) => readonly KnownColumn[]
  /** Time in UTC, as text. */
  readonly now: string
  /** Bytes that nobody can guess, for an external id. */
  readonly random: Uint8Array
}

/** Rows by columns; each is named with its type in upper case behind a blank, text where none is said. */
export function outcomeOf(names: readonly string[], rows: readonly (readonly Value[])[]): Outcome {
  const columns = names.map((name) => {
    const [, text = name, type = 'VARCHAR'] = /^(.+?)(?: ([A-Z]+))?$/.exec(name) ?? []
    return { name: text, type }
  })
  return {
    columns,
    rows: rows.map((row) => Object.fromEntries(columns.map((column, index) => [column.name, row[index] ?? null]))),
  }
}

/** The one row that most statements end with. */
export function statusOf(status: string): Outcome {
  return outcomeOf(['status'], [[status]])
}

/** The object of a key. */
export function find(objects: readonly CatalogObject[], key: ObjectKey): CatalogObject | undefined {
  return objects.find(
    ({ kind, database, schema, name }) =>
      kind === key.kind && database === key.database && schema === key.schema && name === key.name,
  )
}
