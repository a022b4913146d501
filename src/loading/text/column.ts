import type { ColumnData, SpoolType } from '../spool.ts'

/** Rows of one row group. */
export const GROUP_ROWS = 65_536
/** Bytes of values that an emptied column keeps room for. */
const KEPT = 1 << 20

/** Values of one column on their way into the spool, as Parquet has them: one behind the other, with a bit for each row that has one. */
export class Column {
  readonly type: SpoolType
  count = 0
  /** Bytes of values so far. */
  used = 0
  private readonly bits = new Uint8Array(GROUP_ROWS / 8)
  private values = Buffer.alloc(1024)
  /** Bytes that the group before this one took. */
  private before = 0

  constructor(type: SpoolType) {
    this.type = type
  }

  /** A part of bytes that are UTF-8. */
  pushBytes(row: number, bytes: Buffer, start: number, end: number): void {
    const length = end - start
    this.makeRoom(length + 4)
    const { values } = this
    const to = values.writeUInt32LE(length, this.used)
    if (length > 32) bytes.copy(values, to, start, end)
    else for (let at = 0; at < length; at++) values[to + at] = bytes[start + at] ?? 0
    this.used = to + length
    this.mark(row)
  }

  pushText(row: number, text: string): void {
    this.makeRoom(text.length * 3 + 4)
    const length = this.values.write(text, this.used + 4)
    this.values.writeUInt32LE(length, this.used)
    this.used += length + 4
    this.mark(row)
  }

  pushNumber(row: number, value: number): void {
    this.makeRoom(8)
    if (this.type === 'double') this.used = this.values.writeDoubleLE(value, this.used)
    else if (this.type === 'int32') this.used = this.values.writeInt32LE(value, this.used)
    else {
      // Twos complement in two halves: numbers hold integers of this size exactly.
      this.values.writeUInt32LE(((value % 0x1_0000_0000) + 0x1_0000_0000) % 0x1_0000_0000, this.used)
      this.used = this.values.writeInt32LE(Math.floor(value / 0x1_0000_0000), this.used + 4)
    }
    this.mark(row)
  }

  pushBigInt(row: number, value: bigint): void {
    this.makeRoom(8)
    this.used = this.values.writeBigInt64LE(value, this.used)
    this.mark(row)
  }

  pushBoolean(row: number, value: boolean): void {
    const at = this.count >> 3
    this.used = at
    this.makeRoom(1)
    const bit = 1 << (this.count & 7)
    this.values[at] = ((this.count & 7) === 0 ? 0 : (this.values[at] ?? 0)) | (value ? bit : 0)
    this.used = at + 1
    this.mark(row)
  }

  data(): ColumnData {
    return { bits: this.bits, count: this.count, values: this.values.subarray(0, this.used) }
  }

  reset(): void {
    this.bits.fill(0)
    this.count = 0
    this.before = this.used
    this.used = 0
    if (this.values.length > KEPT) this.values = Buffer.alloc(1024)
  }

  private mark(row: number): void {
    this.bits[row >> 3] = (this.bits[row >> 3] ?? 0) | (1 << (row & 7))
    this.count++
  }

  private makeRoom(bytes: number): void {
    if (this.used + bytes <= this.values.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(this.values.length * 2, this.used + bytes, this.before))
    larger.set(this.values.subarray(0, this.used))
    this.values = larger
  }
}
