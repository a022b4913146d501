import type { RecordPlace } from './record-writer.ts'

/** Counts the records of a file, and the lines that they begin on. */
export class LineAccounts {
  records = 0
  private starting = 0
  private lastLine = 0

  /** A record, a row or a reject, begins on a line. */
  begin(line: number): RecordPlace {
    this.records++
    if (line > this.lastLine) this.starting++
    this.lastLine = line
    return { line, record: this.records }
  }

  /**
   * A file's lines and those of them that no record begins on, of so many line ends and what stands behind the last one. Records that share a line count as a
   * line each, so that lines are rows, rejects and skipped ones.
   */
  of(lines: number): { readonly lines: number; readonly skipped: number } {
    const skipped = Math.max(lines - this.starting, 0)
    return { lines: this.records + skipped, skipped }
  }
}
