import type { Column } from '../../src/log-type/log-type.ts'

/** A value as the oracle gives it: text decoded, `bigint` and times (microseconds since 1970) as bigint. */
export type Cell = string | number | bigint

/** The columns of a row: every column of the type, null where it is NULL. */
export type Cells = Record<string, Cell | null>

/** A line read; `extra` is null when nothing went there. */
export interface Row {
  readonly values: Cells
  readonly extra: Record<string, string> | null
}

/** Why a line is not a row. `column` is null where the fault is the whole line's, or in a field that is no column. */
export interface Fault {
  readonly code: string
  readonly column: string | null
}

/** What one line that is not blank turns out to be. */
export type Reading =
  | { readonly is: 'row'; readonly row: Row }
  | { readonly is: 'header' }
  | { readonly is: 'reject'; readonly fault: Fault }

/** Reads one line, a byte string (one character for each byte), without its line end. */
export type LineReader = (line: string) => Reading

export interface ReadOptions {
  /** Fields of a flow log file without header. */
  readonly format?: readonly string[]
  /** Whether secrets are redacted, in `uri` columns and in rejects. True unless set. */
  readonly redact?: boolean
}

/** The columns that are read from text, by name. */
export function textColumns(columns: readonly Column[]): ReadonlyMap<string, Column> {
  return new Map(columns.filter(({ decodedFrom }) => decodedFrom === undefined).map((column) => [column.name, column]))
}

/** A row whose columns are all NULL. */
export function emptyCells(columns: readonly Column[]): Cells {
  return Object.fromEntries(columns.map(({ name }) => [name, null]))
}

export function reject(code: string, column: string | null): Reading {
  return { is: 'reject', fault: { code, column } }
}
