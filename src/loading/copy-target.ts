import type { UserColumn, UserTable } from '../catalog/user-tables.ts'
import { storedName } from '../catalog/user-tables.ts'
import { MAX_FIELDS } from '../catalog/variant.ts'
import type { TextForms } from './from-text.ts'
import type { CsvFormat, JsonFormat, LaidOutColumn, TextReading } from './text/text-format.ts'

/** How objects are read for a table that a script made. */
export type CopyFormat = { readonly type: 'PARQUET' } | CsvFormat | JsonFormat

/** A table that a script made, as a load fills it. */
export interface CopyTarget {
  readonly table: UserTable
  /** All of its columns. */
  readonly columns: readonly UserColumn[]
  /** The names of those that the load fills, in their order. */
  readonly filled: readonly string[]
  readonly format: CopyFormat
  /** How texts of a file are values of a type. */
  readonly forms: TextForms
  /** Whether texts are cut that are longer than their column takes; else their records are rejected. */
  readonly truncates: boolean
  /** How columns are found in a file: by their names or places, or the whole record into the one column of type VARIANT. */
  readonly match: 'case-sensitive' | 'case-insensitive' | 'position' | 'record'
}

/** What a worker must know to read files for a table; undefined where the engine reads them. */
export function textReadingOf({
  table,
  columns,
  filled,
  format,
  match,
  truncates,
}: CopyTarget): TextReading | undefined {
  if (format.type === 'PARQUET') return undefined
  const isJudged = ({ type, length }: UserColumn): boolean =>
    type === 'varchar' ? length !== undefined && !truncates : type !== undefined
  const laidOut = filled.flatMap((name): LaidOutColumn[] => {
    const column = columns.find((one) => one.name === name)
    if (column === undefined) return []
    const isByName = match === 'case-sensitive' || match === 'case-insensitive'
    const tellsGiven = isByName && (column.type === undefined || column.default !== undefined)
    return [{ name, tellsGiven, as: column.type === undefined ? 'record' : column.type === 'json' ? 'json' : 'text' }]
  })
  return {
    table: storedName(table),
    format,
    layout: { match, columns: laidOut, maxKeys: MAX_FIELDS },
    keepsRaw: columns.some((column) => column.notNull || (filled.includes(column.name) && isJudged(column))),
  }
}
