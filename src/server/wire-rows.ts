import type { ResultColumn } from '../api.ts'

/** JSON has no NaN and no infinity: in columns of these types they travel as text. */
function isFloating(column: ResultColumn): boolean {
  return column.type === 'DOUBLE' || column.type === 'FLOAT'
}

/** A row as it travels: its values in the order of the columns. */
export function packRow(columns: readonly ResultColumn[], row: object): unknown[] {
  return columns.map((column) => {
    const value: unknown = Reflect.get(row, column.name)
    return typeof value === 'number' && !Number.isFinite(value) && isFloating(column) ? String(value) : value
  })
}

/** The row that was packed. */
export function unpackRow(columns: readonly ResultColumn[], values: readonly unknown[]): object {
  return Object.fromEntries(
    columns.map((column, index) => {
      const value = values[index]
      return [column.name, typeof value === 'string' && isFloating(column) ? Number(value) : value]
    }),
  )
}
