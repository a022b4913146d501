import type { CallReport } from '../../api.ts'
import { identifier } from '../../engines/duckdb.ts'
import { MillraceError, messageOf } from '../../errors.ts'
import { type EngineNode, engineText, engineTree, isEngineNode } from '../relations/engine-tree.ts'
import type { CalledFunction } from './called-function.ts'
import { type Bench, type Evaluated, argumentText, evaluate } from './evaluate.ts'
import {
  ctesOf,
  expressionIn,
  expressionText,
  listIn,
  noTable,
  nodesIn,
  selectText,
  tableIn,
} from '../relations/query-node.ts'

/** A query without calls of functions of JavaScript and Python: what they gave stands in files of the spool. */
export interface Lifted {
  readonly sql: string
  readonly reports: readonly CallReport[]
}

/** Finds what a function node of the engine's tree calls; undefined for the engine's own. */
export type Find = (node: EngineNode) => CalledFunction | undefined

/** Where an expression stands: what its columns are of. */
interface Around {
  readonly ctes: readonly unknown[]
  readonly from: unknown
  readonly where: unknown
}

/**
 * Evaluates every call in a query, the inner ones first: its arguments are selected from what stands around it, each combination is called once,
 * and the call becomes a look-up of its arguments among them. The query itself runs afterwards, in the same transaction.
 */
export async function lift(sql: string, find: Find, bench: Bench, aggregates: ReadonlySet<string>): Promise<Lifted> {
  const lifting = new Lifting(find, bench, aggregates)
  const tree = await engineTree(bench.connection, sql)
  const lifted = await lifting.query(tree, [])
  return { sql: await engineText(bench.connection, lifted), reports: lifting.reports }
}

class Lifting {
  readonly reports: CallReport[] = []
  private readonly find: Find
  private readonly bench: Bench
  private readonly aggregates: ReadonlySet<string>
  private readonly done = new Map<string, Evaluated>()

  constructor(find: Find, bench: Bench, aggregates: ReadonlySet<string>) {
    this.find = find
    this.bench = bench
    this.aggregates = aggregates
  }

  /** A part of a tree that holds queries; `ctes` are the common tables that can be named in it. */
  async query(value: unknown, ctes: readonly unknown[]): Promise<EngineNode> {
    const part = await this.part(value, ctes)
    return isEngineNode(part) ? part : {}
  }

  private async part(value: unknown, ctes: readonly unknown[], around?: Around): Promise<unknown> {
    if (!this.hasCall(value)) return value
    if (Array.isArray(value)) {
      const parts: unknown[] = []
      for (const one of value) parts.push(await this.part(one, ctes, around))
      return parts
    }
    if (!isEngineNode(value)) return value
    if (value['type'] === 'SELECT_NODE') return this.select(value, ctes)
    if (value['type'] === 'RECURSIVE_CTE_NODE') throw this.refusal(value, 'in a recursive query')
    const own = ctesOf(value)
    const [map, within] = own.length === 0 ? [undefined, ctes] : await this.ctes(own, ctes)
    const entries: [string, unknown][] = []
    for (const [key, one] of Object.entries(value))
      entries.push([key, key === 'cte_map' && map !== undefined ? { map } : await this.part(one, within, around)])
    const rewritten: EngineNode = Object.fromEntries(entries)
    const called = value['class'] === 'FUNCTION' ? this.find(value) : undefined
    return called === undefined ? rewritten : this.value(called, rewritten, around)
  }

  private async ctes(own: readonly unknown[], outer: readonly unknown[]): Promise<[unknown[], readonly unknown[]]> {
    const map: unknown[] = []
    for (const one of own) map.push(await this.part(one, [...outer, ...map]))
    return [map, [...outer, ...map]]
  }

