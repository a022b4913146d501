import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Lake, RunOptions } from '../../src/index.ts'
import { sharedLake, temporaryFolder } from '../loading/lakes.ts'
import { cloudOf } from './clouds.ts'
import * as running from './running.ts'

let folder: string
let lake: Lake

beforeAll(async () => {
  lake = await sharedLake()
})

/** The stage S is a folder of this machine. */
beforeEach(async () => {
  folder = join(temporaryFolder(), 'out')
  mkdirSync(folder)
  await ran(lake, `create or replace stage s url = '${pathToFileURL(folder).href}'`)
})

afterEach(() => {
  expect(readdirSync(join(lake.directory, 'spool'))).toEqual([])
})

const files = (): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted()

const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8')

async function parquetOf(name: string): Promise<{ names: string[]; rows: unknown[][] }> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const reader = await connection.runAndReadAll(`select * from read_parquet('${join(folder, name)}') order by all`)
  const read = { names: reader.columnNames(), rows: reader.getRows() }
  connection.closeSync()
  instance.closeSync()
  return read
}

/** In the engine's dialect, which needs no translation. */
const duckdb: RunOptions = { dialect: 'duckdb' }
const ran = (on: Lake, script: string) => running.ran(on, script, { ...duckdb })
const lastRows = (on: Lake, script: string) => running.lastRows(on, script, { ...duckdb })
const failureOf = (on: Lake, script: string, options: RunOptions = {}) =>
  running.failureOf(on, script, { ...duckdb, ...options })
const values = `(select * from (values (1, 'a', true), (2, 'b,"c"', null), (3, null, false)) as v(id, name, ok) order by id)`

describe('CSV', () => {
  test('is written as Snowflake does where nothing is said', async () => {
    expect(await lastRows(lake, `copy into @s/csv/ from ${values}`)).toEqual([
      { rows_unloaded: 3, input_bytes: 32, output_bytes: expect.any(Number) },
    ])
    expect(files()).toEqual(['csv/data_0_0_0.csv.gz'])
    expect(gunzipSync(readFileSync(join(folder, 'csv/data_0_0_0.csv.gz'))).toString()).toBe(
      '1,a,true\n2,b\\,"c",\\N\n3,\\N,false\n',
    )
    expect(readdirSync(join(lake.directory, 'spool'))).toEqual([])
  })

  test.each<[string, string]>([
    [`field_optionally_enclosed_by = '"'`, '1,"a",true\n2,"b,""c""",\\N\n3,\\N,false\n'],
    [
      `field_optionally_enclosed_by = '"' escape = '!' null_if = ('none', 'x')`,
      '1,"a",true\n2,"b,!"c!"",none\n3,none,false\n',
    ],
    [`field_delimiter = '|' null_if = ()`, '1|a|true\n2|b,"c"|\n3||false\n'],
    [`escape_unenclosed_field = none field_delimiter = '||'`, '1||a||true\n2||b,"c"||\\N\n3||\\N||false\n'],
    [
      `field_delimiter = '0x7c' escape_unenclosed_field = '\\174'`,
      '1|a|true\n2|b,"c"||N\n3||N|false\n'.replaceAll('|N', '\\N'),
    ],
    [String.raw`record_delimiter = '\r\n' field_delimiter = none`, '1atrue\r\n2b,"c"\\N\r\n3\\Nfalse\r\n'],
  ])('is written with %s', async (options, text) => {
    await ran(lake, `copy into @s/x.csv from ${values} file_format = (compression = none ${options}) single = true`)
    expect(textOf('x.csv')).toBe(text)
  })

  test('has the names of columns where they are asked for, in every file', async () => {
    await ran(
      lake,
      `copy into @s/h from (select i as "the id", repeat('x', 50) as b from range(40) as r(i)) header = true max_file_size = 700
         file_format = (compression = none field_optionally_enclosed_by = '"')`,
    )
    expect(files().length).toBeGreaterThan(2)
    for (const name of files()) {
      expect(textOf(name)).toMatch(/^"the id","b"\n(\d+,"x+"\n)+$/)
      expect(textOf(name).length).toBeLessThanOrEqual(700)
    }
    expect(files().map(textOf).join('').match(/^\d+/gm)).toHaveLength(40)
  })

  test('says what is nested as JSON, bytes as they are to be said, and hides what would end a field or line', async () => {
    const row = String.raw`(select {'a': [1, 2]} as s, [null, 'x'] as l, 'a
b\c,d' as t, '\xAB'::blob as b, date '2026-11-20' as d, timestamp '2026-11-20 12:00:00.5' as ts, 1.50 as n)`
    await ran(lake, `copy into @s/x from ${row} file_format = (compression = none) single = true`)
    expect(textOf('x')).toBe('{"a":[1\\,2]},[null\\,"x"],a\\\nb\\\\c\\,d,AB,2026-11-20,2026-11-20 12:00:00.5,1.50\n')
    await ran(
      lake,
      `copy into @s/y from (select '\\xAB'::blob as b) file_format = (compression = none binary_format = base64) single = true`,
    )
    expect(textOf('y')).toBe('qw==\n')
  })

  test.each([
    ['gzip', '.csv.gz', gunzipSync],
    ['brotli', '.csv.br', brotliDecompressSync],
    ['deflate', '.csv.deflate', inflateSync],
    ['raw_deflate', '.csv.raw_deflate', inflateRawSync],
  ] as const)('is compressed by %s', async (compression, extension, decompress) => {
    await ran(lake, `copy into @s/ from (select 1 as x) file_format = (compression = ${compression})`)
    expect(files()).toEqual([`data_0_0_0${extension}`])
    expect(decompress(readFileSync(join(folder, files()[0] ?? ''))).toString()).toBe('1\n')
  })
})

