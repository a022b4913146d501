import { LineAccounts } from './line-accounts.ts'
import { type LineCount, MAX_RECORD, type RecordReader } from './record-reader.ts'
import type { RecordWriter } from './record-writer.ts'
import type { PatternFormat, RecordLayout } from './text-format.ts'

const LINE_FEED = 0x0a
const RETURN = 0x0d

/** Reads lines by a pattern: every line is a row, and its groups are the values of the columns, by their places. A line of more than 16 MiB is a reject. */
export class PatternReader implements RecordReader {
  private readonly writer: RecordWriter
  private readonly pattern: RegExp
  private readonly skipHeader: number
  private readonly columns: readonly string[]
  private accounts = new LineAccounts()
  private line = 1
  private base = 0
  /** Whether a line that was too long goes on. */
  private isDiscarding = false

  constructor(writer: RecordWriter, { pattern, ignoresCase, skipHeader }: PatternFormat, { columns }: RecordLayout) {
    this.writer = writer
    this.pattern = new RegExp(`^(?:${pattern})$`, ignoresCase ? 'i' : '')
    this.skipHeader = skipHeader
    this.columns = columns.map(({ name }) => name)
  }

  begin(): void {
    this.accounts = new LineAccounts()
    this.line = 1
    this.base = 0
    this.isDiscarding = false
  }

  take(bytes: Buffer, isLast: boolean): number {
    let at = 0
    while (at < bytes.length) {
      const feed = bytes.indexOf(LINE_FEED, at)
      const isLong = (feed < 0 ? bytes.length : feed) - at > MAX_RECORD
      if (feed < 0 && !isLast && !isLong && !this.isDiscarding) break
      const end = feed < 0 ? bytes.length : feed
      if (!this.isDiscarding && this.line > this.skipHeader) this.read(bytes, at, end, isLong)
      this.isDiscarding = feed < 0 && !isLast
      if (feed >= 0) this.line++
      at = feed < 0 ? bytes.length : feed + 1
    }
    this.base += at
    return at
  }

  end({ lineFeeds, lines }: LineCount): { readonly lines: number; readonly skipped: number } {
    if (this.line - 1 !== lineFeeds)
      throw new RangeError(`${lineFeeds} line ends were counted, and ${this.line - 1} were met among lines`)
    return this.accounts.of(lines)
  }

  private read(bytes: Buffer, start: number, to: number, isLong: boolean): void {
    const place = this.accounts.begin(this.line)
    if (isLong) {
      const error = { line: this.line, character: 1, byteOffset: this.base + start }
      this.writer.reject(place, 'TOO_LONG: longer than 16 MiB', error, bytes, start, to)
      return
    }
    const end = to > start && bytes[to - 1] === RETURN ? to - 1 : to
    const groups = this.pattern.exec(bytes.toString('utf8', start, end))
    this.columns.forEach((column, index) => {
      const value = groups?.[index + 1]
      if (value !== undefined) this.writer.valuesOf(column).pushText(this.writer.row, value)
    })
    this.writer.accept(place, bytes, start, end)
  }
}
