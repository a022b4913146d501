/** What a scan came to: the value goes on behind the bytes there are, it has ended, or it is no JSON. */
export type ScanOutcome = 'more' | 'ended' | 'broken'

/** Containers within each other, and members of one object, at most: more is no log record, and would take more memory than its text. */
const MAX_DEPTH = 500
export const MAX_MEMBERS = 65_536

/** What is told of a member: its key or text has escapes, its number has a fraction or an exponent. */
export const KEY_ESCAPED = 1
export const TEXT_ESCAPED = 2
export const FRACTION = 4

const LINE_FEED = 0x0a
const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const COLON = 0x3a
const OPEN_ARRAY = 0x5b
const BACKSLASH = 0x5c
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** What comes next. */
const at = {
  value: 0,
  firstItem: 1,
  firstKey: 2,
  key: 3,
  colon: 4,
  next: 5,
  text: 6,
  escape: 7,
  hex: 8,
  literal: 9,
  minus: 10,
  zero: 11,
  integer: 12,
  point: 13,
  fraction: 14,
  exponent: 15,
  exponentSign: 16,
  exponentDigits: 17,
} as const

const literals: Readonly<Record<number, Buffer>> = {
  0x74: Buffer.from('true'),
  0x66: Buffer.from('false'),
  0x6e: Buffer.from('null'),
}
const noLiteral = Buffer.alloc(0)

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= 0x39
}

function isHex(byte: number): boolean {
  const lower = byte | 0x20
  return isDigit(byte) || (lower >= 0x61 && lower <= 0x66)
}

/** The members of an object, by offsets from its beginning; keys and texts without their quotes. */
class Members {
  count = 0
  keyStart: Int32Array = new Int32Array(64)
  keyEnd: Int32Array = new Int32Array(64)
  start: Int32Array = new Int32Array(64)
  end: Int32Array = new Int32Array(64)
  flags: Uint8Array = new Uint8Array(64)

  makeRoom(): void {
    if (this.count < this.flags.length) return
    const larger = (old: Int32Array): Int32Array => {
      const array = new Int32Array(old.length * 2)
      array.set(old)
      return array
    }
    this.keyStart = larger(this.keyStart)
    this.keyEnd = larger(this.keyEnd)
    this.start = larger(this.start)
    this.end = larger(this.end)
    const flags = new Uint8Array(this.flags.length * 2)
    flags.set(this.flags)
    this.flags = flags
  }
}

/** Finds the end of one JSON value (RFC 8259), byte by byte: it can stop and go on anywhere. Of an object it notes the members. */
export class JsonScanner {
  readonly members = new Members()
  /** Bytes of the value so far; where it is broken, those before the fault. */
  length = 0
  lineFeeds = 0
  /** Whether an escape stands for half of a character outside the basic plane: pairs of them have to be looked at. */
  hasSurrogates = false
  tooMany = false
  private state: number = at.value
  private depth = 0
  /** 1 where a container is an object. */
  private readonly objects = new Uint8Array(MAX_DEPTH + 1)
  private isKey = false
  private literal: Buffer = noLiteral
  private left = 0
  private flags = 0

  begin(): void {
    this.members.count = 0
    this.length = 0
    this.lineFeeds = 0
    this.hasSurrogates = false
    this.tooMany = false
    this.state = at.value
    this.depth = 0
    this.isKey = false
    this.flags = 0
  }

  /** What was looked at is not kept: the value goes on where the next bytes begin, and its members are lost. */
  forget(): void {
    this.length = 0
    this.lineFeeds = 0
    this.members.count = 0
  }

  /** Goes on with the value that begins at `start`; the bytes up to `length` behind it have been looked at. */
  scan(bytes: Buffer, start: number, limit: number): ScanOutcome {
    let position = start + this.length
    while (position < limit) {
      const byte = bytes[position] ?? 0
      switch (this.state) {
        case at.text: {
          const end = textEnd(bytes, position, limit)
          if (end === limit) {
            position = limit
            break
          }
          position = end
          const stop = bytes[end] ?? 0
          if (stop === QUOTE) {
            if (this.isKey) {
              if (this.depth === 1) this.members.keyEnd[this.members.count] = position - start
              this.isKey = false
              this.state = at.colon
            } else if (this.ended(position - start, 1)) return 'ended'
          } else if (stop === BACKSLASH) this.state = at.escape
          else return this.stopped(position - start)
          position++
          break
        }
        case at.escape: {
          if (byte === 0x75) {
            this.state = at.hex
            this.left = 4
          } else if (isEscaped(byte)) this.state = at.text
          else return this.stopped(position - start)
          if (this.depth <= 1) this.flags |= this.isKey ? KEY_ESCAPED : TEXT_ESCAPED
          position++
          break
        }
        case at.hex: {
          if (!isHex(byte)) return this.stopped(position - start)
          if (this.left === 4 && (byte | 0x20) === 0x64) this.hasSurrogates = true
          this.left--
          if (this.left === 0) this.state = at.text
          position++
          break
        }
        case at.literal: {
          if (byte !== this.literal[this.left]) return this.stopped(position - start)
          this.left++
          position++
          if (this.left === this.literal.length && this.ended(position - start, 0)) return 'ended'
          break
        }
        case at.value:
        case at.firstItem:
        case at.firstKey:
        case at.key:
        case at.colon:
        case at.next: {
          if (byte === 0x20 || byte === LINE_FEED || byte === 0x0d || byte === 0x09) {
            if (byte === LINE_FEED) this.lineFeeds++
            position++
            break
          }
          if (!this.structure(byte, position - start)) return this.stopped(position - start)
          position++
          if (this.state === at.next && this.depth === 0) {
            this.length = position - start
            return 'ended'
          }
          break
        }
        default: {
          const next = numberState(this.state, byte)
          if (next < 0) {
            if (!isWholeNumber(this.state)) return this.stopped(position - start)
            if (this.ended(position - start, 0)) return 'ended'
          } else {
            if (next === at.point || next === at.exponent) this.flags |= FRACTION
            this.state = next
            position++
          }
        }
      }
      if (this.tooMany) return this.stopped(position - start)
    }
    this.length = position - start
    return 'more'
  }

