import type { Head } from './kind.ts'
import { type ObjectName, printName, readName } from './name.ts'
import type { Reader } from './reader.ts'

/** What every CREATE says. */
export interface Creation {
  readonly orReplace: boolean
  readonly ifNotExists: boolean
  readonly name: ObjectName
}

/** Reads IF NOT EXISTS and the name behind CREATE; `modifiers` are the words that may stand before the kind of object. */
export function readCreation(reader: Reader, head: Head, modifiers: readonly string[] = []): Creation {
  const unknown = head.modifiers.find((word) => !modifiers.includes(word))
  if (unknown !== undefined)
    throw reader.error(reader.peek(), `${reader.subject} takes no ${unknown}; leave that word out`)
  const ifNotExists = reader.takeWords('IF', 'NOT', 'EXISTS')
  if (ifNotExists && head.orReplace)
    throw reader.error(reader.peek(), `${reader.subject} takes OR REPLACE or IF NOT EXISTS, not both; keep one`)
  return { orReplace: head.orReplace, ifNotExists, name: readName(reader) }
}

/** CREATE, up to and with the name. */
export function printCreation(
  object: string,
  { orReplace, ifNotExists, name }: Creation,
  modifiers: readonly string[] = [],
): string {
  const words = ['CREATE', ...(orReplace ? ['OR REPLACE'] : []), ...modifiers, object]
  return [...words, ...(ifNotExists ? ['IF NOT EXISTS'] : []), printName(name)].join(' ')
}

/** A statement of several lines: its head, then one option or clause a line. */
export function printLines(head: string, lines: readonly string[]): string {
  return [head, ...lines].join('\n  ')
}
