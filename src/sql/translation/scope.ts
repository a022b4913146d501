import { type ColumnType, columnType, plainType } from './column-type.ts'
import type { Known } from './known.ts'
import { sourceSchema } from './names.ts'
import { type Node, contentOf, isNode, kindOf, listOf, lowerName, partWritten } from './tree.ts'

/** The columns of something that is selected from, in their order; `isWhole` when these are all. */
export interface Shape {
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[]
  readonly isWhole: boolean
}

/** Something that is selected from: by its name, or by its parts as they were written (`public.vpc_flow`). */
interface Source {
  readonly name: string
  readonly path: readonly string[]
  readonly shape: Shape
}

/** What names in a part of a statement can mean. */
export interface Scope {
  readonly ctes: ReadonlyMap<string, Shape>
  readonly sources: readonly Source[]
  /** Names that the SELECT gives to its items. */
  readonly aliases: ReadonlyMap<string, ColumnType>
  readonly outer: Scope | undefined
}

export const emptyScope: Scope = { ctes: new Map(), sources: [], aliases: new Map(), outer: undefined }

const unknownShape: Shape = { columns: [], isWhole: false }

/** How types of expressions are told, which the shapes of subqueries need. */
export interface ShapeReader {
  readonly known: Known
  readonly typeOf: (expression: unknown, scope: Scope) => ColumnType
}

/** The scope within a SELECT. */
export function scopeOfSelect(select: Node, outer: Scope, reader: ShapeReader): Scope {
  const ctes = ctesOf(select['with'], outer, reader)
  const around: Scope = { ctes, sources: [], aliases: new Map(), outer }
  const from = isNode(select['from']) ? listOf(select['from']['expressions']) : []
  const joined = listOf(select['joins']).map((join) => (isNode(join) ? join['this'] : undefined))
  const sources: Source[] = []
  // One after the other: a subquery in FROM may name what stands before it.
  for (const item of [...from, ...joined]) sources.push(sourceOf(item, { ...around, sources }, reader))
  const scope: Scope = { ...around, sources }
  const aliases = new Map<string, ColumnType>()
  for (const item of listOf(select['expressions'])) {
    const alias = contentOf(item, 'alias')
    const name = lowerName(alias?.['alias'])
    if (alias !== undefined && name !== undefined)
      aliases.set(name, reader.typeOf(alias['this'], { ...scope, aliases }))
  }
  return { ...scope, aliases }
}

/** The tables of a WITH, besides those that can be named around it. */
export function ctesOf(list: unknown, outer: Scope, reader: ShapeReader): ReadonlyMap<string, Shape> {
  const ctes = new Map(outer.ctes)
  if (!isNode(list)) return ctes
  for (const cte of listOf(list['ctes'])) {
    if (!isNode(cte)) continue
    const shape = shapeOf(cte['this'], { ...outer, ctes: new Map(ctes) }, reader)
    ctes.set(lowerName(cte['alias']) ?? '', renamed(shape, listOf(cte['columns'])))
  }
  return ctes
}

/** The columns that a query gives. */
export function shapeOf(query: unknown, outer: Scope, reader: ShapeReader): Shape {
  const [kind, content] = kindOf(query) ?? ['', {}]
  if (kind === 'subquery' || kind === 'paren')
    return renamed(shapeOf(content['this'], outer, reader), content['column_aliases'])
  if (kind === 'union' || kind === 'except' || kind === 'intersect') {
    const within = { ...outer, ctes: ctesOf(content['with'], outer, reader) }
    return united(shapeOf(content['left'], within, reader), shapeOf(content['right'], within, reader))
  }
  if (kind === 'values') {
    const first = listOf(content['expressions'])[0]
    const count = isNode(first) ? listOf(first['expressions']).length : 0
    const columns = Array.from({ length: count }, (_, index) => ({ name: `col${index}`, type: plainType }))
    return { columns, isWhole: true }
  }
  return kind === 'select' ? shapeOfSelect(content, scopeOfSelect(content, outer, reader), reader) : unknownShape
}

function shapeOfSelect(select: Node, scope: Scope, reader: ShapeReader): Shape {
  const parts = listOf(select['expressions']).map((item) => shapeOfItem(item, scope, reader))
  return { columns: parts.flatMap(({ columns }) => columns), isWhole: parts.every(({ isWhole }) => isWhole) }
}

function shapeOfItem(item: unknown, scope: Scope, reader: ShapeReader): Shape {
  const [kind, content] = kindOf(item) ?? ['', {}]
  if (kind === 'star') return shapeOfStar(content, scope)
  const name =
    kind === 'alias' ? lowerName(content['alias']) : kind === 'column' ? lowerName(content['name']) : undefined
  const type = reader.typeOf(kind === 'alias' ? content['this'] : item, scope)
  return { columns: [{ name: name ?? '', type }], isWhole: true }
}

