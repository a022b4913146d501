import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { OpenLake } from '../../src/lake.ts'
import { openTestLake } from '../loading/template.ts'
import { failureOf, lastRows, ran } from '../run/running.ts'

const athena = { dialect: 'athena' } as const

let root: string
let lake: OpenLake

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'millrace-athena-'))
  lake = await openTestLake(join(root, 'lake'))
})

afterEach(async () => {
  await lake.close()
  await rm(root, { recursive: true, force: true })
})

async function put(path: string, body: string | Buffer): Promise<void> {
  await mkdir(dirname(join(root, 'logs', path)), { recursive: true })
  await writeFile(join(root, 'logs', path), body)
}

const rowsOf = (sql: string) => lastRows(lake, sql, athena)

/** A table over lines of three fields. */
function table(clauses = '', location = `file://${root}/logs/`): string {
  return `create external table t (name string, n int, at timestamp)${clauses}
    row format delimited fields terminated by ','
    location '${location}'`
}

describe('lines of fields', () => {
  test('fields are found by their places, and what is no value of its type is NULL', async () => {
    await put(
      'a.csv',
      'header\nx,1,2026-11-21 10:00:00\n-,-,-\n\\N,\\N,\\N\n,+2,\n"q",1.5,2026-11-21 10:00:00.25,more\n\nlast',
    )
    await put('b.csv.gz', gzipSync('header\r\ny,2147483648,x\r\n'))
    await ran(lake, `${table()} tblproperties ('skip.header.line.count' = '1')`, athena)

    expect(await rowsOf('select name, n, cast(at as varchar) as at from t order by name nulls first, n')).toEqual([
      { name: null, n: null, at: null },
      { name: '', n: 2, at: null },
      { name: '', n: null, at: null },
      { name: '"q"', n: 1, at: '2026-11-21 10:00:00.25' },
      { name: '-', n: null, at: null },
      { name: 'last', n: null, at: null },
      { name: 'x', n: 1, at: '2026-11-21 10:00:00' },
      { name: 'y', n: null, at: null },
    ])
    expect(await rowsOf('select sum(rejects) as rejects from logs.load_history')).toEqual([{ rejects: 0 }])
  })

  test('a text for NULL, and a sign that takes the meaning of the next', async () => {
    await put('a', 'a\\,b,none\nnone,1\n')
    await ran(
      lake,
      `create external table t (name string, n int)
       row format delimited fields terminated by ',' escaped by '\\\\' null defined as 'none'
       stored as textfile location 'file://${root}/logs'`,
      athena,
    )
    expect(await rowsOf('select * from t order by n nulls first')).toEqual([
      { name: 'a,b', n: null },
      { name: null, n: 1 },
    ])
  })
})

describe('files', () => {
  test('come later, change, and are read once', async () => {
    await put('a', 'x,1\n')
    await ran(lake, table(), athena)
    expect(await rowsOf('select sum(n) as n from t')).toEqual([{ n: 1 }])
    await put('deeper/b', 'y,10\n')
    await put('.hidden', 'z,100\n')
    await put('_marker', 'z,100\n')
    expect(await rowsOf('select sum(n) as n from t')).toEqual([{ n: 11 }])
    await put('a', 'x,5\nx,6\n')
    expect(await rowsOf('select sum(n) as n from t')).toEqual([{ n: 21 }])
    expect(await rowsOf('select count(*) as n from t')).toEqual([{ n: 3 }])
  })

  test('are seen through views, in the CLI’s way of asking, and in every dialect', async () => {
    await put('a', 'x,1\n')
    await ran(lake, `${table()}; create view v as select n from t; create view w as select * from v`, athena)
    expect(await (await lake.query('select sum(n)::integer as n from w')).all()).toEqual([{ n: 1 }])
    await put('b', 'x,2\n')
    expect(await (await lake.query('select sum(n)::integer as n from w')).all()).toEqual([{ n: 3 }])
    await put('c', 'x,4\n')
    expect(await lastRows(lake, 'select sum(n) as n from v')).toEqual([{ n: 7 }])
    await put('d', 'x,8\n')
    expect(
      await lastRows(lake, 'create table own (n int); insert into own select n from t; select sum(n) as n from own'),
    ).toEqual([{ n: 15 }])
  })

  test('that cannot be read are told of, and those beside them are read', async () => {
    await put('a', 'x,1\n')
    await put('b.gz', gzipSync('x,2\n'.repeat(1000)).subarray(0, 20))
    await ran(lake, table(), athena)
    const [result] = await ran(lake, 'select sum(n) as n from t', athena)
    expect(result?.rows).toEqual([{ n: 1 }])
    expect(result?.notices).toEqual([
      expect.stringMatching(/^1 files of MILLRACE\.PUBLIC\.T could not be read: .*b\.gz/),
    ])
  })

  test('a folder that is not there yet holds nothing', async () => {
    await ran(lake, table(), athena)
    expect(await rowsOf('select count(*) as n from t')).toEqual([{ n: 0 }])
    await put('a', 'x,1\n')
    expect(await rowsOf('select count(*) as n from t')).toEqual([{ n: 1 }])
  })
})

