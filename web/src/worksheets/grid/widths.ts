import type { Result } from '../../api/query.ts'
import { shownCell } from '../../charts/cells.ts'
import { type Manner, shownText } from '../../text/figures.ts'

export const narrowest = 56
export const widest = 1600
const firstWidest = 380
const looked = 200
const pixels = 7.5
const padding = 26

/** Characters of East Asian scripts take two places. */
const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g

function lengthOf(text: string): number {
  return text.length + (text.match(wide)?.length ?? 0)
}

/** Widths that suit the first rows of a result. */
export function fitWidths({ columns, rows }: Pick<Result, 'columns' | 'rows'>, manner: Manner): number[] {
  return columns.map((column, index) => {
    const texts = rows.slice(0, looked).map((row) => lengthOf(shownCell(column, row[index], manner, 80)))
    const most = Math.max(lengthOf(shownText(column.name, 60)) + 1, ...texts)
    return Math.round(Math.min(firstWidest, Math.max(narrowest, most * pixels + padding)))
  })
}

/** Left edges of columns, and the right edge of the last. */
export function edgesOf(widths: readonly number[]): number[] {
  const edges = [0]
  for (const width of widths) edges.push((edges.at(-1) ?? 0) + width)
  return edges
}
