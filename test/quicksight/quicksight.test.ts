import { DuckDBInstance } from '@duckdb/node-api'
import { expect, test } from 'vitest'
import type { Account } from '../../src/aws-setup/account.ts'
import { type Outcome, carryOut, removalsOf, undoneOf } from '../../src/aws-setup/carry-out.ts'
import { openClients } from '../../src/aws-setup/clients.ts'
import { placeOf } from '../../src/aws-setup/place.ts'
import { type Plan, obstaclesOf, planAccount } from '../../src/aws-setup/plan.ts'
import { planRemovals } from '../../src/aws-setup/removal.ts'
import { quickSightAssets } from '../../src/quicksight/assets.ts'
import { dataSetSql } from '../../src/quicksight/data-set.ts'
import { definitionOf } from '../../src/quicksight/definition.ts'
import type { Deployment } from '../../src/quicksight/deployment.ts'
import { closeAfterwards, serve } from '../aws/servers.ts'
import { fastTiming } from '../pipes/fast-timing.ts'
import { QuickSightServer } from './quicksight-server.ts'
import { usual } from './usual-deployment.ts'

interface Opened {
  readonly server: QuickSightServer
  readonly account: (change?: Partial<Deployment>) => Account
}

async function opened(): Promise<Opened> {
  const server = new QuickSightServer()
  const url = await serve(server.respond)
  const keys = { accessKeyId: 'test', secretAccessKey: 'test', sessionToken: undefined, expiresAtMs: undefined }
  const clients = openClients({
    environment: { AWS_ENDPOINT_URL: url, AWS_MAX_ATTEMPTS: '1' },
    region: 'eu-west-1',
    credentials: { get: async () => keys, replace: async () => keys },
  })
  closeAfterwards(async () => {
    clients.close()
  })
  const place = placeOf('123456789012', 'eu-west-1')
  return {
    server,
    account: (change = {}) => ({
      identity: {},
      place,
      callerArn: 'arn:aws:iam::123456789012:user/jane',
      clients,
      resources: quickSightAssets(place, { ...usual, ...change }),
    }),
  }
}

function statesOf({ resources }: Plan): string[] {
  return resources.map(({ state }) => state)
}

function applied(plan: Plan): Promise<Outcome> {
  return carryOut(undoneOf(plan), { timing: fastTiming(100), tell: () => undefined })
}

async function apply(account: Account): Promise<Outcome> {
  return applied(await planAccount(account))
}

test('a deployment makes what it wants, once', async () => {
  const { server, account } = await opened()
  const plan = await planAccount(account())
  expect(statesOf(plan)).toEqual(['missing', 'missing', 'missing'])
  expect(await applied(plan)).toMatchObject({ left: [], failure: undefined })
  expect(server.sent.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /accounts/123456789012/data-sources',
    'POST /accounts/123456789012/data-sets',
    'POST /accounts/123456789012/dashboards/millrace-dashboard',
  ])
  // Nothing is sent but what the plan showed.
  const planned = plan.resources.flatMap(({ steps }) => steps.map(({ call }) => call.input))
  for (const [index, { body }] of server.sent.entries()) expect(planned[index]).toMatchObject(body)
  expect(server.sent[0]?.body).toMatchObject({
    Type: 'ATHENA',
    DataSourceParameters: { AthenaParameters: { WorkGroup: 'millrace' } },
    Permissions: [{ Principal: 'arn:aws:quicksight:us-east-1:123456789012:user/default/Admin/jane' }],
  })

  const again = await planAccount(account())
  expect(statesOf(again)).toEqual(['same', 'same', 'same'])
  expect(await applied(again)).toMatchObject({ done: [], left: [] })
  expect(server.sent).toHaveLength(3)
})

test('what is wanted otherwise is changed, and a dashboard published anew', async () => {
  const { server, account } = await opened()
  await apply(account())
  const before = server.sent.length
  const other = account({ relation: 'flows_of_today' })
  expect(statesOf(await planAccount(other))).toEqual(['same', 'differs', 'same'])
  expect(await apply(other)).toMatchObject({ failure: undefined })
  expect(server.sent.slice(before).map(({ method, path }) => `${method} ${path}`)).toEqual([
    'PUT /accounts/123456789012/data-sets/millrace-dataset',
    'POST /accounts/123456789012/data-sets/millrace-dataset/permissions',
    'POST /resources/arn:aws:quicksight:eu-west-1:123456789012:dataset/millrace-dataset/tags',
  ])
  // The owner is part of all three.
  const theirs = account({ relation: 'flows_of_today', owner: 'Admin/joe' })
  expect(statesOf(await planAccount(theirs))).toEqual(['differs', 'differs', 'differs'])
  expect(await apply(theirs)).toMatchObject({ failure: undefined })
  expect(server.sent.slice(-5).map(({ method, path }) => `${method} ${path.replace(/^.*-dashboard/, '')}`)).toEqual([
    'PUT ',
    // The first time it is not ready.
    'PUT /versions/2',
    'PUT /versions/2',
    'PUT /permissions',
    'POST /tags',
  ])
  expect(statesOf(await planAccount(theirs))).toEqual(['same', 'same', 'same'])
})

