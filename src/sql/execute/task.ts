import type { CatalogObject, ObjectKey } from '../../catalog/objects.ts'
import { type GraphTask, rootsOf, whyNoGraph } from '../../tasks/graph.ts'
import { whyNotScheduled } from '../../tasks/schedule.ts'
import { type SuspendedReason, type TaskState, taskText } from '../../tasks/task.ts'
import { failed } from '../execution/failure.ts'
import { fold, keyOf, partOf, shownName } from '../execution/names.ts'
import { changedOptions, objectKind } from '../execution/object-kind.ts'
import { type Change, type Situation, find, outcomeOf } from '../execution/plan.ts'
import { neighbour, runsByItself } from '../execution/task-definition.ts'
import { type ObjectName, printName } from '../statement/name.ts'
import { schedule as scheduleOption } from '../statement/schedule.ts'
import { type AlterTask, type CreateTask } from '../statements/task.ts'

const columns = [
  'created_on TIMESTAMP',
  'name',
  'id',
  'database_name',
  'schema_name',
  'owner',
  'comment',
  'warehouse',
  'schedule',
  'predecessors',
  'state',
  'definition',
  'condition',
  'allow_overlapping_execution',
  'error_integration',
  'last_committed_on TIMESTAMP',
  'last_suspended_on TIMESTAMP',
  'owner_role_type',
  'config',
  'budget',
  'task_relations',
  'last_suspended_reason',
]

function timeOf(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString().replace('T', ' ').replace('Z', '')
}

function nowMs({ now }: Situation): number {
  return Date.parse(`${now.replace(' ', 'T')}Z`)
}

/** A name of the same schema without it; a graph has one schema. */
function ownName(name: ObjectName, key: ObjectKey, { session }: Situation): ObjectName {
  const named = keyOf('TASK', 'schema', name, session)
  const isBare = name.length === 1
  if (!isBare && (named.database !== key.database || named.schema !== key.schema))
    throw failed(
      `TASK ${shownName(key)} and ${printName(name)} are in two schemas, and a graph has one; make them in the same`,
    )
  return [partOf(named.name)]
}

/** The tasks of a schema as a graph, with one of them as it would be. */
function graphWith(definition: CreateTask | undefined, key: ObjectKey, { objects }: Situation): Map<string, GraphTask> {
  const tasks = new Map<string, GraphTask>()
  const add = (name: string, { after, options }: CreateTask): void => {
    const finalizes = options.finalize === undefined ? undefined : neighbour(options.finalize, key)
    tasks.set(name, { name, after: after.map((one) => neighbour(one, key)), finalizes })
  }
  for (const object of objects)
    if (object.definition.kind === 'create-task' && object.database === key.database && object.schema === key.schema)
      add(taskText(object), object.definition)
  if (definition !== undefined) add(taskText(key), definition)
  return tasks
}

function checked(given: CreateTask, key: ObjectKey, situation: Situation): CreateTask {
  const { finalize } = given.options
  const definition: CreateTask = {
    ...given,
    after: given.after.map((one) => ownName(one, key, situation)),
    options: finalize === undefined ? given.options : { ...given.options, finalize: ownName(finalize, key, situation) },
  }
  const subject = `TASK ${shownName(key)}`
  const { after, options } = definition
  const isChild = after.length > 0 || options.finalize !== undefined
  if (isChild && options.schedule !== undefined)
    throw failed(`${subject} runs after others, and has no SCHEDULE of its own; leave one of the two out`)
  if (after.length > 0 && options.finalize !== undefined)
    throw failed(`${subject} is a finalizer, which runs after all others; leave AFTER out`)
  if (isChild && options.taskAutoRetryAttempts !== undefined)
    throw failed(`${subject} is no root, and TASK_AUTO_RETRY_ATTEMPTS is for the whole graph; give it to the root`)
  for (const one of [...after, ...(options.finalize === undefined ? [] : [options.finalize])]) {
    const before = { ...key, name: fold(one[0] ?? partOf('')) }
    if (before.name !== key.name && find(situation.objects, before) === undefined)
      throw failed(`${subject} names the task ${shownName(before)}, which does not exist; make it first`)
  }
  const why = whyNoGraph(taskText(key), graphWith(definition, key, situation))
  if (why !== undefined) throw failed(why)
  return definition
}

