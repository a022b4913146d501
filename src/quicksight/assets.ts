import type { Place } from '../aws-setup/place.ts'
import { type Resource, bind } from '../aws-setup/resource.ts'
import { assetKind } from './asset-kind.ts'
import { dashboard } from './dashboard.ts'
import { dataSet } from './data-set.ts'
import { dataSource } from './data-source.ts'
import type { Deployment } from './deployment.ts'

/** What a deployment wants in QuickSight, each after what it is made on. */
export function quickSightAssets(place: Place, deployment: Deployment): Resource[] {
  return [dataSource, dataSet, dashboard].map((wanted) => bind(assetKind, wanted(place, deployment)))
}