test('what could not be made is told, and made again', async () => {
  const { server, account } = await opened()
  server.fails.set('datasource', 'CREATION_FAILED')
  const failed = await apply(account())
  expect(failed.failure?.message).toContain(
    'does not read back as it was set: it could not be made: ACCESS_DENIED: no right to Athena.',
  )
  expect(failed.left.map(({ does }) => does)).toEqual([
    'Make the data set millrace flows.',
    'Make the dashboard millrace: VPC traffic.',
  ])
  const plan = await planAccount(account())
  expect(plan.resources[0]).toMatchObject({
    state: 'differs',
    differences: ['it could not be made: ACCESS_DENIED: no right to Athena.'],
  })
  expect(await applied(plan)).toMatchObject({ failure: undefined })
  expect(statesOf(await planAccount(account()))).toEqual(['same', 'same', 'same'])
})

test('a version that fails leaves the published one as it is', async () => {
  const { server, account } = await opened()
  await apply(account())
  server.fails.set('dashboard', 'CREATION_FAILED')
  const other = account({ owner: 'Admin/joe' })
  expect((await apply(other)).failure?.message).toContain('Publish version 2')
  const before = server.sent.length
  const plan = await planAccount(other)
  expect(plan.resources[2]?.differences).toEqual([
    'its last change failed: ACCESS_DENIED: no right to Athena.',
    'it was made for other settings',
  ])
  expect(await applied(plan)).toMatchObject({ failure: undefined })
  expect(server.sent.slice(before).filter(({ method }) => method === 'DELETE')).toEqual([])
  expect(statesOf(await planAccount(other))).toEqual(['same', 'same', 'same'])
})

test('what was changed by hand is noticed, told, and put right', async () => {
  const { account } = await opened()
  const own = account()
  await apply(own)
  const quicksight = await own.clients.quicksight()
  const AwsAccountId = '123456789012'
  const source = { AwsAccountId, DataSourceId: 'millrace-datasource' }
  const role = 'arn:aws:iam::123456789012:role/other'
  await quicksight.updateDataSource({
    ...source,
    Name: 'Athena',
    DataSourceParameters: { AthenaParameters: { WorkGroup: 'primary', RoleArn: role } },
    SslProperties: { DisableSsl: true },
  })
  const DataSourceArn = 'arn:aws:quicksight:eu-west-1:123456789012:datasource/theirs'
  const set = { AwsAccountId, DataSetId: 'millrace-dataset', Name: 'millrace flows', ImportMode: 'SPICE' as const }
  const Columns = [{ Name: 'one', Type: 'INTEGER' as const }]
  const CustomSql = { DataSourceArn, Name: 'flows', SqlQuery: 'SELECT 1 AS one', Columns }
  await quicksight.updateDataSet({ ...set, PhysicalTableMap: { flows: { CustomSql } } })
  const board = { AwsAccountId, DashboardId: 'millrace-dashboard' }
  await quicksight.updateDashboard({ ...board, Name: 'Traffic', Definition: { DataSetIdentifierDeclarations: [] } })
  await quicksight.describeDashboard({ ...board, VersionNumber: 2 })
  await quicksight.updateDashboardPublishedVersion({ ...board, VersionNumber: 2 })

  const plan = await planAccount(own)
  expect(plan.resources.map(({ differences }) => differences)).toEqual([
    [
      'its name is Athena, not millrace on Athena',
      'its workgroup is primary, not millrace',
      `it asks Athena as ${role}, not as QuickSight's own role`,
      'it asks without TLS',
    ],
    [
      'its import mode is SPICE, not DIRECT_QUERY',
      `its data source is ${DataSourceArn}, not ${DataSourceArn.replace('theirs', 'millrace-datasource')}`,
      'its statement is another',
      'its columns are others',
    ],
    ['its name is Traffic, not millrace: VPC traffic', 'its version 2, which is published, was made by somebody else'],
  ])
  expect(await applied(plan)).toMatchObject({ failure: undefined })
  expect(statesOf(await planAccount(own))).toEqual(['same', 'same', 'same'])

  const RelationalTable = { DataSourceArn, Schema: 'logs', Name: 'flows', InputColumns: [] }
  await quicksight.updateDataSet({
    ...set,
    ImportMode: 'DIRECT_QUERY',
    PhysicalTableMap: { other: { RelationalTable } },
  })
  const [, moved] = (await planAccount(own)).resources
  expect(moved?.differences).toEqual(['it is not of one statement of its own'])
})

