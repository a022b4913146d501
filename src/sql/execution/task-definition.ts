import type { CatalogObject } from '../../catalog/objects.ts'
import { type Task, type TaskName, type TaskState, taskText } from '../../tasks/task.ts'
import { streamsIn } from '../../tasks/condition.ts'
import { readCondition } from '../statement/condition.ts'
import type { ObjectName } from '../statement/name.ts'
import type { CreateTask } from '../statements/task.ts'
import { fold } from './names.ts'

const usualTimeoutMs = 3_600_000
const usualTriggerSeconds = 30

/** The tasks of the catalog, as they run. */
export function taskDefinitions(objects: readonly CatalogObject[], states: ReadonlyMap<string, TaskState>): Task[] {
  return objects.flatMap((object): Task[] => {
    const state = states.get(taskText(object))
    return object.definition.kind === 'create-task' && state !== undefined
      ? [taskOf(object, object.definition, state)]
      : []
  })
}

function taskOf({ database, schema, name, dialect }: CatalogObject, definition: CreateTask, state: TaskState): Task {
  const { options, after, when, body } = definition
  return {
    ...state,
    ...{ database, schema, name, dialect, body: body.text },
    schedule: options.schedule,
    after: after.map((one) => neighbour(one, { database, schema })),
    finalizes: options.finalize === undefined ? undefined : neighbour(options.finalize, { database, schema }),
    condition: when === undefined ? undefined : readCondition(when.text, dialect),
    conditionText: when?.text,
    config: options.config,
    timeoutMs: options.userTaskTimeoutMs ?? usualTimeoutMs,
    failureLimit: options.suspendTaskAfterNumFailures,
    retries: options.taskAutoRetryAttempts ?? 0,
    triggerMs: (options.userTaskMinimumTriggerIntervalInSeconds ?? usualTriggerSeconds) * 1000,
  }
}

/** A task of the same schema, by its name as one text: the catalog keeps the name alone, so a renamed schema changes no definition. */
export function neighbour(name: ObjectName, { database, schema }: Omit<TaskName, 'name'>): string {
  return taskText({ database, schema, name: name.map(fold).at(-1) ?? '' })
}

/** Whether a task runs by itself: by a schedule, or when streams that it asks have data. */
export function runsByItself({ options, when }: CreateTask, object: Pick<CatalogObject, 'dialect'>): boolean {
  return (
    options.schedule !== undefined ||
    (when !== undefined && streamsIn(readCondition(when.text, object.dialect)).length > 0)
  )
}
