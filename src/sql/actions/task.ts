import { missing } from '../execution/alter.ts'
import { failed } from '../execution/failure.ts'
import { keyOf, shownName } from '../execution/names.ts'
import { find, statusOf } from '../execution/plan.ts'
import type { Action } from './action.ts'

/** EXECUTE TASK: where tasks run by themselves it is left to them, as in Snowflake; else the statement ends when the run does. */
export const executeTask: Action<'execute-task'> = async ({ name }, { lake, objects, session, signal }) => {
  const key = keyOf('TASK', 'schema', name, session)
  if (find(objects, key) === undefined) throw missing(key)
  const { tasks } = lake
  await tasks.requireRoot(key)
  if (tasks.isRunning) {
    tasks.executeSoon(key)
    return statusOf(`Task ${key.name} is scheduled to run immediately.`)
  }
  const runs = await tasks.execute(key, signal ?? new AbortController().signal)
  const wrong = runs.find(({ state }) => state !== 'SUCCEEDED' && state !== 'SKIPPED')
  if (wrong !== undefined)
    throw failed(`TASK ${shownName(wrong.task)} ended as ${wrong.state}: ${wrong.error?.message ?? 'it was ended'}`)
  const isIdle = runs.every(({ state }) => state === 'SKIPPED')
  return statusOf(isIdle ? `Task ${key.name} had nothing to do.` : `Task ${key.name} has run.`)
}
