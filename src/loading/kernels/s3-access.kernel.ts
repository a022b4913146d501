// S3 server access log lines. Request-URI, referer and user agent are quoted but never escaped, so they are found from what
// stands around them; docs/PARSING.md gives the rules in order.

export { columnAddress, createColumns, packCodes, rejects, reset, rows, setColumn } from './columns'
export { beginFile, line, regionBuffer, rejectLong, setFixedColumns, skipLine, skipped } from './lines'
export { setRedaction } from './values'
export { countNewlines } from './count'
export { inputBuffer } from './input'

import { columnAt, isFull, pushText, rows } from './columns'
import { acceptRow, checkBytes, countSkipped, isBlank, nextLine, putBack, readableCopy, rejectLine } from './lines'
import { Scratch, createScratch, endOfLine, endOfWord, hasByte, isPlain, put, putBytes, putDecoded, putJson } from './text'
import { FIELD_EMPTY, FIELD_MISSING, HAS_NUL, NOT_QUOTED, NOT_TIME, NO_OPERATION, QUOTE_OPEN, SEGMENT_FULL, URI_OPEN, isDash, pushValue } from './values'

const FIELDS: i32 = 27
const LEAST_FIELDS: i32 = 18
const MAX_REQUESTER_BLANKS: i32 = 16
/** From this field on the rest of the line is kept as one. */
const LAST_SURPLUS: i32 = 64
const QUOTE: u8 = 34
const SPACE: u8 = 32

/** Per field in AWS's order: column, kind. */
const plan: usize = heap.alloc(FIELDS * 8)
const extra: Scratch = createScratch()
const once: Scratch = createScratch()
const twice: Scratch = createScratch()
let objectKeyColumn: i32 = 0
let extraColumn: i32 = 0
let failed: i32 = -1

export function planBuffer(): usize {
  return plan
}

export function setPlan(objectKeyAt: i32, extraAt: i32): void {
  objectKeyColumn = objectKeyAt
  extraColumn = extraAt
}

/** A fault met from here on is this field's. */
function enter(field: i32): void {
  failed = load<i32>(plan + (<usize>field << 3))
}

function push(field: i32, at: usize, end: usize): i32 {
  if (at == end || isDash(at, end)) return 0
  enter(field)
  return pushValue(load<i32>(plan + (<usize>field << 3), 4), columnAt(failed), rows, at, end)
}

function startsWith(at: usize, end: usize, word: string): bool {
  if (<i32>(end - at) < word.length) return false
  for (let i = 0; i < word.length; i++) if (<u16>load<u8>(at + i) != <u16>word.charCodeAt(i)) return false
  return true
}

function hasKnownBeginning(at: usize, end: usize): bool {
  return startsWith(at, end, 'REST.') || startsWith(at, end, 'BATCH.') || startsWith(at, end, 'S3.') || startsWith(at, end, 'WEBSITE.') || startsWith(at, end, 'SOAP.')
}

/** Two or more dotted parts of capitals, digits and underscores: operations AWS may add. */
function looksLikeOperation(at: usize, end: usize): bool {
  let dots = 0
  let previous: u8 = 46
  for (; at < end; at++) {
    const byte = load<u8>(at)
    if (byte == 46) {
      if (previous == 46) return false
      dots++
    } else if (!((byte >= 65 && byte <= 90) || (byte >= 48 && byte <= 57) || byte == 95)) return false
    previous = byte
  }
  return dots > 0 && previous != 46
}

function isNumberOrDash(at: usize, end: usize): bool {
  if (isDash(at, end)) return true
  if (at == end) return false
  for (; at < end; at++) if (load<u8>(at) < 48 || load<u8>(at) > 57) return false
  return true
}

/** True when ` status code n n n n ` follows the quote at `quote`. */
function closesUri(quote: usize, end: usize): bool {
  let at = quote + 1
  if (at >= end || load<u8>(at) != SPACE) return false
  at++
  let to = endOfWord(at)
  if (to >= end || !(isDash(at, to) || (to - at == 3 && isNumberOrDash(at, to)))) return false
  at = to + 1
  to = endOfWord(at)
  if (to >= end || to == at) return false
  for (let i = 0; i < 4; i++) {
    at = to + 1
    to = endOfWord(at)
    if (to >= end || !isNumberOrDash(at, to)) return false
  }
  return true
}

