import { GlueClient } from '@aws-sdk/client-glue'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { estimateOnAthena } from '../../src/deploy/athena-estimate.ts'
import { openAthena } from '../../src/engines/athena.ts'
import { Stages } from '../../src/stages/open.ts'
import type { TestServer } from '../aws/servers.ts'
import { type World, openWorld } from '../pipes/world.ts'
import { AthenaServer } from './athena-server.ts'

let world: World
let server: TestServer
const services = ['AWS_ENDPOINT_URL_ATHENA', 'AWS_ENDPOINT_URL_GLUE'] as const

beforeEach(async () => {
  world = await openWorld()
})

afterEach(async () => {
  for (const name of services) delete process.env[name]
  await server.close()
  await world.close()
})

/** What Athena says that a query reads: days from one on, up to another. */
const planOf = (table: string, low: string, high: string): string =>
  JSON.stringify(
    {
      inputTableColumnInfos: [
        {
          table: { catalog: 'awsdatacatalog', schemaTable: { schema: 'logs', table } },
          constraint: {
            none: false,
            columnConstraints: [
              {
                columnName: 'day',
                type: 'varchar',
                domain: {
                  nullsAllowed: false,
                  ranges: [{ low: { value: low, bound: 'EXACTLY' }, high: { value: high, bound: 'BELOW' } }],
                },
              },
            ],
          },
        },
      ],
    },
    null,
    2,
  )

test('an estimate is the size of the partitions that are left', async () => {
  for (const [day, size] of [
    ['2026/11/19', 1],
    ['2026/11/20', 10],
    ['2026/11/21', 100],
    ['2020/01/01', 1000],
  ] as const)
    await world.put(`AWSLogs/${day}/a.log`, 'x'.repeat(size))
  await world.put('AWSLogs/other.log', 'x'.repeat(5000))
  const location = `s3://${world.bucket}/AWSLogs`
  const plans = {
    'select a': planOf('projected', '2026/11/20', '2026/11/21'),
    'select b': planOf('projected', '2026/11/20', '2026/11/30'),
    'select c': planOf('whole', 'a', 'b'),
  }
  const started = await AthenaServer.start(
    (sql) => {
      const plan = Object.entries(plans).find(([text]) => sql === `EXPLAIN (TYPE IO, FORMAT JSON) ${text}`)?.[1] ?? ''
      const rows = plan.split('\n').map((line) => [line])
      const columns = [{ Name: 'Query Plan', Type: 'varchar' }]
      return { columns, rows, scanned: 0, statementType: 'UTILITY', asked: 0 }
    },
    {
      projected: {
        Name: 'projected',
        PartitionKeys: [{ Name: 'day', Type: 'string' }],
        StorageDescriptor: { Location: location },
        Parameters: {
          'projection.enabled': 'true',
          'projection.day.type': 'date',
          'projection.day.format': 'yyyy/MM/dd',
          'projection.day.range': '2026/01/01,NOW+3650DAYS',
          'storage.location.template': `${location}/\${day}/`,
        },
      },
      whole: { Name: 'whole', StorageDescriptor: { Location: location }, Parameters: {} },
    },
  )
  server = started.server
  for (const name of services) process.env[name] = server.url
  const athena = await openAthena('eu-west-1')
  const glue = new GlueClient({ region: 'eu-west-1' })
  const stages = new Stages(world.directory)
  try {
    const ask = (sql: string) =>
      estimateOnAthena({ athena, glue, stages }, sql, { workGroup: 'w', database: 'logs' }, { firstPauseMs: 1 })
    expect(await ask('select a')).toEqual({ objects: 1, bytes: 10 })
    expect(await ask('select b')).toEqual({ objects: 2, bytes: 110 })
    expect(await ask('select c')).toEqual({ objects: 5, bytes: 6111 })
    await expect(ask('show tables')).rejects.toMatchObject({
      code: 'SQL_FAILED',
      message: expect.stringContaining('Estimate a SELECT'),
    })
  } finally {
    athena.destroy()
    glue.destroy()
    await stages.close()
  }
})
