/** Messages between the lake and a cage: four bytes of length, then a line of JSON, then bytes that belong to it. */
export interface Message {
  readonly head: unknown
  readonly body: Uint8Array
}

const lineEnd = 0x0a

/** A message as it goes over a pipe. */
export function frameOf(head: unknown, body: Uint8Array = new Uint8Array()): Uint8Array[] {
  const line = Buffer.from(`${JSON.stringify(head)}\n`)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(line.length + body.length)
  return [length, line, body]
}

/** Puts the chunks of a pipe together again. Throws a RangeError at a message longer than `maxBytes`. */
export class Frames {
  private readonly maxBytes: number
  private chunks: Uint8Array[] = []
  private held = 0
  private wanted: number | undefined

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes
  }

  /** The messages that end with this chunk. */
  *take(chunk: Uint8Array): Generator<Message> {
    this.chunks.push(chunk)
    this.held += chunk.length
    for (;;) {
      if (this.wanted === undefined) {
        if (this.held < 4) return
        this.wanted = this.cut(4).readUInt32LE()
        if (this.wanted > this.maxBytes) throw new RangeError(`a message of ${this.wanted} bytes`)
      }
      if (this.held < this.wanted) return
      const bytes = this.cut(this.wanted)
      this.wanted = undefined
      const end = bytes.indexOf(lineEnd)
      const head: unknown = JSON.parse(bytes.toString('utf8', 0, end))
      yield { head, body: bytes.subarray(end + 1) }
    }
  }

  private cut(length: number): Buffer {
    const all = this.chunks.length === 1 ? Buffer.from(this.chunks[0] ?? []) : Buffer.concat(this.chunks)
    this.chunks = length === all.length ? [] : [all.subarray(length)]
    this.held = all.length - length
    return all.subarray(0, length)
  }
}
