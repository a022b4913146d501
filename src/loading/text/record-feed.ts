import type { RecordReader } from './record-reader.ts'

const LINE_FEED = 0x0a

/** Gives the bytes of one file to a reader, piece by piece, and counts its lines apart from all reading. */
export class RecordFeed {
  private readonly reader: RecordReader
  /** What the reader was not done with. */
  private pending: Buffer = Buffer.alloc(0)
  private pieces: Buffer[] = []
  private size = 0
  private lineFeeds = 0
  private last = LINE_FEED

  /** Begins a file of that name. */
  constructor(reader: RecordReader, name: string) {
    this.reader = reader
    reader.begin(name)
  }

  /** Takes a piece, which is valid until the next one. */
  push(piece: Buffer): void {
    this.count(piece)
    this.size += piece.length
    // As much again as is there already: a long record is not looked at for every piece of it.
    if (this.size >= this.pending.length) this.give(piece, false)
    else this.pieces.push(Buffer.from(piece))
  }

  /** Reads what is left, and gives the file's lines. */
  end(): { readonly lines: number; readonly skipped: number } {
    this.give(Buffer.alloc(0), true)
    const { lineFeeds } = this
    return this.reader.end({ lineFeeds, lines: lineFeeds + (this.last === LINE_FEED ? 0 : 1) })
  }

  private give(piece: Buffer, isLast: boolean): void {
    const isAlone = this.pending.length === 0 && this.pieces.length === 0
    const bytes = isAlone ? piece : Buffer.concat([this.pending, ...this.pieces, piece])
    this.pending = Buffer.from(bytes.subarray(this.reader.take(bytes, isLast)))
    this.pieces = []
    this.size = 0
  }

  private count(bytes: Buffer): void {
    let { lineFeeds } = this
    for (let feed = bytes.indexOf(LINE_FEED); feed >= 0; feed = bytes.indexOf(LINE_FEED, feed + 1)) lineFeeds++
    this.lineFeeds = lineFeeds
    this.last = bytes.at(-1) ?? this.last
  }
}
