// What every kernel does around its own reading of a line: blank lines, checks of bytes, rejects, the columns of each row.

import { MAX_RAW, columnAt, endRow, pushInt32, pushInt64, pushText, rejects, rollbackRow, rows, takeReject } from './columns'
import { Scratch, createScratch, hasByteBelow, isUtf8, putReadable, putRedacted } from './text'
import { HAS_CONTROL, HAS_NUL, NOT_UTF8, TOO_LONG, redactionIsOn } from './values'

const readable: Scratch = createScratch()
const redacted: Scratch = createScratch()

let fileColumn: i32 = 0
let rejectColumn: i32 = 0
let fileId: i32 = 0
let accountId: i64 = -1
const region: Scratch = createScratch()

/** Lines met in the current file, and those of them that are neither row nor reject. */
export let line: i64 = 0
export let skipped: i64 = 0

/** Columns of every row from `first` on: _file_id, _line, path_account_id, path_region; of every reject from `firstReject` on: _file_id, line, raw, raw_bytes, reason. */
export function setFixedColumns(first: i32, firstReject: i32): void {
  fileColumn = first
  rejectColumn = firstReject
}

/** Begins a file; the region's bytes stand in the region buffer. */
export function beginFile(id: i32, account: i64, regionLength: i32, firstLine: i64): void {
  fileId = id
  accountId = account
  region.used = regionLength
  line = firstLine
  skipped = 0
}

export function regionBuffer(): usize {
  return region.at
}

export function nextLine(): void {
  line++
}

/** The current line is to be met again, in a new segment. */
export function putBack(): void {
  rollbackRow()
  line--
}

/** The current line is neither row nor reject. */
export function countSkipped(): void {
  skipped++
}

/** Passes over a header. */
export function skipLine(): void {
  line++
  skipped++
}

export function acceptRow(): void {
  pushInt32(columnAt(fileColumn), rows, fileId)
  pushInt64(columnAt(fileColumn + 1), rows, line)
  if (accountId >= 0) pushInt64(columnAt(fileColumn + 2), rows, accountId)
  if (region.used > 0) pushText(columnAt(fileColumn + 3), rows, region.at, region.used)
  endRow()
}

/** Keeps the current line as a reject: code in the upper bits, column + 1 in the lower ten. */
export function rejectLine(at: usize, end: usize, code: i32, column: i32): void {
  rollbackRow()
  readable.used = 0
  putReadable(readable, at, min(end, at + MAX_RAW))
  let text = readable.at
  let length = readable.used
  if (redactionIsOn()) {
    redacted.used = 0
    if (putRedacted(redacted, text, text + length)) {
      text = redacted.at
      length = redacted.used
    }
  }
  pushInt32(columnAt(rejectColumn), rejects, fileId)
  pushInt64(columnAt(rejectColumn + 1), rejects, line)
  pushText(columnAt(rejectColumn + 2), rejects, text, length)
  pushInt32(columnAt(rejectColumn + 3), rejects, <i32>min<usize>(end - at, i32.MAX_VALUE))
  pushInt32(columnAt(rejectColumn + 4), rejects, (code << 10) | (column + 1))
  takeReject(length)
}

/** Rejects the beginning of a line too long to be held; its rest is passed over by the caller. */
export function rejectLong(at: usize, end: usize): void {
  line++
  rejectLine(at, end, TOO_LONG, -1)
}

export function isBlank(at: usize, end: usize): bool {
  for (; at < end; at++) {
    const byte = load<u8>(at)
    if (byte != 32 && byte != 9 && byte != 13) return false
  }
  return true
}

/** A copy of a line in which bytes that are not UTF-8 read as U+FFFD; a byte may be written behind its end. */
export function readableCopy(at: usize, end: usize): Scratch {
  readable.used = 0
  putReadable(readable, at, end)
  return readable
}

/** Why the bytes of a line that is not plain ASCII cannot be text, or 0. */
export function checkBytes(at: usize, end: usize, allowsControl: bool): i32 {
  if (hasByteBelow(at, end, 1)) return HAS_NUL
  if (!allowsControl && hasByteBelow(at, end, 32)) return HAS_CONTROL
  return isUtf8(at, end) ? 0 : NOT_UTF8
}
