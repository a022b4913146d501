import { identifier } from '../../engines/duckdb.ts'
import { type Node, isNode, listOf, mapped } from './tree.ts'

/** A tree that can be printed, and what puts the names back into the text. */
interface Plain {
  readonly tree: unknown
  readonly restored: (text: string) => string
}

/**
 * The columns of a table's alias, as in `x("offset")`. The parser forgets that they were quoted, and it reads what was printed once more, so that
 * they stand under plain names until the engine's text is there.
 */
export function withoutQuotedColumns(whole: unknown): Plain {
  const names: string[] = []
  const plain = (column: unknown): unknown => {
    if (!isNode(column) || typeof column['name'] !== 'string' || !wasQuoted(column, column['name'])) return column
    return { ...column, name: `millrace_column_${names.push(column['name'])}` }
  }
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk)
    if (!isNode(value)) return value
    return mapped(value, (part, key) => (key === 'column_aliases' ? listOf(part).map(plain) : walk(part)))
  }
  const tree = walk(whole)
  const restored = (text: string): string =>
    text.replaceAll(/"?\bmillrace_column_(\d+)\b"?/g, (written, place) => {
      const name = names[Number(place) - 1]
      return name === undefined ? written : identifier(name)
    })
  return { tree, restored }
}

/** A rule says so, or the name takes more of the text than its letters. */
function wasQuoted({ span, quoted }: Node, name: string): boolean {
  if (quoted === true) return true
  const { start, end } = isNode(span) ? span : {}
  return typeof start === 'number' && typeof end === 'number' ? end - start !== name.length : !/^\w+$/.test(name)
}
