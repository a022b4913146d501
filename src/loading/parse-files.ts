import { MillraceError, messageOf, systemCodeOf } from '../errors.ts'
import { logTypeNamed } from '../log-type/registry.ts'
import { fileError, openFile, type Source } from './file-bytes.ts'
import { LineReader } from './line-reader.ts'
import type { Segment } from './segment.ts'
import { SAMPLE_BYTES, recogniseText } from './sniff.ts'
import type { TextReading } from './text/text-format.ts'
import { Unwrapper } from './unwrap.ts'

/** A file to read, as the plan has it. */
export interface ParseFile {
  readonly fileId: number
  /** Its name in messages and history. */
  readonly uri: string
  readonly source: Source
  readonly accountId: string | undefined
  readonly region: string | undefined
}

/** Files that one worker reads into spool files of their own. */
export interface ParseJob {
  readonly id: number
  readonly files: readonly ParseFile[]
  /** Log type, or undefined to recognise it file by file. */
  readonly type: string | undefined
  readonly format: readonly string[] | undefined
  /** How files are read for a table of a script; they are no logs then. */
  readonly records?: TextReading | undefined
  readonly spoolDirectory: string
  readonly redact: boolean
}

/** What became of one file. `parquet`: left to the engine. `failed`: nothing of it may be taken from the segments. */
export interface ParsedFile {
  readonly fileId: number
  readonly outcome: 'read' | 'parquet' | 'failed'
  /** Undefined while the type is not known: an empty or a failed file. */
  readonly table: string | undefined
  readonly form: 'typed' | 'raw' | 'records'
  readonly lines: number
  readonly rows: number
  readonly rejects: number
  readonly skipped: number
  /** Order of fields it was read by, for the replay of its rejects. */
  readonly format: string | undefined
  readonly code: string | undefined
  readonly error: string | undefined
}

/** What is known of a file of which nothing was read. */
export const nothing = {
  form: 'typed',
  lines: 0,
  rows: 0,
  rejects: 0,
  skipped: 0,
  format: undefined,
  code: undefined,
  error: undefined,
} as const

/**
 * Reads the files of a job one after the other. Segments are handed over as they fill; `breathe` is awaited between chunks so that
 * the receiver can hold the reader back. A fault of a file ends that file; a fault of the spool or of a kernel ends the job.
 */
export async function parseFiles(
  job: ParseJob,
  onSegment: (segment: Segment) => void,
  breathe: () => Promise<void>,
): Promise<ParsedFile[]> {
  const readers = new Map<string, LineReader>()
  const readerFor = (table: string, form: 'typed' | 'raw'): LineReader => {
    const key = `${table} ${form}`
    const type = logTypeNamed(table)
    if (type === undefined) throw new MillraceError('INTERNAL', `there is no log type ${table}`)
    const reader =
      readers.get(key) ??
      new LineReader(type, form, {
        directory: job.spoolDirectory,
        prefix: String(job.id),
        redact: job.redact,
        onSegment,
      })
    readers.set(key, reader)
    return reader
  }
  try {
    const results: ParsedFile[] = []
    for (const file of job.files) {
      results.push(await parseFile(job, file, readerFor, breathe))
    }
    for (const reader of readers.values()) reader.writer.handOver()
    return results
  } catch (error) {
    for (const reader of readers.values()) reader.writer.abandon()
    throw error
  }
}

/** Faults that are not the file's: the spool's disk, or a kernel's memory. */
export function isOurs(error: unknown): boolean {
  return (
    systemCodeOf(error) === 'ENOSPC' ||
    error instanceof RangeError ||
    error instanceof TypeError ||
    (error instanceof Error && error.name === 'RuntimeError')
  )
}

const NEWLINE = 0x0a

type ReaderFor = (table: string, form: 'typed' | 'raw') => LineReader