describe('partitions', () => {
  const days = ` partitioned by (\`date\` date, hour int)`
  const add = (day: string, hour: string, folder: string): string =>
    `alter table t add partition (\`date\` = '${day}', hour = ${hour}) location 'file://${root}/logs/${folder}'`

  test('are added, listed, dropped and added again', async () => {
    await put('one/a', 'x,1\n')
    await put('two/a', 'x,2\n')
    await put('other/a', 'x,4\n')
    await ran(lake, `${table(days)}; ${add('2026-11-20', '7', 'one')}; ${add('2026-11-21', '8', 'two/')}`, athena)

    expect(await rowsOf('show partitions t')).toEqual([
      { partition: 'date=2026-11-20/hour=7' },
      { partition: 'date=2026-11-21/hour=8' },
    ])
    expect(
      await rowsOf('select cast("date" as varchar) as d, hour, sum(n) as n from t group by 1, 2 order by 1'),
    ).toEqual([
      { d: '2026-11-20', hour: 7, n: 1 },
      { d: '2026-11-21', hour: 8, n: 2 },
    ])
    await ran(lake, "alter table t drop partition (hour = '7', `date` = '2026-11-20')", athena)
    expect(await rowsOf('select sum(n) as n from t')).toEqual([{ n: 2 }])
    await ran(lake, add('2026-11-20', '7', 'one'), athena)
    expect(await rowsOf('select sum(n) as n from t')).toEqual([{ n: 3 }])
    await ran(lake, `drop table t; ${table(days)}`, athena)
    expect(await rowsOf('show partitions t')).toEqual([])
    expect(await rowsOf('select count(*) as n from t')).toEqual([{ n: 0 }])
  })

  test('of folders such as day=… are found by MSCK REPAIR TABLE, and lie there by themselves', async () => {
    await put('day=2026-11-20/region=a%2Fb/x', 'x,1\n')
    await put('day=2026-11-21/region=c/x', 'x,2\n')
    await put('day=2026-11-21/x', 'x,4\n')
    await ran(lake, `${table(' partitioned by (day string, region string)')}; msck repair table t`, athena)
    expect(await rowsOf('select day, region, n from t order by n')).toEqual([
      { day: '2026-11-20', region: 'a/b', n: 1 },
      { day: '2026-11-21', region: 'c', n: 2 },
    ])
    await put('day=2026-11-22/region=d/x', 'x,8\n')
    await ran(
      lake,
      "alter table t add if not exists partition (day = '2026-11-22', region = 'd') partition (day = '2026-11-21', region = 'c')",
      athena,
    )
    expect(await rowsOf('select sum(n) as n from t')).toEqual([{ n: 11 }])
  })

  test.each([
    [() => add('2026-11-20', '7', 'one/deeper'), /has its files in/],
    [() => add('2026-11-20', '7', 'two').replace(', hour = 7', ''), /has a value for each of date, hour/],
    [() => "alter table t drop partition (`date` = '2020-01-01', hour = 1)", /does not exist/],
    [() => 'insert into t select 1', /dialect/],
    [() => 'alter table u add partition (a = 1)', /U does not exist/],
  ])('%o is refused', async (statement, message) => {
    await ran(lake, `${table(days)}; ${add('2026-11-21', '8', 'one')}`, athena)
    expect((await failureOf(lake, statement(), athena)).message).toMatch(message)
  })
})

