import { useChoices } from '../app/choices.tsx'
import { fullNumber } from '../text/figures.ts'
import type { Rows } from './graph.ts'
import { useTaskText } from './use-task-text.ts'

/** What was written, in words: `3 rows inserted, 1 row deleted`. */
export function useRowsText(): (rows: Rows) => string {
  const text = useTaskText()
  const { language } = useChoices()
  return ({ inserted, updated, deleted }) => {
    const said = (
      [
        ['rowsInserted', inserted],
        ['rowsUpdated', updated],
        ['rowsDeleted', deleted],
      ] as const
    ).flatMap(([key, count]) => (count === 0 ? [] : [text(key, { count: fullNumber(count, undefined, language) })]))
    return said.length === 0 ? text('rowsNone') : said.join(text('comma'))
  }
}
