/** Thrift's compact protocol, as much of it as Parquet's headers and footer need. */

type Field = { readonly id: number } & (
  | { readonly i32: number }
  | { readonly i64: number }
  | { readonly text: string }
  | { readonly struct: readonly Field[] }
  | { readonly i32s: readonly number[] }
  | { readonly texts: readonly string[] }
  | { readonly structs: readonly (readonly Field[])[] }
)
export type ThriftField = Field

const I32 = 5
const I64 = 6
const BINARY = 8
const LIST = 9
const STRUCT = 12

class Bytes {
  buffer = Buffer.alloc(1024)
  used = 0

  byte(value: number): void {
    if (this.used === this.buffer.length) this.buffer = Buffer.concat([this.buffer, Buffer.alloc(this.buffer.length)])
    this.buffer[this.used++] = value
  }

  varint(value: number): void {
    let rest = value
    while (rest >= 128) {
      this.byte((rest % 128) + 128)
      rest = Math.floor(rest / 128)
    }
    this.byte(rest)
  }

  text(value: string): void {
    const bytes = Buffer.from(value)
    this.varint(bytes.length)
    for (const byte of bytes) this.byte(byte)
  }

  listHead(length: number, type: number): void {
    if (length < 15) this.byte((length << 4) | type)
    else {
      this.byte(0xf0 | type)
      this.varint(length)
    }
  }

  struct(fields: readonly Field[]): void {
    let last = 0
    for (const field of fields) {
      const type =
        'i32' in field ? I32 : 'i64' in field ? I64 : 'text' in field ? BINARY : 'struct' in field ? STRUCT : LIST
      this.byte(((field.id - last) << 4) | type)
      last = field.id
      if ('i32' in field) this.varint(field.i32 * 2)
      else if ('i64' in field) this.varint(field.i64 * 2)
      else if ('text' in field) this.text(field.text)
      else if ('struct' in field) this.struct(field.struct)
      else if ('i32s' in field) {
        this.listHead(field.i32s.length, I32)
        for (const value of field.i32s) this.varint(value * 2)
      } else if ('texts' in field) {
        this.listHead(field.texts.length, BINARY)
        for (const value of field.texts) this.text(value)
      } else {
        this.listHead(field.structs.length, STRUCT)
        for (const value of field.structs) this.struct(value)
      }
    }
    this.byte(0)
  }
}

/** Encodes a struct; all numbers are >= 0 and field ids rise by less than 16. */
export function encodeStruct(fields: readonly Field[]): Buffer {
  const bytes = new Bytes()
  bytes.struct(fields)
  return bytes.buffer.subarray(0, bytes.used)
}