function shapeOfStar(star: Node, { sources }: Scope): Shape {
  const table = lowerName(star['table'])
  const shapes = sources.filter(({ name }) => table === undefined || name === table).map(({ shape }) => shape)
  const left = new Set(listOf(star['except']).map(lowerName))
  const replaced = new Set(listOf(star['replace']).map((one) => (isNode(one) ? lowerName(one['alias']) : undefined)))
  const renames = new Map(
    listOf(star['rename']).map((pair) => [lowerName(listOf(pair)[0]), lowerName(listOf(pair)[1])]),
  )
  const columns = shapes
    .flatMap((shape) => shape.columns)
    .filter(({ name }) => !left.has(name))
    .map(({ name, type }) => ({ name: renames.get(name) ?? name, type: replaced.has(name) ? plainType : type }))
  return { columns, isWhole: shapes.every(({ isWhole }) => isWhole) }
}

/** A column of both is what it is in the first, where it is the same in the second. */
function united(left: Shape, right: Shape): Shape {
  const columns = left.columns.map(({ name, type }, index) => {
    const other = right.columns[index]?.type
    return { name, type: other !== undefined && isSame(type, other) ? type : plainType }
  })
  return { columns, isWhole: left.isWhole }
}

function isSame(left: ColumnType, right: ColumnType): boolean {
  if (left.form !== 'object' || right.form !== 'object') return left.form === right.form
  return JSON.stringify([...left.fields]) === JSON.stringify([...right.fields])
}

function sourceOf(item: unknown, scope: Scope, reader: ShapeReader): Source {
  const [kind, content] = kindOf(item) ?? ['', {}]
  const alias = lowerName(content['alias'])
  if (kind === 'table') {
    const path = [content['catalog'], content['schema'], content['name']].flatMap((part) => lowerName(part) ?? [])
    const shape = renamed(shapeOfTable(content, scope, reader), content['column_aliases'])
    return { name: alias ?? path.at(-1) ?? '', path: alias === undefined ? path : [alias], shape }
  }
  const shape = kind === 'subquery' ? shapeOf(item, scope, reader) : unknownShape
  return { name: alias ?? '', path: [alias ?? ''], shape }
}

function shapeOfTable(table: Node, scope: Scope, { known }: ShapeReader): Shape {
  const name = partWritten(table['name'])?.text ?? ''
  const cte = table['schema'] === null ? scope.ctes.get(name.toLowerCase()) : undefined
  if (cte !== undefined) return cte
  const columns = known.columnsOf(sourceSchema(table, known), name)
  if (columns === undefined) return unknownShape
  return {
    columns: columns.map((column) => ({ name: column.name.toLowerCase(), type: columnType(column.type) })),
    isWhole: true,
  }
}

function renamed(shape: Shape, names: unknown): Shape {
  const given = listOf(names).map(lowerName)
  if (given.length === 0) return shape
  // Where columns are missing before it, nobody knows which one a name is for.
  if (!shape.isWhole) return unknownShape
  return { ...shape, columns: shape.columns.map(({ name, type }, index) => ({ name: given[index] ?? name, type })) }
}

/** What a name of a column means. */
export function columnNamed(path: readonly string[], scope: Scope | undefined): ColumnType {
  if (scope === undefined) return { form: 'unknown' }
  const name = path.at(-1) ?? ''
  const table = path.slice(0, -1)
  const sources = table.length === 0 ? scope.sources : scope.sources.filter((source) => isNamed(source, table))
  for (const { shape } of sources) {
    const column = shape.columns.find((one) => one.name === name)
    if (column !== undefined) return column.type
  }
  const alias = table.length === 0 ? scope.aliases.get(name) : undefined
  if (alias !== undefined) return alias
  // What is not known of could be it.
  if (sources.some(({ shape }) => !shape.isWhole)) return { form: 'unknown' }
  return columnNamed(path, scope.outer)
}

/** The name under which the table of a longer name is selected from: `v` of `public.v.bytes`. */
export function sourceNamed(path: readonly string[], scope: Scope | undefined): string | undefined {
  if (scope === undefined) return undefined
  const source = scope.sources.find((one) => isNamed(one, path.slice(0, -1)))
  return source?.name ?? sourceNamed(path, scope.outer)
}

function isNamed({ name, path }: Source, table: readonly string[]): boolean {
  if (table.length === 1) return table[0] === name
  return path.length >= table.length && table.every((part, index) => part === path[path.length - table.length + index])
}
