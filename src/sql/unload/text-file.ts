import { once } from 'node:events'
import { type WriteStream, createWriteStream } from 'node:fs'
import type { Transform } from 'node:stream'
import { finished } from 'node:stream/promises'
import { createBrotliCompress, createDeflate, createDeflateRaw, createGzip } from 'node:zlib'
import type { TextCompression } from './writing.ts'

/** Text that is gathered before it is compressed, in characters. */
const batchLength = 64 * 1024

/** A file of text lines under way into the spool. */
export class TextFile {
  rows = 0
  /** Bytes before they are compressed. */
  inputBytes = 0
  readonly path: string
  private readonly out: WriteStream
  private readonly zip: Transform | undefined
  private waiting = ''
  private failure: unknown

  constructor(path: string, compression: TextCompression) {
    this.path = path
    this.out = createWriteStream(path, { flags: 'wx', mode: 0o600 })
    this.zip = compressor(compression)
    this.zip?.pipe(this.out)
    // Whoever waits for the compressor to take more would wait for ever.
    this.out.on('error', (error) => {
      this.failure ??= error
      this.zip?.destroy(error)
    })
    this.zip?.on('error', (error) => {
      this.failure ??= error
    })
  }

  /** Bytes that are in the file or on their way to it. What the compressor still holds is not among them. */
  get outputBytes(): number {
    return this.out.bytesWritten + this.out.writableLength
  }

  /** Whether a line more might make the file larger than this. */
  isFull(maxBytes: number, nextLength: number): boolean {
    const held = this.zip === undefined ? 0 : Math.min(this.inputBytes, batchLength)
    return this.rows > 0 && this.outputBytes + held + this.waiting.length + nextLength > maxBytes
  }

  /** `line` with its end. */
  async add(line: string): Promise<void> {
    this.waiting += line
    this.rows++
    if (this.waiting.length >= batchLength) await this.flush()
  }

  async addHeader(line: string): Promise<void> {
    this.waiting += line
    await this.flush()
  }

  /** Ends the file; gives its bytes. */
  async close(): Promise<number> {
    await this.flush()
    const done = finished(this.out)
    ;(this.zip ?? this.out).end()
    await done
    return this.out.bytesWritten
  }

  /** Ends a file that is of no use. */
  drop(): void {
    this.zip?.destroy()
    this.out.destroy()
  }

  private async flush(): Promise<void> {
    const bytes = Buffer.from(this.waiting)
    this.waiting = ''
    this.inputBytes += bytes.length
    const stream = this.zip ?? this.out
    if (this.failure !== undefined) throw this.failure
    if (bytes.length > 0 && !stream.write(bytes)) await once(stream, 'drain')
  }
}

function compressor(compression: TextCompression): Transform | undefined {
  switch (compression) {
    case 'none':
      return undefined
    case 'gzip':
      return createGzip()
    case 'brotli':
      return createBrotliCompress()
    case 'deflate':
      return createDeflate()
    case 'raw-deflate':
      return createDeflateRaw()
  }
}
