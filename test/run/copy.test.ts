import { copyFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Lake } from '../../src/index.ts'
import { failureOf, lastRows, ran, statusOf } from './running.ts'
import { openTestLake } from '../loading/template.ts'

let directory = ''
let folder = ''
let lake: Lake

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'millrace-copy-'))
  folder = join(directory, 'staged')
  mkdirSync(folder)
  lake = await openTestLake(join(directory, 'lake'))
  await ran(lake, `create stage s url = 'file://${folder}/'`)
})

afterEach(async () => {
  await lake.close()
  rmSync(directory, { recursive: true, force: true })
})

/** Writes a Parquet file into the stage. */
async function staged(name: string, select: string): Promise<void> {
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  await connection.run(`copy (${select}) to '${join(folder, name)}' (format parquet)`)
  connection.closeSync()
  instance.closeSync()
}

const parquet = 'file_format = (type = parquet)'
const copy = `copy into t from @s ${parquet}`

async function count(table = 't'): Promise<number> {
  const [row] = await (await lake.query<{ n: number }>(`select count(*) as n from ${table}`)).all()
  return row?.n ?? -1
}

async function records(): Promise<unknown[]> {
  const rows = await (await lake.query<{ r: string }>('select to_json(record) as r from t order by r')).all()
  return rows.map(({ r }) => JSON.parse(r))
}

describe('COPY INTO a table with a VARIANT', () => {
  beforeEach(() => ran(lake, 'create table t (record variant)'))

  test('loads each file once, in Snowflake’s columns', async () => {
    await staged('a.parquet', 'select i as x from range(3) t(i)')
    await staged('b.parquet', 'select i as x from range(4) t(i)')

    expect(await lastRows(lake, copy)).toEqual(
      [3, 4].map((rows, index) => ({
        file: join(folder, `${'ab'[index] ?? ''}.parquet`),
        status: 'LOADED',
        rows_parsed: rows,
        rows_loaded: rows,
        error_limit: 1,
        errors_seen: 0,
        first_error: null,
        first_error_line: null,
        first_error_character: null,
        first_error_column_name: null,
      })),
    )
    expect(await statusOf(lake, copy)).toBe('Copy executed with 0 files processed.')
    expect(await count()).toBe(7)
    expect(await lake.history()).toHaveLength(2)
  })

  test('a file that changed is loaded as well, as Snowflake has it', async () => {
    await staged('a.parquet', 'select 1 as x')
    await ran(lake, copy)
    await staged('a.parquet', 'select i as x from range(5) t(i)')
    await ran(lake, copy)

    expect(await count()).toBe(6)
  })

  test('FORCE loads it again', async () => {
    await staged('a.parquet', 'select 1 as x')
    await ran(lake, `${copy}; ${copy} force = true`)

    expect(await count()).toBe(2)
  })

  test('FILES and PATTERN choose; a name that is not there ends it', async () => {
    for (const name of ['a', 'b', 'c']) await staged(`${name}.parquet`, `select '${name}' as x`)
    await ran(lake, `copy into t from @s files = ('b.parquet') ${parquet}`)
    expect(await records()).toEqual([{ x: 'b' }])
    expect(await failureOf(lake, `copy into t from @s files = ('d.parquet') ${parquet}`)).toMatchObject({
      code: expect.stringMatching(/STATEMENT_FAILED|SOURCE_MISSING/),
    })
    await ran(lake, `copy into t from @s pattern = '.*c[.]parquet' ${parquet}`)
    expect(await records()).toEqual([{ x: 'b' }, { x: 'c' }])
  })

  test('keys are gained by later files; clashing types and keys of another case keep their values', async () => {
    await staged('a.parquet', "select 1::int as n, 'a' as s")
    await staged(
      'b.parquet',
      'select \'text\' as n, true as "S", 2.5::float as f, {deep: [1, 2]} as o, null::int as none',
    )
    await staged('c.parquet', "select 7::bigint as n, timestamp '2026-01-02 03:04:05' as at")
    await ran(lake, copy)

    expect(await records()).toEqual(
      [
        { n: 7, s: null, f: null, o: null, none: null, $other: null, at: '2026-01-02 03:04:05' },
        { n: 1, s: 'a', f: null, o: null, none: null, $other: null, at: null },
        { n: null, s: null, f: 2.5, o: { deep: [1, 2] }, none: null, $other: { n: 'text', S: true }, at: null },
      ].toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    )
  })

  test('a view of the engine over the table goes on when the table gains keys', async () => {
    await staged('a.parquet', 'select 1 as x')
    await ran(lake, copy)
    await staged('b.parquet', 'select 2 as y')
    await ran(lake, copy)
    const rows = await (await lake.query('select record.x, record.y from t order by all')).all()

    expect(rows).toEqual([
      { x: 1, y: null },
      { x: null, y: 2 },
    ])
  })

  test('a damaged file ends it, with nothing loaded, unless it is to be skipped', async () => {
    await staged('a.parquet', 'select 1 as x')
    await staged('b.parquet', 'select i as x from range(1000) t(i)')
    truncateSync(join(folder, 'b.parquet'), 500)
    expect((await failureOf(lake, copy)).message).toContain('b.parquet')
    expect(await count()).toBe(0)

    const rows = await lastRows(lake, `${copy} on_error = skip_file`)
    expect(rows.map(({ status }) => status)).toEqual(['LOADED', 'LOAD_FAILED'])
    expect(await count()).toBe(1)
    await staged('b.parquet', 'select i as x from range(1000) t(i)')
    await ran(lake, copy)
    expect(await count()).toBe(1001)
  })

  test('a table that is dropped and made again takes the same files again', async () => {
    await staged('a.parquet', 'select 1 as x')
    await ran(lake, `${copy}; create or replace table t (record variant); ${copy}`)
    expect(await count()).toBe(1)
    await ran(lake, `drop table t; create table t (record variant); ${copy}`)
    expect(await count()).toBe(1)
  })

  test('the built-in tables and the table of a script each take the same file', async () => {
    await staged(
      'a.parquet',
      "select 2::int as version, '123456789012' as account_id, 'eni-1' as interface_id, '10.0.0.1' as srcaddr, '10.0.0.2' as dstaddr, 1::int as srcport, 2::int as dstport, 6::int as protocol, 3::bigint as packets, 4::bigint as bytes, 1770000000::bigint as start, 1770000060::bigint as \"end\", 'ACCEPT' as action, 'OK' as log_status",
    )
    await ran(lake, copy)
    expect(await lake.load(folder)).toMatchObject({ files: 1, rows: 1 })
    await ran(lake, `${copy}; copy into logs.vpc_flow_logs from @s file_format = (type = vpc_flow_logs)`)

    expect([await count(), await count('logs.vpc_flow_logs')]).toEqual([1, 1])
  })

  test('the copy of a file with other times is the same file to Snowflake, and another version here', async () => {
    await staged('a.parquet', 'select 1 as x')
    await ran(lake, copy)
    utimesSync(join(folder, 'a.parquet'), 0, 0)
    copyFileSync(join(folder, 'a.parquet'), join(folder, 'b.parquet'))
    await ran(lake, copy)

    expect(await count()).toBe(3)
  })
})

