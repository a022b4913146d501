interface Span {
  /** Offset of the first character in the text that was read. */
  readonly start: number
  /** Offset behind the last one. */
  readonly end: number
}

/** A name or keyword without quotes; `upper` is how keywords are compared. */
export interface Word extends Span {
  readonly kind: 'word'
  readonly text: string
  readonly upper: string
}

/** `"a name"`; `text` is what stands within, undoubled. */
interface Quoted extends Span {
  readonly kind: 'quoted'
  readonly text: string
}

/** `'a text'`; `text` is what it stands for. */
interface Text extends Span {
  readonly kind: 'string'
  readonly text: string
}

/** `$$ a body $$`; `text` is what stands within, as it stands. */
interface DollarBody extends Span {
  readonly kind: 'body'
  readonly text: string
  /** Offset of the first character within. */
  readonly inner: number
}

interface NumberToken extends Span {
  readonly kind: 'number'
  readonly text: string
}

/** `@db.schema.stage/path`, as it stands. */
interface StageToken extends Span {
  readonly kind: 'stage'
  readonly text: string
}

/** Any other character; `=>` is one symbol. */
interface SymbolToken extends Span {
  readonly kind: 'symbol'
  readonly text: string
}

/** The smallest parts of a statement; blanks and comments stand between them. */
export type Token = Word | Quoted | Text | DollarBody | NumberToken | StageToken | SymbolToken
