import { readList } from '../statement/columns.ts'
import { readDataType } from '../statement/data-type.ts'
import type { StatementKind } from '../statement/kind.ts'
import { type ObjectName, printName, readName } from '../statement/name.ts'
import { type ObjectType, hasArguments, objectHeads } from '../statement/objects.ts'
import type { Reader } from '../statement/reader.ts'

export interface Drop {
  readonly kind: 'drop'
  readonly object: ObjectType
  readonly ifExists: boolean
  readonly name: ObjectName
  /** Types of a function's arguments, where they are said. */
  readonly argumentTypes?: readonly string[]
  readonly behaviour?: 'CASCADE' | 'RESTRICT'
}

function read(object: ObjectType, reader: Reader): Drop {
  const ifExists = reader.takeWords('IF', 'EXISTS')
  const name = readName(reader)
  const types = hasArguments(object, reader) ? { argumentTypes: readList(reader, (inner) => readDataType(inner)) } : {}
  const behaviour = (['CASCADE', 'RESTRICT'] as const).find((word) => reader.takeWords(word))
  return { kind: 'drop', object, ifExists, name, ...types, ...(behaviour === undefined ? {} : { behaviour }) }
}

/** DROP of any kind of object. */
export const drop: StatementKind<Drop> = {
  begins: Object.fromEntries(
    objectHeads('DROP').map(([head, object]) => [head, (reader: Reader) => read(object, reader)]),
  ),
  print: {
    drop: ({ object, ifExists, name, argumentTypes, behaviour }) => {
      const types = argumentTypes === undefined ? '' : `(${argumentTypes.join(', ')})`
      const words = ['DROP', object, ...(ifExists ? ['IF EXISTS'] : []), `${printName(name)}${types}`]
      return [...words, ...(behaviour === undefined ? [] : [behaviour])].join(' ')
    },
  },
}
