import type { ObjectOutcome } from '../loading/stage-load.ts'
import { type HeldObject, HeldStage } from '../stages/held.ts'
import type { PipeLoad, PipeLoads } from './pipe-loads.ts'

/**
 * Loads objects that are here already, bytes and all; `met` is told what became of each. Returns why one of them was not stored, empty where
 * it was left out without a word; undefined once all are stored.
 */
export async function loadHeld(
  loads: PipeLoads,
  objects: AsyncIterable<HeldObject>,
  {
    signal,
    met,
  }: Pick<PipeLoad, 'signal'> & { readonly met?: ((outcomes: readonly ObjectOutcome[]) => void) | undefined },
): Promise<string | undefined> {
  const stage = new HeldStage(objects)
  let failed: ObjectOutcome | undefined
  const onObjects = (outcomes: readonly ObjectOutcome[]): void => {
    stage.release(outcomes)
    failed ??= outcomes.find(({ status }) => status === 'failed')
    met?.(outcomes)
  }
  await loads.together(stage, () => undefined, { signal, onObjects })
  if (failed === undefined && stage.isEmpty) return undefined
  return failed !== undefined && 'error' in failed ? (failed.error ?? '') : ''
}
