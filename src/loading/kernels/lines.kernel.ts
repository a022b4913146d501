// Whole lines as they stand, for records that the engine takes apart itself (JSON).

export { columnAddress, createColumns, packCodes, rejects, reset, rows, setColumn } from './columns'
export { beginFile, line, regionBuffer, rejectLong, setFixedColumns, skipLine, skipped } from './lines'
export { setRedaction } from './values'
export { countNewlines } from './count'
export { inputBuffer } from './input'

import { columnAt, isFull, pushText, rows } from './columns'
import { acceptRow, checkBytes, countSkipped, isBlank, nextLine, rejectLine } from './lines'
import { endOfLine, isPlain } from './text'

let rawColumn: i32 = 0

export function setPlan(rawAt: i32): void {
  rawColumn = rawAt
}

export let consumed: usize = 0
export let state: i32 = 0

export function parse(start: usize, limit: usize, isLast: bool): void {
  let at = start
  state = 0
  while (at < limit) {
    if (isFull()) {
      state = 1
      break
    }
    const newline = endOfLine(at, limit)
    if (newline == limit && !isLast) break
    const plain = isPlain
    let end = newline
    if (end > at && load<u8>(end - 1) == 13) end--
    nextLine()
    if (isBlank(at, end)) countSkipped()
    else {
      const reason = plain ? 0 : checkBytes(at, end, true)
      if (reason == 0) {
        pushText(columnAt(rawColumn), rows, at, <i32>(end - at))
        acceptRow()
      } else rejectLine(at, end, reason, -1)
    }
    at = newline + 1
  }
  consumed = min(at, limit) - start
}
