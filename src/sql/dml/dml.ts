import type { NamePart, ObjectName } from '../statement/name.ts'
import type { Body } from '../statement/reader.ts'

/** A value that is written: an expression, or the word DEFAULT. */
export type Item = Body | 'default'

/** `column = value`. */
export interface Assignment {
  readonly column: NamePart
  readonly value: Item
}

/** A table that rows are written into, and the name that expressions have for it. */
export interface WrittenTable {
  readonly name: ObjectName
  readonly alias?: NamePart
}

export interface Insert {
  readonly kind: 'insert'
  /** The rows take the place of all that are there. */
  readonly overwrite: boolean
  readonly table: WrittenTable
  /** All columns, in their order, when absent. */
  readonly columns?: readonly NamePart[]
  readonly source:
    | { readonly form: 'query'; readonly query: Body }
    | { readonly form: 'values'; readonly rows: readonly (readonly Item[])[] }
}

export interface Update {
  readonly kind: 'update'
  readonly table: WrittenTable
  readonly set: readonly Assignment[]
  readonly from?: Body
  readonly where?: Body
}

export interface Delete {
  readonly kind: 'delete'
  readonly table: WrittenTable
  readonly using?: Body
  readonly where?: Body
}

export interface Truncate {
  readonly kind: 'truncate'
  readonly ifExists: boolean
  readonly table: WrittenTable
}

/** What MERGE does with rows: the first clause whose condition holds is the one. */
export type MergeClause = { readonly and?: Body } & (
  | { readonly does: 'update'; readonly set: readonly Assignment[] }
  | { readonly does: 'delete' }
  | { readonly does: 'insert'; readonly columns?: readonly NamePart[]; readonly values: readonly Item[] }
)

export interface Merge {
  readonly kind: 'merge'
  readonly table: WrittenTable
  /** What stands behind USING: a table or a query in brackets, with its alias. */
  readonly using: Body
  readonly on: Body
  readonly clauses: readonly MergeClause[]
}

/** CREATE TABLE … AS: the columns are those of the query. */
export interface TableFromQuery {
  readonly kind: 'table-from-query'
  readonly orReplace: boolean
  readonly ifNotExists: boolean
  readonly transient: boolean
  readonly table: WrittenTable
  readonly query: Body
}

/** A statement that writes rows into a table of a script. */
export type Dml = Insert | Update | Delete | Truncate | Merge | TableFromQuery
