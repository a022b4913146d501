import type { InputColumn } from '@aws-sdk/client-quicksight'
import type { Place } from '../aws-setup/place.ts'
import { type WantedAsset, assetKind, assetTags } from './asset.ts'
import { type FlowColumn, lastDays } from './charts.ts'
import { type Deployment, assetArn, contentOf, idOf, grantsOf, withPermissions } from './deployment.ts'

interface WantedDataSet extends WantedAsset {
  readonly accountId: string
  readonly id: string
}

const columns: readonly { readonly name: FlowColumn; readonly type: InputColumn['Type']; readonly sql: string }[] = [
  { name: 'start_time', type: 'DATETIME', sql: '"start"' },
  { name: 'interface_id', type: 'STRING', sql: 'interface_id' },
  { name: 'srcaddr', type: 'STRING', sql: 'srcaddr' },
  { name: 'dstaddr', type: 'STRING', sql: 'dstaddr' },
  { name: 'dstport', type: 'INTEGER', sql: 'dstport' },
  { name: 'protocol', type: 'INTEGER', sql: 'protocol' },
  { name: 'packets', type: 'INTEGER', sql: 'packets' },
  { name: 'bytes', type: 'INTEGER', sql: 'bytes' },
  { name: 'action', type: 'STRING', sql: '"action"' },
]

/** Athena's SQL of the data set: the flows of the last days, from no more partitions than hold them. A flow is filed by its end. */
export function dataSetSql({
  database,
  relation,
  dayColumn,
}: Pick<Deployment, 'database' | 'relation' | 'dayColumn'>): string {
  const items = columns.map(({ name, sql }) => (sql === name ? `  ${name}` : `  ${sql} AS ${name}`))
  const since = `date_add('day', -${lastDays}, current_date)`
  const conditions = [
    "log_status = 'OK'",
    `"start" >= CAST(${since} AS timestamp(3))`,
    ...(dayColumn === undefined ? [] : [`${quoted(dayColumn)} >= date_format(${since}, '%Y/%m/%d')`]),
  ]
  const from = `${quoted(database)}.${quoted(relation)}`
  return `SELECT\n${items.join(',\n')}\nFROM ${from}\nWHERE ${conditions.join('\n  AND ')}`
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Flows, by a statement over Athena. */
export function dataSet(place: Place, deployment: Deployment): WantedDataSet {
  const { accountId } = place
  const id = idOf(deployment, 'dataset')
  const own = {
    AwsAccountId: accountId,
    DataSetId: id,
    Name: `${deployment.name} flows`,
    ImportMode: deployment.importMode,
    PhysicalTableMap: {
      flows: {
        CustomSql: {
          DataSourceArn: assetArn(place, deployment, 'datasource'),
          Name: 'flows',
          SqlQuery: dataSetSql(deployment),
          Columns: columns.map(({ name, type }) => ({ Name: name, Type: type })),
        },
      },
    },
  }
  const grants = grantsOf(place, deployment, 'dataset')
  const content = contentOf({ own, grants })
  return {
    kind: 'data set',
    name: own.Name,
    setup: deployment.name,
    arn: assetArn(place, deployment, 'dataset'),
    accountId,
    id,
    content,
    create: {
      operation: 'quicksight:CreateDataSet',
      input: { ...own, ...withPermissions(grants), Tags: assetTags(deployment.name, content) },
    },
    update: () => [
      { does: `Change the data set ${own.Name}.`, call: { operation: 'quicksight:UpdateDataSet', input: own } },
      ...grants.map((GrantPermissions) => ({
        does: `Say who owns the data set ${own.Name}.`,
        call: {
          operation: 'quicksight:UpdateDataSetPermissions' as const,
          input: { AwsAccountId: accountId, DataSetId: id, GrantPermissions },
        },
      })),
    ],
    remove: { operation: 'quicksight:DeleteDataSet', input: { AwsAccountId: accountId, DataSetId: id } },
  }
}

export const dataSetKind = assetKind<WantedDataSet>(async ({ accountId, id }, quicksight) => {
  await quicksight.describeDataSet({ AwsAccountId: accountId, DataSetId: id })
  return { status: undefined, errors: [], version: 0 }
})
