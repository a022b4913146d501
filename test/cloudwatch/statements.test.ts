import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { placeOf } from '../../src/commands/add/place.ts'
import { type Source, planAdd } from '../../src/commands/add/plan.ts'
import type { OpenLake } from '../../src/lake.ts'
import { forgetEvents } from '../../src/loading/event-store.ts'
import { logTypeNamed } from '../../src/log-type/registry.ts'
import { codeOf, valuesOf } from '../loading/lakes.ts'
import { openTestLake } from '../loading/template.ts'
import { failureOf, ran } from '../run/running.ts'

let root: string
let lake: OpenLake

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'millrace-cloudwatch-'))
  lake = await openTestLake(join(root, 'lake'), { threads: 1 })
  await ran(
    lake,
    `create stage g url = 'cloudwatch://eu-west-1//aws/flow';
     create stage f url = 'firehose://flow';
     create table t (a varchar);
     create pipe p as copy into logs.vpc_flow_logs from @g file_format = (type = vpc_flow_logs)`,
  )
})

afterAll(async () => {
  await lake.close()
  rmSync(root, { recursive: true, force: true })
})

function sqlOf(source: Partial<Source> & { readonly url: string }): string {
  const type = logTypeNamed('vpc-flow-logs')
  if (type === undefined) throw new Error('unreachable')
  const plan = planAdd({ type, start: 'all', ...source }, { stages: [], pipes: [], integrations: [] })
  return 'sql' in plan ? plan.sql : ''
}

test('add makes a stage and a pipe of a log group', () => {
  expect(sqlOf({ url: placeOf('cloudwatch://eu-west-1//aws/flow-logs'), format: 'srcaddr bytes' })).toBe(
    `CREATE STAGE vpc_flow_logs_eu_west_1_aws_flow_logs
  URL = 'cloudwatch://eu-west-1//aws/flow-logs';
CREATE PIPE vpc_flow_logs_eu_west_1_aws_flow_logs
  AUTO_INGEST = TRUE
  RECONCILE = '1 minute'
  START = 'ALL'
  AS COPY INTO logs.vpc_flow_logs
  FROM @vpc_flow_logs_eu_west_1_aws_flow_logs
  FILE_FORMAT = (TYPE = VPC_FLOW_LOGS LOG_FORMAT = 'srcaddr bytes');
`,
  )
})

test('and of what Firehose posts, and with a role', () => {
  expect(sqlOf({ url: placeOf('firehose://flow') })).toBe(
    `CREATE STAGE vpc_flow_logs_flow
  URL = 'firehose://flow';
CREATE PIPE vpc_flow_logs_flow
  AUTO_INGEST = TRUE
  AS COPY INTO logs.vpc_flow_logs
  FROM @vpc_flow_logs_flow
  FILE_FORMAT = (TYPE = VPC_FLOW_LOGS);
`,
  )
  expect(sqlOf({ url: 'cloudwatch://eu-west-1/flow', role: 'arn:aws:iam::123456789012:role/reader' })).toContain(
    "STORAGE_ALLOWED_LOCATIONS = ('cloudwatch://eu-west-1/flow')",
  )
})

test.each([
  'cloudwatch://eu-west-1',
  'cloudwatch://eu-west-1/',
  'cloudwatch://EU/x',
  'cloudwatch:///x',
  'firehose://',
  'firehose://a/b',
])('%s is no source', (url) => {
  expect(() => placeOf(url)).toThrow(expect.objectContaining({ code: 'SOURCE_UNSUPPORTED' }))
})

