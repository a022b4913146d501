import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Value } from '../../api.ts'
import { MillraceError } from '../../errors.ts'
import { failed } from '../execution/failure.ts'
import { whyNotAllowed } from '../execution/locations.ts'
import { type Outcome, outcomeOf } from '../execution/plan.ts'
import { runQuery } from '../query.ts'
import { printName } from '../statement/name.ts'
import { onConnection } from '../execution/script-lake.ts'
import { engineTree } from '../relations/engine-tree.ts'
import { placesIn } from '../relations/places.ts'
import { qualified } from '../relations/qualify.ts'
import { refuseStreams } from '../relations/stream-names.ts'
import type { CopyIntoStage } from '../statements/copy-into-stage.ts'
import { writeFiles } from '../unload/files.ts'
import { type Naming, fileName, nameStart } from '../unload/names.ts'
import type { WrittenFile } from '../unload/unload.ts'
import { writingOf } from '../unload/writing.ts'
import type { Action, ActionContext } from './action.ts'
import { fileFormatFor } from './file-format.ts'
import { type StageTarget, stageTarget } from './stage-access.ts'

/** Snowflake's manual: what a file has at most where nothing is said. */
const usualBytes = 16 * 2 ** 20

/** The rows that a COPY INTO a stage writes, as a query of the script's dialect; the last column says their folders. */
export function unloadedRows({ from, partitionBy }: CopyIntoStage): string {
  const rows = from.form === 'table' ? printName(from.table) : `(${from.query.text}\n)`
  if (partitionBy === undefined) return from.form === 'table' ? `select * from ${rows}` : from.query.text
  return `select *, (${partitionBy.text}\n) as millrace_folder from ${rows} as millrace_rows`
}

/** COPY INTO a stage: writes rows into files of the spool, and moves these to the stage once all are written. */
export const unload: Action<'copy-into-stage'> = async (statement, context) => {
  const { options, partitionBy, to } = statement
  const { single: isSingle = false, overwrite = false, header: hasHeader = false, maxFileSize = usualBytes } = options
  const target = stageTarget(to, context)
  const writing = writingOf(fileFormatFor(options.fileFormat, target, context))
  const isParted = partitionBy !== undefined
  const queryId = isParted || options.includeQueryId === true ? randomUUID() : undefined
  const naming: Naming = { path: to.path, isSingle, isParted, queryId, extension: writing.extension }
  const { sql, schema, notices } = await context.translate(unloadedRows(statement))
  const { engine, spool, names } = context.lake
  const { signal } = context
  const places = placesIn(await names(), schema ?? 'public')
  await onConnection(engine, async (connection) => {
    await refuseStreams('COPY INTO a stage', qualified(await engineTree(connection, sql), places), connection)
  })
  if (options.validationMode !== undefined) {
    const result = await runQuery<Record<string, Value>>(engine, sql, { maxRows: context.maxRows + 1, signal }, schema)
    return { columns: result.columns, rows: await result.all(), notices }
  }
  if (!overwrite && queryId === undefined) await refuseExisting(target, naming, context)
  const directory = join(spool, `unload-${randomUUID()}`)
  mkdirSync(directory)
  try {
    const asked = {
      engine,
      sql,
      schema,
      isParted,
      isSingle,
      hasHeader,
      maxBytes: maxFileSize,
      writing,
      directory,
      signal,
    }
    const files = named(await writeFiles(asked), naming)
    await put(files, target, context)
    return { ...(options.detailedOutput === true ? detailed(files) : summed(files)), notices }
  } catch (error) {
    throw unplaced(error)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

interface NamedFile extends WrittenFile {
  readonly name: string
}

function named(files: readonly WrittenFile[], naming: Naming): NamedFile[] {
  const numbers = new Map<string | null | undefined, number>()
  return files.map((file) => {
    const number = numbers.get(file.folder) ?? 0
    numbers.set(file.folder, number + 1)
    return { ...file, name: fileName(naming, file.folder, number) }
  })
}

/** Before anything is read: names are the same at each unload. */
async function refuseExisting(target: StageTarget, naming: Naming, { lake, signal }: ActionContext): Promise<void> {
  const start = nameStart(naming)
  const prefix = naming.isSingle ? start : `${start}0_0_`
  const stage = await lake.stages.open(target.url, target.access, { prefix, everything: true })
  for await (const objects of stage.list(signal)) {
    const there = objects.find(({ uri }) => !naming.isSingle || uri.endsWith(`/${start}`))
    if (there !== undefined)
      throw failed(
        `${there.uri} is there already; say OVERWRITE = TRUE to replace it, INCLUDE_QUERY_ID = TRUE for names of their own, or another path`,
      )
  }
}

async function put(files: readonly NamedFile[], target: StageTarget, { lake, signal }: ActionContext): Promise<void> {
  const { url, access, keeping, blocked } = target
  const writer = await lake.stages.openWriter(url, access, keeping)
  for (const { name } of files) {
    const uri = writer.uriOf(name)
    if (whyNotAllowed(uri, ['*'], blocked) !== undefined)
      throw failed(`${uri} would lie in a location that the integration blocks; nothing was written`)
  }
  for (const [index, { path, name }] of files.entries()) {
    signal?.throwIfAborted()
    await writer.put(path, name, signal).catch((error: unknown) => {
      throw index > 0 && error instanceof MillraceError
        ? new MillraceError(error.code, `${error.message} ${index} of ${files.length} files had been written.`, error)
        : error
    })
  }
}

/** A place in the query that was made here is none of the script's. */
function unplaced(error: unknown): unknown {
  return error instanceof MillraceError && error.place !== undefined
    ? new MillraceError(error.code, error.message, error)
    : error
}

function summed(files: readonly NamedFile[]): Outcome {
  const sum = (of: (file: NamedFile) => number): number => files.reduce((total, file) => total + of(file), 0)
  return outcomeOf(
    ['rows_unloaded BIGINT', 'input_bytes BIGINT', 'output_bytes BIGINT'],
    [[sum(({ rows }) => rows), sum(({ inputBytes }) => inputBytes), sum(({ outputBytes }) => outputBytes)]],
  )
}

function detailed(files: readonly NamedFile[]): Outcome {
  return outcomeOf(
    ['file_name', 'file_size BIGINT', 'row_count BIGINT'],
    files.map(({ name, outputBytes, rows }) => [name, outputBytes, rows]),
  )
}
