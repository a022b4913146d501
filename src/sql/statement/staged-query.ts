import { printLiteral } from './literal.ts'
import { type NamePart, type ObjectName, printName, printPart, readNameOrText, readPart } from './name.ts'
import type { Body, Reader } from './reader.ts'
import { type StageLocation, isStageLocation, printStageLocation, readStageLocation } from './stage-location.ts'
import type { Token } from './tokens.ts'

/** `SELECT $1, s.$2::int FROM @stage/path (FILE_FORMAT => csv, PATTERN => '…') s`: what Snowflake lets a COPY select. */
export interface StagedQuery {
  /** The expressions as they were written, with the names they are given. */
  readonly items: readonly Body[]
  readonly location: StageLocation
  readonly fileFormat?: ObjectName
  readonly pattern?: string
  readonly alias?: NamePart
}

/** Reads what stands in the brackets that come next. */
export function readStagedQuery(reader: Reader): StagedQuery {
  const expected = 'a stage such as @stage/path, or (SELECT …)'
  const opening = reader.peek()
  if (!reader.takeSymbol('(')) throw reader.unexpected(expected)
  if (!reader.takeWords('SELECT')) throw reader.unexpected(expected)
  refuseClauses(reader, opening)
  reader.takeWords('ALL')
  const items = [readItem(reader)]
  while (reader.takeSymbol(',')) items.push(readItem(reader))
  reader.expectWords('FROM')
  if (!isStageLocation(reader)) throw reader.unexpected('a stage such as @stage/path')
  const location = readStageLocation(reader)
  const options = reader.isSymbol('(') ? readOptionsOf(reader) : {}
  const hasAs = reader.takeWords('AS')
  const alias = hasAs || !reader.isSymbol(')') ? { alias: readAlias(reader) } : {}
  if (!reader.takeSymbol(')')) throw reader.unexpected(')')
  return { items, location, ...options, ...alias }
}

export function printStagedQuery({ items, location, fileFormat, pattern, alias }: StagedQuery): string {
  const options = [
    ...(fileFormat === undefined ? [] : [`FILE_FORMAT => ${printName(fileFormat)}`]),
    ...(pattern === undefined ? [] : [`PATTERN => ${printLiteral(pattern)}`]),
  ]
  const list = items.map(({ text }) => text).join(', ')
  const behind = `${options.length === 0 ? '' : ` (${options.join(', ')})`}${alias === undefined ? '' : ` ${printPart(alias)}`}`
  return `(SELECT ${list} FROM ${printStageLocation(location)}${behind})`
}

function readItem(reader: Reader): Body {
  let isDistinctFrom = false
  const item = reader.untilEnd((inner) => {
    const isFrom = inner.isWord('FROM') && !isDistinctFrom
    isDistinctFrom = inner.isWord('DISTINCT')
    return isFrom || inner.isSymbol(',') || inner.isSymbol(')')
  }, 'an expression such as $1 or $1:key::varchar')
  return item
}

function readAlias(reader: Reader): NamePart {
  if (reader.peek()?.kind !== 'word' && reader.peek()?.kind !== 'quoted') throw reader.unexpected(')')
  return readPart(reader)
}

/** `(FILE_FORMAT => name, PATTERN => '…')`: Snowflake's manual, "Query data in staged files". */
function readOptionsOf(reader: Reader): Pick<StagedQuery, 'fileFormat' | 'pattern'> {
  let found: Pick<StagedQuery, 'fileFormat' | 'pattern'> = {}
  reader.expectSymbol('(')
  do {
    const token = reader.peek()
    const twice = (name: string) => reader.error(token, `${reader.subject} has ${name} twice; give it once`)
    if (reader.takeWords('FILE_FORMAT')) {
      if (found.fileFormat !== undefined) throw twice('FILE_FORMAT')
      reader.expectSymbol('=>')
      found = { ...found, fileFormat: readNameOrText(reader, 'FILE_FORMAT') }
    } else if (reader.takeWords('PATTERN')) {
      if (found.pattern !== undefined) throw twice('PATTERN')
      reader.expectSymbol('=>')
      const value = reader.next("a text such as '.*[.]gz'")
      if (value.kind !== 'string') throw reader.error(value, "PATTERN expects a text such as '.*[.]gz'")
      found = { ...found, pattern: value.text }
    } else throw reader.unexpected('FILE_FORMAT or PATTERN')
  } while (reader.takeSymbol(','))
  if (!reader.takeSymbol(')')) throw reader.unexpected(', or )')
  return found
}

