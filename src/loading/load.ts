import type { LoadProgress, LoadSummary, OnChange } from '../api.ts'
import { isDiskFull } from '../engines/duckdb.ts'
import { type ErrorCode, MillraceError, messageOf } from '../errors.ts'
import { logTypes } from '../log-type/registry.ts'
import type { Stage, StageObject } from '../stages/stage.ts'
import { type BatchPlan, planBatches } from './batches.ts'
import type { Claims, OwnClaims } from './claims.ts'
import { LoadTransaction } from './commit.ts'
import type { ErrorRule } from './error-rule.ts'
import { type HistoryRow, insertHistory, lookUpHistory } from './history.ts'
import { type BatchContext, checkSignal, storeBatch, tableOf } from './load-batch.ts'
import type { ParserPool } from './parser-pool.ts'
import { type PlannedObject, planLoad } from './plan.ts'
import { type NumberedObject, type ReadSettings, StartedBatch } from './started-batch.ts'
import { Sums } from './sums.ts'
import { noteUnread } from './unread.ts'
import type { Writer } from './writer.ts'

/** What a load works with. */
export interface LoadContext {
  readonly writer: Writer
  readonly pool: ParserPool
  readonly claims: Claims
  readonly settings: ReadSettings
  /** Bytes of log text that commit together. */
  readonly commitBytes: number
  readonly reached: (point: string) => void
}

/** What became of an object that a load met; `skipped` where history held it. */
export type ObjectOutcome = Pick<HistoryRow, 'uri' | 'version'> &
  (Omit<HistoryRow, 'uri' | 'version'> | { readonly status: 'skipped' })

/** How a stage is loaded. */
export interface StageLoad {
  readonly onError: ErrorRule
  readonly onChange: OnChange
  readonly force: boolean | 'beside'
  /** Only objects whose date lies in [from, to). */
  readonly from?: Date | undefined
  readonly to?: Date | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined
  /** Called with what became of objects, when that is certain: behind the commit. */
  readonly onObjects?: ((outcomes: readonly ObjectOutcome[]) => void) | undefined
}

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
      const busy: StageObject[] = []
      const batches = discover(lists, run, busy)
      if (load.onError === 'abort') await loadWhole(batches, run)
      else await loadBatches(batches, run)
      own.releaseAll()
      if (busy.length === 0) break
      await own.whenFree(busy.map(({ uri }) => uri))
      lists = inOneChunk(busy)
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

/** A load under way. */
interface Run extends StageLoad {
  readonly context: LoadContext
  readonly own: OwnClaims
  readonly sums: Sums
  readonly report: () => void
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
  }
}

/** Objects to load, in batches; notes those that are left unread, and those that another load has. */
async function* discover(
  lists: AsyncIterable<readonly StageObject[]>,
  run: Run,
  busy: StageObject[],
): AsyncGenerator<BatchPlan> {
  const { context, own, sums } = run
  const planOptions = { ...run, from: run.from?.getTime(), to: run.to?.getTime() }
  const table = tableOf(context.settings)
  // A table that a script made is another matter: what it holds is loaded into the built-in ones as well.
  const tables = table === undefined ? logTypes.map((type) => type.table) : [table]
  for await (const listed of lists) {
    const objects: StageObject[] = []
    for (const object of listed) (own.take(object.uri) ? objects : busy).push(object)
    const known = await context.writer.exclusive((connection) =>
      lookUpHistory(connection, context.settings.spool, objects, tables),
    )
    const planned = planLoad(objects, known, planOptions)
    const toLoad = planned.filter(({ action }) => action === 'load')
    const skipped = planned.filter(({ action }) => action === 'nothing')
    const faced = planned.filter(({ action }) => action === 'load' || action === 'archived')
    sums.skipped += skipped.length
    sums.filesTotal += faced.length
    sums.bytesTotal += faced.reduce((sum, { object }) => sum + object.size, 0)
    const unread = await noteUnread(planned, known, context, run.onError)
    sums.add(unread)
    const loading = new Set(toLoad.map(({ object }) => object.uri))
    own.release(objects.filter(({ uri }) => !loading.has(uri)).map(({ uri }) => uri))
    run.onObjects?.([
      ...skipped.map(({ object: { uri, version } }) => ({ uri, version, status: 'skipped' }) as const),
      ...unread.rows,
    ])
    yield* planBatches(toLoad, context.commitBytes)
  }
}

/** Starts each batch while the one before it is stored: one is ahead at most, which bounds the spool. */
async function* startAhead(
  batches: AsyncIterable<BatchPlan>,
  { pool, writer, settings }: LoadContext,
): AsyncGenerator<StartedBatch> {
  let ahead: StartedBatch | undefined
  try {
    for await (const plan of batches) {
      const started = new StartedBatch(plan, pool, writer, settings)
      const current = ahead
      ahead = started
      if (current !== undefined) yield current
    }
    const last = ahead
    ahead = undefined
    if (last !== undefined) yield last
  } finally {
    await ahead?.drop()
  }
}

function batchContext({ context: { writer, settings, reached }, onError, signal }: Run): BatchContext {
  return { writer, settings, onError, signal, reached }
}

/** Stores a batch in its own transaction; returns what is to be tried file by file. */
async function commitBatch(batch: StartedBatch, run: Run): Promise<readonly NumberedObject[]> {
  const { writer, settings, reached } = run.context
  try {
    checkSignal(run.signal)
    const outcome = await writer.transaction(async (connection) => {
      const load = new LoadTransaction(connection, writer, settings)
      const result = await storeBatch(batch, load, batchContext(run))
      reached('load:before-commit')
      return { load, result }
    })
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
    if (batch.objects.length > 1) return batch.objects
    const object = batch.objects[0]
    if (object === undefined) throw error
    await recordFailure(object, error, run)
    return []
  }
}

async function commitAlone(planned: PlannedObject, run: Run): Promise<void> {
  const { pool, writer, settings } = run.context
  await commitBatch(new StartedBatch([[planned]], pool, writer, settings), run)
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
    .transaction(async (connection) => {
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

/** One transaction for the whole load: the first fault takes everything back. */
async function loadWhole(batches: AsyncIterable<BatchPlan>, run: Run): Promise<void> {
  const plans: BatchPlan[] = []
  for await (const plan of batches) plans.push(plan)
  const { writer, settings, pool } = run.context
  const stored = await writer.transaction(async (connection) => {
    const load = new LoadTransaction(connection, writer, settings)
    const rows: HistoryRow[] = []
    for (const plan of plans) {
      checkSignal(run.signal)
      const batch = new StartedBatch(plan, pool, writer, settings)
      try {
        const outcome = await storeBatch(batch, load, batchContext(run))
        const crash = batch.crashed[0]
        if (crash !== undefined)
          throw new MillraceError(
            'INTERNAL',
            `The load was given up (${messageOf(crash.error)}). Nothing of it was kept (--on-error abort).`,
            crash.error,
          )
        run.sums.add(outcome)
        rows.push(...outcome.rows)
        batch.end()
      } catch (error) {
        await batch.drop()
        throw error
      }
      run.report()
    }
    return { load, rows }
  })
  stored.load.tables.publish()
  run.onObjects?.(stored.rows)
}
