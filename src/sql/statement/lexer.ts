import type { LexicalRules } from './dialect.ts'
import { readLiteral } from './literal.ts'
import type { Source } from './source.ts'
import { StatementError } from './statement-error.ts'
import type { Token } from './tokens.ts'

const blanks = /[\s\uFEFF]+/uy
// A `$` within a word is part of it (METADATA$FILENAME), but not where it begins a body or a placeholder.
const word = /[\p{L}_][\p{L}\p{N}\p{M}_]*(?:\$(?![${])[\p{L}\p{N}\p{M}_]*)*/uy
const number = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const bodyQuote = /\$\$/y
const taggedBodyQuote = /\$(?:[A-Za-z_]\w*)?\$/y
/** First words of statements that Athena leaves to Hive's grammar. */
const hiveHeads: ReadonlySet<string> = new Set(['CREATE EXTERNAL', 'ALTER TABLE'])
// A path ends at a blank, a bracket, a comma, a semicolon or a quote; `/*` and `//` behind the name are comments.
const stage = /@(?:[\p{L}\p{N}\p{M}_.%~]+|\$(?![${])|"[^"]*(?:""[^"]*)*")+(?:\/(?![*/])[^\s;,()'"]*)?/uy

/** Takes a text apart. Every text has an answer or an error with its place; no character is read more than a few times. */
export function lex(source: Source, rules: LexicalRules): Token[] {
  return new Lexer(source, rules).all()
}

class Lexer {
  private readonly source: Source
  private readonly text: string
  private readonly rules: LexicalRules
  private at = 0
  /** The first two words of the statement under way. */
  private head: readonly string[] = []

  constructor(source: Source, rules: LexicalRules) {
    this.source = source
    this.text = source.text
    this.rules = rules
  }

  all(): Token[] {
    const tokens: Token[] = []
    for (;;) {
      this.skip()
      if (this.at >= this.text.length) return tokens
      const token = this.next()
      tokens.push(token)
      this.at = token.end
      if (token.kind === 'symbol' && token.text === ';') this.head = []
      else if (this.head.length < 2) this.head = [...this.head, token.kind === 'word' ? token.upper : '']
    }
  }

  private get isHive(): boolean {
    return this.rules.hiveDefinitions && hiveHeads.has(this.head.join(' '))
  }

  /** Passes over blanks and comments. */
  private skip(): void {
    for (;;) {
      const before = this.at
      this.at = this.match(blanks)?.end ?? this.at
      if (this.isAt('--') || (this.rules.slashComments && this.isAt('//'))) {
        const end = this.text.indexOf('\n', this.at)
        this.at = end === -1 ? this.text.length : end + 1
      } else if (this.isAt('/*')) {
        this.at = this.rules.nestedComments ? this.endOfNested() : this.closing('*/', this.at + 2, 'comment', '*/')
      }
      if (this.at === before) return
    }
  }

  private next(): Token {
    const start = this.at
    const character = this.text[start] ?? ''
    if (character === "'") return this.string(start, this.rules.backslashEscapes || this.isHive)
    if (character === '"' && this.isHive) return this.string(start, true, '"')
    if (this.rules.escapePrefix && /^[eE]'/.test(this.text.slice(start, start + 2))) {
      const { text, end } = this.string(start + 1, true)
      return { kind: 'string', text, start, end }
    }
    if (character === '"') return this.quoted('"')
    if (character === '`' && this.rules.backquotedNames) return this.quoted('`')
    const body = character === '$' ? this.match(this.rules.taggedBodies ? taggedBodyQuote : bodyQuote) : undefined
    if (body !== undefined) {
      const end = this.closing(body.text, body.end, 'body', body.text)
      return { kind: 'body', text: this.text.slice(body.end, end - body.text.length), inner: body.end, start, end }
    }
    const found = this.match(word)
    if (found !== undefined) return { kind: 'word', upper: found.text.toUpperCase(), ...found }
    const digits = this.match(number)
    if (digits !== undefined) return { kind: 'number', ...digits }
    const location = character === '@' ? this.match(stage) : undefined
    if (location !== undefined) return { kind: 'stage', ...location }
    const text = this.isAt('=>') ? '=>' : character
    return { kind: 'symbol', text, start, end: start + text.length }
  }

  private string(start: number, backslashEscapes: boolean, quote = "'"): Token {
    let at = start + 1
    for (;;) {
      const character = this.text[at]
      if (character === undefined) throw this.unterminated(start, 'text', quote)
      if (character === '\\' && backslashEscapes) at += 2
      else if (character !== quote) at += 1
      else if (this.text[at + 1] === quote) at += 2
      else break
    }
    return { kind: 'string', text: readLiteral(this.text.slice(start + 1, at), backslashEscapes), start, end: at + 1 }
  }

  private quoted(quote: string): Token {
    const start = this.at
    let at = start + 1
    for (;;) {
      at = this.text.indexOf(quote, at)
      if (at === -1) throw this.unterminated(start, 'name', quote)
      if (this.text[at + 1] !== quote) break
      at += 2
    }
    const text = this.text.slice(start + 1, at).replaceAll(quote + quote, quote)
    return { kind: 'quoted', text, start, end: at + 1 }
  }

  private endOfNested(): number {
    const parts = /\/\*|\*\//g
    parts.lastIndex = this.at
    let depth = 0
    for (let part = parts.exec(this.text); part !== null; part = parts.exec(this.text)) {
      depth += part[0] === '/*' ? 1 : -1
      if (depth === 0) return part.index + 2
    }
    throw this.unterminated(this.at, 'comment', '*/')
  }

  /** The offset behind what closes the thing that begins here. */
  private closing(by: string, from: number, what: string, missing: string): number {
    const end = this.text.indexOf(by, from)
    if (end === -1) throw this.unterminated(this.at, what, missing)
    return end + by.length
  }

  private unterminated(start: number, what: string, missing: string): StatementError {
    return new StatementError(
      this.source.placeAt(start),
      `the ${what} that begins here has no end; close it with ${missing}`,
    )
  }

  private isAt(text: string): boolean {
    return this.text.startsWith(text, this.at)
  }

  private match(pattern: RegExp): { readonly text: string; readonly start: number; readonly end: number } | undefined {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)
    return found === null ? undefined : { text: found[0], start: this.at, end: this.at + found[0].length }
  }
}
