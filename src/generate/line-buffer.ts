import type { Random } from './random.ts'

const base64Alphabet = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', 'latin1')

/** Bytes of text that a caller takes in one piece once they are `fullBytes` long, and more than that many when lines are long. */
export class LineBuffer {
  private readonly bytes: Buffer
  private readonly fullBytes: number
  private length = 0
  private lineStart = 0

  constructor(fullBytes: number = 1 << 20, slackBytes: number = 1 << 18) {
    this.fullBytes = fullBytes
    this.bytes = Buffer.allocUnsafeSlow(fullBytes + slackBytes)
  }

  /** True when it is time to take the bytes. */
  get isFull(): boolean {
    return this.length >= this.fullBytes
  }

  /** The bytes written so far; they stay valid until the next write. */
  take(): Buffer {
    const taken = this.bytes.subarray(0, this.length)
    this.length = 0
    this.lineStart = 0
    return taken
  }

  /** The last complete line without its end, one character a byte. */
  lastLine(): string {
    return this.bytes.toString('latin1', this.lineStart, this.length - 1)
  }

  /** Writes characters below 256, one byte each. */
  text(text: string): void {
    const length = text.length
    if (length > 48) {
      this.length += this.bytes.write(text, this.length, 'latin1')
      return
    }
    const bytes = this.bytes
    let at = this.length
    for (let index = 0; index < length; index++) bytes[at++] = text.charCodeAt(index)
    this.length = at
  }

  byte(code: number): void {
    this.bytes[this.length++] = code
  }

  /** Writes a whole number of at most 2^53. */
  int(value: number): void {
    if (value > 0x7fffffff || value < 0) {
      this.text(String(value))
      return
    }
    const bytes = this.bytes
    let at = this.length + digitCount(value)
    this.length = at
    let rest = value
    while (rest >= 10) {
      const tenth = (rest / 10) | 0
      bytes[--at] = 48 + rest - tenth * 10
      rest = tenth
    }
    bytes[--at] = 48 + rest
  }

  /** Writes random base64 characters. */
  base64(random: Random, length: number): void {
    const bytes = this.bytes
    let at = this.length
    const stop = at + length
    while (at < stop) {
      let word = random.next()
      for (let index = 0; index < 5 && at < stop; index++) {
        bytes[at++] = base64Alphabet[word & 63] ?? 65
        word >>>= 6
      }
    }
    this.length = at
  }

  /** Starts a line. */
  startLine(): void {
    this.lineStart = this.length
  }

  /** Ends a line. */
  endLine(): void {
    this.bytes[this.length++] = 10
    if (this.length > this.bytes.length) throw new RangeError('A line is too long for the buffer.')
  }
}

/** The same text in one piece: text that was joined is twice as slow to read by the character. */
export function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}

function digitCount(value: number): number {
  if (value < 100_000) {
    if (value < 100) return value < 10 ? 1 : 2
    if (value < 1000) return 3
    return value < 10_000 ? 4 : 5
  }
  if (value < 10_000_000) return value < 1_000_000 ? 6 : 7
  if (value < 100_000_000) return 8
  return value < 1_000_000_000 ? 9 : 10
}
