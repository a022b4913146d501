import type { CsvFormat } from './text-format.ts'

const LINE_FEED = 0x0a
const RETURN = 0x0d
/** Fields of one record whose places are noted. */
const MAX_FIELDS = 65_536

/** What stands at a place: nothing of its own, the end of a field, of a record, or too few bytes to tell. */
const NONE = 0
const FIELD = 1
const RECORD = 2
const MORE = 3

/** How a field is written: as it is, with escapes, enclosed, or enclosed with escapes or doubled enclosures. */
export const PLAIN = 0
export const ESCAPED = 1
export const ENCLOSED = 2
export const ENCLOSED_ESCAPED = 3

/** No byte. */
const ABSENT = -1

/** Takes one record of CSV apart: where its fields are, or why it is none. */
export class CsvRecord {
  /** Fields of the record; the places of the first ones of them. */
  count = 0
  starts: Int32Array = new Int32Array(64)
  ends: Int32Array = new Int32Array(64)
  kinds: Uint8Array = new Uint8Array(64)
  /** Where the record ends, without what ends it. */
  contentEnd = 0
  /** Line feeds up to the end of what ends it. */
  lineFeeds = 0
  /** What is wrong, and where. */
  problem: { readonly reason: string; readonly at: number } | undefined
  /** Whether an enclosed field had begun and not ended where reading stopped. */
  isOpen = false
  /** Whether the record ends in the middle of a field. */
  private isStopped = false
  private readonly enclosure: number
  private readonly escape: number
  private readonly unenclosedEscape: number
  private readonly isLine: boolean
  /** Whether a record is its line, whatever stands in it. */
  private readonly isWholeLine: boolean
  private readonly record: Buffer
  private readonly field: Buffer
  private readonly trims: boolean
  private readonly multiLine: boolean
  /** Bytes at which a field that is not enclosed may end. */
  private readonly stops = new Uint8Array(256)
  private delimiterLength = 0

  constructor({
    recordDelimiter,
    fieldDelimiter,
    enclosure,
    escape,
    escapeUnenclosed,
    trims,
    multiLine,
  }: Pick<
    CsvFormat,
    'recordDelimiter' | 'fieldDelimiter' | 'enclosure' | 'escape' | 'escapeUnenclosed' | 'trims' | 'multiLine'
  >) {
    this.isLine = recordDelimiter === 'line'
    this.record = Buffer.from(recordDelimiter === null || recordDelimiter === 'line' ? '' : recordDelimiter.text)
    this.field = Buffer.from(fieldDelimiter ?? '')
    this.enclosure = byteOf(enclosure)
    // Doubling it is how an enclosure escapes itself.
    this.escape = escape === enclosure ? ABSENT : byteOf(escape)
    this.unenclosedEscape = this.escape === ABSENT ? byteOf(escapeUnenclosed) : this.escape
    this.isWholeLine =
      this.isLine && fieldDelimiter === null && this.enclosure === ABSENT && this.unenclosedEscape === ABSENT
    this.trims = trims
    this.multiLine = multiLine
    for (const byte of [LINE_FEED, this.unenclosedEscape, this.record[0], this.field[0]])
      if (byte !== undefined && byte >= 0) this.stops[byte] = 1
    if (this.isLine) this.stops[RETURN] = 1
  }

  /** Reads the record that begins at `start`; where the next one begins, or -1 when its end is not among the bytes. */
  read(bytes: Buffer, start: number, limit: number, isLast: boolean): number {
    this.count = 0
    this.lineFeeds = 0
    this.problem = undefined
    this.isOpen = false
    this.isStopped = false
    if (this.isWholeLine) return this.readLine(bytes, start, limit, isLast)
    for (let at = start; ;) {
      const first = this.trims ? this.behindBlanks(bytes, at, limit) : at
      const isEnclosed = first < limit && bytes[first] === this.enclosure
      let behind = isEnclosed
        ? this.readEnclosed(bytes, first, limit, isLast)
        : this.readPlain(bytes, first, limit, isLast)
      if (behind < 0 || this.isStopped) return behind
      let next = this.delimiterAt(bytes, behind, limit, isLast)
      if (next === NONE) {
        // The rest is read on, so that the record ends where it would have ended.
        this.problem ??= { reason: 'NOT_DELIMITED: a character behind the end of an enclosed field', at: behind }
        behind = this.readPlain(bytes, behind, limit, isLast)
        if (behind < 0) return -1
        next = this.delimiterAt(bytes, behind, limit, isLast)
      }
      if (next === MORE) return -1
      if (next === RECORD) {
        this.contentEnd = behind
        return this.behindRecord(bytes, behind)
      }
      this.lineFeeds += countFeeds(this.field, 0, this.field.length)
      at = behind + this.delimiterLength
    }
  }

