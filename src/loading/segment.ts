import { join } from 'node:path'
import type { LogType } from '../log-type/log-type.ts'
import { EventSpool, type SpooledEvents } from './event-spool.ts'
import { type Kernel, hashSeed, valueOf } from './kernel.ts'
import { reasonText } from './reasons.ts'
import { type ColumnData, type SpoolColumn, SpoolFile, type SpoolType } from './spool.ts'
import type { CountedColumn } from './text/record-writer.ts'
import type { LineEvent } from './unwrap.ts'

const INT32 = 0
const INT64 = 1
const DICTIONARY = 2
const PLAIN = 3
/** Rows a kernel holds (src/loading/kernels/columns.ts). */
const MAX_ROWS = 65_536
/** Rows after which a spool file is closed and handed over: it bounds what one file of any size keeps on disk. */
const ROWS_PER_FILE = 1_000_000

/** A closed spool file of one table, and what the loader must know to take it. */
export interface Segment {
  readonly table: string
  /** `typed`: columns of the table. `raw`: whole JSON lines in the column `raw`. `records`: values for a table of a script. */
  readonly form: 'typed' | 'raw' | 'records'
  /** Undefined when there are only rejects. */
  readonly rowsPath: string | undefined
  readonly rejectsPath: string | undefined
  readonly rows: number
  readonly bytes: number
  /** Columns that hold a value at all. */
  readonly present: readonly string[]
  /** Every value met in an enum column. */
  readonly enumValues: Readonly<Record<string, readonly string[]>>
  /** Which lines, of these and of later segments, are events of CloudWatch Logs. */
  readonly events?: SpooledEvents
  /** What the columns of records are. */
  readonly columns?: readonly CountedColumn[]
}

interface Slot extends SpoolColumn {
  readonly isEnum: boolean
}

const spoolTypes = {
  text: 'text',
  tag: 'text',
  address: 'text',
  enum: 'text',
  uri: 'text',
  integer: 'int32',
  bigint: 'int64',
  epoch: 'timestamp',
  'clf-time': 'timestamp',
} as const

const fixedSlots: readonly Slot[] = [
  { name: '_file_id', type: 'int32', isEnum: false },
  { name: '_line', type: 'int64', isEnum: false },
  { name: 'path_account_id', type: 'int64', isEnum: false },
  { name: 'path_region', type: 'text', isEnum: true },
]
const rejectSlots: readonly Slot[] = [
  { name: '_file_id', type: 'int32', isEnum: false },
  { name: 'line', type: 'int64', isEnum: false },
  { name: 'raw', type: 'text', isEnum: false },
  { name: 'raw_bytes', type: 'int32', isEnum: false },
  { name: 'reason', type: 'text', isEnum: false },
]

/** The columns of one kernel, and their way into spool files. */
export class SegmentWriter {
  readonly form: 'typed' | 'raw'
  readonly extraIndex: number
  rowsFlushed = 0
  rejectsFlushed = 0
  private readonly type: LogType
  private readonly kernel: Kernel
  private readonly slots: readonly Slot[]
  private readonly directory: string
  private readonly prefix: string
  private readonly onSegment: (segment: Segment) => void
  private serial = 0
  private rowsFile: SpoolFile | undefined
  private rejectsFile: SpoolFile | undefined
  private present = new Set<string>()
  private enumValues = new Map<string, Set<string>>()
  private readonly events = new EventSpool()

  constructor(
    type: LogType,
    form: 'typed' | 'raw',
    kernel: Kernel,
    directory: string,
    prefix: string,
    onSegment: (segment: Segment) => void,
  ) {
    this.type = type
    this.form = form
    this.kernel = kernel
    this.directory = directory
    this.prefix = prefix
    this.onSegment = onSegment
    const own: Slot[] =
      form === 'raw'
        ? [{ name: 'raw', type: 'text', isEnum: false }]
        : type.columns.map(({ name, kind }) => ({ name, type: spoolTypes[kind], isEnum: kind === 'enum' }))
    this.extraIndex = own.length
    this.slots = [...own, { name: 'extra', type: 'text', isEnum: false }, ...fixedSlots]
    const count = this.slots.length + rejectSlots.length
    kernel.createColumns(count, this.slots.length, hashSeed())
    for (let index = 0; index < count; index++) kernel.setColumn(index, this.startingKind(index))
    kernel.setFixedColumns(this.extraIndex + 1, this.slots.length)
  }

  get rows(): number {
    return this.rowsFlushed + valueOf(this.kernel.rows)
  }

  get rejects(): number {
    return this.rejectsFlushed + valueOf(this.kernel.rejects)
  }

  isFull(): boolean {
    return valueOf(this.kernel.rows) >= MAX_ROWS || valueOf(this.kernel.rejects) >= MAX_ROWS
  }

  /** Notes which lines are events. To be called before they are read. */
  noteEvents(fileId: number, events: readonly LineEvent[]): void {
    this.events.add(fileId, events)
  }

  /** Writes what the kernel holds as one row group and empties it. */
  flush(): void {
    const rows = valueOf(this.kernel.rows)
    const rejects = valueOf(this.kernel.rejects)
    if (rows > 0) {
      this.rowsFile ??= new SpoolFile(this.nextPath('rows'), this.slots)
      const data = this.slots.map((slot, index) => this.columnData(index, slot))
      this.slots.forEach((slot, index) => {
        if ((data[index]?.count ?? 0) > 0) this.present.add(slot.name)
      })
      this.rowsFile.writeGroup(data, rows)
    }
    if (rejects > 0) {
      this.rejectsFile ??= new SpoolFile(this.nextPath('rejects'), rejectSlots)
      const first = this.slots.length
      this.rejectsFile.writeGroup(
        rejectSlots.map((slot, index) =>
          slot.name === 'reason' ? this.reasonData(first + index) : this.columnData(first + index, slot),
        ),
        rejects,
      )
    }
    this.rowsFlushed += rows
    this.rejectsFlushed += rejects
    const crowded = this.slots.map((_, index) => this.isCrowded(index))
    this.kernel.reset()
    crowded.forEach((isCrowded, index) => {
      if (isCrowded) this.kernel.setColumn(index, PLAIN)
    })
    if (Math.max(this.rowsFile?.rows ?? 0, this.rejectsFile?.rows ?? 0) >= ROWS_PER_FILE) this.handOver()
  }

