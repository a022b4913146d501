import type { DuckDBConnection } from '@duckdb/node-api'
import { type EngineNode, engineText, engineTree, isEngineNode } from './engine-tree.ts'

/** A SELECT in the engine's tree. */
export interface Select {
  readonly ctes: readonly unknown[]
  readonly items: readonly unknown[]
  readonly from: unknown
  readonly where: unknown
}

/** FROM nothing. */
export const noTable: EngineNode = { type: 'EMPTY', alias: '', sample: null, query_location: 0 }

export function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The common tables that a query defines. */
export function ctesOf(node: EngineNode): readonly unknown[] {
  return isEngineNode(node['cte_map']) ? listIn(node['cte_map']['map']) : []
}

export async function selectText({ ctes, items, from, where }: Select, connection: DuckDBConnection): Promise<string> {
  const node = {
    type: 'SELECT_NODE',
    modifiers: [],
    cte_map: { map: ctes },
    select_list: items,
    from_table: from,
    where_clause: where,
    group_expressions: [],
    group_sets: [],
    aggregate_handling: 'STANDARD_HANDLING',
    having: null,
    sample: null,
    qualify: null,
  }
  return engineText(connection, { error: false, statements: [{ node, named_param_map: [] }] })
}

/** An expression as SQL. */
export async function expressionText(expression: EngineNode, connection: DuckDBConnection): Promise<string> {
  const items = [{ ...expression, alias: '' }]
  const text = await selectText({ ctes: [], items, from: noTable, where: null }, connection)
  return text.replace(/^SELECT /, '')
}

/** The one SELECT of a text. */
async function selectIn(sql: string, connection: DuckDBConnection): Promise<EngineNode> {
  const statement = listIn((await engineTree(connection, sql))['statements']).find(isEngineNode)
  return isEngineNode(statement?.['node']) ? statement['node'] : {}
}

/** What stands in FROM, as a tree. */
export async function tableIn(from: string, connection: DuckDBConnection): Promise<EngineNode> {
  const table = (await selectIn(`select * from ${from}`, connection))['from_table']
  return isEngineNode(table) ? table : {}
}

/** An expression as a tree. */
export async function expressionIn(sql: string, connection: DuckDBConnection): Promise<EngineNode> {
  const [item] = listIn((await selectIn(`select ${sql}`, connection))['select_list'])
  return isEngineNode(item) ? item : {}
}

/** Every node within a part of a tree, itself first. */
export function* nodesIn(value: unknown): Generator<EngineNode> {
  if (Array.isArray(value)) {
    for (const one of value) yield* nodesIn(one)
    return
  }
  if (!isEngineNode(value)) return
  yield value
  for (const part of Object.values(value)) yield* nodesIn(part)
}
