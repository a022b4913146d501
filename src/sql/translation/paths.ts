import type { Token } from '../statement/tokens.ts'
import { lexicalRules } from '../statement/dialect.ts'
import { lex } from '../statement/lexer.ts'
import { sourceOf } from '../statement/source.ts'
import { call, textLiteral } from './expressions.ts'
import { type Node, contentOf, isNode, kindOf } from './tree.ts'

/** One step of a path: a key of an object, or a place in an array, counted from 0. */
export type Step = string | number

/** A path as it stands in a statement. */
interface WrittenPath {
  readonly steps: readonly Step[]
  /** It with the column before it. */
  readonly text: string
}

/**
 * Reads the paths of a statement from its text. The parser's tree tells `v:"a.b"` and `v:a.b` the same, and where the column before a path
 * ends; so what stands behind that is read here.
 */
export class PathText {
  private readonly text: string
  private tokens: readonly Token[] | undefined

  constructor(text: string) {
    this.text = text
  }

  /** The path that begins with a colon behind a place, which is counted in code points. */
  behind(span: Node): WrittenPath | undefined {
    const [start, end] = [this.offsetOf(span['start']), this.offsetOf(span['end'])]
    this.tokens ??= lex(sourceOf(this.text), lexicalRules.snowflake)
    const first = this.tokens.findIndex((token) => token.start >= end)
    const { steps, last } = stepsIn(this.tokens.slice(Math.max(first, 0)))
    if (first === -1 || steps.length === 0 || last === undefined) return undefined
    return { steps, text: this.text.slice(start, last.end) }
  }

  private offsetOf(codePoints: unknown): number {
    const count = Number(codePoints)
    return /[\ud800-\udbff]/.test(this.text) ? Array.from(this.text).slice(0, count).join('').length : count
  }
}

function stepsIn(tokens: readonly Token[]): { readonly steps: readonly Step[]; readonly last: Token | undefined } {
  const steps: Step[] = []
  let last: Token | undefined
  for (let at = 0; ;) {
    const [symbol, value, closing] = tokens.slice(at, at + 3)
    if (symbol?.kind !== 'symbol' || value === undefined) break
    const isFirst = steps.length === 0
    if (symbol.text === ':' || (symbol.text === '.' && !isFirst)) {
      if (value.kind !== 'word' && value.kind !== 'quoted') break
      steps.push(value.text)
      last = value
      at += 2
    } else if (symbol.text === '[' && !isFirst && closing?.kind === 'symbol' && closing.text === ']') {
      if (value.kind !== 'string' && value.kind !== 'quoted' && !isPlace(value)) break
      steps.push(value.kind === 'number' ? Number(value.text) : value.text)
      last = closing
      at += 3
    } else break
  }
  return { steps, last }
}

function isPlace(token: Token): boolean {
  return token.kind === 'number' && /^\d+$/.test(token.text)
}

/** The steps of `v['a'][0]`, from the tree; undefined where an index is computed. */
export function indexStep(index: unknown): Step | undefined {
  const literal = contentOf(index, 'literal')
  if (literal === undefined || typeof literal['value'] !== 'string') return undefined
  if (literal['literal_type'] === 'string') return literal['value']
  return literal['literal_type'] === 'number' && /^\d+$/.test(literal['value']) ? Number(literal['value']) : undefined
}

/** The names of a column, from the outermost in; undefined for what is no name of a column. */
export function columnPath(node: unknown): string[] | undefined {
  const [kind, content] = kindOf(node) ?? ['', {}]
  const part = (value: unknown): string[] => (isNode(value) ? [String(value['name']).toLowerCase()] : [])
  if (kind === 'column') return [...part(content['table']), ...part(content['name'])]
  if (kind !== 'dot') return undefined
  const before = columnPath(content['this'])
  return before === undefined ? undefined : [...before, ...part(content['field'])]
}

/** Where a column's name stands in the text: its last part at least. */
export function spanOf(node: unknown): Node | undefined {
  const column = contentOf(node, 'column')
  const part = column ?? contentOf(node, 'dot')?.['field']
  return isNode(part) && isNode(part['span']) ? part['span'] : undefined
}

/** What a JSON value holds behind some steps, as a tree. */
export function extracted(value: unknown, steps: readonly Step[]): unknown {
  let found = value
  let keys: string[] = []
  const flush = (): void => {
    if (keys.length > 0) found = call('snowflake_element', found, textLiteral(keys.map(pointer).join('')))
    keys = []
  }
  for (const step of steps) {
    if (typeof step === 'string' && !/^\d+$/.test(step)) {
      keys.push(step)
      continue
    }
    flush()
    // A pointer would take digits for a place in an array, and a place for a key.
    found = call('snowflake_element', found, textLiteral(typeof step === 'string' ? `$."${step}"` : `$[${step}]`))
  }
  flush()
  return found
}

/** RFC 6901. */
function pointer(key: string): string {
  return `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
}
