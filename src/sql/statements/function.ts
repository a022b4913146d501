import { type Column, printColumn, readColumn, readList } from '../statement/columns.ts'
import { type Creation, printCreation, printLines, readCreation } from '../statement/create.ts'
import { readDataType } from '../statement/data-type.ts'
import type { StatementKind } from '../statement/kind.ts'
import { printLiteral } from '../statement/literal.ts'
import { choice, text, texts, version } from '../statement/option-values.ts'
import { type Given, type ValuesOf, optionTable, printOptions, readOptions } from '../statement/options.ts'
import type { Body, Reader } from '../statement/reader.ts'

/** Snowflake's manual, CREATE FUNCTION. */
export const functionOptions = optionTable({
  language: { ...choice(['SQL', 'JAVASCRIPT', 'PYTHON']), isWithoutSign: true },
  runtimeVersion: version,
  packages: texts(),
  imports: texts(),
  handler: text,
  comment: text,
})

export interface FunctionArgument extends Column {
  /** The expression behind DEFAULT. */
  readonly default?: string
}

/** What a function gives: a value, or rows. */
export type FunctionResult =
  | { readonly form: 'value'; readonly type: string; readonly notNull: boolean }
  | { readonly form: 'table'; readonly columns: readonly Column[] }

const traits = {
  'CALLED ON NULL INPUT': 'nulls',
  'RETURNS NULL ON NULL INPUT': 'nulls',
  STRICT: 'nulls',
  VOLATILE: 'volatility',
  IMMUTABLE: 'volatility',
  MEMOIZABLE: 'memoizable',
  'COPY GRANTS': 'copy-grants',
} as const

/** What is said of a function in words; at most one word of each sort. */
export type FunctionTrait = keyof typeof traits

export interface CreateFunction extends Creation {
  readonly kind: 'create-function'
  readonly secure: boolean
  readonly temporary: boolean
  readonly arguments: readonly FunctionArgument[]
  readonly returns: FunctionResult
  readonly traits: readonly FunctionTrait[]
  readonly options: Given<ValuesOf<typeof functionOptions>>
  /** The text within `$$ … $$` or quotes. */
  readonly body: Body
}

/** Whether a NULL for an argument gives NULL without a look at the body. */
export function isStrict({ traits: given }: Pick<CreateFunction, 'traits'>): boolean {
  return given.includes('STRICT') || given.includes('RETURNS NULL ON NULL INPUT')
}

const cage = 'functions run in a cage without network or secrets; leave it out'
const refused = {
  EXTERNAL_ACCESS_INTEGRATIONS: cage,
  SECRETS: cage,
  TARGET_PATH: 'only SQL, JavaScript and Python run',
}

/** DuckDB's own CREATE FUNCTION, a macro, has no RETURNS. */
function hasReturns(reader: Reader): boolean {
  const ahead = reader.ahead(0)
  ahead.takeWords('IF', 'NOT', 'EXISTS')
  while (!ahead.isDone && !ahead.isSymbol('(')) ahead.next('a name')
  if (ahead.isDone) return false
  ahead.skipBrackets()
  ahead.takeWords('COPY', 'GRANTS')
  return ahead.isWord('RETURNS')
}

function readArgument(reader: Reader): FunctionArgument {
  const column = readColumn(reader)
  if (!reader.takeWords('DEFAULT')) return column
  const isEnd = (inner: Reader): boolean => inner.isSymbol(',') || inner.isSymbol(')')
  return { ...column, default: reader.untilEnd(isEnd, 'an expression behind DEFAULT').text }
}

function readResult(reader: Reader): FunctionResult {
  if (reader.takeWords('TABLE')) return { form: 'table', columns: readList(reader, readColumn) }
  return { form: 'value', type: readDataType(reader), notNull: reader.takeWords('NOT', 'NULL') }
}

function isTrait(words: string): words is FunctionTrait {
  return Object.hasOwn(traits, words)
}

const knownTraits = Object.keys(traits).filter(isTrait)

function takeTrait(reader: Reader, given: FunctionTrait[]): boolean {
  const token = reader.peek()
  const trait = knownTraits.find((words) => reader.takeWords(...words.split(' ')))
  if (trait === undefined) return false
  if (given.some((other) => traits[other] === traits[trait]))
    throw reader.error(token, `${reader.subject} has ${trait} besides ${given.join(', ')}; keep one`)
  given.push(trait)
  return true
}

function readBody(reader: Reader): Body {
  const token = reader.peek()
  if (token?.kind !== 'body' && token?.kind !== 'string') throw reader.unexpected("a body in $$ … $$ or '…' behind AS")
  reader.next('a body')
  const inner = token.kind === 'body' ? token.inner : token.start + 1
  return { text: token.text, place: reader.source.placeAt(inner) }
}

function printBody(body: string): string {
  return body.includes('$$') || body.endsWith('$') ? printLiteral(body) : `$$${body}$$`
}

function read(reader: Reader): Omit<CreateFunction, 'kind' | 'secure' | 'temporary' | keyof Creation> {
  const list = readList(reader, readArgument)
  const given: FunctionTrait[] = []
  takeTrait(reader, given)
  reader.expectWords('RETURNS')
  const returns = readResult(reader)
  const { values: options } = readOptions(reader, functionOptions, {
    isEnd: (inner) => inner.isWord('AS'),
    clauses: [...knownTraits, 'AS'],
    clause: (inner) => takeTrait(inner, given),
    refused,
  })
  if (options.language === 'PYTHON' && options.handler === undefined)
    throw reader.unexpected('HANDLER, the name of the Python function or class, before AS')
  reader.expectWords('AS')
  return { arguments: list, returns, traits: given, options, body: readBody(reader) }
}

function printResult(returns: FunctionResult): string {
  if (returns.form === 'table') return `TABLE (${returns.columns.map(printColumn).join(', ')})`
  return `${returns.type}${returns.notNull ? ' NOT NULL' : ''}`
}

export const userFunction: StatementKind<CreateFunction> = {
  begins: {
    'CREATE FUNCTION': (reader, head) => {
      if (!hasReturns(reader)) return undefined
      const creation = readCreation(reader, head, ['SECURE', 'TEMPORARY'])
      const secure = head.modifiers.includes('SECURE')
      const temporary = head.modifiers.includes('TEMPORARY')
      return { kind: 'create-function', ...creation, secure, temporary, ...read(reader) }
    },
  },
  print: {
    'create-function': (statement) => {
      const words = (['secure', 'temporary'] as const).filter((word) => statement[word])
      const head = printCreation(
        'FUNCTION',
        statement,
        words.map((word) => word.toUpperCase()),
      )
      const list = statement.arguments.map((argument) =>
        argument.default === undefined ? printColumn(argument) : `${printColumn(argument)} DEFAULT ${argument.default}`,
      )
      return printLines(`${head}(${list.join(', ')})`, [
        `RETURNS ${printResult(statement.returns)}`,
        ...statement.traits,
        ...printOptions(functionOptions, statement.options),
        `AS ${printBody(statement.body.text)}`,
      ])
    },
  },
}
