import { readFileSync, readdirSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { StsServer } from './aws/sts-server.ts'
import { type TestServer, startServer } from './aws/servers.ts'
import { type World, flowLog, openWorld, until } from './pipes/world.ts'
import { flowRecords, numbers, parquetOf } from './quickstarts/parquet-logs.ts'
import { cellOf, propertiesOf, ran } from './run/running.ts'

const folder = new URL('../examples/', import.meta.url)
const role = 'arn:aws:iam::123456789012:role/reader'

let world: World
let sts: StsServer
let stsServer: TestServer

beforeEach(async () => {
  world = await openWorld()
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
async function runExample(name: string) {
  const script = readFileSync(new URL(name, folder), 'utf8')
  const values = { BUCKET: world.bucket, PREFIX: 'flow', ROLE_ARN: role }
  const [integration = ''] = /create storage integration[^;]*;/.exec(script) ?? []
  await ran(world.lake, integration, { values })
  const properties = await propertiesOf(world.lake, 'desc integration flow_reader')
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

test('every example is run by a test', () => {
  expect(readdirSync(folder).filter((name) => name.endsWith('.sql'))).toEqual([
    'vpc-flow-logs.sql',
    'vpc-flow-variant.sql',
  ])
})
