// Columnar buffers that every kernel writes and the spool reads. A value that is NULL takes no space but its bit.
// Layout of Column is read by ../kernel.ts: 4-byte fields in this order.

/** Rows a segment holds before it must be flushed. */
export const MAX_ROWS: i32 = 65536
/** Text bytes a segment holds before it must be flushed. */
const MAX_TEXT: u32 = 48 << 20
/** The same for rejected lines, which can be long: the engine reads 2048 of them at once. */
const MAX_REJECT_TEXT: u32 = 8 << 20
/** Bytes of a rejected line that are kept. */
export const MAX_RAW: i32 = 65536
/** Distinct values of an enum column in one segment; a further one begins the next segment. */
const MAX_ENUM: i32 = 200
const MAX_ENUM_LENGTH: i32 = 64

export const INT32: i32 = 0
export const INT64: i32 = 1
export const DICTIONARY: i32 = 2
export const PLAIN: i32 = 3

@unmanaged
export class Column {
  kind: i32
  count: i32
  bits: usize
  values: usize
  used: u32
  capacity: u32
  dictionary: usize
  dictionaryUsed: u32
  dictionaryCapacity: u32
  dictionaryCount: i32
  table: usize
  tableMask: u32
  entries: usize
  entriesCapacity: i32
  lastSize: u32
  /** Code pushed last: neighbours are often alike. */
  lastCode: i32
  /** Row + 1 that brought the dictionary's last entry: an unfinished row takes it back. */
  addedBy: i32
}

const COLUMN_SIZE: usize = offsetof<Column>()
let columns: usize = 0
let columnCount: i32 = 0
let rowColumns: i32 = 0
let seed: u64 = 0
let textBytes: u32 = 0
let rejectText: u32 = 0

export let rows: i32 = 0
export let rejects: i32 = 0

/** Makes `count` columns; those from `firstReject` on belong to the rejects. */
export function createColumns(count: i32, firstReject: i32, hashSeed: u32): void {
  columns = heap.alloc(<usize>count * COLUMN_SIZE)
  memory.fill(columns, 0, <usize>count * COLUMN_SIZE)
  columnCount = count
  rowColumns = firstReject
  seed = <u64>hashSeed * 0x9e3779b97f4a7c15 + 1
}

export function columnAt(index: i32): Column {
  return changetype<Column>(columns + <usize>index * COLUMN_SIZE)
}

export function columnAddress(index: i32): usize {
  return columns + <usize>index * COLUMN_SIZE
}

export function setColumn(index: i32, kind: i32): void {
  const c = columnAt(index)
  if (c.bits == 0) {
    c.bits = heap.alloc(MAX_ROWS / 8 + 16)
    memory.fill(c.bits, 0, MAX_ROWS / 8 + 16)
  }
  const fixed: u32 = kind == INT64 ? MAX_ROWS * 8 : MAX_ROWS * 4
  if (c.capacity < fixed + 64) {
    if (c.values != 0) heap.free(c.values)
    c.capacity = fixed + 64
    c.values = heap.alloc(c.capacity)
  }
  if (kind == DICTIONARY && c.table == 0) {
    c.tableMask = 255
    c.table = heap.alloc(256 * 4)
    memory.fill(c.table, 0, 256 * 4)
    c.entriesCapacity = 128
    c.entries = heap.alloc(128 * 12)
    c.dictionaryCapacity = 4096
    c.dictionary = heap.alloc(4096 + 16)
  }
  c.kind = kind
}

/** Forgets all rows and rejects; buffers stay allocated. */
export function reset(): void {
  for (let i = 0; i < columnCount; i++) {
    const c = columnAt(i)
    memory.fill(c.bits, 0, MAX_ROWS / 8 + 16)
    c.count = 0
    c.used = 0
    if (c.kind == DICTIONARY || c.dictionaryCount > 0) {
      memory.fill(c.table, 0, (<usize>c.tableMask + 1) * 4)
      c.dictionaryCount = 0
      c.dictionaryUsed = 0
      c.addedBy = 0
    }
  }
  rows = 0
  rejects = 0
  textBytes = 0
  rejectText = 0
}

export function isFull(): bool {
  return rows >= MAX_ROWS || rejects >= MAX_ROWS || textBytes >= MAX_TEXT || rejectText >= MAX_REJECT_TEXT
}

export function endRow(): void {
  rows++
}

export function takeReject(length: i32): void {
  rejects++
  rejectText += length
}

/** Takes back what the unfinished row has pushed, and the dictionary entries it brought. */
export function rollbackRow(): void {
  const byte = <usize>(rows >> 3)
  const bit: u8 = <u8>((<u32>1) << (rows & 7))
  for (let i = 0; i < rowColumns; i++) {
    const c = columnAt(i)
    const at = c.bits + byte
    if (load<u8>(at) & bit) {
      store<u8>(at, load<u8>(at) & ~bit)
      c.count--
      c.used -= c.kind == PLAIN ? c.lastSize : c.kind == INT64 ? 8 : 4
    }
    if (c.addedBy == rows + 1) dropEntry(c)
  }
}

