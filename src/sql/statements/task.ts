import {
  type Alteration,
  type Change,
  printAlteration,
  printChange,
  readAlteration,
  readChange,
} from '../statement/alter.ts'
import { type Creation, printCreation, printLines, readCreation } from '../statement/create.ts'
import type { StatementKind } from '../statement/kind.ts'
import { type ObjectName, printName, readName, readNames } from '../statement/name.ts'
import { boolean, choice, integer, name, text } from '../statement/option-values.ts'
import { type Given, type ValuesOf, optionTable, printOptions, readOptions } from '../statement/options.ts'
import type { Body, Reader } from '../statement/reader.ts'
import { schedule } from '../statement/schedule.ts'
import { warehouseSize } from './warehouse.ts'

/** Snowflake's manual, CREATE TASK. */
export const taskOptions = optionTable({
  warehouse: name,
  userTaskManagedInitialWarehouseSize: warehouseSize,
  schedule,
  config: text,
  allowOverlappingExecution: boolean,
  overlapPolicy: choice(['NO_OVERLAP', 'ALLOW_CHILD_OVERLAP', 'ALLOW_ALL_OVERLAP']),
  userTaskTimeoutMs: integer(0, 604_800_000),
  suspendTaskAfterNumFailures: integer(),
  taskAutoRetryAttempts: integer(0, 30),
  userTaskMinimumTriggerIntervalInSeconds: integer(10, 604_800),
  errorIntegration: name,
  finalize: name,
  comment: text,
})

type Values = ValuesOf<typeof taskOptions>

export interface CreateTask extends Creation {
  readonly kind: 'create-task'
  readonly options: Given<Values>
  /** Tasks that run before. */
  readonly after: readonly ObjectName[]
  /** The condition behind WHEN. */
  readonly when?: Body
  /** What it runs: a statement, or BEGIN … END. */
  readonly body: Body
}

export type TaskChange =
  | Change<Values>
  | { readonly action: 'resume' | 'suspend' | 'remove-when' }
  | { readonly action: 'add-after' | 'remove-after'; readonly tasks: readonly ObjectName[] }
  | { readonly action: 'modify-as' | 'modify-when'; readonly body: Body }

export interface AlterTask extends Alteration<TaskChange> {
  readonly kind: 'alter-task'
}

export interface ExecuteTask {
  readonly kind: 'execute-task'
  readonly name: ObjectName
}

function readCreate(reader: Reader): Omit<CreateTask, 'kind' | keyof Creation> {
  const after: ObjectName[] = []
  const { values: options } = readOptions(reader, taskOptions, {
    isEnd: (inner) => inner.isWord('AS') || inner.isWord('WHEN'),
    clauses: ['AFTER', 'WHEN', 'AS'],
    clause: (inner) => {
      const token = inner.peek()
      if (!inner.takeWords('AFTER')) return false
      if (after.length > 0) throw inner.error(token, `${inner.subject} has AFTER twice; give it once`)
      after.push(...readNames(inner))
      return true
    },
  })
  const when = reader.takeWords('WHEN')
    ? reader.untilEnd((inner) => inner.isWord('AS'), 'a condition behind WHEN')
    : undefined
  reader.expectWords('AS')
  return { options, after, ...(when === undefined ? {} : { when }), body: reader.rest('a statement behind AS') }
}

function readTaskChange(reader: Reader): TaskChange {
  if (reader.takeWords('RESUME')) return { action: 'resume' }
  if (reader.takeWords('SUSPEND')) return { action: 'suspend' }
  if (reader.takeWords('REMOVE', 'WHEN')) return { action: 'remove-when' }
  if (reader.takeWords('REMOVE', 'AFTER')) return { action: 'remove-after', tasks: readNames(reader) }
  if (reader.takeWords('ADD', 'AFTER')) return { action: 'add-after', tasks: readNames(reader) }
  if (reader.takeWords('MODIFY', 'AS')) return { action: 'modify-as', body: reader.rest('a statement behind AS') }
  if (reader.takeWords('MODIFY', 'WHEN')) return { action: 'modify-when', body: reader.rest('a condition behind WHEN') }
  const others = ['RESUME', 'SUSPEND', 'ADD AFTER', 'REMOVE AFTER', 'REMOVE WHEN', 'MODIFY AS', 'MODIFY WHEN']
  return readChange(reader, taskOptions, others)
}

function printTaskChange(change: TaskChange): string {
  switch (change.action) {
    case 'resume':
    case 'suspend':
      return change.action.toUpperCase()
    case 'remove-when':
      return 'REMOVE WHEN'
    case 'add-after':
    case 'remove-after':
      return `${change.action === 'add-after' ? 'ADD' : 'REMOVE'} AFTER ${change.tasks.map(printName).join(', ')}`
    case 'modify-as':
    case 'modify-when':
      return `MODIFY ${change.action === 'modify-as' ? 'AS' : 'WHEN'} ${change.body.text}`
    case 'set':
    case 'unset':
      return printChange(taskOptions, change)
  }
}

export const task: StatementKind<CreateTask | AlterTask | ExecuteTask> = {
  begins: {
    'CREATE TASK': (reader, head) => ({ kind: 'create-task', ...readCreation(reader, head), ...readCreate(reader) }),
    'ALTER TASK': (reader) => ({ kind: 'alter-task', ...readAlteration(reader, readTaskChange) }),
    'EXECUTE TASK': (reader) => ({ kind: 'execute-task', name: readName(reader) }),
  },
  print: {
    'create-task': (statement) =>
      printLines(printCreation('TASK', statement), [
        ...printOptions(taskOptions, statement.options),
        ...(statement.after.length === 0 ? [] : [`AFTER ${statement.after.map(printName).join(', ')}`]),
        ...(statement.when === undefined ? [] : [`WHEN ${statement.when.text}`]),
        `AS ${statement.body.text}`,
      ]),
    'alter-task': (statement) => printAlteration('TASK', statement, printTaskChange),
    'execute-task': (statement) => `EXECUTE TASK ${printName(statement.name)}`,
  },
}
