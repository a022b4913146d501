import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { parseJson } from '../../src/server/json.ts'
import { type RunningServer, startServer } from '../../src/server/server.ts'
import type { TestServer } from '../aws/servers.ts'
import { flowLog, openWorld, type World } from '../pipes/world.ts'
import { AthenaServer, type Outcome } from './athena-server.ts'

const numbers = (count: number): Outcome => ({
  columns: [
    { Name: 'n', Type: 'bigint' },
    { Name: 'word', Type: 'varchar' },
  ],
  rows: Array.from({ length: count }, (_, n) => [String(n), n === 1 ? null : `w${n}`]),
  scanned: 20 * 2 ** 20,
  statementType: 'DML',
  asked: 0,
})

/** What Athena says of a query that reads a whole table. */
const plan = {
  inputTableColumnInfos: [{ table: { catalog: 'awsdatacatalog', schemaTable: { schema: 'logs', table: 'whole' } } }],
}

const outcomes: Readonly<Record<string, Outcome>> = {
  'select many': { ...numbers(2400), asked: 1 },
  'EXPLAIN (TYPE IO, FORMAT JSON) select many': {
    columns: [{ Name: 'Query Plan', Type: 'varchar' }],
    rows: [[JSON.stringify(plan)]],
    scanned: 0,
    statementType: 'UTILITY',
    asked: 0,
  },
  'select endless': { ...numbers(0), asked: Infinity },
  'SELECT broken': { ...numbers(0), error: "line 1:8: Column 'broken' cannot be resolved" },
  'select broken': { ...numbers(0), error: "line 2:5: Column 'broken' cannot be resolved" },
}

const services = ['AWS_ENDPOINT_URL_ATHENA', 'AWS_ENDPOINT_URL_GLUE'] as const

/** Those of the Glue catalog, by their names. */
const tables: Record<string, object> = {}

let world: World
let athena: AthenaServer
let aws: TestServer
let server: RunningServer

async function serve(settings: object): Promise<RunningServer> {
  await writeFile(join(world.lake.directory, 'settings.json'), JSON.stringify(settings))
  return startServer(world.lake, { host: '127.0.0.1', port: 0, log: pino({ level: 'silent' }) })
}

beforeAll(async () => {
  world = await openWorld()
  const whole = { Name: 'whole', StorageDescriptor: { Location: `s3://${world.bucket}/whole` }, Parameters: {} }
  tables['whole'] = whole
  const started = await AthenaServer.start((sql) => outcomes[sql] ?? numbers(2), tables)
  athena = started.athena
  aws = started.server
  for (const name of services) process.env[name] = aws.url
  server = await serve({
    athena: { database: 'logs', workgroup: 'people', results: 's3://my-results/athena/', region: 'eu-west-1' },
    athena_price_per_tib: 1000,
  })
})

afterAll(async () => {
  for (const name of services) delete process.env[name]
  await server.stop()
  await aws.close()
  await world.close()
})

beforeEach(() => {
  athena.requests.splice(0)
})

