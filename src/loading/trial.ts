import type { DuckDBConnection } from '@duckdb/node-api'
import { MillraceError } from '../errors.ts'
import { logTypes } from '../log-type/registry.ts'
import type { Stage } from '../stages/stage.ts'
import { type BatchPlan, planBatches } from './batches.ts'
import { LoadTransaction } from './commit.ts'
import { type HistoryRow, lookUpHistory } from './history.ts'
import { checkSignal, storeBatch, tableOf } from './load-batch.ts'
import { planLoad } from './plan.ts'
import type { LoadContext } from './stage-load.ts'
import { startAhead } from './started-ahead.ts'
import { StartedBatch } from './started-batch.ts'

/** A load that is looked at and taken back. */
export interface Trial<T> {
  /** Also what history holds already. */
  readonly everything: boolean
  /** No further objects once there are so many records. */
  readonly records: number
  readonly signal: AbortSignal | undefined
  /** Sees what the load has stored, within its transaction. Rejects are in `temp.reject_places` as well, where the table is a script's. */
  readonly look: (connection: DuckDBConnection, loadId: number, files: readonly HistoryRow[]) => Promise<T>
}

/** What ends the transaction of a trial. */
class TakenBack extends Error {}

/** Loads what a stage lists, shows it and takes it back: of rows, rejects, history and columns nothing stays. */
export async function tryStage<T>(stage: Stage, context: LoadContext, trial: Trial<T>): Promise<T> {
  const { writer, settings } = context
  const plans: BatchPlan[] = []
  for await (const plan of planTrial(stage, context, trial)) plans.push(plan)
  const started = startAhead(plans, context)
  let seen: { readonly result: T } | undefined
  try {
    await writer.rowTransaction(async (connection) => {
      const load = new LoadTransaction(connection, writer, settings)
      await load.notePlaces()
      const files: HistoryRow[] = []
      const records = (): number => files.reduce((sum, row) => sum + row.rows + row.rejects, 0)
      for await (const batch of started) {
        files.push(...(await storeTrial(batch, load, context, trial)))
        if (records() >= trial.records) break
      }
      seen = { result: await trial.look(connection, load.loadId, files) }
      throw new TakenBack()
    }, trial.signal)
  } catch (error) {
    checkSignal(trial.signal)
    if (!(error instanceof TakenBack)) throw error
  } finally {
    await started.return(undefined)
  }
  if (seen === undefined) throw new MillraceError('INTERNAL', 'a trial ended without a look at what it stored')
  return seen.result
}

async function* planTrial<T>(
  stage: Stage,
  { writer, settings, commitBytes }: LoadContext,
  { everything, signal }: Trial<T>,
): AsyncGenerator<BatchPlan> {
  const options = { onChange: 'append', force: everything ? 'beside' : false, from: undefined, to: undefined } as const
  const table = tableOf(settings)
  const tables = table === undefined ? logTypes.map((type) => type.table) : [table]
  for await (const objects of stage.list(signal)) {
    const known = await writer.exclusive(
      (connection) => lookUpHistory(connection, settings.spool, objects, tables),
      signal,
    )
    const planned = planLoad(objects, known, options)
    yield* planBatches(
      planned.filter(({ action }) => action === 'load'),
      commitBytes,
    )
  }
}

/** Stores a batch, and once more each file of a job that failed as a whole. */
async function storeTrial(
  batch: StartedBatch,
  load: LoadTransaction,
  context: LoadContext,
  { signal }: Pick<Trial<unknown>, 'signal'>,
): Promise<readonly HistoryRow[]> {
  const { pool, writer, settings, reached } = context
  try {
    const { rows, retry } = await storeBatch(batch, load, { writer, settings, onError: 'continue', signal, reached })
    batch.end()
    const further: HistoryRow[] = []
    for (const { planned } of retry)
      further.push(
        ...(await storeTrial(new StartedBatch([[planned]], pool, writer, settings), load, context, { signal })),
      )
    return [...rows, ...further]
  } catch (error) {
    await batch.drop()
    throw error
  }
}
