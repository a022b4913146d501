import type { Place } from '../aws-setup/place.ts'
import { type Resource, bind } from '../aws-setup/resource.ts'
import { dashboard, dashboardKind } from './dashboard.ts'
import { dataSet, dataSetKind } from './data-set.ts'
import { dataSource, dataSourceKind } from './data-source.ts'
import type { Deployment } from './deployment.ts'

/** What a deployment wants in QuickSight, each after what it is made on. */
export function quickSightAssets(place: Place, deployment: Deployment): Resource[] {
  return [
    bind(dataSourceKind, dataSource(place, deployment)),
    bind(dataSetKind, dataSet(place, deployment)),
    bind(dashboardKind, dashboard(place, deployment)),
  ]
}
