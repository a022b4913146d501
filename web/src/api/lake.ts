import { queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import {
  type Dashboard,
  dashboardEntryShape,
  type StoredDashboard,
  storedDashboardShape,
} from '../../../src/dashboard/shape.ts'
import {
  enginesShape,
  namedQueryShape,
  recordsShape,
  statusShape,
  versionShape,
  viewShape,
} from '../../../src/server/answers.ts'
import { valueOf } from './connection.ts'
import type { Question } from './query.ts'

export type NamedQuery = z.output<typeof namedQueryShape>
export type LakeView = z.output<typeof viewShape>

const pollMs = 4000

/** The name of the data's state: it changes when something was loaded. Asked again while somebody looks. */
export const versionQuery = queryOptions({
  queryKey: ['version'],
  queryFn: ({ signal }) => valueOf({ path: '/version', signal }, versionShape),
  refetchInterval: pollMs,
  staleTime: 0,
  retry: true,
  retryDelay: pollMs,
})

/** Whether queries can run on Athena too, as the server was set up when it started. */
export const enginesQuery = queryOptions({
  queryKey: ['engines'],
  queryFn: ({ signal }) => valueOf({ path: '/engines', signal }, enginesShape),
  staleTime: Infinity,
})

/** How much is in the lake, for this state of its data. */
export function statusQuery(version: string | undefined) {
  return queryOptions({
    queryKey: ['status', version],
    queryFn: ({ signal }) => valueOf({ path: '/status', signal }, statusShape),
    placeholderData: (previous) => previous,
    staleTime: Infinity,
  })
}

/** The statement that gives the records behind a tile's rows; null where the server finds none. */
export function recordsQuery(question: Question, column: string) {
  const { sql, dialect, name, parameters } = question
  return queryOptions({
    queryKey: ['records', sql, dialect, name, parameters, column],
    queryFn: ({ signal }) =>
      valueOf(
        { method: 'POST', path: '/records', body: { sql, dialect, name, parameters, column }, signal },
        recordsShape,
      ),
    staleTime: 60_000,
  })
}

export const namedQueriesQuery = queryOptions({
  queryKey: ['queries'],
  queryFn: ({ signal }) => valueOf({ path: '/queries', signal }, z.array(namedQueryShape)),
  staleTime: Infinity,
})

export const viewsQuery = queryOptions({
  queryKey: ['views'],
  queryFn: ({ signal }) => valueOf({ path: '/views', signal }, z.array(viewShape)),
  staleTime: Infinity,
})

export const dashboardsQuery = queryOptions({
  queryKey: ['dashboards'],
  queryFn: ({ signal }) => valueOf({ path: '/dashboards', signal }, z.array(dashboardEntryShape)),
})

export function dashboardQuery(name: string) {
  return queryOptions({
    queryKey: ['dashboard', name],
    queryFn: ({ signal }) => valueOf({ path: `/dashboards/${name}`, signal }, storedDashboardShape),
  })
}

export function writeDashboard(name: string, dashboard: Dashboard): Promise<StoredDashboard> {
  return valueOf({ method: 'PUT', path: `/dashboards/${name}`, body: dashboard }, storedDashboardShape)
}

export function removeDashboard(name: string): Promise<unknown> {
  return valueOf({ method: 'DELETE', path: `/dashboards/${name}` }, z.object({}))
}