  private async select(node: EngineNode, outer: readonly unknown[]): Promise<EngineNode> {
    const [map, ctes] = await this.ctes(ctesOf(node), outer)
    const conditions = conditionsOf(node['where_clause']).filter((one) => !this.hasCall(one))
    const from = await this.table(node['from_table'], { ctes, from: undefined, where: undefined }, conditions)
    const around = { ctes, from, where: allOf(conditions) }
    const entries: [string, unknown][] = []
    for (const [key, one] of Object.entries(node)) {
      if (key === 'cte_map') entries.push([key, { map }])
      else if (key === 'from_table') entries.push([key, from])
      else if (key === 'select_list') entries.push([key, await this.items(one, ctes, around)])
      else entries.push([key, await this.part(one, ctes, around)])
    }
    return Object.fromEntries(entries)
  }

  /** The items of SELECT, which keep the names that they were written under. */
  private async items(list: unknown, ctes: readonly unknown[], around: Around): Promise<unknown[]> {
    const items: unknown[] = []
    for (const item of listIn(list)) {
      const lifted = await this.part(item, ctes, around)
      const isNew = lifted !== item && isEngineNode(item) && isEngineNode(lifted) && item['alias'] === ''
      items.push(isNew ? { ...lifted, alias: await expressionText(item, this.bench.connection) } : lifted)
    }
    return items
  }

  /** What stands in FROM; `left` is what stands before it, whose columns a call may name. */
  private async table(value: unknown, left: Around, conditions: readonly EngineNode[]): Promise<unknown> {
    if (!isEngineNode(value) || !this.hasCall(value)) return value
    if (value['type'] === 'JOIN') {
      if (this.hasCall(value['condition'])) throw this.refusal(value['condition'], 'in the condition of a JOIN')
      const before = await this.table(value['left'], left, conditions)
      const right = await this.table(value['right'], { ...left, from: joined(left.from, before) }, conditions)
      return { ...value, left: before, right }
    }
    const called = isEngineNode(value['function']) ? this.find(value['function']) : undefined
    if (value['type'] === 'TABLE_FUNCTION' && called !== undefined) return this.rows(called, value, left, conditions)
    return this.part(value, left.ctes)
  }

  /** A call in FROM, as a subquery that looks its rows up. */
  private async rows(
    called: CalledFunction,
    table: EngineNode,
    left: Around,
    conditions: readonly EngineNode[],
  ): Promise<EngineNode> {
    const { connection } = this.bench
    const node = isEngineNode(table['function']) ? table['function'] : {}
    if (!called.definition.isTable) throw refused(called, 'gives a value, and is no table. Write it as an expression')
    const tables = new Set(tablesIn(left.from))
    const where = allOf(conditions.filter((one) => isOf(one, tables)))
    const around = { ctes: left.ctes, from: left.from ?? noTable, where: left.from === undefined ? null : where }
    const children = await this.part(node['children'], left.ctes, around)
    const { from, match } = await this.looked(called, { ...node, children }, around)
    const cells = called.values.map((_, index) => `millrace_out.millrace_c${index + 1}`)
    const given = listIn(table['column_name_alias']).map(String)
    const list = called.values.map(({ name }, index) => identifier(given[index] ?? name))
    const alias = String(table['alias']) === '' ? called.name : String(table['alias'])
    return tableIn(
      `(select ${cells.join(', ')} from ${from} where ${match}) as ${identifier(alias)}(${list.join(', ')})`,
      connection,
    )
  }

  /** A call in an expression, as a subquery that looks its value up. */
  private async value(called: CalledFunction, node: EngineNode, around: Around | undefined): Promise<EngineNode> {
    if (called.definition.isTable) throw refused(called, 'gives a table. Write it in FROM, as table(…)')
    if (around === undefined)
      throw refused(called, 'is called where its arguments cannot be told. Call it in a SELECT of its own')
    const { from, match } = await this.looked(called, node, around)
    const lookUp = await expressionIn(
      `(select millrace_out.millrace_c1 from ${from} where ${match})`,
      this.bench.connection,
    )
    return { ...lookUp, alias: node['alias'] }
  }

