import type { LineBuffer } from './line-buffer.ts'
import { createClock, type TimeWindow } from './rhythm.ts'

/** Counts of one file; they grow while its chunks are read. */
export interface LineCounts {
  rows: number
  rejects: number
  skipped: number
}

interface FileLines<Entry> extends TimeWindow {
  out: LineBuffer
  counts: LineCounts
  /** Rows besides those of incidents. */
  rows: number
  /** Records of incidents, ordered by time. */
  planted: readonly Entry[]
  badLines: number
  timeOf: (entry: Entry) => number
  writePlanted: (entry: Entry) => void
  /** Writes the records of one conversation or request at a time, at most as many as are left. */
  writeNext: (time: number, left: number) => void
  /** Writes a line that cannot be read, made from the line before. */
  writeBad: (lastLine: string) => void
}

/** Yields the lines of a file in chunks of about 1 MB, ordered by time; a chunk is valid until the next is asked for. */
export function* writeLines<Entry>(file: FileLines<Entry>): Generator<Buffer, void> {
  const { out, counts, planted, timeOf } = file
  const clock = createClock(file)
  const allRows = file.rows + planted.length
  let plantedRows = 0
  while (counts.rows < allRows) {
    const background = counts.rows - plantedRows
    const time = background < file.rows ? clock(background / file.rows) : Infinity
    const next = planted[plantedRows]
    if (next !== undefined && timeOf(next) <= time) {
      file.writePlanted(next)
      plantedRows++
    } else {
      file.writeNext(time, file.rows - background)
    }
    let lastLine: string | undefined
    while (counts.rejects < file.badLines && counts.rows * file.badLines >= (counts.rejects + 0.5) * allRows) {
      lastLine ??= out.lastLine()
      file.writeBad(lastLine)
      counts.rejects++
    }
    if (out.isFull) yield out.take()
  }
  yield out.take()
}
