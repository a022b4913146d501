import { join } from 'node:path'
import { MAX_RAW } from '../reasons.ts'
import type { Segment } from '../segment.ts'
import { SpoolFile, type SpoolType } from '../spool.ts'
import { Column, GROUP_ROWS } from './column.ts'

/** Bytes of values after which a row group is written, and bytes or rows after which a spool file is handed over. */
const GROUP_BYTES = 32 << 20
const FILE_BYTES = 64 << 20
const FILE_ROWS = 1_000_000

/** What a spooled column holds. */
export interface RecordColumn {
  /** Its name in the spool. */
  readonly name: string
  /** The column of the table that it is for. */
  readonly column: string
  /** The column's `value`, and whether one is `given`; or of a VARIANT the values of one `key` and type, and `others` as members of a JSON object. */
  readonly holds: 'value' | 'key' | 'others' | 'given'
  readonly key?: string
  /** The engine's type. */
  readonly type: string
}

/** A column of a handed-over segment, and how many values it has. */
export type CountedColumn = RecordColumn & { readonly count: number }

/** Where a record stands in its file. Lines and records count from 1. */
export interface RecordPlace {
  readonly line: number
  readonly record: number
}

/** Where in its record an error was found: line and character count from 1, the offset in the unpacked file from 0. */
export interface ErrorPlace {
  readonly line: number
  readonly character: number
  readonly byteOffset: number
}

const rowColumns = [
  { name: '_file_id', type: 'int32' },
  { name: '_line', type: 'int64' },
  { name: '_record', type: 'int64' },
] as const
const rawColumns = [
  { name: '_raw', type: 'text' },
  { name: '_raw_bytes', type: 'int32' },
] as const
const rejectColumns = [
  { name: '_file_id', type: 'int32' },
  { name: 'line', type: 'int64' },
  { name: 'raw', type: 'text' },
  { name: 'raw_bytes', type: 'int32' },
  { name: 'reason', type: 'text' },
  { name: 'record', type: 'int64' },
  { name: 'error_line', type: 'int64' },
  { name: 'character', type: 'int64' },
  { name: 'byte_offset', type: 'int64' },
] as const satisfies readonly { name: string; type: SpoolType }[]

/** Writes records that were taken apart, and those that could not be, to the spool. */
export class RecordWriter {
  fileId = 0
  /** Changes when the columns that were asked for are forgotten. */
  generation = 0
  /** The row that values are pushed for, in the group. */
  row = 0
  rows = 0
  rejects = 0
  private readonly options: {
    readonly table: string
    readonly directory: string
    readonly prefix: string
    /** Whether the engine may find rows that are rejects. */
    readonly keepsRaw: boolean
    readonly onSegment: (segment: Segment) => void
  }
  private readonly own: readonly Column[]
  private readonly rejected = rejectColumns.map(({ type }) => new Column(type))
  private readonly columns = new Map<string, { readonly is: RecordColumn; readonly column: Column; count: number }>()
  private readonly values = new Map<string, Column>()
  private rowsFile: SpoolFile | undefined
  private rowsFileColumns = 0
  private rejectsFile: SpoolFile | undefined
  private groupRejects = 0
  private groupBytes = 0
  private serial = 0

  constructor(options: RecordWriter['options']) {
    this.options = options
    this.own = this.ownColumns().map(({ type }) => new Column(type))
  }

  /** A column to push values of the current row to. */
  columnOf(is: RecordColumn, type: SpoolType): Column {
    const known = this.columns.get(is.name)
    if (known !== undefined) return known.column
    const column = new Column(type)
    this.columns.set(is.name, { is, column, count: 0 })
    return column
  }

  /** The text of a column's values. */
  valuesOf(column: string): Column {
    const known = this.values.get(column)
    if (known !== undefined) return known
    const made = this.columnOf({ name: `value.${column}`, column, holds: 'value', type: 'VARCHAR' }, 'text')
    this.values.set(column, made)
    return made
  }

  /** The current row has something for a column, be it NULL. */
  tellGiven(column: string): void {
    const is = { name: `given.${column}`, column, holds: 'given', type: 'BOOLEAN' } as const
    this.columnOf(is, 'boolean').pushBoolean(this.row, true)
  }

  /** Ends a row whose values have been pushed; `bytes` from `start` to `end` are the record. */
  accept({ line, record }: RecordPlace, bytes: Buffer, start: number, end: number): void {
    const [file, lines, records, raw, rawBytes] = this.own
    file?.pushNumber(this.row, this.fileId)
    lines?.pushNumber(this.row, line)
    records?.pushNumber(this.row, record)
    if (end - start > MAX_RAW) raw?.pushText(this.row, readable(bytes, start, end))
    else raw?.pushBytes(this.row, bytes, start, end)
    rawBytes?.pushNumber(this.row, end - start)
    this.row++
    this.rows++
    // At least what the values of the row take: most of them are parts of it.
    this.groupBytes += end - start + 64
    if (this.row === GROUP_ROWS || this.groupBytes > GROUP_BYTES) this.flush()
  }

