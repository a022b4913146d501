import { createHash } from 'node:crypto'
import type { Place } from '../aws-setup/place.ts'

/** What is to be in QuickSight. */
export interface Deployment {
  /** What data source, data set and dashboard are called, and what their ids begin with. */
  readonly name: string
  /** Of Athena: where the relation is, and who asks. */
  readonly database: string
  readonly relation: string
  readonly workgroup: string
  /** The columns of the relation that have the days of its partitions: one as yyyy/MM/dd, or year, month and day of their own; none where it has none. */
  readonly dayColumns: readonly string[]
  /** Who owns it in QuickSight: `Admin/jane` of the namespace `default`. Without one, only the API shows it. */
  readonly owner: string | undefined
  /** Where QuickSight's users are kept; the deployment's own region without it. */
  readonly identityRegion: string | undefined
  /** `SPICE` keeps a copy of the data in QuickSight. */
  readonly importMode: 'DIRECT_QUERY' | 'SPICE'
}

export type AssetType = 'datasource' | 'dataset' | 'dashboard'

/** Chosen by us, so that the second time finds what the first has made. */
export function idOf({ name }: Deployment, type: AssetType): string {
  return `${name}-${type}`
}

export function assetArn(place: Place, deployment: Deployment, type: AssetType): string {
  return `${prefixOf(place, place.region)}:${type}/${idOf(deployment, type)}`
}

function prefixOf({ partition, accountId }: Place, region: string): string {
  return `arn:${partition}:quicksight:${region}:${accountId}`
}

/** Sets of actions that QuickSight knows as an owner's; others it refuses. */
const ownerActions: Readonly<Record<AssetType, readonly string[]>> = {
  datasource: [
    'DescribeDataSource',
    'DescribeDataSourcePermissions',
    'PassDataSource',
    'UpdateDataSource',
    'DeleteDataSource',
    'UpdateDataSourcePermissions',
  ],
  dataset: [
    'DescribeDataSet',
    'DescribeDataSetPermissions',
    'PassDataSet',
    'DescribeIngestion',
    'ListIngestions',
    'UpdateDataSet',
    'DeleteDataSet',
    'CreateIngestion',
    'CancelIngestion',
    'UpdateDataSetPermissions',
  ],
  dashboard: [
    'DescribeDashboard',
    'ListDashboardVersions',
    'UpdateDashboardPermissions',
    'QueryDashboard',
    'UpdateDashboard',
    'DeleteDashboard',
    'DescribeDashboardPermissions',
    'UpdateDashboardPublishedVersion',
  ],
}

/** Who may do what with an asset. */
export interface Grant {
  readonly Principal: string
  readonly Actions: string[]
}

/** One list of grants, or none where nobody is named. */
export function grantsOf(place: Place, { owner, identityRegion }: Deployment, type: AssetType): Grant[][] {
  if (owner === undefined) return []
  const Principal = `${prefixOf(place, identityRegion ?? place.region)}:user/default/${owner}`
  return [[{ Principal, Actions: ownerActions[type].map((action) => `quicksight:${action}`) }]]
}

/** Tells what was sent apart from anything else that could be. */
export function contentOf(input: object): string {
  return createHash('sha256').update(JSON.stringify(input)).digest('hex').slice(0, 32)
}