  /** Flushes, closes the spool files and reports them. */
  handOver(): void {
    if (valueOf(this.kernel.rows) > 0 || valueOf(this.kernel.rejects) > 0) this.flush()
    if (this.rowsFile === undefined && this.rejectsFile === undefined && this.events.isEmpty) return
    this.rowsFile?.finish()
    this.rejectsFile?.finish()
    const events = this.events.isEmpty ? undefined : this.events.write(this.nextPath('events'))
    this.onSegment({
      table: this.type.table,
      form: this.form,
      rowsPath: this.rowsFile?.path,
      rejectsPath: this.rejectsFile?.path,
      rows: this.rowsFile?.rows ?? 0,
      bytes: (this.rowsFile?.bytes ?? 0) + (this.rejectsFile?.bytes ?? 0),
      present: [...this.present],
      enumValues: Object.fromEntries([...this.enumValues].map(([name, values]) => [name, [...values]])),
      ...(events === undefined ? {} : { events }),
    })
    this.rowsFile = undefined
    this.rejectsFile = undefined
    this.present = new Set()
    this.enumValues = new Map()
  }

  /** Lets go of open files after a failure. */
  abandon(): void {
    this.rowsFile?.abandon()
    this.rejectsFile?.abandon()
    this.events.clear()
    this.rowsFile = undefined
    this.rejectsFile = undefined
    this.kernel.reset()
  }

  private nextPath(kind: string): string {
    return join(this.directory, `${this.prefix}-${this.type.table}-${this.form}-${this.serial++}.${kind}.parquet`)
  }

  private startingKind(index: number): number {
    const slot = this.slots[index] ?? rejectSlots[index - this.slots.length]
    if (slot === undefined || slot.name === 'reason') return INT32
    if (slot.name === 'raw' || this.type.columns[index]?.distinct === true) return PLAIN
    return kernelKind(slot.type)
  }

  private field(index: number, offset: number): number {
    return new DataView(this.kernel.memory.buffer).getUint32(this.kernel.columnAddress(index) + offset * 4, true)
  }

  /** More than a sixth of the values are new ones: a dictionary costs more than it saves. */
  private isCrowded(index: number): boolean {
    const slot = this.slots[index]
    const values = this.field(index, 1)
    return (
      slot !== undefined &&
      !slot.isEnum &&
      this.field(index, 0) === DICTIONARY &&
      values > 4000 &&
      this.field(index, 9) * 6 > values
    )
  }

  private columnData(index: number, slot: Slot): ColumnData {
    const codeBytes = this.field(index, 0) === DICTIONARY ? this.kernel.packCodes(index) : 0
    const memory = this.kernel.memory.buffer
    const bits = new Uint8Array(memory, this.field(index, 2), MAX_ROWS / 8 + 16)
    const count = this.field(index, 1)
    if (codeBytes === 0)
      return { bits, count, values: new Uint8Array(memory, this.field(index, 3), this.field(index, 4)) }
    const entries = new Uint8Array(memory, this.field(index, 6), this.field(index, 7))
    if (slot.isEnum && count > 0) this.noteEnum(slot.name, entries)
    const values = new Uint8Array(memory, this.field(index, 3), Math.ceil(count / 8) * 8 * codeBytes)
    return { bits, count, values, dictionary: { entries, count: this.field(index, 9), codeBytes } }
  }

  private noteEnum(name: string, entries: Uint8Array): void {
    const known = this.enumValues.get(name) ?? new Set()
    this.enumValues.set(name, known)
    const bytes = Buffer.from(entries.buffer, entries.byteOffset, entries.byteLength)
    for (let at = 0; at < bytes.length;) {
      const end = at + 4 + bytes.readUInt32LE(at)
      known.add(bytes.toString('utf8', at + 4, end))
      at = end
    }
  }

  /** Reason codes become a dictionary of sentences. */
  private reasonData(index: number): ColumnData {
    const memory = this.kernel.memory.buffer
    const count = this.field(index, 1)
    const codes = new Uint32Array(memory, this.field(index, 3), count)
    const distinct = new Map<number, number>()
    const values = new Uint32Array(Math.ceil(count / 8) * 8)
    for (let row = 0; row < count; row++) {
      const code = codes[row] ?? 0
      const position = distinct.get(code) ?? distinct.size
      distinct.set(code, position)
      values[row] = position
    }
    const texts = [...distinct.keys()].map((code) =>
      Buffer.from(reasonText(code >>> 10, this.type.columns[(code & 1023) - 1]?.name)),
    )
    const entries = Buffer.concat(
      texts.map((text) => {
        const length = Buffer.alloc(4)
        length.writeUInt32LE(text.length)
        return Buffer.concat([length, text])
      }),
    )
    const bits = new Uint8Array(memory, this.field(index, 2), MAX_ROWS / 8 + 16)
    return {
      bits,
      count,
      values: new Uint8Array(values.buffer),
      dictionary: { entries, count: texts.length, codeBytes: 4 },
    }
  }
}

function kernelKind(type: SpoolType): number {
  return type === 'int32' ? INT32 : type === 'text' ? DICTIONARY : INT64
}
