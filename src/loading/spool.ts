import { closeSync, openSync, rmSync, writevSync } from 'node:fs'
import { encodeStruct, type ThriftField } from './thrift.ts'

/** How a spooled column is stored: 32- or 64-bit numbers, microseconds since 1970, floating point, one bit a value, or UTF-8 text. */
export type SpoolType = 'int32' | 'int64' | 'timestamp' | 'double' | 'boolean' | 'text'

export interface SpoolColumn {
  readonly name: string
  readonly type: SpoolType
}

/** A column of one row group, as views of a kernel's memory: what is written is not copied. */
export interface ColumnData {
  /** Validity, one bit a row, lowest first. */
  readonly bits: Uint8Array
  /** Values that are not NULL: little-endian numbers, bits, length-prefixed text, or dictionary codes. */
  readonly values: Uint8Array
  readonly count: number
  /** Length-prefixed entries, their number, and bytes a code (1, 2 or 4). */
  readonly dictionary?: { readonly entries: Uint8Array; readonly count: number; readonly codeBytes: number }
}

// Parquet's enumerations (apache/parquet-format, parquet.thrift).
const physical = { int32: 1, int64: 2, timestamp: 2, double: 5, boolean: 0, text: 6 } as const
const converted = {
  int32: undefined,
  int64: undefined,
  timestamp: 10,
  double: undefined,
  boolean: undefined,
  text: 0,
} as const
const PLAIN = 0
const RLE = 3
const RLE_DICTIONARY = 8
const DATA_PAGE = 0
const DICTIONARY_PAGE = 2
const magic = Buffer.from('PAR1')

function runHeader(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  bytes.push(rest)
  return bytes
}

/** Definition levels: one run of ones, of zeros, or the bitmap as it is. */
function definitionLevels(data: ColumnData, rows: number): Buffer[] {
  const uniform = data.count === rows ? 1 : data.count === 0 ? 0 : undefined
  const bitmapBytes = Math.ceil(rows / 8)
  const run = uniform === undefined ? runHeader(bitmapBytes * 2 + 1) : [...runHeader(rows * 2), uniform]
  const length = run.length + (uniform === undefined ? bitmapBytes : 0)
  const head = Buffer.from([length & 255, (length >> 8) & 255, (length >> 16) & 255, 0, ...run])
  return uniform === undefined ? [head, viewOf(data.bits, bitmapBytes)] : [head]
}

function viewOf(bytes: Uint8Array, length: number): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, length)
}

function pageHeader(type: number, bytes: number, detail: ThriftField): Buffer {
  return encodeStruct([{ id: 1, i32: type }, { id: 2, i32: bytes }, { id: 3, i32: bytes }, detail])
}

const sizeOf = (buffers: readonly Uint8Array[]): number => buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0)

/**
 * One spool file: uncompressed Parquet, a row group a segment, all columns optional. It lives from parsing to the commit and is
 * never synced: after a crash it is deleted, and its objects are read again.
 */
export class SpoolFile {
  readonly path: string
  rows = 0
  bytes = 0
  private readonly columns: readonly SpoolColumn[]
  private readonly descriptor: number
  private readonly groups: ThriftField[][] = []
  private isOpen = true

  constructor(path: string, columns: readonly SpoolColumn[]) {
    this.path = path
    this.columns = columns
    this.descriptor = openSync(path, 'wx', 0o600)
    try {
      this.write([magic])
    } catch (error) {
      this.abandon()
      throw error
    }
  }