test('what breaks at any request goes on from there', async () => {
  for (let request = 1; request <= 3; request++) {
    const { server, account } = await opened()
    server.breaksAt = request
    const broken = await apply(account())
    if (broken.failure !== undefined) expect(await apply(account())).toMatchObject({ failure: undefined })
    expect(statesOf(await planAccount(account())), `request ${request}`).toEqual(['same', 'same', 'same'])
    expect(server.published('dashboard', 'millrace-dashboard')).toBeDefined()
  }
})

test('what was made is taken away, the last first', async () => {
  const { server, account } = await opened()
  await apply(account())
  const options = { deleteData: undefined }
  const removals = await planRemovals([account()], options)
  const outcome = await carryOut(
    removals.flatMap((one) => removalsOf(one, options)),
    {
      timing: fastTiming(100),
      tell: () => undefined,
    },
  )
  expect(outcome).toMatchObject({ left: [], failure: undefined })
  expect(server.sent.slice(-3).map(({ method, path }) => `${method} ${path.split('/')[3]}`)).toEqual([
    'DELETE dashboards',
    'DELETE data-sets',
    'DELETE data-sources',
  ])
  expect(statesOf(await planAccount(account()))).toEqual(['missing', 'missing', 'missing'])
})

test('an asset of that id that is not ours stands in the way', async () => {
  const { server, account } = await opened()
  await apply(account())
  server.forgetTags()
  const plan = await planAccount(account())
  expect(statesOf(plan)).toEqual(['foreign', 'foreign', 'foreign'])
  expect(obstaclesOf(plan)[0]).toContain('Choose another --name')
  const [removal] = await planRemovals([account()], { deleteData: undefined })
  expect(removal?.resources.flatMap(({ steps }) => steps)).toEqual([])
})

test('the definition is whole: ids are unique, and filters are about charts that are there', () => {
  const { Sheets = [], FilterGroups = [] } = definitionOf('arn:aws:quicksight:eu-west-1:123456789012:dataset/x')
  const [sheet] = Sheets
  const visuals = (sheet?.Visuals ?? []).flatMap(({ BarChartVisual: bar, LineChartVisual: line }) => {
    const id = bar?.VisualId ?? line?.VisualId
    return id === undefined ? [] : [id]
  })
  expect(visuals).toHaveLength(5)
  expect(new Set(visuals).size).toBe(5)
  const elements = sheet?.Layouts?.[0]?.Configuration?.GridLayout?.Elements ?? []
  expect(elements.map(({ ElementId }) => ElementId)).toEqual(visuals)
  for (const { ColumnIndex = 0, ColumnSpan = 0 } of elements) expect(ColumnIndex + ColumnSpan).toBeLessThanOrEqual(36)
  const scopes = FilterGroups.flatMap(
    ({ ScopeConfiguration }) => ScopeConfiguration?.SelectedSheets?.SheetVisualScopingConfigurations ?? [],
  )
  expect(scopes.map(({ VisualIds = [] }) => VisualIds.length)).toEqual([5, 3, 1])
  for (const { VisualIds = [], SheetId } of scopes) {
    expect(SheetId).toBe(sheet?.SheetId)
    for (const id of VisualIds) expect(visuals).toContain(id)
  }
})

test('the statement quotes what would be keywords or end a name', () => {
  const sql = dataSetSql({ database: 'my"logs', relation: 'vpc-flows', dayColumns: [] })
  expect(sql).toContain('FROM "my""logs"."vpc-flows"')
  expect(sql).toContain('"start" AS start_time')
  expect(sql).not.toContain('%Y/%m/%d')
})

test('where folders are of years, months and days, the days of all three are compared', async () => {
  const dayColumns = ['partition_year', 'partition_month', 'partition_day']
  const [statement = ''] = dataSetSql({ database: 'logs', relation: 'flows', dayColumns })
    .split("WHERE log_status = 'OK'\n  AND ")
    .slice(1)
  const conditions = statement
    .replaceAll(/date_add\('day', -30, current_date\)/g, "date '2025-12-17'")
    .replaceAll('date_format', 'strftime')
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  const reader = await connection.runAndReadAll(`
    select partition_year || partition_month || partition_day from (values
      ('2024', '12', '31'), ('2025', '12', '16'), ('2025', '12', '17'), ('2025', '12', '31'), ('2026', '01', '05'), ('2025', '11', '30')
    ) t(partition_year, partition_month, partition_day), (select timestamp '2026-01-05' as start)
    where ${conditions.replaceAll('timestamp(3)', 'timestamp')} order by 1`)
  expect(reader.getRows().flat()).toEqual(['20251217', '20251231', '20260105'])
  connection.closeSync()
  instance.closeSync()
})
