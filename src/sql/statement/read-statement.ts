import type { Head } from './kind.ts'
import { Reader } from './reader.ts'
import { dmlBegins } from '../dml/read-dml.ts'
import { transactionBegins } from '../dml/transaction.ts'
import { type Statement, begins } from './registry.ts'
import type { Source } from './source.ts'
import type { Token } from './tokens.ts'

/** Words that may stand between CREATE and the kind of object, each with what it means. */
const modifiers: Readonly<Record<string, string | undefined>> = {
  TEMP: 'TEMPORARY',
  TEMPORARY: 'TEMPORARY',
  VOLATILE: 'TEMPORARY',
  LOCAL: undefined,
  GLOBAL: undefined,
  TRANSIENT: 'TRANSIENT',
  SECURE: 'SECURE',
  RECURSIVE: 'RECURSIVE',
}

/** At most so many words say which kind a statement is. */
const longestHead = 3

/** Reads one statement; what no kind of statements begins with is the engine's. */
export function readStatement(source: Source, tokens: readonly Token[]): Statement {
  const reader = new Reader(source, tokens)
  const { head, words } = readHead(reader)
  for (let count = longestHead; count > 0; count--) {
    const subject = wordsAhead(reader, count, words)
    if (subject === undefined) continue
    const behind = (): Reader => {
      const own = reader.ahead(subject.split(' ').length - words.length)
      own.subject = subject
      return own
    }
    const own = behind()
    const statement = begins.get(subject)?.(own, head)
    if (statement !== undefined) return ended(own, statement)
    const writing = behind()
    const write = dmlBegins[subject]?.(writing, head)
    if (write !== undefined)
      return ended(writing, { kind: 'write', write, ...new Reader(source, tokens).rest('a statement') })
    const ending = behind()
    const transaction = transactionBegins[subject]?.(ending)
    if (transaction !== undefined) return ended(ending, transaction)
  }
  return { kind: 'sql', ...new Reader(source, tokens).rest('a statement') }
}

function ended(reader: Reader, statement: Statement): Statement {
  reader.expectEnd()
  return statement
}

/** Reads the verb where other words than the kind of object can follow it. */
function readHead(reader: Reader): { readonly head: Head; readonly words: readonly string[] } {
  if (reader.takeWords('SHOW'))
    return { head: { orReplace: false, modifiers: reader.takeWords('TERSE') ? ['TERSE'] : [] }, words: ['SHOW'] }
  if (!reader.takeWords('CREATE')) return { head: { orReplace: false, modifiers: [] }, words: [] }
  const orReplace = reader.takeWords('OR', 'REPLACE')
  const found: string[] = []
  for (let token = reader.peek(); token?.kind === 'word'; token = reader.peek()) {
    if (!Object.hasOwn(modifiers, token.upper)) break
    const modifier = modifiers[token.upper]
    if (modifier !== undefined) found.push(modifier)
    reader.takeWord()
  }
  return { head: { orReplace, modifiers: found }, words: ['CREATE'] }
}

/** So many words of the statement's head; undefined where there are none of them ahead. */
function wordsAhead(reader: Reader, count: number, read: readonly string[]): string | undefined {
  const words = [...read]
  for (let ahead = 0; words.length < count; ahead++) {
    const token = reader.peek(ahead)
    if (token?.kind !== 'word') return undefined
    words.push(token.upper)
  }
  return words.length === count ? words.join(' ') : undefined
}
