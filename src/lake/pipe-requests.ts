import type { DuckDBConnection } from '@duckdb/node-api'
import type { InsertAnswer, InsertOptions, Lake, RequestedFile } from '../api.ts'
import { literal } from '../engines/duckdb.ts'
import { MillraceError } from '../errors.ts'
import { folderOf } from './pipe-report.ts'
import { type Pipe, pipeText } from '../pipes/pipe.ts'
import { addRequested } from '../pipes/request-store.ts'
import { canonicalUrl } from '../stages/canonical.ts'

/** What requests are kept in. */
export interface RequestLake {
  readonly transaction: <T>(work: (connection: DuckDBConnection) => Promise<T>) => Promise<T>
  readonly query: Lake['query']
}

/** Snowflake's limits. */
const most = { files: 5000, pathBytes: 1024 }

/** Keeps which files a pipe is asked to load, in one transaction. Throws PIPE_PAUSED. */
export async function insertFiles(
  { transaction, query }: RequestLake,
  pipe: Pipe,
  files: readonly RequestedFile[],
  { requestId, showSkippedFiles = false }: InsertOptions,
): Promise<InsertAnswer> {
  const name = pipeText(pipe)
  if (pipe.isPaused)
    throw new MillraceError(
      'PIPE_PAUSED',
      `The pipe ${name} is paused. Resume it first: "millrace pipes resume ${name}".`,
    )
  check(files)
  const root = canonicalUrl(pipe.url) + folderOf(pipe)
  const paths = [...new Set(files.map(({ path }) => path))]
  // A file has one path only: one with two slashes would be another name for it.
  const isTaken = (path: string): boolean =>
    pipe.matches(root + path) && !(pipe.url.startsWith('file:') && path.split('/').includes(''))
  const taken = paths.filter(isTaken)
  const unmatched = paths.filter((path) => !isTaken(path))
  const skipped = showSkippedFiles ? await loadedBefore(query, name, root, taken) : undefined
  if (taken.length > 0)
    await transaction((connection) =>
      addRequested(
        connection,
        name,
        requestId ?? '',
        taken.map((path) => root + path),
      ),
    )
  return {
    ...(requestId === undefined ? {} : { requestId }),
    responseCode: 'SUCCESS',
    status: 'success',
    ...(unmatched.length === 0 ? {} : { unmatchedPatternFiles: unmatched }),
    ...(skipped === undefined ? {} : { skippedFiles: skipped }),
  }
}

function check(files: readonly RequestedFile[]): void {
  const refuse = (sentence: string): never => {
    throw new MillraceError('USAGE', sentence)
  }
  if (files.length === 0) refuse('The request names no files.')
  if (files.length > most.files)
    refuse(`A request names at most ${most.files} files, and this one ${files.length}. Send several.`)
  for (const { path } of files)
    if (path === '' || Buffer.byteLength(path) > most.pathBytes)
      refuse(`A path has 1 to ${most.pathBytes} bytes; ${JSON.stringify(path.slice(0, 100))} does not.`)
}

async function loadedBefore(
  query: Lake['query'],
  pipe: string,
  root: string,
  paths: readonly string[],
): Promise<string[]> {
  const result = await query<{ uri: string }>(`
    select distinct uri from lake.objects
    where pipe = ${literal(pipe)} and status in ('loaded', 'partial', 'empty')
      and uri in (select unnest(from_json(${literal(JSON.stringify(paths.map((path) => root + path)))}::json, '["varchar"]')))`)
  const loaded = new Set((await result.all()).map(({ uri }) => uri))
  return paths.filter((path) => loaded.has(root + path))
}
