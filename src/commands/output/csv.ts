import type { ResultColumn } from '../../api.ts'
import { visible } from '../../server/visible.ts'
import { cellText, valueIn } from './cell.ts'

// An empty text is quoted, so that it differs from NULL.
function field(text: string): string {
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Rows as CSV by RFC 4180, lines ended by a line feed. NULL is empty; cells that begin with `=` or the like stay as they are. `isShown` escapes controls, for a terminal. */
export async function* csvText(
  columns: readonly ResultColumn[],
  rows: AsyncIterable<object> | Iterable<object>,
  isShown: boolean,
): AsyncGenerator<string, void> {
  const shown = isShown ? visible : (text: string): string => text
  yield `${columns.map((column) => field(shown(column.name))).join(',')}\n`
  for await (const row of rows) {
    const fields = columns.map((column) => {
      const value = valueIn(row, column.name)
      return value === null || value === undefined ? '' : field(shown(cellText(value, '')))
    })
    yield `${fields.join(',')}\n`
  }
}
