import { readFileSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { parseDashboard } from '../../src/dashboard/yaml.ts'
import { readIoPlan } from '../../src/deploy/athena-estimate.ts'
import { type LogSource, rawPartitions, rawTable } from '../../src/deploy/log-source.ts'
import { logViews } from '../../src/deploy/log-views.ts'
import { generate } from '../../src/generate/generate.ts'
import { logTypeNamed } from '../../src/log-type/registry.ts'
import { namedQueries } from '../../src/named-queries/registry.ts'
import { parseJson } from '../../src/server/json.ts'
import { type RunningServer, startServer } from '../../src/server/server.ts'
import { printTrinoTable } from '../../src/sql/external/trino-table.ts'
import { AthenaServer } from '../athena/athena-server.ts'
import type { TestServer } from '../aws/servers.ts'
import { type Row, type Shared, openShared, texts, trino } from './trino.ts'

/** Days that have a 29 February among them; the records of all but the first and the last two are asked for. */
const end = Date.UTC(2024, 2, 3) / 1000
const scope = { from: '2024-02-27 00:00:00', to: '2024-02-29 23:55:00' }
const readDays = ['2024/02/27', '2024/02/28', '2024/02/29', '2024/03/01']
const account = '123456789012'
const region = 'eu-west-1'
const bucket = 'web-site'

const layouts = ['aws', 'hive', 'hourly', 'registered'] as const
type Layout = (typeof layouts)[number]

/** What the Glue catalog has of the views, by their names. */
const catalog: Record<string, object> = {}

let shared: Shared
let athena: AthenaServer
let aws: TestServer
/** One for each layout: its views are in a schema of that name. */
const servers = new Map<string, RunningServer>()
let values: Readonly<Record<string, string>>

const services = ['AWS_ENDPOINT_URL_ATHENA', 'AWS_ENDPOINT_URL_GLUE'] as const

beforeAll(async () => {
  shared = await openShared()
  const started = await AthenaServer.start(
    () => ({ columns: [{ Name: 'n', Type: 'bigint' }], rows: [], scanned: 1, statementType: 'DML', asked: 0 }),
    catalog,
  )
  athena = started.athena
  aws = started.server
  for (const name of services) process.env[name] = aws.url
  for (const database of layouts) {
    await writeFile(
      join(shared.lake.directory, 'settings.json'),
      JSON.stringify({ athena: { database, workgroup: 'people', region } }),
    )
    const log = pino({ level: 'silent' })
    servers.set(database, await startServer(shared.lake, { host: '127.0.0.1', port: 0, log }))
  }
  await putFlows()
  await putAccess()
  // A request of the client whose record is filed late.
  await shared.put('web/a.log', '203.0.113.9 - - [29/Feb/2024:23:54:59 +0000] "GET /a?b HTTP/1.1" 200 9 "-" "curl/8"\n')
  await shared.lake.load(`s3://${shared.bucket}/aws/`)
  await shared.lake.load(`s3://${shared.bucket}/web/`)
  await shared.lake.load(`s3://${shared.bucket}/access/`)
  // Objects of other days cannot be read: a query that reads one fails.
  const broken = Buffer.from('this is not gzip')
  for (const layout of ['aws', 'hive', 'hourly'] as const)
    for (const [day, hour] of [
      ['2024/02/26', '23'],
      // With folders of hours, those of the last day are read up to three hours behind the range.
      ['2024/03/01', '03'],
      ['2024/03/02', '00'],
      ['2023/02/28', '12'],
    ] as const)
      if (layout === 'hourly' || hour !== '03') await shared.put(`${folderOf(layout, day, hour)}broken.log.gz`, broken)
  for (const day of ['2024/02/26', '2024/03/03'])
    await shared.put(`access/${account}/${region}/${bucket}/${day}/broken.gz`, broken)
  for (const layout of layouts) await deploy(layout)
  values = await valuesOfRecords()
}, 300_000)

afterAll(async () => {
  for (const name of services) delete process.env[name]
  for (const server of servers.values()) await server.stop()
  await aws.close()
  await shared.close()
})

function folderOf(layout: Exclude<Layout, 'registered'>, day: string, hour: string): string {
  const [year = '', month = '', date = ''] = day.split('/')
  if (layout === 'hive')
    return `hive/AWSLogs/aws-account-id=${account}/aws-service=vpcflowlogs/aws-region=${region}/year=${year}/month=${month}/day=${date}/`
  return `${layout}/AWSLogs/${account}/vpcflowlogs/${region}/${day}/${layout === 'hourly' ? `${hour}/` : ''}`
}

const header =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'

/** The same records in folders of each layout; one of them is filed under the day after its start. */
async function putFlows(): Promise<void> {
  const folder = join(shared.folder, 'flows')
  const options = { seed: 5, end, days: 5, rows: 4000, files: 12, accounts: [account], regions: [region] }
  await generate(folder, { type: 'vpc-flow-logs', format: 'gzip', layout: 'flat', ...options })
  const at = (time: string): number => Date.parse(`${time}Z`) / 1000
  const late = (time: string, bytes: number): string =>
    `2 ${account} eni-late 203.0.113.9 10.0.0.9 40000 443 6 1 ${bytes} ${at(time)} ${at(time) + 600} ACCEPT OK`
  const body = gzipSync(`${header}\n${late('2024-02-29T23:54:59', 7)}\n${late('2024-02-29T23:55:00', 1000)}\n`)
  for (const layout of ['aws', 'hive', 'hourly'] as const) {
    await shared.put(`${folderOf(layout, '2024/03/01', '00')}late.log.gz`, body)
    for (const name of await readdir(folder)) {
      const [, year = '', month = '', day = '', hour = ''] = /_(\d{4})(\d\d)(\d\d)T(\d\d)\d\dZ_/.exec(name) ?? []
      const isOutside = year === '' || `${month}${day}` === '0226' || `${month}${day}${hour}` >= '030103'
      if (!isOutside)
        await shared.put(
          `${folderOf(layout, `${year}/${month}/${day}`, hour)}${name}`,
          await readFile(join(folder, name)),
        )
    }
  }
}

async function putAccess(): Promise<void> {
  const folder = join(shared.folder, 'access')
  const options = { seed: 6, end: end - 86_400, days: 3, rows: 3000, files: 9, accounts: [account], regions: [region] }
  await generate(folder, { type: 's3-access-logs', format: 'plain', layout: 'flat', ...options })
  const folders = readDays.concat('2024/03/02')
  for (const [index, path] of (await readdir(folder)).entries())
    if (!path.endsWith('.json'))
      await shared.put(
        `access/${account}/${region}/${bucket}/${folders[index % folders.length] ?? ''}/${path}`,
        await readFile(join(folder, path)),
      )
}

/** Makes the tables and views that `millrace deploy athena` makes, in a schema of the layout's name. */
async function deploy(layout: Layout): Promise<void> {
  const common = {
    isHourly: layout === 'hourly',
    accounts: [account],
    regions: [region],
    buckets: [bucket],
    from: '2024-02-01',
    format: 'text' as const,
    isRegistered: layout === 'registered',
  }
  const [flow, access, web] = ['vpc-flow-logs', 's3-access-logs', 'web-access-logs'].map(logTypeNamed)
  if (flow === undefined || access === undefined || web === undefined) throw new Error('no such log type')
  const sources: LogSource[] = [
    {
      ...common,
      type: flow,
      url: `s3://${shared.bucket}/${layout === 'registered' ? 'aws' : layout}/`,
      layout: layout === 'hive' ? 'hive' : 'aws',
    },
    { ...common, type: access, url: `s3://${shared.bucket}/access/`, layout: 'aws', isHourly: false },
    { ...common, type: web, url: `s3://${shared.bucket}/web/`, layout: 'flat' },
  ]
  await trino(`create schema if not exists hive.${layout} with (location = 'local:///${layout}')`)
  for (const source of sources) {
    const table = rawTable(source)
    await trino(printTrinoTable(table), layout)
    const columns = table.external.partitionedBy.map(({ name }) => `'${name.text}'`).join(', ')
    for (const { values: folder, location } of rawPartitions(source, new Date(end * 1000)))
      await trino(
        `call system.register_partition('${layout}', '${source.type.table}_raw', ARRAY[${columns}], ARRAY[${folder.map((value) => `'${value}'`).join(', ')}], '${location}')`,
      )
    for (const { name, sql } of await logViews(source)) await trino(`create or replace view ${name} as ${sql}`, layout)
  }
}

/** Tells Glue's columns of the views as Trino has them. */
async function catalogued(layout: Layout): Promise<void> {
  for (const view of ['vpc_flow_logs', 's3_access_logs']) {
    const columns = await trino(`describe ${view}`, layout)
    const Columns = columns.map(({ Column, Type }) => ({ Name: Column, Type: Type === 'varchar' ? 'string' : Type }))
    catalog[view] = { Name: view, StorageDescriptor: { Columns } }
  }
}

async function post(body: object, layout: Layout): Promise<unknown[]> {
  const { url = '', token = '' } = servers.get(layout) ?? {}
  const response = await fetch(`${url}/v1/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ maxRows: 10_000, ...body }),
  })
  const lines = (await response.text()).trim().split('\n')
  if (!response.ok) throw new Error(lines.join('\n'))
  return lines.map((line) => parseJson(line))
}

/** What the server sends to Athena for a question. */
async function sent(question: object, layout: Layout): Promise<string> {
  athena.requests.splice(0)
  await post({ ...question, engine: 'athena' }, layout)
  return String(athena.sent('StartQueryExecution')[0]?.['QueryString'])
}

const answered = z.looseObject({
  columns: z.array(z.object({ name: z.string() })).optional(),
  rows: z.array(z.array(z.unknown())).default([]),
  error: z.unknown().optional(),
})

/** What the lake answers. */
async function here(question: object): Promise<Row[]> {
  const lines = (await post(question, 'aws')).map((line) => answered.parse(line))
  expect(lines.filter(({ error }) => error !== undefined)).toEqual([])
  const names = lines[0]?.columns?.map(({ name }) => name) ?? []
  return lines.flatMap(({ rows }) =>
    rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]]))),
  )
}

async function expectSame(question: object, layout: Layout): Promise<readonly Row[]> {
  const rows = await here(question)
  expect(texts(await trino(await sent(question, layout), layout))).toEqual(texts(rows))
  return rows
}

test.each(layouts)('only the days of a range are read: %s', async (layout) => {
  await catalogued(layout)
  // Each day on the other side of the range cannot be read.
  const outside =
    layout === 'hive'
      ? ["partition_month = '02' and partition_day = '26'", "partition_month = '03' and partition_day = '02'"]
      : ["partition_day = '2024/02/26'", "partition_day = '2024/03/02'"]
  if (layout === 'hourly') outside.push("partition_day = '2024/03/01' and partition_hour = '03'")
  for (const day of outside) {
    const year = layout === 'hive' ? "partition_year = '2024' and " : ''
    await expect(trino(`select bytes from vpc_flow_logs where ${year}${day}`, layout)).rejects.toThrow(/broken/)
  }
  const late = { sql: `select "start", bytes from vpc_flow_logs where interface_id = 'eni-late'`, dialect: 'duckdb' }
  expect(await expectSame({ ...late, scope }, layout)).toMatchObject([{ bytes: 7 }])
  const whole = {
    sql: `select (select count(*) from vpc_flow_logs) as logs, (select count(*) from vpc_flow_view) as shown,
      (select sum(bytes) from vpc_flows) as flows, (select count(*) from s3_access_logs) as requests`,
    dialect: 'duckdb',
    scope,
  }
  const [counts = {}] = await expectSame(whole, layout)
  expect(Object.values(counts).filter((count) => Number(count) > 100)).toHaveLength(4)

  // An estimate reads the same from the plan.
  const [explained = {}] = await trino(
    `explain (type io, format json) ${await sent({ ...late, scope }, layout)}`,
    layout,
  )
  const [read] = readIoPlan(String(Object.values(explained)[0]))
  const column = layout === 'hive' ? 'year' : 'day'
  const holds = read?.conditions.get(column)
  expect(
    layout === 'hive'
      ? ['2023', '2024'].map((year) => holds?.(year))
      : ['2024/02/26', ...readDays, '2024/03/02'].map((day) => holds?.(day)),
  ).toEqual(layout === 'hive' ? [false, true] : [false, true, true, true, true, false])
})

test('views without partitions are narrowed by their time alone', async () => {
  delete catalog['vpc_flow_logs']
  const statement = await sent(
    { sql: 'select count(*) as n from vpc_flow_logs', dialect: 'duckdb', scope },
    'registered',
  )
  expect(statement).not.toContain('partition')
  await expect(trino(statement, 'registered')).rejects.toThrow(/broken/)
})

const tiles = ['vpc-overview', 's3-access-overview'].flatMap((name) => {
  const file = new URL(`../../src/dashboards/${name}.yaml`, import.meta.url)
  return parseDashboard(name, readFileSync(file, 'utf8')).tiles.map(
    ({ id, sql, query, parameters }) =>
      [id, query === undefined ? { sql, dialect: 'duckdb' } : { name: query, parameters, dialect: 'duckdb' }] as const,
  )
})

const tables = new Set(['vpc_flow_logs', 's3_access_logs', 'web_access_logs'])
const named = namedQueries().filter(({ logTypes }) => logTypes.every((table) => tables.has(table)))

/** Values for parameters that have no default, and others that leave rows, of the records that there are. */
async function valuesOfRecords(): Promise<Record<string, string>> {
  const [flow = {}] = await here({ sql: 'select srcaddr from vpc_flow_logs where dstport = 443 limit 1', scope })
  const [request = {}] = await here({
    sql: "select key, requester from s3_access_logs where operation = 'REST.PUT.OBJECT' limit 1",
    scope,
  })
  return {
    address: String(flow['srcaddr']),
    key: String(request['key']),
    requester: String(request['requester']),
    min_bytes: '1',
    ports: '443,22',
  }
}

const questions = [
  ...tiles.map(([id, question]) => [id, question, new Set<string>()] as const),
  ...named.map(
    ({ name, parameters }) => [name, { name, dialect: 'duckdb' }, new Set(parameters.map((one) => one.name))] as const,
  ),
]

const filters = [
  { column: 'dstport', value: '443' },
  { column: 'httpstatus', value: '200' },
  { column: 'path_region', value: region },
  { column: 'instance_id', value: null },
]
const withRows = { whole: 0, filtered: 0 }

test.each(questions)('%s is the same on Trino within a range and filters', async (_, question, parameters) => {
  await catalogued('aws')
  const known = Object.entries(values).filter(([name]) => parameters.has(name))
  for (const [kind, seen] of Object.entries({ whole: scope, filtered: { ...scope, filters } })) {
    const asked = { ...question, ...(known.length === 0 ? {} : { parameters: Object.fromEntries(known) }), scope: seen }
    const rows = await here(asked)
    expect(texts(await trino(await sent(asked, 'aws'), 'aws'))).toEqual(texts(rows))
    if (rows.length > 0) withRows[kind === 'whole' ? 'whole' : 'filtered']++
  }
})

test('most of these questions have answers', () => {
  // The sample is of the default format, and has no duplicates.
  expect(withRows.whole).toBeGreaterThan(questions.length * 0.85)
  expect(withRows.filtered).toBeGreaterThan(questions.length / 2)
})

test('a moment is one value, however it is written', async () => {
  await catalogued('aws')
  const question = { sql: 'select bytes from vpc_flow_logs', dialect: 'duckdb' }
  for (const value of ['2024-02-29 23:54:59', '2024-02-29 23:54:59.000'])
    expect(
      await expectSame({ ...question, scope: { ...scope, filters: [{ column: 'start', value }] } }, 'aws'),
    ).toContainEqual({ bytes: 7 })
})