  writeGroup(data: readonly ColumnData[], rows: number): void {
    const pieces: Buffer[] = []
    let offset = this.bytes
    const add = (buffers: readonly Buffer[]): number => {
      const start = offset
      pieces.push(...buffers)
      offset += sizeOf(buffers)
      return start
    }
    const groupStart = offset
    const chunks = this.columns.map((column, index): ThriftField[] => {
      const source = data[index]
      if (source === undefined) throw new RangeError(`no data for spool column ${column.name}`)
      const start = offset
      const dictionary = source.count > 0 ? source.dictionary : undefined
      let dictionaryOffset: number | undefined
      if (dictionary !== undefined) {
        const entries = viewOf(dictionary.entries, dictionary.entries.byteLength)
        const detail = [
          { id: 1, i32: dictionary.count },
          { id: 2, i32: PLAIN },
        ]
        dictionaryOffset = add([pageHeader(DICTIONARY_PAGE, entries.length, { id: 7, struct: detail }), entries])
      }
      const body = definitionLevels(source, rows)
      if (dictionary !== undefined) {
        const padded = Math.ceil(source.count / 8) * 8
        body.push(Buffer.from([dictionary.codeBytes * 8, ...runHeader((padded / 8) * 2 + 1)]))
        body.push(viewOf(source.values, padded * dictionary.codeBytes))
      } else body.push(viewOf(source.values, source.values.byteLength))
      const encoding = dictionary === undefined ? PLAIN : RLE_DICTIONARY
      const detail = [
        { id: 1, i32: rows },
        { id: 2, i32: encoding },
        { id: 3, i32: RLE },
        { id: 4, i32: RLE },
      ]
      const dataOffset = add([pageHeader(DATA_PAGE, sizeOf(body), { id: 5, struct: detail }), ...body])
      const size = offset - start
      const meta: ThriftField[] = [
        { id: 1, i32: physical[column.type] },
        { id: 2, i32s: [encoding, RLE] },
        { id: 3, texts: [column.name] },
        { id: 4, i32: 0 },
        { id: 5, i64: rows },
        { id: 6, i64: size },
        { id: 7, i64: size },
        { id: 9, i64: dataOffset },
      ]
      if (dictionaryOffset !== undefined) meta.push({ id: 11, i64: dictionaryOffset })
      return [
        { id: 2, i64: start },
        { id: 3, struct: meta },
      ]
    })
    this.write(pieces)
    this.groups.push([
      { id: 1, structs: chunks },
      { id: 2, i64: offset - groupStart },
      { id: 3, i64: rows },
    ])
    this.rows += rows
  }

  /** Writes the footer and closes; the file can then be read. */
  finish(): void {
    const schema: ThriftField[][] = this.columns.map(({ name, type }) => {
      const element: ThriftField[] = [
        { id: 1, i32: physical[type] },
        { id: 3, i32: 1 },
        { id: 4, text: name },
      ]
      const convertedType = converted[type]
      if (convertedType !== undefined) element.push({ id: 6, i32: convertedType })
      return element
    })
    const root: ThriftField[] = [
      { id: 4, text: 'spool' },
      { id: 5, i32: this.columns.length },
    ]
    const footer = encodeStruct([
      { id: 1, i32: 1 },
      { id: 2, structs: [root, ...schema] },
      { id: 3, i64: this.rows },
      { id: 4, structs: this.groups },
    ])
    const length = Buffer.alloc(4)
    length.writeUInt32LE(footer.length)
    this.write([footer, length, magic])
    this.isOpen = false
    closeSync(this.descriptor)
  }

  /** Closes without a footer and deletes, after a failure. */
  abandon(): void {
    if (this.isOpen) closeSync(this.descriptor)
    this.isOpen = false
    rmSync(this.path, { force: true })
  }

  private write(buffers: readonly Buffer[]): void {
    // The system takes at most 1024 buffers a call, and may write less than asked near a full disk.
    for (let first = 0; first < buffers.length; first += 1000) {
      let left = buffers.slice(first, first + 1000)
      while (left.length > 0) {
        let written = writevSync(this.descriptor, left)
        this.bytes += written
        while (left[0] !== undefined && written >= left[0].length) written -= left.shift()?.length ?? 0
        if (left[0] !== undefined) left = [left[0].subarray(written), ...left.slice(1)]
      }
    }
  }
}
