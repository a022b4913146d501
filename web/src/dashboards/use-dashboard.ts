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
  readonly change: (edit: (dashboard: Dashboard) => Dashboard) => void
}

export function useDashboard(name: string): OpenDashboard {
  const client = useQueryClient()
  const { data: stored, error } = useQuery(dashboardQuery(name))
  const { queryKey } = dashboardQuery(name)
  const { mutate, error: saveError } = useMutation({
    scope: { id: 'dashboards' },
    mutationFn: (dashboard: Dashboard) => writeDashboard(name, dashboard),
    onError: () => client.invalidateQueries({ queryKey }),
    onSuccess: ({ origin }) => {
      client.setQueryData(queryKey, (before) => before && { ...before, origin })
      return client.invalidateQueries({ queryKey: dashboardsQuery.queryKey })
    },
  })
  const change = useCallback(
    (edit: (dashboard: Dashboard) => Dashboard) => {
      // From the newest state, not the one last drawn: keys come faster than drawings.
      const before = client.getQueryData(dashboardQuery(name).queryKey)
      if (before === undefined) return
      const dashboard = edit(before.dashboard)
      client.setQueryData(dashboardQuery(name).queryKey, { ...before, dashboard })
      mutate(dashboard)
    },
    [client, mutate, name],
  )
  return { stored, error, saveError, change }
}
