import { type CsvRecord, ENCLOSED, ENCLOSED_ESCAPED, ESCAPED, PLAIN } from './csv-record.ts'
import type { RecordWriter } from './record-writer.ts'
import type { CsvFormat, LaidOutColumn, RecordLayout } from './text-format.ts'

/** Puts the fields of records into columns, by their places or by the names of a header. */
export class CsvFields {
  private readonly writer: RecordWriter
  private readonly format: CsvFormat
  private readonly layout: RecordLayout
  private readonly record: CsvRecord
  private readonly nulls: readonly Buffer[]
  /** The column of each field; undefined where it has none. */
  private columns: readonly (LaidOutColumn | undefined)[]
  private expected: number
  private scratch = Buffer.allocUnsafeSlow(4096)

  constructor(writer: RecordWriter, format: CsvFormat, layout: RecordLayout, record: CsvRecord) {
    this.writer = writer
    this.format = format
    this.layout = layout
    this.record = record
    this.nulls = format.nullIf.map((text) => Buffer.from(text))
    this.columns = layout.columns
    this.expected = layout.columns.length
  }

  /** Takes the record for the header that names the fields; the name of a column that stands there twice. */
  readHeader(bytes: Buffer): string | undefined {
    const { match, columns } = this.layout
    const folded = (name: string): string => (match === 'case-sensitive' ? name : name.toLowerCase())
    const names = Array.from({ length: this.record.count }, (_, index) => folded(this.textOf(bytes, index)))
    this.columns = names.map((name) => columns.find((column) => folded(column.exactName) === name))
    this.expected = names.length
    return this.columns.find((column, index) => column !== undefined && this.columns.indexOf(column) < index)?.name
  }

  /** Why the record is no row. */
  whyNot(): string | undefined {
    const { count } = this.record
    if (!this.format.checksCount || count === this.expected) return undefined
    return count < this.expected
      ? `FIELD_MISSING: ${count} fields where ${this.expected} are expected`
      : `FIELD_SURPLUS: ${count} fields where ${this.expected} are expected`
  }

  /** Pushes the values of the record. */
  push(bytes: Buffer): void {
    const { record, columns } = this
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index]
      if (column === undefined) continue
      if (column.tellsGiven) this.writer.tellGiven(column.name)
      if (index < record.count) this.pushField(bytes, column.name, index)
    }
  }

  private pushField(bytes: Buffer, name: string, index: number): void {
    const { record, format } = this
    const kind = record.kinds[index] ?? PLAIN
    const start = record.starts[index] ?? 0
    const end = this.endOf(bytes, index)
    if (kind === PLAIN || kind === ENCLOSED) {
      if ((start === end && kind === PLAIN && format.emptyIsNull) || this.isNull(bytes, start, end)) return
      this.writer.valuesOf(name).pushBytes(this.writer.row, bytes, start, end)
      return
    }
    // As in \N, which is not the letter N.
    if (kind === ESCAPED && this.isNull(bytes, start, end)) return
    const length = this.unescape(bytes, start, end, kind)
    if (!this.isNull(this.scratch, 0, length))
      this.writer.valuesOf(name).pushBytes(this.writer.row, this.scratch, 0, length)
  }

  private textOf(bytes: Buffer, index: number): string {
    const kind = this.record.kinds[index] ?? PLAIN
    const start = this.record.starts[index] ?? 0
    const end = this.endOf(bytes, index)
    if (kind === PLAIN || kind === ENCLOSED) return bytes.toString('utf8', start, end)
    return this.scratch.toString('utf8', 0, this.unescape(bytes, start, end, kind))
  }

  private endOf(bytes: Buffer, index: number): number {
    const kind = this.record.kinds[index] ?? PLAIN
    const end = this.record.ends[index] ?? 0
    const isEnclosed = kind === ENCLOSED || kind === ENCLOSED_ESCAPED
    return this.format.trims && !isEnclosed ? this.record.trimmedEnd(bytes, this.record.starts[index] ?? 0, end) : end
  }

  private unescape(bytes: Buffer, start: number, end: number, kind: number): number {
    if (this.scratch.length < end - start) this.scratch = Buffer.allocUnsafeSlow((end - start) * 2)
    return this.record.unescape(bytes, start, end, kind, this.scratch)
  }

  private isNull(bytes: Buffer, start: number, end: number): boolean {
    for (const text of this.nulls)
      if (text.length === end - start && bytes.compare(text, 0, text.length, start, end) === 0) return true
    return false
  }
}
