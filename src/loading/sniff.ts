import type { LogType } from '../log-type/log-type.ts'
import { logTypes, recogniseType } from '../log-type/registry.ts'
import { MillraceError } from '../errors.ts'
import { Unwrapper } from './unwrap.ts'

/** Bytes of a file that are looked at before it is read. */
export const SAMPLE_BYTES = 64 << 10

/** What a text file turned out to be. */
export interface Recognised {
  readonly type: LogType
  /** `raw`: JSON records. `wrapped`: events inside JSON objects of CloudWatch Logs. */
  readonly form: 'typed' | 'raw' | 'wrapped'
}

/** What the caller said about a file. */
export interface Declared {
  readonly type: LogType | undefined
  readonly format: readonly string[] | undefined
}

/** The type and form of a text file from its first bytes; throws when it is none that is known, or not the declared one. */
export function recogniseText(path: string, sample: Buffer, declared: Declared): Recognised {
  const text = firstLine(sample)
  if (text.startsWith('{')) return recogniseJson(path, sample, text, declared)
  return { type: typeOf(path, text, sample, declared), form: 'typed' }
}

/** Whether a sample is something else than text: many control bytes, or many that are not UTF-8. */
function isBinary(sample: Uint8Array): boolean {
  const head = sample.subarray(0, 4096)
  const readable = Buffer.from(head).toString('utf8')
  const strange = readable.match(/[\u0000-\u0008\u000e-\u001f\ufffd]/g)?.length ?? 0
  return strange * 10 > readable.length
}

function firstLine(sample: Buffer): string {
  for (let at = 0; at < sample.length;) {
    const newline = sample.indexOf(0x0a, at)
    const end = newline < 0 ? sample.length : newline
    const line = sample
      .toString('utf8', at, end)
      .replace(/^\uFEFF/, '')
      .trim()
    if (line !== '') return line
    at = end + 1
  }
  return ''
}

function recogniseJson(path: string, sample: Buffer, line: string, declared: Declared): Recognised {
  const keys = [...line.matchAll(/"([^"\\]{1,64})"\s*:/g)].map((match) => match[1] ?? '')
  if (declared.type?.json === true) return { type: declared.type, form: 'raw' }
  const isWrapped = keys.includes('message') || keys.includes('logEvents')
  if (declared.type?.wrapped === true || isWrapped) {
    const unwrapped = firstLine(new Unwrapper().push(sample)) || firstMessage(sample)
    return { type: typeOf(path, unwrapped, sample, declared), form: 'wrapped' }
  }
  const type = recogniseType({ form: 'json', keys: keys.slice(0, 64) })
  if (type === undefined || (declared.type !== undefined && declared.type !== type))
    throw unknownType(path, declared.type, type)
  return { type, form: 'raw' }
}

/** The first message of an envelope that is longer than the sample. */
function firstMessage(sample: Buffer): string {
  const [, text] = /"message"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(sample.toString('utf8')) ?? []
  if (text === undefined) return ''
  try {
    const message: unknown = JSON.parse(text)
    return typeof message === 'string' ? firstLine(Buffer.from(message)) : ''
  } catch {
    return ''
  }
}

/** What the line before was recognised as: most files of a folder begin with the same header. */
let last: { readonly line: string; readonly type: LogType | undefined } = { line: '', type: undefined }

function typeOf(path: string, line: string, sample: Buffer, declared: Declared): LogType {
  if (line !== last.line) last = { line, type: recogniseType({ form: 'text', firstLine: line }) }
  const seen = last.type
  if (declared.type !== undefined) {
    if (seen !== undefined && seen !== declared.type && declared.format === undefined)
      throw unknownType(path, declared.type, seen)
    if (seen === undefined && isBinary(sample)) throw binary(path)
    return declared.type
  }
  const type =
    seen ??
    (declared.format === undefined ? undefined : recogniseType({ form: 'text', firstLine: declared.format.join(' ') }))
  if (type !== undefined) return type
  throw isBinary(sample) ? binary(path) : unknownType(path, undefined, undefined)
}

export function unknownType(path: string, declared: LogType | undefined, seen: LogType | undefined): MillraceError {
  if (declared !== undefined && seen !== undefined) {
    return new MillraceError(
      'TYPE_MISMATCH',
      `${path} holds ${seen.title}, not ${declared.title}. Load it with --type ${seen.name}.`,
    )
  }
  const names = logTypes.map((type) => type.name).join(', ')
  return new MillraceError(
    'TYPE_UNKNOWN',
    `${path} is not recognised as a log that Millrace knows (${names}). If it is one, name it with --type, and a header-less custom format with --format.`,
  )
}

function binary(path: string): MillraceError {
  return new MillraceError('FILE_BINARY', `${path} is not text, gzip, zstd or Parquet. Nothing of it was loaded.`)
}
