import type { LexicalRules } from './dialect.ts'
import { lex } from './lexer.ts'
import { type Replacement, type Source, replaceIn } from './source.ts'
import { StatementError } from './statement-error.ts'
import type { Token } from './tokens.ts'

/** `<NAME>`, `${NAME}`, `&{NAME}`, `&NAME`; `&&` is none. */
const placeholder = /<([A-Za-z_]\w*)>|\$\{([A-Za-z_]\w*)\}|(?<!&)&(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g

interface Found extends Omit<Replacement, 'text'> {
  readonly written: string
  readonly name: string
  /** Whether it is an error that no value was given. */
  readonly isNeeded: boolean
}

/**
 * Fills the placeholders of a script with the values given, as they are: the result is read as if it had been written so. Comments are
 * left alone. One that has no value is an error, but where the same characters have a meaning of their own:
 *
 * - `a <b> c` between operands is a comparison, and `array<int>` a type; `flags &mask` likewise. Behind a
 *   keyword (`from <TABLE>`) or an underscore (`logs_<ENV>`) neither can be.
 * - In a text, `&NAME` is mostly a part of a URL or an ampersand (`?a=1&b=2`, `AT&T`, `&amp;`): it is needed only where a part of a path
 *   begins (`'&BUCKET'`, `s3://&BUCKET/&PREFIX/`), and never behind a `?`.
 * - `(?<name>`, `(?P<name>` and `\k<name>` in a text are of a regular expression; nothing else is filled in there either.
 * - A text of nothing but `${version} ${account-id} …` is the format of a flow log as AWS writes it.
 * - In the value of `storage.location.template`, `${name}` is a column by which a table is partitioned.
 * - A body in `$$ … $$` is in a language of its own, where all of these are common.
 */
export function fillPlaceholders(
  source: Source,
  values: Readonly<Record<string, string>>,
  rules: LexicalRules,
): Source {
  if (source.text.search(placeholder) === -1) return source
  // Reading the whole script twice is cheaper than being wrong about what is a comment.
  const found = [...findAll(source.text, lex(source, rules))]
  const missing = found.filter(({ name, isNeeded }) => isNeeded && !Object.hasOwn(values, name))
  const first = missing[0]
  if (first !== undefined) throw new StatementError(source.placeAt(first.start), withoutValue(missing))
  const filled = found.flatMap(({ start, end, name }) => {
    const text = Object.hasOwn(values, name) ? values[name] : undefined
    return text === undefined ? [] : [{ start, end, text }]
  })
  return filled.length === 0 ? source : replaceIn(source, filled)
}

function withoutValue(missing: readonly Found[]): string {
  const written = [...new Set(missing.map((one) => one.written))]
  const name = missing[0]?.name ?? ''
  if (written.length > 1)
    return `the placeholders ${written.slice(0, 20).join(', ')} have no values; give each with --set NAME=VALUE`
  return `the placeholder ${written[0]} has no value; give it with --set ${name}=VALUE, or with --set '${name}=${written[0]}' where the text is meant as it stands`
}

function* findAll(text: string, tokens: readonly Token[]): Generator<Found> {
  let previous: Token | undefined
  let property = ''
  let end = 0
  for (const token of tokens) {
    if (token.kind === 'symbol') {
      const found = token.start < end || !/[<$&]/.test(token.text) ? undefined : findAt(text, token.start)
      if (found !== undefined) {
        const isBraced = /^[$&]\{/.test(found.written)
        const isJoined = previous?.end === token.start && text[token.start - 1] === '_'
        const isNeeded = isBraced || isJoined || !isOperand(previous)
        end = found.end
        yield { ...found, isNeeded }
      }
    } else if (token.kind === 'string' || token.kind === 'quoted' || token.kind === 'stage' || token.kind === 'body')
      yield* findWithin(text, token, property)
    if (token.kind !== 'symbol') property = previous?.kind === 'symbol' && /[(,]/.test(previous.text) ? token.text : ''
    previous = token
  }
}

const sticky = new RegExp(placeholder, 'y')

function findAt(text: string, start: number): Omit<Found, 'isNeeded'> | undefined {
  sticky.lastIndex = start
  const match = sticky.exec(text)
  return match === null ? undefined : foundBy(match, 0)
}

function foundBy(match: RegExpExecArray, offset: number): Omit<Found, 'isNeeded'> {
  const [written, angle, dollar, braced, plain] = match
  const start = offset + match.index
  return { written, name: angle ?? dollar ?? braced ?? plain ?? '', start, end: start + written.length }
}

const awsFormat = /^'\s*\$\{[a-z-]+\}(\s+\$\{[a-z-]+\})+\s*'$/

function* findWithin(text: string, token: Token, property: string): Generator<Found> {
  const written = text.slice(token.start, token.end)
  const isFormat = token.kind === 'string' && awsFormat.test(written)
  const isTemplate = property.toLowerCase() === 'storage.location.template'
  const query = written.indexOf('?')
  for (const match of written.matchAll(placeholder)) {
    const before = written.slice(Math.max(0, match.index - 3), match.index)
    if (match[1] !== undefined && /\(\?P?$|\\k$/.test(before)) continue
    const after = written[match.index + match[0].length] ?? ''
    const isBare = match[4] !== undefined
    const isBeginning = /['"@/:]$/.test(before) && !/[=;]/.test(after) && (query === -1 || match.index < query)
    yield {
      ...foundBy(match, token.start),
      isNeeded:
        token.kind !== 'body' && !isFormat && !(isTemplate && match[2] !== undefined) && (!isBare || isBeginning),
    }
  }
}

/** Words behind which an operand begins, so that a `<` or `&` there compares nothing. */
const leading: ReadonlySet<string> = new Set(
  `ADD AFTER ALL ALTER AND AS BETWEEN BY CALL CASCADE COPY CREATE DATABASE DESC DESCRIBE DISTINCT DROP ELSE EXCEPT EXECUTE EXISTS
  EXPLAIN FORMAT FROM FUNCTION GROUP HAVING ILIKE IN INSERT INTEGRATION INTERSECT INTERVAL INTO IS JOIN LIKE LIMIT LIST LS NOT OFFSET ON OR ORDER
  OVER PIPE QUALIFY RENAME REMOVE RETURNS RLIKE RM ROLE SCHEMA SELECT SET SHOW STAGE STREAM TABLE TASK THEN TO TRUNCATE UNION UPDATE USE
  USING VALUES VIEW WAREHOUSE WHEN WHERE WITH`.split(/\s+/),
)

/** True where a comparison can go on behind the token. */
function isOperand(token: Token | undefined): boolean {
  if (token === undefined) return false
  if (token.kind === 'word') return !leading.has(token.upper)
  return token.kind !== 'symbol' || token.text === ')' || token.text === ']' || token.text === '>'
}
