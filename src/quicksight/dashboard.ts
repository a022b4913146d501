import type { Place } from '../aws-setup/place.ts'
import { type WantedAsset, assetKind, assetTags, sentencesOf } from './asset.ts'
import { definitionOf } from './definition.ts'
import { type Deployment, assetArn, contentOf, idOf, grantsOf, withPermissions } from './deployment.ts'

interface WantedDashboard extends WantedAsset {
  readonly accountId: string
  readonly id: string
}

/** The charts over the data set. A change is a new version, which is then published. */
export function dashboard(place: Place, deployment: Deployment): WantedDashboard {
  const { accountId } = place
  const id = idOf(deployment, 'dashboard')
  const own = {
    AwsAccountId: accountId,
    DashboardId: id,
    Name: `${deployment.name}: VPC traffic`,
    Definition: definitionOf(assetArn(place, deployment, 'dataset')),
  }
  const grants = grantsOf(place, deployment, 'dashboard')
  const content = contentOf({ own, grants })
  return {
    kind: 'dashboard',
    name: own.Name,
    setup: deployment.name,
    arn: assetArn(place, deployment, 'dashboard'),
    accountId,
    id,
    content,
    create: {
      operation: 'quicksight:CreateDashboard',
      input: { ...own, ...withPermissions(grants), Tags: assetTags(deployment.name, content) },
    },
    update: (VersionNumber) => [
      {
        does: `Make version ${VersionNumber} of the dashboard ${own.Name}.`,
        call: { operation: 'quicksight:UpdateDashboard', input: own },
      },
      {
        does: `Publish version ${VersionNumber} of the dashboard ${own.Name}.`,
        call: {
          operation: 'quicksight:UpdateDashboardPublishedVersion',
          input: { AwsAccountId: accountId, DashboardId: id, VersionNumber },
        },
      },
      ...grants.map((GrantPermissions) => ({
        does: `Say who owns the dashboard ${own.Name}.`,
        call: {
          operation: 'quicksight:UpdateDashboardPermissions' as const,
          input: { AwsAccountId: accountId, DashboardId: id, GrantPermissions },
        },
      })),
    ],
    remove: { operation: 'quicksight:DeleteDashboard', input: { AwsAccountId: accountId, DashboardId: id } },
  }
}

export const dashboardKind = assetKind<WantedDashboard>(async ({ accountId, id }, quicksight) => {
  const asked = { AwsAccountId: accountId, DashboardId: id }
  const { DashboardVersionSummaryList: versions = [] } = await quicksight.listDashboardVersions(asked)
  const latest = Math.max(0, ...versions.map(({ VersionNumber = 0 }) => VersionNumber))
  const { Dashboard } = await quicksight.describeDashboard(latest === 0 ? asked : { ...asked, VersionNumber: latest })
  return { status: Dashboard?.Version?.Status, errors: sentencesOf(Dashboard?.Version?.Errors), version: latest }
})
