import type { DuckDBConnection } from '@duckdb/node-api'
import { type StreamState, readStreams } from '../../streams/stream-store.ts'
import { failed } from '../execution/failure.ts'
import { shownName } from '../execution/names.ts'
import { streamPlace } from '../execution/streams.ts'
import { type EngineNode, isEngineNode } from './engine-tree.ts'

/** The streams that a syntax tree selects from, whose names have their schemas. */
export function streamsIn(node: unknown, streams: readonly StreamState[]): Set<StreamState> {
  if (Array.isArray(node)) return new Set(node.flatMap((one) => [...streamsIn(one, streams)]))
  if (!isEngineNode(node)) return new Set()
  const own = streamAt(node, streams)
  return new Set([...(own === undefined ? [] : [own]), ...streamsIn(Object.values(node), streams)])
}

/** The stream that a table of FROM is. */
export function streamAt(node: EngineNode, streams: readonly StreamState[]): StreamState | undefined {
  if (node['type'] !== 'BASE_TABLE') return undefined
  const at = `${String(node['schema_name'])}.${String(node['table_name'])}`.toLowerCase()
  return streams.find((stream) => {
    const { schema, name } = streamPlace(stream)
    return `${schema}.${name}`.toLowerCase() === at
  })
}

/** Refuses a query that reads a stream where nothing would move it: `reader` is what a sentence about it begins with. */
export async function refuseStreams(reader: string, tree: EngineNode, connection: DuckDBConnection): Promise<void> {
  const [stream] = streamsIn(tree, await readStreams(connection))
  if (stream !== undefined)
    throw failed(
      `${reader} reads the stream ${shownName(stream)}, and would not move it; take its rows by INSERT or CREATE TABLE AS, and read that table`,
    )
}
