import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { HistoryEntry, LoadStatus, ReplayOptions, ReplaySummary } from '../../../src/api.ts'
import { historyShape, rejectsShape, replayShape, statusShape } from '../../../src/server/answers.ts'
import { valueOf } from '../api/connection.ts'

export type { HistoryEntry, LoadStatus, ReplaySummary }

const runningMs = 700
const restMs = 3000

/** What is loading, asked again while the page is in sight; more often while something is. */
export const loadingQuery = queryOptions({
  queryKey: ['loading'],
  queryFn: ({ signal }) => valueOf({ path: '/status', signal }, statusShape),
  refetchInterval: ({ state }) => ((state.data?.loading.length ?? 0) > 0 ? runningMs : restMs),
  staleTime: 0,
})

function search(values: Readonly<Record<string, string | number | undefined>>): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) if (value !== undefined) parameters.set(name, String(value))
  return parameters.toString()
}

/** Load history, newest first, at most `limit` files of it. */
export function historyQuery(status: LoadStatus | undefined, limit: number, version: string | undefined) {
  return queryOptions({
    queryKey: ['history', status, limit, version],
    queryFn: ({ signal }) => valueOf({ path: `/history?${search({ status, limit })}`, signal }, historyShape),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 30_000,
  })
}

/** Rejected lines, of one file or of all. */
export function rejectsQuery(file: string | undefined, limit: number, version: string | undefined) {
  return queryOptions({
    queryKey: ['rejects', file, limit, version],
    queryFn: ({ signal }) => valueOf({ path: `/rejects?${search({ file, limit })}`, signal }, rejectsShape),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 30_000,
  })
}

export function replay(options: ReplayOptions): Promise<ReplaySummary> {
  return valueOf({ method: 'POST', path: '/rejects/replay', body: options }, replayShape)
}
