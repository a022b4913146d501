import type { Reader } from './reader.ts'

/** Kinds of objects that DROP, DESC and SHOW name; each has further statements in a file of `src/sql/statements/`. */
export const objectTypes = [
  'STORAGE INTEGRATION',
  'WAREHOUSE',
  'DATABASE',
  'SCHEMA',
  'FILE FORMAT',
  'STAGE',
  'PIPE',
  'STREAM',
  'TASK',
  'TABLE',
  'VIEW',
  'FUNCTION',
] as const

export type ObjectType = (typeof objectTypes)[number]

/** How else they are named. */
const aliases: Readonly<Record<string, ObjectType>> = {
  INTEGRATION: 'STORAGE INTEGRATION',
  'USER FUNCTION': 'FUNCTION',
}

/** Every way to begin a statement with a verb and a kind of object, and which kind it is. */
export function objectHeads(verb: string, plural = ''): readonly (readonly [head: string, object: ObjectType])[] {
  const named = objectTypes.map((object): readonly [string, ObjectType] => [object, object])
  return [...named, ...Object.entries(aliases)].map(([words, object]) => [`${verb} ${words}${plural}`, object])
}

/** The types of a function's arguments are part of its name. */
export function hasArguments(object: ObjectType, reader: Reader): boolean {
  return object === 'FUNCTION' && reader.isSymbol('(')
}
