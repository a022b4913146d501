/**
 * Takes log events out of what CloudWatch Logs wraps them in: `{"message": "…"}` objects, and subscription envelopes whose
 * `logEvents` hold such objects. Objects follow one another with or without newlines. Every event becomes one line.
 * An object without an event, and text that is not an object, stays as one line, so that it is met as a reject.
 */
export class Unwrapper {
  private pending: Buffer = Buffer.alloc(0)

  /** The events of all objects that are complete so far, as lines. */
  push(chunk: Uint8Array): Buffer {
    this.pending = this.pending.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.pending, chunk])
    const lines: Buffer[] = []
    let at = 0
    for (;;) {
      const start = skipSpace(this.pending, at)
      const end = this.pending[start] === OPEN ? objectEnd(this.pending, start) : lineEnd(this.pending, start)
      if (end < 0) {
        at = start
        break
      }
      appendEvents(this.pending.subarray(start, end), lines)
      at = end
    }
    this.pending = this.pending.subarray(at)
    if (this.pending.length > MAX_OBJECT) {
      lines.push(this.pending, NEWLINE_BYTES)
      this.pending = Buffer.alloc(0)
    }
    return Buffer.concat(lines)
  }

  /** What is left at the end of the file: an object that never ended. Its first line stays as it stands, and what follows is tried again. */
  end(): Buffer {
    const lines: Buffer[] = []
    for (let attempt = 0; this.pending.length > 0; attempt++) {
      const end = attempt < MAX_ATTEMPTS ? lineEnd(this.pending, 0) : -1
      lines.push(end < 0 ? this.pending : this.pending.subarray(0, end))
      this.pending = end < 0 ? Buffer.alloc(0) : this.pending.subarray(end)
      lines.push(this.push(Buffer.alloc(0)))
    }
    return Buffer.concat(lines)
  }
}

/** CloudWatch Logs sends batches of at most 1 MiB, packed or not; ten times that is no envelope. */
const MAX_OBJECT = 16 << 20
/** Each attempt looks at all that is left: hostile input must not make that quadratic. */
const MAX_ATTEMPTS = 100
const OPEN = 0x7b
const CLOSE = 0x7d
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const QUOTE = 0x22
const BACKSLASH = 0x5c
const NEWLINE = 0x0a
const NEWLINE_BYTES = Buffer.from('\n')

function skipSpace(bytes: Buffer, at: number): number {
  let position = at
  while (position < bytes.length && (bytes[position] ?? 0) <= 0x20) position++
  return position
}

function lineEnd(bytes: Buffer, at: number): number {
  const newline = bytes.indexOf(NEWLINE, at)
  return newline < 0 ? -1 : newline + 1
}

function stringEnd(bytes: Buffer, at: number): number {
  for (let position = at + 1; position < bytes.length; position++) {
    const byte = bytes[position]
    if (byte === BACKSLASH) position++
    else if (byte === QUOTE) return position + 1
  }
  return -1
}

/** End of the object that begins at `at`, or -1 when it is not complete. */
function objectEnd(bytes: Buffer, at: number): number {
  let depth = 0
  for (let position = at; position < bytes.length; position++) {
    const byte = bytes[position]
    if (byte === QUOTE) {
      const end = stringEnd(bytes, position)
      if (end < 0) return -1
      position = end - 1
    } else if (byte === OPEN || byte === OPEN_LIST) depth++
    else if (byte === CLOSE || byte === CLOSE_LIST) {
      depth--
      if (depth === 0) return position + 1
    }
  }
  return -1
}

function unquote(bytes: Buffer): string | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}

/** Appends the `message` of the object itself, or those of its `logEvents`; the object as it stands when it has neither. */
function appendEvents(object: Buffer, lines: Buffer[]): void {
  const found: Buffer[] = []
  let key = ''
  let outerKey = ''
  let depth = 0
  let isControl = false
  for (let at = 0; at < object.length; at++) {
    const byte = object[at]
    if (byte === QUOTE) {
      const end = stringEnd(object, at)
      if (end < 0) break
      const after = skipSpace(object, end)
      if (object[after] === 0x3a) {
        key = object.toString('latin1', at + 1, end - 1)
        if (depth === 1) outerKey = key
      } else {
        if (depth === 1 && key === 'messageType' && object.toString('latin1', at, end) === '"CONTROL_MESSAGE"')
          isControl = true
        if (key === 'message' && (depth === 1 || (depth === 3 && outerKey === 'logEvents'))) {
          const message = unquote(object.subarray(at, end))
          if (message !== undefined)
            found.push(Buffer.from(message.replace(/\r?\n$/, '').replaceAll('\n', '\\n')), NEWLINE_BYTES)
        }
        key = ''
      }
      at = end - 1
    } else if (byte === OPEN || byte === OPEN_LIST) depth++
    else if (byte === CLOSE || byte === CLOSE_LIST) depth--
  }
  if (isControl) return
  if (found.length > 0) lines.push(...found)
  else lines.push(Buffer.from(object.toString('latin1').replaceAll(/\r?\n/g, ' ').trimEnd(), 'latin1'), NEWLINE_BYTES)
}
