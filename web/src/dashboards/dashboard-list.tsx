import type { ReactNode } from 'react'
import type { DashboardEntry } from '../../../src/dashboard/shape.ts'
import { writeAddress } from '../app/address.ts'
import { textIn, useChoices, useText } from '../app/choices.tsx'
import { Icon } from '../app/icon.tsx'
import { Link } from '../app/link.tsx'
import { shownText } from '../text/figures.ts'

const order = ['vpc-overview', 's3-access-overview', 'lake-health']

/** What most people look for comes first. */
function placeOf({ name }: DashboardEntry): number {
  const at = order.indexOf(name)
  return at === -1 ? order.length : at
}

interface DashboardListProps {
  readonly entries: readonly DashboardEntry[]
  readonly current: string
  readonly onNew: () => void
}

/** The dashboards there are: those that come with Millrace, then those of the lake. */
export function DashboardList({ entries, current, onNew }: DashboardListProps): ReactNode {
  const text = useText()
  const { language } = useChoices()
  const link = (entry: DashboardEntry): ReactNode => (
    <li key={entry.name}>
      <Link
        to={writeAddress({ dashboard: entry.name, range: undefined, filters: [] })}
        isCurrent={entry.name === current}
      >
        {shownText(textIn(entry.title, language), 80)}
        {entry.fault !== undefined && (
          <span className="mark" role="img" aria-label={entry.fault} title={entry.fault}>
            !
          </span>
        )}
      </Link>
    </li>
  )
  const builtIn = entries.filter((entry) => entry.origin !== 'lake')
  const own = entries.filter((entry) => entry.origin === 'lake')
  return (
    <nav className="dashboard-list" aria-label={text('dashboards')}>
      <ul>
        {builtIn.toSorted((one, other) => placeOf(one) - placeOf(other)).map(link)}
        {own.map(link)}
      </ul>
      <button type="button" className="quiet" onClick={onNew}>
        <Icon name="plus" />
        {text('newDashboard')}
      </button>
    </nav>
  )
}
