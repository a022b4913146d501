import { factColumns, fieldName } from '../../loading/copy-select.ts'
import type { CopyFormat, CopySelect, SelectedValue } from '../../loading/copy-target.ts'
import { identifier } from '../../engines/duckdb.ts'
import { MillraceError } from '../../errors.ts'
import type { UserColumn } from '../../catalog/user-tables.ts'
import { failed, failureAt } from '../execution/failure.ts'
import { fold } from '../execution/names.ts'
import { lexicalRules } from '../statement/dialect.ts'
import { lex } from '../statement/lexer.ts'
import { type NamePart, printPart } from '../statement/name.ts'
import { type Body, shorten } from '../statement/reader.ts'
import { sourceOf } from '../statement/source.ts'
import type { StagedQuery } from '../statement/staged-query.ts'
import type { Token } from '../statement/tokens.ts'
import type { CopyIntoTable } from '../statements/copy-into-table.ts'
import { translateExpression } from '../translate.ts'
import { type Known, nothingKnown } from '../translation/known.ts'

const relation = 'staged_files'

/** The expressions that a COPY selects, each as a query that can be checked. They are Snowflake's in scripts of every dialect. */
export function stagedQueries({
  from,
}: CopyIntoTable): { readonly text: string; readonly place: Body['place']; readonly dialect: 'snowflake' }[] {
  if (from.form === 'stage') return []
  const { items, alias } = from.query
  return items.flatMap((item) => {
    const { offset, line, column } = item.place
    const { sql, simple } = readPlaced(item, alias)
    if (simple !== undefined) return []
    return [
      { text: queryOf(sql), place: { offset, line, column: column - before.length }, dialect: 'snowflake' as const },
    ]
  })
}

function readPlaced(item: Body, alias: NamePart | undefined): Expression {
  try {
    return readExpression(item, alias)
  } catch (error) {
    throw failureAt(item.place, error)
  }
}

const before = 'select '

function queryOf(expression: string): string {
  return `${before}${expression}\nfrom ${relation}`
}

/** Plans what a SELECT puts into columns, one expression each. */
export async function planSelect(
  { items, alias }: StagedQuery,
  columns: readonly UserColumn[],
  format: CopyFormat,
  table: string,
): Promise<CopySelect> {
  if (items.length !== columns.length)
    throw failed(
      `the SELECT gives ${items.length} values for ${columns.length} columns of table ${table} (${columns.map(({ name }) => name).join(', ')}); name those that it fills behind the table`,
    )
  refuseOptions(format)
  const expressions = items.map((item) => readExpression(item, alias))
  const last = Math.max(0, ...expressions.flatMap(({ fields }) => fields))
  if (format.type !== 'CSV' && last > 1)
    throw failed(`$${last} is not there: a record of TYPE = ${format.type} is one field; say $1:key for what it holds`)
  const known = knownOf(last, format)
  const values: SelectedValue[] = []
  for (const [index, expression] of expressions.entries()) {
    const column = columns[index]
    if (column !== undefined) values.push(await plan(expression, column, format, known))
  }
  const isWhole =
    format.type !== 'CSV' &&
    values.every(({ form }, index) => form === 'record' || expressions[index]?.fields.length === 0)
  return { fields: isWhole ? 0 : last, namesFacts: expressions.some(({ namesFacts }) => namesFacts), values }
}

async function plan(
  { sql, text, simple, namesFacts }: Expression,
  { name: column, type }: UserColumn,
  format: CopyFormat,
  known: Known,
): Promise<SelectedValue> {
  if (simple === 'now') return { column, form: 'now', sql: 'get_current_timestamp()', text }
  if (simple === undefined) return { column, form: 'expression', sql: await translated(queryOf(sql), known), text }
  if (namesFacts) return { column, form: 'fact', sql: simple, text }
  if (type === undefined && format.type !== 'CSV') return { column, form: 'record', sql: simple, text }
  // A record as a text is no text of the file.
  return { column, form: format.type === 'CSV' ? 'field' : 'expression', sql: simple, text }
}

async function translated(query: string, known: Known): Promise<string> {
  try {
    return await translateExpression(query, 'snowflake', known)
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error
    // A place in one expression is none in the statement.
    throw new MillraceError(error.code, error.message.replaceAll(/"(\$\d+)"/g, '$1'), error)
  }
}

/** An option whose work is on values that only COPY by names takes apart. */
function refuseOptions(format: CopyFormat): void {
  const refuse = (option: string): never => {
    throw failed(`${option} is not for a COPY that selects from JSON; leave it out`)
  }
  if (format.type === 'CSV' && format.parsesHeader)
    throw failed('PARSE_HEADER = TRUE is not for a COPY that selects; say SKIP_HEADER = 1')
  if (format.type !== 'JSON') return
  if (format.nullIf.length > 0) refuse('NULL_IF')
  if (format.trims) refuse('TRIM_SPACE')
  if (format.allowsDuplicates) refuse('ALLOW_DUPLICATE')
}

