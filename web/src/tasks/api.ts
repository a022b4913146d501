import { queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { streamShape, taskRunsShape, taskShape } from '../../../src/server/task-shapes.ts'
import type { StreamEntry } from '../../../src/api/stream.ts'
import type { TaskDetails, TaskRunEntry } from '../../../src/api/task.ts'
import { valueOf } from '../api/connection.ts'

export type { StreamEntry, TaskDetails, TaskRunEntry }

const busyMs = 1000
const restMs = 3000

/** All tasks, asked again while the page is in sight; more often while one runs. */
export const tasksQuery = queryOptions({
  queryKey: ['tasks'],
  queryFn: ({ signal }) => valueOf({ path: '/tasks', signal }, z.array(taskShape)),
  refetchInterval: ({ state }) => ((state.data ?? []).some(({ is_running }) => is_running) ? busyMs : restMs),
  staleTime: 0,
})

export const streamsQuery = queryOptions({
  queryKey: ['streams'],
  queryFn: ({ signal }) => valueOf({ path: '/streams', signal }, z.array(streamShape)),
  refetchInterval: restMs,
  staleTime: 0,
})

/** Runs of a task, newest first. `moment` is what changes when there are others. */
export function runsQuery(name: string, moment: string, limit: number) {
  return queryOptions({
    queryKey: ['task-runs', name, moment, limit],
    queryFn: ({ signal }) => valueOf({ path: `${pathOf(name)}/history?limit=${limit}`, signal }, taskRunsShape),
    placeholderData: (previous, query) => (query?.queryKey[1] === name ? previous : undefined),
    gcTime: 30_000,
  })
}

/** What a reader can have a task do. */
export interface TaskAction {
  readonly kind: 'run' | 'suspend' | 'resume'
}

/** Has a task do something; the runs that came of it. */
export async function act(name: string, { kind }: TaskAction, signal: AbortSignal): Promise<TaskRunEntry[]> {
  const call = { method: 'POST', path: `${pathOf(name)}/${kind}`, signal } as const
  if (kind === 'run') return valueOf(call, taskRunsShape)
  await valueOf(call, taskShape)
  return []
}

function pathOf(name: string): string {
  return `/tasks/${encodeURIComponent(name)}`
}