test.each([
  ["create stage x url = 'cloudwatch://eu-west-1'", /URL expects .*'cloudwatch:\/\/region\/log-group'/],
  [
    'create pipe x as copy into t from @g file_format = (type = csv)',
    /go into logs\.tgw_flow_logs or logs\.vpc_flow_logs/,
  ],
  ['create pipe x as copy into logs.s3_access_logs from @g file_format = (type = s3_access_logs)', /go into logs\./],
  ['create pipe x as copy into logs.vpc_flow_logs from @g/eni file_format = (type = vpc_flow_logs)', /as a whole/],
  [
    "create pipe x as copy into logs.vpc_flow_logs from @g file_format = (type = vpc_flow_logs) pattern = '.*'",
    /as a whole/,
  ],
  [
    'create pipe x as copy into logs.vpc_flow_logs from @f file_format = (type = vpc_flow_logs) on_error = skip_file',
    /ON_ERROR = CONTINUE/,
  ],
  [
    "create pipe x auto_ingest = true queue = 'arn:aws:sqs:eu-west-1:123456789012:q' as copy into logs.vpc_flow_logs from @g file_format = (type = vpc_flow_logs)",
    /without a queue/,
  ],
  ["alter pipe p set queue = 'arn:aws:sqs:eu-west-1:123456789012:q'", /without a queue/],
  ["alter pipe p refresh prefix = 'a'", /leave PREFIX and MODIFIED_AFTER out/],
  ['list @g', /read by a pipe/],
  ['copy into logs.vpc_flow_logs from @f file_format = (type = vpc_flow_logs)', /taken by a pipe/],
])('%s is refused', async (statement, reason) => {
  expect((await failureOf(lake, statement)).message).toMatch(reason)
})

test('a log group is not loaded by hand', async () => {
  expect(await codeOf(lake.load('cloudwatch://eu-west-1/flow'))).toBe('SOURCE_UNSUPPORTED')
})

test('the pipe and its stage are shown by their URL', async () => {
  expect(await lake.listStages()).toContainEqual(expect.objectContaining({ url: 'cloudwatch://eu-west-1//aws/flow' }))
  expect(await lake.pipe('p').details()).toMatchObject({
    location: 'cloudwatch://eu-west-1//aws/flow',
    reconcile_seconds: 60,
  })
  expect(await valuesOf(lake, 'select count(*) from lake.log_groups')).toEqual([0])
})

const hour = 3_600_000

test.each([
  // Nobody reads the group by the API: what is 26 hours older than the newest goes.
  ['without a reader', [], [74, 100]],
  // All is read up to hour 60: what it asks for again stays, and so does an hour more.
  ['behind a reader that is at it', [[0, 0, 60, 60]], [59, 60, 73, 74, 100]],
  // It will ask a second time for what comes after hour 41.
  ['before a second look', [[0, 0, 60, 41]], [40, 58, 59, 60, 73, 74, 100]],
  // What lies before hour 30 is still to be read, and may have come by other ways.
  ['before a reader that reads back', [[0, 30, 100, 100]], [0, 10, 74, 100]],
] as const)('events are forgotten %s', async (_, groups, left) => {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`
    create schema lake;
    create table lake.log_events (table_name varchar, log_group varchar, event_ms bigint, id_hash bigint, file_id integer);
    create table lake.log_groups (table_name varchar, source varchar, log_group varchar, start_ms bigint, read_from_ms bigint, read_to_ms bigint, settled_ms bigint);
    insert into lake.log_events select 't', 'g', h * ${hour}, h, 1 from (values (0), (10), (40), (58), (59), (60), (73), (74), (100)) v (h);
    insert into lake.log_events values ('t', 'other', 0, 0, 1)`)
  for (const [start, from, to, settled] of groups)
    await connection.run(
      `insert into lake.log_groups values ('t', 's', 'g', ${start * hour}, ${from * hour}, ${to * hour}, ${settled * hour})`,
    )

  await forgetEvents(connection, 10)
  expect((await connection.runAndReadAll('from lake.log_events')).currentRowCount).toBe(10)
  await forgetEvents(connection, 9)

  const kept = await connection.runAndReadAll(
    "select id_hash::integer from lake.log_events where log_group = 'g' order by all",
  )
  expect(kept.getRows().map(([hours]) => hours)).toEqual(left)
  connection.closeSync()
  instance.closeSync()
})
