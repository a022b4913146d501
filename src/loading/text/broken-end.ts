const LINE_FEED = 0x0a
/** Blanks at the beginning of a line that are waited for. */
const MAX_INDENT = 65_536

/** Where text that is no JSON ends: with its line, and with the lines behind it that go on with it, those that are indented further and its closing bracket. */
export class BrokenEnd {
  private readonly indent: number
  private readonly closer: number | undefined
  private looked = 0
  private isInLine = true
  private isLastLine: boolean

  /** `indent` is that of the line it begins on; without `closer` it is no more than its line. */
  constructor(indent: number, closer: number | undefined) {
    this.indent = indent
    this.closer = closer
    this.isLastLine = closer === undefined
  }

  /** Where it ends, of the text from `start`; -1 when that cannot be told yet. */
  find(bytes: Buffer, start: number, isLast: boolean): number {
    let at = start + this.looked
    for (;;) {
      if (this.isInLine) {
        const feed = bytes.indexOf(LINE_FEED, at)
        this.looked = bytes.length - start
        if (feed < 0) return isLast ? bytes.length : -1
        at = feed + 1
        if (this.isLastLine) return at
        this.isInLine = false
      }
      this.looked = at - start
      let first = at
      while (bytes[first] === 0x20 || bytes[first] === 0x09) first++
      if (first === bytes.length && (isLast || first - at < MAX_INDENT)) return isLast ? at : -1
      const isFurther = first - at > this.indent && bytes[first] !== LINE_FEED && bytes[first] !== 0x0d
      this.isLastLine = first - at === this.indent && bytes[first] === this.closer
      if (!isFurther && !this.isLastLine) return at
      this.isInLine = true
    }
  }

  /** What was looked at is not kept; how much of it there is. */
  forget(): number {
    const { looked } = this
    this.looked = 0
    return looked
  }
}
