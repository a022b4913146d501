import type { CatalogObject } from '../../catalog/objects.ts'
import { identifier } from '../../engines/duckdb.ts'
import { MillraceError } from '../../errors.ts'
import type { Column } from '../statement/columns.ts'
import { type NamePart, printPart } from '../statement/name.ts'
import { type CreateFunction, isStrict } from '../statements/function.ts'
import { argumentCast } from './argument-cast.ts'
import { type EngineNode, engineText, isEngineNode } from './engine-tree.ts'
import { type MadeSql, type Making, engineNameOf, treeOfQuery } from './made-sql.ts'

/** What stands behind the name of the macro that holds the body: no statement can name it. */
export const bodySuffix = ' (body)'

const result = 'millrace_result'

/**
 * Macros of the engine: one holds the body, the other casts what goes in. A macro is text that is put in, so where the body is a query, its
 * arguments come from a table of their own: names in them would else mean the query's columns.
 */
export async function functionSql(object: CatalogObject, definition: CreateFunction, making: Making): Promise<MadeSql> {
  const { returns, arguments: list } = definition
  const names = list.map(({ name }) => identifier(columnName(name)))
  const given = list.map(({ type }, index) => argumentCast(type, names[index] ?? '', object.dialect))
  const macro: Macro = {
    object,
    definition,
    names,
    casts: await Promise.all(given),
    body: engineNameOf(object, bodySuffix),
  }
  const statements =
    returns.form === 'value' ? await scalar(macro, returns.type, making) : await table(macro, returns.columns, making)
  const nulls = await Promise.all(list.map(({ type }) => argumentCast(type, 'null', object.dialect)))
  const call = `${engineNameOf(object)}(${nulls.join(', ')})`
  return { statements, check: returns.form === 'value' ? `select ${call}` : `select * from ${call}` }
}

interface Macro {
  readonly object: CatalogObject
  readonly definition: CreateFunction
  readonly names: readonly string[]
  readonly casts: readonly string[]
  /** The name of the macro that holds the body. */
  readonly body: string
}

function columnName({ text, quoted }: NamePart): string {
  return quoted ? text : text.toLowerCase()
}

async function scalar(macro: Macro, type: string, making: Making): Promise<string[]> {
  const { object, definition, names, casts, body } = macro
  const query = { before: 'select cast((\n', text: definition.body.text, after: `\n) as ${type}) as ${result}` }
  const tree = await treeOfQuery(object, query, making)
  const inner = `create macro ${body}(${names.join(', ')}) as ${await onlyExpression(tree, making)}`
  const isQuery = hasQuery(tree) && names.length > 0
  const value = isQuery
    ? `(select ${body}(${places(names).join(', ')}) from (${argumentsOf(macro)}))`
    : `${body}(${casts.join(', ')})`
  return [inner, `create macro ${headOf(macro)} as ${strict(macro, value)}`]
}

async function table(macro: Macro, columns: readonly Column[], making: Making): Promise<string[]> {
  const { object, definition, names, body } = macro
  const list = columns.map(({ name }) => printPart(name))
  const cast = columns.map(({ type }, index) => `cast(${list[index]} as ${type}) as ${list[index]}`)
  const query = {
    before: `select ${cast.join(', ')} from (\n`,
    text: definition.body.text,
    after: `\n) as millrace_rows(${list.join(', ')})`,
  }
  const rows = await engineText(making.connection, await treeOfQuery(object, query, making))
  const inner = `create macro ${body}(${names.join(', ')}) as table ${rows}`
  const from = names.length === 0 ? '' : `(${argumentsOf(macro)}), `
  const call = `lateral (select * from ${body}(${places(names).join(', ')})) as millrace_rows`
  return [inner, `create macro ${headOf(macro)} as table select millrace_rows.* from ${from}${call}`]
}

function headOf({ object, names }: Macro): string {
  return `${engineNameOf(object)}(${names.join(', ')})`
}

/** Names for arguments that no column of a query has. */
function places(names: readonly string[]): string[] {
  return names.map((_, index) => `millrace_argument_${index + 1}`)
}

function argumentsOf({ names, casts }: Macro): string {
  return `select ${casts.map((cast, index) => `${cast} as ${places(names)[index]}`).join(', ')}`
}

function strict({ definition, names }: Macro, value: string): string {
  if (!isStrict(definition) || names.length === 0) return value
  return `case when ${names.map((name) => `${name} is null`).join(' or ')} then null else ${value} end`
}

/** The text of the one expression that a tree selects. */
async function onlyExpression(tree: EngineNode, { connection }: Making): Promise<string> {
  const text = await engineText(connection, tree)
  const [, expression] = new RegExp(`^SELECT ([\\s\\S]*) AS ${result}$`).exec(text) ?? []
  if (expression !== undefined && selectList(tree).length === 1) return expression
  throw new MillraceError('SQL_FAILED', 'The body of a function that gives a value is one expression or query.')
}

function selectList(tree: EngineNode): readonly unknown[] {
  const statements: readonly unknown[] = Array.isArray(tree['statements']) ? tree['statements'] : []
  const node = statements.find(isEngineNode)?.['node']
  const list = isEngineNode(node) ? node['select_list'] : undefined
  return Array.isArray(list) ? list : []
}

function hasQuery(tree: EngineNode): boolean {
  return JSON.stringify(selectList(tree)).includes('"type":"SUBQUERY"')
}
