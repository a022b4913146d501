import { isUtf8 } from 'node:buffer'

/** Takes the records of one file apart, piece by piece. */
export interface RecordReader {
  /** Begins a file; its name is for messages. */
  begin(name: string): void
  /** Reads what is whole at the beginning of `bytes`, and says how many bytes are done with; the others come again, with more behind them. With `isLast` all are. */
  take(bytes: Buffer, isLast: boolean): number
  /** The file's lines, and those that no record begins on. Throws where this reader met another number of line ends. */
  end(counted: LineCount): { readonly lines: number; readonly skipped: number }
}

/** Lines counted from a file's bytes, apart from all reading. */
export interface LineCount {
  readonly lineFeeds: number
  /** With the one behind the last line feed, where there is one. */
  readonly lines: number
}

/** A record longer than this is a reject. */
export const MAX_RECORD = 16 << 20

/** Whether bytes are UTF-8, but for a character that is cut off at their end. */
export function isWholeText(bytes: Buffer): boolean {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) break
    if (byte >= 0xc0) return isUtf8(bytes.subarray(0, bytes.length - back))
  }
  return isUtf8(bytes)
}