function endsWithVersion(start: usize, at: usize): bool {
  const short = at - 7
  if (short >= start && startsWith(short, at, ' HTTP/')) return load<u8>(at - 1) >= 48 && load<u8>(at - 1) <= 57
  const long = at - 9
  return long >= start && startsWith(long, at, ' HTTP/') && load<u8>(at - 2) == 46 && load<u8>(at - 3) >= 48 && load<u8>(at - 3) <= 57 && load<u8>(at - 1) >= 48 && load<u8>(at - 1) <= 57
}

/** The quote that ends the URI whose text begins at `start`: the first fit after HTTP/x.y, else the first fit; 0 for none. */
function uriEnd(start: usize, end: usize): usize {
  let first: usize = 0
  for (let at = start; at < end; at++) {
    if (load<u8>(at) != QUOTE || !closesUri(at, end)) continue
    if (endsWithVersion(start, at)) return at
    if (first == 0) first = at
  }
  return first
}

function lastQuote(at: usize, end: usize): usize {
  while (end > at) if (load<u8>(--end) == QUOTE) return end
  return 0
}

/** The first quote of the first `" "` that lies whole before `end`, or 0. */
function quoteGap(at: usize, end: usize): usize {
  for (; at + 2 < end; at++) if (load<u8>(at) == QUOTE && load<u8>(at + 1) == SPACE && load<u8>(at + 2) == QUOTE) return at
  return 0
}

/** The object's own key where it differs from the logged one, which AWS percent-encodes, mostly twice. */
function pushObjectKey(at: usize, end: usize): void {
  if (!hasByte(at, end, 37)) return
  once.used = 0
  if (!putDecoded(once, at, end)) return
  twice.used = 0
  const decoded = hasByte(once.at, once.at + once.used, 37) && putDecoded(twice, once.at, once.at + once.used) ? twice : once
  pushText(columnAt(objectKeyColumn), rows, decoded.at, decoded.used)
}

function putSurplus(field: i32, at: usize, end: usize): void {
  put(extra, extra.used == 0 ? 123 : 44)
  const opening: StaticArray<u8> = [34, 102, 105, 101, 108, 100, 95]
  for (let i = 0; i < 7; i++) put(extra, unchecked(opening[i]))
  put(extra, 48 + field / 10)
  put(extra, 48 + (field % 10))
  put(extra, 34)
  put(extra, 58)
  put(extra, 34)
  putJson(extra, at, end)
  put(extra, 34)
}

/** Fields 18 and later: words, those beyond the known ones into `extra`. */
function readTail(at: usize, end: usize): i32 {
  let field = LEAST_FIELDS - 1
  enter(field)
  if (at >= end) return FIELD_MISSING
  extra.used = 0
  while (at <= end && field < LAST_SURPLUS) {
    if (field < FIELDS) enter(field)
    else failed = -1
    const to = field == LAST_SURPLUS - 1 ? end : endOfWord(at)
    if (to == at) return FIELD_EMPTY
    if (field < FIELDS) {
      const reason = push(field, at, to)
      if (reason != 0) return reason
    } else if (!isDash(at, to)) putSurplus(field + 1, at, to)
    at = to + 1
    field++
  }
  if (extra.used > 0) {
    put(extra, 125)
    pushText(columnAt(extraColumn), rows, extra.at, extra.used)
  }
  return 0
}

/** Referer and user agent from `at`; the tail after them. */
function readClient(at: usize, end: usize): i32 {
  enter(15)
  if (at >= end) return FIELD_MISSING
  let agent: usize
  if (load<u8>(at) == 45 && load<u8>(at + 1) == SPACE) agent = at + 2
  else {
    if (load<u8>(at) != QUOTE) return NOT_QUOTED
    const last = lastQuote(at + 1, end)
    if (last == 0) return QUOTE_OPEN
    const dashed = at + 2 < end && load<u8>(at + 1) == 45 && load<u8>(at + 2) == QUOTE && load<u8>(at + 3) == SPACE
    const gap = dashed ? at + 2 : quoteGap(at + 1, last)
    const close = gap != 0 ? gap : last
    const reason = push(15, at + 1, close)
    if (reason != 0) return reason
    if (load<u8>(close + 1) != SPACE) return NOT_QUOTED
    agent = close + 2
  }
  enter(16)
  if (agent >= end) return FIELD_MISSING
  if (load<u8>(agent) == 45 && load<u8>(agent + 1) == SPACE) return readTail(agent + 2, end)
  if (load<u8>(agent) != QUOTE) return NOT_QUOTED
  const close = lastQuote(agent + 1, end)
  if (close == 0) return QUOTE_OPEN
  const reason = push(16, agent + 1, close)
  if (reason != 0) return reason
  if (load<u8>(close + 1) != SPACE) return NOT_QUOTED
  return readTail(close + 2, end)
}

