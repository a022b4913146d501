import type { Reader } from '../statement/reader.ts'

/** BEGIN, COMMIT or ROLLBACK. */
export interface TransactionStatement {
  readonly kind: 'transaction'
  readonly action: 'begin' | 'commit' | 'rollback'
}

const noBlocks =
  'blocks of Snowflake Scripting are not run in scripts; write BEGIN TRANSACTION, the statements, and COMMIT'

/** Readers of these statements, by the words that they begin with. Snowflake's manual, "Transactions". */
export const transactionBegins: Readonly<Record<string, (reader: Reader) => TransactionStatement>> = {
  BEGIN: readBegin,
  'START TRANSACTION': readBegin,
  COMMIT: (reader) => readEnd(reader, 'commit'),
  ROLLBACK: (reader) => readEnd(reader, 'rollback'),
}

function readBegin(reader: Reader): TransactionStatement {
  if (!reader.takeWords('TRANSACTION')) reader.takeWords('WORK')
  if (reader.takeWords('NAME')) reader.takeWord()
  if (!reader.isDone && reader.subject === 'BEGIN') throw reader.atStart(noBlocks)
  return { kind: 'transaction', action: 'begin' }
}

function readEnd(reader: Reader, action: 'commit' | 'rollback'): TransactionStatement {
  if (!reader.takeWords('TRANSACTION')) reader.takeWords('WORK')
  return { kind: 'transaction', action }
}
