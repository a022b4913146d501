import type { Context } from './context.ts'
import type { Known } from './known.ts'
import { call } from './expressions.ts'
import { type Node, type WrittenPart, isNode, partWritten } from './tree.ts'

/** Leaves out the database of a table's name, or puts the schema of the engine in; and the schema that stands for the user's and the built-in objects. */
export function tableNamed(content: Node, { notices, known }: Pick<Context, 'notices' | 'known'>): Node {
  if (!isNode(content['name'])) return content
  const own = ownSchema(content, known)
  if (own !== undefined && isNode(content['schema']))
    return { ...content, catalog: null, schema: { ...content['schema'], name: own, quoted: true } }
  const [catalog, schema, name] = ['catalog', 'schema', 'name'].map((key) => partWritten(content[key])?.text ?? '')
  if (schema === '' || isEngines(schema)) return catalog === '' ? content : { ...content, catalog: null }
  if (catalog !== '' || !/^public$/i.test(schema ?? ''))
    notices.add(
      `${[catalog, schema, name].filter((text) => text !== '').join('.')} is read as ${name}: the lake has one database.`,
    )
  return { ...content, catalog: null, schema: null }
}

/** The schema of the engine that a table is in; undefined where it is looked up. */
export function sourceSchema(table: Node, known: Pick<Known, 'schemaNamed'>): string | undefined {
  const own = ownSchema(table, known)
  const written = partWritten(table['schema'])?.text
  return own ?? (isEngines(written) ? written?.toLowerCase() : undefined)
}

function ownSchema(table: Node, known: Pick<Known, 'schemaNamed'>): string | undefined {
  const written = partWritten(table['schema'])
  return written === undefined ? undefined : known.schemaNamed(partWritten(table['catalog']), written)
}

function isEngines(schema: string | undefined): boolean {
  return schema !== undefined && /^(logs|lake)$/i.test(schema)
}

/** A call of a function that a statement made, under its name in the engine; undefined for any other. */
export function ownFunction(
  path: readonly WrittenPart[],
  args: readonly unknown[],
  { known }: Pick<Context, 'known'>,
): unknown {
  const [name, schema, database] = path.toReversed()
  if (name === undefined) return undefined
  const place = schema === undefined ? undefined : known.schemaNamed(database, schema)
  if (known.functionNamed(place, name.text) === undefined) return undefined
  const called = identifierOf(name.text, name.quoted)
  if (place === undefined) return call(name.text, ...args)
  const container = {
    column: { name: identifierOf(place, true), table: null, join_mark: false, trailing_comments: [] },
  }
  return { method_call: { this: container, method: called, args } }
}

function identifierOf(name: string, quoted: boolean): Node {
  return { name, quoted, trailing_comments: [] }
}
