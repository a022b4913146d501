import { identifier } from '../../engines/duckdb.ts'
import type { StreamState } from '../../streams/stream-store.ts'
import { streamSql, unreadSql } from '../../streams/stream-views.ts'
import { refuseStale } from '../execution/streams.ts'
import { callNotices } from '../calls/notices.ts'
import { engineSchema } from '../execution/names.ts'
import { checkReading } from '../guard.ts'
import { type EngineNode, engineText, engineTree, isEngineNode } from '../relations/engine-tree.ts'
import { listIn, tableIn } from '../relations/query-node.ts'
import { placesIn } from '../relations/places.ts'
import { streamAt, streamsIn } from '../relations/stream-names.ts'
import { qualified } from '../relations/qualify.ts'
import { translate } from '../translate.ts'
import { type DmlQuery, type RowsQuery, rowIdColumn } from './queries.ts'
import type { Target } from './target.ts'
import type { Work } from './work.ts'

/** A query of the engine, ready to be put into a statement. */
export interface ReadyQuery {
  readonly sql: string
  readonly notices: readonly string[]
}

/**
 * A query of the script's dialect as the engine's, rewritten in the syntax tree: every name with its schema, and a stream as what it has up to the
 * commit before this transaction, whatever this transaction has done since. The caller says whether reading a stream moves it.
 */
export async function readyQuery(
  { text }: DmlQuery,
  work: Work,
  { consumes, target }: { readonly consumes: boolean; readonly target?: Target | undefined },
): Promise<ReadyQuery> {
  const { connection, dialect, known, names, session, calls, made } = work
  const { sql, notices } = await translate(text, dialect, known)
  const mentioned = await calls.namesIn(sql)
  await checkReading(connection, sql, mentioned)
  const { database, schema } = session
  const own = database === undefined || schema === undefined ? 'public' : engineSchema(database, schema)
  const named = qualified(await engineTree(connection, sql), placesIn(names, own))
  const written = target === undefined ? named : await withRowIds(named, target, work)
  const read = new Map<StreamState, EngineNode>()
  for (const stream of streamsIn(written, work.streams)) {
    refuseStale(stream)
    if (consumes) work.consumed.add(stream)
    read.set(stream, await sourceOf(await streamSql(connection, stream, work.loadId - 1), work))
  }
  const whole = await engineText(connection, withStreams(written, read))
  const prepared = await calls.prepare(connection, whole, mentioned, own, work.signal)
  if (prepared === undefined) return { sql: whole, notices }
  made.releases.push(prepared.release)
  made.reports.push(...prepared.reports)
  return { sql: prepared.sql, notices: [...notices, ...callNotices(prepared.reports)] }
}

/** The query of `readyQuery` for rows of a table that is written. */
export async function readyRows(query: RowsQuery, target: Target, work: Work): Promise<ReadyQuery> {
  return readyQuery(query, work, { consumes: true, target })
}

/** Puts the stored rows with their ids in the place of the first table of the query's FROM. */
async function withRowIds(tree: EngineNode, { name, stored, columns }: Target, work: Work): Promise<EngineNode> {
  const isUnread = unreadSql(streamsOf(name, work))
  const shown = [...columns, `_row_id as ${identifier(rowIdColumn)}`, `${isUnread} as "METADATA$UNREAD"`].join(', ')
  const rows = await sourceOf(`select ${shown} from ${stored}`, work)
  const first = (node: unknown): unknown => {
    if (!isEngineNode(node)) return node
    return node['type'] === 'JOIN' ? { ...node, left: first(node['left']) } : inPlaceOf(node, rows)
  }
  const withRows = (statement: unknown): unknown => {
    if (!isEngineNode(statement) || !isEngineNode(statement['node'])) return statement
    const { node } = statement
    return { ...statement, node: { ...node, from_table: first(node['from_table']) } }
  }
  return { ...tree, statements: listIn(tree['statements']).map(withRows) }
}

/** A query as what stands in FROM. */
function sourceOf(sql: string, { connection }: Work): Promise<EngineNode> {
  return tableIn(`(${sql}) as millrace_source`, connection)
}

/** The streams of a table, as this transaction leaves them. */
function streamsOf(table: string, { streams, consumed, loadId }: Work): StreamState[] {
  return streams
    .filter((stream) => stream.table === table)
    .map((stream) => (consumed.has(stream) ? { ...stream, position: loadId - 1, initialTo: undefined } : stream))
}

/** A table of FROM as another, under the name that it had. */
function inPlaceOf(table: EngineNode, other: EngineNode): EngineNode {
  const alias = table['alias'] === '' ? table['table_name'] : table['alias']
  return { ...other, alias, column_name_alias: table['column_name_alias'] ?? [], sample: table['sample'] ?? null }
}

function withStreams(node: EngineNode, read: ReadonlyMap<StreamState, EngineNode>): EngineNode {
  const change = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(change)
    return isEngineNode(value) ? withStreams(value, read) : value
  }
  const stream = streamAt(node, [...read.keys()])
  const source = stream === undefined ? undefined : read.get(stream)
  if (source !== undefined) return inPlaceOf(node, source)
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, change(value)]))
}
