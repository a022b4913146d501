import { printPart, readPart } from './name.ts'
import { type Reader, shorten } from './reader.ts'

/** Types of more than one word, by their first: each with the words that can follow it. */
const furtherWords: Readonly<Record<string, readonly (readonly string[])[]>> = {
  DOUBLE: [['PRECISION']],
  CHAR: [['VARYING']],
  CHARACTER: [['VARYING']],
  NCHAR: [['VARYING']],
  TIME: [
    ['WITH', 'TIME', 'ZONE'],
    ['WITHOUT', 'TIME', 'ZONE'],
  ],
  TIMESTAMP: [
    ['WITH', 'TIME', 'ZONE'],
    ['WITHOUT', 'TIME', 'ZONE'],
    ['WITH', 'LOCAL', 'TIME', 'ZONE'],
  ],
}

/** Words that go on with a type, so that the word before them is no field's name. */
const continuing: ReadonlySet<string> = new Set(['PRECISION', 'VARYING', 'WITH', 'WITHOUT', 'NOT'])

const deepest = 32

/**
 * Reads a data type as canonical text: `VARCHAR(16)`, `NUMBER(38, 0)`, `ARRAY(VARCHAR)`, `DOUBLE PRECISION`. Whether there is such a type is
 * for whoever makes the column to say.
 */
export function readDataType(reader: Reader, depth = 0): string {
  const word = reader.takeWord()
  if (word === undefined) throw reader.unexpected('a data type')
  if (depth > deepest) throw reader.error(word, `${reader.subject} has types within types more than ${deepest} deep`)
  let type = word.upper
  const further = Object.hasOwn(furtherWords, word.upper) ? (furtherWords[word.upper] ?? []) : []
  if (reader.isSymbol('(')) type += readParameters(reader, depth)
  const following = further.find((words) => reader.takeWords(...words))
  if (following !== undefined) type = `${type} ${following.join(' ')}`
  if (reader.isSymbol('(') && !type.includes('(')) type += readParameters(reader, depth)
  return type
}

/** `(38, 0)`, `(VARCHAR)`, `(name VARCHAR, age INT)`. */
function readParameters(reader: Reader, depth: number): string {
  reader.expectSymbol('(')
  const parameters: string[] = []
  do {
    const token = reader.peek()
    if (token?.kind === 'number') parameters.push(reader.next('a number').text)
    else parameters.push(readField(reader, depth))
  } while (reader.takeSymbol(','))
  if (!reader.takeSymbol(')')) throw reader.unexpected(`, or ) in ${shorten(parameters.join(', '))}`)
  return `(${parameters.join(', ')})`
}

/** A type within a type, which can have a name: the fields of OBJECT do. */
function readField(reader: Reader, depth: number): string {
  const second = reader.peek(1)
  const isNamed = second?.kind === 'word' && !continuing.has(second.upper)
  const fieldName = isNamed ? `${printPart(readPart(reader))} ` : ''
  const type = readDataType(reader, depth + 1)
  return `${fieldName}${type}${reader.takeWords('NOT', 'NULL') ? ' NOT NULL' : ''}`
}
