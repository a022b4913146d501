import { DuckDBInstance, DuckDBTimestampValue } from '@duckdb/node-api'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LogType } from '../../src/log-type/log-type.ts'
import { LineReader } from '../../src/loading/line-reader.ts'
import type { Segment } from '../../src/loading/segment.ts'
import type { SlowReading } from '../oracles/oracle.ts'

interface Options {
  readonly format?: readonly string[]
  /** Bytes a chunk that the reader is fed with. */
  readonly chunkBytes?: number
}

/** Reads bytes with the kernel of a type and gives what stands in the spool, in the oracle's shape. */
export async function readQuickly(type: LogType, bytes: Uint8Array, options: Options = {}): Promise<SlowReading> {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-kernel-'))
  try {
    const segments: Segment[] = []
    const reader = new LineReader(type, 'typed', {
      directory,
      prefix: '1',
      redact: true,
      onSegment: (segment) => segments.push(segment),
    })
    reader.begin({ fileId: 1, accountId: undefined, region: undefined, format: options.format })
    const text = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
    const size = options.chunkBytes ?? text.length
    for (let at = 0; at < text.length; at += size) reader.feed(text.subarray(at, at + size))
    const { lines, skipped } = reader.end()
    reader.writer.handOver()
    return { lines, skipped, ...(await readSegments(type, segments)) }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

async function readSegments(
  type: LogType,
  segments: readonly Segment[],
): Promise<Pick<SlowReading, 'rows' | 'rejects'>> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const select = async (paths: readonly (string | undefined)[]): Promise<Record<string, unknown>[]> => {
    const files = paths.flatMap((path) => (path === undefined ? [] : [`'${path}'`]))
    if (files.length === 0) return []
    const order = files.length > 0 && paths === rejectPaths ? 'line' : '_line'
    const result = await connection.runAndReadAll(`from read_parquet([${files.join(', ')}]) order by ${order}`)
    return result.getRowObjects()
  }
  const rejectPaths = segments.map((segment) => segment.rejectsPath)
  try {
    const rows = await select(segments.map((segment) => segment.rowsPath))
    const rejects = await select(rejectPaths)
    return { rows: rows.map((row) => rowOf(type, row)), rejects: rejects.map(rejectOf) }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

function rowOf(type: LogType, row: Record<string, unknown>): SlowReading['rows'][number] {
  const values: Record<string, string | number | bigint> = {}
  for (const { name } of type.columns) {
    const value = row[name]
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') values[name] = value
    if (value instanceof DuckDBTimestampValue) values[name] = value.micros
  }
  return { line: Number(row['_line']), values, extra: extraOf(row['extra']) }
}

function extraOf(text: unknown): Record<string, string> | null {
  if (typeof text !== 'string') return null
  const parsed: unknown = JSON.parse(text)
  if (typeof parsed !== 'object' || parsed === null) throw new Error(`extra is no object: ${text}`)
  return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, String(value)]))
}

function rejectOf(reject: Record<string, unknown>): SlowReading['rejects'][number] {
  const [head = ''] = String(reject['reason']).split(':')
  const [code = '', column] = head.split(' ')
  return { line: Number(reject['line']), code, column: column ?? null, raw: String(reject['raw']) }
}
