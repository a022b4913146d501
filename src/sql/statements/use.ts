import type { StatementKind } from '../statement/kind.ts'
import { type ObjectName, printName, readName } from '../statement/name.ts'
import { type Reader, shorten } from '../statement/reader.ts'

export interface Use {
  readonly kind: 'use'
  readonly object: 'DATABASE' | 'SCHEMA' | 'WAREHOUSE' | 'ROLE'
  readonly name: ObjectName
}

function read(reader: Reader): Use {
  const isNamedSo = reader.peek(1) === undefined
  const object = isNamedSo
    ? undefined
    : (['DATABASE', 'SCHEMA', 'WAREHOUSE', 'ROLE'] as const).find((word) => reader.takeWords(word))
  const name = readName(reader)
  const longest = object === 'SCHEMA' || object === undefined ? 2 : 1
  if (name.length > longest)
    throw reader.error(
      reader.peek(),
      `USE ${object ?? ''} expects a name of at most ${longest === 1 ? 'one part' : 'two parts'}, found ${shorten(printName(name))}`.replace(
        '  ',
        ' ',
      ),
    )
  return { kind: 'use', object: object ?? (name.length === 1 ? 'DATABASE' : 'SCHEMA'), name }
}

/** Snowflake's manual, USE <object>; a name alone is a database, with a dot a schema. */
export const use: StatementKind<Use> = {
  begins: { USE: read },
  print: { use: ({ object, name }) => `USE ${object} ${printName(name)}` },
}