test('JSON is an object a line: what the one column holds, or the columns', async () => {
  const json = 'file_format = (type = json compression = none)'
  await ran(lake, `copy into @s/a from (select {'a': i, 'b': null} as v from range(2) as r(i) order by i) ${json}`)
  await ran(lake, `copy into @s/b from (select i, 'x"y' as "odd name" from range(2) as r(i) order by i) ${json}`)

  expect(files()).toEqual(['a_0_0_0.json', 'b_0_0_0.json'])
  expect(textOf('a_0_0_0.json')).toBe('{"a":0,"b":null}\n{"a":1,"b":null}\n')
  expect(textOf('b_0_0_0.json')).toBe(
    String.raw`{"i":0,"odd name":"x\"y"}` + '\n' + String.raw`{"i":1,"odd name":"x\"y"}` + '\n',
  )
})

test('Parquet keeps names where they are asked for', async () => {
  await ran(lake, `copy into @s/named/ from ${values} file_format = (type = parquet) header = true`)
  await ran(lake, `copy into @s/plain/ from ${values} file_format = (type = parquet compression = none)`)

  expect(files()).toEqual(['named/data_0_0_0.snappy.parquet', 'plain/data_0_0_0.parquet'])
  expect(await parquetOf('named/data_0_0_0.snappy.parquet')).toEqual({
    names: ['id', 'name', 'ok'],
    rows: [
      [1, 'a', true],
      [2, 'b,"c"', null],
      [3, null, false],
    ],
  })
  expect((await parquetOf('plain/data_0_0_0.parquet')).names).toEqual(['_COL_0', '_COL_1', '_COL_2'])
})

test('the format is the statement’s, else the stage’s, by name or not', async () => {
  await ran(
    lake,
    `create or replace file format f type = csv compression = none field_delimiter = ';';
     create stage t url = '${pathToFileURL(folder).href}' file_format = f;
     create schema other; copy into @millrace.public.t/a from (select 1 as x, 2 as y);
     copy into @millrace.public.t/b from (select 1 as x) file_format = (format_name = 'millrace.public.f');
     copy into @millrace.public.t/c from (select 1 as x) file_format = (type = json)`,
  )
  expect(files()).toEqual(['a_0_0_0.csv', 'b_0_0_0.csv', 'c_0_0_0.json.gz'])
  expect(textOf('a_0_0_0.csv')).toBe('1;2\n')
  const refused = [
    'type = vpc_flow_logs',
    "date_format = 'YYYY'",
    'compression = bz2',
    "encoding = 'UTF16'",
    "record_delimiter = '|'",
  ]
  for (const options of refused)
    expect((await failureOf(lake, `copy into @s from (select 1 as x) file_format = (${options})`)).message).toMatch(
      /; (say|take) /,
    )
})

