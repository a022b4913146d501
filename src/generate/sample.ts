import type { LineCounts } from './file-lines.ts'
import type { FlowField } from './flow-fields.ts'
import type { Incident, Totals } from './ground-truth.ts'
import type { LineBuffer } from './line-buffer.ts'

/** A planned set of files, each of which can be written independently of the others. */
export interface Sample {
  count: number
  file(index: number): SampleFile
  incidents: Incident[]
  /** Grows while the chunks of the files are read. */
  totals: Totals
}

export interface SampleFile {
  /** Path under the directory, with forward slashes. */
  path: string
  /** Of flow logs; empty for access logs. */
  fields: readonly FlowField[]
  chunks(out: LineBuffer, counts: LineCounts): Iterable<Buffer>
}

/** How many bad lines each file gets, given the rows of each and the share of bad lines among all lines. */
export function spreadBadLines(rowsByFile: readonly number[], share: number): number[] {
  let rowsSoFar = 0
  let linesSoFar = 0
  return rowsByFile.map((rows) => {
    rowsSoFar += rows
    const lines = Math.round((rowsSoFar * share) / (1 - share)) - linesSoFar
    linesSoFar += lines
    return lines
  })
}
