import { readFileSync, readdirSync } from 'node:fs'
import { MillraceError } from '../errors.ts'
import type { NamedQuery } from './named-query.ts'
import { parseNamedQuery } from './parse.ts'
import { programFolder } from '../program.ts'

const folder = new URL('queries/', programFolder)

let read: readonly NamedQuery[] | undefined

/** Every named query: one for each file in `src/queries/`. Read when first asked for. */
export function namedQueries(): readonly NamedQuery[] {
  read ??= readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .toSorted()
    .map((file) => parseNamedQuery(file.slice(0, -'.sql'.length), readFileSync(new URL(file, folder), 'utf8')))
  return read
}

export function namedQuery(name: string): NamedQuery {
  const found = namedQueries().find((query) => query.name === name)
  if (found !== undefined) return found
  const near = namedQueries().filter((query) => name.split(/[-_ ]/).some((word) => query.name.includes(word)))
  const hint =
    near.length > 0 ? `Similar: ${near.map((query) => query.name).join(', ')}` : 'See "millrace query --list"'
  throw new MillraceError('USAGE', `There is no named query ${name}. ${hint}.`)
}