describe('COPY INTO typed columns by their names', () => {
  const byName = `${copy} match_by_column_name = case_insensitive`

  beforeEach(() => ran(lake, 'create table t (Id number, word varchar(20), at timestamp_ntz, extra float default 7)'))

  test('unmatched columns stay empty; records that do not fit are rejects', async () => {
    await staged(
      'a.parquet',
      "select * from (values (1::bigint, 'one', '2026-01-01 00:00:00'), (2, 'two', 'no time')) t(id, word, \"at\")",
    )
    expect((await failureOf(lake, byName)).message).toContain('a.parquet')
    const [row] = await lastRows(lake, `${byName} on_error = continue`)

    expect(row).toMatchObject({
      status: 'PARTIALLY_LOADED',
      rows_parsed: 2,
      rows_loaded: 1,
      errors_seen: 1,
      first_error_line: 2,
      first_error_column_name: 'at',
    })
    expect(await (await lake.query('select * from t')).all()).toEqual([
      { id: 1, word: 'one', at: '2026-01-01 00:00:00', extra: 7 },
    ])
    expect(await lake.rejects()).toMatchObject([
      { table_name: 'public.t', line: 2, raw: expect.stringContaining('no time') },
    ])
  })

  test.each([
    ['skip_file_2', 'PARTIALLY_LOADED'],
    ['skip_file_1', 'LOAD_FAILED'],
    ["'skip_file_40%'", 'LOAD_FAILED'],
    ["'skip_file_50%'", 'PARTIALLY_LOADED'],
  ])('ON_ERROR = %s', async (rule, status) => {
    await staged('a.parquet', "select * from (values ('1'), ('x')) t(id)")
    const [row] = await lastRows(lake, `${byName} on_error = ${rule}`)

    expect(row?.['status']).toBe(status)
    expect(await count()).toBe(status === 'LOAD_FAILED' ? 0 : 1)
  })

  test('names that differ by case alone match only where they may', async () => {
    // A name without quotation marks is one in upper case.
    await staged('a.parquet', 'select 5 as "ID"')
    await staged('b.parquet', 'select 6 as id')
    await ran(lake, `${copy} match_by_column_name = case_sensitive`)

    expect(await (await lake.query('select id from t order by all')).all()).toEqual([{ id: 5 }, { id: null }])
  })
})

