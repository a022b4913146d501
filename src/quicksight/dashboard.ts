import type { QuickSight } from '@aws-sdk/client-quicksight'
import type { Place } from '../aws-setup/place.ts'
import { type AssetState, type WantedAsset, assetOf, otherThan, sentencesOf } from './asset.ts'
import { definitionOf } from './definition.ts'
import { type Deployment, assetArn, idOf } from './deployment.ts'

interface Asked {
  readonly AwsAccountId: string
  readonly DashboardId: string
}

/** The charts over the data set. A change is a new version, which is then published. */
export function dashboard(place: Place, deployment: Deployment): WantedAsset {
  const asked = { AwsAccountId: place.accountId, DashboardId: idOf(deployment, 'dashboard') }
  const own = {
    ...asked,
    Name: `${deployment.name}: VPC traffic`,
    Definition: definitionOf(assetArn(place, deployment, 'dataset')),
  }
  return assetOf(place, deployment, {
    kind: 'dashboard',
    type: 'dashboard',
    name: own.Name,
    own,
    create: (more) => ({ operation: 'quicksight:CreateDashboard', input: { ...own, ...more } }),
    change: (VersionNumber) => [
      {
        does: `Make version ${VersionNumber} of the dashboard ${own.Name}.`,
        call: { operation: 'quicksight:UpdateDashboard', input: own },
      },
      {
        does: `Publish version ${VersionNumber} of the dashboard ${own.Name}.`,
        call: { operation: 'quicksight:UpdateDashboardPublishedVersion', input: { ...asked, VersionNumber } },
      },
    ],
    grant: (GrantPermissions) => ({
      operation: 'quicksight:UpdateDashboardPermissions',
      input: { ...asked, GrantPermissions },
    }),
    remove: { operation: 'quicksight:DeleteDashboard', input: asked },
    describe: (quicksight) => describe(quicksight, asked, own.Name),
  })
}

async function describe(quicksight: QuickSight, asked: Asked, name: string): Promise<AssetState> {
  // Without a number, the published one is described (API reference, DescribeDashboard).
  const { Dashboard: { Name, Version: published = {} } = {} } = await quicksight.describeDashboard(asked)
  const latest = await latestVersion(quicksight, asked)
  const isPublished = latest === published.VersionNumber
  const last = isPublished
    ? published
    : (await quicksight.describeDashboard({ ...asked, VersionNumber: latest })).Dashboard?.Version
  return {
    status: published.Status,
    errors: sentencesOf(last?.Errors),
    differences: otherThan('name', Name, name),
    versions: { published: published.VersionNumber ?? latest, latest },
  }
}

async function latestVersion(quicksight: QuickSight, asked: Asked): Promise<number> {
  let latest = 1
  let NextToken: string | undefined
  do {
    const more = NextToken === undefined ? {} : { NextToken }
    const page = await quicksight.listDashboardVersions({ ...asked, ...more })
    latest = Math.max(latest, ...(page.DashboardVersionSummaryList ?? []).map(({ VersionNumber = 1 }) => VersionNumber))
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  return latest
}