  reject(place: RecordPlace, reason: string, error: ErrorPlace, bytes: Buffer, start: number, end: number): void {
    const text = readable(bytes, start, end)
    const values = [
      this.fileId,
      place.line,
      text,
      Math.min(end - start, 0x7fff_ffff),
      reason,
      place.record,
      error.line,
      error.character,
      error.byteOffset,
    ]
    values.forEach((value, index) => {
      const column = this.rejected[index]
      if (typeof value === 'string') column?.pushText(this.groupRejects, value)
      else column?.pushNumber(this.groupRejects, value)
    })
    this.groupRejects++
    this.rejects++
    this.groupBytes += text.length + 128
    if (this.groupRejects === GROUP_ROWS || this.groupBytes > GROUP_BYTES) this.flush()
  }

  /** Writes all there is and reports it; columns have to be asked for anew. */
  handOver(): void {
    this.writeGroup()
    this.forgetColumns()
  }

  /** Lets go of open files after a failure. */
  abandon(): void {
    this.rowsFile?.abandon()
    this.rejectsFile?.abandon()
    this.rowsFile = undefined
    this.rejectsFile = undefined
  }

  private flush(): void {
    this.writeGroup()
    const rows = Math.max(this.rowsFile?.rows ?? 0, this.rejectsFile?.rows ?? 0)
    if (rows >= FILE_ROWS || this.bytes >= FILE_BYTES) this.forgetColumns()
  }

  private forgetColumns(): void {
    this.close()
    this.columns.clear()
    this.values.clear()
    this.generation++
  }

  private writeGroup(): void {
    const { row, groupRejects } = this
    if (row > 0) {
      // All groups of a file have the same columns.
      if (this.rowsFileColumns !== this.columns.size) this.close()
      this.rowsFile ??= new SpoolFile(this.nextPath('rows'), this.spoolColumns())
      this.rowsFileColumns = this.columns.size
      const found = [...this.columns.values()]
      this.rowsFile.writeGroup(
        [...this.own, ...found.map(({ column }) => column)].map((column) => column.data()),
        row,
      )
      for (const one of found) {
        one.count += one.column.count
        one.column.reset()
      }
      for (const column of this.own) column.reset()
    }
    if (groupRejects > 0) {
      this.rejectsFile ??= new SpoolFile(this.nextPath('rejects'), rejectColumns)
      this.rejectsFile.writeGroup(
        this.rejected.map((column) => column.data()),
        groupRejects,
      )
      for (const column of this.rejected) column.reset()
    }
    this.row = 0
    this.groupRejects = 0
    this.groupBytes = 0
  }

  private close(): void {
    if (this.rowsFile === undefined && this.rejectsFile === undefined) return
    this.rowsFile?.finish()
    this.rejectsFile?.finish()
    const columns = [...this.columns.values()].slice(0, this.rowsFileColumns)
    this.options.onSegment({
      table: this.options.table,
      form: 'records',
      rowsPath: this.rowsFile?.path,
      rejectsPath: this.rejectsFile?.path,
      rows: this.rowsFile?.rows ?? 0,
      bytes: this.bytes,
      present: [],
      enumValues: {},
      columns: this.rowsFile === undefined ? [] : columns.map(({ is, count }) => ({ ...is, count })),
    })
    for (const column of columns) column.count = 0
    this.rowsFile = undefined
    this.rejectsFile = undefined
    this.rowsFileColumns = 0
  }

  private get bytes(): number {
    return (this.rowsFile?.bytes ?? 0) + (this.rejectsFile?.bytes ?? 0)
  }

  private ownColumns(): readonly { readonly name: string; readonly type: SpoolType }[] {
    return this.options.keepsRaw ? [...rowColumns, ...rawColumns] : rowColumns
  }

  private spoolColumns(): { name: string; type: SpoolType }[] {
    return [
      ...this.ownColumns(),
      ...[...this.columns.values()].map(({ is, column }) => ({ name: is.name, type: column.type })),
    ]
  }

  private nextPath(kind: string): string {
    return join(this.options.directory, `${this.options.prefix}-records-${this.serial++}.${kind}.parquet`)
  }
}

/** The beginning of a record for people to read. */
function readable(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('utf8', start, Math.min(end, start + MAX_RAW)).replaceAll('\0', '\u2400')
}
