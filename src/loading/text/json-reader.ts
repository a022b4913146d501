import { isUtf8 } from 'node:buffer'
import { BrokenEnd } from './broken-end.ts'
import { type JsonLayout, jsonLayout } from './json-layout.ts'
import { JsonScanner, MAX_MEMBERS } from './json-scanner.ts'
import { mendSurrogates } from './json-text.ts'
import { LineAccounts } from './line-accounts.ts'
import { type LineCount, MAX_RECORD, type RecordReader, isWholeText } from './record-reader.ts'
import type { ErrorPlace, RecordPlace, RecordWriter } from './record-writer.ts'
import type { JsonFormat, RecordLayout } from './text-format.ts'

const TOO_LONG = 'TOO_LONG: longer than 16 MiB'

const LINE_FEED = 0x0a
const COMMA = 0x2c
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** A value, from its first byte on. */
interface Begun {
  readonly place: RecordPlace
  readonly first: number
  /** Blanks that its line begins with. */
  readonly indent: number
  /** Whether it was rejected for its length, and is passed over. */
  isTooLong: boolean
}

/** Text that is a reject, and whose end is not in sight yet. */
interface Rejecting {
  readonly place: RecordPlace
  readonly reason: string
  readonly error: ErrorPlace
  readonly end: BrokenEnd
  isWritten: boolean
}

/**
 * Reads JSON values that follow one another, and the elements of outermost arrays. An object is a row; any other value is a reject, as is text that is no JSON:
 * see BrokenEnd for where that ends.
 */
export class JsonReader implements RecordReader {
  private readonly writer: RecordWriter
  private readonly format: JsonFormat
  private readonly layout: JsonLayout
  private readonly scanner = new JsonScanner()
  private accounts = new LineAccounts()
  private line = 1
  /** Where in the file the current line begins, and the blanks it begins with. */
  private lineStart = 0
  private indent = 0
  private isIndenting = true
  /** Bytes of the file that were done with before those in hand. */
  private base = 0
  private inArray = false
  /** Whether text was rejected since the last element, which may have held the end of the array. */
  private hasLostTrack = false
  private begun: Begun | undefined
  private rejecting: Rejecting | undefined
  private isClean = true

  constructor(writer: RecordWriter, format: JsonFormat, layout: RecordLayout) {
    this.writer = writer
    this.format = format
    this.layout = jsonLayout(writer, format, layout)
  }

  begin(): void {
    this.accounts = new LineAccounts()
    this.line = 1
    this.lineStart = 0
    this.indent = 0
    this.isIndenting = true
    this.base = 0
    this.inArray = false
    this.hasLostTrack = false
    this.begun = undefined
    this.rejecting = undefined
  }

  take(bytes: Buffer, isLast: boolean): number {
    this.isClean = isWholeText(bytes)
    let at = 0
    for (let isMore = true; isMore;) {
      const next = this.step(bytes, at, isLast)
      isMore = next.isMore
      at = next.at
    }
    if (isLast && this.inArray && !this.hasLostTrack) this.rejectOpenArray(at)
    this.base += at
    return at
  }

  end({ lineFeeds, lines }: LineCount): { readonly lines: number; readonly skipped: number } {
    if (this.line - 1 !== lineFeeds)
      throw new RangeError(`${lineFeeds} line ends were counted, and ${this.line - 1} were met among JSON`)
    return this.accounts.of(lines)
  }

  /** Goes on to the end of a value, of a reject, or of the bytes. */
  private step(bytes: Buffer, from: number, isLast: boolean): { readonly at: number; readonly isMore: boolean } {
    if (this.rejecting !== undefined) return this.goOnRejecting(this.rejecting, bytes, from, isLast)
    let at = from
    if (this.begun === undefined) {
      at = this.skipSeparators(bytes, at)
      if (at === bytes.length) return { at, isMore: false }
      const place = this.accounts.begin(this.line)
      this.begun = { place, first: bytes[at] ?? 0, indent: this.indent, isTooLong: false }
      this.scanner.begin()
    }
    const { begun, scanner } = this
    const outcome = scanner.scan(bytes, at, bytes.length)
    if (outcome === 'ended' || (outcome === 'more' && isLast && scanner.endsHere()))
      return this.finish(begun, bytes, at)
    if (outcome === 'broken' || isLast) {
      const reason = scanner.tooMany
        ? `TOO_MANY_KEYS: an object of more than ${MAX_MEMBERS} keys`
        : outcome === 'broken'
          ? 'NOT_JSON: what stands here does not go on with the value'
          : 'NOT_JSON: the value does not end'
      return this.reject(begun, reason, bytes, at, at + scanner.length)
    }
    if (!begun.isTooLong && scanner.length > MAX_RECORD) {
      const error = this.errorAt(bytes, at, at)
      this.writer.reject(begun.place, TOO_LONG, error, bytes, at, bytes.length)
      begun.isTooLong = true
    }
    if (!begun.isTooLong) return { at, isMore: false }
    this.move(bytes, at, bytes.length)
    scanner.forget()
    return { at: bytes.length, isMore: false }
  }

  /** Blanks and commas between values, and the brackets of outermost arrays. */
  private skipSeparators(bytes: Buffer, from: number): number {
    let at = from
    for (; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0
      if (byte === LINE_FEED) this.beginLine(at + 1)
      else if (byte === 0x20 || byte === 0x09) {
        if (this.isIndenting) this.indent++
      } else {
        this.isIndenting &&= byte === 0x0d
        if (this.format.stripsOuterArray && byte === (this.inArray ? CLOSE_ARRAY : OPEN_ARRAY)) {
          this.inArray = !this.inArray
          this.hasLostTrack = false
        } else if (byte !== 0x0d && byte !== COMMA) return at
      }
    }
    return at
  }