/** Removes the newest entry. Nothing was placed after it, so its slot can simply be emptied. */
function dropEntry(c: Column): void {
  const code = --c.dictionaryCount
  const entry = c.entries + <usize>code * 12
  c.dictionaryUsed = load<u32>(entry) - 4
  c.addedBy = 0
  let slot = load<u32>(entry, 8) & c.tableMask
  while (load<u32>(c.table + (<usize>slot << 2)) != <u32>(code + 1)) slot = (slot + 1) & c.tableMask
  store<u32>(c.table + (<usize>slot << 2), 0)
}

@inline
function setBit(c: Column, row: i32): void {
  const at = c.bits + <usize>(row >> 3)
  store<u8>(at, load<u8>(at) | <u8>((<u32>1) << (row & 7)))
  c.count++
}

@inline
export function pushInt32(c: Column, row: i32, value: i32): void {
  store<i32>(c.values + c.used, value)
  c.used += 4
  setBit(c, row)
}

@inline
export function pushInt64(c: Column, row: i32, value: i64): void {
  store<i64>(c.values + c.used, value)
  c.used += 8
  setBit(c, row)
}

@inline
function tail(word: u64, bytes: i32): u64 {
  return word & (((<u64>1) << (<u64>bytes << 3)) - 1)
}

@inline
function mix(h: u64, word: u64): u64 {
  h = (h ^ word) * 0xff51afd7ed558ccd
  return h ^ (h >> 32)
}

@inline
function finish(h: u64, length: i32): u32 {
  h = (h ^ <u64>length) * 0x9e3779b97f4a7c15
  return <u32>(h >> 32)
}

// Reads up to 7 bytes past the end, inside this memory, and masks them out.
function hash(at: usize, length: i32): u32 {
  let h: u64 = seed
  let left = length
  while (left >= 8) {
    h = mix(h, load<u64>(at))
    at += 8
    left -= 8
  }
  if (left > 0) h = mix(h, tail(load<u64>(at), left))
  return finish(h, length)
}

function same(a: usize, b: usize, length: i32): bool {
  let left = length
  while (left >= 8) {
    if (load<u64>(a) != load<u64>(b)) return false
    a += 8
    b += 8
    left -= 8
  }
  return left == 0 || tail(load<u64>(a), left) == tail(load<u64>(b), left)
}

function growTable(c: Column): void {
  const size: u32 = (c.tableMask + 1) << 2
  heap.free(c.table)
  c.table = heap.alloc(<usize>size * 4)
  memory.fill(c.table, 0, <usize>size * 4)
  c.tableMask = size - 1
  for (let code = 0; code < c.dictionaryCount; code++) {
    let slot = load<u32>(c.entries + <usize>code * 12, 8) & c.tableMask
    while (load<u32>(c.table + (<usize>slot << 2)) != 0) slot = (slot + 1) & c.tableMask
    store<u32>(c.table + (<usize>slot << 2), code + 1)
  }
}

/** Code of a value in the column's dictionary, or -1. */
function lookUp(c: Column, at: usize, length: i32, h: u32): i32 {
  let slot = h & c.tableMask
  let found = load<u32>(c.table + (<usize>slot << 2))
  while (found != 0) {
    const entry = c.entries + <usize>(found - 1) * 12
    if (load<u32>(entry, 8) == h && load<i32>(entry, 4) == length && same(c.dictionary + load<u32>(entry), at, length)) return found - 1
    slot = (slot + 1) & c.tableMask
    found = load<u32>(c.table + (<usize>slot << 2))
  }
  return -1
}

function addEntry(c: Column, at: usize, length: i32, h: u32): i32 {
  const code = c.dictionaryCount
  const needed = c.dictionaryUsed + <u32>length + 4
  if (needed > c.dictionaryCapacity) {
    c.dictionaryCapacity = max(needed, c.dictionaryCapacity * 2)
    c.dictionary = heap.realloc(c.dictionary, <usize>c.dictionaryCapacity + 16)
  }
  if (code == c.entriesCapacity) {
    c.entriesCapacity *= 2
    c.entries = heap.realloc(c.entries, <usize>c.entriesCapacity * 12)
  }
  const offset = c.dictionaryUsed + 4
  store<i32>(c.dictionary + c.dictionaryUsed, length)
  memory.copy(c.dictionary + offset, at, length)
  const entry = c.entries + <usize>code * 12
  store<u32>(entry, offset)
  store<i32>(entry, length, 4)
  store<u32>(entry, h, 8)
  c.dictionaryUsed = needed
  c.dictionaryCount = code + 1
  c.addedBy = rows + 1
  textBytes += <u32>length
  if (<u32>(code + 1) * 2 > c.tableMask) growTable(c)
  else {
    let slot = h & c.tableMask
    while (load<u32>(c.table + (<usize>slot << 2)) != 0) slot = (slot + 1) & c.tableMask
    store<u32>(c.table + (<usize>slot << 2), code + 1)
  }
  return code
}

