import type { CatalogObject } from '../../catalog/objects.ts'
import { MillraceError } from '../../errors.ts'
import { pipeText } from '../../pipes/pipe.ts'
import { nameOfText } from '../statement/name.ts'
import { sourceOf } from '../statement/source.ts'
import { StatementError } from '../statement/statement-error.ts'
import { fold } from './names.ts'

const kinds = {
  PIPE: { word: 'pipe', missing: 'PIPE_MISSING', none: 'This lake has none; "millrace add" makes one.' },
  TASK: { word: 'task', missing: 'TASK_MISSING', none: 'This lake has none; CREATE TASK makes one.' },
} as const

/**
 * The pipe or task that a text names: as it is, or as a statement would name it, with or without database and schema where only one is called so. Throws
 * PIPE_MISSING or TASK_MISSING, and USAGE where several are.
 */
export function objectNamed(kind: keyof typeof kinds, text: string, objects: readonly CatalogObject[]): CatalogObject {
  const { word, missing, none } = kinds[kind]
  const all = objects.filter((object) => object.kind === kind)
  const exact = all.find((object) => pipeText(object) === text)
  if (exact !== undefined) return exact
  const asked = partsOf(text)
  const found = all.filter(({ database, schema, name }) => {
    const parts = [database, schema, name].slice(-asked.length)
    return asked.length > 0 && parts.every((part, index) => part === asked[index])
  })
  const [first, second] = found
  if (first === undefined) {
    const known = all.length === 0 ? none : `There are ${all.map(pipeText).slice(0, 20).join(', ')}.`
    throw new MillraceError(missing, `There is no ${word} ${text}. ${known}`)
  }
  if (second === undefined) return first
  throw new MillraceError('USAGE', `Several ${word}s are called ${text}. Say which: ${found.map(pipeText).join(', ')}.`)
}

function partsOf(text: string): string[] {
  try {
    return nameOfText(text, (message) => new StatementError(sourceOf(text).placeAt(0), message)).map(fold)
  } catch {
    return []
  }
}