/** The word at `at` as a field; its end goes to `wordEnd`. */
let wordEnd: usize = 0
function readWord(field: i32, at: usize, end: usize): i32 {
  enter(field)
  if (at >= end) return FIELD_MISSING
  wordEnd = endOfWord(at)
  return wordEnd == at ? FIELD_EMPTY : push(field, at, wordEnd)
}

/** Requester, request id and operation from `at`; the operation's end goes to `wordEnd`. */
function readRequester(at: usize, end: usize): i32 {
  enter(4)
  if (at >= end) return FIELD_MISSING
  if (load<u8>(at) == SPACE) return FIELD_EMPTY
  enter(6)
  let id = endOfWord(at) + 1
  for (let blanks = 0; blanks <= MAX_REQUESTER_BLANKS && id <= end; blanks++) {
    const operation = endOfWord(id) + 1
    if (operation > end) break
    const to = endOfWord(operation)
    if (operation - id > 1 && (hasKnownBeginning(operation, to) || (blanks == 0 && looksLikeOperation(operation, to)))) {
      wordEnd = to
      // Text columns: none of the three can fail.
      push(4, at, id - 1)
      push(5, id, operation - 1)
      push(6, operation, to)
      return 0
    }
    id = operation
  }
  return NO_OPERATION
}

/** Reads one line; a space stands at `end`. */
function readLine(start: usize, end: usize): i32 {
  let at = start
  for (let field = 0; field < 2; field++) {
    enter(field)
    if (field == 0 && load<u8>(at) == SPACE) return FIELD_EMPTY
    const reason = readWord(field, at, end)
    if (reason != 0) return reason
    at = wordEnd + 1
  }
  enter(2)
  if (at >= end) return FIELD_MISSING
  if (at + 28 >= end || load<u8>(at) != 91 || load<u8>(at + 27) != 93 || load<u8>(at + 28) != SPACE) return NOT_TIME
  let reason = push(2, at + 1, at + 27)
  if (reason != 0) return reason
  at += 29
  reason = readWord(3, at, end)
  if (reason != 0) return reason
  reason = readRequester(wordEnd + 1, end)
  if (reason != 0) return reason
  at = wordEnd + 1
  reason = readWord(7, at, end)
  if (reason != 0) return reason
  pushObjectKey(at, wordEnd)
  at = wordEnd + 1
  enter(8)
  if (at >= end) return FIELD_MISSING
  if (load<u8>(at) == 45 && load<u8>(at + 1) == SPACE) at += 2
  else {
    if (load<u8>(at) != QUOTE) return NOT_QUOTED
    const close = uriEnd(at + 1, end)
    if (close == 0) return URI_OPEN
    push(8, at + 1, close)
    at = close + 2
  }
  for (let field = 9; field < 15; field++) {
    reason = readWord(field, at, end)
    if (reason != 0) return reason
    at = wordEnd + 1
  }
  return readClient(at, end)
}

function readClosed(at: usize, end: usize): i32 {
  const saved = load<u8>(end)
  store<u8>(end, SPACE)
  const reason = readLine(at, end)
  store<u8>(end, saved)
  return reason
}

/** Bytes that are not UTF-8 come from clients: the line is a row, with U+FFFD in their place. */
function readOdd(at: usize, end: usize): i32 {
  failed = -1
  const reason = checkBytes(at, end, true)
  if (reason == 0) return readClosed(at, end)
  if (reason == HAS_NUL) return reason
  const copy = readableCopy(at, end)
  return readClosed(copy.at, copy.at + copy.used)
}

export let consumed: usize = 0
/** 0: all whole lines are read. 1: the segment is full. */
export let state: i32 = 0

/** Reads lines from `at` to `limit`; a last line without newline only when `isLast`. At least 16 writable bytes follow `limit`. */
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
    if ((end == at || load<u8>(at) <= SPACE) && isBlank(at, end)) countSkipped()
    else {
      const reason = plain ? readClosed(at, end) : readOdd(at, end)
      if (reason == SEGMENT_FULL) {
        putBack()
        state = 1
        break
      }
      if (reason == 0) acceptRow()
      else rejectLine(at, end, reason, failed)
    }
    at = newline + 1
  }
  consumed = min(at, limit) - start
}