describe('PARTITION BY', () => {
  const rows = `(select * from (values ('2026-11-20'::date, 1), ('2026-11-20'::date, 2), ('2026-11-21'::date, 3), (null, 4)) as v(dt, n))`
  const query = /_[0-9a-f]{8}-[0-9a-f-]{27}_/

  test.each(['parquet', 'csv', 'json'])('writes %s into the folders that it gives', async (type) => {
    const by = "partition by ('date=' || dt::varchar || '/odd=a b&c')"
    const result = await lastRows(
      lake,
      `copy into @s/out from ${rows} ${by} file_format = (type = ${type}) header = true`,
    )

    expect(result).toMatchObject([{ rows_unloaded: 4 }])
    const named = files().map((name) => name.replace(query, '_ID_').replace(/\.\w.*/, ''))
    expect(named).toEqual([
      'out/_NULL_/data_ID_0_0_0',
      'out/date=2026-11-20/odd=a b&c/data_ID_0_0_0',
      'out/date=2026-11-21/odd=a b&c/data_ID_0_0_0',
    ])
    expect(new Set(files().map((name) => query.exec(name)?.[0])).size).toBe(1)
  })

  test('keeps all columns, and each row in its folder', async () => {
    await ran(
      lake,
      `copy into @s/ from ${rows} partition by ((n % 2)::varchar) file_format = (type = parquet) header = true`,
    )
    const contents = await Promise.all(
      files().map(async (name) => [name[0], (await parquetOf(name)).rows.map((row) => row[1])]),
    )
    expect(contents).toEqual([
      ['0', [2, 4]],
      ['1', [1, 3]],
    ])
  })

  test('writes hundreds of folders', async () => {
    const many = '(select i, hash(i) as h, i % 120 as p from range(12000) as r(i))'
    await ran(
      lake,
      `copy into @s/ from ${many} partition by (p::varchar) file_format = (type = csv compression = none)`,
    )
    expect(files()).toHaveLength(120)
    const lines = files().map((name) => textOf(name).trim().split('\n'))
    expect(lines.every((one) => one.length === 100 && new Set(one.map((line) => line.split(',')[2])).size === 1)).toBe(
      true,
    )
  })

  test('never leaves the stage', async () => {
    symlinkSync(temporaryFolder(), join(folder, 'link'))
    for (const value of ['../x', 'a/../b', '/etc', 'a//b', 'link/x'])
      expect((await failureOf(lake, `copy into @s/ from (select 1 as a) partition by ('${value}')`)).message).toMatch(
        /is no path of a file beneath|is no folder, or a link to one/,
      )
    expect(files()).toEqual([])
  })
})

test('large results are parted into files of the size that is said', async () => {
  const rows = '(select i, hash(i) as h, hash(i + 1) as g from range(150000) as r(i))'
  const [csv] = await lastRows(lake, `copy into @s/csv/ from ${rows} max_file_size = 1100000`)
  const [parquet] = await lastRows(
    lake,
    `copy into @s/parquet/ from ${rows} max_file_size = 1100000 file_format = (type = parquet)`,
  )
  const detailed = await lastRows(
    lake,
    `copy into @s/detailed/ from ${rows} max_file_size = 1100000 detailed_output = true`,
  )

  expect([csv, parquet]).toMatchObject([{ rows_unloaded: 150_000 }, { rows_unloaded: 150_000 }])
  const sizes = files().map((name) => [name.split('/')[0], readFileSync(join(folder, name)).length] as const)
  expect(sizes.filter(([, size]) => size > 1_100_000)).toEqual([])
  expect(sizes.filter(([kind]) => kind === 'csv').length).toBeGreaterThan(2)
  expect(sizes.filter(([kind]) => kind === 'parquet').length).toBeGreaterThan(2)
  expect(detailed.map((row) => row['file_name'])).toEqual(files().filter((name) => name.startsWith('detailed/')))
  expect(detailed.reduce((sum, row) => sum + Number(row['row_count']), 0)).toBe(150_000)
  const text = files()
    .filter((name) => name.startsWith('csv/'))
    .map((name) => gunzipSync(readFileSync(join(folder, name))))
  expect(Buffer.concat(text).length).toBe(csv?.['input_bytes'])
})