describe('projection', () => {
  const projected = (properties: string, columns: string): string =>
    `${table(` partitioned by (${columns})`)} tblproperties ('projection.enabled' = 'true', ${properties})`

  test('of dates, numbers and words: what is in range counts', async () => {
    for (const [index, path] of [
      'a/2026/11/20/07',
      'a/2026/11/20/08',
      'a/2026/11/20/7',
      'b/2026/11/19/07',
      'c/2026/11/20/07',
      'a/2026/13/20/07',
      'a/2025/12/31/07',
      'a/2999/01/01/07',
    ].entries())
      await put(`${path}/x`, `x,${10 ** index}\n`)
    const now = new Date().toISOString().slice(0, 10).replaceAll('-', '/')
    await put(`b/${now}/23/deeper/x`, 'x,100000000\n')
    await ran(
      lake,
      projected(
        `'projection.k.type' = 'enum', 'projection.k.values' = 'a,b',
         'projection.day.type' = 'date', 'projection.day.format' = 'yyyy/MM/dd', 'projection.day.range' = '2026/01/01,NOW',
         'projection.hour.type' = 'integer', 'projection.hour.range' = '0,23', 'projection.hour.digits' = '2',
         'storage.location.template' = 'file://${root}/logs/\${k}/\${day}/\${hour}/'`,
        'k string, day string, hour int',
      ),
      athena,
    )
    expect(await rowsOf('select k, day, hour, n from t order by n')).toEqual([
      { k: 'a', day: '2026/11/20', hour: 7, n: 1 },
      { k: 'a', day: '2026/11/20', hour: 8, n: 10 },
      { k: 'b', day: '2026/11/19', hour: 7, n: 1000 },
      { k: 'b', day: now, hour: 23, n: 100_000_000 },
    ])
    const [added] = await ran(
      lake,
      "alter table t add partition (k = 'a', day = '1', hour = 1) location 's3://b/x/'",
      athena,
    )
    expect(added?.notices[0]).toMatch(/those that are registered do not count/)
  })

  test('without a template, of weeks, and of values that are injected', async () => {
    for (const [index, day] of ['2026-11-02', '2026-11-03', '2026-11-09'].entries())
      await put(`week=${day}/id=some${index}/x`, `x,${10 ** index}\n`)
    await ran(
      lake,
      projected(
        `'projection.week.type' = 'date', 'projection.week.format' = 'yyyy-MM-dd', 'projection.week.range' = '2026-10-26,NOW+1DAY',
         'projection.week.interval' = '1', 'projection.week.interval.unit' = 'WEEKS', 'projection.id.type' = 'injected'`,
        'week string, id string',
      ),
      athena,
    )
    expect(await rowsOf("select week, id, n from t where id in ('some0', 'some2') order by n")).toEqual([
      { week: '2026-11-02', id: 'some0', n: 1 },
      { week: '2026-11-09', id: 'some2', n: 100 },
    ])
    expect(await rowsOf('select sum(n) as n from t')).toEqual([{ n: 101 }])
  })

  test.each([
    [`'projection.a.type' = 'color'`, /projection\.a\.type expects enum, integer, date, injected, found color/],
    [`'projection.a.type' = 'enum'`, /has no property projection\.a\.values/],
    [`'projection.a.type' = 'integer', 'projection.a.range' = '1'`, /projection\.a\.range expects two values/],
    [
      `'projection.a.type' = 'date', 'projection.a.range' = 'x,NOW', 'projection.a.format' = 'yyyy'`,
      /expects dates of its format, or NOW, found x/,
    ],
    [
      `'projection.a.type' = 'date', 'projection.a.range' = 'NOW,NOW', 'projection.a.format' = 'yyyy-MMM'`,
      /format is yyyy-MMM/,
    ],
    [`'projection.a.type' = 'injected', 'storage.location.template' = 's3://b/'`, /has no \$\{a\}/],
  ])('%s is refused', async (properties, message) => {
    expect((await failureOf(lake, projected(properties, 'a string'), athena)).message).toMatch(message)
  })
})

