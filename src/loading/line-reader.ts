import type { LogType } from '../log-type/log-type.ts'
import { columnName, isFieldHeader } from '../log-type/flow-header.ts'
import { type FieldPlan, MAX_FIELDS, kindCode, planFields, planLayout } from './field-plan.ts'
import { type FieldsKernel, type Kernel, createKernel, valueOf } from './kernel.ts'
import { type Segment, SegmentWriter } from './segment.ts'

const FIRST_BUFFER = 4 << 20
/** A line longer than this is a reject (docs/PARSING.md). */
const MAX_LINE = 16 << 20
const NEWLINE = 10
const SEGMENT_FULL = 1
const MAYBE_HEADER = 2

/** What one file gave. `lines` is counted from its bytes, apart from parsing. */
export interface LineCounts {
  lines: number
  rows: number
  rejects: number
  skipped: number
  bytes: number
}

/** A file as a kernel must know it. */
export interface FileHead {
  readonly fileId: number
  /** Account and region from the object's path. */
  readonly accountId: string | undefined
  readonly region: string | undefined
  /** Field names of a header-less file. */
  readonly format: readonly string[] | undefined
}

/** Where the lines of one log type go: a kernel, its plan and its spool. One for each type that a worker meets. */
export class LineReader {
  readonly writer: SegmentWriter
  private readonly type: LogType
  private readonly kernel: Kernel
  private readonly fieldsKernel: FieldsKernel | undefined
  private readonly knownFields: ReadonlySet<string>
  private capacity = FIRST_BUFFER
  private held = 0
  private newlines = 0
  private lastByte = NEWLINE
  private bytes = 0
  private discarding = false
  private plannedFormat = ''
  private lastHeader = ''
  private rowsBefore = 0
  private rejectsBefore = 0
  /** The order of fields that the last lines were read by: the header's, the declared or the default one. */
  format = ''

  constructor(
    type: LogType,
    form: 'typed' | 'raw',
    options: { directory: string; prefix: string; redact: boolean; onSegment: (segment: Segment) => void },
  ) {
    this.type = type
    this.knownFields = new Set(type.columns.flatMap((column) => [column.name, columnName(column.field ?? column.name)]))
    const open = (kernel: Kernel) =>
      new SegmentWriter(type, form, kernel, options.directory, options.prefix, options.onSegment)
    if (form === 'raw') {
      const kernel = createKernel.lines()
      this.kernel = kernel
      this.writer = open(kernel)
      kernel.setPlan(0)
    } else if (type.text.kernel === 's3-access') {
      const kernel = createKernel.s3Access()
      this.kernel = kernel
      this.writer = open(kernel)
      const plan = new Int32Array(kernel.memory.buffer, kernel.planBuffer(), 54)
      const read = type.columns.flatMap((column, index) =>
        column.decodedFrom === undefined ? [index, kindCode(column)] : [],
      )
      plan.set(read)
      kernel.setPlan(
        type.columns.findIndex((column) => column.decodedFrom !== undefined),
        this.writer.extraIndex,
      )
    } else {
      const kernel = createKernel.fields()
      this.kernel = kernel
      this.fieldsKernel = kernel
      this.writer = open(kernel)
    }
    this.kernel.setRedaction(options.redact)
    this.kernel.inputBuffer(FIRST_BUFFER)
  }

  begin(head: FileHead, firstLine = 0): void {
    const region = Buffer.from(head.region ?? '')
    new Uint8Array(this.kernel.memory.buffer, this.kernel.regionBuffer(), 64).set(region.subarray(0, 64))
    this.kernel.beginFile(
      head.fileId,
      head.accountId === undefined ? -1n : BigInt(head.accountId),
      Math.min(region.length, 64),
      BigInt(firstLine),
    )
    this.held = 0
    this.newlines = 0
    this.lastByte = NEWLINE
    this.bytes = 0
    this.discarding = false
    this.rowsBefore = this.writer.rows
    this.rejectsBefore = this.writer.rejects
    const form = this.type.text
    if (form.kernel === 'fields') this.plan(head.format ?? form.defaultFields)
    else if (form.kernel === 'layout' && this.plannedFormat === '') {
      this.setPlan(planLayout(this.type, form.tokens), false)
      this.plannedFormat = this.type.name
    }
  }

  feed(chunk: Uint8Array): void {
    for (let taken = 0; taken < chunk.length;) {
      const size = Math.min(chunk.length - taken, this.capacity - this.held)
      const at = this.kernel.inputBuffer(this.capacity) + this.held
      new Uint8Array(this.kernel.memory.buffer, at, size).set(chunk.subarray(taken, taken + size))
      this.newlines += this.kernel.countNewlines(at, size)
      this.lastByte = chunk[taken + size - 1] ?? NEWLINE
      this.bytes += size
      taken += size
      this.held += size
      this.parseHeld(false)
    }
  }

