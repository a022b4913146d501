import type { Source } from './source.ts'
import { StatementError } from './statement-error.ts'
import type { Token } from './tokens.ts'

/** Parts the tokens of a script at its semicolons; statements without a token are dropped. */
export function split(source: Source, tokens: readonly Token[]): Token[][] {
  const statements: Token[][] = []
  let current: Token[] = []
  const block = new Block()
  for (const [index, token] of tokens.entries()) {
    block.meet(token, tokens[index - 1], tokens[index + 1], current[0])
    if (block.isOpen || token.kind !== 'symbol' || token.text !== ';') current.push(token)
    else {
      if (current.length > 0) statements.push(current)
      current = []
    }
  }
  if (block.isOpen)
    throw new StatementError(source.placeAt(block.start), 'the block that begins here has no end; close it with END')
  if (current.length > 0) statements.push(current)
  return statements
}

/** `END IF` closes what is not counted; `END CASE` closes a CASE as END does. */
const uncounted: ReadonlySet<string> = new Set(['IF', 'FOR', 'LOOP', 'WHILE', 'REPEAT'])

/** `BEGIN … END` behind AS, whose semicolons part no statements: the body of a task in Snowflake's scripting. */
class Block {
  /** Offset of its first word. */
  start = 0
  /** BEGIN and CASE that have no END yet. */
  private depth = 0
  /** Between DECLARE and BEGIN. */
  private isDeclaring = false

  get isOpen(): boolean {
    return this.depth > 0 || this.isDeclaring
  }

  /** Takes notice of the next token of a statement that begins with `first`. */
  meet(token: Token, before: Token | undefined, after: Token | undefined, first: Token | undefined): void {
    const word = wordOf(token)
    if (!this.isOpen) {
      const canHaveBlock = wordOf(first) === 'CREATE' || wordOf(first) === 'ALTER'
      if (!canHaveBlock || wordOf(before) !== 'AS' || (word !== 'BEGIN' && word !== 'DECLARE')) return
      this.start = token.start
      this.depth = word === 'BEGIN' ? 1 : 0
      this.isDeclaring = word === 'DECLARE'
      return
    }
    // A column can be called so: record:end, t.end, x as end.
    const isName = wordOf(before) === 'AS' || (before?.kind === 'symbol' && /[.:]/.test(before.text))
    if (isName) return
    if (word === 'BEGIN') this.isDeclaring = false
    if (beginsTransaction(token, after)) return
    if (word === 'BEGIN' || (word === 'CASE' && wordOf(before) !== 'END')) this.depth += 1
    if (word === 'END' && this.depth > 0 && !uncounted.has(wordOf(after))) this.depth -= 1
  }
}

/** `BEGIN;` and `BEGIN TRANSACTION` within a block, which COMMIT or ROLLBACK ends. */
function beginsTransaction(token: Token, after: Token | undefined): boolean {
  if (wordOf(token) !== 'BEGIN') return false
  return ['TRANSACTION', 'WORK', 'NAME'].includes(wordOf(after)) || (after?.kind === 'symbol' && after.text === ';')
}

function wordOf(token: Token | undefined): string {
  return token?.kind === 'word' ? token.upper : ''
}