  /** Takes what stands up to the next end of a record, whatever it may be enclosed in; where that is, or -1. */
  readBroken(bytes: Buffer, start: number, limit: number): number {
    const next = this.nextRecord(bytes, start, limit)
    this.lineFeeds = next < 0 ? 0 : countFeeds(bytes, start, next)
    return next
  }

  /** The next end of a record, whatever it may be enclosed in; where the record begins behind it, or -1. */
  private nextRecord(bytes: Buffer, start: number, limit: number): number {
    if (this.isLine) {
      const feed = bytes.indexOf(LINE_FEED, start)
      if (feed < 0 || feed >= limit) return -1
      this.contentEnd = feed > start && bytes[feed - 1] === RETURN ? feed - 1 : feed
      return feed + 1
    }
    const found = this.record.length === 0 ? -1 : bytes.indexOf(this.record, start)
    if (found < 0 || found + this.record.length > limit) return -1
    this.contentEnd = found
    return found + this.record.length
  }

  /** Bytes of a delimiter of records that can be cut off at the end of a piece. */
  get overlap(): number {
    return this.isLine ? 0 : Math.max(this.record.length - 1, 0)
  }

  /** Where a blank begins that is no part of a field that ends at `end`. */
  trimmedEnd(bytes: Buffer, start: number, end: number): number {
    let at = end
    while (at > start && this.isBlank(bytes[at - 1]) && (at < start + 2 || bytes[at - 2] !== this.unenclosedEscape))
      at--
    return at
  }

  /** The text of a field that has escapes or doubled enclosures, put behind `to`; its length. */
  unescape(bytes: Buffer, start: number, end: number, kind: number, to: Buffer): number {
    const escape = kind === ESCAPED ? this.unenclosedEscape : this.escape
    let length = 0
    for (let at = start; at < end; at++) {
      const byte = bytes[at] ?? 0
      const isEscape = (byte === escape || (kind !== ESCAPED && byte === this.enclosure)) && at + 1 < end
      if (isEscape) at++
      to[length++] = isEscape ? (bytes[at] ?? 0) : byte
    }
    return length
  }

  private readLine(bytes: Buffer, start: number, limit: number, isLast: boolean): number {
    const next = this.nextRecord(bytes, start, limit)
    if (next < 0 && !isLast) return -1
    if (next < 0) this.contentEnd = limit
    this.lineFeeds = next < 0 ? 0 : 1
    const first = this.trims ? this.behindBlanks(bytes, start, this.contentEnd) : start
    this.note(first, this.contentEnd, PLAIN)
    return next < 0 ? limit : next
  }

  /** The closing enclosure ends the field; gives where what follows stands. */
  private readEnclosed(bytes: Buffer, first: number, limit: number, isLast: boolean): number {
    let at = first + 1
    let kind = ENCLOSED
    for (; ; at++) {
      if (at >= limit) {
        this.isOpen = true
        if (!isLast) return -1
        this.isStopped = true
        this.problem = { reason: 'QUOTE_OPEN: the end of an enclosed field is not found', at: first }
        this.contentEnd = limit
        return limit
      }
      const byte = bytes[at] ?? 0
      if (byte === this.escape && at + 1 < limit) {
        kind = ENCLOSED_ESCAPED
        at++
        if (bytes[at] === LINE_FEED) this.lineFeeds++
      } else if (byte === this.enclosure) {
        if (at + 1 >= limit && !isLast) return -1
        if (bytes[at + 1] !== this.enclosure || at + 1 >= limit) break
        kind = ENCLOSED_ESCAPED
        at++
      } else if (!this.multiLine && this.delimiterAt(bytes, at, limit, isLast) === RECORD) {
        this.problem = {
          reason: 'MULTI_LINE: a record ends within an enclosed field, and MULTI_LINE is FALSE',
          at: first,
        }
        this.isStopped = true
        this.contentEnd = at
        return this.behindRecord(bytes, at)
      } else if (byte === LINE_FEED) this.lineFeeds++
    }
    this.note(first + 1, at, kind)
    return this.trims ? this.behindBlanks(bytes, at + 1, limit) : at + 1
  }

