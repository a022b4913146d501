import type { CatalogObject } from '../../catalog/objects.ts'
import { MillraceError } from '../../errors.ts'
import { pipeText } from '../../pipes/pipe.ts'
import { nameOfText } from '../statement/name.ts'
import { sourceOf } from '../statement/source.ts'
import { StatementError } from '../statement/statement-error.ts'
import { fold } from './names.ts'

/**
 * The pipe that a text names: as it is, or as a statement would name it, with or without database and schema where only one is called so. Throws PIPE_MISSING, and
 * USAGE where several are.
 */
export function pipeNamed(text: string, objects: readonly CatalogObject[]): CatalogObject {
  const pipes = objects.filter(({ kind }) => kind === 'PIPE')
  const exact = pipes.find((pipe) => pipeText(pipe) === text)
  if (exact !== undefined) return exact
  const asked = partsOf(text)
  const found = pipes.filter(({ database, schema, name }) => {
    const parts = [database, schema, name].slice(-asked.length)
    return asked.length > 0 && parts.every((part, index) => part === asked[index])
  })
  const [first, second] = found
  if (first === undefined) throw new MillraceError('PIPE_MISSING', `There is no pipe ${text}. ${known(pipes)}`)
  if (second === undefined) return first
  throw new MillraceError('USAGE', `Several pipes are called ${text}. Say which: ${found.map(pipeText).join(', ')}.`)
}

function partsOf(text: string): string[] {
  try {
    return nameOfText(text, (message) => new StatementError(sourceOf(text).placeAt(0), message)).map(fold)
  } catch {
    return []
  }
}

function known(pipes: readonly CatalogObject[]): string {
  if (pipes.length === 0) return 'This lake has none; "millrace add" makes one.'
  return `There are ${pipes.map(pipeText).slice(0, 20).join(', ')}.`
}
