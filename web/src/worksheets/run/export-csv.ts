import { csvLines } from '../../tiles/csv.ts'
import type { Coming } from './read-result.ts'

const sliceMs = 12

/** All rows of a result as a CSV file, made in slices: the page stays quick meanwhile. */
export async function csvFile({ head, rows }: Coming): Promise<Blob> {
  // Each part is handed over by itself: as one, a hundred megabytes of text would be encoded at once.
  const parts = [new Blob([csvLines([head.columns.map((column) => column.name)])])]
  let startedAt = performance.now()
  for (const batch of rows.all()) {
    parts.push(new Blob([csvLines(batch)]))
    if (performance.now() - startedAt < sliceMs) continue
    await new Promise((resolve) => {
      setTimeout(resolve, 0)
    })
    startedAt = performance.now()
  }
  return new Blob(parts, { type: 'text/csv;charset=utf-8' })
}
