import type { Head, StatementKind } from '../statement/kind.ts'
import { printLiteral } from '../statement/literal.ts'
import { type ObjectName, printName, readName } from '../statement/name.ts'
import { type ObjectType, objectHeads } from '../statement/objects.ts'
import { integer, text } from '../statement/option-values.ts'
import type { Reader } from '../statement/reader.ts'

/** Whose objects are shown. A name alone can be a database or a schema. */
export type ShowScope =
  | { readonly within: 'ACCOUNT' }
  | { readonly within: 'DATABASE' | 'SCHEMA' | 'TABLE'; readonly name?: ObjectName }
  | { readonly within: 'NAME'; readonly name: ObjectName }

export interface Show {
  readonly kind: 'show'
  /** The kind of objects, in the singular. */
  readonly object: ObjectType
  readonly terse: boolean
  readonly history: boolean
  /** A pattern with `%` and `_`, compared without regard to case. */
  readonly like?: string
  readonly in?: ShowScope
  /** Compared exactly. */
  readonly startsWith?: string
  readonly limit?: number
  /** Objects behind this name. */
  readonly from?: string
}

/** Snowflake's manual, SHOW <objects>. */
function read(object: ObjectType, reader: Reader, head: Head): Show {
  const history = reader.takeWords('HISTORY')
  const like = reader.takeWords('LIKE') ? { like: text.read(reader, 'LIKE', true) } : {}
  const scope = reader.takeWords('IN') ? { in: readScope(reader) } : {}
  const startsWith = reader.takeWords('STARTS', 'WITH') ? { startsWith: text.read(reader, 'STARTS WITH', true) } : {}
  const limit = reader.takeWords('LIMIT') ? { limit: integer(0, 10_000).read(reader, 'LIMIT', true) } : {}
  const from = 'limit' in limit && reader.takeWords('FROM') ? { from: text.read(reader, 'FROM', true) } : {}
  if (!reader.isDone) throw reader.unexpected("HISTORY, LIKE '…', IN …, STARTS WITH '…', LIMIT …, in this order")
  return {
    kind: 'show',
    object,
    terse: head.modifiers.includes('TERSE'),
    history,
    ...like,
    ...scope,
    ...startsWith,
    ...limit,
    ...from,
  }
}

function readScope(reader: Reader): ShowScope {
  if (reader.takeWords('ACCOUNT')) return { within: 'ACCOUNT' }
  const within = (['DATABASE', 'SCHEMA', 'TABLE'] as const).find((word) => reader.takeWords(word))
  if (within === undefined) return { within: 'NAME', name: readName(reader) }
  const isNamed = !reader.isDone && !reader.isWord('STARTS', 'WITH') && !reader.isWord('LIMIT')
  return { within, ...(isNamed ? { name: readName(reader) } : {}) }
}

function printScope(scope: ShowScope): string {
  if (scope.within === 'ACCOUNT') return 'IN ACCOUNT'
  const word = scope.within === 'NAME' ? [] : [scope.within]
  return ['IN', ...word, ...(scope.name === undefined ? [] : [printName(scope.name)])].join(' ')
}

export const show: StatementKind<Show> = {
  begins: Object.fromEntries(
    objectHeads('SHOW', 'S').map(([head, object]) => [
      head,
      (reader: Reader, words: Head) => read(object, reader, words),
    ]),
  ),
  print: {
    show: (statement) =>
      [
        'SHOW',
        ...(statement.terse ? ['TERSE'] : []),
        `${statement.object}S`,
        ...(statement.history ? ['HISTORY'] : []),
        ...(statement.like === undefined ? [] : [`LIKE ${printLiteral(statement.like)}`]),
        ...(statement.in === undefined ? [] : [printScope(statement.in)]),
        ...(statement.startsWith === undefined ? [] : [`STARTS WITH ${printLiteral(statement.startsWith)}`]),
        ...(statement.limit === undefined ? [] : [`LIMIT ${statement.limit}`]),
        ...(statement.from === undefined ? [] : [`FROM ${printLiteral(statement.from)}`]),
      ].join(' '),
  },
}
