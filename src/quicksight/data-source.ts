import type { DataSource } from '@aws-sdk/client-quicksight'
import type { Place } from '../aws-setup/place.ts'
import { type WantedAsset, assetOf, otherThan, sentencesOf } from './asset.ts'
import { type Deployment, idOf } from './deployment.ts'

/** Athena, as a workgroup asks it. */
export function dataSource(place: Place, deployment: Deployment): WantedAsset {
  const asked = { AwsAccountId: place.accountId, DataSourceId: idOf(deployment, 'datasource') }
  const own = {
    ...asked,
    Name: `${deployment.name} on Athena`,
    DataSourceParameters: { AthenaParameters: { WorkGroup: deployment.workgroup } },
    SslProperties: { DisableSsl: false },
  }
  return assetOf(place, deployment, {
    kind: 'data source',
    type: 'datasource',
    name: own.Name,
    own,
    create: (more) => ({ operation: 'quicksight:CreateDataSource', input: { ...own, Type: 'ATHENA', ...more } }),
    change: () => [
      { does: `Change the data source ${own.Name}.`, call: { operation: 'quicksight:UpdateDataSource', input: own } },
    ],
    grant: (GrantPermissions) => ({
      operation: 'quicksight:UpdateDataSourcePermissions',
      input: { ...asked, GrantPermissions },
    }),
    remove: { operation: 'quicksight:DeleteDataSource', input: asked },
    describe: async (quicksight) => {
      const { DataSource: found = {} } = await quicksight.describeDataSource(asked)
      const errors = found.ErrorInfo === undefined ? [] : [found.ErrorInfo]
      return { status: found.Status, errors: sentencesOf(errors), differences: differencesOf(found, own) }
    },
  })
}

function differencesOf(
  { Name, DataSourceParameters, SslProperties }: DataSource,
  own: { readonly Name: string; readonly DataSourceParameters: { AthenaParameters: { readonly WorkGroup: string } } },
): string[] {
  const { WorkGroup, RoleArn } = DataSourceParameters?.AthenaParameters ?? {}
  return [
    ...otherThan('name', Name, own.Name),
    ...otherThan('workgroup', WorkGroup, own.DataSourceParameters.AthenaParameters.WorkGroup),
    ...(RoleArn === undefined ? [] : [`it asks Athena as ${RoleArn}, not as QuickSight's own role`]),
    ...(SslProperties?.DisableSsl === true ? ['it asks without TLS'] : []),
  ]
}
