import { accessLineWriter, blankAccessRecord, type AccessRecord } from './access-records.ts'
import { spoilAccessLine } from './bad-lines.ts'
import type { Bucket } from './buckets.ts'
import { writeLines, type LineCounts } from './file-lines.ts'
import type { AccessTotals } from './ground-truth.ts'
import { harden } from './hard-lines.ts'
import type { LineBuffer } from './line-buffer.ts'
import type { Random } from './random.ts'
import type { Requesters } from './requesters.ts'
import { createRequests } from './requests.ts'
import type { TimeWindow } from './rhythm.ts'

interface AccessFile extends TimeWindow {
  bucket: Bucket
  requesters: Requesters
  random: Random
  /** Rows besides those of incidents. */
  rows: number
  planted: readonly AccessRecord[]
  /** Share of the rows besides incidents that are hard to read, 0 to 1. */
  hardLines: number
  badLines: number
}

export function blankAccessTotals(): AccessTotals {
  return { type: 's3-access-logs', operations: {}, bytesSent: 0, anonymous: 0, errors: 0, hard: 0 }
}

/** Yields the text of an access log file; adds to the counts and totals on the way. */
export function* writeAccessFile(
  file: AccessFile,
  out: LineBuffer,
  counts: LineCounts,
  totals: AccessTotals,
): Generator<Buffer, void> {
  const { bucket, requesters, random, hardLines } = file
  const record = blankAccessRecord(bucket, file.from)
  const writeLine = accessLineWriter(out, random)
  let left = 0
  const emit = (made: AccessRecord): void => {
    if (left === 0) return
    left--
    if (hardLines === 0 || !random.chance(hardLines)) return writeRow(made)
    const hard = { ...made }
    harden(hard, random)
    totals.hard++
    writeRow(hard)
  }
  const request = createRequests({ bucket, requesters, random, record, emit })

  yield* writeLines<AccessRecord>({
    ...file,
    out,
    counts,
    timeOf: (planted) => planted.time,
    writePlanted: writeRow,
    writeNext: (time, rowsLeft) => {
      left = rowsLeft
      request(time)
    },
    writeBad: (lastLine) => {
      out.text(spoilAccessLine(lastLine, random))
      out.endLine()
    },
  })

  function writeRow(made: AccessRecord): void {
    writeLine(made)
    counts.rows++
    totals.operations[made.operation] = (totals.operations[made.operation] ?? 0) + 1
    if (made.bytesSent > 0) totals.bytesSent += made.bytesSent
    if (made.requester === '-') totals.anonymous++
    if (made.status >= 400) totals.errors++
  }
}