/** Clauses that no SELECT of a COPY has: the words that they begin with. */
const clauses: readonly (readonly [words: readonly string[], name: string])[] = [
  ...[['WHERE'], ['GROUP', 'BY'], ['ORDER', 'BY'], ['HAVING'], ['QUALIFY'], ['LIMIT'], ['JOIN'], ['UNION'], ['EXCEPT']],
  ...[['INTERSECT'], ['MINUS'], ['FLATTEN'], ['FETCH', 'FIRST'], ['FETCH', 'NEXT']],
].map((words): readonly [readonly string[], string] => [words, words.join(' ')])

const aggregates: ReadonlySet<string> = new Set(
  `ANY_VALUE APPROX_COUNT_DISTINCT APPROX_PERCENTILE APPROX_TOP_K ARRAY_AGG ARRAY_UNIQUE_AGG ARRAY_UNION_AGG AVG BITAND_AGG BITOR_AGG BITXOR_AGG
   BOOLAND_AGG BOOLOR_AGG BOOLXOR_AGG CORR COUNT COUNT_IF COVAR_POP COVAR_SAMP CUME_DIST DENSE_RANK FIRST_VALUE GROUPING GROUPING_ID HASH_AGG HLL
   KURTOSIS LAG LAST_VALUE LEAD LISTAGG MAX MAX_BY MEDIAN MIN MIN_BY MODE NTH_VALUE NTILE OBJECT_AGG PERCENTILE_CONT PERCENTILE_DISC PERCENT_RANK
   RANK ROW_NUMBER SKEW STDDEV STDDEV_POP STDDEV_SAMP SUM VARIANCE VARIANCE_POP VARIANCE_SAMP VAR_POP VAR_SAMP`.split(
    /\s+/,
  ),
)

/** Refuses what Snowflake does not allow there, by its name: its manual, "Transform data during a load". */
function refuseClauses(reader: Reader, opening: Token | undefined): void {
  const refuse = (ahead: number, what: string): never => {
    throw reader.error(
      reader.peek(ahead),
      `${reader.subject} selects without ${what}; load first, then query the table`,
    )
  }
  let depth = 0
  for (let ahead = 0; ; ahead++) {
    const token = reader.peek(ahead)
    if (token?.kind === 'symbol' && token.text === '(') depth += 1
    if (token?.kind === 'symbol' && token.text === ')') depth -= 1
    if (token === undefined) throw reader.error(opening, `${reader.subject} has a bracket ( that is not closed; add )`)
    if (depth < 0) return
    if (token.kind === 'symbol' && token.text === '*' && isStar(reader, ahead)) {
      throw reader.error(token, `${reader.subject} selects without *; name the fields, as in SELECT $1, $2`)
    }
    if (token.kind !== 'word' || isName(reader, ahead)) continue
    const clause = clauses.find(([words]) => words.every((word, index) => isWord(reader.peek(ahead + index), word)))
    if (clause !== undefined) refuse(ahead, clause[1])
    if (token.upper === 'SELECT') refuse(ahead, 'sub-queries')
    if (token.upper === 'OVER' && reader.isSymbol('(', ahead + 1)) refuse(ahead, 'window functions')
    if (ahead === 0 && (token.upper === 'DISTINCT' || token.upper === 'TOP')) refuse(ahead, token.upper)
    if (aggregates.has(token.upper) && reader.isSymbol('(', ahead + 1))
      refuse(ahead, `aggregates such as ${token.upper}`)
  }
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.upper === word
}

/** A word that names something: a key of a path, or what an expression is called. */
function isName(reader: Reader, ahead: number): boolean {
  if (ahead === 0) return false
  const before = reader.peek(ahead - 1)
  if (before?.kind === 'symbol') return before.text === '.' || (before.text === ':' && !isCast(reader, ahead))
  return isWord(before, 'AS')
}

function isCast(reader: Reader, ahead: number): boolean {
  return ahead > 1 && reader.isSymbol(':', ahead - 2)
}

/** `*`, `s.*` or `count(*)`, and no product. */
function isStar(reader: Reader, ahead: number): boolean {
  const before = ahead === 0 ? undefined : reader.peek(ahead - 1)
  return before === undefined || (before.kind === 'symbol' && [',', '.'].includes(before.text))
}
