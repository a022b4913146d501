import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { codeOf, loadOnce, openedLake, rowsOf, valuesOf } from './lakes.ts'
import { flowFile, writeParquet } from './lines.ts'

let shared: Awaited<ReturnType<typeof loadOnce>>

afterAll(() => {
  rmSync(join(shared.lake.directory, 'spool', 'spooled.parquet'))
})

beforeAll(async () => {
  shared = await loadOnce({ 'a.log': flowFile(50), 'plain.csv': 'a,b\n1,2\n' })
  // In the one folder that the engine itself may read.
  await writeParquet(join(shared.lake.directory, 'spool', 'spooled.parquet'), "select 'spooled' as secret")
})

/** Takes some seconds before its one row, or gives very many rows; ends by itself, so that a test that fails does too. */
const slow = 'select count(*) from range(8000000) a, range(1000) b where a.range % 7 = b.range % 11'
const manyRows = 'select a.range from range(3000) a, range(1000) b'

test.each([
  'select 1',
  'from vpc_flow_logs limit 1',
  'with few as (select * from vpc_flow_logs limit 3) select count(*) from few',
  'values (1), (2)',
  'describe vpc_flow_logs',
  'describe select 1 as x',
  'show tables',
  'summarize vpc_flow_logs',
  'explain select * from vpc_flow_logs',
  'explain analyze select count(*) from vpc_flow_logs',
  'select * from logs.load_history -- a comment',
  '/* a comment */ select 1;',
  "select * from range(3), unnest(['a', 'b'])",
  'select * from duckdb_tables()',
  'table vpc_flow_logs',
])('%s is answered', async (sql) => {
  await expect(rowsOf(shared.lake, sql)).resolves.toBeDefined()
})

test.each([
  ["select * from '/etc/passwd'", 'a file'],
  ["from 'plain.csv'", 'a file'],
  ['select * from "./plain.csv"', 'a file'],
  ["select * from 'https://example.com/x.parquet'", 'a file elsewhere'],
  ["select * from 's3://bucket/x.parquet'", 'a file elsewhere'],
  ["select * from read_csv('/etc/passwd')", 'a reading function'],
  ["select * from read_text('/etc/passwd')", 'a reading function'],
  ["select * from read_blob('/etc/*')", 'a reading function'],
  ["select * from read_parquet('x.parquet')", 'a reading function'],
  ["select * from glob('/etc/*')", 'a listing function'],
  ["select * from sniff_csv('/etc/passwd')", 'a reading function'],
  ["select (select count(*) from read_text('/etc/passwd'))", 'a reading function within'],
  ["with x as (select * from read_text('/etc/passwd')) select * from x", 'a reading function within'],
  [
    "select * from vpc_flow_logs where srcaddr in (select content from read_text('/etc/passwd'))",
    'a reading function within',
  ],
  ["select * from query('select 1')", 'text run as SQL'],
  ["select * from query_table('vpc_flow_logs')", 'text used as a table'],
  ['select * from duckdb_settings()', 'settings'],
  ['select * from duckdb_secrets()', 'secrets'],
  ['select * from pragma_database_list()', 'a pragma'],
  ["summarize '/etc/passwd'", 'a file'],
  ["describe '/etc/passwd'", 'a file'],
  ["explain analyze select * from read_text('/etc/passwd')", 'a reading function'],
  ['create table x (a integer)', 'a definition'],
  ['create temp table x as select 1', 'a definition'],
  ['create or replace view public.v as select 1', 'a definition'],
  ['drop table lake.objects', 'a definition'],
  ['alter table lake.objects add column x integer', 'a definition'],
  ['insert into lake.rejects values (1)', 'a change'],
  ['update lake.objects set rows = 0', 'a change'],
  ['delete from lake.vpc_flow_logs', 'a change'],
  ['truncate lake.vpc_flow_logs', 'a change'],
  ['explain analyze delete from lake.vpc_flow_logs', 'a change'],
  ["copy vpc_flow_logs to '/tmp/x.csv'", 'an export'],
  ["copy (select 1) to '/tmp/x.csv'", 'an export'],
  ["export database '/tmp/x'", 'an export'],
  ["attach '/tmp/x.duckdb'", 'another database'],
  ['use lake', 'a setting'],
  ["set memory_limit = '1TB'", 'a setting'],
  ['reset memory_limit', 'a setting'],
  ['pragma threads = 64', 'a setting'],
  ['install httpfs', 'an extension'],
  ['load httpfs', 'an extension'],
  ['call pragma_version()', 'a call'],
  ['begin', 'a transaction'],
  ['checkpoint', 'a transaction'],
  ['prepare x as select 1', 'a prepared statement'],
  ['vacuum', 'maintenance'],
  ['select 1; select 2', 'two statements'],
  ['select 1; drop table lake.objects', 'two statements'],
  ['explain select 1; drop table lake.objects', 'two statements'],
  ['', 'nothing'],
  ['-- nothing', 'nothing'],
  [';', 'nothing'],
])('%s is refused: %s', async (sql) => {
  const code = await codeOf(rowsOf(shared.lake, sql))

  expect(code).toMatch(/^SQL_(REFUSED|FAILED)$/)
  expect(await valuesOf(shared.lake, 'select count(*)::integer from vpc_flow_logs')).toEqual([50])
})

test.each(['select * from ~', 'describe ~', 'summarize ~', 'explain select * from ~', 'select * from (from ~)'])(
  '%s of a file that the engine may read is refused',
  async (sql) => {
    const file = join(shared.lake.directory, 'spool', 'spooled.parquet')

    for (const name of [`'${file}'`, `"${file}"`])
      expect(await codeOf(rowsOf(shared.lake, sql.replace('~', name))), name).toBe('SQL_REFUSED')
  },
)

