import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OpenLake } from '../../src/lake.ts'
import type { Value } from '../../src/index.ts'
import { lakeWith, storeInto } from './stored.ts'
import { cellOf, failureOf, lastRows, namesOf, ran, statusOf } from '../run/running.ts'
import { openTestLake } from '../loading/template.ts'

describe('what scripts make', () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-views-'))
  let lake: OpenLake

  beforeAll(async () => {
    lake = await lakeWith(
      [
        `create table public.kept (record struct(a bigint, "B c" varchar))`,
        `insert into public.kept values ({a: 1, "B c": 'x'}), ({a: 2, "B c": null})`,
        'create view public.flow as select record from public.kept',
      ],
      folder,
    )
  })

  afterAll(async () => {
    await lake.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** The values of the last statement's rows. */
  async function valuesOf(script: string): Promise<Value[][]> {
    return (await lastRows(lake, script)).map((row) => Object.values(row))
  }

  describe('views', () => {
    test('one is made, shown, described, replaced and dropped', async () => {
      const make = `create or replace secure view "Own v" (x comment 'first', "END") comment = 'it''s'
      as select record:a::integer, record:"B c"::varchar(16) from flow -- the end`

      expect(await statusOf(lake, make)).toBe('View Own v successfully created.')
      expect(await valuesOf('select "END", x from "Own v" order by x')).toEqual([
        ['x', 1],
        [null, 2],
      ])
      expect(await lastRows(lake, `show views like 'own%'`)).toMatchObject([
        {
          name: 'Own v',
          database_name: 'MILLRACE',
          schema_name: 'PUBLIC',
          comment: "it's",
          is_secure: 'true',
          is_materialized: 'false',
          text: expect.stringContaining('CREATE SECURE VIEW "Own v" (x COMMENT \'first\', "END")'),
        },
      ])
      expect(await lastRows(lake, 'desc view "Own v"')).toMatchObject([
        { name: 'x', type: 'NUMBER(38,0)', kind: 'COLUMN', 'null?': 'Y', comment: 'first' },
        { name: 'END', type: 'VARCHAR(16777216)', comment: null },
      ])
      expect((await failureOf(lake, 'create view "Own v" as select 1 as a')).message).toContain('already exists')
      expect(await statusOf(lake, 'create view if not exists "Own v" as select 1 as a')).toContain('already exists')
      expect(await valuesOf('create or replace view "Own v" as select 1 as a; select * from "Own v"')).toEqual([[1]])
      expect(await statusOf(lake, 'drop view "Own v"')).toBe('Own v successfully dropped.')
      expect((await failureOf(lake, 'select * from "Own v"')).message).toContain('Own v does not exist')
      expect((await failureOf(lake, 'drop view "Own v"')).message).toContain('"Own v" does not exist')
    })

    test('one that cannot be made is not, and its error points into the script', async () => {
      expect(await failureOf(lake, 'select 1;\n\ncreate view bad as\n  select 1,\n    nosuch from flow')).toMatchObject(
        {
          place: { line: 5, column: 5 },
          message: expect.stringContaining('line 5: Binder Error: Referenced column "nosuch" not found'),
        },
      )
      expect(await failureOf(lake, 'create or replace view bad as select a fro b whera')).toMatchObject({
        place: { line: 1, column: 45 },
      })
      await ran(lake, 'create view good as select 1 as a')
      expect((await failureOf(lake, 'create or replace view good as select * from nowhere')).message).toContain(
        'nowhere',
      )
      expect(await valuesOf('select * from good; show views')).toHaveLength(1)
      expect(await valuesOf('drop view good; show views')).toEqual([])
    })

    test.each([
      ['create temporary view v as select 1', 'STATEMENT_UNSUPPORTED', 'no temporary views'],
      ['create recursive view v (a) as select 1', 'STATEMENT_UNSUPPORTED', 'views do not select from themselves'],
      ['create view logs.vpc_flow_logs as select 1', 'STATEMENT_FAILED', 'belongs to Millrace'],
      ['create view nowhere.v as select 1', 'STATEMENT_FAILED', 'SCHEMA MILLRACE.NOWHERE does not exist'],
      ['create view v as insert into flow values (1)', 'STATEMENT_UNSUPPORTED', 'does not run it here'],
      ["create view v as select * from read_csv('/etc/passwd')", 'SQL_REFUSED', 'READ_CSV is not translated'],
      ['create view flow as select 1 as a', 'SQL_FAILED', 'already exists'],
    ])('%s is refused', async (sql, code, message) => {
      expect(await failureOf(lake, sql)).toMatchObject({ code, message: expect.stringContaining(message) })
    })

    test('they may use each other in any order, and come back when what they need is there', async () => {
      await ran(
        lake,
        'create view one as select record from flow; create view "two" as select record, record:a as a from one; create view three as select a::integer + record:a::integer as b from "two"',
      )
      expect((await failureOf(lake, 'create view TWO as select 1 as a')).message).toContain(
        'would be one name in the engine',
      )
      expect(await valuesOf('select sum(b) from three')).toEqual([[6]])
      const [dropped] = await ran(lake, 'drop view one')
      const others = await ran(lake, 'create view four as select 1 as a; drop view four')
      expect(dropped?.notices.toSorted()).toEqual([
        expect.stringMatching(/^VIEW MILLRACE\.PUBLIC\."two" cannot be made any more: .*one does not exist/),
        expect.stringMatching(/^VIEW MILLRACE\.PUBLIC\.THREE cannot be made any more: .*two does not exist/),
      ])
      expect(others.flatMap(({ notices }) => notices)).toEqual([])
      expect((await failureOf(lake, 'select * from three')).message).toContain('three does not exist')
      expect(await namesOf(lake, 'show views')).toEqual(['THREE', 'two'])
      expect(await valuesOf('create view one as select * from flow; select sum(b) from three')).toEqual([[6]])
      await ran(lake, 'drop view three; drop view "two"; drop view one')
    })

    test('names mean the same from every schema', async () => {
      await ran(
        lake,
        `create database other; create schema other.own; create view other.own.base as select 'other' as a;
       create function other.own.told(x varchar) returns varchar as $$ x || '!' $$;
       create view other.own.v as select told(a) as a, is_internal('10.0.0.1') as b, (select count(*) from load_history) as c from base;
       create database elsewhere; create view elsewhere.public.base as select 'elsewhere' as a;
       create function elsewhere.public.told(x varchar) returns varchar as $$ 'no' $$`,
      )
      const query = 'select * from other.own.v'
      const expected = [['other!', true, 0]]

      expect(await valuesOf(query)).toEqual(expected)
      expect(await valuesOf(`use schema elsewhere.public; ${query}`)).toEqual(expected)
      expect(await valuesOf(`use schema other.own; select * from v`)).toEqual(expected)
      expect(await (await lake.query(query, { dialect: 'snowflake' })).all()).toEqual([{ a: 'other!', b: true, c: 0 }])
      expect(await valuesOf(`select other.own.told('x'), elsewhere.public.told('x')`)).toEqual([['x!', 'no']])
      expect(await valuesOf('alter database other rename to another; select * from another.own.v')).toEqual(expected)
      expect(await valuesOf('drop database another; drop database elsewhere; show views')).toEqual([])
    })

    test('a widened table breaks none', async () => {
      await ran(
        lake,
        'create view whole as select * from flow; create view late as select record:later::varchar as x from whole',
      )
      expect(await valuesOf('select * from late')).toEqual([[null], [null]])
      await lake.close()
      await storeInto(folder, [
        'alter table public.kept add column record.later varchar',
        'create or replace view public.flow as select record from public.kept',
        `insert into public.kept values ({a: 3, "B c": null, later: 'now'})`,
      ])
      lake = await openTestLake(folder)
      expect(await valuesOf('select * from late order by 1')).toEqual([['now'], [null], [null]])
      expect(await valuesOf('select record:a from whole order by 1')).toEqual([['1'], ['2'], ['3']])
      await ran(lake, 'drop view whole; drop view late')
    })

    test('in the dialect duckdb the query is the engine’s', async () => {
      const duckdb = { dialect: 'duckdb' } as const
      await ran(
        lake,
        `create view v as from range(3) t(i) select i // 2 as half, 'it''s \\ so' as text /* a /* b */ */;
       create function doubled(x integer) returns integer as $$ x * 2 $$;
       create view w as select doubled(half) as d from v`,
        duckdb,
      )

      expect(await lastRows(lake, 'select sum(half) as s, max(text) as t from v', duckdb)).toEqual([
        { s: 1, t: String.raw`it's \ so` },
      ])
      expect(await valuesOf('select sum(d) from w')).toEqual([[2]])
      expect(
        await lastRows(
          lake,
          `create view long as with v as (select 12345678901234567890 as n, '12345678901234567890' as t) from v where n in (values (12345678901234567890)); from long`,
          duckdb,
        ),
      ).toEqual([{ n: 12345678901234567890n, t: '12345678901234567890' }])
      expect((await failureOf(lake, 'create or replace view v as select nosuch()', duckdb)).message).toContain('nosuch')
      expect((await failureOf(lake, 'create view x as select * from read_csv(1)', duckdb)).message).toContain(
        'read_csv',
      )
      const strange = `create or replace view v comment = 'a\\b' as select 1 as a`
      expect((await failureOf(lake, strange, duckdb)).message).toContain(
        'cannot be kept as the dialect duckdb writes it',
      )
      await lake.close()
      lake = await openTestLake(folder)
      expect(await valuesOf('select sum(d) from w')).toEqual([[2]])
      await ran(lake, 'drop view v; drop view w; drop view long; drop function doubled(integer)')
    })
  })

  describe('functions', () => {
    test('one is made, called, shown, described and dropped', async () => {
      const make = `create or replace function half(x integer, "By n" float) returns number(10,2) comment = 'h' as 'x / "By n"'`

      expect(await statusOf(lake, make)).toBe('Function HALF successfully created.')
      expect(
        await valuesOf("select half('3', 2), half(1, 3), public.half(1.6, 1), millrace.public.half(null, 1)"),
      ).toEqual([[1.5, 0.33, 2, null]])
      expect(await lastRows(lake, `show user functions like 'half'`)).toMatchObject([
        {
          name: 'HALF',
          arguments: 'HALF(NUMBER, FLOAT) RETURN NUMBER',
          language: 'SQL',
          description: 'h',
          is_table_function: 'N',
        },
      ])
      const rows = await lastRows(lake, 'desc function half(int, double)')
      expect(rows.map((row) => [cellOf(row, 'property'), row['value']])).toEqual([
        ['signature', '(X INTEGER, By n FLOAT)'],
        ['returns', 'NUMBER(10, 2)'],
        ['language', 'SQL'],
        ['null handling', 'CALLED ON NULL INPUT'],
        ['body', 'x / "By n"'],
      ])
      expect((await failureOf(lake, 'desc function half(varchar)')).message).toContain('there is HALF(NUMBER, FLOAT)')
      expect((await failureOf(lake, make.replace('x integer', 'x varchar'))).message).toContain(
        'is there with other arguments',
      )
      expect((await failureOf(lake, 'drop function half(varchar)')).message).toContain('does not exist')
      expect(await statusOf(lake, 'drop function if exists half(varchar)')).toContain('already dropped')
      expect(await statusOf(lake, 'drop function half(number, float)')).toBe('HALF successfully dropped.')
      expect((await failureOf(lake, 'select half(1, 2)')).message).toContain('HALF is not translated')
    })

    test('arguments and results have their declared types', async () => {
      await ran(
        lake,
        `create function text_of(x varchar(3)) returns varchar as $$ x $$;
       create function flag(x varchar) returns boolean as $$ x $$;
       create function moment(x timestamp) returns date as $$ x $$;
       create function never(x integer, y integer) returns varchar returns null on null input as $$ 'called' $$;
       create function element(x varchar) returns varchar as $$ parse_ip(x, 'INET'):host $$`,
      )

      expect(
        await valuesOf(
          "select text_of(12), flag('on'), moment('2026-01-02 03:04:05'), never(1, null), never(1, 2), element('1.2.3.4/8')",
        ),
      ).toEqual([['12', true, '2026-01-02', null, 'called', '1.2.3.4']])
      expect((await failureOf(lake, "select text_of('long')")).message).toContain("'long' is too long for VARCHAR(3)")
      expect((await failureOf(lake, "select flag('maybe')")).message).toContain("'maybe' is not recognized")
      await ran(
        lake,
        'drop function text_of(varchar); drop function flag(varchar); drop function moment(timestamp); drop function never(int, int); drop function element(varchar)',
      )
    })

    test('a query in a body sees its arguments, not columns of that name', async () => {
      await ran(
        lake,
        `create function up_to(most integer) returns integer as $$ select count(*) from flow where record:a::integer <= most $$;
       create function rows_to(most integer) returns table (a integer, label varchar) as
         $$ select record:a::integer, record:"B c"::varchar from flow where record:a::integer <= most $$;
       select sum(record:a) from flow; select * from table(rows_to(1)), table(millrace.public.rows_to(2))`,
      )

      expect(await valuesOf('select t.a, up_to(a) from (values (0), (1), (5)) as t(a) order by a')).toEqual([
        [0, 0],
        [1, 1],
        [5, 3],
      ])
      expect(await valuesOf("select * from table(rows_to('1'))")).toEqual([[1, 'x']])
      expect(
        await valuesOf('select t.a, r.a from (values (1), (2)) as t(a), table(rows_to(t.a)) r order by 1, 2'),
      ).toEqual([
        [1, 1],
        [2, 1],
        [2, 2],
      ])
      expect(await valuesOf('create view over as select label from table(rows_to(1)); select * from over')).toEqual([
        ['x'],
      ])
      await ran(lake, 'drop view over; drop function up_to(int); drop function rows_to(int)')
    })

    test.each([
      ['create function sum(x integer) returns integer as $$ 1 $$', 'STATEMENT_FAILED', 'has the name'],
      ['create function is_internal(x varchar) returns boolean as $$ true $$', 'STATEMENT_FAILED', 'has the name'],
      ['create function zeroifnull(x integer) returns integer as $$ 1 $$', 'STATEMENT_FAILED', 'has the name'],
      ['create function to_number(x integer) returns integer as $$ 1 $$', 'STATEMENT_FAILED', 'has the name'],
      ['create function parse_ip(x integer) returns integer as $$ 1 $$', 'STATEMENT_FAILED', 'has the name'],
      ['create function coalesce(x integer) returns integer as $$ 1 $$', 'STATEMENT_FAILED', 'has the name'],
      ['create function logs.f(x integer) returns integer as $$ 1 $$', 'STATEMENT_FAILED', 'belongs to Millrace'],
      [
        'create function f(x integer) returns integer as $$ 1) as integer) as a, cast((2 $$',
        'SQL_FAILED',
        'one expression or query',
      ],
      ['create function f(x integer) returns integer as $$ nosuch(x) $$', 'SQL_REFUSED', 'NOSUCH is not translated'],
      ['create function f(x integer) returns integer as $$ y $$', 'SQL_FAILED', '"y"'],
      ['create function f(x integer) returns integer as $$ f(x) $$', 'SQL_FAILED', ''],
      ['create function f(x variant) returns integer as $$ 1 $$', 'SQL_REFUSED', 'VARIANT is not translated'],
      ['create function f(x integer) returns integer as $$ delete from flow $$', 'SQL_FAILED', ''],
      [
        'create temporary function f(x integer) returns integer as $$ 1 $$',
        'STATEMENT_UNSUPPORTED',
        'no temporary functions',
      ],
      ['create function f(x integer default 1) returns integer as $$ 1 $$', 'STATEMENT_UNSUPPORTED', 'without DEFAULT'],
    ])('%s is refused', async (sql, code, message) => {
      const failure = await failureOf(lake, sql)
      expect([failure.code, failure.message]).toEqual([
        code,
        expect.stringContaining(message.replace('has the name', 'would have the name of a function')),
      ])
      expect(await valuesOf('show user functions')).toEqual([])
    })

    test('an error in a body points into the script', async () => {
      expect(
        await failureOf(lake, 'select 1;\ncreate function f(x integer) returns integer as $$\n  x +\n  nosuch.a $$'),
      ).toMatchObject({
        place: { line: 4, column: 3 },
      })
    })
  })

  describe('the quickstart of VPC flow logs', () => {
    const fields =
      'version bigint, account_id varchar, interface_id varchar, srcaddr varchar, dstaddr varchar, srcport bigint, dstport bigint, protocol bigint, packets bigint, bytes bigint, start bigint, "end" bigint, action varchar, log_status varchar'
    /** Source, destination, their ports, bytes, days ago, action. */
    const flows: readonly (readonly [string, string, number, number, number, number, string])[] = [
      ['10.0.0.1', '198.51.100.7', 22, 40_000, 100, 1, 'ACCEPT'],
      ['198.51.100.7', '10.0.0.1', 40_000, 22, 900, 1, 'ACCEPT'],
      ['192.168.1.2', '203.0.113.9', 3389, 50_000, 50, 2, 'ACCEPT'],
      ['203.0.113.9', '172.16.0.5', 50_001, 3389, 70, 3, 'ACCEPT'],
      ['8.8.8.8', '198.51.100.7', 22, 40_000, 10, 1, 'ACCEPT'],
      ['10.0.0.1', '198.51.100.7', 22, 40_000, 5000, 40, 'ACCEPT'],
      ['10.0.0.1', '10.0.0.9', 443, 1000, 20, 5, 'REJECT'],
      ['10.0.0.9', '10.0.0.1', 443, 1000, 30, 5, 'REJECT'],
      ['10.0.0.9', '10.0.0.1', 443, 1000, 30, 6, 'REJECT'],
    ]
    const rows = flows.map(
      ([src, dst, srcport, dstport, bytes, days, action], index) =>
        `({version: 2, account_id: '123456789012', interface_id: 'eni-${index % 2}', srcaddr: '${src}', dstaddr: '${dst}', srcport: ${srcport}, dstport: ${dstport},
        protocol: 6, packets: 1, bytes: ${bytes}, start: epoch(current_date - ${days})::bigint + 3600, "end": epoch(current_date - ${days})::bigint + 3660, action: '${action}', log_status: 'OK'})`,
    )
    const view = (table: string): string => `create view vpc_flow_view as
select
  record:account_id::varchar(16) as account_id,
  record:action::varchar(16) as action,
  record:bytes::integer as bytes,
  record:dstaddr::varchar(128) as dstaddr,
  record:dstport::integer as dstport,
  record:end::TIMESTAMP as "END",
  record:interface_id::varchar(32) as interface_id,
  record:log_status::varchar(8) as log_status,
  record:packets::integer as packets,
  record:protocol::integer as protocol,
  record:srcaddr::varchar(128) as srcaddr,
  record:srcport::integer as srcport,
  record:start::TIMESTAMP as "START",
  record:version::varchar(8) as version
from ${table};`

    beforeAll(async () => {
      await ran(lake, 'create database log_analysis')
      await lake.close()
      const table = (name: string): string[] => [
        `create table ${name}_kept (record struct(${fields}))`,
        `insert into ${name}_kept values ${rows.join(', ')}`,
      ]
      await storeInto(folder, [
        ...table('public.vpc_flow'),
        'create view public.vpc_flow as select record from public.vpc_flow_kept',
        ...table('"log_analysis.public".vpc_flow'),
        'create view "log_analysis.public".vpc_flow as select record from "log_analysis.public".vpc_flow_kept',
      ])
      lake = await openTestLake(folder)
    })

    test('its view, its function and its queries run as they are', async () => {
      const recent = `"START" > dateadd(day, -30, current_date())
    and action = 'ACCEPT'`
      expect(
        await valuesOf(`${view('public.vpc_flow')} select count(*), min(bytes), max(version) from vpc_flow_view`),
      ).toEqual([[9, 10, '2']])
      expect(await valuesOf('select "START", "END" from vpc_flow_view where "END" < "START"')).toEqual([])
      expect(await valuesOf('select record from public.vpc_flow limit 10')).toHaveLength(9)
      expect(
        await statusOf(
          lake,
          `CREATE OR REPLACE FUNCTION ipv4_is_internal(ip varchar)
  RETURNS Boolean
  AS
  $$
    (parse_ip(ip,'INET'):ipv4 between (167772160) AND (184549375)) OR
    (parse_ip(ip,'INET'):ipv4 between (2886729728) AND (2887778303)) OR
    (parse_ip(ip,'INET'):ipv4 between (3232235520) AND (3232301055))
  $$
;`,
        ),
      ).toBe('Function IPV4_IS_INTERNAL successfully created.')
      const internal = ['10.0.0.0', '10.255.255.255', '172.16.0.0', '172.31.255.255', '192.168.0.0', '192.168.255.255']
      const external = ['9.255.255.255', '11.0.0.0', '172.15.255.255', '172.32.0.0', '192.167.255.255', '192.169.0.0']
      const told = [...internal, ...external].map((ip) => `('${ip}')`).join(', ')
      expect(await valuesOf(`select ip from (values ${told}) as t(ip) where ipv4_is_internal(ip) order by ip`)).toEqual(
        internal.toSorted().map((ip) => [ip]),
      )
      expect(
        await valuesOf(`(select distinct srcaddr as internal_addr,dstaddr as external_addr, srcport as port
  from vpc_flow_view
  where ${recent}
    and srcport in (22,3389)
    and ipv4_is_internal(internal_addr))
union all
(select distinct dstaddr as internal_addr,srcaddr as external_addr, dstport as port
  from vpc_flow_view
  where ${recent}
    and dstport in (22,3389)
    and ipv4_is_internal(internal_addr)) order by 1, 2, 3`),
      ).toEqual([
        ['10.0.0.1', '198.51.100.7', 22],
        ['10.0.0.1', '198.51.100.7', 22],
        ['172.16.0.5', '203.0.113.9', 3389],
        ['192.168.1.2', '203.0.113.9', 3389],
      ])
      const talkers = (column: string): string => `select ${column},sum(bytes) as total_bytes
  from vpc_flow_view
  where ${recent}
  group by ${column}
  order by total_bytes desc
  limit 10;`
      expect(await valuesOf(talkers('dstaddr'))).toEqual([
        ['10.0.0.1', 900],
        ['198.51.100.7', 110],
        ['172.16.0.5', 70],
        ['203.0.113.9', 50],
      ])
      expect((await valuesOf(talkers('srcaddr')))[0]).toEqual(['198.51.100.7', 900])
      expect(await valuesOf(talkers('interface_id'))).toEqual([
        ['eni-1', 970],
        ['eni-0', 160],
      ])
    })

    test('its tiles name the view with database and schema', async () => {
      await ran(lake, `use database log_analysis; ${view('public.vpc_flow')}`)
      const tile = `select srcaddr, count(srcaddr) as srcaddrcount from log_analysis.public.vpc_flow_view where "START" > dateadd(day, -30, current_date()) and action = 'REJECT' group by srcaddr order by count(srcaddr) desc limit 10;`
      expect(await valuesOf(tile)).toEqual([
        ['10.0.0.9', 2],
        ['10.0.0.1', 1],
      ])
      const { sql, notices } = await lake.translate(tile, 'snowflake')
      expect(notices).toEqual([])
      expect(sql).toContain('"log_analysis.public".vpc_flow_view')
    })
  })
})