describe('lines by a pattern', () => {
  test('groups are columns, one without a match is NULL, and lines that do not match are rows', async () => {
    await put('a.log', 'a [21/Nov/2026:10:00:00 +0000] "GET \\"x\\"" 7 extra\nb [x] "-" -\nno match\n\n')
    await ran(
      lake,
      String.raw`create external table r (who string, at string, said string, n bigint, more string)
        row format serde 'org.apache.hadoop.hive.serde2.RegexSerDe'
        with serdeproperties ("input.regex" = "([^ ]*) \\[(.*?)\\] \"(.*)\" (-|[0-9]*)(?: ([^ ]*))?.*$")
        stored as inputformat 'org.apache.hadoop.mapred.TextInputFormat'
        outputformat 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
        location 'file://${root}/logs/'`,
      athena,
    )
    const [result] = await ran(lake, 'select * from r order by who nulls last', athena)
    const none = { who: null, at: null, said: null, n: null, more: null }
    expect(result?.rows).toEqual([
      { who: 'a', at: '21/Nov/2026:10:00:00 +0000', said: String.raw`GET \"x\"`, n: 7, more: 'extra' },
      { who: 'b', at: 'x', said: '-', n: null, more: null },
      none,
      none,
    ])
    expect(result?.notices).toEqual([
      '2 lines of MILLRACE.PUBLIC.R do not match its input.regex; their columns are NULL.',
    ])
  })

  test.each(['insert into c values (1)', "create table c with (format = 'PARQUET') as select 1 as a"])(
    '%s is refused as a whole',
    async (statement) => {
      const { code, message } = await failureOf(lake, statement, athena)
      expect([code, message]).toEqual(['STATEMENT_UNSUPPORTED', expect.stringContaining('is not run: ')])
    },
  )

  test('a query tells of files that it could not read, and of names that it read otherwise', async () => {
    await put('a.csv', 'x,1,\n')
    await put('b.csv.gz', gzipSync('y,2,\n').subarray(0, 18))
    await ran(lake, table(), athena)
    const unread = expect.stringMatching(/^1 files of MILLRACE.PUBLIC.T could not be read: .*b.csv.gz/)
    const plain = await lake.query('select count(*) as n from t')
    expect([await plain.all(), plain.notices]).toEqual([[{ n: 1 }], [unread]])
    const other = await lake.query('select count(*) as n from awsdatacatalog.default.t', athena)
    expect([await other.all(), other.notices]).toEqual([[{ n: 1 }], [unread, expect.stringContaining('is read as t')]])
    // Its name is within other words here.
    const builtIn = await lake.query('select 1 as one, count(*) is null as no from logs.load_history where false')
    expect([await builtIn.all(), builtIn.notices]).toEqual([[{ one: 1, no: false }], undefined])
  })

  test.each([
    ['(a)', /has 1 groups, and the table has 2 columns/],
    ['(a)(b', /cannot be read/],
    ['(?i)(a)(b)', /\(\?i\), which is not known here/],
    ['(a)(b++)', /\+\+?, which is not known here|has \+\+/],
  ])('%s is refused', async (regex, message) => {
    const statement = `create external table r (a string, b string) row format serde 'x.RegexSerDe'
      with serdeproperties ('input.regex' = '${regex}') location 's3://b/'`
    expect((await failureOf(lake, statement, athena)).message).toMatch(message)
  })
})

test('Parquet: columns by their names, and values of their types', async () => {
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  await mkdir(join(root, 'logs/day=1'), { recursive: true })
  await connection.run(
    `copy (select 7::bigint as n, 'x' as NAME, 1 as unknown) to '${join(root, 'logs/day=1/a.parquet')}' (format parquet)`,
  )
  connection.closeSync()
  instance.closeSync()
  await ran(
    lake,
    `create external table p (name string, n int, missing string) partitioned by (day int)
     stored as parquet location 'file://${root}/logs/' tblproperties ('skip.header.line.count' = '1');
     msck repair table p`,
    athena,
  )
  expect(await rowsOf('select * from p')).toEqual([{ name: 'x', n: 7, missing: null, day: 1 }])
})

test('what is written into an external table, or asked of another dialect, is refused', async () => {
  await ran(lake, table(), athena)
  expect((await failureOf(lake, 'delete from t')).message).toMatch(/T is an external table/)
  expect((await failureOf(lake, `create stage s url = 'file://${root}/'; copy into t from @s`)).message).toMatch(
    /T is an external table/,
  )
  expect((await failureOf(lake, table().replace('table t', 'table u'))).message).toMatch(/say --dialect athena/)
})

test('the definition outlives the lake’s being closed', async () => {
  await put('day=1/a', 'x,1\n')
  await ran(lake, `${table(' partitioned by (day int)')}; msck repair table t`, athena)
  await lake.close()
  lake = await openTestLake(join(root, 'lake'))
  await put('day=1/b', 'x,2\n')
  expect(await rowsOf('select sum(n) as n, max(day) as day from t')).toEqual([{ n: 3, day: 1 }])
  expect((await rowsOf('describe table t')).map((row) => row['name'])).toEqual(['NAME', 'N', 'AT', 'DAY'])
})
