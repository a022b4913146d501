import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Lake, Value } from '../../src/api.ts'
import * as fc from 'fast-check'
import { firstSession } from '../../src/sql/execution/session.ts'
import { keepByVersion, knownIn, readLakeNames } from '../../src/sql/relations/lake-names.ts'
import { translate } from '../../src/sql/translate.ts'
import { plainValue } from '../../src/sql/values.ts'
import { caseCount, cases, limitMs } from '../aws/scale.ts'
import { temporaryFolder } from '../loading/lakes.ts'
import { anyObjects, stored } from './any-objects.ts'
import { lakeWith, openedEngine } from './stored.ts'
import { booleanOf, integerOf, shownOf, textOf } from './variant-oracle.ts'

/** As loading stores it: two rows, then one whose values clash with the types of the first. */
const tables = [
  `create table public.kept_flow (id integer, record struct(action varchar, bytes bigint, ratio double, ok boolean, start bigint,
     made timestamp, "day" date, raw blob, "odd key" varchar, nested json, list json, "$other" json))`,
  `insert into public.kept_flow values
     (1, {action: 'ACCEPT', bytes: 10, ratio: 1.5, ok: true, start: 1700000000, made: timestamp '2026-01-02 03:04:05.678',
          "day": date '2026-01-02', raw: 'AB'::blob, "odd key": 'a"b', nested: '{"a":{"B c":"x","n":1.50}}', list: '[1,{"k":"v"},null]', "$other": null}),
     (2, {action: 'REJECT', bytes: 9, ratio: 2.0, ok: false, start: 1700000000123, made: null, "day": null, raw: null, "odd key": null,
          nested: null, list: null, "$other": '{"Action":"upper","$other":5,"a/b":"s","0":"zero"}'}),
     (3, {action: null, bytes: null, ratio: null, ok: null, start: null, made: null, "day": null, raw: null, "odd key": null,
          nested: null, list: null, "$other": '{"action":7,"bytes":"12.6","ratio":null,"ok":"yes","start":"2026-01-02T03:04:05Z","nested":"text"}'})`,
  'create view public.flow as select id, record from public.kept_flow',
  // Without a value that clashed there is no field for it.
  `create table public.plain_flow as select {action: 'ACCEPT', bytes: 10::bigint, start: 1700000000::bigint} as record
   union all select {action: 'REJECT', bytes: 9, start: null}`,
  `create table public.text_times as select 1 as id, {seen: '2026-01-02T03:04:05+01:00', size: '10'} as record union all select 2, {seen: '1700000000', size: 'x'}`,
  'create table public.empty_flow as select null::json as record where false',
  `create table public.text_flow as select '{"a":1}' as record`,
  `create table public.json_flow as select '{"action":"ACCEPT","bytes":10}'::json as record`,
  'create schema "log_analysis.public"',
  `create table "log_analysis.public".flow as select {bytes: 77::bigint} as record`,
  `insert into lake.pipeline_objects (kind, database_name, schema_name, name, definition, properties, created_at) values ('DATABASE', '', '', 'LOG_ANALYSIS', 'CREATE DATABASE LOG_ANALYSIS', '{}', now()),
     ('SCHEMA', 'LOG_ANALYSIS', '', 'PUBLIC', 'CREATE SCHEMA PUBLIC', '{}', now())`,
]

