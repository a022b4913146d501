import { type ColumnData, type SpoolColumn, SpoolFile } from './spool.ts'

/** Values of one column; NULL where undefined or null. Numbers are integers. */
type Values = readonly (string | number | bigint | null | undefined)[]

/** Writes a spool file of one row group from columns in memory: for a catalog's rows, not for log records. */
export function writeRows(path: string, columns: readonly (SpoolColumn & { readonly values: Values })[]): void {
  const rows = columns[0]?.values.length ?? 0
  const file = new SpoolFile(path, columns)
  try {
    if (rows > 0)
      file.writeGroup(
        columns.map((column) => encode(column.type, column.values)),
        rows,
      )
    file.finish()
  } catch (error) {
    file.abandon()
    throw error
  }
}

function encode(type: SpoolColumn['type'], values: Values): ColumnData {
  const bits = new Uint8Array(Math.ceil(values.length / 8))
  const present: (string | number | bigint)[] = []
  values.forEach((value, row) => {
    if (value === null || value === undefined) return
    bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7))
    present.push(value)
  })
  return { bits, count: present.length, values: type === 'text' ? texts(present) : numbers(type, present) }
}

function numbers(type: SpoolColumn['type'], values: readonly (string | number | bigint)[]): Uint8Array {
  const array = type === 'int32' ? Int32Array.from(values, Number) : BigInt64Array.from(values, BigInt)
  return new Uint8Array(array.buffer)
}

/** Length-prefixed UTF-8. */
function texts(values: readonly (string | number | bigint)[]): Uint8Array {
  const strings = values.map(String)
  const bytes = Buffer.allocUnsafe(strings.reduce((sum, text) => sum + 4 + Buffer.byteLength(text), 0))
  let at = 0
  for (const text of strings) {
    const length = bytes.write(text, at + 4)
    bytes.writeUInt32LE(length, at)
    at += 4 + length
  }
  return bytes
}
