import type { Value } from '../../api.ts'
import type { MillraceError } from '../../errors.ts'
import { canonicalUrl } from '../../stages/canonical.ts'
import { printName } from '../statement/name.ts'
import type { Remove } from '../statements/list.ts'
import { failed } from '../execution/failure.ts'
import { outcomeOf } from '../execution/plan.ts'
import type { Action } from './action.ts'
import { patternRoot, stagePattern } from './pattern.ts'
import { openStage } from './stage-access.ts'

/** REMOVE: deletes what LIST shows. The rows begin with what could not be deleted; where nothing could, that is an error. */
export const remove: Action<'remove'> = async ({ location, pattern }, context) => {
  const { stage, url, access } = await openStage(location, context, { everything: true })
  if (location.path === '' && pattern === undefined) refuseWhole(url, location.stage)
  const matches = stagePattern(pattern, patternRoot(url))
  const writer = await context.lake.stages.openWriter(url, access)
  const kept: Value[][] = []
  const removed: Value[][] = []
  let first: MillraceError | undefined
  for await (const objects of stage.list(context.signal)) {
    const uris = objects.map(({ uri }) => uri).filter(matches)
    const faults = await writer.remove(uris, context.signal)
    first ??= [...faults.values()][0]
    for (const uri of uris) {
      const fault = faults.get(uri)
      const rows = fault === undefined ? removed : kept
      if (rows.length <= context.maxRows)
        rows.push([uri, fault === undefined ? 'removed' : `not removed: ${fault.message}`])
    }
    if (removed.length === 0 && first !== undefined) throw first
  }
  return outcomeOf(['name', 'result'], [...kept, ...removed])
}

/** One word must not empty a bucket, or a machine. */
function refuseWhole(url: string, stage: Remove['location']['stage']): void {
  if (!/^(?:s3:\/\/[^/]+)?\/$/.test(canonicalUrl(url))) return
  const name = printName(stage)
  throw failed(
    `REMOVE @${name} would delete all there is in ${url}, which Millrace does not do at one word; say what: a path (@${name}/folder/) or a PATTERN ('.*' is all)`,
  )
}
