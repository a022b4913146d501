import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { Dashboard, StoredDashboard } from '../../../src/dashboard/shape.ts'
import { dashboardQuery, dashboardsQuery, writeDashboard } from '../api/lake.ts'

/** A dashboard that is shown, and how it is changed. */
export interface OpenDashboard {
  readonly stored: StoredDashboard | undefined
  readonly error: Error | null
  readonly saveError: Error | null
  /** Shows the change at once and writes it to the lake, one after the other. */
  readonly change: (dashboard: Dashboard) => void
}

export function useDashboard(name: string): OpenDashboard {
  const client = useQueryClient()
  const { data: stored, error } = useQuery(dashboardQuery(name))
  const { queryKey } = dashboardQuery(name)
  const { mutate, error: saveError } = useMutation({
    scope: { id: 'dashboards' },
    mutationFn: (dashboard: Dashboard) => writeDashboard(name, dashboard),
    onMutate: async (dashboard) => {
      await client.cancelQueries({ queryKey })
      client.setQueryData(queryKey, (before) => before && { ...before, dashboard })
    },
    onSuccess: ({ origin }) => {
      client.setQueryData(queryKey, (before) => before && { ...before, origin })
      return client.invalidateQueries({ queryKey: dashboardsQuery.queryKey })
    },
  })
  const change = useCallback(
    (dashboard: Dashboard) => {
      mutate(dashboard)
    },
    [mutate],
  )
  return { stored, error, saveError, change }
}
