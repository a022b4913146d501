import { MillraceError } from '../../errors.ts'
import type { Dialect } from '../dialects.ts'
import type { Outcome } from '../execution/plan.ts'
import type { Body } from '../statement/reader.ts'
import type { PipelineStatement } from '../statement/registry.ts'
import type { Action, ActionContext } from './action.ts'
import { copyIntoTable } from './copy-into-table.ts'
import { stagedQueries } from './copy-select.ts'
import { describe } from './describe.ts'
import { list } from './list.ts'
import { addPartitions, dropPartitions, repairTable, showPartitions } from './partitions.ts'
import { alterPipe, createPipe } from './pipe.ts'
import { remove } from './remove.ts'
import { executeTask } from './task.ts'
import { unload, unloadedRows } from './unload.ts'

/** Statements that reach beyond the catalog, by their kind: each is one file, and a line here. */
const actions: { readonly [K in PipelineStatement['kind']]?: Action<K> } = {
  'add-partitions': addPartitions,
  'alter-pipe': alterPipe,
  'copy-into-stage': unload,
  'copy-into-table': copyIntoTable,
  'create-pipe': createPipe,
  describe,
  'drop-partitions': dropPartitions,
  'execute-task': executeTask,
  list,
  remove,
  'repair-table': repairTable,
  'show-partitions': showPartitions,
}

/** Whether a statement reaches beyond the catalog. DESC of other objects than integrations reads the catalog alone. */
export function isAction(statement: PipelineStatement): boolean {
  if (statement.kind === 'describe') return statement.object === 'STORAGE INTEGRATION'
  return actions[statement.kind] !== undefined
}

/** A query within a statement. */
export interface QueryWithin {
  readonly text: string
  /** Where it stands, if it stands in the script as it is. */
  readonly place?: Body['place']
  /** The script's where none is said. */
  readonly dialect?: Dialect
}

/** The queries within such a statement. */
export function queriesWithin(statement: PipelineStatement): readonly QueryWithin[] {
  if (statement.kind === 'copy-into-table') return stagedQueries(statement)
  if (statement.kind === 'create-pipe') return stagedQueries(statement.copy)
  if (statement.kind !== 'copy-into-stage') return []
  const { from, partitionBy } = statement
  const isWritten = from.form === 'query' && partitionBy === undefined
  return [{ text: unloadedRows(statement), ...(isWritten ? { place: from.query.place } : {}) }]
}

/** Does such a statement. */
export async function act(statement: PipelineStatement, context: ActionContext): Promise<Outcome> {
  const outcome = await actOf(statement.kind, statement, context).catch((error: unknown) => {
    if (context.signal?.aborted === true) throw cancelled(error)
    throw error
  })
  if (outcome !== undefined) return outcome
  throw new MillraceError('INTERNAL', `A statement of kind ${statement.kind} was to be done, and nothing knows how.`)
}

async function actOf<K extends PipelineStatement['kind']>(
  kind: K,
  statement: Extract<PipelineStatement, { readonly kind: K }>,
  context: ActionContext,
): Promise<Outcome | undefined> {
  return actions[kind]?.(statement, context)
}

function cancelled(error: unknown): MillraceError {
  return new MillraceError('QUERY_CANCELLED', 'the statement was cancelled; what it did before that stays', error)
}
