import { MillraceError, messageOf } from '../../errors.ts'
import { fileError, openFile } from '../file-bytes.ts'
import { type ParseFile, type ParseJob, type ParsedFile, isOurs, nothing } from '../parse-files.ts'
import type { Segment } from '../segment.ts'
import { CsvReader } from './csv-reader.ts'
import { Decoder } from './decoder.ts'
import { JsonReader } from './json-reader.ts'
import { PatternReader } from './pattern-reader.ts'
import { RecordFeed } from './record-feed.ts'
import type { RecordReader } from './record-reader.ts'
import { RecordWriter } from './record-writer.ts'
import type { TextReading } from './text-format.ts'

/** Bytes that are read at once, between two looks at whether the spool is full. */
const PIECE = 4 << 20

/** Reads the files of a job into records, one after the other; what `parseFiles` is to logs. */
export async function readRecordFiles(
  job: ParseJob,
  onSegment: (segment: Segment) => void,
  breathe: () => Promise<void>,
): Promise<ParsedFile[]> {
  const { records: reading } = job
  if (reading === undefined) throw new MillraceError('INTERNAL', 'a job is to read records, and does not say how')
  const { table, keepsRaw } = reading
  const writer = new RecordWriter({ table, keepsRaw, directory: job.spoolDirectory, prefix: String(job.id), onSegment })
  const { format, layout } = reading
  const reader = readerOf(writer, format, layout)
  try {
    const results: ParsedFile[] = []
    for (const file of job.files) results.push(await readFile(file, reading, reader, writer, breathe))
    writer.handOver()
    return results
  } catch (error) {
    writer.abandon()
    throw error
  }
}

function readerOf(writer: RecordWriter, format: TextReading['format'], layout: TextReading['layout']): RecordReader {
  switch (format.type) {
    case 'CSV':
      return new CsvReader(writer, format, layout)
    case 'JSON':
      return new JsonReader(writer, format, layout)
    case 'PATTERN':
      return new PatternReader(writer, format, layout)
  }
}

async function readFile(
  { fileId, uri, source }: ParseFile,
  { table, format }: TextReading,
  reader: RecordReader,
  writer: RecordWriter,
  breathe: () => Promise<void>,
): Promise<ParsedFile> {
  const before = { rows: writer.rows, rejects: writer.rejects }
  try {
    const opened = openFile(uri, source, format.packing)
    if (opened.packing === 'parquet') throw isParquet(uri, format.type)
    const decoder = new Decoder(uri, format)
    writer.fileId = fileId
    const feed = new RecordFeed(reader, uri)
    for await (const chunk of opened.chunks) {
      for (let at = 0; at < chunk.length; at += PIECE) {
        feed.push(decoder.push(chunk.subarray(at, at + PIECE)))
        await breathe()
      }
    }
    feed.push(decoder.end())
    const lines = feed.end()
    return {
      ...nothing,
      fileId,
      outcome: 'read',
      table,
      form: 'records',
      rows: writer.rows - before.rows,
      rejects: writer.rejects - before.rejects,
      ...lines,
    }
  } catch (error) {
    if (isOurs(error)) throw error
    const fault = fileError(uri, error)
    return { ...nothing, fileId, outcome: 'failed', table, form: 'records', code: fault.code, error: messageOf(fault) }
  }
}

function isParquet(uri: string, type: string): MillraceError {
  return new MillraceError(
    'TYPE_MISMATCH',
    `${uri} is Parquet, and was to be read as ${type}. Nothing of it was loaded; name its FILE_FORMAT, or leave it out with PATTERN.`,
  )
}
