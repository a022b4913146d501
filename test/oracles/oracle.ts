import type { LogType } from '../../src/log-type/log-type.ts'
import { fieldsReader } from './fields.ts'
import { layoutReader } from './layout.ts'
import type { Fault, LineReader, ReadOptions, Reading, Row } from './reading.ts'
import { reject } from './reading.ts'
import { s3AccessReader } from './s3-access.ts'
import { redactSecrets } from './secrets.ts'
import { decodeUtf8, replaceBadBytes } from './utf8.ts'
import { createValueReader, type ValueReader } from './values.ts'

const maxLineBytes = 16 * 1024 * 1024
const maxRawBytes = 65_536
const byteOrderMark = '\xef\xbb\xbf'

export interface SlowRow extends Row {
  readonly line: number
}

export interface SlowReject extends Fault {
  readonly line: number
  readonly raw: string
}

/** What a file is read as: `lines` = rows + rejects + skipped (headers and blank lines). */
export interface SlowReading {
  readonly rows: readonly SlowRow[]
  readonly rejects: readonly SlowReject[]
  readonly lines: number
  readonly skipped: number
}

/** Reads a text file of a log type after docs/PARSING.md, in another way than the kernels do. */
export function readSlowly(type: LogType, bytes: Uint8Array, options: ReadOptions = {}): SlowReading {
  const redact = options.redact ?? true
  const values = createValueReader(redact)
  const readLine = lineReader(type, options, values)
  const lines = linesOf(bytes)
  const rows: SlowRow[] = []
  const rejects: SlowReject[] = []
  for (const [index, line] of lines.entries()) {
    if (isBlank(line)) continue
    const reading: Reading = line.length > maxLineBytes ? reject('TOO_LONG', null) : readLine(line)
    if (reading.is === 'row') rows.push({ line: index + 1, ...reading.row })
    if (reading.is === 'reject') rejects.push({ line: index + 1, ...reading.fault, raw: rawText(line, redact) })
  }
  return { rows, rejects, lines: lines.length, skipped: lines.length - rows.length - rejects.length }
}

function lineReader(type: LogType, { format }: ReadOptions, values: ValueReader): LineReader {
  const { text } = type
  switch (text.kernel) {
    case 'fields':
      return fieldsReader(type, format ?? text.defaultFields, values)
    case 'layout':
      return layoutReader(type, text.tokens, values)
    case 's3-access':
      return s3AccessReader(type, values)
    default:
      return text satisfies never
  }
}

/** The lines as byte strings, without line ends. */
function linesOf(bytes: Uint8Array): readonly string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const lines = (text.startsWith(byteOrderMark) ? text.slice(byteOrderMark.length) : text).split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
}

function isBlank(line: string): boolean {
  return /^[ \t\r]*$/.test(line)
}

function rawText(line: string, redact: boolean): string {
  const kept = line.slice(0, maxRawBytes)
  const shown = replaceBadBytes(redact ? redactSecrets(kept) : kept).replaceAll('\0', '\xe2\x90\x80')
  return decodeUtf8(shown)
}
