import { MillraceError, messageOf } from '../errors.ts'
import type { BatchPlan } from './batches.ts'
import { LoadTransaction } from './commit.ts'
import type { HistoryRow } from './history.ts'
import { checkSignal, storeBatch } from './load-batch.ts'
import type { Run } from './stage-load.ts'
import { batchContext, startAhead } from './started-ahead.ts'
import type { StartedBatch } from './started-batch.ts'

/** One transaction for the whole load: the first fault takes everything back. */
export async function loadWhole(batches: AsyncIterable<BatchPlan>, run: Run): Promise<void> {
  const plans: BatchPlan[] = []
  for await (const plan of batches) plans.push(plan)
  const { writer, settings } = run.context
  const started = startAhead(plans, run.context)
  const first = await started.next()
  if (first.done === true) return
  try {
    // What most loads come to is here before the transaction begins, during which nobody else commits.
    await first.value.whenHere()
    const stored = await writer.rowTransaction(async (connection) => {
      const load = new LoadTransaction(connection, writer, settings)
      const rows = [...(await storeWhole(first.value, load, run))]
      for await (const batch of started) rows.push(...(await storeWhole(batch, load, run)))
      return { load, rows }
    }, run.signal)
    stored.load.tables.publish()
    run.onObjects?.(stored.rows)
  } finally {
    await first.value.drop()
    await started.return(undefined)
  }
}

async function storeWhole(batch: StartedBatch, load: LoadTransaction, run: Run): Promise<readonly HistoryRow[]> {
  try {
    checkSignal(run.signal)
    const outcome = await storeBatch(batch, load, batchContext(run))
    const crash = batch.crashed[0]
    if (crash !== undefined)
      throw new MillraceError(
        'INTERNAL',
        `The load was given up (${messageOf(crash.error)}). Nothing of it was kept (--on-error abort).`,
        crash.error,
      )
    run.sums.add(outcome)
    batch.end()
    run.report()
    return outcome.rows
  } catch (error) {
    await batch.drop()
    throw error
  }
}