  /** A value has ended. */
  private finish(begun: Begun, bytes: Buffer, at: number): { readonly at: number; readonly isMore: true } {
    const { scanner, writer } = this
    const end = at + scanner.length
    if (!begun.isTooLong) {
      const fault = this.faultOf(begun, bytes, at, end)
      const isScalar = begun.first !== OPEN_OBJECT && begun.first !== OPEN_ARRAY
      // What follows on its line is no record either: it was no JSON, most likely.
      if (fault !== undefined && isScalar && !this.inArray) return this.reject(begun, fault.reason, bytes, at, at)
      if (fault === undefined) {
        this.layout.push(bytes, at, scanner)
        writer.accept(begun.place, bytes, at, end)
      } else writer.reject(begun.place, fault.reason, this.errorAt(bytes, at, at + fault.offset), bytes, at, end)
    }
    if (scanner.lineFeeds > 0) this.move(bytes, at, end)
    this.begun = undefined
    this.hasLostTrack = false
    return { at: end, isMore: true }
  }

  /** Why a value is no row. */
  private faultOf(
    { first }: Begun,
    bytes: Buffer,
    at: number,
    end: number,
  ): { readonly reason: string; readonly offset: number } | undefined {
    const { scanner, format } = this
    const fault = (reason: string) => ({ reason, offset: 0 })
    if (scanner.length > MAX_RECORD) return fault(TOO_LONG)
    if (!format.multiLine && scanner.lineFeeds > 0)
      return fault('MULTI_LINE: a value over several lines, and MULTI_LINE is FALSE')
    if (!this.isClean && !isUtf8(bytes.subarray(at, end))) return fault('NOT_UTF8: bytes that are not UTF-8')
    if (scanner.hasSurrogates && !mendSurrogates(bytes, at, end, format.replacesInvalid))
      return fault('NOT_UTF8: half of a character (\\ud800 to \\udfff) that stands alone')
    if (first === OPEN_OBJECT) return this.layout.check(bytes, at, scanner)
    if (first === OPEN_ARRAY)
      return fault('NOT_OBJECT: an array; STRIP_OUTER_ARRAY = TRUE takes the elements of an outermost one')
    return fault('NOT_OBJECT: a value that is no object')
  }

  /** What begins at `at` is a reject; its fault is at `fault`. */
  private reject(
    { place, first, indent, isTooLong }: Begun,
    reason: string,
    bytes: Buffer,
    at: number,
    fault: number,
  ): { readonly at: number; readonly isMore: true } {
    const error = this.errorAt(bytes, at, fault)
    const closer = first === OPEN_OBJECT ? CLOSE_OBJECT : first === OPEN_ARRAY ? CLOSE_ARRAY : undefined
    this.rejecting = { place, reason, error, end: new BrokenEnd(indent, closer), isWritten: isTooLong }
    this.begun = undefined
    this.hasLostTrack = true
    // What was passed over of a long one is done with.
    if (isTooLong) this.move(bytes, at, fault)
    return { at: isTooLong ? fault : at, isMore: true }
  }

  private goOnRejecting(
    rejecting: Rejecting,
    bytes: Buffer,
    at: number,
    isLast: boolean,
  ): { readonly at: number; readonly isMore: boolean } {
    const found = rejecting.end.find(bytes, at, isLast)
    if (found < 0 && bytes.length - at <= MAX_RECORD) return { at, isMore: false }
    const end = found < 0 ? at + rejecting.end.forget() : found
    if (!rejecting.isWritten) {
      const { place, reason, error } = rejecting
      this.writer.reject(place, reason, error, bytes, at, withoutLineEnd(bytes, at, end))
    }
    rejecting.isWritten = true
    this.move(bytes, at, end)
    if (found >= 0) this.rejecting = undefined
    return { at: end, isMore: found >= 0 }
  }

  private rejectOpenArray(at: number): void {
    // Behind a line end there is no line: the last one is meant.
    const line = this.lineStart === this.base + at ? Math.max(this.line - 1, 1) : this.line
    const error = { line, character: 1, byteOffset: this.base + at }
    this.writer.reject(
      this.accounts.begin(line),
      'NOT_JSON: the outer array does not end',
      error,
      Buffer.alloc(0),
      0,
      0,
    )
  }

  /** A place in the bytes, told of the file; what begins at `start` begins on the current line. */
  private errorAt(bytes: Buffer, start: number, at: number): ErrorPlace {
    let { line, lineStart } = this
    for (
      let feed = bytes.indexOf(LINE_FEED, start);
      feed >= 0 && feed < at;
      feed = bytes.indexOf(LINE_FEED, feed + 1)
    ) {
      line++
      lineStart = this.base + feed + 1
    }
    return { line, character: this.base + at - lineStart + 1, byteOffset: this.base + at }
  }

  /** Goes over bytes that are done with. */
  private move(bytes: Buffer, from: number, to: number): void {
    for (let at = from; at < to; at++) {
      const byte = bytes[at] ?? 0
      if (byte === LINE_FEED) this.beginLine(at + 1)
      else if (this.isIndenting && (byte === 0x20 || byte === 0x09)) this.indent++
      else this.isIndenting = false
    }
  }

  private beginLine(at: number): void {
    this.line++
    this.lineStart = this.base + at
    this.indent = 0
    this.isIndenting = true
  }
}

function withoutLineEnd(bytes: Buffer, start: number, end: number): number {
  if (end > start && bytes[end - 1] === LINE_FEED) return end - 1 > start && bytes[end - 2] === 0x0d ? end - 2 : end - 1
  return end
}
