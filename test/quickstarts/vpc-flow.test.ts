import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { generate } from '../../src/generate/generate.ts'
import type { StatementResult } from '../../src/index.ts'
import { StsServer } from '../aws/sts-server.ts'
import { startServer } from '../aws/servers.ts'
import { type World, eventOf, openWorld, until } from '../pipes/world.ts'
import { cellOf, lastRows, propertiesOf, ran } from '../run/running.ts'
import { type FlowRecord, flowRecords, numbers, parquetOf, truthOf } from './parquet-logs.ts'

const published = resolve('../shared/quickstarts/vpc-flow-snowflake.sql')
const role = 'arn:aws:iam::123456789012:role/reader'

let world: World
let sts: StsServer
let stsUrl: Awaited<ReturnType<typeof startServer>>

beforeEach(async () => {
  world = await openWorld()
  sts = new StsServer(
    { accessKeyId: 'test', secretAccessKey: 'test', sessionToken: undefined, expiresAtMs: undefined },
    Date.now,
  )
  stsUrl = await startServer(sts.respond)
  process.env['AWS_ENDPOINT_URL_STS'] = stsUrl.url
})

afterEach(async () => {
  delete process.env['AWS_ENDPOINT_URL_STS']
  await world.close()
  await stsUrl.close()
})

/** The results of statements that begin so, in their order. */
function resultsOf(results: readonly StatementResult[], start: RegExp): StatementResult[] {
  return results.filter(({ statement }) => start.test(statement.text))
}

function pairs(rows: StatementResult['rows']): unknown[] {
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value])))
}

describe.runIf(existsSync(published))('the published flow log script', () => {
  const script = existsSync(published) ? readFileSync(published, 'utf8') : ''

  test('runs as it stands, and every object that comes after it is loaded once', { timeout: 120_000 }, async () => {
    const { lake, bucket } = world
    const values = { AWS_ACCOUNT_NUMBER: '123456789012', RoleName: 'reader', BUCKET_NAME: bucket, PREFIX: 'flow' }
    const folder = `${world.directory}-logs`
    await generate(folder, { type: 'vpc-flow-logs', rows: 500, files: 3, seed: 9 })
    await lake.load(folder)
    const next = numbers(20_261_121)
    const records: FlowRecord[] = []
    const put = async (name: string): Promise<string> => {
      const more = flowRecords(200, next)
      const body = await parquetOf(more)
      await world.put(`flow/${name}.parquet`, body)
      records.push(...more)
      return eventOf(bucket, `flow/${name}.parquet`, body)
    }
    for (const name of ['a', 'b', 'c']) await put(name)
    await lake.pipes.start(() => undefined)

    // The role's trust policy is written with what DESC shows.
    const split = script.indexOf('create warehouse')
    const options = { dialect: 'snowflake', values } as const
    const first = await ran(lake, script.slice(0, split), options)
    const properties = await propertiesOf(lake, 'desc integration s3_int_vpc_flow')
    sts.trusts.set(role, cellOf(properties, 'STORAGE_AWS_EXTERNAL_ID'))
    expect(first).toHaveLength(2)
    expect(properties['STORAGE_AWS_IAM_USER_ARN']).toBe(sts.callerArn)

    const results = await ran(lake, script.slice(split), options)
    expect(resultsOf(results, /^list/)[0]?.rows).toHaveLength(3)
    expect(resultsOf(results, /^copy into/)[0]?.rows.map((row) => [row['status'], row['rows_loaded']])).toEqual([
      ['LOADED', 200],
      ['LOADED', 200],
      ['LOADED', 200],
    ])
    expect(resultsOf(results, /^alter pipe/)[0]?.rows).toEqual([])
    const [shown] = resultsOf(results, /^show pipes/)[0]?.rows ?? []
    expect(shown?.['notification_channel']).toMatch(new RegExp(`:millrace-${bucket}$`))

    // What comes after: announced, announced ten times, never announced.
    const channel = cellOf(shown ?? {}, 'notification_channel')
    const send = (body: string) => world.sendTo(channel, body)
    await send(await put('d'))
    const again = await put('e')
    for (let times = 0; times < 10; times++) await send(again)
    await put('f')
    await ran(lake, "alter pipe vpc_flow_pipe set reconcile = '1 second'", options)
    await until(() => world.count('select count(*) as n from public.vpc_flow'), records.length)
    expect(await lastRows(lake, 'alter pipe vpc_flow_pipe refresh')).toEqual([])
    expect(await world.count('select count(*) as n from logs.vpc_flow_logs')).toBe(500)

    const queries = script.slice(script.indexOf('-- Administrative traffic'))
    const [administrative, byDestination, bySource, byInterface] = await ran(lake, queries, {
      ...options,
      maxRows: 10_000,
    })
    const truth = truthOf(records)
    expect(
      administrative?.rows
        .map((row) =>
          Object.keys(row)
            .map((name) => cellOf(row, name))
            .join(' '),
        )
        .toSorted((a, b) => (a < b ? -1 : 1)),
    ).toEqual(truth.administrative)
    expect(pairs(byDestination?.rows ?? [])).toEqual(truth.byDestination)
    expect(pairs(bySource?.rows ?? [])).toEqual(truth.bySource)
    expect(pairs(byInterface?.rows ?? [])).toEqual(truth.byInterface)
    expect(await lastRows(lake, 'select count(*) as n from vpc_flow_view')).toEqual([{ n: records.length }])
    const [usage] = await lastRows(
      lake,
      "select sum(files_inserted) as n from table(information_schema.pipe_usage_history(date_range_start => dateadd('day', -1, current_date()), date_range_end => dateadd('day', 1, current_date()), pipe_name => 'vpc_flow_pipe'))",
    )
    expect(usage).toEqual({ n: 3 })
    expect(
      JSON.parse(cellOf((await lastRows(lake, "select system$pipe_status('vpc_flow_pipe') as s"))[0] ?? {}, 's')),
    ).toMatchObject({
      executionState: 'RUNNING',
      pendingFileCount: 0,
      notificationChannelName: channel,
    })
  })
})
