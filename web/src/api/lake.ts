import { queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import {
  type Dashboard,
  dashboardEntryShape,
  type StoredDashboard,
  storedDashboardShape,
} from '../../../src/dashboard/shape.ts'
import { parameterTypes } from '../../../src/named-queries/named-query.ts'
import { valueOf } from './connection.ts'
import type { Question } from './query.ts'

const versionShape = z.object({ version: z.string().nullable() })

const statusShape = z.object({ lake: z.string(), version: z.string(), files: z.number(), rows: z.number() })

const namedQueryShape = z.object({
  name: z.string(),
  title: z.string(),
  question: z.string(),
  counts: z.string().optional(),
  logTypes: z.array(z.string()),
  sql: z.string(),
  parameters: z.array(
    z.object({ name: z.string(), type: z.enum(parameterTypes), doc: z.string(), default: z.string().optional() }),
  ),
  chart: z.object({
    type: z.string(),
    axis: z.string().optional(),
    measure: z.string().optional(),
    series: z.string().optional(),
  }),
})

const viewShape = z.object({
  name: z.string(),
  time: z.string().optional(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
})

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

/** How much is in the lake, for this state of its data. */
export function statusQuery(version: string | undefined) {
  return queryOptions({
    queryKey: ['status', version],
    queryFn: ({ signal }) => valueOf({ path: '/status', signal }, statusShape),
    placeholderData: (previous) => previous,
    staleTime: Infinity,
  })
}

const recordsShape = z.object({ view: z.string(), sql: z.string() }).nullable()

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
