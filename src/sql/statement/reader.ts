import type { Place, Source } from './source.ts'
import { StatementError } from './statement-error.ts'
import { suggestion } from './nearest.ts'
import type { Token, Word } from './tokens.ts'

/** SQL within a statement, as it was written, and where. */
export interface Body {
  readonly text: string
  readonly place: Place
}

/** A value as it was written, with or without quotes. */
export interface RawValue {
  readonly text: string
  /** The same with its quotes. */
  readonly written: string
  readonly token: Token
}

/** Reads the tokens of one statement from left to right. `subject` is what errors speak of. */
export class Reader {
  readonly source: Source
  subject = 'a statement'
  private readonly tokens: readonly Token[]
  private at: number

  /** Reads the tokens of a statement from `at` on. */
  constructor(source: Source, tokens: readonly Token[], at = 0) {
    this.source = source
    this.tokens = tokens
    this.at = at
  }

  /** The token `ahead` of the next one; undefined behind the last. */
  peek(ahead = 0): Token | undefined {
    return this.tokens[this.at + ahead]
  }

  get isDone(): boolean {
    return this.at >= this.tokens.length
  }

  /** A reader of the same statement that begins further on; what it reads is not read here. */
  ahead(tokens: number): Reader {
    return new Reader(this.source, this.tokens, this.at + tokens)
  }

  /** The next token, which is then read; an error when there is none. */
  next(expected: string): Token {
    const token = this.peek()
    if (token === undefined) throw this.unexpected(expected)
    this.at += 1
    return token
  }

  isWord(...words: readonly string[]): boolean {
    return words.every((word, index) => {
      const token = this.peek(index)
      return token?.kind === 'word' && token.upper === word
    })
  }

  /** Reads these words where they come next. */
  takeWords(...words: readonly string[]): boolean {
    if (!this.isWord(...words)) return false
    this.at += words.length
    return true
  }

  expectWords(...words: readonly string[]): void {
    if (!this.takeWords(...words)) throw this.unexpected(words.join(' '))
  }

  isSymbol(text: string, ahead = 0): boolean {
    const token = this.peek(ahead)
    return token?.kind === 'symbol' && token.text === text
  }

  takeSymbol(text: string): boolean {
    if (!this.isSymbol(text)) return false
    this.at += 1
    return true
  }

  expectSymbol(text: string): void {
    if (!this.takeSymbol(text)) throw this.unexpected(text)
  }

  takeWord(): Word | undefined {
    const token = this.peek()
    if (token?.kind !== 'word') return undefined
    this.at += 1
    return token
  }

  /** The end of the statement; anything more is an error. */
  expectEnd(): void {
    if (!this.isDone) throw this.unexpected('nothing more')
  }

  /** A text, or an unquoted run such as `S3`, `X-SMALL` or `SKIP_FILE_10%`. */
  rawValue(expected: string, subject = this.subject): RawValue {
    const token = this.peek()
    if (token?.kind === 'string') {
      this.next(expected)
      return { text: token.text, written: this.source.text.slice(token.start, token.end), token }
    }
    if (token?.kind !== 'word' && token?.kind !== 'number') throw this.unexpected(expected, subject)
    let end = this.next(expected).end
    for (let part = this.peek(); part !== undefined && part.start === end && isOfRun(part); part = this.peek())
      end = this.next(expected).end
    const written = this.source.text.slice(token.start, end)
    return { text: written, written, token }
  }

  /** Everything from here to the end of the statement. */
  rest(expected: string): Body {
    return this.body(this.at, this.tokens.length, expected)
  }

  /** Everything up to what `isEnd` knows, outside brackets, or up to the end. */
  untilEnd(isEnd: (reader: Reader) => boolean, expected: string): Body {
    const first = this.at
    let depth = 0
    while (!this.isDone && !(depth === 0 && isEnd(this))) {
      if (this.isSymbol('(')) depth += 1
      if (this.isSymbol(')')) depth -= 1
      this.at += 1
    }
    const end = this.at
    this.at = first
    return this.body(first, end, expected)
  }

  /** What stands in the brackets that come next. */
  parenthesised(expected: string): Body {
    if (!this.isSymbol('(')) throw this.unexpected(expected)
    const closing = this.closingBracket()
    this.at += 1
    const body = this.body(this.at, closing, expected)
    this.at = closing + 1
    return body
  }

  /** Passes over the brackets that come next, and what they hold. */
  skipBrackets(): void {
    this.at = this.closingBracket() + 1
  }

  private closingBracket(): number {
    let depth = 0
    for (let index = this.at; index < this.tokens.length; index++) {
      const token = this.tokens[index]
      if (token?.kind !== 'symbol') continue
      if (token.text === '(') depth += 1
      if (token.text === ')') depth -= 1
      if (depth === 0) return index
    }
    throw this.error(this.peek(), `${this.subject} has a bracket ( that is not closed; add )`)
  }

  private body(first: number, end: number, expected: string): Body {
    const from = this.tokens[first]
    const to = this.tokens[end - 1]
    if (first >= end || from === undefined || to === undefined) throw this.unexpected(expected)
    this.at = end
    return { text: this.source.text.slice(from.start, to.end), place: this.source.placeAt(from.start) }
  }

  /** An error about the next token: something else was expected. */
  unexpected(expected: string, subject = this.subject): StatementError {
    return this.error(this.peek(), `${subject} expects ${expected}, found ${this.found(this.peek())}`)
  }

  /** An error about a value that is none of a few words; `meant` are those that it may be a misspelling of. */
  notAmong(value: RawValue, words: readonly string[], subject: string, meant = words): StatementError {
    const hint = suggestion(value.text, meant)
    return this.error(value.token, `${subject} expects ${words.join(', ')}, found ${shorten(value.written)}${hint}`)
  }

  /** An error about the statement as a whole. */
  atStart(message: string): StatementError {
    return this.error(this.tokens[0], message)
  }

  /** An error at a token, or behind the last one. */
  error(token: Token | undefined, message: string): StatementError {
    const offset = token?.start ?? this.tokens.at(-1)?.end ?? 0
    return new StatementError(this.source.placeAt(offset), message)
  }

  private found(token: Token | undefined): string {
    if (token === undefined) return 'the end of the statement'
    return shorten(this.source.text.slice(token.start, token.end))
  }
}

function isOfRun(token: Token): boolean {
  if (token.kind === 'symbol') return token.text === '-' || token.text === '%'
  return token.kind === 'word' || token.kind === 'number'
}

/** A piece of a statement, short enough for a sentence. */
export function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > 40 ? `${line.slice(0, 39)}…` : line
}