describe('COPY INTO a column of type VARIANT by its name', () => {
  const byName = `${copy} match_by_column_name = case_insensitive`

  test('a column that is a struct becomes records, whose fields are kept as keys', async () => {
    await ran(lake, 'create table t (id int, record variant)')
    await staged('a.parquet', "select 1 as id, {'n': 1, 's': 'x', 'deep': {'l': [1, 2]}} as record")
    await staged('b.parquet', "select 2 as id, {'n': 'text', 'more': true} as record")
    await staged('c.parquet', 'select 3 as id')
    await staged('d.parquet', "select 4 as id, case when false then {'n': 1} end as record")
    await ran(lake, byName)

    expect(
      await lastRows(
        lake,
        'select id, record:n::varchar as n, record:s::varchar as s, record:more::boolean as m from t order by id',
      ),
    ).toEqual([
      { id: 1, n: '1', s: 'x', m: null },
      { id: 2, n: 'text', s: null, m: true },
      { id: 3, n: null, s: null, m: null },
      { id: 4, n: null, s: null, m: null },
    ])
    expect(
      await lastRows(lake, 'select id, record:deep.l[1]::int as l from t where record is not null order by id'),
    ).toEqual([
      { id: 1, l: 2 },
      { id: 2, l: null },
    ])
  })

  test('a column that is none fails alone, and says so', async () => {
    await ran(lake, 'create table t (id int, record variant)')
    await staged('a.parquet', 'select 1 as id, 2 as record')
    await staged('b.parquet', "select 2 as id, {'n': 1} as record")
    const rows = await lastRows(lake, `${byName} on_error = skip_file`)

    expect(rows.map(({ status }) => status)).toEqual(['LOAD_FAILED', 'LOADED'])
    expect(rows[0]?.['first_error']).toContain('takes a STRUCT')
    expect(await count()).toBe(1)
  })
})

test.each([
  ['copy into nowhere from @s', 'STATEMENT_FAILED', 'TABLE MILLRACE.PUBLIC.NOWHERE does not exist'],
  ['create table t (a variant, b int); copy into t from @s', 'STATEMENT_FAILED', 'TYPE = CSV'],
  [`create table t (a variant, b int); ${copy}`, 'STATEMENT_FAILED', 'MATCH_BY_COLUMN_NAME'],
  ['create table t (a nonsense)', 'STATEMENT_FAILED', 'NONSENSE'],
  ['create table t (a int, A int)', 'STATEMENT_FAILED', 'twice'],
  ['create table logs.t (a int)', 'STATEMENT_FAILED', 'LOGS'],
  [
    'copy into logs.s3_access_logs from @s file_format = (type = vpc_flow_logs)',
    'STATEMENT_FAILED',
    'TYPE = S3_ACCESS_LOGS',
  ],
  [
    'copy into logs.s3_access_logs from (select $1 from @s) file_format = (type = s3_access_logs)',
    'STATEMENT_FAILED',
    'without a SELECT',
  ],
])('%s is refused', async (script, code, words) => {
  expect(await failureOf(lake, script)).toMatchObject({ code, message: expect.stringContaining(words) })
})

test('a file that is no Parquet fails alone', async () => {
  await staged('a.parquet', 'select 1 as x')
  writeFileSync(join(folder, 'b.parquet'), 'no parquet at all')
  await ran(lake, 'create table t (record variant)')
  const rows = await lastRows(lake, `${copy} on_error = continue`)

  expect(rows.map(({ status }) => status)).toEqual(['LOADED', 'LOAD_FAILED'])
  expect(rows.find(({ status }) => status === 'LOAD_FAILED')?.['first_error']).toContain('is no Parquet file')
})

test('tables in a schema of a database, dropped with it', async () => {
  await staged('a.parquet', 'select 1 as x')
  await ran(
    lake,
    `create database d; create schema d.s; create table d.s.t (record variant); use schema millrace.public; copy into d.s.t from @s ${parquet}`,
  )
  expect(await lastRows(lake, 'select * from d.s.t')).toEqual([{ record: { x: 1 } }])
  expect((await failureOf(lake, 'drop schema d.s')).message).toContain('has rows')
  await ran(lake, 'drop schema d.s cascade')

  expect((await lake.history()).length).toBe(0)
  expect(await failureOf(lake, 'select * from d.s.t')).toMatchObject({ code: 'SQL_FAILED' })
})
