import { readEnvelope, readEvent } from './envelope.ts'

/** An object that goes on for longer than this is no envelope: CloudWatch Logs sends batches of at most 1 MiB. */
const MAX_OBJECT = 16 << 20
/** Objects that never end are given up this many times in a file: each time, all that is left is looked at again. */
const MAX_ATTEMPTS = 100
const OPEN = 0x7b
const CLOSE = 0x7d
const QUOTE = 0x22
const BACKSLASH = 0x5c
const NEWLINE = 0x0a

/** A line that is an event of CloudWatch Logs, which may come again by another way. */
export interface LineEvent {
  /** From 1. */
  readonly line: number
  readonly logGroup: string
  /** Epoch milliseconds, as the event has it. */
  readonly timestampMs: number
  readonly id: string
}

/**
 * Takes log events out of what CloudWatch Logs wraps them in: `{"message": "…"}` objects, and subscription envelopes whose
 * `logEvents` hold such objects. Objects follow one another with or without newlines. Every event becomes one line, and a control message a
 * blank one. An object without an event, and text that is not an object, stays as one line, so that it is met as a reject.
 */
export class Unwrapper {
  private pending: Buffer = Buffer.alloc(0)
  private lines: string[] = []
  private lineCount: number
  private events: LineEvent[] = []

  /** `linesBefore`: lines of the file that stand before what it gets. */
  constructor(linesBefore = 0) {
    this.lineCount = linesBefore
  }

  /** The events of all objects that are complete so far, as lines. */
  push(chunk: Uint8Array): Buffer {
    this.pending = this.pending.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.pending, chunk])
    this.takePieces()
    if (this.pending.length > MAX_OBJECT) this.giveUp(this.pending.length)
    return this.takeLines()
  }

  /** What is left at the end of the file: an object that never ended. Its first line stays as it stands, and what follows is tried again. */
  end(): Buffer {
    for (let attempt = 0; this.pending.length > 0; attempt++) {
      const newline = attempt < MAX_ATTEMPTS ? this.pending.indexOf(NEWLINE) : -1
      this.giveUp(newline < 0 ? this.pending.length : newline + 1)
      this.takePieces()
    }
    return this.takeLines()
  }

  /** The events among the lines that were given since the last call; none for messages that are told without group, time and id. */
  takeEvents(): readonly LineEvent[] {
    const { events } = this
    this.events = []
    return events
  }

  private takePieces(): void {
    let at = skipSpace(this.pending, 0)
    for (;;) {
      const end = pieceEnd(this.pending, at)
      if (end < 0) break
      this.takePiece(this.pending.toString('utf8', at, end))
      at = skipSpace(this.pending, end)
    }
    this.pending = this.pending.subarray(at)
  }

  private takePiece(text: string): void {
    const record = parseJson(text)
    const envelope = readEnvelope(record)
    const event = readEvent(record)
    if (envelope === 'control') this.add('')
    else if (envelope !== undefined) {
      const { logGroup } = envelope
      for (const { message, id, timestamp } of envelope.events) {
        this.add(message)
        if (logGroup !== undefined && id !== undefined && timestamp !== undefined)
          this.events.push({ line: this.lineCount, logGroup, timestampMs: timestamp, id })
      }
    } else if (event !== undefined) this.add(event.message)
    else this.addLine(inOneLine(text))
  }

  private giveUp(length: number): void {
    const text = this.pending.toString('utf8', 0, length)
    this.pending = this.pending.subarray(length)
    for (const line of text.replace(/\r?\n?$/, '').split('\n')) this.addLine(line)
  }

  private add(message: string): void {
    this.addLine(inOneLine(message.trimEnd()))
  }

  private addLine(line: string): void {
    this.lines.push(line)
    this.lineCount++
  }

  private takeLines(): Buffer {
    const { lines } = this
    this.lines = []
    return Buffer.from(lines.map((line) => `${line}\n`).join(''))
  }
}

/** Line ends inside become spaces, so that one event is one line. */
function inOneLine(text: string): string {
  return text.replace(/\r$/, '').replaceAll(/\r?\n/g, ' ')
}

function skipSpace(bytes: Buffer, at: number): number {
  let position = at
  for (
    let byte = bytes[position];
    byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === NEWLINE;
    byte = bytes[position]
  )
    position++
  return position
}

/** End of the object or the line that begins at `at`; -1 when that cannot be told yet. */
function pieceEnd(bytes: Buffer, at: number): number {
  if (bytes[at] !== OPEN) return bytes.indexOf(NEWLINE, at)
  const end = objectEnd(bytes, at)
  if (end === BROKEN || (end > 0 && !isJson(bytes.toString('utf8', at, end)))) return bytes.indexOf(NEWLINE, at)
  return end
}

const BROKEN = -2

/** End of the object that begins at `at`: -1 when it is not there yet, BROKEN when a line ends inside a string. */
function objectEnd(bytes: Buffer, at: number): number {
  let depth = 0
  for (let position = at; position < bytes.length; position++) {
    const byte = bytes[position]
    if (byte === QUOTE) {
      for (position++; bytes[position] !== QUOTE; position++) {
        if (position >= bytes.length) return -1
        if (bytes[position] === NEWLINE) return BROKEN
        if (bytes[position] === BACKSLASH && bytes[position + 1] !== NEWLINE) position++
      }
    } else if (byte === OPEN) depth++
    else if (byte === CLOSE) {
      depth--
      if (depth === 0) return position + 1
    }
  }
  return -1
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isJson(text: string): boolean {
  return parseJson(text) !== undefined
}