test('what is there is not replaced unless it is said', async () => {
  const copy = (more: string): string =>
    `copy into @s/a/ from (select 1 as x) file_format = (compression = none) ${more}`
  await ran(lake, `${copy('')}; copy into @s/one.csv from (select 2 as x) single = true`)
  writeFileSync(join(folder, 'a/data_1.csv'), 'another')

  for (const more of ['', 'max_file_size = 5'])
    expect((await failureOf(lake, copy(more))).message).toMatch(
      /a\/data_0_0_0\.csv is there already; say OVERWRITE = TRUE/,
    )
  expect((await failureOf(lake, 'copy into @s/one.csv from (select 3 as x) single = true')).message).toContain(
    'is there already',
  )
  await ran(lake, 'copy into @s/one from (select 3 as x) single = true file_format = (compression = none)')
  await ran(lake, copy('include_query_id = true'))
  await ran(lake, copy('overwrite = true').replace('1 as x', '5 as x'))
  expect(textOf('a/data_0_0_0.csv')).toBe('5\n')
  expect(textOf('one')).toBe('3\n')
  expect(files()).toHaveLength(5)
})

test('one file is one, under the name that is said', async () => {
  await ran(lake, 'copy into @s from (select * from range(3)) single = true file_format = (compression = none)')
  expect(files()).toEqual(['data'])
  expect(
    (await failureOf(lake, 'copy into @s/big from (select * from range(3000)) single = true max_file_size = 10'))
      .message,
  ).toContain('more than MAX_FILE_SIZE = 10; raise it, or leave SINGLE out')
  expect(files()).toEqual(['data'])
})

test('no rows are no file; RETURN_ROWS writes none', async () => {
  for (const type of ['csv', 'parquet', 'json'])
    expect(
      await lastRows(
        lake,
        `copy into @s/x/ from (select 1 as x where false) file_format = (type = ${type}) header = true`,
      ),
    ).toEqual([{ rows_unloaded: 0, input_bytes: 0, output_bytes: 0 }])
  expect(await lastRows(lake, 'copy into @s/x/ from (select 7 as x) validation_mode = return_rows')).toEqual([{ x: 7 }])
  expect(files()).toEqual([])
})

test('a table is written by its name; the query is of the script’s dialect, and reads', async () => {
  await ran(lake, 'copy into @s/t/ from logs.load_history')
  const snowflake = "copy into @s/q/ from (select nvl(null, 3) as x, 'b' as y) partition by ('y=' || y) header = true"
  await running.ran(lake, `${snowflake} file_format = (compression = none field_delimiter = '\\t')`)
  expect(files().map((name) => name.replace(/_[0-9a-f-]{36}/, ''))).toEqual(['q/y=b/data_0_0_0.csv'])
  expect(files().map(textOf)).toEqual(['x\ty\n3\tb\n'])
  const first = 'create warehouse w;\n'
  for (const [query, code] of [
    ["select * from read_csv('/etc/passwd')", 'SQL_REFUSED'],
    ["select 1) to 'x'; select (1", 'STATEMENT_INVALID'],
    ['delete from lake.objects', 'STATEMENT_UNSUPPORTED'],
    ['selec 1', 'SQL_FAILED'],
  ] as const) {
    const failure = await failureOf(lake, `${first}copy into @s from\n (${query})`)
    expect(failure.code, query).toBe(code)
    expect(failure.message, query).toMatch(/^line [23]: /)
  }
  expect(await lastRows(lake, 'show warehouses')).toEqual([])
  expect(await failureOf(lake, 'copy into @s from\n nowhere')).toMatchObject({
    code: 'SQL_FAILED',
    message: expect.stringMatching(/^line 1: .*nowhere/i),
  })
  expect(await failureOf(lake, "copy into @s from (select x::int from (values ('1'), ('y')) as v(x))")).toMatchObject({
    code: 'SQL_FAILED',
  })
})