function post(body: object, signal?: AbortSignal, { url, token } = server): Promise<Response> {
  return fetch(`${url}/v1/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ engine: 'athena', ...body }),
    ...(signal === undefined ? {} : { signal }),
  })
}

async function linesOf(response: Response): Promise<unknown[]> {
  return (await response.text())
    .trim()
    .split('\n')
    .map((line) => parseJson(line))
}

function rowsOf(lines: readonly unknown[]): unknown[] {
  const shape = z.object({ rows: z.array(z.unknown()) })
  return lines.flatMap((line) => shape.safeParse(line).data?.rows ?? [])
}

async function failureOf(response: Response): Promise<unknown[]> {
  const shape = z.object({ error: z.looseObject({ code: z.string(), message: z.string() }) })
  const { error } = shape.parse(parseJson(await response.text()))
  return [response.status, error]
}

test('rows of all pages come, then what was scanned and what it cost', async () => {
  const lines = await linesOf(await post({ sql: 'select many' }))

  expect(lines[0]).toEqual({
    columns: [
      { name: 'n', type: 'BIGINT' },
      { name: 'word', type: 'VARCHAR' },
    ],
  })
  const rows = rowsOf(lines)
  expect([rows.length, rows[0], rows[1], rows[2399]]).toEqual([2400, [0, 'w0'], [1, null], [2399, 'w2399']])
  expect(lines.at(-1)).toEqual({
    done: true,
    truncated: false,
    athena: {
      query: 'query-1',
      scanned_bytes: 20 * 2 ** 20,
      seconds: 1.5,
      cost: 20_000 / 2 ** 20,
      price_per_tib: 1000,
    },
  })
  expect(athena.sent('GetQueryExecution')).toHaveLength(2)
  expect(athena.sent('GetQueryResults')).toHaveLength(3)
  expect(athena.sent('StartQueryExecution')).toMatchObject([
    {
      QueryString: 'select many',
      WorkGroup: 'people',
      QueryExecutionContext: { Database: 'logs' },
      ResultConfiguration: { OutputLocation: 's3://my-results/athena/' },
    },
  ])
})

test('maxRows asks for no more pages than it needs', async () => {
  const lines = await linesOf(await post({ sql: 'select many', maxRows: 700 }))
  expect(rowsOf(lines)).toHaveLength(700)
  expect(lines.at(-1)).toMatchObject({ done: true, truncated: true })
  expect(athena.sent('GetQueryResults')).toHaveLength(1)

  const exact = await linesOf(await post({ sql: 'select many', maxRows: 2400 }))
  expect(exact.at(-1)).toMatchObject({ done: true, truncated: false })
})

test('a client that goes stops the query on Athena', async () => {
  const controller = new AbortController()
  const asked = post({ sql: 'select endless' }, controller.signal).catch((error: unknown) => error)
  await expect.poll(() => athena.sent('GetQueryExecution').length).toBeGreaterThan(0)
  expect(athena.sent('StopQueryExecution')).toEqual([])

  controller.abort()

  expect(await asked).toMatchObject({ name: 'AbortError' })
  await expect.poll(() => athena.sent('StopQueryExecution')).toHaveLength(1)
})

test('a query that takes longer than it may is stopped there, and says so', async () => {
  const [status, error] = await failureOf(await post({ sql: 'select endless', timeoutMs: 50 }))
  expect([status, error]).toMatchObject([504, { code: 'QUERY_TIMEOUT' }])
  expect(athena.sent('StopQueryExecution')).toHaveLength(1)

  athena.refuses = 'StopQueryExecution'
  try {
    const [, other] = await failureOf(await post({ sql: 'select endless', timeoutMs: 50 }))
    expect(other).toMatchObject({ code: 'QUERY_CANCELLED', message: expect.stringContaining('goes on at Athena') })
  } finally {
    athena.refuses = ''
  }
})

test('what Athena says of a failure is told, with its place', async () => {
  const [status, error] = await failureOf(await post({ sql: 'select broken' }))
  expect(status).toBe(400)
  expect(error).toMatchObject({ code: 'SQL_FAILED', line: 2, column: 5 })
  expect(error).toHaveProperty('message', expect.stringContaining("Column 'broken' cannot be resolved"))

  // What was sent is not what was written, so its places are others.
  const [, printed] = await failureOf(await post({ sql: '-- a comment\nselect broken', dialect: 'duckdb' }))
  expect(printed).toMatchObject({ code: 'SQL_FAILED' })
  expect(printed).not.toHaveProperty('line')
})

test("the lake's SQL and named queries are printed for Athena", async () => {
  await post({ sql: 'from logs.vpc_flow_logs select srcaddr limit 3', dialect: 'duckdb' })
  await post({ sql: 'explain select 1 as one', dialect: 'duckdb' })
  await post({ name: 'top-sources' })
  const [first, second, third] = athena.sent('StartQueryExecution').map(({ QueryString }) => QueryString)
  expect(first).toBe('SELECT srcaddr FROM vpc_flow_logs LIMIT 3')
  expect(second).toBe('EXPLAIN SELECT 1 AS one')
  expect(third).toMatch(/FROM vpc_flow_logs/)

  const [status, error] = await failureOf(await post({ sql: 'select from where', dialect: 'duckdb' }))
  expect([status, error]).toMatchObject([400, { code: 'SQL_FAILED' }])
  expect(await failureOf(await post({ sql: 'select 1', dialect: 'snowflake' }))).toMatchObject([400, { code: 'USAGE' }])
})

test("a dashboard's tile is narrowed, printed for Athena, and paid for once an hour", async () => {
  const scope = {
    from: '2026-11-20 12:00:00',
    to: '2026-11-21 00:00:00',
    filters: [
      { column: 'dstport', value: '443' },
      { column: 'interface_id', value: null },
      { column: 'bucket', value: 'x' },
    ],
  }
  const tile = { sql: 'select action, count(*) as n from vpc_flow_logs group by action', dialect: 'duckdb', keep: true }
  const hour = (): number => Math.floor(Date.now() / 3_600_000)
  const begun = hour()
  const lines = await linesOf(await post({ ...tile, scope }))

  const [first] = athena.sent('StartQueryExecution')
  expect(first?.['QueryString']).toBe(
    `with "vpc_flow_logs" as (select * from "logs"."vpc_flow_logs" where "start" >= timestamp '2026-11-20 12:00:00' and "start" < timestamp '2026-11-21 00:00:00' and cast("dstport" as varchar) = '443' and "interface_id" is null)
SELECT action, COUNT(*) AS n FROM vpc_flow_logs GROUP BY action`,
  )
  expect(lines[0]).toMatchObject({ views: ['vpc_flow_logs'], unfiltered: ['bucket'] })
  expect(lines.at(-1)).toMatchObject({ done: true })

  // Loads into the lake change nothing there.
  await world.put('flow/a.log', flowLog(3))
  await world.lake.load(`s3://${world.bucket}/flow/`)
  const again = await linesOf(await post({ ...tile, scope, refresh: true }))
  // Another hour may have begun meanwhile.
  const paid = athena.sent('StartQueryExecution').length
  if (hour() === begun) expect([again, paid]).toEqual([lines, 1])
  await post({ ...tile, scope: { ...scope, to: '2026-11-22' } })
  expect(athena.sent('StartQueryExecution')).toHaveLength(paid + 1)

  // Athena's own SQL is narrowed too, and stays as it was written.
  const own = 'select count_if(bytes > 9) as n from vpc_flow_logs'
  await post({ ...tile, sql: own, dialect: 'athena', scope })
  expect(athena.sent('StartQueryExecution').at(-1)?.['QueryString']).toBe(
    `with "vpc_flow_logs" as (select * from "logs"."vpc_flow_logs" where "start" >= timestamp '2026-11-20 12:00:00' and "start" < timestamp '2026-11-21 00:00:00' and cast("dstport" as varchar) = '443' and "interface_id" is null)\n${own}`,
  )
})

