import { spoilFlowLine } from './bad-lines.ts'
import { createTraffic } from './conversations.ts'
import { writeLines, type LineCounts } from './file-lines.ts'
import { formatVersion, writeFlowLine, type FlowField } from './flow-fields.ts'
import type { FlowRecord } from './flow-records.ts'
import type { FlowTotals } from './ground-truth.ts'
import type { LineBuffer } from './line-buffer.ts'
import type { Network } from './network.ts'
import type { Outside } from './outside.ts'
import type { Random } from './random.ts'
import type { TimeWindow } from './rhythm.ts'

interface FlowFile extends TimeWindow {
  network: Network
  outside: Outside
  fields: readonly FlowField[]
  random: Random
  /** Rows besides those of incidents. */
  rows: number
  planted: readonly FlowRecord[]
  badLines: number
}

export function blankFlowTotals(): FlowTotals {
  return { type: 'vpc-flow-logs', accept: 0, reject: 0, nodata: 0, skipdata: 0, packets: 0, bytes: 0 }
}

/** Yields the text of a flow log file, header line first; adds to the counts and totals on the way. */
export function* writeFlowFile(
  file: FlowFile,
  out: LineBuffer,
  counts: LineCounts,
  totals: FlowTotals,
): Generator<Buffer, void> {
  const { network, outside, fields, random } = file
  const version = formatVersion(fields)
  let left = 0
  const emit = (record: FlowRecord): void => {
    if (left === 0) return
    left--
    writeRow(record)
  }
  const converse = createTraffic({ network, outside, random, emit })

  out.text(fields.map((field) => field.name).join(' '))
  out.endLine()
  counts.skipped++
  yield* writeLines<FlowRecord>({
    ...file,
    out,
    counts,
    timeOf: (record) => record.end,
    writePlanted: writeRow,
    writeNext: (time, rowsLeft) => {
      left = rowsLeft
      converse(time)
    },
    writeBad: (lastLine) => {
      out.text(spoilFlowLine(lastLine, fields, random))
      out.endLine()
    },
  })

  function writeRow(record: FlowRecord): void {
    writeFlowLine(out, record, fields, version)
    counts.rows++
    count(record, totals)
  }
}

function count(record: FlowRecord, totals: FlowTotals): void {
  if (record.status === 'NODATA') {
    totals.nodata++
    return
  }
  if (record.status === 'SKIPDATA') {
    totals.skipdata++
    return
  }
  if (record.isAccepted) totals.accept++
  else totals.reject++
  totals.packets += record.packets
  totals.bytes += record.bytes
}
