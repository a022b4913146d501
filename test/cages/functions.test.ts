import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type OpenLake, openLake } from '../../src/lake.ts'
import { cellOf, failureOf, lastRows, ran } from '../run/running.ts'

const directory = mkdtempSync(join(tmpdir(), 'millrace-calls-'))
let lake: OpenLake

const functions = `
create function up(x string) returns string language python runtime_version = 3.8 handler = 'f' as $$
import re
def f(x):
    return None if x is None else x.upper()
$$;
create function words(t string) returns table (word string, len bigint) language python handler = 'Words' as $$
class Words:
    def __init__(self):
        self.least = 1
    def process(self, t):
        print('to nobody')
        for word in (t or '').split():
            yield (word, len(word) * self.least)
$$;
create function counted(t string) returns table (n number) language python handler = 'Counted' as $$
class Counted:
    def process(self, t):
        self.count = len(t)
    def end_partition(self):
        yield (self.count,)
$$;
create function kinds(i bigint, d number(10, 2), f float, b boolean, day date, at timestamp, v variant)
  returns table (i bigint, d number(10, 2), f float, b boolean, day date, at timestamp, v variant, said string)
  language python handler = 'Kinds' as $$
class Kinds:
    def process(self, *given):
        yield (*given, ' '.join(type(one).__name__ for one in given))
$$;
create function js_kinds(i bigint, d number(10, 2), f float, b boolean, day date, at timestamp, v variant)
  returns table (i bigint, d number(10, 2), f float, b boolean, day date, at timestamp, v variant, said string)
  language javascript as $$
{
  processRow: function (row, rowWriter, context) {
    const { I, D, F, B, DAY, AT, V } = row
    rowWriter.writeRow({ I, D, F, B, DAY, AT, V, SAID: [I, D, F, B, DAY, AT, V].map((one) => one instanceof Date ? 'Date' : typeof one).join(' ') })
  }
}
$$;
create function processed(t string) returns table (n number) language python handler = 'Processed' as $$
class Processed:
    def process(self, t):
        self.count = len(t)
    def end_process(self):
        return [(self.count,)]
$$;
create function cut(t string, v variant) returns table (t string, v variant) language javascript as $$
{ processRow: function (row, rowWriter) { rowWriter.writeRow({ T: row.T.slice(0, 2), V: [row.T.slice(0, 2), row.T] }) } }
$$;
create function twice(n number) returns number strict language javascript as 'return N * 2';
create function series(n float) returns table (i float) language javascript as $$
{
  initialize: function (info, context) { this.sum = 0 },
  processRow: function (row, rowWriter, context) {
    for (let i = 0; i < row.N; i++) { this.sum += i; rowWriter.writeRow({ I: i }) }
  },
  finalize: function (rowWriter, context) { rowWriter.writeRow({ I: this.sum }) }
}
$$;
`

beforeAll(async () => {
  lake = await openLake(directory)
  await ran(lake, functions)
})

afterAll(async () => {
  await lake.close()
  rmSync(directory, { recursive: true, force: true })
})

async function rowsOf(sql: string): Promise<unknown[][]> {
  return (await lastRows(lake, sql)).map((row) => Object.values(row))
}

