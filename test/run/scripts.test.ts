import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { closeLake, openedLake, temporaryFolder } from '../loading/lakes.ts'
import { failureOf, lastRows, namesOf, ran } from './running.ts'

const quickstart = `
-- what the guides begin with
create STORAGE INTEGRATION flow_int
  TYPE = EXTERNAL_STAGE
  STORAGE_PROVIDER = S3
  ENABLED = TRUE
  STORAGE_AWS_ROLE_ARN = 'arn:aws:iam::<ACCOUNT>:role/<ROLE>'
  STORAGE_ALLOWED_LOCATIONS = ('s3://<BUCKET>/<PREFIX>/');

DESC INTEGRATION flow_int;
create warehouse small_one with
  WAREHOUSE_SIZE = MEDIUM
  AUTO_SUSPEND = 300;
create stage flow_stage
  url = 's3://<BUCKET>/<PREFIX>/'
  storage_integration = flow_int
;
`
const values = { ACCOUNT: '123456789012', ROLE: 'reader', BUCKET: 'logs', PREFIX: 'AWSLogs' }
const said = [
  'Integration FLOW_INT successfully created.',
  undefined,
  'Warehouse SMALL_ONE successfully created.',
  'Stage area FLOW_STAGE successfully created.',
]

test('a script gives one result a statement, with its place and first words', async () => {
  const lake = await openedLake()
  const results = await ran(lake, quickstart, { values })

  expect(results.map(({ rows }) => rows[0]?.['status'])).toEqual(said)
  expect(results.map(({ statement }) => statement.line)).toEqual([3, 10, 11, 14])
  expect(results[1]).toMatchObject({
    statement: { line: 10, column: 1, text: 'DESC INTEGRATION flow_int' },
    truncated: false,
    seconds: expect.any(Number),
    notices: [],
  })
  expect(results[1]?.columns.map(({ name }) => name).slice(0, 4)).toEqual([
    'property',
    'property_type',
    'property_value',
    'property_default',
  ])
})

const published = resolve('../shared/quickstarts/vpc-flow-snowflake.sql')

describe.skipIf(!existsSync(published))('the published script', () => {
  const script = existsSync(published) ? readFileSync(published, 'utf8') : ''
  const filled = { AWS_ACCOUNT_NUMBER: '123456789012', RoleName: 'r', BUCKET_NAME: 'logs', PREFIX: 'a' }

  test('runs up to the stage, beside built-in data', async () => {
    const lake = await openedLake()
    const results = await ran(lake, script.slice(0, script.indexOf('list @')), { values: filled })

    expect(results).toHaveLength(4)
    expect(await namesOf(lake, 'show stages')).toEqual(['VPC_FLOW_STAGE'])
  })
})

const notRun = [
  'create stream s on view v',
  'alter stream s set append_only = true',
  'create task k overlap_policy = allow_all_overlap as select 1',
  'create temporary view v as select 1 as x',
  'begin',
  'use role accountadmin',
  "create temporary stage s url = 's3://b/'",
  'create temp file format f type = csv',
  'alter stage w refresh',
  'show schemas history',
  'alter integration i unset enabled',
]

test('a statement that is not run is found before anything is', async () => {
  const lake = await openedLake()
  for (const statement of notRun) {
    const failure = await failureOf(lake, `create warehouse w;\n\n  ${statement};`)

    expect(failure, statement).toMatchObject({
      code: 'STATEMENT_UNSUPPORTED',
      exitCode: 2,
      place: { line: 3, column: 3 },
      message: expect.stringMatching(/^line 3: ".*" is not run: .*Nothing of the script has run\.$/),
    })
  }
  expect(await namesOf(lake, 'show warehouses')).toEqual([])
})

const refused = [
  ['selec 1', 'snowflake'],
  ['selec 1', 'duckdb'],
  ['select no_such_function(1)', 'snowflake'],
  ["select * from read_csv('/etc/passwd')", 'duckdb'],
  ["create stage s urll = 's3://b/'", 'snowflake'],
  ['with x as (select 1) delete from t', 'duckdb'],
] as const

