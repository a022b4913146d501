import type { ObjectOutcome } from '../../loading/stage-load.ts'
import type { Stage } from '../../stages/stage.ts'
import type { ActionContext } from './action.ts'
import type { StageTarget } from './stage-access.ts'

/**
 * PURGE: deletes the objects that were loaded without a reject, as far as the stage still lists them as they were loaded. What cannot be deleted stays, and is no error:
 * the load is committed.
 */
export async function purge(
  outcomes: readonly ObjectOutcome[],
  stage: Stage,
  { url, access }: StageTarget,
  { lake, signal }: Pick<ActionContext, 'lake' | 'signal'>,
): Promise<void> {
  const loaded = outcomes.filter(({ status }) => status === 'loaded' || status === 'empty')
  const versions = new Map(loaded.map(({ uri, version }) => [uri, version]))
  if (versions.size === 0) return
  try {
    const writer = await lake.stages.openWriter(url, access)
    for await (const objects of stage.list(signal)) {
      const same = objects.filter(({ uri, version }) => versions.get(uri) === version)
      await writer.remove(
        same.map(({ uri }) => uri),
        signal,
      )
    }
  } catch {
    // Said above.
  }
}
