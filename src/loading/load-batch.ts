import type { FileFault } from '../api.ts'
import { storedName } from '../catalog/user-tables.ts'
import { MillraceError, messageOf, systemCodeOf } from '../errors.ts'
import type { LoadTransaction } from './commit.ts'
import { type ErrorRule, isKeptOut } from './error-rule.ts'
import { fileError } from './file-bytes.ts'
import { type HistoryRow, insertHistory } from './history.ts'
import type { ParsedFile } from './parse-files.ts'
import type { ParquetOutcome } from './parquet-groups.ts'
import type { StoredCounts } from './records.ts'
import type { NumberedObject, ReadSettings, StartedBatch } from './started-batch.ts'
import type { Writer } from './writer.ts'

/** What a batch added to a load. */
export interface BatchOutcome {
  readonly rows: readonly HistoryRow[]
  readonly faults: readonly FileFault[]
  /** Files whose job failed as a whole: to be tried one by one. */
  readonly retry: readonly NumberedObject[]
}

export interface BatchContext {
  readonly writer: Writer
  readonly settings: ReadSettings
  readonly onError: ErrorRule
  readonly signal: AbortSignal | undefined
  /** Named points that crash tests stop at. */
  readonly reached: (point: string) => void
}

/** Ends a load that its caller has given up. */
export function checkSignal(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true)
    throw new MillraceError(
      'QUERY_CANCELLED',
      'The load was cancelled. What was committed stays; run it again to go on where it stopped.',
    )
}

const noCounts: StoredCounts = { rows: 0, rejects: 0 }

/**
 * Stores a batch within the caller's transaction: rows, rejects and one history row for each file, whatever became of it.
 * Reading goes on while segments are stored; a file found to be faulty after that is taken out again.
 */
export async function storeBatch(
  batch: StartedBatch,
  load: LoadTransaction,
  context: BatchContext,
): Promise<BatchOutcome> {
  const { writer, settings, onError, signal, reached } = context
  const rawCounts = new Map<number, StoredCounts>()
  const stored = new Set<number>()
  const files = batch.objects.map(({ planned, fileId }) => ({ ...planned.object, fileId }))
  const replaced = batch.objects.flatMap(({ planned }) => planned.replaces.map(({ fileId }) => fileId))
  for (let group = await batch.take(); group !== undefined; group = await batch.take()) {
    try {
      checkSignal(signal)
      const faulty = faultyFiles(batch)
      const keptOut = [...faulty, ...filesWithRejects(batch, onError)]
      await load.events.meet(group, keptOut, replaced)
      await load.insertTyped(group, keptOut)
      const judged = [
        ...(await load.insertRaw(group, keptOut)),
        ...(await load.copyRecords(group, keptOut, files, settings.into)),
      ]
      for (const [fileId, counts] of judged) {
        const sum = rawCounts.get(fileId) ?? noCounts
        rawCounts.set(fileId, { rows: sum.rows + counts.rows, rejects: sum.rejects + counts.rejects })
      }
      await load.insertRejects(group, faulty)
      for (const { fileId } of batch.objects) if (!keptOut.includes(fileId)) stored.add(fileId)
    } finally {
      batch.release(group)
    }
    reached('load:rows')
  }
  // A load that is given up makes objects fail that are under way: history must not say so.
  checkSignal(signal)
  const late = [...faultyFiles(batch), ...filesWithRejects(batch, onError)].filter((fileId) => stored.has(fileId))
  await load.removeRows(
    late.map((fileId) => ({ fileId, tableName: batch.parsed.get(fileId)?.table ?? tableOf(settings) ?? null })),
  )
  await load.removeRejects(faultyFiles(batch).filter((fileId) => stored.has(fileId)))

  const history: HistoryRow[] = []
  const faults: FileFault[] = []
  const retry = batch.crashed.flatMap(({ objects, error }) =>
    objects.length > 1 ? objects : crashedAlone(objects, error, history, faults),
  )
  const parquet = await storeParquet(batch, load, settings)
  for (const numbered of batch.objects) {
    const parsed = batch.parsed.get(numbered.fileId)
    if (parsed === undefined) continue
    const repeated = load.events.repeated.get(numbered.fileId) ?? noCounts
    const counts = rawCounts.get(numbered.fileId)
    const row = parquet.get(numbered.fileId) ?? withoutRepeated(historyOf(numbered, parsed, counts, settings), repeated)
    if (onError === 'abort') await refuseFaults(row, load)
    const judged = judge(row, repeated, onError)
    if (judged.rows < row.rows) await load.removeRows([{ fileId: row.file_id, tableName: row.table_name }])
    history.push(judged)
    if (judged.code !== null) faults.push({ file: judged.uri, code: judged.code, message: judged.error ?? '' })
  }
  const loaded = new Set(history.filter((row) => row.status !== 'failed').map((row) => row.file_id))
  await load.events.keep([...loaded])
  const met = new Set(history.map((row) => row.file_id))
  const taken = batch.objects.filter(({ fileId }) => met.has(fileId))
  await load.replace(taken.filter(({ fileId }) => loaded.has(fileId)).flatMap(({ planned }) => planned.replaces))
  await load.retire(taken.flatMap(({ planned }) => planned.retires))
  reached('load:rejects')
  await insertHistory(writer.connection, settings.spool, history, load.loadId, settings.pipe)
  reached('load:history')
  return { rows: history, faults, retry }
}