/** A graph is changed while its root is suspended, as in Snowflake. */
function refuseResumed(key: ObjectKey, graph: ReadonlyMap<string, GraphTask>, situation: Situation): void {
  const root = rootsOf(taskText(key), graph).find((one) => situation.tasks.get(one)?.isResumed === true)
  if (root !== undefined)
    throw failed(
      `the root of its graph, ${root}, is not suspended; say ALTER TASK ${root} SUSPEND before, and RESUME behind`,
    )
}

function stateOf(key: ObjectKey, { tasks }: Situation): TaskState {
  const state = tasks.get(taskText(key))
  if (state === undefined) throw failed(`TASK ${shownName(key)} has no state; make it anew with CREATE OR REPLACE TASK`)
  return state
}

function suspended(state: TaskState, reason: SuspendedReason, situation: Situation): TaskState {
  return { ...state, isResumed: false, suspendedMs: nowMs(situation), suspendedReason: reason }
}

function resumed(definition: CreateTask, key: ObjectKey, situation: Situation): TaskState {
  const { after, options } = definition
  const isRoot = after.length === 0 && options.finalize === undefined
  const object = find(situation.objects, key)
  if (isRoot && object !== undefined && !runsByItself(definition, object))
    throw failed(
      `TASK ${shownName(key)} has no SCHEDULE, no AFTER, and no stream behind WHEN, so it would never run; give it one, or run it with EXECUTE TASK`,
    )
  if (!isRoot) refuseResumed(key, graphWith(undefined, key, situation), situation)
  return { ...stateOf(key, situation), isResumed: true, resumedMs: nowMs(situation), failures: 0 }
}

function withNames(
  definition: CreateTask,
  names: readonly ObjectName[],
  key: ObjectKey,
  situation: Situation,
): CreateTask {
  const after = [...definition.after, ...names.map((one) => ownName(one, key, situation))]
  const kept = new Map(after.map((one) => [printName(one), one]))
  return { ...definition, after: [...kept.values()] }
}

function withoutNames(
  definition: CreateTask,
  names: readonly ObjectName[],
  key: ObjectKey,
  situation: Situation,
): CreateTask {
  const left = new Set(names.map((one) => printName(ownName(one, key, situation))))
  const missing = [...left].find((name) => !definition.after.some((one) => printName(one) === name))
  if (missing !== undefined) throw failed(`TASK ${shownName(key)} does not run after ${missing}`)
  return { ...definition, after: definition.after.filter((one) => !left.has(printName(one))) }
}

function altered(definition: CreateTask, { change }: AlterTask, key: ObjectKey, situation: Situation): CreateTask {
  switch (change.action) {
    case 'resume':
    case 'suspend':
      return definition
    case 'set':
    case 'unset':
      return { ...definition, options: changedOptions(definition.options, change) }
    case 'add-after':
      return withNames(definition, change.tasks, key, situation)
    case 'remove-after':
      return withoutNames(definition, change.tasks, key, situation)
    case 'modify-as':
      return { ...definition, body: change.body }
    case 'modify-when':
      return { ...definition, when: change.body }
    case 'remove-when': {
      const { when: _when, ...others } = definition
      return others
    }
  }
}

/** What is left of the tasks that ran after one that is gone: those that nothing runs before any more are roots, and suspended. */
function orphans(gone: CatalogObject, situation: Situation): Change[] {
  const name = taskText(gone)
  return situation.objects.flatMap((object): Change[] => {
    const { definition } = object
    if (definition.kind !== 'create-task' || object === gone) return []
    const isFinalizer =
      definition.options.finalize !== undefined && neighbour(definition.options.finalize, object) === name
    const after = definition.after.filter((one) => neighbour(one, object) !== name)
    if (!isFinalizer && after.length === definition.after.length) return []
    const { finalize: _finalize, ...others } = definition.options
    const left = { ...definition, after, options: isFinalizer ? others : definition.options }
    const isRoot = isFinalizer || after.length === 0
    const reason = isFinalizer ? 'FINALIZER_BECAME_ROOT' : 'CHILD_BECAME_ROOT'
    const state = suspended(stateOf(object, situation), reason, situation)
    return [
      { step: 'put', object: { ...object, definition: left } },
      ...(isRoot ? [{ step: 'keep-task', key: object, state } as const] : []),
    ]
  })
}

