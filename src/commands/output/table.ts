import type { ResultColumn } from '../../api.ts'
import { visible } from '../../server/visible.ts'
import { cellText, valueIn } from './cell.ts'
import { fitText, textWidth } from './width.ts'

/** Rows whose widths decide the columns' widths. Later rows are written as they come. */
const measuredRows = 1000

const numeric = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|UINTEGER|FLOAT|DOUBLE|BIGNUM|DECIMAL.*)$/

interface Line {
  readonly cells: readonly string[]
}

function padded(text: string, width: number, isNumber: boolean): string {
  const space = ' '.repeat(Math.max(0, width - textWidth(text)))
  return isNumber ? space + text : text + space
}

/** Rows as a table: columns aligned, numbers to the right, nothing in it that a terminal would act upon. Cells wider than `most` are cut. */
export async function* tableText(
  columns: readonly ResultColumn[],
  rows: AsyncIterable<object> | Iterable<object>,
  most: number,
): AsyncGenerator<string, void> {
  const isNumber = columns.map((column) => numeric.test(column.type))
  const heads = columns.map((column) => fitText(visible(column.name), most))
  const widths = heads.map(textWidth)
  let measured: Line[] | undefined = []

  const lineText = ({ cells }: Line): string =>
    `${cells
      .map((cell, index) => padded(cell, widths[index] ?? 0, isNumber[index] === true))
      .join('  ')
      .trimEnd()}\n`
  const measure = ({ cells }: Line): void => {
    for (const [index, cell] of cells.entries()) widths[index] = Math.max(widths[index] ?? 0, textWidth(cell))
  }
  const opening = (lines: readonly Line[]): string => {
    for (const line of lines) measure(line)
    const rule = { cells: widths.map((width) => '-'.repeat(width)) }
    return [{ cells: heads }, rule, ...lines].map(lineText).join('')
  }

  for await (const row of rows) {
    const line = { cells: columns.map((column) => fitText(visible(cellText(valueIn(row, column.name), 'NULL')), most)) }
    if (measured === undefined) yield lineText(line)
    else if (measured.push(line) === measuredRows) {
      yield opening(measured)
      measured = undefined
    }
  }
  if (measured !== undefined) yield opening(measured)
}

/** An object as a table: a name and a value on each line. */
export function objectText(object: object): string {
  const entries = Object.entries(object).map(([name, value]) => [visible(name), visible(cellText(value, 'NULL'))])
  const width = Math.max(0, ...entries.map(([name = '']) => textWidth(name)))
  return entries.map(([name = '', value = '']) => `${padded(name, width, false)}  ${value}\n`).join('')
}
