import { afterEach, beforeEach, expect, test } from 'vitest'
import { athenaCost, openAthena, runOnAthena } from '../../src/engines/athena.ts'
import type { TestServer } from '../aws/servers.ts'
import { AthenaServer, type Outcome } from './athena-server.ts'

const columns = [
  { Name: 'name', Type: 'varchar' },
  { Name: 'n', Type: 'bigint' },
  { Name: 'share', Type: 'double' },
  { Name: 'is_it', Type: 'boolean' },
]
const one: Outcome = {
  columns,
  rows: [
    ['a', '1', '0.5', 'true'],
    [null, '9007199254740993', null, 'false'],
  ],
  scanned: 5_000_000,
  statementType: 'DML',
  asked: 2,
}

const outcomes: Readonly<Record<string, Outcome>> = {
  'select one': one,
  'select many': { ...one, rows: Array.from({ length: 2500 }, (_, index) => [`${index}`, `${index}`, null, null]) },
  'show partitions t': { ...one, statementType: 'UTILITY', rows: [['day=1', null, null, null]] },
  'select forever': { ...one, asked: Infinity },
  'select wrong': { ...one, error: "line 1:8: Column 'wrong' cannot be resolved" },
}

let athena: AthenaServer
let server: TestServer
let client: Awaited<ReturnType<typeof openAthena>>
const place = { workGroup: 'w', database: 'd' }
const soon = { firstPauseMs: 1 }

beforeEach(async () => {
  const started = await AthenaServer.start((sql) => outcomes[sql] ?? one)
  athena = started.athena
  server = started.server
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: server.url,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  })
  client = await openAthena('eu-west-1')
})

afterEach(async () => {
  client.destroy()
  await server.close()
})

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const row of rows) found.push(row)
  return found
}

test('values have the types of their columns, and what is absent is NULL', async () => {
  const result = await runOnAthena(
    client,
    'select one',
    { ...place, outputLocation: 's3://r/' },
    { ...soon, parameters: ["'x'"] },
  )
  expect(result).toMatchObject({ scannedBytes: 5_000_000, seconds: 1.5 })
  expect(await all(result.rows)).toEqual([
    { name: 'a', n: 1, share: 0.5, is_it: true },
    { name: null, n: '9007199254740993', share: null, is_it: false },
  ])
  const [sent] = athena.sent('StartQueryExecution')
  expect(sent).toMatchObject({
    QueryString: 'select one',
    QueryExecutionContext: { Database: 'd' },
    WorkGroup: 'w',
    ExecutionParameters: ["'x'"],
    ResultConfiguration: { OutputLocation: 's3://r/' },
  })
  expect(String(sent?.['ClientRequestToken']).length).toBeGreaterThanOrEqual(32)
  expect(athena.sent('GetQueryExecution')).toHaveLength(3)
})

test('rows come page by page, and only as they are read', async () => {
  const result = await runOnAthena(client, 'select many', place, soon)
  const names: unknown[] = []
  for await (const row of result.rows) {
    names.push(row['name'])
    if (names.length === 500) expect(athena.sent('GetQueryResults')).toHaveLength(1)
  }
  expect(names).toEqual(Array.from({ length: 2500 }, (_, index) => `${index}`))
  expect(athena.sent('GetQueryResults')).toHaveLength(3)
})

test('a statement that is no query has no row of names', async () => {
  const result = await runOnAthena(client, 'show partitions t', place, soon)
  expect((await all(result.rows)).map((row) => row['name'])).toEqual(['day=1'])
})

test('cancelling stops the query on Athena', async () => {
  const abort = new AbortController()
  const running = runOnAthena(client, 'select forever', place, { ...soon, signal: abort.signal })
  await expect.poll(() => athena.sent('GetQueryExecution').length).toBeGreaterThan(1)
  abort.abort()
  await expect(running).rejects.toMatchObject({ code: 'QUERY_CANCELLED' })
  expect(athena.sent('StopQueryExecution')).toEqual([{ QueryExecutionId: 'query-1' }])
})

test('an error is told as Athena says it', async () => {
  await expect(runOnAthena(client, 'select wrong', place, soon)).rejects.toMatchObject({
    code: 'SQL_FAILED',
    message: expect.stringContaining("Column 'wrong' cannot be resolved"),
  })
})

test.each([
  [0, 0],
  [1, 10],
  [10 * 2 ** 20, 10],
  [10 * 2 ** 20 + 1, 11],
  [2 ** 40, 2 ** 20],
])('%i bytes are paid for as %i megabytes', (bytes, megabytes) => {
  expect(athenaCost(bytes, 5)).toBeCloseTo((megabytes / 2 ** 20) * 5, 12)
})

test('a query that Athena cannot be asked about is told by its name', async () => {
  athena.refuses = 'GetQueryExecution'
  await expect(runOnAthena(client, 'select one', place, soon)).rejects.toMatchObject({
    code: 'SOURCE_UNAVAILABLE',
    message: expect.stringMatching(/query query-1: .*not allowed/),
  })
})

test('a query that cannot be stopped is said to go on', async () => {
  const abort = new AbortController()
  const running = runOnAthena(client, 'select forever', place, { ...soon, signal: abort.signal })
  await expect.poll(() => athena.sent('GetQueryExecution').length).toBeGreaterThan(1)
  athena.refuses = 'StopQueryExecution'
  abort.abort()
  await expect(running).rejects.toMatchObject({
    code: 'QUERY_CANCELLED',
    message: expect.stringMatching(/goes on at Athena.*Stop query-1/),
  })
})
