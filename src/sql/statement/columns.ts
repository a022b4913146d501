import { readDataType } from './data-type.ts'
import { printLiteral } from './literal.ts'
import { type NamePart, printPart, readPart } from './name.ts'
import { text } from './option-values.ts'
import { type Reader, shorten } from './reader.ts'

/** A column with its type, of a table or of what a function takes or returns. */
export interface Column {
  readonly name: NamePart
  /** As canonical text: `VARCHAR(16)`. */
  readonly type: string
}

/** A column of a table. */
export interface TableColumn extends Column {
  readonly notNull: boolean
  /** The expression behind DEFAULT. */
  readonly default?: string
  readonly comment?: string
}

/** Reads a list in brackets; `readItem` reads what stands between the commas. */
export function readList<T>(reader: Reader, readItem: (reader: Reader) => T): T[] {
  if (!reader.takeSymbol('(')) throw reader.unexpected('a list in brackets')
  const items: T[] = []
  while (!reader.takeSymbol(')')) {
    if (items.length > 0 && !reader.takeSymbol(',')) throw reader.unexpected(', or )')
    items.push(readItem(reader))
  }
  return items
}

export function readColumn(reader: Reader): Column {
  return { name: readPart(reader), type: readDataType(reader) }
}

export function printColumn({ name, type }: Column): string {
  return `${printPart(name)} ${type}`
}

/** Reads a column with NOT NULL, DEFAULT and COMMENT; constraints are refused, since nothing would hold them. */
export function readTableColumn(reader: Reader): TableColumn {
  const column = readColumn(reader)
  const rest: { notNull: boolean; default?: string; comment?: string } = { notNull: false }
  for (;;) {
    if (reader.isSymbol(',') || reader.isSymbol(')')) return { ...column, ...rest }
    if (!rest.notNull && reader.takeWords('NOT', 'NULL')) rest.notNull = true
    else if (rest.default === undefined && reader.takeWords('DEFAULT')) rest.default = readDefault(reader)
    else if (rest.comment === undefined && reader.takeWords('COMMENT'))
      rest.comment = text.read(reader, 'COMMENT', true)
    else
      throw reader.unexpected(`NOT NULL, DEFAULT, COMMENT, a comma or ) behind the column ${shorten(column.name.text)}`)
  }
}

/** An expression up to what can follow it. */
function readDefault(reader: Reader): string {
  const isEnd = (inner: Reader): boolean =>
    inner.isSymbol(',') || inner.isSymbol(')') || inner.isWord('COMMENT') || inner.isWord('NOT', 'NULL')
  return reader.untilEnd(isEnd, 'an expression behind DEFAULT').text
}

export function printTableColumn({ name, type, notNull, default: value, comment }: TableColumn): string {
  return [
    printColumn({ name, type }),
    ...(notNull ? ['NOT NULL'] : []),
    ...(value === undefined ? [] : [`DEFAULT ${value}`]),
    ...(comment === undefined ? [] : [`COMMENT ${printLiteral(comment)}`]),
  ].join(' ')
}
