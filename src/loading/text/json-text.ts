const TAB = 0x09
const LINE_FEED = 0x0a
const RETURN = 0x0d
const SPACE = 0x20
const QUOTE = 0x22
const COMMA = 0x2c
const CLOSE_ARRAY = 0x5d
const BACKSLASH = 0x5c
const CLOSE_OBJECT = 0x7d
const OPEN_ARRAY = 0x5b
const OPEN_OBJECT = 0x7b

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === LINE_FEED || byte === RETURN || byte === TAB
}

/** The end of a text that begins at `start` with its quote. */
function textEnd(bytes: Buffer, start: number): number {
  let at = start + 1
  while (bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
  return at + 1
}

/** Pieces of JSON put together, in memory that is used again. */
export class JsonText {
  private bytes = Buffer.allocUnsafeSlow(4096)
  length = 0

  get buffer(): Buffer {
    return this.bytes
  }

  clear(): void {
    this.length = 0
  }

  /** Bytes as they are. */
  put(bytes: Buffer, start: number, end: number): void {
    this.makeRoom(end - start)
    bytes.copy(this.bytes, this.length, start, end)
    this.length += end - start
  }

  putByte(byte: number): void {
    this.makeRoom(1)
    this.bytes[this.length++] = byte
  }

  /** A JSON value without blanks between its parts, and without members and elements that are null where `stripsNulls`. */
  putValue(bytes: Buffer, start: number, end: number, stripsNulls: boolean): void {
    this.makeRoom(end - start)
    if (stripsNulls) this.putStripped(bytes, start)
    else this.putCompact(bytes, start, end)
  }

  private putCompact(bytes: Buffer, start: number, end: number): void {
    const { bytes: to } = this
    let { length } = this
    for (let at = start; at < end;) {
      const byte = bytes[at] ?? 0
      if (byte === QUOTE) {
        const behind = textEnd(bytes, at)
        while (at < behind) to[length++] = bytes[at++] ?? 0
      } else {
        if (!isBlank(byte)) to[length++] = byte
        at++
      }
    }
    this.length = length
  }

  /** Where the value that begins at `start` ends. There is room for it. */
  private putStripped(bytes: Buffer, start: number): number {
    const first = bytes[start]
    if (first !== OPEN_OBJECT && first !== OPEN_ARRAY) {
      const end = scalarEnd(bytes, start)
      this.put(bytes, start, end)
      return end
    }
    const isObject = first === OPEN_OBJECT
    this.bytes[this.length++] = first
    const begun = this.length
    for (let at = start + 1; ;) {
      while (isBlank(bytes[at]) || bytes[at] === COMMA) at++
      if (bytes[at] === CLOSE_OBJECT || bytes[at] === CLOSE_ARRAY) {
        this.bytes[this.length++] = isObject ? CLOSE_OBJECT : CLOSE_ARRAY
        return at + 1
      }
      const mark = this.length
      if (mark > begun) this.bytes[this.length++] = COMMA
      if (isObject) {
        const keyEnd = textEnd(bytes, at)
        this.put(bytes, at, keyEnd)
        at = keyEnd
        while (isBlank(bytes[at])) at++
        this.bytes[this.length++] = 0x3a
        at++
        while (isBlank(bytes[at])) at++
      }
      const isNull = bytes[at] === 0x6e
      at = this.putStripped(bytes, at)
      if (isNull) this.length = mark
    }
  }

  private makeRoom(more: number): void {
    if (this.length + more <= this.bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.length + more))
    larger.set(this.bytes.subarray(0, this.length))
    this.bytes = larger
  }
}

function scalarEnd(bytes: Buffer, start: number): number {
  if (bytes[start] === QUOTE) return textEnd(bytes, start)
  let at = start
  for (let byte = bytes[at]; ; byte = bytes[++at])
    if (byte === undefined || byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_ARRAY || isBlank(byte))
      return at
}

/** Makes halves of characters that stand alone (`\ud800`) into U+FFFD, where `replaces`; false where one is left. */
export function mendSurrogates(bytes: Buffer, start: number, end: number, replaces: boolean): boolean {
  for (let at = start; at < end; at++) {
    if (bytes[at] !== BACKSLASH) continue
    at++
    if (bytes[at] !== 0x75) continue
    const unit = unitAt(bytes, at)
    const isPaired = unit < 0xdc00 && bytes[at + 5] === BACKSLASH && bytes[at + 6] === 0x75
    const low = isPaired ? unitAt(bytes, at + 6) : 0
    if (unit < 0xd800 || unit > 0xdfff) at += 4
    else if (isPaired && low >= 0xdc00 && low <= 0xdfff) at += 10
    else {
      if (!replaces) return false
      bytes.write('fffd', at + 1, 'latin1')
      at += 4
    }
  }
  return true
}

/** The four hexadecimal digits behind the `u` of an escape. */
function unitAt(bytes: Buffer, at: number): number {
  return Number.parseInt(bytes.toString('latin1', at + 1, at + 5), 16)
}
