import type { Result } from '../api/query.ts'
import { plainText } from '../text/figures.ts'

/** What a spreadsheet would run: text that begins so gets an apostrophe, also behind blanks that spreadsheets pass over. */
const formula = /^\s*[=+\-@|\t\r\uFF1D\uFF0B\uFF0D\uFF20]/

function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  const text = plainText(value)
  const safe = formula.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Lines of CSV (RFC 4180). Text that a spreadsheet would take for a formula is made text. */
export function csvLines(rows: readonly (readonly unknown[])[]): string {
  return rows.map((row) => `${row.map(cellText).join(',')}\r\n`).join('')
}

/** A result as CSV, with the names of its columns first. */
export function csvOf({ columns, rows }: Pick<Result, 'columns' | 'rows'>): string {
  return csvLines([columns.map((column) => column.name), ...rows])
}
