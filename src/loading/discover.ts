import { logTypes } from '../log-type/registry.ts'
import type { StageObject } from '../stages/stage.ts'
import { type BatchPlan, planBatches } from './batches.ts'
import { lookUpHistory } from './history.ts'
import { tableOf } from './load-batch.ts'
import { type PlannedObject, planLoad } from './plan.ts'
import type { Run } from './stage-load.ts'
import { noteUnread } from './unread.ts'

/** Objects that are looked at once more. */
export interface LeftObjects {
  /** Others have them. */
  readonly busy: StageObject[]
  /** They are others than those that were told of. */
  readonly changed: StageObject[]
}

/** Objects to load, in batches; notes those that are left unread, and keeps those to be looked at once more. */
export async function* discover(
  lists: AsyncIterable<readonly StageObject[]>,
  run: Run,
  left: LeftObjects,
): AsyncGenerator<BatchPlan> {
  const { context, own, sums } = run
  const planOptions = { ...run, from: run.from?.getTime(), to: run.to?.getTime() }
  const table = tableOf(context.settings)
  // A table that a script made is another matter: what it holds is loaded into the built-in ones as well.
  const tables = table === undefined ? logTypes.map((type) => type.table) : [table]
  for await (const listed of lists) {
    const objects: StageObject[] = []
    for (const object of listed) (own.take(object.uri) ? objects : left.busy).push(object)
    if (objects.length === 0) continue
    const known = await context.writer.exclusive(
      (connection) => lookUpHistory(connection, context.settings.spool, objects, tables),
      run.signal,
    )
    const planned = await confirmed(planLoad(objects, known, planOptions), run, left)
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

/** Leaves out what is no longer as it was told: what is there instead is looked at once more. */
async function confirmed(
  planned: readonly PlannedObject[],
  { confirm, onObjects }: Run,
  left: LeftObjects,
): Promise<readonly PlannedObject[]> {
  if (confirm === undefined) return planned
  const right: PlannedObject[] = []
  for (const one of planned) {
    const { uri, version } = one.object
    const now = one.action === 'hold' ? await confirm(one.object) : one.object
    if (now === undefined) onObjects?.([{ uri, version, status: 'skipped' }])
    else if (now.version === version) right.push(one)
    else left.changed.push(now)
  }
  return right
}