/** Copies up to 15 bytes more than asked for; both sides have the slack. A call of memory.copy costs more than a short word. */
function copyWord(to: usize, from: usize, length: i32): void {
  if (length > 64) {
    memory.copy(to, from, length)
    return
  }
  for (let done = 0; done < length; done += 16) v128.store(to + done, v128.load(from + done))
}

export function pushPlain(c: Column, row: i32, at: usize, length: i32): void {
  const size = <u32>length + 4
  if (c.used + size + 16 > c.capacity) {
    c.capacity = max(c.used + size + 16, c.capacity * 2)
    c.values = heap.realloc(c.values, c.capacity)
  }
  store<i32>(c.values + c.used, length)
  copyWord(c.values + c.used + 4, at, length)
  c.used += size
  c.lastSize = size
  textBytes += size
  setBit(c, row)
}

export function pushText(c: Column, row: i32, at: usize, length: i32): void {
  if (c.kind == PLAIN) return pushPlain(c, row, at, length)
  const h = hash(at, length)
  let code = lookUp(c, at, length, h)
  if (code < 0) code = addEntry(c, at, length, h)
  pushInt32(c, row, code)
}

/** Pushes a value already met in this column as it stands; false when it must be checked first. */
export function pushKnown(c: Column, row: i32, at: usize, length: i32): bool {
  if (c.kind == PLAIN) return false
  const code = lookUp(c, at, length, hash(at, length))
  if (code < 0) return false
  pushInt32(c, row, code)
  return true
}

export const ENUM_TOO_LONG: i32 = 1
export const ENUM_FULL: i32 = 2

/** Pushes a word of a small set: 0, or why not. */
export function pushEnum(c: Column, row: i32, at: usize, length: i32): i32 {
  if (length > MAX_ENUM_LENGTH) return ENUM_TOO_LONG
  const h = hash(at, length)
  let code = lookUp(c, at, length, h)
  if (code < 0) {
    if (c.dictionaryCount >= MAX_ENUM) return ENUM_FULL
    code = addEntry(c, at, length, h)
  }
  pushInt32(c, row, code)
  return 0
}

/**
 * Pushes the word at `at` when it has been met in this column before, finding its end and its hash in one pass over it; returns the
 * end, or 0 when the word is new, empty, or the column has no dictionary.
 */
export function pushMetWord(c: Column, row: i32, at: usize): usize {
  if (c.kind != DICTIONARY) return 0
  if (c.lastCode < c.dictionaryCount) {
    const entry = c.entries + <usize>c.lastCode * 12
    const lastLength = load<i32>(entry, 4)
    if (load<u8>(at + lastLength) == 32 && same(c.dictionary + load<u32>(entry), at, lastLength)) {
      pushInt32(c, row, c.lastCode)
      return at + lastLength
    }
  }
  let h: u64 = seed
  let to = at
  let word: u64 = 0
  let zero: u64 = 0
  while (true) {
    word = load<u64>(to)
    const spaced = word ^ 0x2020202020202020
    zero = (spaced - 0x0101010101010101) & ~spaced & 0x8080808080808080
    if (zero != 0) break
    h = mix(h, word)
    to += 8
  }
  const last = <i32>(ctz(zero) >> 3)
  if (last > 0) h = mix(h, tail(word, last))
  to += last
  const length = <i32>(to - at)
  if (length == 0) return 0
  const code = lookUp(c, at, length, finish(h, length))
  if (code < 0) return 0
  c.lastCode = code
  pushInt32(c, row, code)
  return to
}

/** Narrows dictionary codes in place to 1, 2 or 4 bytes: Parquet's bit packing at width 8, 16 or 32 is an array. */
export function packCodes(index: i32): i32 {
  const c = columnAt(index)
  const width = c.dictionaryCount <= 256 ? 1 : c.dictionaryCount <= 65536 ? 2 : 4
  const padded = (c.count + 7) & ~7
  for (let i = c.count; i < padded; i++) store<u32>(c.values + (<usize>i << 2), 0)
  if (width == 1) for (let i: usize = 0; i < <usize>padded; i++) store<u8>(c.values + i, <u8>load<u32>(c.values + (i << 2)))
  else if (width == 2) for (let i: usize = 0; i < <usize>padded; i++) store<u16>(c.values + (i << 1), <u16>load<u32>(c.values + (i << 2)))
  return width
}
