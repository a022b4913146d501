import type { Place } from '../aws-setup/place.ts'
import { type WantedAsset, assetKind, assetTags, sentencesOf } from './asset.ts'
import { type Deployment, assetArn, contentOf, idOf, grantsOf, withPermissions } from './deployment.ts'

interface WantedDataSource extends WantedAsset {
  readonly accountId: string
  readonly id: string
}

/** Athena, as a workgroup asks it. */
export function dataSource(place: Place, deployment: Deployment): WantedDataSource {
  const { accountId } = place
  const id = idOf(deployment, 'datasource')
  const own = {
    AwsAccountId: accountId,
    DataSourceId: id,
    Name: `${deployment.name} on Athena`,
    DataSourceParameters: { AthenaParameters: { WorkGroup: deployment.workgroup } },
    SslProperties: { DisableSsl: false },
  }
  const grants = grantsOf(place, deployment, 'datasource')
  const content = contentOf({ own, grants })
  return {
    kind: 'data source',
    name: own.Name,
    setup: deployment.name,
    arn: assetArn(place, deployment, 'datasource'),
    accountId,
    id,
    content,
    create: {
      operation: 'quicksight:CreateDataSource',
      input: { ...own, Type: 'ATHENA', ...withPermissions(grants), Tags: assetTags(deployment.name, content) },
    },
    update: () => [
      { does: `Change the data source ${own.Name}.`, call: { operation: 'quicksight:UpdateDataSource', input: own } },
      ...grants.map((GrantPermissions) => ({
        does: `Say who owns the data source ${own.Name}.`,
        call: {
          operation: 'quicksight:UpdateDataSourcePermissions' as const,
          input: { AwsAccountId: accountId, DataSourceId: id, GrantPermissions },
        },
      })),
    ],
    remove: { operation: 'quicksight:DeleteDataSource', input: { AwsAccountId: accountId, DataSourceId: id } },
  }
}

export const dataSourceKind = assetKind<WantedDataSource>(async ({ accountId, id }, quicksight) => {
  const { DataSource } = await quicksight.describeDataSource({ AwsAccountId: accountId, DataSourceId: id })
  const errors = DataSource?.ErrorInfo === undefined ? [] : [DataSource.ErrorInfo]
  return { status: DataSource?.Status, errors: sentencesOf(errors), version: 0 }
})