test('a range is also one of the days of partitions, where the view that is deployed has them', async () => {
  const text = { Type: 'string' }
  tables['vpc_flow_logs'] = { StorageDescriptor: { Columns: [{ Name: 'partition_day', ...text }] } }
  try {
    const scope = { from: '2026-11-20 12:00:00', to: '2026-11-20 23:00:00' }
    await post({ sql: 'select count(*) from vpc_flows, vpc_flow_logs', dialect: 'duckdb', scope })
    const day = `partition_day >= '2026/11/20' and partition_day <= '2026/11/21'`
    const within = (column: string): string =>
      `"${column}" >= timestamp '2026-11-20 12:00:00' and "${column}" < timestamp '2026-11-20 23:00:00'`
    const [logs, flows, ...statement] =
      String(athena.sent('StartQueryExecution')[0]?.['QueryString']).split(/,?\n/) ?? []
    expect(flows).toContain(
      `"vpc_flows" as (select * from (with "vpc_flow_logs" as (select * from "logs"."vpc_flow_logs" where ${day}) SELECT hour`,
    )
    expect(flows).toContain(` where ${within('hour')})`)
    expect(logs).toBe(
      `with "vpc_flow_logs" as (select * from (select * from "logs"."vpc_flow_logs" where ${day}) where ${within('start')})`,
    )
    expect(statement).toEqual(['SELECT COUNT(*) FROM vpc_flows, vpc_flow_logs'])
    // Columns are looked up where they are needed, and only there.
    expect(athena.sent('GetTable')).toMatchObject([{ DatabaseName: 'logs', Name: 'vpc_flow_logs' }])
    await post({ sql: 'select count(*) from web_access_logs', dialect: 'duckdb', scope })
    await post({ sql: 'select count(*) from vpc_flow_logs', dialect: 'duckdb', scope: { filters: [] } })
    expect(athena.sent('GetTable')).toHaveLength(1)

    // A day of another type is somebody else's.
    tables['vpc_flow_logs'] = { StorageDescriptor: { Columns: [{ Name: 'partition_day', Type: 'date' }] } }
    await post({ sql: 'select count(*) from vpc_flow_logs', dialect: 'duckdb', scope })
    expect(athena.sent('StartQueryExecution').at(-1)?.['QueryString']).not.toContain('partition_day')
  } finally {
    delete tables['vpc_flow_logs']
  }
})

