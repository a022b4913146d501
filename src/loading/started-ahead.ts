import type { BatchPlan } from './batches.ts'
import type { BatchContext } from './load-batch.ts'
import type { LoadContext, Run } from './stage-load.ts'
import { StartedBatch } from './started-batch.ts'

/** Starts each batch while the one before it is stored: one is ahead at most, which bounds the spool. */
export async function* startAhead(
  batches: AsyncIterable<BatchPlan> | Iterable<BatchPlan>,
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

export function batchContext({ context: { writer, settings, reached }, onError, signal }: Run): BatchContext {
  return { writer, settings, onError, signal, reached }
}