function rowOf({ options, after, when, body }: CreateTask, object: CatalogObject, situation: Situation) {
  const state = situation.tasks.get(taskText(object))
  const finalizer = situation.objects.find(
    ({ definition, database, schema }) =>
      definition.kind === 'create-task' &&
      definition.options.finalize !== undefined &&
      neighbour(definition.options.finalize, { database, schema }) === taskText(object),
  )
  const predecessors = after.map((one) => neighbour(one, object))
  const relations = {
    Predecessors: predecessors,
    ...(finalizer === undefined ? {} : { FinalizerTask: taskText(finalizer) }),
    ...(options.finalize === undefined ? {} : { FinalizedRootTask: neighbour(options.finalize, object) }),
  }
  return [
    object.createdAt,
    object.name,
    state?.id ?? null,
    object.database,
    object.schema,
    null,
    options.comment ?? null,
    options.warehouse?.map(fold)[0] ?? null,
    options.schedule === undefined ? null : scheduleOption.print(options.schedule).slice(1, -1),
    JSON.stringify(predecessors),
    state?.isResumed === true ? 'started' : 'suspended',
    body.text,
    when?.text ?? null,
    'false',
    options.errorIntegration?.map(fold)[0] ?? null,
    timeOf(state?.resumedMs),
    timeOf(state?.suspendedMs),
    null,
    options.config ?? null,
    null,
    JSON.stringify(relations),
    state?.suspendedReason ?? null,
  ]
}

function whyNotKept(options: CreateTask['options']): string | undefined {
  if (options.allowOverlappingExecution === true || (options.overlapPolicy ?? 'NO_OVERLAP') !== 'NO_OVERLAP')
    return 'runs of a graph do not overlap here: one that is due while another is under way is left out; leave the option out, or say NO_OVERLAP'
  return options.schedule === undefined ? undefined : whyNotScheduled(options.schedule)
}

/** Snowflake's manual, TASK: a statement that runs on a schedule, when a stream has data, or after other tasks. */
export const task = objectKind({
  type: 'TASK',
  title: 'Task',
  level: 'schema',
  creates: 'create-task',
  alters: 'alter-task',
  keepsDialect: true,
  unsupported: (statement) => {
    if (statement.kind === 'create-task') return whyNotKept(statement.options)
    return statement.change.action === 'set' ? whyNotKept(statement.change.options) : undefined
  },
  define: (definition, key, situation) => {
    const own = checked(definition, key, situation)
    if (own.after.length > 0 || own.options.finalize !== undefined)
      refuseResumed(key, graphWith(own, key, situation), situation)
    return own
  },
  alter: (definition, statement, key, situation) => {
    const { action } = statement.change
    if (action === 'suspend') {
      const state = suspended(stateOf(key, situation), 'USER_SUSPENDED', situation)
      return { definition, changes: [{ step: 'keep-task', key, state }] }
    }
    if (action === 'resume')
      return { definition, changes: [{ step: 'keep-task', key, state: resumed(definition, key, situation) }] }
    refuseResumed(key, graphWith(undefined, key, situation), situation)
    const changed = checked(altered(definition, statement, key, situation), key, situation)
    const wasChild = definition.after.length > 0 || definition.options.finalize !== undefined
    const isRoot = changed.after.length === 0 && changed.options.finalize === undefined
    if (!isRoot) refuseResumed(key, graphWith(changed, key, situation), situation)
    const reason = definition.after.length > 0 ? 'CHILD_BECAME_ROOT' : 'FINALIZER_BECAME_ROOT'
    const state = suspended(stateOf(key, situation), reason, situation)
    return { definition: changed, changes: wasChild && isRoot ? [{ step: 'keep-task', key, state }] : [] }
  },
  describe: (definition, object, situation) => outcomeOf(columns, [rowOf(definition, object, situation)]),
  columns,
  row: rowOf,
  whenMade: (object, situation) => [
    {
      step: 'keep-task',
      key: object,
      state: {
        id: Buffer.from(situation.random.slice(0, 16)).toString('hex'),
        isResumed: false,
        resumedMs: undefined,
        suspendedMs: undefined,
        suspendedReason: undefined,
        failures: 0,
      },
    },
  ],
  whenDropped: (key) => [{ step: 'forget-task', key }],
  whenGone: orphans,
})
