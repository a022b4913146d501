// Words, [bracketed] and "quoted" values in the order of a plan: flow logs in any order, web access logs in one.

export { columnAddress, createColumns, packCodes, rejects, reset, rows, setColumn } from './columns'
export { beginFile, line, regionBuffer, rejectLong, setFixedColumns, skipLine, skipped } from './lines'
export { setRedaction } from './values'
export { countNewlines } from './count'
export { inputBuffer } from './input'

import { PLAIN, columnAt, isFull, pushMetWord, pushPlain, pushText, rows } from './columns'
import { acceptRow, checkBytes, countSkipped, isBlank, nextLine, putBack, readableCopy, rejectLine } from './lines'
import { Scratch, createScratch, endOfLine, endOfWord, isPlain, put, putBytes, putJson } from './text'
import { ADDRESS, ENUM, EPOCH, FIELD_EMPTY, FIELD_MISSING, FIELD_SURPLUS, INTEGER, NOT_QUOTED, NOT_UTF8, QUOTE_OPEN, SEGMENT_FULL, TEXT, ipv4Length, isDash, pushDigits, pushValue } from './values'

const MAX_FIELDS: i32 = 256
const PLAN_ENTRY: usize = 20
/** Per field: column or -1, kind, token, then offset and length of its name in `names`. */
const plan: usize = heap.alloc(<usize>MAX_FIELDS * PLAN_ENTRY)
const names: Scratch = createScratch()
const extra: Scratch = createScratch()
let fieldCount: i32 = 0
let leastCount: i32 = 0
let extraColumn: i32 = -1
let hasHeader: bool = false
let allowsTimestamp: bool = false
let keepsSurplus: bool = false

const BRACKETED: i32 = 1
const QUOTED: i32 = 2

export function planBuffer(): usize {
  return plan
}

export function namesBuffer(length: i32): usize {
  names.used = 0
  if (length > names.capacity) {
    names.capacity = length
    names.at = heap.realloc(names.at, length + 16)
  }
  return names.at
}

/** Takes the plan from the buffers. `least`: fields a line must have. */
export function setPlan(count: i32, least: i32, extraAt: i32, header: bool, timestamp: bool, surplus: bool): void {
  fieldCount = count
  leastCount = least
  extraColumn = extraAt
  hasHeader = header
  allowsTimestamp = timestamp
  keepsSurplus = surplus
}

function putName(at: usize, length: i32): void {
  put(extra, extra.used == 1 ? 32 : 44)
  put(extra, 34)
  putBytes(extra, at, length)
  put(extra, 34)
  put(extra, 58)
}

function putExtra(name: usize, nameLength: i32, at: usize, end: usize): void {
  if (extra.used == 0) put(extra, 123)
  putName(name, nameLength)
  put(extra, 34)
  putJson(extra, at, end)
  put(extra, 34)
}

/** An ISO timestamp that a CloudWatch Logs export puts before each event. */
function isTimestamp(at: usize, end: usize): bool {
  return end - at >= 20 && end - at <= 30 && load<u8>(at + 4) == 45 && load<u8>(at + 7) == 45 && load<u8>(at + 10) == 84 && load<u8>(end - 1) == 90
}

/** Closing quote of a value that began before `at`; a quote after a backslash belongs to the value. */
function closingQuote(at: usize, end: usize): usize {
  while (at < end) {
    const byte = load<u8>(at)
    if (byte == 92) at++
    else if (byte == 34) return at
    at++
  }
  return 0
}

let failedColumn: i32 = -1
const surplusName: Scratch = createScratch()

function nameSurplus(field: i32): void {
  const prefix: StaticArray<u8> = [102, 105, 101, 108, 100, 95]
  surplusName.used = 0
  for (let i = 0; i < 6; i++) put(surplusName, unchecked(prefix[i]))
  if (field > 99) put(surplusName, 48 + field / 100)
  if (field > 9) put(surplusName, 48 + (field / 10) % 10)
  put(surplusName, 48 + field % 10)
}