  /** Reads what is left and counts; throws when lines and rows do not add up, which would be a fault of a kernel. */
  end(): LineCounts {
    this.parseHeld(true)
    const lines = this.newlines + (this.lastByte === NEWLINE ? 0 : 1)
    const counts: LineCounts = {
      lines,
      rows: this.writer.rows - this.rowsBefore,
      rejects: this.writer.rejects - this.rejectsBefore,
      skipped: valueOf(this.kernel.skipped),
      bytes: this.bytes,
    }
    if (counts.rows + counts.rejects + counts.skipped !== lines) {
      throw new RangeError(
        `${lines} lines were read as ${counts.rows} rows, ${counts.rejects} rejects and ${counts.skipped} skipped`,
      )
    }
    return counts
  }

  /** Reads one line that stood at `number` in its file: for the replay of rejects. */
  readLine(head: FileHead, number: number, line: Uint8Array): LineCounts {
    this.begin(head, number - 1)
    this.feed(line)
    return this.end()
  }

  private parseHeld(isLast: boolean): void {
    const buffer = this.kernel.inputBuffer(this.capacity)
    const limit = buffer + this.held
    let at = buffer
    if (this.discarding) {
      const newline = this.bytesAt(at, limit).indexOf(NEWLINE)
      at = newline < 0 ? limit : at + newline + 1
      this.discarding = newline < 0
    }
    for (let takesHeader = true; at < limit;) {
      this.kernel.parse(at, limit, isLast, takesHeader)
      at += valueOf(this.kernel.consumed)
      takesHeader = true
      const state = valueOf(this.kernel.state)
      if (state === SEGMENT_FULL) this.writer.flush()
      else if (state === MAYBE_HEADER) {
        const length = this.takeHeader(at, limit)
        takesHeader = length > 0
        at += length
      } else break
    }
    this.held = limit - at
    if (this.held > 0 && at > buffer) new Uint8Array(this.kernel.memory.buffer).copyWithin(buffer, at, limit)
    if (this.held === this.capacity) this.makeRoom(buffer)
  }

  /** Bytes the header takes with its newline; 0 when the line is no header. */
  private takeHeader(at: number, limit: number): number {
    const bytes = this.bytesAt(at, limit)
    const newline = bytes.indexOf(NEWLINE)
    const text = Buffer.from(bytes.subarray(0, newline < 0 ? bytes.length : newline))
      .toString('latin1')
      .trimEnd()
    // Files of one folder mostly have one header.
    if (text === this.lastHeader) this.planFor(text, undefined)
    else {
      const words = text.split(' ')
      if (words.length > MAX_FIELDS || !isFieldHeader(words, this.knownFields)) return 0
      this.planFor(text, words)
      this.lastHeader = text
    }
    this.kernel.skipLine()
    return newline < 0 ? bytes.length : newline + 1
  }

  private makeRoom(buffer: number): void {
    if (this.capacity < MAX_LINE) {
      this.capacity *= 2
      this.kernel.inputBuffer(this.capacity)
      return
    }
    if (this.writer.isFull()) this.writer.flush()
    this.kernel.rejectLong(buffer, buffer + this.held)
    this.held = 0
    this.discarding = true
  }

  private bytesAt(at: number, limit: number): Uint8Array {
    return new Uint8Array(this.kernel.memory.buffer, at, limit - at)
  }

  private plan(names: readonly string[]): void {
    this.planFor(names.join(' '), names)
  }

  private planFor(format: string, names: readonly string[] | undefined): void {
    this.format = format
    if (format === this.plannedFormat) return
    this.setPlan(planFields(this.type, names ?? format.split(' ')), true)
    this.plannedFormat = format
  }

  private setPlan(plan: FieldPlan, header: boolean): void {
    const kernel = this.fieldsKernel
    if (kernel === undefined) return
    const names = plan.fields.map((field) => Buffer.from(JSON.stringify(field.name).slice(1, -1)))
    const text = Buffer.concat(names)
    const namesAt = kernel.namesBuffer(text.length)
    new Uint8Array(kernel.memory.buffer, namesAt, text.length).set(text)
    const entries = new Int32Array(kernel.memory.buffer, kernel.planBuffer(), plan.fields.length * 5)
    let offset = 0
    plan.fields.forEach((field, index) => {
      const length = names[index]?.length ?? 0
      entries.set([field.column, field.kind, field.token, offset, length], index * 5)
      offset += length
    })
    kernel.setPlan(plan.fields.length, plan.least, this.writer.extraIndex, header, this.type.wrapped, !header)
  }
}
