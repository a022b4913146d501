import { copyInto } from '../statements/copy-into.ts'
import { database } from '../statements/database.ts'
import { describe } from '../statements/describe.ts'
import { drop } from '../statements/drop.ts'
import { fileFormat } from '../statements/file-format.ts'
import { list } from '../statements/list.ts'
import { partitions } from '../statements/partitions.ts'
import { pipe } from '../statements/pipe.ts'
import { refused } from '../statements/refused.ts'
import { schema } from '../statements/schema.ts'
import { show } from '../statements/show.ts'
import { stage } from '../statements/stage.ts'
import { storageIntegration } from '../statements/storage-integration.ts'
import { stream } from '../statements/stream.ts'
import { table } from '../statements/table.ts'
import { task } from '../statements/task.ts'
import { use } from '../statements/use.ts'
import { userFunction } from '../statements/function.ts'
import { view } from '../statements/view.ts'
import { warehouse } from '../statements/warehouse.ts'
import type { Dml } from '../dml/dml.ts'
import type { TransactionStatement } from '../dml/transaction.ts'
import type { Head, StatementOf } from './kind.ts'
import type { Body, Reader } from './reader.ts'

const kinds = {
  copyInto,
  database,
  describe,
  drop,
  fileFormat,
  list,
  partitions,
  pipe,
  refused,
  schema,
  show,
  stage,
  storageIntegration,
  stream,
  table,
  task,
  use,
  userFunction,
  view,
  warehouse,
} as const

/** A statement about the objects of a lake. */
export type PipelineStatement = { [K in keyof typeof kinds]: StatementOf<(typeof kinds)[K]> }[keyof typeof kinds]

/** Any other statement, for the engine. */
export interface SqlStatement extends Body {
  readonly kind: 'sql'
}

/** A statement that writes rows, as it was written and as it was read. */
export interface WritingStatement extends Body {
  readonly kind: 'write'
  readonly write: Dml
}

export type Statement = PipelineStatement | WritingStatement | TransactionStatement | SqlStatement

/** Readers by the words that statements begin with. */
export const begins: ReadonlyMap<string, (reader: Reader, head: Head) => PipelineStatement | undefined> = new Map(
  Object.values(kinds).flatMap((kind) => Object.entries(kind.begins)),
)

type Printers = {
  readonly [K in PipelineStatement['kind']]: (statement: Extract<PipelineStatement, { readonly kind: K }>) => string
}

const printers: Printers = {
  ...copyInto.print,
  ...database.print,
  ...describe.print,
  ...drop.print,
  ...fileFormat.print,
  ...list.print,
  ...partitions.print,
  ...pipe.print,
  ...schema.print,
  ...show.print,
  ...stage.print,
  ...storageIntegration.print,
  ...stream.print,
  ...table.print,
  ...task.print,
  ...use.print,
  ...userFunction.print,
  ...view.print,
  ...warehouse.print,
}

/** A statement as canonical SQL in Snowflake's dialect, without a semicolon; reading it gives the same value, but for places. */
export function printStatement(statement: Statement): string {
  if (statement.kind === 'sql' || statement.kind === 'write') return statement.text
  if (statement.kind === 'transaction') return statement.action.toUpperCase()
  return printOf(statement.kind, statement)
}

function printOf<K extends PipelineStatement['kind']>(
  kind: K,
  statement: Extract<PipelineStatement, { readonly kind: K }>,
): string {
  return printers[kind](statement)
}
