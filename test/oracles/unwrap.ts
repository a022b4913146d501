import { decodeUtf8, replaceBadBytes } from './utf8.ts'

const whitespace = /[ \t\r\n]*/y
const restOfLine = /[^\n]*/y
/** A string, a brace, or a run of anything else in JSON; a string must not hold a bare line feed. */
const piece = /"(?:[^"\\\n]|\\[^\n])*"|[{}]|[^"{}]+/y

/**
 * The flow-log lines of a file that CloudWatch Logs wrapped, each event one line: "JSON and Parquet" of docs/PARSING.md.
 * Whitespace between objects is no line; bytes that are not UTF-8 become U+FFFD; in an object that stays as it stands, a
 * line end becomes a space.
 */
export function unwrapSlowly(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const lines: string[] = []
  let position = text.startsWith('\xef\xbb\xbf') ? 3 : 0
  for (;;) {
    position += matchAt(whitespace, text, position).length
    if (position === text.length) return lines
    const source = objectAt(text, position) ?? matchAt(restOfLine, text, position)
    const shown = decodeUtf8(replaceBadBytes(source))
    lines.push(...(messagesOf(parseJson(shown)) ?? [shown.replace(/\r$/, '').replace(/\r?\n/g, ' ')]))
    position += source.length
  }
}

function matchAt(pattern: RegExp, text: string, position: number): string {
  pattern.lastIndex = position
  return pattern.exec(text)?.[0] ?? ''
}

/** The JSON object that begins at a position, up to its closing brace; null where none does. */
function objectAt(text: string, position: number): string | null {
  if (text[position] !== '{') return null
  let depth = 0
  let end = position
  for (;;) {
    const found = matchAt(piece, text, end)
    if (found === '') return null
    end += found.length
    if (found === '{') depth += 1
    if (found === '}') depth -= 1
    if (depth === 0) {
      const source = text.slice(position, end)
      return parseJson(decodeUtf8(replaceBadBytes(source))) === undefined ? null : source
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The events of an object; null where it has none, and so is a line itself. */
function messagesOf(record: unknown): string[] | null {
  const messageType = property(record, 'messageType')
  if (messageType === 'CONTROL_MESSAGE') return ['']
  const events = property(record, 'logEvents')
  if (messageType === 'DATA_MESSAGE' && Array.isArray(events)) {
    const messages = events.map((event: unknown) => property(event, 'message'))
    const texts = messages.filter((message) => typeof message === 'string')
    return texts.length > 0 && texts.length === messages.length ? texts.map((text) => text.trimEnd()) : null
  }
  const message = property(record, 'message')
  return typeof message === 'string' ? [message.trimEnd()] : null
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined
}
