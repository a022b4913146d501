import { statSync } from 'node:fs'
import type { HistoryEntry, HistoryOptions, Lake, LakeStatus, RejectEntry, RejectOptions, TableStatus } from './api.ts'
import { literal } from './engines/duckdb.ts'
import { MillraceError } from './errors.ts'
import { tableNamed } from './loading/replay.ts'

type Query = Lake['query']

const MAX_LISTED = 1_000_000

/** Sums over load history. */
export async function readStatus(
  query: Query,
  lake: { directory: string; database: string; version: string },
  { loading, pipes, tasks }: Pick<LakeStatus, 'loading' | 'pipes' | 'tasks'>,
): Promise<LakeStatus> {
  const tables = await (
    await query<TableStatus>(`
      select table_name, sum(rows)::bigint as rows, sum(rejects)::bigint as rejects, count(*) as files, max(loaded_at)::varchar as last_loaded_at
      from logs.load_history where status in ('loaded', 'partial', 'empty') and table_name is not null group by table_name order by table_name`)
  ).all()
  const [faults] = await (
    await query<{ failed: number; changed: number; empty: number }>(`
      select count(*) filter (status = 'failed') as failed, count(*) filter (status = 'changed') as changed, count(*) filter (status = 'empty' and table_name is null) as empty from logs.load_history`)
  ).all()
  const sum = (of: (table: TableStatus) => number): number => tables.reduce((total, table) => total + of(table), 0)
  return {
    lake: lake.directory,
    version: lake.version,
    files: sum((table) => table.files) + (faults?.empty ?? 0),
    rows: sum((table) => table.rows),
    rejects: sum((table) => table.rejects),
    failed_files: faults?.failed ?? 0,
    changed_files: faults?.changed ?? 0,
    database_bytes: statSync(lake.database).size,
    tables,
    loading,
    pipes,
    tasks,
  }
}

function limitOf(limit: number | undefined): number {
  return Math.min(Math.max(Math.trunc(limit ?? 100), 0), MAX_LISTED)
}

function historyBehind(after: string): string {
  const [, load, file] = /^(\d{1,18}) ([\s\S]+)$/.exec(after) ?? []
  if (load === undefined || file === undefined) throw wrongPlace(after, '17 s3://logs/a.gz')
  return `(load_id < ${load} or (load_id = ${load} and file > ${literal(file)}))`
}

function rejectsBehind(after: string): string {
  const [, load, line, file] = /^(\d{1,18}) (\d{1,18}) ([\s\S]+)$/.exec(after) ?? []
  if (load === undefined || line === undefined || file === undefined) throw wrongPlace(after, '17 3 s3://logs/a.gz')
  const name = literal(file)
  return `(load_id < ${load} or (load_id = ${load} and (file > ${name} or (file = ${name} and line > ${line}))))`
}

function wrongPlace(after: string, example: string): MillraceError {
  return new MillraceError(
    'USAGE',
    `after names a place in the list, such as "${example}"; this is ${JSON.stringify(after)}.`,
  )
}

/** Load history, newest first. */
export async function readHistory(query: Query, options: HistoryOptions): Promise<HistoryEntry[]> {
  const conditions = [
    ...(options.status === undefined ? [] : [`status = ${literal(options.status)}`]),
    ...(options.table === undefined ? [] : [`table_name = ${literal(tableNamed(options.table))}`]),
    ...(options.after === undefined ? [] : [historyBehind(options.after)]),
  ]
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`
  return (
    await query<HistoryEntry>(`
      select table_name, file, version, load_id, status, lines, rows, rejects, skipped, bytes, loaded_at::varchar as loaded_at, error
      from logs.load_history ${where} order by load_id desc, file limit ${limitOf(options.limit)}`)
  ).all()
}

/** Rejected lines, newest load first. */
export async function readRejects(query: Query, options: RejectOptions): Promise<RejectEntry[]> {
  const conditions = [
    ...(options.table === undefined ? [] : [`table_name = ${literal(tableNamed(options.table))}`]),
    ...(options.file === undefined ? [] : [`file = ${literal(options.file)}`]),
    ...(options.after === undefined ? [] : [rejectsBehind(options.after)]),
  ]
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`
  return (
    await query<RejectEntry>(
      `select table_name, file, line, raw, reason, load_id from logs.load_rejects ${where} order by load_id desc, file, line limit ${limitOf(options.limit)}`,
    )
  ).all()
}
