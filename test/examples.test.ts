import { readFileSync, readdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { StsServer } from './aws/sts-server.ts'
import { type TestServer, startServer } from './aws/servers.ts'
import { type World, flowLog, openWorld, until } from './pipes/world.ts'
import { flowRecords, numbers, parquetOf } from './quickstarts/parquet-logs.ts'
import { accessLine } from './quickstarts/access-lines.ts'
import { Clock } from './tasks/clock.ts'
import { cellOf, propertiesOf, ran } from './run/running.ts'

const folder = new URL('../examples/', import.meta.url)
const role = 'arn:aws:iam::123456789012:role/reader'

let world: World
let clock: Clock
let sts: StsServer
let stsServer: TestServer

beforeEach(async () => {
  world = await openWorld()
  clock = new Clock('2026-11-21T12:00:00Z')
  sts = new StsServer(
    { accessKeyId: 'test', secretAccessKey: 'test', sessionToken: undefined, expiresAtMs: undefined },
    Date.now,
  )
  stsServer = await startServer(sts.respond)
  process.env['AWS_ENDPOINT_URL_STS'] = stsServer.url
})

afterEach(async () => {
  delete process.env['AWS_ENDPOINT_URL_STS']
  await world.close()
  await stsServer.close()
})

/** Runs an example as a user does: the integration first, whose external id the role's owner is given; then all of it. */
async function runExample(name: string, integrationName = 'flow_reader') {
  const script = readFileSync(new URL(name, folder), 'utf8')
  const values = { BUCKET: world.bucket, PREFIX: 'flow', ROLE_ARN: role }
  const [integration = ''] = /create storage integration[^;]*;/.exec(script) ?? []
  await ran(world.lake, integration, { values })
  const properties = await propertiesOf(world.lake, `desc integration ${integrationName}`)
  sts.trusts.set(role, cellOf(properties, 'STORAGE_AWS_EXTERNAL_ID'))
  return ran(world.lake, script, { values })
}

test('vpc-flow-logs.sql: what is there, and what comes', async () => {
  await world.put('flow/a.log', flowLog(10).replaceAll('ACCEPT', 'REJECT'))
  const results = await runExample('vpc-flow-logs.sql')

  expect(results.at(-1)?.rows).toEqual([{ srcaddr: '10.0.0.1', rejected: 10 }])
  await world.lake.pipes.start(() => undefined)
  await world.put('flow/b.log', flowLog(5, 10))
  await ran(world.lake, "alter pipe flow_pipe set reconcile = '1 second'")
  await until(() => world.count('select count(*) as n from vpc_flow_logs'), 15)
})

test('vpc-flow-variant.sql: Parquet, and a field that only later files have', async () => {
  const records = flowRecords(300, numbers(7))
  await world.put('flow/a.parquet', await parquetOf(records))
  const results = await runExample('vpc-flow-variant.sql')

  const totals = new Map<number, number>()
  for (const { action, dstport, bytes } of records)
    if (action === 'ACCEPT') totals.set(dstport, (totals.get(dstport) ?? 0) + bytes)
  expect(results.at(-1)?.rows).toEqual(
    [...totals].toSorted(([, a], [, b]) => b - a).map(([dstport, total_bytes]) => ({ dstport, total_bytes })),
  )
})

test('s3-access-logs.sql: every line a row, and the questions that are asked of them', async () => {
  const lines = Array.from({ length: 20 }, (_, index) => accessLine(index))
  await world.put('flow/a', `${lines.join('\n')}\n`)
  const results = await runExample('s3-access-logs.sql', 'access_reader')

  expect(await world.count('select count(*) as n from logs.s3_access_logs')).toBe(lines.length)
  const [deleted, byAddress, traffic, denied, ofUser, anonymous] = results.slice(-6).map(({ rows }) => rows)
  expect([deleted, denied, ofUser]).toEqual([[], [], []])
  expect(byAddress?.[0]).toEqual({ remoteip: '192.0.2.0', requests: 1 })
  expect(traffic?.[0]).toEqual({ remoteip: '192.0.2.19', downloaded: 19, uploaded: null, total: 19 })
  expect(anonymous).toHaveLength(lines.length)
})

test('s3-access-staged.sql: lines are staged, parsed once, and forgotten', async () => {
  const lake = await world.reopen({ taskTiming: clock })
  const lines = Array.from({ length: 20 }, (_, index) => accessLine(index))
  await world.put('flow/a', `${lines.join('\n')}\n`)
  const results = await runExample('s3-access-staged.sql', 'access_reader')
  expect(results.at(-1)?.rows).toHaveLength(10)
  expect(await world.count('select count(*) as n from accesses')).toBe(lines.length)

  await lake.tasks.start((task, error) => {
    throw new Error(`${task}: ${String(error)}`)
  })
  await clock.pass(3600, 2)
  await clock.settled(2)
  expect(await world.count('select count(*) as n from access_lines')).toBe(lines.length)
  await ran(lake, "update access_lines set staged_at = '2020-01-01'")
  await clock.pass(3600, 2)
  await clock.settled(2)
  expect(await world.count('select count(*) as n from access_lines')).toBe(0)
  expect(await world.count('select count(*) as n from accesses')).toBe(lines.length)
})

test('vpc-flow-athena.sql: days as partitions, registered and computed', async () => {
  const header =
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'
  const line = (srcaddr: string, action: string): string =>
    `2 123456789012 eni-1 ${srcaddr} 10.0.0.9 1 22 6 1 100 1 2 ${action} OK`
  const nodata = '2 123456789012 eni-1 - - - - - - - 1 2 - NODATA'
  const put = (day: string, lines: readonly string[]) =>
    world.put(
      `AWSLogs/123456789012/vpcflowlogs/eu-west-1/2026/05/${day}/a.log.gz`,
      gzipSync([header, ...lines, ''].join('\n')),
    )
  await put('16', [line('192.0.2.1', 'REJECT'), line('192.0.2.2', 'REJECT'), line('192.0.2.2', 'REJECT')])
  await put('17', [line('192.0.2.1', 'ACCEPT'), nodata])
  await put('18', [line('192.0.2.3', 'REJECT')])
  const script = readFileSync(new URL('vpc-flow-athena.sql', folder), 'utf8')
  const values = { LOGS: `s3://${world.bucket}/AWSLogs`, ACCOUNT: '123456789012', REGION: 'eu-west-1' }
  const results = await ran(world.lake, script, { dialect: 'athena', values })

  const [partitions, , refused, days] = results.slice(-4).map(({ rows }) => rows)
  expect(partitions).toEqual([{ partition: 'day=2026-05-16' }, { partition: 'day=2026-05-17' }])
  expect(refused).toEqual([
    { srcaddr: '192.0.2.2', refused: 2 },
    { srcaddr: '192.0.2.1', refused: 1 },
  ])
  expect(days).toEqual([
    { region: 'eu-west-1', day: '2026/05/16', bytes: 300 },
    { region: 'eu-west-1', day: '2026/05/17', bytes: 100 },
    { region: 'eu-west-1', day: '2026/05/18', bytes: 100 },
  ])
})

test('every example is run by a test', () => {
  expect(readdirSync(folder).filter((name) => name.endsWith('.sql'))).toEqual([
    's3-access-logs.sql',
    's3-access-staged.sql',
    'vpc-flow-athena.sql',
    'vpc-flow-logs.sql',
    'vpc-flow-variant.sql',
  ])
})
