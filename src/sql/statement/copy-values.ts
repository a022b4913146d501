import { type NamePart, printPart, readPart } from './name.ts'
import type { Option } from './options.ts'

/** What COPY does with a file that has errors. */
export type CopyErrors =
  | { readonly action: 'CONTINUE' | 'SKIP_FILE' | 'ABORT_STATEMENT' }
  /** Skips a file with at least so many error rows. */
  | { readonly action: 'SKIP_FILE'; readonly rows: number }
  /** Skips a file with more than so many percent of error rows. */
  | { readonly action: 'SKIP_FILE'; readonly percent: number }

const errorActions = ['CONTINUE', 'SKIP_FILE', 'ABORT_STATEMENT'] as const

/** ON_ERROR. */
export const copyErrors: Option<CopyErrors> = {
  read: (reader, name) => {
    const expected = ['CONTINUE', 'SKIP_FILE', 'SKIP_FILE_10', "'SKIP_FILE_10%'", 'ABORT_STATEMENT']
    const value = reader.rawValue(expected.join(', '), name)
    const upper = value.text.toUpperCase()
    const action = errorActions.find((word) => word === upper)
    if (action !== undefined) return { action }
    const [, digits, percent] = /^SKIP_FILE_(\d{1,15})(%?)$/.exec(upper) ?? []
    const limit = Number(digits)
    if (digits === undefined || limit < 1 || (percent === '%' && limit > 100))
      throw reader.notAmong(value, expected, name, errorActions)
    return { action: 'SKIP_FILE', ...(percent === '%' ? { percent: limit } : { rows: limit }) }
  },
  print: (value) => {
    if ('rows' in value) return `SKIP_FILE_${value.rows}`
    return 'percent' in value ? `'SKIP_FILE_${value.percent}%'` : value.action
  },
}

/** What COPY shows instead of loading. */
export type ValidationMode =
  | { readonly mode: 'RETURN_ERRORS' | 'RETURN_ALL_ERRORS' }
  | { readonly mode: 'RETURN_ROWS'; readonly rows: number }

/** VALIDATION_MODE. */
export const validationMode: Option<ValidationMode> = {
  read: (reader, name) => {
    const expected = ['RETURN_10_ROWS', 'RETURN_ERRORS', 'RETURN_ALL_ERRORS']
    const value = reader.rawValue(expected.join(', '), name)
    const upper = value.text.toUpperCase()
    if (upper === 'RETURN_ERRORS' || upper === 'RETURN_ALL_ERRORS') return { mode: upper }
    const [, digits] = /^RETURN_(\d{1,15})_ROWS$/.exec(upper) ?? []
    if (digits === undefined || Number(digits) < 1) throw reader.notAmong(value, expected, name, expected.slice(1))
    return { mode: 'RETURN_ROWS', rows: Number(digits) }
  },
  print: (value) => (value.mode === 'RETURN_ROWS' ? `RETURN_${value.rows}_ROWS` : value.mode),
}

/** Snowflake's manual, "Querying metadata for staged files". */
const metadataColumns = [
  'METADATA$FILENAME',
  'METADATA$FILE_ROW_NUMBER',
  'METADATA$FILE_CONTENT_KEY',
  'METADATA$FILE_LAST_MODIFIED',
  'METADATA$START_SCAN_TIME',
] as const

/** A column that takes what is known of the file. */
export interface MetadataColumn {
  readonly column: NamePart
  readonly metadata: (typeof metadataColumns)[number]
}

/** INCLUDE_METADATA. */
export const includeMetadata: Option<readonly MetadataColumn[]> = {
  read: (reader, name) => {
    if (!reader.takeSymbol('(')) throw reader.unexpected('(column = METADATA$FILENAME, …)', name)
    const columns: MetadataColumn[] = []
    do {
      const column = readPart(reader, name)
      if (!reader.takeSymbol('=')) throw reader.unexpected('=', name)
      const value = reader.rawValue(metadataColumns.join(', '), name)
      const metadata = metadataColumns.find((word) => word === value.text.toUpperCase())
      if (metadata === undefined) throw reader.notAmong(value, metadataColumns, name)
      columns.push({ column, metadata })
    } while (reader.takeSymbol(','))
    if (!reader.takeSymbol(')')) throw reader.unexpected(', or )', name)
    return columns
  },
  print: (columns) => `(${columns.map(({ column, metadata }) => `${printPart(column)} = ${metadata}`).join(', ')})`,
}