test('a statement that cannot be read is found before anything is run, with its line', async () => {
  const lake = await openedLake()
  for (const [sql, dialect] of refused) {
    const failure = await failureOf(lake, `create warehouse w;\n${sql}`, { dialect })

    expect(failure.message).toMatch(/^line 2: /)
    expect(failure.place?.line).toBe(2)
  }
  expect(await namesOf(lake, 'show warehouses')).toEqual([])
})

test('what fails while it runs names its line, and what ran before stays', async () => {
  const lake = await openedLake()
  const failure = await failureOf(lake, 'create warehouse w;\nselect 1,\n  x\nfrom nowhere;\ncreate warehouse v;')

  expect(failure).toMatchObject({
    code: 'SQL_FAILED',
    exitCode: 1,
    message: expect.stringMatching(/^line 4: .*nowhere/),
  })
  expect(await namesOf(lake, 'show warehouses')).toEqual(['W'])
  expect(await failureOf(lake, "\n\nselect 'x'::int", { dialect: 'duckdb' })).toMatchObject({
    code: 'SQL_FAILED',
    message: expect.stringMatching(/^line 3: /),
  })
})

test('a placeholder that is left over is an error that names it', async () => {
  const lake = await openedLake()
  const { BUCKET: _bucket, ...others } = values

  expect(await failureOf(lake, quickstart, { values: others })).toMatchObject({
    code: 'STATEMENT_INVALID',
    message: expect.stringContaining('BUCKET'),
  })
})

test('at most so many rows of a statement are given', async () => {
  const lake = await openedLake()
  const [many, few, shown] = await ran(lake, 'select * from range(150); select * from range(100); show schemas', {
    dialect: 'duckdb',
  })
  const [three] = await ran(lake, 'select * from range(150)', { dialect: 'duckdb', maxRows: 3 })

  expect([many?.rows.length, many?.truncated]).toEqual([100, true])
  expect([few?.rows.length, few?.truncated]).toEqual([100, false])
  expect(shown?.rows).toHaveLength(1)
  expect([three?.rows.length, three?.truncated]).toEqual([3, true])
})

test('a database that the lake does not have is left out of names, and that is said', async () => {
  const lake = await openedLake()
  const [result] = await ran(lake, 'select count(*) as n from log_analysis.public.vpc_flow_view')

  expect(result).toMatchObject({
    rows: [{ n: 0 }],
    notices: [expect.stringContaining('log_analysis.public.vpc_flow_view')],
  })
})

test('a script that is given up runs nothing more, and a cancelled one says so', async () => {
  const lake = await openedLake()
  for await (const _ of lake.run('create warehouse a; create warehouse b')) break
  expect(await namesOf(lake, 'show warehouses')).toEqual(['A'])

  const controller = new AbortController()
  setTimeout(() => controller.abort(), 100)
  const endless = 'select count(*) from range(1000000000) a, range(1000000) b'
  expect(
    await failureOf(lake, `${endless};\ncreate warehouse c`, { dialect: 'duckdb', signal: controller.signal }),
  ).toMatchObject({ code: 'QUERY_CANCELLED', message: expect.stringMatching(/^line 1: /) })
  expect(await namesOf(lake, 'show warehouses')).toEqual(['A'])
})

test('an empty script gives nothing', async () => {
  const lake = await openedLake()

  expect(await ran(lake, '-- nothing\n;;')).toEqual([])
})

test('a lake that is opened again has its objects', async () => {
  const directory = join(temporaryFolder(), 'lake')
  const lake = await openedLake({ directory })
  await ran(lake, `${quickstart} create database d; create schema s`, { values })
  const shows = 'show integrations; show warehouses; show stages; show schemas in account; desc integration flow_int'
  const before = (await ran(lake, shows)).map(({ rows }) => rows)
  await closeLake(lake)

  const again = await openedLake({ directory })
  expect((await ran(again, shows)).map(({ rows }) => rows)).toEqual(before)
  expect(await lastRows(again, 'show tables', { dialect: 'duckdb' })).toContainEqual({ name: 'vpc_flow_logs' })
})
