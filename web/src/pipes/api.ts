import { queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import type { ParkedObject, PipeDetails, PipeLoad, StageEntry } from '../../../src/api/pipe.ts'
import { parkedShape, pipeLoadShape, pipeShape, stagesShape } from '../../../src/server/pipe-shapes.ts'
import { valueOf } from '../api/connection.ts'

export type { ParkedObject, PipeDetails, PipeLoad, StageEntry }

const busyMs = 1000
const restMs = 3000
const stagesMs = 5000

/** All pipes, asked again while the page is in sight; more often while something waits for one. */
export const pipesQuery = queryOptions({
  queryKey: ['pipes'],
  queryFn: ({ signal }) => valueOf({ path: '/pipes', signal }, z.array(pipeShape)),
  refetchInterval: ({ state }) => ((state.data ?? []).some(isBusy) ? busyMs : restMs),
  staleTime: 0,
})

function isBusy({ state, pending_files, queue_messages }: PipeDetails): boolean {
  return state === 'running' && (pending_files > 0 || (queue_messages ?? 0) > 0)
}

export const stagesQuery = queryOptions({
  queryKey: ['stages'],
  queryFn: ({ signal }) => valueOf({ path: '/stages', signal }, stagesShape),
  refetchInterval: stagesMs,
  staleTime: 0,
})

/** What a pipe has given up, newest first. `count` is how much that is: another count is another answer. */
export function parkedQuery(name: string, count: number, limit: number) {
  return queryOptions({
    queryKey: ['parked', name, count, limit],
    queryFn: ({ signal }) => valueOf({ path: `${pathOf(name)}/parked?limit=${limit}`, signal }, parkedShape),
    placeholderData: (previous, query) => (query?.queryKey[1] === name ? previous : undefined),
    gcTime: 30_000,
  })
}

/** What a reader can have a pipe do. */
export type PipeAction =
  | { readonly kind: 'pause' | 'resume' | 'retry' }
  /** `prefix`: what names begin with behind the pipe's own place; empty for all. */
  | { readonly kind: 'refresh'; readonly prefix: string }

/** Has a pipe do something; undefined where nothing is loaded by it. */
export async function act(name: string, action: PipeAction, signal: AbortSignal): Promise<PipeLoad | undefined> {
  const call = { method: 'POST', path: `${pathOf(name)}/${action.kind}`, signal } as const
  if (action.kind === 'refresh')
    return valueOf({ ...call, body: action.prefix === '' ? {} : { prefix: action.prefix } }, pipeLoadShape)
  if (action.kind === 'retry') return valueOf(call, pipeLoadShape)
  await valueOf(call, pipeShape)
  return undefined
}

function pathOf(name: string): string {
  return `/pipes/${encodeURIComponent(name)}`
}