function knownOf(fields: number, format: CopyFormat): Known {
  const type = format.type === 'CSV' ? 'VARCHAR' : 'JSON'
  const columns = Array.from({ length: fields }, (_, index) => ({ name: fieldName(index + 1), type }))
  const facts = Object.entries(factColumns).map(([name, of]) => ({ name, type: of }))
  return { ...nothingKnown, columnsOf: (_, name) => (name === relation ? [...columns, ...facts] : undefined) }
}

/** An expression over fields and facts, whose names are such that they can be columns. */
interface Expression {
  readonly sql: string
  readonly text: string
  readonly fields: readonly number[]
  readonly namesFacts: boolean
  /** `now`, or the one column that it is. */
  readonly simple: string | undefined
}

/** `STG.$1` becomes `"$1"`, and METADATA$FILENAME a name in quotes. */
function readExpression({ text }: Body, alias: NamePart | undefined): Expression {
  const tokens = lex(sourceOf(text), lexicalRules.snowflake)
  const fields: number[] = []
  let namesFacts = false
  let sql = ''
  let copied = 0
  const parts: string[] = []
  const put = (from: number, to: number, name: string): void => {
    sql += text.slice(copied, from) + identifier(name)
    copied = to
    parts.push(identifier(name))
  }
  for (let at = 0; at < tokens.length; at++) {
    const start = isQualified(tokens, at) ? at + 2 : at
    const found = columnAt(tokens, start)
    const [token, last] = [tokens[at], tokens[found?.last ?? at]]
    if (token === undefined || last === undefined) break
    if (found === undefined) {
      parts.push(text.slice(token.start, token.end))
      continue
    }
    if (start > at) checkAlias(token, alias, found.name)
    put(token.start, last.end, found.name)
    if (found.field === undefined) namesFacts = true
    else fields.push(found.field)
    at = found.last
  }
  sql += text.slice(copied)
  return { sql, text: shorten(text), fields, namesFacts, simple: simpleIn(parts, fields.length > 0 || namesFacts) }
}

function isQualified(tokens: readonly Token[], at: number): boolean {
  const [name, dot] = tokens.slice(at, at + 2)
  return (name?.kind === 'word' || name?.kind === 'quoted') && dot?.kind === 'symbol' && dot.text === '.'
}

/** A field or a fact whose name begins at a token, and the last token of it. */
function columnAt(
  tokens: readonly Token[],
  at: number,
): { readonly name: string; readonly field?: number; readonly last: number } | undefined {
  const [first, second] = tokens.slice(at, at + 2)
  if (first?.kind === 'word' && Object.hasOwn(factColumns, first.upper)) return { name: first.upper, last: at }
  if (first?.kind !== 'symbol' || first.text !== '$' || second?.kind !== 'number') return undefined
  const field = Number(second.text)
  if (second.start !== first.end || !Number.isInteger(field) || field < 1 || field > 10_000)
    throw failed(`$${second.text} names no field; the first one is $1`)
  return { name: fieldName(field), field, last: at + 1 }
}

function checkAlias(token: Token, alias: NamePart | undefined, name: string): void {
  const written =
    token.kind === 'quoted'
      ? { text: token.text, quoted: true }
      : { text: token.kind === 'word' ? token.text : '', quoted: false }
  if (alias !== undefined && fold(alias) === fold(written)) return
  throw failed(
    `${printPart(written)} of ${printPart(written)}.${name} is not what the stage is called; ${alias === undefined ? 'put it behind the stage' : `that is ${printPart(alias)}`}`,
  )
}

/** Without the name that the expression is given, which nothing asks for. */
function simpleIn(parts: readonly string[], isColumn: boolean): string | undefined {
  const plain = parts.at(-2)?.toUpperCase() === 'AS' ? parts.slice(0, -2) : parts
  const [first = '', ...rest] = plain
  const isNamed = rest.length === 0 || (rest.length === 1 && /^["\w]/.test(rest[0] ?? ''))
  if (isColumn) return first.startsWith('"') && isNamed ? first : undefined
  const behind = rest.slice(0, 2).join('') === '()' ? rest.slice(2) : rest
  const isNow =
    /^current_timestamp$/i.test(first) &&
    (behind.length === 0 || (behind.length === 1 && /^["\w]/.test(behind[0] ?? '')))
  return isNow ? 'now' : undefined
}
