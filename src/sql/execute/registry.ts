import type { Definition } from '../../catalog/objects.ts'
import { MillraceError } from '../../errors.ts'
import { planAlter } from '../execution/alter.ts'
import { planCreate } from '../execution/create.ts'
import { planDescribe, planUse } from '../execution/describe.ts'
import { planDrop } from '../execution/drop.ts'
import type { AlterStatement, ObjectKind } from '../execution/object-kind.ts'
import type { Plan, Situation } from '../execution/plan.ts'
import { planShow, whyNotShown } from '../execution/show.ts'
import type { PipelineStatement } from '../statement/registry.ts'
import { database } from './database.ts'
import { fileFormat } from './file-format.ts'
import { pipe } from './pipe.ts'
import { schema } from './schema.ts'
import { stage } from './stage.ts'
import { stream } from './stream.ts'
import { storageIntegration } from './storage-integration.ts'
import { table } from './table.ts'
import { task } from './task.ts'
import { userFunction } from './function.ts'
import { view } from './view.ts'
import { warehouse } from './warehouse.ts'

const kinds: readonly ObjectKind[] = [
  storageIntegration,
  warehouse,
  database,
  schema,
  fileFormat,
  stage,
  table,
  pipe,
  stream,
  task,
  view,
  userFunction,
]

const notYet = 'this version reads such statements and does not run them; take it out of the script'

/** Why a statement is not run; undefined where it is. */
export function whyNotRun(statement: PipelineStatement): string | undefined {
  if (statement.kind === 'use' && statement.object === 'ROLE')
    return 'there are no roles or users here; leave the statement out'
  const kind = kindOf(statement)
  if (kind === undefined) return notYet
  return statement.kind === 'show' ? whyNotShown(statement) : kind.unsupported(statement)
}

/** Whether a plan for a statement looks at the tables of the engine. */
export function needsRelations(statement: PipelineStatement): boolean {
  const kind = kindOf(statement)
  if (statement.kind === 'show') return kind?.needsRelations === 'to show'
  return !isReading(statement) && kind?.needsRelations === 'to change'
}

/** Whether a plan for a statement looks at the columns of views. */
export function needsColumns(statement: PipelineStatement): boolean {
  return statement.kind === 'describe' && kindOf(statement)?.needsColumns === true
}

/** Whether a statement leaves the catalog as it is. */
export function isReading({ kind }: PipelineStatement): boolean {
  return kind === 'show' || kind === 'describe' || kind === 'use'
}

/** What a statement will do, as things are. */
export function planStatement(statement: PipelineStatement, situation: Situation): Plan {
  const kind = kindOf(statement)
  if (kind !== undefined) {
    if (statement.kind === 'drop') return planDrop(kind, statement, situation)
    if (statement.kind === 'describe') return planDescribe(kind, statement, situation)
    if (statement.kind === 'show') return planShow(kind, statement, situation)
    if (statement.kind === 'use') return planUse(kind, statement, situation)
    if (isCreate(statement)) return planCreate(kind, statement, situation)
    if (isAlter(statement)) return planAlter(kind, statement, situation)
  }
  throw new MillraceError('INTERNAL', `A statement of kind ${statement.kind} was to be run, and nothing knows how.`)
}

function kindOf(statement: PipelineStatement): ObjectKind | undefined {
  if ('object' in statement) return kinds.find(({ type }) => type === statement.object)
  return kinds.find(({ creates, alters }) => creates === statement.kind || alters === statement.kind)
}

function isCreate(statement: PipelineStatement): statement is Definition {
  return statement.kind.startsWith('create-')
}

function isAlter(statement: PipelineStatement): statement is AlterStatement {
  return statement.kind.startsWith('alter-')
}
