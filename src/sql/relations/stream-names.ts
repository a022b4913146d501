import type { StreamState } from '../../streams/stream-store.ts'
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
