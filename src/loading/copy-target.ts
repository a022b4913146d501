import type { UserColumn, UserTable } from '../catalog/user-tables.ts'

/** How objects are read for a table that a script made. */
export type CopyFormat = { readonly type: 'PARQUET' }

/** A table that a script made, as a load fills it. */
export interface CopyTarget {
  readonly table: UserTable
  /** All of its columns. */
  readonly columns: readonly UserColumn[]
  /** The names of those that the load fills. */
  readonly filled: readonly string[]
  readonly format: CopyFormat
  /** How columns are found in a file: by name, or the whole record into the one column of type VARIANT. */
  readonly match: 'case-sensitive' | 'case-insensitive' | 'record'
}