test('an unload that is given up leaves nothing', async () => {
  for (const type of ['csv', 'parquet']) {
    const giveUp = new AbortController()
    setTimeout(() => giveUp.abort(), 300)
    const endless = `copy into @s from (select i, hash(i) as h from range(100000000000) as r(i)) file_format = (type = ${type})`
    expect(await failureOf(lake, endless, { signal: giveUp.signal })).toMatchObject({
      code: 'QUERY_CANCELLED',
    })
    expect(readdirSync(join(lake.directory, 'spool'))).toEqual([])
  }
  expect(files()).toEqual([])
})

describe('a bucket', () => {
  test('gets the files, kept as stage and integration say', async () => {
    const cloud = await cloudOf(['out/old'])
    cloud.sts.trusts.set('arn:aws:iam::210987654321:role/logs', 'own')
    await ran(
      cloud.lake,
      `create storage integration i type = external_stage storage_provider = s3 enabled = true storage_aws_external_id = 'own'
         storage_aws_role_arn = 'arn:aws:iam::210987654321:role/logs' storage_allowed_locations = ('s3://logs/out/')
         storage_blocked_locations = ('s3://logs/out/private/') storage_aws_object_acl = 'bucket-owner-full-control';
       create stage b url = 's3://logs/out/' storage_integration = i encryption = (type = 'AWS_SSE_KMS' kms_key_id = 'key');
       copy into @b/a/ from (select 1 as x) file_format = (type = parquet);
       copy into @b/ from (select 1 as x) partition by ('p=ä b') file_format = (compression = none)`,
    )
    expect(cloud.bucket.keysHeld().map((key) => key.replace(/[0-9a-f-]{36}/, 'ID'))).toEqual([
      'out/a/data_0_0_0.snappy.parquet',
      'out/old',
      'out/p=ä b/data_ID_0_0_0.csv',
    ])
    expect(cloud.bucket.headersOf.get('out/a/data_0_0_0.snappy.parquet')).toMatchObject({
      'content-type': 'application/vnd.apache.parquet',
      'x-amz-acl': 'bucket-owner-full-control',
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': 'key',
    })
    expect(
      (await failureOf(cloud.lake, "copy into @b/ from (select 1 as x) partition by ('private')")).message,
    ).toContain('would lie in a location that the integration blocks; nothing was written')
    expect(
      (await failureOf(cloud.lake, 'copy into @b/a/ from (select 1 as x) file_format = (type = parquet)')).message,
    ).toContain('s3://logs/out/a/data_0_0_0.snappy.parquet is there already')
  })

  test('that refuses says what is lacked, and how far it came', async () => {
    const cloud = await cloudOf([])
    await ran(cloud.lake, "create stage b url = 's3://logs/' encryption = (type = 'AWS_SSE_S3')")
    cloud.bucket.refusals.set('data_0_0_1.csv', { code: 'AccessDenied' })
    const copy =
      "copy into @b from (select repeat('x', 30) as x from range(4)) max_file_size = 40 file_format = (compression = none)"

    expect(await failureOf(cloud.lake, copy)).toMatchObject({
      code: 'ACCESS_DENIED',
      message: expect.stringMatching(
        /lacks s3:PutObject on arn:aws:s3:::logs\/data_0_0_1\.csv\..* 1 of 4 files had been written\.$/,
      ),
    })
    expect(cloud.bucket.headersOf.get('data_0_0_0.csv')).toMatchObject({ 'x-amz-server-side-encryption': 'AES256' })
    expect(readdirSync(join(cloud.lake.directory, 'spool'))).toEqual([])
  })
})
