import type { ReplayOptions, ReplaySummary } from '../api.ts'
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { literal } from '../engines/duckdb.ts'
import { MillraceError } from '../errors.ts'
import { logTypeNamed } from '../log-type/registry.ts'
import { readPath } from '../stages/object-path.ts'
import { LoadTransaction } from './commit.ts'
import { readFormat } from './field-plan.ts'
import { LineReader } from './line-reader.ts'
import type { LoadContext } from './stage-load.ts'
import type { Segment } from './segment.ts'

/** Rejects read again in one transaction; more follow in further ones. */
const CHUNK = 20_000

interface Reject {
  readonly table: string
  readonly fileId: number
  readonly line: number
  readonly raw: string
  readonly isWhole: boolean
  readonly format: string | undefined
  readonly uri: string
}

/**
 * Reads rejected lines again, each at its file and line number. Lines that are rows now leave the rejects in the transaction that
 * stores them; the others stay with today's reason. Lines that were cut or redacted cannot come back whole and are left alone.
 */
export async function replayRejects(context: LoadContext, options: ReplayOptions): Promise<ReplaySummary> {
  const sum = { replayed: 0, rows: 0, rejects: 0 }
  const format = options.format === undefined ? undefined : readFormat(options.format)
  let after = { fileId: -1, line: -1 }
  for (;;) {
    const chunk = await context.writer.exclusive((connection) => readChunk(connection, options, after))
    const last = chunk.at(-1)
    if (last === undefined) return sum
    after = last
    const rows = await replayChunk(context, chunk, format)
    sum.replayed += chunk.length
    sum.rows += rows
    sum.rejects += chunk.length - rows
  }
}

type Connection = Parameters<Parameters<LoadContext['writer']['exclusive']>[0]>[0]

async function readChunk(
  connection: Connection,
  options: ReplayOptions,
  after: { fileId: number; line: number },
): Promise<Reject[]> {
  const table = options.table === undefined ? '' : `and r.table_name = ${literal(options.table.replaceAll('-', '_'))}`
  const file = options.file === undefined ? '' : `and o.uri = ${literal(options.file)}`
  const reader = await connection.runAndReadAll(`
    select r.table_name, r.file_id, r.line, r.raw, r.raw_bytes = strlen(r.raw), o.format, o.uri
    from lake.rejects r join lake.objects o on o.file_id = r.file_id
    where o.status = 'partial' and (r.file_id, r.line) > (${after.fileId}, ${after.line}) ${table} ${file}
    order by r.file_id, r.line limit ${CHUNK}`)
  return reader.getRows().map(([tableName, fileId, line, raw, isWhole, format, uri]) => ({
    table: String(tableName),
    fileId: Number(fileId),
    line: Number(line),
    raw: String(raw),
    isWhole: isWhole === true,
    format: typeof format === 'string' ? format : undefined,
    uri: String(uri),
  }))
}

/** Rows that came of a chunk. */
async function replayChunk(
  { writer, settings, reached }: LoadContext,
  chunk: readonly Reject[],
  declared: readonly string[] | undefined,
): Promise<number> {
  const segments: Segment[] = []
  const readers = new Map<string, LineReader>()
  const saved: Reject[] = []
  for (const reject of chunk.filter((candidate) => candidate.isWhole && !candidate.raw.includes('\uFFFD'))) {
    const type = logTypeNamed(reject.table)
    if (type === undefined) continue
    const form = type.json && reject.raw.startsWith('{') ? 'raw' : 'typed'
    // JSON records are judged by the engine; what it refused once it refuses again.
    if (form === 'raw') continue
    const reader =
      readers.get(reject.table) ??
      new LineReader(type, form, {
        directory: settings.spool,
        prefix: `replay-${randomUUID()}`,
        redact: settings.redact,
        onSegment: (segment) => segments.push(segment),
      })
    readers.set(reject.table, reader)
    const facts = readPath(reject.uri)
    const format = declared ?? (reject.format === undefined ? undefined : readFormat(reject.format))
    const counts = reader.readLine(
      { fileId: reject.fileId, accountId: facts.accountId, region: facts.region, format },
      reject.line,
      Buffer.from(reject.raw),
    )
    if (counts.rows === 1) saved.push(reject)
  }
  try {
    for (const reader of readers.values()) reader.writer.handOver()
    if (saved.length === 0) return 0
    const stored = await writer.rowTransaction(async (connection) => {
      const load = new LoadTransaction(connection, writer, settings)
      const rowsOnly = segments.map((segment) => ({ ...segment, rejectsPath: undefined }))
      await load.insertTyped(rowsOnly, [])
      reached('replay:rows')
      const moved = saved.map(({ fileId, line }) => `(${fileId}, ${line})`).join(', ')
      await connection.run(
        `create or replace temp table moved as select col0 as file_id, col1 as line from (values ${moved})`,
      )
      await connection.run('delete from lake.rejects r using moved m where r.file_id = m.file_id and r.line = m.line')
      await connection.run(`
        update lake.objects o set rows = o.rows + m.count, rejects = o.rejects - m.count, status = case when o.rejects = m.count then 'loaded' else o.status end
        from (select file_id, count(*) as count from moved group by file_id) m where o.file_id = m.file_id`)
      await connection.run('drop table moved')
      reached('replay:before-commit')
      return load
    })
    stored.tables.publish()
    return saved.length
  } finally {
    for (const segment of segments) {
      for (const path of [segment.rowsPath, segment.rejectsPath]) if (path !== undefined) rmSync(path, { force: true })
    }
  }
}

/** Names a table as people write it: by log type or by table. */
export function tableNamed(name: string): string {
  const type = logTypeNamed(name)
  if (type === undefined) throw new MillraceError('USAGE', `There is no log type or table ${name}.`)
  return type.table
}
