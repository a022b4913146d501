import { type Reader, shorten } from './reader.ts'
import type { StatementError } from './statement-error.ts'
import type { Token } from './tokens.ts'

/** A part of a name. Unquoted parts compare without regard to case, quoted ones exactly. */
export interface NamePart {
  readonly text: string
  readonly quoted: boolean
}

/** A name of one to three parts: object, schema.object or database.schema.object. */
export type ObjectName = readonly NamePart[]

/** Reads a name. `db..object` means the schema PUBLIC, as in Snowflake's "Object name resolution". */
export function readName(reader: Reader, subject = reader.subject): ObjectName {
  const first = reader.peek()
  const parts = [readPart(reader, subject)]
  // Where the name was left out, the first option is taken for it.
  if (first?.kind === 'word' && reader.isSymbol('='))
    throw reader.error(first, `${subject} expects a name before its options, found ${first.text}`)
  while (reader.takeSymbol('.')) {
    if (parts.length === 1 && reader.takeSymbol('.')) parts.push({ text: 'PUBLIC', quoted: false })
    parts.push(readPart(reader, subject))
    if (parts.length > 3)
      throw reader.error(first, `${subject} expects a name of at most three parts: database.schema.name`)
  }
  return parts
}

/** Reads names with commas between them. */
export function readNames(reader: Reader, subject = reader.subject): ObjectName[] {
  const names = [readName(reader, subject)]
  while (reader.takeSymbol(',')) names.push(readName(reader, subject))
  return names
}

/** Reads a name of one part: of a column, for instance. */
export function readPart(reader: Reader, subject = reader.subject): NamePart {
  const token = reader.peek()
  if (token?.kind === 'word') return { text: reader.next('a name').text, quoted: false }
  if (token?.kind !== 'quoted') throw reader.unexpected('a name', subject)
  if (token.text === '') throw reader.error(token, `${subject} expects a name, found an empty one`)
  return { text: reader.next('a name').text, quoted: true }
}

const unquoted = /^[\p{L}_][\p{L}\p{N}\p{M}_$]*$/u
const parts = /(?:"((?:[^"]|"")+)"|([^".]+))(\.|$)/uy

/** A name that stands within a text: `'db.schema.format'`. */
export function nameOfText(text: string, error: (message: string) => StatementError): ObjectName {
  const name: NamePart[] = []
  parts.lastIndex = 0
  while (name.length < 3) {
    const [, quoted, plain = '', after] = parts.exec(text) ?? []
    if (quoted === undefined && !unquoted.test(plain)) break
    name.push(
      quoted === undefined ? { text: plain, quoted: false } : { text: quoted.replaceAll('""', '"'), quoted: true },
    )
    if (after === '') return name
  }
  throw error(`expects a name such as schema.name, found '${shorten(text)}'`)
}

/** A part of a name as SQL; what could not be read back without quotes gets them. */
export function printPart({ text, quoted }: NamePart): string {
  return quoted || !unquoted.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

export function printName(name: ObjectName): string {
  return name.map(printPart).join('.')
}

/** Reads a name, or a text that holds one. */
export function readNameOrText(reader: Reader, subject: string): ObjectName {
  const token: Token | undefined = reader.peek()
  if (token?.kind !== 'string') return readName(reader, subject)
  reader.next('a name')
  return nameOfText(token.text, (message) => reader.error(token, `${subject} ${message}`))
}