describe('VARIANTs in the dialect snowflake', () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-variants-'))
  let lake: Lake

  beforeAll(async () => {
    lake = await lakeWith(tables, folder)
  })

  afterAll(async () => {
    await lake.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const rowsOf = async (sql: string): Promise<Value[][]> => {
    const rows = await (await lake.query(sql, { dialect: 'snowflake' })).all()
    return rows.map((row) => Object.values(row).map((value) => (typeof value === 'bigint' ? Number(value) : value)))
  }

  const column = async (expression: string, from = 'flow'): Promise<unknown[]> =>
    (await rowsOf(`select ${expression} as x, id from ${from} order by id`)).map(([value]) => value)

  test.each<[expression: string, ...values: unknown[]]>([
    // With a cast: the stored field, and what clashed with its type.
    ['record:action::varchar', 'ACCEPT', 'REJECT', '7'],
    ['record:action::varchar(16)', 'ACCEPT', 'REJECT', '7'],
    ['record:bytes::integer', 10, 9, 13],
    ['record:bytes::number(10,1)', 10, 9, 12.6],
    ['cast(record:bytes as float)', 10, 9, 12.6],
    ['record:bytes::varchar', '10', '9', '12.6'],
    ['record:ratio::varchar', '1.5', '2', null],
    ['record:ratio::integer', 2, 2, null],
    ['record:ok::boolean', true, false, true],
    ['record:ok::integer', 1, 0, undefined],
    ['record:start::timestamp', '2023-11-14 22:13:20', '2023-11-14 22:13:20.123', '2026-01-02 03:04:05'],
    ['record:start::date', '2023-11-14', '2023-11-14', '2026-01-02'],
    ['record:made::varchar', '2026-01-02 03:04:05.678', null, null],
    ['record:made::timestamp_ntz', '2026-01-02 03:04:05.678', null, null],
    ['record:day::varchar', '2026-01-02', null, null],
    ['record:raw::varchar', '4142', null, null],
    ['record:"odd key"::varchar', 'a"b', null, null],
    ['record:missing::integer', null, null, null],
    ['try_cast(record:action as integer)', null, null, 7],
    ['try_cast(record:bytes as boolean)', true, true, null],
    // Element names are compared exactly.
    ['record:Action::varchar', null, 'upper', null],
    ['record:"$other"::integer', null, 5, null],
    ['record:"a/b"::varchar', null, 's', null],
    ['record:"0"::varchar', null, 'zero', null],
    // Deeper paths.
    ['record:nested.a."B c"::varchar', 'x', null, null],
    [`record:nested['a']['n']::varchar`, '1.5', null, null],
    [`record['nested']['a']['n']::float`, 1.5, null, null],
    ['record:nested.a.n::integer', 2, null, null],
    ['record:nested."a.n"::integer', null, null, null],
    ['record:list[0]::integer', 1, null, null],
    ['record:list[1].k::varchar', 'v', null, null],
    ['record:list[2] is null', false, true, true],
    ['record:list[9] is null', true, true, true],
    ['record:action.x::varchar', null, null, null],
    // Without a cast: as JSON.
    ['record:action', '"ACCEPT"', '"REJECT"', '7'],
    ['record:bytes', '10', '9', '"12.6"'],
    ['record:ratio', '1.5', '2.0', 'null'],
    ['record:ok', 'true', 'false', '"yes"'],
    ['record:made', '"2026-01-02 03:04:05.678"', null, null],
    ['record:raw', '"4142"', null, null],
    ['record:nested', '{"a":{"B c":"x","n":1.50}}', null, '"text"'],
    ['record:nested.a', '{"B c":"x","n":1.5}', null, null],
    ['record:missing', null, null, null],
    // NULL is nothing; null of JSON is a value.
    ['record:ratio is null', false, false, false],
    ['record:bytes is not null', true, true, true],
    ['record:missing is null', true, true, true],
    ['record:Action is null', true, false, true],
    // As in other expressions.
    [`record:action::varchar || '!'`, 'ACCEPT!', 'REJECT!', '7!'],
    ['-record:bytes::integer + 1', -9, -8, -12],
    ['record:bytes::integer between 9 and 10', true, true, false],
    ['f.record:bytes::integer', 10, 9, 13],
    ['public.flow.record:bytes::integer', 10, 9, 13],
    ['"record":bytes::integer', 10, 9, 13],
    [`parse_ip('10.1.2.3/8', 'INET'):ipv4_range_start::varchar`, '167772160', '167772160', '167772160'],
  ])('%s', async (...given) => {
    const [expression, ...values] = given
    const from = expression.startsWith('f.')
      ? 'public.flow f'
      : expression.startsWith('public.')
        ? 'public.flow'
        : 'flow'
    if (values.includes(undefined)) await expect(column(expression, from)).rejects.toThrow(/yes/)
    else expect(await column(expression, from)).toEqual(values)
  })

  test.each<readonly [string, readonly (readonly unknown[])[]]>([
    ["select record:bytes from plain_flow where 'ACCEPT' <> record:action", [['9']]],
    // Of what clashes with the stored type only null of JSON can be compared.
    ["select id from flow where record:Action is not null and record:action = 'REJECT'", [[2]]],
    ['select id from flow where record:ratio > 1.5', [[2]]],
    ['select bytes from (select record:bytes::integer as bytes from plain_flow) where bytes > 9', [[10]]],
    ['select record:bytes from plain_flow where record:bytes > 9', [['10']]],
    ["select record:bytes from plain_flow where record:action in ('ACCEPT', 'x')", [['10']]],
    ['select record:bytes from plain_flow where record:bytes between 10 and 11', [['10']]],
    ["select record:bytes from json_flow where record:action = 'ACCEPT' and record:bytes >= 10", [['10']]],
    ['select count(*) from plain_flow where record:missing = 1', [[0]]],
    ['select sum(record:bytes), avg(record:bytes) from plain_flow', [[19, 9.5]]],
    ['select count(record:ratio), count(record:missing), count(distinct record:action) from flow', [[3, 0, 3]]],
    [
      'select record:action as a, count(*) from plain_flow group by record:action order by a',
      [
        ['"ACCEPT"', 1],
        ['"REJECT"', 1],
      ],
    ],
    [
      'select record:action, count(*) from plain_flow group by 1 order by 1 desc',
      [
        ['"REJECT"', 1],
        ['"ACCEPT"', 1],
      ],
    ],
    ['select distinct record:action as a from plain_flow order by a', [['"ACCEPT"'], ['"REJECT"']]],
    // As numbers, not as text; and behind them the ones that are text.
    ['select id from flow where id < 3 order by record:bytes', [[2], [1]]],
    ['select record:bytes as b from plain_flow order by b', [['9'], ['10']]],
    ['select record:bytes from plain_flow order by 1', [['9'], ['10']]],
    [
      'select record:bytes as b, count(*) from plain_flow group by b order by b',
      [
        ['9', 1],
        ['10', 1],
      ],
    ],
    ['select id from flow order by record:missing, id', [[1], [2], [3]]],
    [
      'select row_number() over (partition by record:missing order by record:bytes desc) from plain_flow order by 1',
      [[1], [2]],
    ],
    ['select id from flow qualify row_number() over (order by record:start desc) = 1 and id < 3', [[2]]],
    // Through subqueries, common tables, views and databases.
    ['select q.r:bytes::integer from (select record as r, id from flow) q where q.id = 1', [[10]]],
    ['with c as (select * from flow), d(i, v) as (select * from c) select v:bytes::integer from d where i = 2', [[9]]],
    ['with flow as (select * from flow where id = 1) select record:bytes::integer from flow', [[10]]],
    ['select n::integer from (select record:nested.a.n as n, id from flow) where id = 1', [[2]]],
    ['select s:a.n::float from (select record:nested as s, id from flow) where id = 1', [[1.5]]],
    ['select b.record:bytes::integer from flow a join flow b on a.id = b.id + 1 where a.id = 2', [[10]]],
    ['select (select max(record:bytes::integer) from flow i where i.id < o.id) from flow o where o.id = 3', [[10]]],
    ['select record:bytes::integer from log_analysis.public.flow', [[77]]],
    ['select log_analysis.public.flow.record:bytes::integer from log_analysis.public.flow', [[77]]],
    ['select r:bytes::integer from plain_flow as p(r) order by 1', [[9], [10]]],
    [
      'select a:bytes::integer from (select record as a from plain_flow union all select record from plain_flow) group by 1 order by 1',
      [[9], [10]],
    ],
    // Before anything was loaded.
    ["select record:bytes::integer, record:a.b from empty_flow where record:action = 'x' order by record:c", []],
    ['select count(*), sum(record:bytes::integer) from empty_flow', [[0, null]]],
    // Of each row by itself, although the engine would cast a field while it scans.
    [
      'select record:seen::timestamp, record:seen::date, try_cast(record:size as integer), try_cast(record:size as float) from text_times order by id',
      [
        ['2026-01-02 03:04:05', '2026-01-02', 10, 10],
        ['2023-11-14 22:13:20', '2023-11-14', null, null],
      ],
    ],
    [
      "select id, case when record:size::varchar = '10' then record:size::integer end from text_times where id + 0 = 1 or record:size::varchar = 'x' order by id",
      [
        [1, 10],
        [2, null],
      ],
    ],
    ["select '😀é', record:bytes::integer from plain_flow where record:bytes = 9", [['😀é', 9]]],
    [
      `select parse_ip(a, 'INET', 1):family, parse_ip(a, 'INET', 1):host::varchar, parse_ip(a, 'inet', 1):ip_type::varchar, parse_ip(a, 'INET', 1):netmask_prefix_length,
         parse_ip(a, 'INET', 1):ipv4, parse_ip(a, 'INET', 1):ipv4_range_start, parse_ip(a, 'INET', 1):ipv4_range_end, parse_ip(a, 'INET', 1):hex_ipv6::varchar,
         parse_ip(a, 'INET', 1):hex_ipv6_range_start::varchar, parse_ip(a, 'INET', 1):hex_ipv6_range_end::varchar
       from (values (1, '10.1.2.3/8'), (2, '172.16.0.1'), (3, '2001:db8::1/64'), (4, '::1'), (5, '-'), (6, null)) as t(i, a) order by i`,
      [
        ['4', '10.1.2.3', 'inet', '8', '167838211', '167772160', '184549375', null, null, null],
        ['4', '172.16.0.1', 'inet', null, '2886729729', null, null, null, null, null],
        [
          ...['6', '2001:db8::1', 'inet', '64', null, null, null],
          ...[
            '20010DB8000000000000000000000001',
            '20010DB8000000000000000000000000',
            '20010DB800000000FFFFFFFFFFFFFFFF',
          ],
        ],
        ['6', '::1', 'inet', null, null, null, null, '00000000000000000000000000000001', null, null],
        [null, null, null, null, null, null, null, null, null, null],
        [null, null, null, null, null, null, null, null, null, null],
      ],
    ],
    [
      "select parse_ip('10.1.2.3', 'INET'):host, parse_ip('x', 'inet', 1):ipv4, parse_ip('::1', 'INET'):ipv4",
      [['"10.1.2.3"', null, null]],
    ],
    [
      "select parse_ip('10.0.0.1', 'INET'):ipv4 between (167772160) and (184549375), parse_ip('fe80::1/64', 'INET'):hex_ipv6_range_end::varchar",
      [[true, 'FE80000000000000FFFFFFFFFFFFFFFF']],
    ],
  ])('%s', async (sql, rows) => {
    expect(await rowsOf(sql)).toEqual(rows)
  })

  test('a whole object is shown as it is stored', async () => {
    expect(await rowsOf('select record from plain_flow order by record:bytes limit 1')).toEqual([
      [{ action: 'REJECT', bytes: 9, start: null }],
    ])
    expect(await rowsOf('select * from json_flow')).toEqual([['{"action":"ACCEPT","bytes":10}']])
  })

  test('what has no name is named by what was written', async () => {
    const result = await lake.query(
      'select record:bytes, record:"odd key"::varchar(16), to_timestamp(1), record from flow limit 0',
      { dialect: 'snowflake' },
    )
    expect(result.columns.map(({ name }) => name)).toEqual([
      'record:bytes',
      'record:"odd key"::varchar(16)',
      'TO_TIMESTAMP(1)',
      'record',
    ])
    await result.all()
  })

  test.each([
    [
      'select upper(record:action) from flow',
      'record:action is a VARIANT, whose values can be of any type. Cast it, as in record:action::varchar',
    ],
    ['select record:bytes + 1 from flow', 'record:bytes is a VARIANT'],
    ['select max(record:bytes) from flow', 'record:bytes is a VARIANT'],
    ["select * from flow where record:bytes = '10'", 'record:bytes is a VARIANT'],
    ['select * from flow where record:action = record:bytes', 'record:action is a VARIANT'],
    ['select * from flow where record:made > current_timestamp()', 'record:made is a VARIANT'],
    ["select * from (select record:action as a from flow) where upper(a) = 'x'", 'a is a VARIANT'],
    ['select sum(record:action) from flow', 'record:action is a VARIANT'],
    ['select record:action as a from flow union select record:action from flow order by a', 'a is a VARIANT'],
    ['select record:action as a from flow union select record:action from flow order by 1', 'a is a VARIANT'],
    ['select record::varchar from flow', 'record is an object, and is not cast as a whole'],
    ['select record:a from text_flow', 'path record:a needs a VARIANT before it, and record is VARCHAR'],
    ['select id:a from flow', 'path id:a needs a VARIANT before it, and id is INTEGER'],
    [
      'select x:a::int from (select upper(record:action::varchar) as x from flow)',
      'path x:a needs a VARIANT before it, and x is VARCHAR',
    ],
    [
      "select parse_ip('1.2.3.4', 'INET')",
      "PARSE_IP needs a key behind it, as in parse_ip(address, 'INET'):ipv4. Keys are family, host,",
    ],
    ["select parse_ip('1.2.3.4', 'INET'):ip_fields", 'PARSE_IP needs a key'],
    ["select parse_ip('1.2.3.4', 'CIDR'):ipv4", "PARSE_IP takes an address, 'INET'"],
    ['select record:bytes::timestamp_ltz from flow', 'TIMESTAMP_LTZ is not translated'],
    ['select record:bytes::variant from flow', 'VARIANT is not translated'],
  ])('%s is refused', async (sql, message) => {
    await expect(rowsOf(sql)).rejects.toThrow(`Snowflake's ${message}`)
  })

  test.each([
    [
      "select * from flow where record:action = 'ACCEPT'",
      'record:action holds values of several types, such as 7. Cast it',
    ],
    ['select sum(record:bytes) from flow', 'record:bytes holds values of several types, such as "12.6"'],
    ['select record:action::varchar(5) from flow', "'ACCEPT' is too long for VARCHAR(5)"],
    ["select parse_ip('300.1.1.1', 'INET'):ipv4", "PARSE_IP cannot read '300.1.1.1' as an address"],
    ['select record:action::integer from flow', 'ACCEPT'],
  ])('%s ends with an error that names the value', async (sql, message) => {
    await expect(rowsOf(sql)).rejects.toThrow(message)
  })

  test('whatever is in the objects, a path gives what Snowflake gives', { timeout: limitMs.timeout }, async () => {
    const engine = await openedEngine(temporaryFolder())
    const connection = await engine.connect()
    const names = keepByVersion(engine, () => Number.NaN, readLakeNames)
    const rowsOfTable = async (items: readonly string[]): Promise<Value[][]> => {
      const known = knownIn(await names(), firstSession)
      const { sql } = await translate(`select ${items.join(', ')} from public.t order by id`, 'snowflake', known)
      return (await connection.runAndReadAll(sql)).getRows().map((row) => row.map(plainValue))
    }
    try {
      await fc.assert(
        fc.asyncProperty(anyObjects, async (objects) => {
          await connection.run(stored('public.t', objects))
          const keys = [...(objects[0]?.keys() ?? []), 'missing']
          const paths = keys.map((key) => `record:"${key.replaceAll('"', '""')}"`)
          const forms = paths.flatMap((path) => [
            path,
            `${path}::varchar`,
            `try_cast(${path} as integer)::varchar`,
            `try_cast(${path} as boolean)`,
            `${path} is null`,
            `count(${path}) over (partition by id)`,
          ])
          const expected = objects.map((object) =>
            keys.flatMap((key) => {
              const value = object.get(key)
              const count = value === undefined ? 0 : 1
              const integer = integerOf(value)?.toString() ?? null
              return [shownOf(value), textOf(value), integer, booleanOf(value), value === undefined, count]
            }),
          )
          expect(await rowsOfTable(forms)).toEqual(expected)
          for (const [index, key] of keys.entries()) {
            const cast = rowsOfTable([`${paths[index] ?? ''}::integer as x`])
            const isWrong = objects.some((object) => integerOf(object.get(key)) === undefined)
            if (isWrong) await expect(cast).rejects.toThrow(/Could not convert|not recognized/)
            else await cast
          }
        }),
        { ...cases, numRuns: Math.ceil(caseCount / 15) },
      )
    } finally {
      connection.closeSync()
      engine.close()
    }
  })
})
