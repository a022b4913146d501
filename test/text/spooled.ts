import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance, type DuckDBValue } from '@duckdb/node-api'
import type { Segment } from '../../src/loading/segment.ts'
import { RecordFeed } from '../../src/loading/text/record-feed.ts'
import type { RecordReader } from '../../src/loading/text/record-reader.ts'
import { RecordWriter } from '../../src/loading/text/record-writer.ts'
import type { SeededRandom } from '../arbitraries/seeded-random.ts'

type Row = Readonly<Record<string, DuckDBValue>>

/** What a reader made of files. */
export interface Spooled {
  readonly rows: readonly Row[]
  readonly rejects: readonly Row[]
  /** Of each file. */
  readonly accounts: readonly { readonly lines: number; readonly skipped: number }[]
}

/** Reads files, each in pieces of random sizes, and reads the spool again. */
export async function spooled(
  open: (writer: RecordWriter) => RecordReader,
  files: readonly Buffer[],
  random: SeededRandom,
): Promise<Spooled> {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-text-'))
  try {
    const segments: Segment[] = []
    const writer = new RecordWriter({
      table: 't',
      directory,
      prefix: '1',
      keepsRaw: true,
      onSegment: (segment) => segments.push(segment),
    })
    const reader = open(writer)
    const accounts = files.map((file, index) => {
      writer.fileId = index
      const feed = new RecordFeed(reader, `file ${index}`)
      const most = random.pick([1, 7, 64, 100_000])
      for (let at = 0; at < file.length;) {
        const size = 1 + random.below(most)
        // A copy: the reader may write into what it is given.
        feed.push(Buffer.from(file.subarray(at, at + size)))
        at += size
      }
      return feed.end()
    })
    writer.handOver()
    const rows = await readAll(
      segments.flatMap(({ rowsPath }) => rowsPath ?? []),
      '_file_id, _record',
    )
    const rejects = await readAll(
      segments.flatMap(({ rejectsPath }) => rejectsPath ?? []),
      '_file_id, record',
    )
    return { rows, rejects, accounts }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

async function readAll(paths: readonly string[], order: string): Promise<Row[]> {
  if (paths.length === 0) return []
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  try {
    const connection = await instance.connect()
    const list = paths.map((path) => `'${path}'`).join(', ')
    const reader = await connection.runAndReadAll(
      `select * from read_parquet([${list}], union_by_name = true) order by ${order}`,
    )
    connection.closeSync()
    return reader.getRowObjects()
  } finally {
    instance.closeSync()
  }
}
