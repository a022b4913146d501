import type { StageObject } from '../../stages/stage.ts'
import { outcomeOf } from '../execution/plan.ts'
import type { Action } from './action.ts'
import { patternRoot, stagePattern } from './pattern.ts'
import { openStage } from './stage-access.ts'

function rowOf({ uri, size, version, modifiedMs }: StageObject): (string | number)[] {
  return [uri, size, version, new Date(modifiedMs).toUTCString()]
}

/**
 * LIST: Snowflake's columns, and all objects, logs or not. `md5` is an object's ETag; a file of this machine has its size and time there.
 * Ends with the first row that is not shown.
 */
export const list: Action<'list'> = async ({ location, pattern }, context) => {
  const { stage, url } = await openStage(location, context, { everything: true })
  const matches = stagePattern(pattern, patternRoot(url))
  const rows: (string | number)[][] = []
  for await (const objects of stage.list(context.signal)) {
    rows.push(...objects.filter(({ uri }) => matches(uri)).map(rowOf))
    if (rows.length > context.maxRows) break
  }
  return outcomeOf(['name', 'size BIGINT', 'md5', 'last_modified'], rows)
}
