import type { LoadOptions, LoadSummary } from '../api.ts'
import { isDiskFull } from '../engines/duckdb.ts'
import { type ErrorCode, MillraceError, messageOf } from '../errors.ts'
import type { Stage } from '../stages/stage.ts'
import { type BatchPlan, planBatches } from './batches.ts'
import { LoadTransaction } from './commit.ts'
import { type HistoryRow, insertHistory, lookUpHistory } from './history.ts'
import { type BatchContext, checkSignal, storeBatch } from './load-batch.ts'
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
  readonly settings: ReadSettings
  /** Bytes of log text that commit together. */
  readonly commitBytes: number
  readonly reached: (point: string) => void
}

/**
 * Loads what a stage lists and load history does not hold. Batches are read ahead by worker threads while the one before is stored;
 * each commits rows, rejects and history in one transaction, so that a crash at any moment leaves whole batches only.
 */
export async function loadStage(stage: Stage, context: LoadContext, options: LoadOptions): Promise<LoadSummary> {
  const sums = new Sums()
  const batches = discover(stage, context, options, sums)
  const onError = options.onError ?? 'continue'
  const run = { onError, signal: options.signal }
  const report = (): void => options.onProgress?.(sums.progress())
  try {
    if (onError === 'abort') await loadWhole(batches, context, options, sums, report)
    else {
      for await (const batch of startAhead(batches, context)) {
        const retry = await commitBatch(batch, context, run, sums)
        report()
        for (const numbered of retry) {
          checkSignal(options.signal)
          await commitAlone(numbered.planned, context, run, sums)
          report()
        }
      }
    }
  } catch (error) {
    // A stage ends with the signal's own reason.
    checkSignal(options.signal)
    throw error
  }
  report()
  return sums.summary()
}

/** Objects to load, in batches; notes those that are left unread. */
async function* discover(
  stage: Stage,
  context: LoadContext,
  options: LoadOptions,
  sums: Sums,
): AsyncGenerator<BatchPlan> {
  const planOptions = {
    onChange: options.onChange ?? stage.onChange,
    force: options.force ?? false,
    from: options.from?.getTime(),
    to: options.to?.getTime(),
  }
  const tables = context.settings.type === undefined ? undefined : [context.settings.type.table]
  for await (const objects of stage.list(options.signal)) {
    const known = await context.writer.exclusive((connection) =>
      lookUpHistory(connection, context.settings.spool, objects, tables),
    )
    const planned = planLoad(objects, known, planOptions)
    const toLoad = planned.filter(({ action }) => action === 'load')
    sums.skipped += planned.filter(({ action }) => action === 'nothing').length
    const faced = planned.filter(({ action }) => action === 'load' || action === 'archived')
    sums.filesTotal += faced.length
    sums.bytesTotal += faced.reduce((sum, { object }) => sum + object.size, 0)
    sums.add(await noteUnread(planned, known, context, options.onError))
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

/** What the caller of a load asked for that each batch obeys. */
type Run = Pick<BatchContext, 'onError' | 'signal'>

function batchContext({ writer, settings, reached }: LoadContext, run: Run): BatchContext {
  return { writer, settings, ...run, reached }
}

/** Stores a batch in its own transaction; returns what is to be tried file by file. */
async function commitBatch(
  batch: StartedBatch,
  context: LoadContext,
  run: Run,
  sums: Sums,
): Promise<readonly NumberedObject[]> {
  const { writer, settings, reached } = context
  try {
    checkSignal(run.signal)
    const outcome = await writer.transaction(async (connection) => {
      const load = new LoadTransaction(connection, writer, settings.spool, settings.redact)
      const result = await storeBatch(batch, load, batchContext(context, run))
      reached('load:before-commit')
      return { load, result }
    })
    // The commit point lies behind: what follows may be lost in a crash without harm.
    batch.end()
    outcome.load.tables.publish()
    reached('load:after-commit')
    sums.add(outcome.result)
    return outcome.result.retry
  } catch (error) {
    await batch.drop()
    checkSignal(run.signal)
    if (batch.objects.length > 1) return batch.objects
    const object = batch.objects[0]
    if (object === undefined) throw error
    await recordFailure(object, error, context, sums)
    return []
  }
}

async function commitAlone(planned: PlannedObject, context: LoadContext, run: Run, sums: Sums): Promise<void> {
  const batch = new StartedBatch([[planned]], context.pool, context.writer, context.settings)
  await commitBatch(batch, context, run, sums)
}

/** Notes a file whose own transaction failed. When even that cannot be written, the summary still says it. */
async function recordFailure(
  { planned: { object, retires }, fileId }: NumberedObject,
  error: unknown,
  { writer, settings }: LoadContext,
  sums: Sums,
): Promise<void> {
  const { code, message } = storingFault(object.uri, error)
  const row: HistoryRow = {
    file_id: fileId,
    table_name: settings.type?.table ?? null,
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
      const load = new LoadTransaction(connection, writer, settings.spool, settings.redact)
      await load.retire(retires)
      await insertHistory(connection, settings.spool, [row], load.loadId)
    })
    .catch(() => undefined)
  sums.add({ rows: [row], faults: [{ file: object.uri, code, message }], retry: [] })
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
async function loadWhole(
  batches: AsyncIterable<BatchPlan>,
  context: LoadContext,
  options: LoadOptions,
  sums: Sums,
  report: () => void,
): Promise<void> {
  const plans: BatchPlan[] = []
  for await (const plan of batches) plans.push(plan)
  const { writer, settings } = context
  const stored = await writer.transaction(async (connection) => {
    const load = new LoadTransaction(connection, writer, settings.spool, settings.redact)
    for (const plan of plans) {
      checkSignal(options.signal)
      const batch = new StartedBatch(plan, context.pool, writer, settings)
      try {
        const outcome = await storeBatch(
          batch,
          load,
          batchContext(context, { onError: 'abort', signal: options.signal }),
        )
        const crash = batch.crashed[0]
        if (crash !== undefined)
          throw new MillraceError(
            'INTERNAL',
            `The load was given up (${messageOf(crash.error)}). Nothing of it was kept (--on-error abort).`,
            crash.error,
          )
        sums.add(outcome)
        batch.end()
      } catch (error) {
        await batch.drop()
        throw error
      }
      report()
    }
    return load
  })
  stored.tables.publish()
}
