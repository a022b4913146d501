import type { CustomSql, InputColumn, PhysicalTable } from '@aws-sdk/client-quicksight'
import type { Place } from '../aws-setup/place.ts'
import { type WantedAsset, assetOf, otherThan } from './asset.ts'
import { type FlowColumn, lastDays } from './charts.ts'
import { type Deployment, assetArn, idOf } from './deployment.ts'

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
  dayColumns,
}: Pick<Deployment, 'database' | 'relation' | 'dayColumns'>): string {
  const items = columns.map(({ name, sql }) => (sql === name ? `  ${name}` : `  ${sql} AS ${name}`))
  const since = `date_add('day', -${lastDays}, current_date)`
  const conditions = [
    "log_status = 'OK'",
    `"start" >= CAST(${since} AS timestamp(3))`,
    ...daysSince(dayColumns.map(quoted), since),
  ]
  const from = `${quoted(database)}.${quoted(relation)}`
  return `SELECT\n${items.join(',\n')}\nFROM ${from}\nWHERE ${conditions.join('\n  AND ')}`
}

/** Conditions that leave only the partitions from a day on; years by themselves as well, which a range of them is found by. */
function daysSince(names: readonly string[], since: string): string[] {
  const [first, ...more] = names
  if (first === undefined) return []
  if (more.length === 0) return [`${first} >= date_format(${since}, '%Y/%m/%d')`]
  return [
    `${first} >= date_format(${since}, '%Y')`,
    `concat(${names.join(", '/', ")}) >= date_format(${since}, '%Y/%m/%d')`,
  ]
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Flows, by a statement over Athena. */
export function dataSet(place: Place, deployment: Deployment): WantedAsset {
  const asked = { AwsAccountId: place.accountId, DataSetId: idOf(deployment, 'dataset') }
  const flows = {
    DataSourceArn: assetArn(place, deployment, 'datasource'),
    Name: 'flows',
    SqlQuery: dataSetSql(deployment),
    Columns: columns.map(({ name, type }) => ({ Name: name, Type: type })),
  }
  const own = {
    ...asked,
    Name: `${deployment.name} flows`,
    ImportMode: deployment.importMode,
    PhysicalTableMap: { flows: { CustomSql: flows } },
  }
  return assetOf(place, deployment, {
    kind: 'data set',
    type: 'dataset',
    name: own.Name,
    own,
    create: (more) => ({ operation: 'quicksight:CreateDataSet', input: { ...own, ...more } }),
    change: () => [
      { does: `Change the data set ${own.Name}.`, call: { operation: 'quicksight:UpdateDataSet', input: own } },
    ],
    grant: (GrantPermissions) => ({
      operation: 'quicksight:UpdateDataSetPermissions',
      input: { ...asked, GrantPermissions },
    }),
    remove: { operation: 'quicksight:DeleteDataSet', input: asked },
    describe: async (quicksight) => {
      const { DataSet: { Name, ImportMode, PhysicalTableMap } = {} } = await quicksight.describeDataSet(asked)
      const differences = [
        ...otherThan('name', Name, own.Name),
        ...otherThan('import mode', ImportMode, own.ImportMode),
        ...tableDifferences(PhysicalTableMap, flows),
      ]
      return { errors: [], differences }
    },
  })
}

function tableDifferences(
  tables: Readonly<Record<string, PhysicalTable>> | undefined,
  wanted: CustomSql & { readonly DataSourceArn: string },
): string[] {
  if (tables === undefined || Object.keys(tables).length === 0) return []
  const found = tables['flows']?.CustomSql
  if (found === undefined || Object.keys(tables).length > 1) return ['it is not of one statement of its own']
  return [
    ...otherThan('data source', found.DataSourceArn, wanted.DataSourceArn),
    ...(inOneLine(found.SqlQuery) === inOneLine(wanted.SqlQuery) ? [] : ['its statement is another']),
    ...(columnsOf(found) === columnsOf(wanted) ? [] : ['its columns are others']),
  ]
}

/** A statement, however its lines are broken. */
function inOneLine(sql: string | undefined): string {
  return (sql ?? '').replaceAll(/\s+/g, ' ').trim()
}

/** Columns with their types, in no order. */
function columnsOf({ Columns = [] }: CustomSql): string {
  return Columns.map(({ Name, Type }) => `${Name} ${Type}`)
    .toSorted()
    .join(', ')
}
