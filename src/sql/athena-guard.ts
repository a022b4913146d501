import { MillraceError } from '../errors.ts'
import type { Dialect } from './dialects.ts'
import { lexicalRules } from './statement/dialect.ts'
import { lex } from './statement/lexer.ts'
import { sourceOf } from './statement/source.ts'
import { split } from './statement/split.ts'
import type { Token } from './statement/tokens.ts'

const reading: ReadonlySet<string> = new Set(['SELECT', 'WITH', 'VALUES', 'SHOW', 'DESCRIBE', 'DESC'])

/**
 * Admits one statement that reads on Athena. EXPLAIN ANALYZE runs what it explains, so that is looked at as well.
 * What a principal may do is said by its policy; this keeps a page from writing by mistake.
 */
export function checkAthenaReading(sql: string, dialect: Dialect): void {
  const source = sourceOf(sql)
  const statements = split(source, lex(source, lexicalRules[dialect]))
  const [tokens = []] = statements
  if (statements.length !== 1)
    throw new MillraceError('SQL_REFUSED', `A query is one statement; this text holds ${statements.length}.`)
  const verb = verbOf(tokens)
  // The lake's SQL may begin with its table.
  if (reading.has(verb) || (verb === 'FROM' && dialect === 'duckdb')) return
  throw new MillraceError(
    'SQL_REFUSED',
    `A query on Athena reads: it begins with SELECT, WITH, VALUES, SHOW, DESCRIBE or EXPLAIN. This one is ${verb === '' ? 'none of them' : verb}; run it in Athena's console.`,
  )
}

/** The word that says what a statement does, behind EXPLAIN, its options and parentheses. */
function verbOf(tokens: readonly Token[]): string {
  let at = 0
  const wordAt = (place: number): string => {
    const token = tokens[place]
    return token?.kind === 'word' ? token.upper : ''
  }
  const isSymbol = (place: number, text: string): boolean => {
    const token = tokens[place]
    return token?.kind === 'symbol' && token.text === text
  }
  if (wordAt(at) === 'EXPLAIN') {
    at++
    while (/^(ANALYZE|VERBOSE)$/.test(wordAt(at))) at++
    if (isSymbol(at, '(') && /^(TYPE|FORMAT)$/.test(wordAt(at + 1))) {
      while (at < tokens.length && !isSymbol(at, ')')) at++
      at++
    }
  }
  while (isSymbol(at, '(')) at++
  return wordAt(at)
}
