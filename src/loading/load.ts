import type { LoadSummary } from '../api.ts'
import { isDiskFull } from '../engines/duckdb.ts'
import { type ErrorCode, MillraceError, messageOf } from '../errors.ts'
import type { Stage, StageObject } from '../stages/stage.ts'
import type { BatchPlan } from './batches.ts'
import { LoadTransaction } from './commit.ts'
import { type LeftObjects, discover } from './discover.ts'
import { type HistoryRow, insertHistory } from './history.ts'
import { checkSignal, storeBatch, tableOf } from './load-batch.ts'
import { loadWhole } from './load-whole.ts'
import type { PlannedObject } from './plan.ts'
import type { LoadContext, Run, StageLoad } from './stage-load.ts'
import { batchContext, startAhead } from './started-ahead.ts'
import { type NumberedObject, StartedBatch } from './started-batch.ts'
import { Sums } from './sums.ts'

/**
 * Loads what a stage lists and load history does not hold. Batches are read ahead by worker threads while the one before is stored;
 * each commits rows, rejects and history in one transaction, so that a crash at any moment leaves whole batches only.
 */
export async function loadStage(stage: Stage, context: LoadContext, load: StageLoad): Promise<LoadSummary> {
  const sums = new Sums()
  const own = context.claims.open()
  const report = (): void => load.onProgress?.(sums.progress())
  const run: Run = { ...load, context, own, sums, report }
  try {
    let lists = stage.list(load.signal)
    // Objects that another load has are looked at again once it is done with them.
    for (;;) {
      const left: LeftObjects = { busy: [], changed: [] }
      const batches = discover(lists, run, left)
      if (load.onError === 'abort') await loadWhole(batches, run)
      else await loadBatches(batches, run)
      own.releaseAll()
      load.busy?.(left.busy)
      const again = [...(load.busy === undefined ? left.busy : []), ...left.changed]
      if (again.length === 0) break
      await own.whenFree(
        again.map(({ uri }) => uri),
        load.signal,
      )
      lists = inOneChunk(again)
    }
  } catch (error) {
    // A stage ends with the signal's own reason.
    checkSignal(load.signal)
    throw error
  } finally {
    own.releaseAll()
  }
  report()
  return sums.summary()
}

async function* inOneChunk(objects: readonly StageObject[]): AsyncGenerator<readonly StageObject[]> {
  yield objects
}

async function loadBatches(batches: AsyncIterable<BatchPlan>, run: Run): Promise<void> {
  for await (const batch of startAhead(batches, run.context)) {
    const retry = await commitBatch(batch, run)
    run.report()
    for (const numbered of retry) {
      checkSignal(run.signal)
      await commitAlone(numbered.planned, run)
      run.report()
    }
    run.own.release(batch.objects.map(({ planned }) => planned.object.uri))
    tellLate(batch, run)
  }
}

function tellLate({ late }: StartedBatch, run: Run): void {
  if (late.length > 0) run.late?.tell(late.map(({ planned }) => planned.object))
}

/** Stores a batch in its own transaction; returns what is to be tried file by file. */
async function commitBatch(batch: StartedBatch, run: Run): Promise<readonly NumberedObject[]> {
  const { writer, settings, reached } = run.context
  try {
    // Others commit meanwhile: a slow bucket holds up its own loads alone.
    await batch.whenHere()
    checkSignal(run.signal)
    const outcome = await writer.rowTransaction(async (connection) => {
      const load = new LoadTransaction(connection, writer, settings)
      const result = await storeBatch(batch, load, batchContext(run))
      reached('load:before-commit')
      return { load, result }
    }, run.signal)
    // The commit point lies behind: what follows may be lost in a crash without harm.
    batch.end()
    outcome.load.tables.publish()
    reached('load:after-commit')
    run.sums.add(outcome.result)
    run.onObjects?.(outcome.result.rows)
    return outcome.result.retry
  } catch (error) {
    await batch.drop()
    checkSignal(run.signal)
    if (batch.objects.length > 1) return batch.objects.filter((one) => !batch.late.includes(one))
    const object = batch.objects[0]
    if (object === undefined) throw error
    await recordFailure(object, error, run)
    return []
  }
}

async function commitAlone(planned: PlannedObject, run: Run): Promise<void> {
  const { pool, writer, settings } = run.context
  const batch = new StartedBatch([[planned]], pool, writer, settings)
  await commitBatch(batch, run)
  tellLate(batch, run)
}

/** Notes a file whose own transaction failed. When even that cannot be written, the summary still says it. */
async function recordFailure(
  { planned: { object, retires }, fileId }: NumberedObject,
  error: unknown,
  { context: { writer, settings }, sums, onObjects }: Run,
): Promise<void> {
  const { code, message } = storingFault(object.uri, error)
  const row: HistoryRow = {
    file_id: fileId,
    table_name: tableOf(settings) ?? null,
    uri: object.uri,
    version: object.version,
    status: 'failed',
    lines: 0,
    rows: 0,
    rejects: 0,
    skipped: 0,
    bytes: object.size,
    code,
    error: message,
    format: null,
  }
  await writer
    .rowTransaction(async (connection) => {
      const load = new LoadTransaction(connection, writer, settings)
      await load.retire(retires)
      await insertHistory(connection, settings.spool, [row], load.loadId, settings.pipe)
    })
    .catch(() => undefined)
  sums.add({ rows: [row], faults: [{ file: object.uri, code, message }], retry: [] })
  onObjects?.([row])
}

/** What a failed transaction means for the one file in it. */
function storingFault(uri: string, error: unknown): { code: ErrorCode; message: string } {
  if (isDiskFull(error))
    return {
      code: 'DISK_FULL',
      message: `No space is left to load ${uri}. Free some and load again; nothing of it was loaded.`,
    }
  const text = messageOf(error).split('\n')[0] ?? ''
  if (error instanceof MillraceError)
    return { code: error.code, message: text.includes(uri) ? text : `${uri} was not loaded: ${text}` }
  return { code: 'INTERNAL', message: `${uri} could not be stored (${text}). Nothing of it was loaded.` }
}
