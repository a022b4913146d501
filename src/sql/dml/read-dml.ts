import { readCreation } from '../statement/create.ts'
import { readList } from '../statement/columns.ts'
import type { Head } from '../statement/kind.ts'
import { type NamePart, readName, readPart } from '../statement/name.ts'
import type { Body, Reader } from '../statement/reader.ts'
import type {
  Assignment,
  Delete,
  Dml,
  Insert,
  Item,
  Merge,
  MergeClause,
  Truncate,
  Update,
  WrittenTable,
} from './dml.ts'

const severalTables =
  'INSERT into several tables at once is not run here; write one INSERT for each table, within BEGIN and COMMIT'

/** Readers of statements that write rows, by the words that these begin with. Snowflake's manual, "General DML" . */
export const dmlBegins: Readonly<Record<string, (reader: Reader, head: Head) => Dml | undefined>> = {
  'INSERT INTO': (reader) => readInsert(reader, false),
  'INSERT OVERWRITE INTO': (reader) => readInsert(reader, true),
  'INSERT ALL': refuse(severalTables),
  'INSERT FIRST': refuse(severalTables),
  'INSERT OR': refuse('rows here have no keys that could clash; leave OR and the word behind it out, or say MERGE'),
  UPDATE: readUpdate,
  'DELETE FROM': readDelete,
  'TRUNCATE TABLE': readTruncate,
  TRUNCATE: readTruncate,
  'MERGE INTO': readMerge,
  'CREATE TABLE': readTableFromQuery,
}

function refuse(why: string): (reader: Reader) => never {
  return (reader) => {
    throw reader.atStart(why)
  }
}

function readTable(reader: Reader, ...before: readonly string[]): WrittenTable {
  const name = readName(reader)
  if (reader.takeWords('AS')) return { name, alias: readPart(reader) }
  const next = reader.peek()
  const isAlias = next?.kind === 'quoted' || (next?.kind === 'word' && !before.includes(next.upper))
  return isAlias ? { name, alias: readPart(reader) } : { name }
}

function readInsert(reader: Reader, overwrite: boolean): Insert {
  reader.takeWords('TABLE')
  const table = { name: readName(reader) }
  const columns = reader.isSymbol('(') && !isQuery(reader) ? { columns: readList(reader, readPart) } : {}
  const head = { kind: 'insert', overwrite, table, ...columns } as const
  if (!reader.takeWords('VALUES'))
    return { ...head, source: { form: 'query', query: reader.rest('VALUES or a query') } }
  const rows = [readRow(reader)]
  while (reader.takeSymbol(',')) rows.push(readRow(reader))
  return { ...head, source: { form: 'values', rows } }
}

/** Whether the brackets that come next hold a query, and no names of columns. */
function isQuery(reader: Reader): boolean {
  const inner = reader.ahead(1)
  return ['SELECT', 'WITH', 'FROM', 'VALUES'].some((word) => inner.isWord(word)) || inner.isSymbol('(')
}

function readRow(reader: Reader): Item[] {
  return readList(reader, (inner) => readItem(inner, () => false))
}

/** A value up to a comma or closing bracket, or to what `isEnd` knows. */
function readItem(reader: Reader, isEnd: (reader: Reader) => boolean): Item {
  const isBehind = (inner: Reader): boolean => inner.isSymbol(',') || inner.isSymbol(')') || isEnd(inner)
  const next = reader.ahead(1)
  if (reader.isWord('DEFAULT') && (next.isDone || isBehind(next))) {
    reader.takeWord()
    return 'default'
  }
  return reader.untilEnd(isBehind, 'an expression or DEFAULT')
}

function readSet(reader: Reader, isEnd: (reader: Reader) => boolean): Assignment[] {
  reader.expectWords('SET')
  const set: Assignment[] = []
  do {
    let column = readPart(reader)
    while (reader.takeSymbol('.')) column = readPart(reader)
    reader.expectSymbol('=')
    set.push({ column, value: readItem(reader, isEnd) })
  } while (reader.takeSymbol(','))
  return set
}

/** FROM, but not that of IS DISTINCT FROM. */
function isFrom(reader: Reader): boolean {
  const before = reader.peek(-1)
  return reader.isWord('FROM') && !(before?.kind === 'word' && before.upper === 'DISTINCT')
}