  /** Whether a value that nothing follows has ended: a number alone does not say where it does. */
  endsHere(): boolean {
    return this.depth === 0 && isWholeNumber(this.state) && this.ended(this.length, 0)
  }

  private stopped(length: number): ScanOutcome {
    this.length = length
    return 'broken'
  }

  /** Takes a bracket, a comma, a colon, or the first byte of a value; false where it does not belong. */
  private structure(byte: number, offset: number): boolean {
    switch (this.state) {
      case at.colon:
        this.state = at.value
        return byte === COLON
      case at.next:
        if (byte === COMMA) {
          this.state = this.objects[this.depth] === 1 ? at.key : at.value
          return true
        }
        return this.close(byte, offset)
      case at.firstKey:
        if (byte === CLOSE_OBJECT) return this.close(byte, offset)
        return this.beginKey(byte, offset)
      case at.key:
        return this.beginKey(byte, offset)
      case at.firstItem:
        if (byte === CLOSE_ARRAY) return this.close(byte, offset)
        return this.beginValue(byte, offset)
      default:
        return this.beginValue(byte, offset)
    }
  }

  private beginKey(byte: number, offset: number): boolean {
    if (byte !== QUOTE) return false
    this.state = at.text
    this.isKey = true
    if (this.depth !== 1) return true
    const { members } = this
    this.tooMany = members.count === MAX_MEMBERS
    members.makeRoom()
    members.keyStart[members.count] = offset + 1
    this.flags = 0
    return true
  }

  private beginValue(byte: number, offset: number): boolean {
    if (this.depth === 1 && this.objects[1] === 1)
      this.members.start[this.members.count] = byte === QUOTE ? offset + 1 : offset
    if (byte === QUOTE) this.state = at.text
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (this.depth === MAX_DEPTH) return false
      this.depth++
      this.objects[this.depth] = byte === OPEN_OBJECT ? 1 : 0
      this.state = byte === OPEN_OBJECT ? at.firstKey : at.firstItem
    } else if (byte === MINUS) this.state = at.minus
    else if (byte === ZERO) this.state = at.zero
    else if (isDigit(byte)) this.state = at.integer
    else {
      this.literal = literals[byte] ?? noLiteral
      this.left = 1
      this.state = at.literal
      return this.literal.length > 0
    }
    return true
  }

  private close(byte: number, offset: number): boolean {
    if (byte !== (this.objects[this.depth] === 1 ? CLOSE_OBJECT : CLOSE_ARRAY)) return false
    this.depth--
    this.ended(offset + 1, 0)
    return true
  }

  /** A value has ended, `behind` bytes before what follows it; true where it is the whole one. */
  private ended(offset: number, behind: number): boolean {
    this.state = at.next
    this.length = offset + behind
    if (this.depth === 0) return true
    if (this.depth === 1 && this.objects[1] === 1) {
      const { members } = this
      members.end[members.count] = offset
      members.flags[members.count] = this.flags
      members.count++
    }
    return false
  }
}

/** The next quote, backslash or control byte. */
function textEnd(bytes: Buffer, from: number, limit: number): number {
  let position = from
  while (position < limit) {
    const byte = bytes[position] ?? 0
    if (byte === QUOTE || byte === BACKSLASH || byte < 0x20) return position
    position++
  }
  return limit
}

/** `"`, `\`, `/`, b, f, n, r, t. */
function isEscaped(byte: number): boolean {
  return (
    byte === QUOTE ||
    byte === BACKSLASH ||
    byte === 0x2f ||
    byte === 0x62 ||
    byte === 0x66 ||
    byte === 0x6e ||
    byte === 0x72 ||
    byte === 0x74
  )
}

function isWholeNumber(state: number): boolean {
  return state === at.zero || state === at.integer || state === at.fraction || state === at.exponentDigits
}

/** The state behind a byte of a number; -1 where the byte is none. */
function numberState(state: number, byte: number): number {
  const digit = isDigit(byte)
  switch (state) {
    case at.minus:
      return digit ? (byte === ZERO ? at.zero : at.integer) : -1
    case at.integer:
      if (digit) return at.integer
      return pointOrExponent(byte)
    case at.zero:
      return pointOrExponent(byte)
    case at.point:
      return digit ? at.fraction : -1
    case at.fraction:
      if (digit) return at.fraction
      return (byte | 0x20) === 0x65 ? at.exponent : -1
    case at.exponent:
      if (byte === MINUS || byte === 0x2b) return at.exponentSign
      return digit ? at.exponentDigits : -1
    default:
      return digit ? at.exponentDigits : -1
  }
}

function pointOrExponent(byte: number): number {
  if (byte === POINT) return at.point
  return (byte | 0x20) === 0x65 ? at.exponent : -1
}
