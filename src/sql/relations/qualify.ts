import { type EngineNode, isEngineNode } from './engine-tree.ts'

/** Where the names of a text are found: the engine's schema of a relation or function, undefined for what is nowhere or the engine's own. */
export interface Places {
  readonly relation: (name: string) => string | undefined
  readonly function: (name: string) => string | undefined
}

/**
 * Puts the schema before every name in a syntax tree that has none. Without it, what a view or macro of the engine means would depend on
 * who selects from it: the engine looks up their names on the path of the session.
 */
export function qualified(tree: EngineNode, places: Places): EngineNode {
  return rewritten(tree, places, new Set())
}

function rewritten(node: EngineNode, places: Places, ctes: ReadonlySet<string>): EngineNode {
  const within = new Set(ctes)
  const list = definitions(node).map((entry) => {
    const before = new Set(within)
    const name = String(entry['key']).toLowerCase()
    within.add(name)
    return deeper(entry, places, isRecursive(entry) ? within : before)
  })
  const rest = Object.entries(node).map(([key, value]): [string, unknown] =>
    key === 'cte_map' ? [key, { map: list }] : [key, deeper(value, places, within)],
  )
  return placed(Object.fromEntries(rest), places, ctes)
}

function deeper(value: unknown, places: Places, ctes: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((one) => deeper(one, places, ctes))
  return isEngineNode(value) ? rewritten(value, places, ctes) : value
}

function placed(node: EngineNode, places: Places, ctes: ReadonlySet<string>): EngineNode {
  const { type } = node
  if (type === 'BASE_TABLE' && node['schema_name'] === '' && node['catalog_name'] === '') {
    const name = String(node['table_name'])
    const schema = ctes.has(name.toLowerCase()) ? undefined : places.relation(name)
    return schema === undefined ? node : { ...node, schema_name: schema }
  }
  if (type === 'FUNCTION' && node['schema'] === '' && node['is_operator'] !== true) {
    const schema = places.function(String(node['function_name']))
    return schema === undefined ? node : { ...node, schema }
  }
  return node
}

/** The common tables that a query defines. */
function definitions(node: EngineNode): EngineNode[] {
  const map = isEngineNode(node['cte_map']) ? node['cte_map']['map'] : undefined
  return Array.isArray(map) ? map.filter(isEngineNode) : []
}

function isRecursive(entry: EngineNode): boolean {
  return JSON.stringify(entry).includes('"RECURSIVE_CTE_NODE"')
}