function readWhere(reader: Reader): { readonly where?: Body } {
  return reader.takeWords('WHERE') ? { where: reader.rest('a condition behind WHERE') } : {}
}

function readUpdate(reader: Reader): Update {
  const table = readTable(reader, 'SET')
  const set = readSet(reader, (inner) => isFrom(inner) || inner.isWord('WHERE'))
  const from = reader.takeWords('FROM') ? { from: reader.untilEnd((inner) => inner.isWord('WHERE'), 'a table') } : {}
  return { kind: 'update', table, set, ...from, ...readWhere(reader) }
}

function readDelete(reader: Reader): Delete {
  const table = readTable(reader, 'USING', 'WHERE')
  const using = reader.takeWords('USING') ? { using: reader.untilEnd((inner) => inner.isWord('WHERE'), 'a table') } : {}
  return { kind: 'delete', table, ...using, ...readWhere(reader) }
}

function readTruncate(reader: Reader): Truncate {
  const ifExists = reader.takeWords('IF', 'EXISTS')
  return { kind: 'truncate', ifExists, table: { name: readName(reader) } }
}

function readMerge(reader: Reader): Merge {
  const table = readTable(reader, 'USING')
  reader.expectWords('USING')
  const using = reader.untilEnd((inner) => inner.isWord('ON'), 'a table or a query in brackets')
  reader.expectWords('ON')
  const on = reader.untilEnd(isClause, 'a condition behind ON')
  const clauses: MergeClause[] = []
  while (!reader.isDone) clauses.push(readClause(reader))
  if (clauses.length === 0) throw reader.unexpected('WHEN MATCHED or WHEN NOT MATCHED')
  return { kind: 'merge', table, using, on, clauses }
}

function isClause(reader: Reader): boolean {
  return reader.isWord('WHEN', 'MATCHED') || reader.isWord('WHEN', 'NOT', 'MATCHED')
}

function readClause(reader: Reader): MergeClause {
  reader.expectWords('WHEN')
  const isMatched = !reader.takeWords('NOT')
  reader.expectWords('MATCHED')
  if (reader.isWord('BY'))
    throw reader.error(reader.peek(), 'MERGE has no BY SOURCE or BY TARGET here; leave these words out')
  const verbs = isMatched ? ['UPDATE', 'DELETE'] : ['INSERT']
  const isThen = (inner: Reader): boolean => verbs.some((verb) => inner.isWord('THEN', verb))
  const and = reader.takeWords('AND') ? { and: reader.untilEnd(isThen, 'a condition behind AND') } : {}
  reader.expectWords('THEN')
  if (isMatched && reader.takeWords('DELETE')) return { does: 'delete', ...and }
  if (isMatched && reader.takeWords('UPDATE')) return { does: 'update', set: readSet(reader, isClause), ...and }
  if (isMatched || !reader.takeWords('INSERT')) throw reader.unexpected(verbs.join(' or '))
  const columns = reader.isSymbol('(') ? { columns: readList(reader, readPart) } : {}
  reader.expectWords('VALUES')
  return { does: 'insert', ...columns, values: readRow(reader), ...and }
}

/** CREATE TABLE … AS; undefined for a table by its columns. */
function readTableFromQuery(reader: Reader, head: Head): Dml | undefined {
  const isBehindName = readAsAhead(reader.ahead(0))
  if (!isBehindName) return undefined
  const { orReplace, ifNotExists, name } = readCreation(reader, head, ['TRANSIENT'])
  reader.expectWords('AS')
  const transient = head.modifiers.includes('TRANSIENT')
  return {
    kind: 'table-from-query',
    orReplace,
    ifNotExists,
    transient,
    table: { name },
    query: reader.rest('a query behind AS'),
  }
}

/** Whether AS stands behind the name. */
function readAsAhead(reader: Reader): boolean {
  for (; !reader.isDone; reader.next('a name')) {
    if (reader.isWord('AS')) return true
    if (reader.isSymbol('(')) return false
  }
  return false
}

/** A column as statements name it, for messages and comparisons. */
export function columnText({ text, quoted }: NamePart): string {
  return quoted ? text : text.toUpperCase()
}
