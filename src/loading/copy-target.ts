import type { UserColumn, UserTable } from '../catalog/user-tables.ts'
import { storedName } from '../catalog/user-tables.ts'
import { MAX_FIELDS } from '../catalog/variant.ts'
import { canReject, fieldName } from './copy-select.ts'
import type { TextForms } from './from-text.ts'
import type { CsvFormat, JsonFormat, LaidOutColumn, PatternFormat, TextReading } from './text/text-format.ts'

/** How objects are read for a table that a script made. */
export type CopyFormat = { readonly type: 'PARQUET' } | CsvFormat | JsonFormat | PatternFormat

/** What can be known of a record's file. */
export type Metadata = 'filename' | 'row-number' | 'content-key' | 'last-modified' | 'start-scan-time'

export interface MetadataColumn {
  readonly column: string
  readonly metadata: Metadata
}

/** What goes into a column of the table, by a SELECT. */
export interface SelectedValue {
  readonly column: string
  /** A field, a fact of its file, the time, the whole record into a column of type VARIANT, or anything else: that can end in an error. */
  readonly form: 'field' | 'fact' | 'now' | 'record' | 'expression'
  /** SQL over the columns `$1`, `$2`, … and `METADATA$FILENAME` and the like. */
  readonly sql: string
  /** As it was written, for messages. */
  readonly text: string
}

/** What a COPY selects from its files. */
export interface CopySelect {
  /** How many fields of a record are named; of JSON and Parquet the record is the only one. */
  readonly fields: number
  /** Whether what is known of a record's file is named. */
  readonly namesFacts: boolean
  readonly values: readonly SelectedValue[]
}

/** Columns that take what an object's place says. */
export interface CopyPartition {
  readonly columns: readonly string[]
  /** Their texts, in the same order. */
  readonly valuesOf: (uri: string) => readonly string[]
}

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
  /** Columns that take what is known of a record's file. */
  readonly metadata: readonly MetadataColumn[]
  readonly partition?: CopyPartition | undefined
  /** What is left out of a URI where a file's name is asked for. */
  readonly root: string
  /** Whether texts are cut that are longer than their column takes; else their records are rejected. */
  readonly truncates: boolean
  /** How columns are found in a file: by their names or places, or the whole record into the one column of type VARIANT. */
  readonly match: 'case-sensitive' | 'case-insensitive' | 'position' | 'record'
  /** Fills the columns from fields (`position`) or whole records (`record`). */
  readonly select?: CopySelect | undefined
}

/** What a worker must know to read files for a table; undefined where the engine reads them. */
export function textReadingOf(target: CopyTarget): TextReading | undefined {
  const { table, columns, filled, format, match, metadata, truncates } = target
  if (format.type === 'PARQUET') return undefined
  if (target.select !== undefined)
    return {
      table: storedName(table),
      format,
      layout: {
        match,
        columns: selectedColumns(target.select, format.type === 'JSON' ? 'JSON' : 'CSV'),
        maxKeys: MAX_FIELDS,
      },
      keepsRaw: canReject(target.select, columns, truncates),
    }
  const isFilled = ({ name }: UserColumn): boolean =>
    filled.includes(name) || metadata.some(({ column }) => column === name)
  const isJudged = ({ type, length }: UserColumn): boolean =>
    type === 'varchar' ? length !== undefined && !truncates : type !== undefined
  const laidOut = filled.flatMap((name): LaidOutColumn[] => {
    const column = columns.find((one) => one.name === name)
    if (column === undefined) return []
    const isByName = match === 'case-sensitive' || match === 'case-insensitive'
    const tellsGiven = isByName && (column.type === undefined || column.default !== undefined)
    const as = column.type === undefined ? 'record' : column.type === 'json' ? 'json' : 'text'
    return [{ name, exactName: column.exactName, tellsGiven, as }]
  })
  return {
    table: storedName(table),
    format,
    layout: { match, columns: laidOut, maxKeys: MAX_FIELDS },
    keepsRaw: columns.some((column) => column.notNull || (isFilled(column) && isJudged(column))),
  }
}

/** Fields of CSV as texts; a record of JSON as a text, and taken apart for each VARIANT that takes all of it. */
function selectedColumns({ fields, values }: CopySelect, type: 'CSV' | 'JSON'): LaidOutColumn[] {
  const named = Array.from({ length: fields }, (_, index): LaidOutColumn => {
    const name = fieldName(index + 1)
    return { name, exactName: name, tellsGiven: false, as: type === 'CSV' ? 'text' : 'json' }
  })
  const records = values.filter(({ form }) => form === 'record')
  return [
    ...named,
    ...records.map(({ column: name }): LaidOutColumn => ({ name, exactName: name, tellsGiven: false, as: 'record' })),
  ]
}