test.each([
  ['select colour from vpc_flow_logs', /colour/],
  ['select * from nowhere', /nowhere/],
  ['selec 1', /selec/i],
  ["select 'a'::integer", /integer|INT32/i],
] as const)('%s fails with what the engine says', async (sql, says) => {
  await expect(rowsOf(shared.lake, sql)).rejects.toMatchObject({
    code: 'SQL_FAILED',
    message: expect.stringMatching(says),
  })
})

test.each([
  ['before its first row', slow],
  ['among its rows', manyRows],
])('a query is cancelled %s by its signal', async (_, sql) => {
  const stop = new AbortController()
  const query = codeOf(shared.lake.query(sql, { signal: stop.signal }).then((result) => result.all()))

  await pause(100)
  stop.abort()

  expect(await query).toBe('QUERY_CANCELLED')
})

test('rows that were cancelled do not end as if they were all', async () => {
  for (const after of [1, 10, 100, 1000, 10_000]) {
    const result = await shared.lake.query(manyRows)
    let seen = 0
    const reading = async (): Promise<void> => {
      for await (const row of result) if (row !== undefined && ++seen === after) result.cancel()
    }

    expect(await codeOf(reading()), `cancelled after ${after} rows`).toBe('QUERY_CANCELLED')
  }
})

test('a signal that came before the query cancels it', async () => {
  expect(await codeOf(shared.lake.query('select 1', { signal: AbortSignal.abort() }))).toBe('QUERY_CANCELLED')
})

test('a query is cancelled whenever its signal comes', async () => {
  const outcomes: string[] = ['QUERY_CANCELLED']

  // Each round aborts a little later, so that every step of a query's start is met.
  for (let round = 0; round < 60 && outcomes.at(-1) === 'QUERY_CANCELLED'; round++) {
    const stop = new AbortController()
    const query = codeOf(shared.lake.query(manyRows, { signal: stop.signal }).then((result) => result.all()))
    for (let turn = 0; turn < round; turn++) await new Promise((resolve) => setImmediate(resolve))
    stop.abort()
    outcomes.push(await query)
  }

  expect(new Set(outcomes)).toEqual(new Set(['QUERY_CANCELLED']))
})

test.each([1, 2, 3, 5, 20, 50, 100])(
  'a query of more than %i ms is stopped when that is its limit, and says so',
  async (timeoutMs) => {
    for (const sql of [slow, manyRows])
      expect(await codeOf(shared.lake.query(sql, { timeoutMs }).then((result) => result.all())), sql).toBe(
        'QUERY_TIMEOUT',
      )
  },
)

test('a query that ends in time is not stopped, and neither is the next', async () => {
  const { lake } = shared

  const result = await lake.query('select count(*)::integer as rows from vpc_flow_logs', { timeoutMs: 60_000 })

  expect(await result.all()).toEqual([{ rows: 50 }])
  expect(await valuesOf(lake, 'select 1')).toEqual([1])
})

test.each([
  [0, 0, true],
  [10, 10, true],
  [49, 49, true],
  [50, 50, false],
  [51, 50, false],
] as const)('with maxRows %i come %i of 50 rows, truncated: %s', async (maxRows, count, isTruncated) => {
  const result = await shared.lake.query('select * from vpc_flow_logs', { maxRows })

  const rows = await result.all()

  expect([rows.length, result.truncated]).toEqual([count, isTruncated])
})

test('rows of a large result are read as far as one likes', async () => {
  const result = await shared.lake.query<{ range: number }>(manyRows)
  let seen = 0

  for await (const row of result) {
    expect(row.range).toBeGreaterThanOrEqual(0)
    if (++seen === 5000) break
  }

  expect(await valuesOf(shared.lake, 'select 1')).toEqual([1])
})

test('values come as plain ones, and columns of one name get names of their own', async () => {
  const result = await shared.lake.query(
    "select 9007199254740993 as large, 1.5::decimal(4, 2) as decimal, [1, 2] as list, {'a': 1} as struct, map {'k': 'v'} as map, timestamp '2026-11-20 12:00:00' as time, null as nothing, true as yes, 1 as x, 2 as x",
  )

  expect(result.columns.map(({ name }) => name)).toEqual([
    'large',
    'decimal',
    'list',
    'struct',
    'map',
    'time',
    'nothing',
    'yes',
    'x',
    'x_1',
  ])
  expect(await result.all()).toEqual([
    {
      large: 9007199254740993n,
      decimal: 1.5,
      list: [1, 2],
      struct: { a: 1 },
      map: { k: 'v' },
      time: '2026-11-20 12:00:00',
      nothing: null,
      yes: true,
      x: 1,
      x_1: 2,
    },
  ])
})

test('queries see whole loads only, while one runs', async () => {
  const seen: Promise<unknown>[] = []
  const lake = await openedLake({
    commitBytes: 1,
    onPoint: () => {
      seen.push(valuesOf(lake, 'select [(select count(*) from vpc_flow_logs), (select sum(rows) from load_history)]'))
    },
  })

  await lake.load(shared.folder)
  const pairs = await Promise.all(seen)

  expect(pairs.length).toBeGreaterThan(3)
  for (const pair of pairs) expect([[[0, null]], [[50, 50]]]).toContainEqual(pair)
})

test('times are in UTC, whatever the zone of the machine', async () => {
  expect(await valuesOf(shared.lake, 'select distinct "end" from vpc_flow_logs')).toEqual(['2025-10-10 13:56:36'])
  expect(await valuesOf(shared.lake, "select timestamptz '2026-01-01 00:00:00+02'::varchar")).toEqual([
    '2025-12-31 22:00:00+00',
  ])
})
