import { isUtf8 } from 'node:buffer'
import { MillraceError } from '../../errors.ts'
import { CsvFields } from './csv-fields.ts'
import { CsvRecord } from './csv-record.ts'
import { LineAccounts } from './line-accounts.ts'
import { type LineCount, MAX_RECORD, type RecordReader, isWholeText } from './record-reader.ts'
import type { ErrorPlace, RecordWriter } from './record-writer.ts'
import type { CsvFormat, RecordLayout } from './text-format.ts'

const LINE_FEED = 0x0a

/**
 * Reads records of CSV. What is no record is a reject up to the end that its record has by itself, never read on in its middle; where an enclosed field does not end
 * within the file, or within the longest record, its line alone is.
 */
export class CsvReader implements RecordReader {
  private readonly writer: RecordWriter
  private readonly format: CsvFormat
  private readonly record: CsvRecord
  private readonly fields: CsvFields
  private name = ''
  private accounts = new LineAccounts()
  private line = 1
  private base = 0
  private headerLines = 0
  private needsHeader = false
  /** Whether a record that was too long goes on. */
  private isDiscarding = false
  private isClean = true

  constructor(writer: RecordWriter, format: CsvFormat, layout: RecordLayout) {
    this.writer = writer
    this.format = format
    this.record = new CsvRecord(format)
    this.fields = new CsvFields(writer, format, layout, this.record)
  }

  begin(name: string): void {
    this.name = name
    this.accounts = new LineAccounts()
    this.line = 1
    this.base = 0
    this.headerLines = this.format.skipHeader
    this.needsHeader = this.format.parsesHeader
    this.isDiscarding = false
  }

  take(bytes: Buffer, isLast: boolean): number {
    this.isClean = isWholeText(bytes)
    let at = this.skipHeader(bytes)
    while (at < bytes.length) {
      const next = this.isDiscarding ? this.discard(bytes, at, isLast) : this.readRecord(bytes, at, isLast)
      if (next < 0) break
      at = next
    }
    this.base += at
    return at
  }

  end({ lineFeeds, lines }: LineCount): { readonly lines: number; readonly skipped: number } {
    if (this.line - 1 !== lineFeeds)
      throw new RangeError(`${lineFeeds} line ends were counted, and ${this.line - 1} were met among CSV`)
    return this.accounts.of(lines)
  }

  /** Lines, whatever the delimiters are. They are not kept, however long they be. */
  private skipHeader(bytes: Buffer): number {
    let at = 0
    while (this.headerLines > 0 && at < bytes.length) {
      const feed = bytes.indexOf(LINE_FEED, at)
      if (feed < 0) return bytes.length
      this.headerLines--
      this.line++
      at = feed + 1
    }
    return at
  }

  /** Where the next record begins; -1 where this one goes on. */
  private readRecord(bytes: Buffer, at: number, isLast: boolean): number {
    const { record } = this
    const isLonger = bytes.length - at > MAX_RECORD
    const limit = isLonger ? at + MAX_RECORD : bytes.length
    const next = record.read(bytes, at, limit, isLast && !isLonger)
    if (next < 0) return isLonger ? this.rejectLong(bytes, at, limit) : -1
    if (record.problem !== undefined && record.isOpen) return this.rejectOpen(bytes, at, limit)
    if (record.problem !== undefined) this.reject(record.problem.reason, bytes, at, record.problem.at)
    else this.keep(bytes, at)
    this.line += record.lineFeeds
    return next
  }

  /** A record that was read: a row, a reject, a header, or nothing at all. */
  private keep(bytes: Buffer, at: number): void {
    const { contentEnd } = this.record
    const isBlank = this.record.count === 1 && this.record.trimmedEnd(bytes, at, contentEnd) === at
    const isNothing = contentEnd === at || (isBlank && this.format.trims)
    if (isNothing && this.format.skipsBlankLines) return
    const isText = this.isClean || isUtf8(bytes.subarray(at, contentEnd))
    if (this.needsHeader && isText) {
      this.needsHeader = false
      const twice = this.fields.readHeader(bytes)
      if (twice !== undefined) throw this.badHeader(`names the column ${twice} twice`)
      return
    }
    const reason =
      isNothing && this.format.keepsBlankLines !== true
        ? 'BLANK_LINE: a line without anything; SKIP_BLANK_LINES = TRUE passes over it'
        : isText
          ? this.fields.whyNot()
          : 'NOT_UTF8: bytes that are not UTF-8'
    if (reason !== undefined) {
      this.reject(reason, bytes, at, at)
      return
    }
    this.fields.push(bytes)
    this.writer.accept(this.accounts.begin(this.line), bytes, at, contentEnd)
  }

  private reject(reason: string, bytes: Buffer, start: number, at: number): void {
    if (this.needsHeader) throw this.badHeader(`cannot be read (${reason})`)
    const error = this.errorAt(bytes, start, at)
    this.writer.reject(this.accounts.begin(this.line), reason, error, bytes, start, this.record.contentEnd)
  }

  /** An enclosed field does not end: its line is a reject, and reading goes on behind it. */
  private rejectOpen(bytes: Buffer, at: number, limit: number): number {
    const { record } = this
    const { reason = '', at: place = at } = record.problem ?? {}
    const next = record.readBroken(bytes, at, limit)
    if (next < 0) record.contentEnd = limit
    this.reject(reason, bytes, at, place)
    this.pass(bytes, at, next < 0 ? limit : next)
    return next < 0 ? limit : next
  }

  private rejectLong(bytes: Buffer, at: number, limit: number): number {
    const { record } = this
    const next = record.isOpen ? record.readBroken(bytes, at, limit) : -1
    if (next < 0) record.contentEnd = limit
    this.reject(
      next < 0 ? 'TOO_LONG: longer than 16 MiB' : 'QUOTE_OPEN: the end of an enclosed field is not found within 16 MiB',
      bytes,
      at,
      at,
    )
    this.isDiscarding = next < 0
    this.pass(bytes, at, next < 0 ? limit : next)
    return next < 0 ? limit : next
  }

  /** Passes over what is left of a record that is too long. */
  private discard(bytes: Buffer, at: number, isLast: boolean): number {
    const next = this.record.readBroken(bytes, at, bytes.length)
    this.isDiscarding = next < 0
    const behind = next >= 0 ? next : isLast ? bytes.length : Math.max(bytes.length - this.record.overlap, at)
    this.pass(bytes, at, behind)
    return behind === at ? -1 : behind
  }

  private badHeader(what: string): MillraceError {
    return new MillraceError(
      'TYPE_MISMATCH',
      `The header of ${this.name} ${what}. Nothing of it was loaded; correct it, or load by position with SKIP_HEADER = 1.`,
    )
  }

  private pass(bytes: Buffer, from: number, to: number): void {
    for (let at = from; at < to; at++) if (bytes[at] === LINE_FEED) this.line++
  }

  /** A place in the bytes, told of the file; what begins at `start` begins a line. */
  private errorAt(bytes: Buffer, start: number, at: number): ErrorPlace {
    let { line } = this
    let lineStart = start
    for (
      let feed = bytes.indexOf(LINE_FEED, start);
      feed >= 0 && feed < at;
      feed = bytes.indexOf(LINE_FEED, feed + 1)
    ) {
      line++
      lineStart = feed + 1
    }
    return { line, character: at - lineStart + 1, byteOffset: this.base + at }
  }
}