test('a recursive statement is not narrowed, and says so', async () => {
  const steps = 'with recursive s(n) as (select 1 union all select n + 1 from s where n < 3) select count(*) from s'
  const scope = { from: '2026-11-20', filters: [{ column: 'dstport', value: '443' }] }
  expect(await failureOf(await post({ sql: `${steps}, vpc_flow_logs`, scope }))).toMatchObject([
    403,
    { code: 'SQL_REFUSED', message: expect.stringContaining('WITH RECURSIVE') },
  ])
  // There is nothing in it that a range is about.
  expect((await post({ sql: steps, scope })).status).toBe(200)
  expect(athena.sent('StartQueryExecution')).toMatchObject([{ QueryString: steps }])
})

test('an estimate says what would be read, and runs nothing', async () => {
  await world.put('whole/a.log', 'x'.repeat(60_000))
  await world.put('whole/b.log', 'x'.repeat(40_000))

  const lines = await linesOf(await post({ sql: 'select many', estimate: true }))

  // Ten megabytes are the least that is paid for.
  const cost = 10_000 / 2 ** 20
  expect(lines).toEqual([{ estimate: { objects: 2, bytes: 100_000, cost, price_per_tib: 1000 } }])
  expect(athena.sent('StartQueryExecution')).toHaveLength(1)
  expect(await failureOf(await post({ sql: 'select many', estimate: true, engine: 'lake' }))).toMatchObject([
    400,
    { code: 'USAGE' },
  ])
})

test.each([
  ['insert into t values (1)', 'INSERT'],
  ['/* select */ drop table t', 'DROP'],
  ["unload (select 1) to 's3://b/' with (format = 'PARQUET')", 'UNLOAD'],
  ['create table t as select 1', 'CREATE'],
  ['explain analyze insert into t select 1', 'INSERT'],
  ['explain (type io, format json) delete from t', 'DELETE'],
  ["using external function f(x int) returns int lambda 'l' select f(1)", 'USING'],
  ['msck repair table t', 'MSCK'],
  ['select 1; drop table t', 'one statement'],
  ['-- nothing', 'one statement'],
])('%s is refused by name', async (sql, name) => {
  for (const dialect of ['athena', 'trino']) {
    const [status, error] = await failureOf(await post({ sql, dialect }))
    expect([status, error]).toMatchObject([403, { code: 'SQL_REFUSED' }])
    expect(error).toHaveProperty('message', expect.stringContaining(name))
  }
  expect(athena.requests).toEqual([])
})

test.each([
  '(select 1) union all (select 2)',
  'with a as (select 1) select * from a;',
  'values 1, 2',
  'show partitions t',
  'describe t',
  'explain analyze verbose (select 1)',
  'explain (type logical) select 1',
])('%s is admitted', async (sql) => {
  expect((await post({ sql })).status).toBe(200)
})

test('a lake without the setting says how Athena is set up, and does not offer it', async () => {
  const offered = async ({ url, token }: RunningServer): Promise<unknown> =>
    parseJson(await (await fetch(`${url}/v1/engines`, { headers: { authorization: `Bearer ${token}` } })).text())
  expect(await offered(server)).toMatchObject({
    athena: { database: 'logs', workgroup: 'people', price_per_tib: 1000 },
  })

  const without = await serve({})
  try {
    expect(await offered(without)).not.toHaveProperty('athena')
    const [status, error] = await failureOf(await post({ sql: 'select 1' }, undefined, without))
    expect([status, error]).toMatchObject([400, { code: 'USAGE' }])
    expect(error).toHaveProperty('message', expect.stringContaining('settings.json'))
  } finally {
    await without.stop()
  }
})