/** Files of which nothing may be stored: those with a fault of their own, and those of crashed jobs. */
function faultyFiles(batch: StartedBatch): number[] {
  const failed = [...batch.parsed.values()].filter((file) => file.outcome === 'failed').map((file) => file.fileId)
  return [...failed, ...batch.crashed.flatMap(({ objects }) => objects.map((object) => object.fileId))]
}

/** Files of which `skip-file` stores the rejects alone. */
function filesWithRejects(batch: StartedBatch, onError: ErrorRule): number[] {
  return [...batch.parsed.values()]
    .filter((file) => file.outcome === 'read' && isKeptOut(onError, file.rejects, file.rows + file.rejects))
    .map((file) => file.fileId)
}

/** The table that all of a load's files go into, where one is named. */
export function tableOf({ type, into }: ReadSettings): string | undefined {
  return into === undefined ? type?.table : storedName(into.table)
}

function baseRow({ planned: { object }, fileId }: NumberedObject): Omit<HistoryRow, 'status' | 'table_name'> {
  return {
    file_id: fileId,
    uri: object.uri,
    version: object.version,
    lines: 0,
    rows: 0,
    rejects: 0,
    skipped: 0,
    bytes: object.size,
    code: null,
    error: null,
    format: null,
  }
}

function failedRow(numbered: NumberedObject, table: string | null, error: MillraceError): HistoryRow {
  return { ...baseRow(numbered), table_name: table, status: 'failed', code: error.code, error: error.message }
}

function crashedAlone(
  objects: readonly NumberedObject[],
  error: unknown,
  history: HistoryRow[],
  faults: FileFault[],
): [] {
  for (const numbered of objects) {
    const path = numbered.planned.object.uri
    const fault =
      systemCodeOf(error) === 'ENOSPC'
        ? fileError(path, error)
        : new MillraceError(
            'INTERNAL',
            `${path} could not be read because of a fault in Millrace (${messageOf(error)}). Nothing of it was loaded; please report it.`,
            error,
          )
    history.push(failedRow(numbered, null, fault))
    faults.push({ file: path, code: fault.code, message: fault.message })
  }
  return []
}

function historyOf(
  { planned: { object }, fileId }: NumberedObject,
  parsed: ParsedFile,
  raw: StoredCounts | undefined,
  { format }: ReadSettings,
): HistoryRow {
  const rows = parsed.form === 'typed' ? parsed.rows : (raw?.rows ?? 0)
  const rejects = parsed.form === 'typed' ? parsed.rejects : parsed.rejects + (raw?.rejects ?? 0)
  return {
    file_id: fileId,
    uri: object.uri,
    version: object.version,
    table_name: parsed.table ?? null,
    status: parsed.outcome === 'failed' ? 'failed' : rejects > 0 ? 'partial' : rows > 0 ? 'loaded' : 'empty',
    lines: parsed.lines,
    rows,
    rejects,
    skipped: parsed.skipped,
    bytes: object.size,
    code: parsed.code ?? null,
    error: parsed.error ?? null,
    // For whoever reads lines or the file again; headers are as long as records, and nearly always there.
    format: rejects > 0 || format !== undefined ? (parsed.format ?? null) : null,
  }
}

