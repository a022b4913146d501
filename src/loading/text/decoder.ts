import { TextDecoder } from 'node:util'
import { MillraceError, messageOf } from '../../errors.ts'
import type { TextOptions } from './text-format.ts'

/** Turns the bytes of one file into UTF-8, chunk by chunk. UTF-8 comes as it is, so that each record is judged by itself, unless bytes are to be replaced. */
export class Decoder {
  private readonly name: string
  private readonly options: TextOptions
  private decoder: TextDecoder | undefined
  /** The first bytes, until it is known whether they are a byte-order mark. */
  private head: Buffer | undefined = Buffer.alloc(0)

  /** `name` is the file's, for messages. */
  constructor(name: string, options: TextOptions) {
    this.name = name
    this.options = options
  }

  push(chunk: Uint8Array): Buffer {
    return this.withoutMark(this.decoded(chunk, false), false)
  }

  end(): Buffer {
    return this.withoutMark(this.decoded(new Uint8Array(0), true), true)
  }

  private decoded(chunk: Uint8Array, isLast: boolean): Buffer {
    const { encoding, replacesInvalid } = this.options
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    if (encoding === 'latin1') return Buffer.from(bytes.toString('latin1'))
    if (encoding === 'utf-8' && !replacesInvalid) return bytes
    try {
      this.decoder ??= new TextDecoder(encoding === 'utf-16' ? byteOrder(bytes) : encoding, {
        fatal: !replacesInvalid,
        ignoreBOM: true,
      })
      return Buffer.from(this.decoder.decode(bytes, { stream: !isLast }))
    } catch (error) {
      throw new MillraceError(
        'FILE_CORRUPT',
        `${this.name} is no text in ${this.options.encoding} (${messageOf(error)}). Nothing of it was loaded; name its ENCODING.`,
        error,
      )
    }
  }

  private withoutMark(bytes: Buffer, isLast: boolean): Buffer {
    if (this.head === undefined) return bytes
    const head = this.head.length === 0 ? bytes : Buffer.concat([this.head, bytes])
    if (head.length < 3 && !isLast) {
      this.head = head
      return Buffer.alloc(0)
    }
    this.head = undefined
    const hasMark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf
    return hasMark && this.options.skipsMark ? head.subarray(3) : head
  }
}

/** UTF-16 says by its first bytes which of two comes first; where it does not, it is the higher one (RFC 2781). */
function byteOrder(bytes: Buffer): string {
  return bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-16be'
}