async function parseFile(
  job: ParseJob,
  file: ParseFile,
  readerFor: ReaderFor,
  breathe: () => Promise<void>,
): Promise<ParsedFile> {
  let table: string | undefined
  try {
    const opened = openFile(file.uri, file.source)
    if (opened.packing === 'parquet') return { ...nothing, fileId: file.fileId, outcome: 'parquet', table: undefined }
    const chunks = opened.chunks
    let head: Buffer = Buffer.alloc(0)
    /** Blank lines at the start that are not held: a file may be nothing else, of any size. */
    let blankLines = 0
    let reader: LineReader | undefined
    let unwrapper: Unwrapper | undefined
    let form: 'typed' | 'raw' = 'typed'
    const take = (bytes: Uint8Array): void => {
      if (unwrapper === undefined) reader?.feed(bytes)
      else feedUnwrapped(file.fileId, reader, unwrapper, unwrapper.push(bytes))
    }
    const start = (sample: Buffer): void => {
      const type = job.type === undefined ? undefined : logTypeNamed(job.type)
      const seen = recogniseText(file.uri, sample.subarray(0, SAMPLE_BYTES), { type, format: job.format })
      table = seen.type.table
      form = seen.form === 'raw' ? 'raw' : 'typed'
      if (seen.form === 'wrapped') unwrapper = new Unwrapper(blankLines)
      reader = readerFor(table, form)
      reader.begin(
        { fileId: file.fileId, accountId: file.accountId, region: file.region, format: job.format },
        blankLines,
      )
      const hasMark = sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf
      take(hasMark ? sample.subarray(3) : sample)
    }
    for await (const chunk of chunks) {
      if (reader !== undefined) take(chunk)
      else {
        head = head.length === 0 ? asBuffer(chunk) : Buffer.concat([head, chunk])
        const lastBlank = isBlank(head) ? head.lastIndexOf(NEWLINE) + 1 : 0
        blankLines += countLines(head.subarray(0, lastBlank))
        head = head.subarray(lastBlank)
        if (head.length >= SAMPLE_BYTES) start(head)
        // A copy: the chunk is valid until the next one.
        else head = Buffer.from(head)
      }
      await breathe()
    }
    if (reader === undefined && isBlank(head)) {
      const declared = job.type === undefined ? undefined : logTypeNamed(job.type)?.table
      const lines = blankLines + countLines(head)
      return { ...nothing, fileId: file.fileId, outcome: 'read', table: declared, lines, skipped: lines }
    }
    const controls = reader === undefined && job.type === undefined ? controlMessages(head) : 0
    if (controls > 0) {
      const lines = blankLines + controls
      return { ...nothing, fileId: file.fileId, outcome: 'read', table: undefined, lines, skipped: lines }
    }
    if (reader === undefined) start(head)
    const read = finish(file.fileId, table, form, reader, unwrapper)
    return { ...read, lines: read.lines + blankLines, skipped: read.skipped + blankLines }
  } catch (error) {
    if (isOurs(error)) throw error
    const fault = fileError(file.uri, error)
    return { ...nothing, fileId: file.fileId, outcome: 'failed', table, code: fault.code, error: messageOf(fault) }
  }
}

/** Hands lines on, and before them which of them are events: a segment is closed at any line. */
function feedUnwrapped(fileId: number, reader: LineReader | undefined, unwrapper: Unwrapper, lines: Uint8Array): void {
  reader?.writer.noteEvents(fileId, unwrapper.takeEvents())
  reader?.feed(lines)
}

/** How many control messages a file of which nothing else is known is made of; 0 where there is more in it. */
function controlMessages(bytes: Buffer): number {
  if (!bytes.includes('CONTROL_MESSAGE')) return 0
  const unwrapper = new Unwrapper()
  const lines = Buffer.concat([unwrapper.push(bytes), unwrapper.end()])
  return isBlank(lines) ? countLines(lines) : 0
}

function finish(
  fileId: number,
  table: string | undefined,
  form: 'typed' | 'raw',
  reader: LineReader | undefined,
  unwrapper: Unwrapper | undefined,
): ParsedFile {
  if (reader === undefined) throw new MillraceError('INTERNAL', 'a file was read without a reader')
  if (unwrapper !== undefined) feedUnwrapped(fileId, reader, unwrapper, unwrapper.end())
  const { lines, rows, rejects, skipped } = reader.end()
  return {
    fileId,
    outcome: 'read',
    table,
    form,
    lines,
    rows,
    rejects,
    skipped,
    format: reader.format || undefined,
    code: undefined,
    error: undefined,
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === NEWLINE)
}

function countLines(bytes: Buffer): number {
  const newlines = bytes.reduce((count, byte) => count + (byte === NEWLINE ? 1 : 0), 0)
  return newlines + (bytes.length > 0 && bytes.at(-1) !== NEWLINE ? 1 : 0)
}
