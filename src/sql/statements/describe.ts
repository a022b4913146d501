import { readList } from '../statement/columns.ts'
import { readDataType } from '../statement/data-type.ts'
import type { StatementKind } from '../statement/kind.ts'
import { type ObjectName, printName, readName } from '../statement/name.ts'
import { type ObjectType, hasArguments, objectHeads } from '../statement/objects.ts'
import type { Reader } from '../statement/reader.ts'

export interface Describe {
  readonly kind: 'describe'
  readonly object: ObjectType
  readonly name: ObjectName
  /** Types of a function's arguments, where they are said. */
  readonly argumentTypes?: readonly string[]
}

/** `DESCRIBE stage` with nothing more is the engine's: a table can have that name. */
function read(object: ObjectType, reader: Reader): Describe | undefined {
  if (reader.isDone) return undefined
  const name = readName(reader)
  const types = hasArguments(object, reader) ? { argumentTypes: readList(reader, (inner) => readDataType(inner)) } : {}
  return { kind: 'describe', object, name, ...types }
}

/** DESC or DESCRIBE of any kind of object. */
export const describe: StatementKind<Describe> = {
  begins: Object.fromEntries(
    [...objectHeads('DESC'), ...objectHeads('DESCRIBE')].map(([head, object]) => [
      head,
      (reader: Reader) => read(object, reader),
    ]),
  ),
  print: {
    describe: ({ object, name, argumentTypes }) =>
      `DESCRIBE ${object} ${printName(name)}${argumentTypes === undefined ? '' : `(${argumentTypes.join(', ')})`}`,
  },
}