/** What other files, or earlier ones, have brought already is skipped. */
function withoutRepeated(row: HistoryRow, repeated: StoredCounts): HistoryRow {
  if (row.status === 'failed' || repeated === noCounts) return row
  const [rows, rejects] = [row.rows - repeated.rows, row.rejects - repeated.rejects]
  const status = rejects > 0 ? 'partial' : rows > 0 ? 'loaded' : 'empty'
  return { ...row, status, rows, rejects, skipped: row.skipped + repeated.rows + repeated.rejects }
}

async function storeParquet(
  batch: StartedBatch,
  load: LoadTransaction,
  settings: ReadSettings,
): Promise<ReadonlyMap<number, HistoryRow>> {
  const objects = batch.objects.filter(({ fileId }) => batch.parsed.get(fileId)?.outcome === 'parquet')
  const files = objects.map((numbered) => ({
    ...numbered.planned.object,
    source: batch.sourceOf(numbered),
    fileId: numbered.fileId,
  }))
  const outcomes = await (settings.into === undefined
    ? load.insertParquet(files, settings.type)
    : load.copyFiles(files, settings.into))
  return new Map(
    objects.map((numbered) => {
      const outcome = outcomes.get(numbered.fileId)
      return [numbered.fileId, outcome === undefined ? unmet(numbered) : parquetRow(numbered, outcome, settings)]
    }),
  )
}

function unmet({ planned }: NumberedObject): never {
  throw new MillraceError('INTERNAL', `${planned.object.uri} was left out.`)
}

function parquetRow(numbered: NumberedObject, outcome: ParquetOutcome, settings: ReadSettings): HistoryRow {
  if ('error' in outcome) {
    const { error } = outcome
    if (error instanceof MillraceError) return failedRow(numbered, tableOf(settings) ?? null, error)
    if (systemCodeOf(error) === undefined) throw error
    return failedRow(numbered, tableOf(settings) ?? null, fileError(numbered.planned.object.uri, error))
  }
  const { table, counts } = outcome
  return {
    ...baseRow(numbered),
    table_name: table,
    status: counts.rejects > 0 ? 'partial' : counts.rows > 0 ? 'loaded' : 'empty',
    lines: counts.rows + counts.rejects,
    rows: counts.rows,
    rejects: counts.rejects,
  }
}

/** With `abort` the first fault ends the load. */
async function refuseFaults(row: HistoryRow, load: LoadTransaction): Promise<void> {
  if (row.rejects === 0 && row.status !== 'failed') return
  const first = row.error === null ? await load.firstReject(row.file_id) : undefined
  const where = first === undefined ? '' : `, first line ${first.line} (${first.reason})`
  const fault = row.error ?? `${row.rejects} of its ${row.lines} lines cannot be read${where}`
  throw new MillraceError('LINE_REJECTED', `${row.uri}: ${fault}. Nothing of this load was kept (--on-error abort).`)
}

/** With `skip-file` a file with rejects is kept out. */
function judge(row: HistoryRow, repeated: StoredCounts, onError: ErrorRule): HistoryRow {
  const [rows, rejects] = [row.rows + repeated.rows, row.rejects + repeated.rejects]
  if (typeof onError !== 'object' || !isKeptOut(onError, rejects, rows + rejects)) return row
  const error = `${row.uri} is kept out: ${row.rejects} of its ${row.lines} lines cannot be read (${onError.name}). See "millrace rejects --file"; load it with --on-error continue to keep the others.`
  return { ...row, status: 'failed', rows: 0, skipped: row.lines - row.rejects, code: 'LINE_REJECTED', error }
}
