import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { dashboardsQuery, writeDashboard } from '../api/lake.ts'
import { type Address, goTo, writeAddress } from '../app/address.ts'
import { useText } from '../app/choices.tsx'
import { fileNameOf, freeName } from '../app/file-names.ts'
import { NameDialog } from '../app/name-dialog.tsx'
import { DashboardList } from './dashboard-list.tsx'
import { DashboardView } from './dashboard-view.tsx'
import type { Dashboard } from '../../../src/dashboard/shape.ts'

interface DashboardsPageProps {
  readonly name: string
  readonly address: Address
  readonly version: string | undefined
  readonly isEmptyLake: boolean
  readonly onAddress: (change: Partial<Address>, replace?: boolean) => void
}

/** The list of dashboards and the one that the address names. */
export function DashboardsPage({ name, address, version, isEmptyLake, onAddress }: DashboardsPageProps): ReactNode {
  const text = useText()
  const client = useQueryClient()
  const { data: entries = [] } = useQuery(dashboardsQuery)
  const [isNaming, setNaming] = useState(false)
  const [fresh, setFresh] = useState<string>()

  const create = async (dashboard: Dashboard, title: string): Promise<void> => {
    const file = freeName(
      fileNameOf(title, 'dashboard'),
      entries.map((entry) => entry.name),
    )
    await writeDashboard(file, { ...dashboard, title })
    await client.invalidateQueries({ queryKey: dashboardsQuery.queryKey })
    setFresh(file)
    goTo(writeAddress({ dashboard: file, range: undefined, filters: [] }))
  }

  return (
    <>
      <DashboardList
        entries={entries}
        current={name}
        onNew={() => {
          setNaming(true)
        }}
      />
      <DashboardView
        key={name}
        name={name}
        address={address}
        version={version}
        isEmptyLake={isEmptyLake}
        startsEditing={fresh === name}
        onAddress={onAddress}
        onCopy={create}
      />
      {isNaming && (
        <NameDialog
          title={text('newDashboard')}
          label={text('nameOfDashboard')}
          initial=""
          action={text('create')}
          onName={(title) => create({ title, tiles: [] }, title)}
          onClose={() => {
            setNaming(false)
          }}
        />
      )}
    </>
  )
}