  private async looked(
    called: CalledFunction,
    node: EngineNode,
    { ctes, from, where }: Around,
  ): Promise<{ from: string; match: string }> {
    const { connection } = this.bench
    const given = listIn(node['children']).filter(isEngineNode)
    const { name } = called.definition
    if (given.length !== called.argumentTypes.length)
      throw refused(called, `takes ${called.argumentTypes.length} arguments, and is given ${given.length}`)
    for (const inner of nodesIn(given))
      if (inner['class'] === 'WINDOW' || this.aggregates.has(String(inner['function_name'])))
        throw refused(
          called,
          'is called with an aggregate. Make that in a subquery, and call the function on its result',
        )
    const items = given.map((one, index) => ({ ...one, alias: `millrace_x${index + 1}` }))
    const one = await expressionIn('1', connection)
    const inputs = await selectText({ ctes, items: items.length === 0 ? [one] : items, from, where }, connection)
    const key = `${called.id} ${inputs}`
    const evaluated = this.done.get(key) ?? (await this.evaluated(called, inputs, name))
    this.done.set(key, evaluated)
    const texts = await Promise.all(
      given.map(async (argument, index) => argumentText(called, index, await expressionText(argument, connection))),
    )
    const match = texts.map((text, index) => `millrace_in.millrace_a${index + 1} is not distinct from ${text}`)
    return { from: evaluated.from, match: match.join(' and ') || 'true' }
  }

  private async evaluated(called: CalledFunction, inputs: string, name: string): Promise<Evaluated> {
    try {
      const evaluated = await evaluate({ function: called, inputs, number: this.done.size + 1 }, this.bench)
      this.reports.push(evaluated.report)
      return evaluated
    } catch (error) {
      if (error instanceof MillraceError || !messageOf(error).startsWith('Binder Error')) throw error
      throw new MillraceError(
        'SQL_REFUSED',
        `The arguments of ${name} cannot be told before the statement runs (${messageOf(error).split('\n', 1)[0]}). Call it in a subquery on columns of its FROM.`,
        error,
      )
    }
  }

  private hasCall(value: unknown): boolean {
    for (const node of nodesIn(value)) if (node['class'] === 'FUNCTION' && this.find(node) !== undefined) return true
    return false
  }

  private refusal(value: unknown, where: string): MillraceError {
    for (const node of nodesIn(value)) {
      const called = node['class'] === 'FUNCTION' ? this.find(node) : undefined
      if (called !== undefined) return refused(called, `is called ${where}. Call it in a subquery`)
    }
    return new MillraceError('INTERNAL', 'A call was to be refused, and is not there.')
  }
}

function refused({ definition }: CalledFunction, why: string): MillraceError {
  return new MillraceError('SQL_REFUSED', `The function ${definition.name} ${why}.`)
}

/** What must all hold of a condition. */
function conditionsOf(where: unknown): EngineNode[] {
  if (!isEngineNode(where)) return []
  return where['type'] === 'CONJUNCTION_AND' ? listIn(where['children']).flatMap(conditionsOf) : [where]
}

function allOf(conditions: readonly EngineNode[]): EngineNode | null {
  const [first, ...more] = conditions
  if (first === undefined) return null
  if (more.length === 0) return first
  return { class: 'CONJUNCTION', type: 'CONJUNCTION_AND', alias: '', query_location: 0, children: conditions }
}

/** Whether a condition names columns of these tables alone, by their names. */
function isOf(condition: EngineNode, tables: ReadonlySet<string>): boolean {
  for (const node of nodesIn(condition)) {
    if (node['class'] === 'SUBQUERY') return false
    if (node['class'] !== 'COLUMN_REF') continue
    const [table, column] = listIn(node['column_names']).map(String)
    if (table === undefined || column === undefined || !tables.has(table.toLowerCase())) return false
  }
  return true
}

function tablesIn(from: unknown): string[] {
  if (!isEngineNode(from)) return []
  if (from['type'] === 'JOIN') return [...tablesIn(from['left']), ...tablesIn(from['right'])]
  const { alias, table_name: table } = from
  const name = alias === '' ? table : alias
  return typeof name === 'string' ? [name.toLowerCase()] : []
}

function joined(left: unknown, right: unknown): unknown {
  if (left === undefined) return right
  return {
    type: 'JOIN',
    alias: '',
    sample: null,
    query_location: 0,
    left,
    right,
    condition: null,
    join_type: 'INNER',
    ref_type: 'CROSS',
    using_columns: [],
    delim_flipped: false,
    duplicate_eliminated_columns: [],
  }
}
