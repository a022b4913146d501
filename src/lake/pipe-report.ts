import type { InsertReport, Lake, LoadHistoryScan, ReportedFile, ReportOptions, ScanOptions } from '../api.ts'
import { literal } from '../engines/duckdb.ts'
import { MillraceError } from '../errors.ts'
import type { Pipe } from '../pipes/pipe.ts'
import { pipeText } from '../pipes/pipe.ts'
import { errorLimit } from '../sql/actions/copy-result.ts'
import type { CopyErrors } from '../sql/statement/copy-values.ts'
import { canonicalUrl } from '../stages/canonical.ts'

/** A pipe whose loads are told. */
export interface ReportedPipe {
  readonly pipe: Pipe
  readonly onError: CopyErrors
  readonly query: Lake['query']
}

/** Files in a report, at most: Snowflake's limit. */
const mostFiles = 10_000

interface HistoryRow {
  readonly file_id: number
  readonly load_id: number
  readonly uri: string
  readonly status: string
  readonly bytes: number
  readonly rows: number
  readonly rejects: number
  readonly error: string | null
  readonly at: string
  readonly first_line: number | null
  readonly first_reason: string | null
}

/** What a pipe has loaded behind a mark; without one, in the last ten minutes. */
export async function insertReport(reported: ReportedPipe, { beginMark }: ReportOptions): Promise<InsertReport> {
  const { query } = reported
  const name = pipeText(reported.pipe)
  const mark = beginMark === undefined ? undefined : readMark(beginMark)
  const range =
    mark === undefined
      ? "loaded_at >= current_localtimestamp() - interval '10 minutes'"
      : `(load_id, file_id) > (${mark.load}, ${mark.file})`
  // Before the files: what is loaded meanwhile lies behind the mark.
  const [latest] = await (
    await query<{ load: number }>('select coalesce(max(load_id), 0)::bigint as load from lake.objects')
  ).all()
  const rows = await readRows(reported, range, 'load_id, file_id', mostFiles)
  const [active] = await (
    await query<{ n: number }>(
      `select count(distinct uri) as n from lake.requested_objects where pipe = ${literal(name)}`,
    )
  ).all()
  const last = rows.at(-1)
  return {
    pipe: name,
    completeResult: true,
    nextBeginMark: last === undefined ? (beginMark ?? `${latest?.load ?? 0}_0`) : `${last.load_id}_${last.file_id}`,
    files: rows.map((row) => fileOf(row, reported)),
    statistics: { activeFilesCount: active?.n ?? 0 },
  }
}

/** What a pipe has loaded between two times. */
export async function loadHistoryScan(
  reported: ReportedPipe,
  { startTimeInclusive, endTimeExclusive = new Date().toISOString() }: ScanOptions,
): Promise<LoadHistoryScan> {
  const range = `loaded_at >= ${momentOf('startTimeInclusive', startTimeInclusive)} and loaded_at < ${momentOf('endTimeExclusive', endTimeExclusive)}`
  const rows = await readRows(reported, range, 'loaded_at, load_id, file_id', mostFiles + 1)
  const shown = rows.slice(0, mostFiles)
  const [first, last] = [shown.at(0), shown.at(-1)]
  return {
    pipe: pipeText(reported.pipe),
    completeResult: rows.length <= mostFiles,
    startTimeInclusive,
    endTimeExclusive,
    ...(first === undefined ? {} : { rangeStartTime: first.at }),
    ...(last === undefined ? {} : { rangeEndTime: last.at }),
    files: shown.map((row) => fileOf(row, reported)),
  }
}

async function readRows(
  { pipe, query }: ReportedPipe,
  range: string,
  order: string,
  most: number,
): Promise<HistoryRow[]> {
  const result = await query<HistoryRow>(`
    with files as (
      select file_id, load_id, uri, status::varchar as status, bytes, rows, rejects, error, loaded_at
      from lake.objects where pipe = ${literal(pipeText(pipe))} and ${range}
      order by ${order} limit ${most}
    )
    select f.* exclude (loaded_at), strftime(loaded_at, '%Y-%m-%dT%H:%M:%S.%fZ') as at, r.first_line, r.first_reason
    from files f left join (
      select file_id, min(line) as first_line, arg_min(reason, line) as first_reason
      from lake.rejects where file_id in (select file_id from files where rejects > 0) group by file_id
    ) r using (file_id)
    order by ${order}`)
  return result.all()
}

function fileOf(row: HistoryRow, { pipe, onError }: ReportedPipe): ReportedFile {
  const { uri, bytes, rows, rejects, error, at, first_line: line, first_reason: reason } = row
  const isFailed = row.status === 'failed' || row.status === 'changed'
  const [, column] = /^\w+ (\w+):/.exec(reason ?? '') ?? []
  const root = canonicalUrl(pipe.url) + folderOf(pipe)
  return {
    path: uri.startsWith(root) ? uri.slice(root.length) : uri,
    stageLocation: pipe.url + folderOf(pipe),
    fileSize: bytes,
    timeReceived: at,
    lastInsertTime: at,
    rowsInserted: rows,
    rowsParsed: rows + rejects,
    errorsSeen: isFailed ? Math.max(rejects, 1) : rejects,
    errorLimit: errorLimit(onError, rows + rejects),
    ...(reason === null ? {} : { firstError: reason }),
    ...(line === null ? {} : { firstErrorLineNum: line }),
    ...(column === undefined ? {} : { firstErrorColumnName: column }),
    ...(isFailed && error !== null ? { systemError: error } : {}),
    complete: true,
    status: isFailed ? 'LOAD_FAILED' : rejects > 0 ? 'PARTIALLY_LOADED' : 'LOADED',
  }
}

/** The folder behind the stage that paths of requests and reports are relative to. */
export function folderOf({ prefix }: Pipe): string {
  return prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`
}

/** A mark names the last file of a report: its load, and the file in it. */
function readMark(mark: string): { readonly load: string; readonly file: string } {
  const [, load, file] = /^(\d{1,18})_(\d{1,9})$/.exec(mark) ?? []
  if (load !== undefined && file !== undefined) return { load, file }
  throw new MillraceError(
    'USAGE',
    `beginMark is the nextBeginMark of an earlier report; this is ${JSON.stringify(mark)}.`,
  )
}

const iso = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?$/

function momentOf(name: string, text: string): string {
  if (iso.test(text) && !Number.isNaN(Date.parse(text))) return `(${literal(text)}::timestamptz at time zone 'UTC')`
  throw new MillraceError('USAGE', `${name} is a time such as 2026-11-20T12:00:00Z; this is ${JSON.stringify(text)}.`)
}