describe('a call in an expression', () => {
  test('gives the value of its row, NULL of NULL', async () => {
    expect(
      await rowsOf("select c, up(c) from (select 'q' as c union all select null union all select 'z') order by 1"),
    ).toEqual([
      ['q', 'Q'],
      ['z', 'Z'],
      [null, null],
    ])
    expect(await rowsOf('select twice(21), twice(null)')).toEqual([[42, null]])
  })

  test('may stand in another call, in WHERE, GROUP BY and ORDER BY, and in a common table', async () => {
    expect(
      await rowsOf(
        "with a as (select up(c) as u from (select 'q' as c union all select 'z' union all select 'q') x) select up(u) as v, count(*) from a where up(u) <> 'Y' group by up(u) order by up(u) desc",
      ),
    ).toEqual([
      ['Z', 1],
      ['Q', 2],
    ])
  })

  test('keeps the name it was written under', async () => {
    const [result] = await ran(lake, "select up('a')")
    expect(result?.columns.map(({ name }) => name)).toEqual(["up('a')"])
  })

  test.each([
    ["select up(max(c)) from (select 'q' as c) t", /with an aggregate/],
    ["select (select up(o.c)) from (select 'q' as c) o", /cannot be told before the statement runs/],
    ["select 1 from (select 'q' as c) a join (select 'Q' as d) b on up(a.c) = b.d", /in the condition of a JOIN/],
    ["select words('x')", /gives a table/],
    ["select * from table(up('x'))", /gives a value/],
    ["select up('a', 'b')", /takes 1 arguments, and is given 2/],
    ["create view v as select up('x') as x", /a view cannot call/],
    ["create function f2(x string) returns string as 'up(x)'", /a function in SQL cannot call/],
  ])('%s is refused by name', async (sql, why) => {
    const error = await failureOf(lake, sql)
    expect(error.message).toMatch(why)
    expect(error.message).toMatch(/UP|WORDS/)
  })
})

describe('a call in FROM', () => {
  test('gives rows for the rows beside it, by comma and by JOIN', async () => {
    const from =
      "(select 1 as id, 'a bc' as t union all select 2, '' union all select 3, 'd' union all select 4, 'd') s"
    const expected = [
      [1, 'a', 1],
      [1, 'bc', 2],
      [3, 'd', 1],
      [4, 'd', 1],
    ]
    expect(await rowsOf(`select s.id, w.* from ${from} join table(words(s.t)) w order by 1, 2`)).toEqual(expected)
    expect(await rowsOf(`select id, w.word, len from ${from}, table(words(t)) as w order by 1, 2`)).toEqual(expected)
    expect(await rowsOf(`select id, x from ${from} left join table(words(s.t)) w(x, y) on true order by 1, 2`)).toEqual(
      [
        [1, 'a'],
        [1, 'bc'],
        [2, null],
        [3, 'd'],
        [4, 'd'],
      ],
    )
  })

  test.each([
    [', lateral table(words(t)) as w(x, y)', 4],
    ['join lateral table(words(s.t)) w(x, y)', 4],
    ['left join lateral table(words(s.t)) w(x, y) on true', 5],
    ['left join table(words(s.t)) w(x, y)', 5],
  ])('may have LATERAL before it, and no ON behind: %s', async (behind, count) => {
    const from = "(select 'a bc' as t union all select '' union all select 'd' union all select 'd') s"
    expect(await rowsOf(`select count(*), count(x) from ${from} ${behind}`)).toEqual([[count, 4]])
  })

  test('may have columns named as those beside it, and stand alone', async () => {
    expect(
      await rowsOf("select s.word, w.word from (select 'a b' as word) s, table(words(s.word)) w order by 2"),
    ).toEqual([
      ['a b', 'a'],
      ['a b', 'b'],
    ])
    expect(await rowsOf("select * from table(counted('abc'))")).toEqual([[3]])
    expect(await rowsOf("select * from table(processed('abc'))")).toEqual([[3]])
    expect(await rowsOf('select * from table(series(3))')).toEqual([[0], [1], [2], [3]])
  })

  test('calls nothing for rows that a condition leaves out', async () => {
    const sql =
      "select w.word from (select 'a' as t, 1 as n union all select 'b c', 2) s join table(words(s.t)) w where s.n = 2 and w.word <> 'c'"
    expect(await rowsOf(sql)).toEqual([['b']])
    const result = await lake.query(sql, { dialect: 'snowflake' })
    await result.all()
    expect(result.calls).toEqual([{ function: 'WORDS', rowsIn: 1, rowsWithoutOutput: 0, rowsOut: 2 }])
  })

  test('tells of rows that gave none, equal ones each', async () => {
    const [result] = await ran(
      lake,
      "select w.word from (select '' as t union all select 'a' union all select '' union all select 'a b') s join table(words(s.t)) w",
    )
    expect(result?.notices).toContain('WORDS gave no row for 2 of 4 inputs.')
  })

  test('is open to the dialect duckdb as well', async () => {
    const rows = await (
      await lake.query("select w.word, up(w.word) as u from (select 'b a' as x) t, words(t.x) w order by 1")
    ).all()
    expect(rows).toEqual([
      { word: 'a', u: 'A' },
      { word: 'b', u: 'B' },
    ])
  })
})