/** Reads one line; a space stands at `end`. */
function readLine(at: usize, end: usize): i32 {
  extra.used = 0
  failedColumn = -1
  if (allowsTimestamp) {
    const wordEnd = endOfWord(at)
    if (isTimestamp(at, wordEnd)) at = wordEnd + 1
  }
  let field = 0
  while (at <= end) {
    const entry = plan + <usize>field * PLAN_ENTRY
    const known = field < fieldCount
    failedColumn = known ? load<i32>(entry) : -1
    if (!known && (!keepsSurplus || field >= MAX_FIELDS)) return FIELD_SURPLUS
    if (keepsSurplus && at == end) return field < leastCount ? FIELD_MISSING : FIELD_EMPTY
    if (failedColumn >= 0 && load<i32>(entry, 8) == 0) {
      // The three cases that nearly all values are, each in one pass; whatever else falls through.
      if (load<u16>(at) == 0x202d) {
        at += 2
        field++
        continue
      }
      const kind = load<i32>(entry, 4)
      let next: usize = 0
      if (kind >= INTEGER && kind <= EPOCH) next = pushDigits(kind, columnAt(failedColumn), rows, at)
      else if (kind == TEXT || kind == ADDRESS || kind == ENUM) {
        const c = columnAt(failedColumn)
        if (c.kind == PLAIN && kind == ADDRESS) {
          const length = ipv4Length(at)
          if (length > 0) {
            pushPlain(c, rows, at, length)
            next = at + length
          }
        } else next = pushMetWord(c, rows, at)
      }
      if (next != 0) {
        at = next + 1
        field++
        continue
      }
    }
    let token = known ? load<i32>(entry, 8) : 0
    if (!known && load<u8>(at) == 34 && at < end) token = QUOTED
    let from = at
    let to: usize
    if (token == 0) {
      to = endOfWord(at)
      if (to == from) return FIELD_EMPTY
      at = to + 1
    } else if (isDash(at, endOfWord(at))) {
      to = at + 1
      at += 2
    } else {
      from = at + 1
      if (token == QUOTED) {
        if (load<u8>(at) != 34) return NOT_QUOTED
        to = closingQuote(from, end)
      } else {
        if (load<u8>(at) != 91) return NOT_QUOTED
        to = from
        while (to < end && load<u8>(to) != 93) to++
        if (to == end) to = 0
      }
      if (to == 0) return QUOTE_OPEN
      at = to + 1
      if (load<u8>(at) != 32) return NOT_QUOTED
      at++
    }
    if (!isDash(from, to) && (token != QUOTED || to > from)) {
      if (!known) {
        nameSurplus(field + 1)
        putExtra(surplusName.at, surplusName.used, from, to)
      } else if (failedColumn < 0) {
        putExtra(names.at + load<u32>(entry, 12), load<i32>(entry, 16), from, to)
      } else {
        const reason = pushValue(load<i32>(entry, 4), columnAt(failedColumn), rows, from, to)
        if (reason != 0) return reason
      }
    }
    field++
  }
  if (field < leastCount) {
    failedColumn = load<i32>(plan + <usize>field * PLAN_ENTRY)
    return FIELD_MISSING
  }
  if (extra.used > 0) {
    put(extra, 125)
    pushText(columnAt(extraColumn), rows, extra.at, extra.used)
  }
  return 0
}

/** Reads a line with a space put at its end for the time of reading, so that every word ends. */
function readClosed(at: usize, end: usize): i32 {
  const saved = load<u8>(end)
  store<u8>(end, 32)
  const reason = readLine(at, end)
  store<u8>(end, saved)
  return reason
}

/** Reads a line with control bytes or beyond ASCII: clients choose what web logs hold, AWS alone what flow logs hold. */
function readOdd(at: usize, end: usize): i32 {
  failedColumn = -1
  const reason = checkBytes(at, end, !hasHeader)
  if (reason == 0) return readClosed(at, end)
  if (reason != NOT_UTF8 || hasHeader) return reason
  const copy = readableCopy(at, end)
  return readClosed(copy.at, copy.at + copy.used)
}

/** True when every word looks like a field name: the caller then decides whether the line is a header. */
function looksLikeHeader(at: usize, end: usize): bool {
  let wordStart = true
  for (; at < end; at++) {
    const byte = load<u8>(at)
    const letter = byte >= 97 && byte <= 122
    if (wordStart) {
      if (!letter) return false
      wordStart = false
    } else if (byte == 32) wordStart = true
    else if (!letter && byte != 45 && byte != 95 && (byte < 48 || byte > 57)) return false
  }
  return !wordStart
}

export let consumed: usize = 0
/** 0: all whole lines are read. 1: the segment is full. 2: the next line may be a header. */
export let state: i32 = 0

/**
 * Reads lines from `at` to `limit`; a last line without newline only when `isLast`. At least 16 writable bytes follow `limit`.
 * `takesHeader` false: the first line is data whatever it looks like.
 */
export function parse(start: usize, limit: usize, isLast: bool, takesHeader: bool): void {
  let at = start
  let mayBeHeader = takesHeader && hasHeader
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
    const first = load<u8>(at)
    if (mayBeHeader && first >= 97 && first <= 122 && looksLikeHeader(at, end)) {
      state = 2
      break
    }
    mayBeHeader = hasHeader
    nextLine()
    if ((end == at || first <= 32) && isBlank(at, end)) countSkipped()
    else {
      const reason = plain ? readClosed(at, end) : readOdd(at, end)
      if (reason == SEGMENT_FULL) {
        putBack()
        state = 1
        break
      }
      if (reason == 0) acceptRow()
      else rejectLine(at, end, reason, failedColumn)
    }
    at = newline + 1
  }
  consumed = min(at, limit) - start
}