  /** Gives where the delimiter stands. */
  private readPlain(bytes: Buffer, first: number, limit: number, isLast: boolean): number {
    const { stops } = this
    let at = first
    let kind = PLAIN
    for (;;) {
      while (at < limit && stops[bytes[at] ?? 0] === 0) at++
      if (at >= limit) {
        if (!isLast) return -1
        break
      }
      const byte = bytes[at] ?? 0
      if (byte === this.unenclosedEscape) {
        if (at + 2 >= limit && !isLast) return -1
        if (at + 1 < limit) kind = ESCAPED
        // An escaped line end is one, of one character or two.
        const isPair = this.isLine && bytes[at + 1] === RETURN && bytes[at + 2] === LINE_FEED && at + 2 < limit
        const next = isPair ? at + 2 : at + 1
        if (next < limit && bytes[next] === LINE_FEED) this.lineFeeds++
        at = Math.min(next + 1, limit)
        continue
      }
      const next = this.delimiterAt(bytes, at, limit, isLast)
      if (next === MORE) return -1
      if (next !== NONE) break
      if (byte === LINE_FEED) this.lineFeeds++
      at++
    }
    this.note(first, at, kind)
    return at
  }

  private delimiterAt(bytes: Buffer, at: number, limit: number, isLast: boolean): number {
    if (at >= limit) {
      this.delimiterLength = 0
      return isLast ? RECORD : MORE
    }
    const { field, record, isLine } = this
    const byte = bytes[at]
    if (field.length > 0 && byte === field[0]) {
      const found = matches(bytes, at, limit, field)
      if (found > 0) this.delimiterLength = field.length
      if (found > 0 || (found < 0 && !isLast)) return found > 0 ? FIELD : MORE
    }
    if (isLine) {
      const isPair = byte === RETURN && bytes[at + 1] === LINE_FEED && at + 1 < limit
      this.delimiterLength = isPair ? 2 : 1
      if (isPair || byte === LINE_FEED) return RECORD
      return byte === RETURN && at + 1 >= limit && !isLast ? MORE : NONE
    }
    if (record.length > 0 && byte === record[0]) {
      const found = matches(bytes, at, limit, record)
      if (found > 0) this.delimiterLength = record.length
      if (found > 0 || (found < 0 && !isLast)) return found > 0 ? RECORD : MORE
    }
    return NONE
  }

  private behindRecord(bytes: Buffer, at: number): number {
    const behind = at + this.delimiterLength
    this.lineFeeds += countFeeds(bytes, at, behind)
    return behind
  }

  private behindBlanks(bytes: Buffer, from: number, limit: number): number {
    let at = from
    while (at < limit && this.isBlank(bytes[at])) at++
    return at
  }

  /** A blank that is no delimiter. */
  private isBlank(byte: number | undefined): boolean {
    return (byte === 0x20 || byte === 0x09) && byte !== this.field[0] && byte !== this.record[0]
  }

  private note(start: number, end: number, kind: number): void {
    const { count } = this
    if (count === this.starts.length && count < MAX_FIELDS) {
      const larger = (old: Int32Array): Int32Array => {
        const array = new Int32Array(old.length * 2)
        array.set(old)
        return array
      }
      this.starts = larger(this.starts)
      this.ends = larger(this.ends)
      const kinds = new Uint8Array(this.kinds.length * 2)
      kinds.set(this.kinds)
      this.kinds = kinds
    }
    if (count < this.starts.length) {
      this.starts[count] = start
      this.ends[count] = end
      this.kinds[count] = kind
    }
    this.count++
  }
}

function byteOf(character: string | null): number {
  return character === null ? ABSENT : (Buffer.from(character)[0] ?? ABSENT)
}

/** 1 where the bytes are these, -1 where they may be with more behind them, else 0. */
function matches(bytes: Buffer, at: number, limit: number, wanted: Buffer): number {
  for (let index = 0; index < wanted.length; index++) {
    if (at + index >= limit) return -1
    if (bytes[at + index] !== wanted[index]) return 0
  }
  return 1
}

function countFeeds(bytes: Buffer, start: number, end: number): number {
  let feeds = 0
  for (let at = start; at < end; at++) if (bytes[at] === LINE_FEED) feeds++
  return feeds
}