describe('values', () => {
  test.each([
    ['kinds', 'int Decimal float bool date datetime dict'],
    ['js_kinds', 'number number number boolean Date Date object'],
  ])('keep their types through %s', async (name, said) => {
    const [row] = await (
      await lake.query(
        `select k.* from (select 7::bigint as i, 1.25::decimal(10, 2) as d, 0.5::double as f, true as b, date '2026-01-02' as day,
          timestamp '2026-01-02 03:04:05' as at, '{"a": [1, null]}'::json as v) g, ${name}(g.i, g.d, g.f, g.b, g.day, g.at, g.v) k`,
      )
    ).all()
    expect(row).toMatchObject({ i: 7, f: 0.5, b: true, day: '2026-01-02', at: '2026-01-02 03:04:05', said })
    expect(Number(row?.['d'])).toBe(1.25)
    expect(JSON.parse(cellOf(row ?? {}, 'v'))).toEqual({ a: [1, null] })
  })

  test('of JavaScript may hold half of a character, which becomes U+FFFD', async () => {
    const rows = await rowsOf("select t, v::varchar from table(cut('a😀\\\\ud800', null)), (select 1) as one")
    expect(rows).toEqual([['a\ufffd', JSON.stringify(['a\ufffd', 'a😀\\ud800'])]])
  })

  test.each([
    ["returns bigint language python handler = 'f' as 'def f(x): return x'", /gave "zz", which is no BIGINT/],
    [
      "returns table (n bigint) language python handler = 'F' as $$class F:\n  def process(self, x): yield (x,)$$",
      /gave "zz" in its column N/,
    ],
    ["returns string language python handler = 'f' as 'def f(x): return object()'", /type object has no form/],
    [
      "returns table (n string) language python handler = 'F' as $$class F:\n  def process(self, x): yield (1, 2)$$",
      /row of 2 values; the table has 1/,
    ],
    [
      "returns table (n string) language javascript as '{processRow: function (row, w) { w.writeRow({M: 1}) }}'",
      /given M, and the table has no such column: N/,
    ],
    ["returns string language javascript as 'return Promise.resolve(X)'", /a promise or a generator has no form/],
    [
      "returns table (n string) language javascript as '{processRow: async (row, w) => { await 0; w.writeRow({N: 1}) }}'",
      /processRow is async or a generator/,
    ],
    [
      "returns table (n string) language javascript as '{*processRow(row, w) { w.writeRow({N: 1}) }}'",
      /processRow is async or a generator/,
    ],
    [
      "returns string language python handler = 'f' as $$import numpy\ndef f(x): return x$$",
      /ModuleNotFoundError: No module named 'numpy' \(line 1/,
    ],
    [
      "returns string language python handler = 'f' as $$import time\ndef f(x):\n  time.sleep(0.01)\n  raise ValueError('awake')$$",
      /awake/,
    ],
    ["returns string language python handler = 'g' as 'def f(x): return x'", /HANDLER g is not in its body/],
    [
      "returns string language python handler = 'f' as $$def f(x):\n  raise ValueError('no ' + x)$$",
      /ValueError: no zz \(line 2 of its body\)/,
    ],
    ["returns string language python handler = 'f' as 'def f(x) return x'", /SyntaxError/],
    ["returns string language javascript as 'return x'", /'x' is not defined/],
    ["returns string language javascript as 'throw new TypeError(X)'", /TypeError: zz/],
    [
      "returns string language python handler = 'f' as $$def f(x): return '\\ud83d' + x$$",
      /UnicodeError: .*lone surrogate/,
    ],
  ])('that do not fit are told by name: %s', async (rest, why) => {
    const isTable = rest.includes('table')
    const call = isTable ? "select * from table(wrong('zz'))" : "select wrong('zz')"
    const error = await failureOf(lake, `create or replace function wrong(x string) ${rest}; ${call};`)
    expect(error.code).toBe('FUNCTION_FAILED')
    expect(error.message).toMatch(why)
    expect(error.message).toContain('WRONG')
  })
})

test('a function that does not end is stopped with its statement, and the lake goes on meanwhile', async () => {
  await ran(lake, "create or replace function endless(x string) returns string language javascript as 'for (;;);'")
  const stop = new AbortController()
  const endless = failureOf(lake, "select endless('x')", { signal: stop.signal })
  expect(await rowsOf('select 1')).toEqual([[1]])
  expect(await rowsOf("select up('a')")).toEqual([['A']])
  stop.abort()
  expect((await endless).code).toBe('QUERY_CANCELLED')
  expect(await rowsOf('select twice(2)')).toEqual([[4]])
})

test('what calls gave is deleted with their statement', async () => {
  await rowsOf("select up('b')")
  await expect.poll(() => readdirSync(join(directory, 'spool')).filter((name) => name.startsWith('calls-'))).toEqual([])
})

test('DESC shows how a function runs', async () => {
  const rows = await lastRows(lake, 'desc function up(string)')
  const shown = Object.fromEntries(rows.map((row) => [cellOf(row, 'property'), row['value']]))
  expect(shown).toMatchObject({ language: 'PYTHON', handler: 'f', runtime_version: '3.8', packages: '[]' })
})

test.each([
  ["packages = ('numpy')", /package numpy/],
  ["imports = ('@s/a.py')", /@s\/a.py is not imported/],
])('%s is refused', async (option, why) => {
  const error = await failureOf(
    lake,
    `create function other(x string) returns string language python ${option} handler = 'f' as 'def f(x): return x'`,
  )
  expect(error.message).toMatch(why)
})

test('types that do not cross are refused by name', async () => {
  const error = await failureOf(
    lake,
    "create function other(x binary) returns string language javascript as 'return 1'",
  )
  expect(error.message).toMatch(/BINARY do not cross into JavaScript; take text for X/)
})

test('the published parser reads access lines', async () => {
  const script = readFileSync('test/cages/parse-s3-access-logs.sql', 'utf8')
  await ran(lake, script)
  const line =
    '79a5 bucket [06/Feb/2019:00:00:38 +0000] 192.0.2.3 arn:aws:iam::111122223333:user/x 3E57427F3EXAMPLE REST.GET.VERSIONING - "GET /bucket?versioning HTTP/1.1" 200 - 113 - 7 - "-" "S3Console/0.4" - s9lz SigV4 ECDHE AuthHeader h.s3.us-west-1.amazonaws.com TLSv1.2 - -'
  const [result] = await ran(
    lake,
    `select parsed_logs.* from (select '${line}' as raw union all select 'no access line') staging
     join table(parse_s3_access_logs(staging.raw)) parsed_logs`,
  )
  expect(result?.notices).toContain('PARSE_S3_ACCESS_LOGS gave no row for 1 of 2 inputs.')
  expect(result?.rows).toEqual([
    expect.objectContaining({
      bucketowner: '79a5',
      requestdatetime: '06/Feb/2019:00:00:38 +0000',
      key: null,
      request_uri: 'GET /bucket?versioning HTTP/1.1',
      httpstatus: '200',
      bytessent: 113,
      objectsize: null,
      useragent: 'S3Console/0.4',
      tlsversion: 'TLSv1.2',
    }),
  ])
})
