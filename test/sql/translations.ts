import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Lake, Value } from '../../src/api.ts'
import type { Dialect } from '../../src/sql/dialects.ts'
import { translate } from '../../src/sql/translate.ts'
import { openTestLake } from '../loading/template.ts'

describe('a statement of another dialect', () => {
  let directory: string
  let lake: Lake

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millrace-translate-'))
    lake = await openTestLake(join(directory, 'lake'))
  })

  afterAll(async () => {
    await lake.close()
    await rm(directory, { recursive: true, force: true })
  })

  const rowsOf = async (dialect: Dialect, sql: string): Promise<Value[][]> => {
    const rows = await (await lake.query(sql, { dialect })).all()
    return rows.map((row) => Object.values(row))
  }

  const pairs = 'from (values (1, 5), (null, 6), (3, 7)) as t(a, b)'

  test.each([
    // Where the dialects differ from the engine, silently if nobody looked.
    ['snowflake', `select a ${pairs} order by a`, [[1], [3], [null]]],
    ['snowflake', `select a ${pairs} order by a desc`, [[null], [3], [1]]],
    ['trino', `select a ${pairs} order by a desc`, [[3], [1], [null]]],
    ['snowflake', 'select 5 / 2', [[2.5]]],
    ['trino', 'select 5 / 2, -5 / 2, 5.0 / 2, cast(5 as double) / 2, cast(7 as bigint) / 2', [[2, -2, 2.5, 2.5, 3]]],
    ['athena', 'select 7 / 2 * 2', [[6]]],
    ['snowflake', "select concat('a', null), 'a' || null", [[null, null]]],
    ['trino', "select concat('a', 'b', 'c'), concat('a', null)", [['abc', null]]],
    ['snowflake', "select regexp_like('abc', 'b'), regexp_like('abc', '.b.')", [[false, true]]],
    ['trino', "select regexp_like('abc', 'b')", [[true]]],
    ['snowflake', "select 'abc' rlike 'b', regexp_replace('aXbX', 'X', '-')", [[false, 'a-b-']]],
    ['snowflake', 'select greatest(1, null), least(1, null, 2)', [[null, null]]],
    ['snowflake', "select datediff(hour, timestamp '2026-01-01 00:59:00', timestamp '2026-01-01 01:01:00')", [[1]]],
    ['snowflake', "select datediff('day', '2026-01-01 23:00:00', '2026-01-02 01:00:00')", [[1]]],
    // Whole units, as Trino 476 counts them.
    ['trino', "select date_diff('day', timestamp '2026-01-01 23:00:00', timestamp '2026-01-02 01:00:00')", [[0]]],
    ['trino', "select date_diff('hour', timestamp '2026-01-01 02:00:00', timestamp '2026-01-01 00:30:00')", [[-1]]],
    [
      'trino',
      "select date_diff('month', date '2026-01-31', date '2026-02-28'), date_diff('day', date '2026-01-31', date '2026-02-01')",
      [[1, 1]],
    ],
    [
      'athena',
      "select split_part('a.b', '.', 2), split_part('a.b', '.', 3), split_part('', '.', 1)",
      [['b', null, '']],
    ],
    ['athena', "select extract(dow from date '2026-11-22'), extract(dow from date '2026-11-23')", [[7, 1]]],
    [
      'athena',
      String.raw`select length('a\nb'), regexp_like('a1', '\d'), 'a_b' like 'a\_b' escape '\'`,
      [[4, true, true]],
    ],
    [
      'athena',
      "select date_format(timestamp '2026-11-02 03:04:05', '%Y-%m-%d %H:%i:%s %p %h %e %c %b %a %j'), date_format(timestamp '2026-11-02 03:04:05', '%W %M %y %k %l %f %T %r %v %x %%i')",
      [['2026-11-02 03:04:05 AM 03 2 11 Nov Mon 306', 'Monday November 26 3 3 000000 03:04:05 03:04:05 AM 45 2026 %i']],
    ],
    ['athena', "select date_parse('22/Nov/2026 1:02:03 PM', '%d/%b/%Y %h:%i:%s %p')", [['2026-11-22 13:02:03']]],
    ['snowflake', "select dateadd(day, -30, date '2026-03-01') = date '2026-01-30'", [[true]]],
    ['snowflake', "select dateadd('month', 1, date '2026-01-31') = date '2026-02-28'", [[true]]],
    ['trino', "select date_add('hour', -3, timestamp '2026-03-01 00:00:00')", [['2026-02-28 21:00:00']]],
    ['snowflake', 'select array_agg(a)[0] from (values (1)) as t(a)', 'SUBSCRIPT'],
    ['snowflake', "select dayofweek(date '2026-11-22')", [[0]]],
    ['trino', "select day_of_week(date '2026-11-22')", [[7]]],
    // Words that mean something to the engine alone are names.
    ['snowflake', 'select at, w.offset + 1 as summarize from (select 1 as at, 5 as offset) as w order by at', [[1, 6]]],
    // Quoted columns of a table's alias.
    ['snowflake', 'select x."offset", x."a b" from (values (1, 2)) as x("offset", "a b")', [[1, 2]]],
    ['snowflake', 'select x."offset", "order" from (select 1, 2) x("offset", "order")', [[1, 2]]],
    ['snowflake', 'select * from (select 1 as a) as x("a ""b")', [[1]]],
    ['snowflake', 'select offset from (select 1) x(offset)', [[1]]],
    ['trino', 'select x."offset", x."a b" from (values (1, 2)) as x("offset", "a b")', [[1, 2]]],
    ['trino', 'select at from (select 1 as at) as w where at > 0', [[1]]],
    // Alike, or printed so.
    ['snowflake', 'select zeroifnull(null), nvl(null, 3), nvl2(1, 2, 3), iff(1 > 2, 4, 5)', [[0, 3, 2, 5]]],
    ['snowflake', `select b ${pairs} qualify row_number() over (order by b desc) = 1`, [[7]]],
    ['snowflake', `select listagg(b, ',') within group (order by b desc), count(distinct a) ${pairs}`, [['7,6,5', 2]]],
    [
      'snowflake',
      "select startswith('abc', 'a'), split_part('a.b.c', '.', -1), 'it''s', 'a\\'b'",
      [[true, 'c', "it's", "a'b"]],
    ],
    [
      'snowflake',
      "select date_trunc(hour, timestamp '2026-11-21 10:20:30'), to_date('2026-01-02')",
      [['2026-11-21 10:00:00', '2026-01-02']],
    ],
    [
      'snowflake',
      'select current_date() = current_date, current_timestamp() > dateadd(minute, -1, current_timestamp())',
      [[true, true]],
    ],
    [
      'trino',
      "select count_if(a > 1), approx_distinct(b), regexp_extract('abc', 'b(c)', 1), if(true, 1, 2) " + pairs,
      [[1, 3, 'c', 1]],
    ],
    [
      'trino',
      "select date_format(timestamp '2026-11-21 10:20:30', '%Y-%m-%d %H:%i'), to_unixtime(timestamp '1970-01-02 00:00:00')",
      [['2026-11-21 10:20', 86400]],
    ],
    ['trino', "select current_date - interval '1' day < current_date, now() > date '2026-01-01'", [[true, true]]],
    ['snowflake', "select is_internal('10.0.0.1'), protocol_name(6)", [[true, 'TCP']]],
    ['snowflake', `select listagg(a), listagg(b, '-'), listagg(nullif(b, b), ',') ${pairs}`, [['13', '5-6-7', '']]],
    [
      'snowflake',
      `select array_agg(a), array_agg(nullif(b, b)), array_agg(b) within group (order by b desc) ${pairs}`,
      [[[1, 3], [], [7, 6, 5]]],
    ],
    [
      'snowflake',
      `select distinct listagg(b, ',') within group (order by b) over (), array_agg(a) over () ${pairs}`,
      [['5,6,7', [1, 3]]],
    ],
    [
      'snowflake',
      "select week(date '2026-01-01'), quarter(date '2026-05-01'), charindex('b', 'abc'), getdate() > dateadd(hour, -1, current_timestamp())",
      [[1, 2, 2, true]],
    ],
    [
      'snowflake',
      `select b, ntile(3) over (order by b), cume_dist() over (order by b) = 1 ${pairs} order by b desc limit 1`,
      [[7, 3, true]],
    ],
    ['snowflake', `select count(*) from (values (1), (2)) as x(a) join (values (1), (2)) as y(b)`, [[4]]],
    [
      'snowflake',
      "select 'Abc' ilike 'aB%', 'abc' like 'A%', split_part('a.b.c', '.', 2), split_part('a.b', '.', 9)",
      [[true, false, 'b', '']],
    ],
    [
      'snowflake',
      'select count(*), REMOTEIP, SUM(ZEROIFNULL(bytessent) + ZEROIFNULL(objectsize)) AS Total from s3_access_logs where Requester IS NULL group by remoteip order by total desc',
      [],
    ],
    // Casts: whole numbers are NUMBER(38, 0), whatever they are called, and half is rounded away from zero.
    [
      'snowflake',
      "select '12.6'::integer, '-12.5'::int, 2.5::smallint, ' 7 '::bigint, '1e3'::number",
      [[13, -13, 3, 7, 1000]],
    ],
    [
      'snowflake',
      'select 3000000000::int, true::integer, 99999999999999999999::bigint::varchar',
      [[3000000000, 1, '99999999999999999999']],
    ],
    [
      'snowflake',
      "select '12.345'::number(10,2), 1.005::decimal(3,2), 12::number(5), '1.5'::double, 'NaN'::float::varchar",
      [[12.35, 1.01, 12, 1.5, 'nan']],
    ],
    [
      'snowflake',
      "select 'abc'::varchar(3), 12::varchar, 1.5::float::varchar, 2::float::varchar, true::string, 'é'::char",
      [['abc', '12', '1.5', '2', 'true', 'é']],
    ],
    [
      'snowflake',
      "select timestamp '2026-01-02 03:04:05'::varchar, date '2026-01-02'::text",
      [['2026-01-02 03:04:05.000', '2026-01-02']],
    ],
    [
      'snowflake',
      "select 'on'::boolean, 'F'::boolean, 0::boolean, 2.5::boolean, 'YES'::boolean",
      [[true, false, false, true, true]],
    ],
    [
      'snowflake',
      "select '2026-01-02'::date, '2026-01-02 10:00:00'::date, '1700000000'::date, timestamp '2026-01-02 23:00:00'::date",
      [['2026-01-02', '2026-01-02', '2023-11-14', '2026-01-02']],
    ],
    // The type has no offset: it is left out.
    [
      'snowflake',
      "select '2026-01-02T03:04:05.678+02:00'::timestamp, '2026-01-02 03:04Z'::timestamp_ntz, '2026-01-02'::datetime",
      [['2026-01-02 03:04:05.678', '2026-01-02 03:04:00', '2026-01-02 00:00:00']],
    ],
    [
      'snowflake',
      "select '31535999999'::timestamp, '31536000000'::timestamp, '31535999999999'::timestamp, '31536000000000'::timestamp",
      [['2969-05-02 23:59:59', '1971-01-01 00:00:00', '2969-05-02 23:59:59.999', '1971-01-01 00:00:00']],
    ],
    [
      'snowflake',
      "select '31535999999999999'::timestamp, '31536000000000000'::timestamp, '1700000000123456789'::timestamp",
      [['2969-05-02 23:59:59.999999', '1971-01-01 00:00:00', '2023-11-14 22:13:20.123456']],
    ],
    // A number is in seconds, whatever its size.
    [
      'snowflake',
      'select to_timestamp(31536000000), to_timestamp(1700000000.5), 1700000000::timestamp, to_timestamp(-1)',
      [['2969-05-03 00:00:00', '2023-11-14 22:13:20.5', '2023-11-14 22:13:20', '1969-12-31 23:59:59']],
    ],
    [
      'snowflake',
      'select to_timestamp_ntz(1700000000123, 3), to_timestamp(1700000000, 0), to_timestamp(1700000000123456, 6), to_timestamp(1700000000123456789, 9)',
      [['2023-11-14 22:13:20.123', '2023-11-14 22:13:20', '2023-11-14 22:13:20.123456', '2023-11-14 22:13:20.123456']],
    ],
    [
      'snowflake',
      "select try_cast('x' as int), try_cast('1' as int), try_cast('abc' as varchar(2)), try_cast('x' as date), try_cast('maybe' as boolean)",
      [[null, 1, null, null, null]],
    ],
    [
      'snowflake',
      "select to_number('12.6'), to_decimal('12.345', 10, 2), try_to_number('x'), to_varchar(12), to_char(1.5), to_boolean('t'), to_double('1.5')",
      [[13, 12.35, null, '12', '1.5', true, 1.5]],
    ],
    [
      'snowflake',
      "select try_to_date('x'), try_to_timestamp('2026-01-02'), null::integer, null::varchar(3), null::timestamp, null::boolean, null::date",
      [[null, '2026-01-02 00:00:00', null, null, null, null, null]],
    ],
    // Of more than a column, and one around the other.
    [
      'snowflake',
      `select sum(a)::integer, count(*)::varchar, avg(b)::number(3,1)::varchar, max(a || 'x')::varchar(2) ${pairs}`,
      [[4, '3', '6.0', '3x']],
    ],
    [
      'snowflake',
      `select coalesce(a, 9)::varchar as c, count(*) ${pairs} group by coalesce(a, 9)::varchar order by c`,
      [
        ['1', 1],
        ['3', 1],
        ['9', 1],
      ],
    ],
    [
      'snowflake',
      `select (row_number() over (order by b))::integer::varchar || '!' ${pairs} order by 1 limit 1`,
      [['1!']],
    ],
    [
      'snowflake',
      "select to_date(to_varchar(to_timestamp(to_number(concat('17000', '00000')))))::varchar::date::timestamp::varchar",
      [['2023-11-14 00:00:00.000']],
    ],
    [
      'snowflake',
      "select nvl(null, '1')::integer + iff(true, '2', 'x')::integer, nvl(null, 'on')::boolean, nvl(null, '2026-01-02')::date::timestamp",
      [[3, true, '2026-01-02 00:00:00']],
    ],
    [
      'snowflake',
      "select try_cast(nvl(null, 'x') as integer), try_cast(nvl(null, 'x') as timestamp), try_cast(nvl(null, 'long') as varchar(3))",
      [[null, null, null]],
    ],
    [
      'snowflake',
      "select count(*) from (values ('1'), ('2')) as t(a) where a::integer between 1 and 1 group by a::integer",
      [[1]],
    ],
    [
      'trino',
      'with x as (select 1 as a) select x.a from x join (select 1 as a) y on x.a = y.a union all select 2 order by 1',
      [[1], [2]],
    ],
  ] as const)('%s: %s', async (dialect, sql, expected) => {
    if (typeof expected === 'string') await expect(rowsOf(dialect, sql)).rejects.toThrow(expected)
    else expect((await rowsOf(dialect, sql)).map((row) => row.map(plain))).toEqual(expected)
  })

  test.each([
    ['snowflake', "select to_timestamp('x', 'YYYY')", "Snowflake's TO_TIMESTAMP with a format is not translated"],
    ['snowflake', "select to_date('x', 'YYYY')", "Snowflake's TO_DATE with a format is not translated"],
    ['snowflake', 'select 1::timestamp_ltz', "Snowflake's TIMESTAMP_LTZ is not translated"],
    ['snowflake', 'select 1::timestamp_tz', "Snowflake's TIMESTAMP_TZ is not translated"],
    ['snowflake', "select '2026-01-02'::timestamp_ntz(3)", "Snowflake's TIMESTAMP_NTZ(3) is not translated"],
    ['snowflake', "select 'a'::binary", "Snowflake's BINARY is not translated"],
    ['snowflake', 'select to_timestamp(1, 2)', "Snowflake's TO_TIMESTAMP takes a scale of 0, 3, 6 or 9"],
    ['snowflake', 'select hash(1)', "Snowflake's HASH is not translated"],
    ['snowflake', 'select * from vpc_flow_logs at(timestamp => 1)', 'time travel'],
    ['trino', 'select greatest(1, null)', "Trino's GREATEST is not translated"],
    ['athena', "select date_format(now(), '%D')", "Athena's %D in the format of date_format is not known"],
    [
      'trino',
      "select date_format(now(), concat('%Y', '%m'))",
      "Trino's date_format takes a format that is written out",
    ],
    ['athena', 'select "$path" from vpc_flow_logs', 'Athena\'s "$path" is not known: rows tell no file here.'],
    ['trino', 'select l."$file_size" from vpc_flow_logs l', 'Trino\'s "$file_size" is not known'],
    ['athena', "select parse_datetime('x', 'y')", "Athena's PARSE_DATETIME is not translated"],
    ['snowflake', 'select nosuch(1)', "There is no function NOSUCH in the lake, and Snowflake's NOSUCH is not"],
    ['snowflake', 'select * from table(nosuch(1))', 'There is no function NOSUCH in the lake'],
    ['snowflake', 'select a.b.nosuch(1)', 'There is no function A.B.NOSUCH in the lake'],
    ['snowflake', 'select * from t, table(f(x) over (partition by k)) p', 'OVER (PARTITION BY …) behind a table'],
    ['snowflake', 'select 1; select 2', 'one statement'],
    ['snowflake', 'insert into t values (1)', 'is not translated'],
    ['snowflake', 'select a fro b whera', 'Snowflake: '],
  ] as const)('%s: %s is refused by name', async (dialect, sql, message) => {
    await expect(lake.query(sql, { dialect })).rejects.toThrow(message)
  })

  test.each([
    ["select 'abcd'::varchar(3)", "Snowflake: 'abcd' is too long for VARCHAR(3)."],
    ["select 'x'::integer", '"x"'],
    ["select '1_000'::integer", "numeric value '1_000' is not recognized"],
    ["select 'maybe'::boolean", "boolean value 'maybe' is not recognized"],
    ["select 'yesterday'::timestamp", "timestamp 'yesterday' is not recognized"],
    ["select '01/02/2026'::date", "timestamp '01/02/2026' is not recognized"],
    ['select 12::date', 'the value 12 is no date'],
    ['select 100::number(2)', '100'],
  ])('%s ends with an error', async (sql, message) => {
    await expect(rowsOf('snowflake', sql)).rejects.toThrow(message)
  })

  test('a failure points at the place in what was written', async () => {
    await expect(lake.query('select 1,\n  nosuch from vpc_flow_logs', { dialect: 'snowflake' })).rejects.toMatchObject({
      place: { line: 2, column: 3 },
    })
    await expect(lake.query('select 1,\n  a fro b whera', { dialect: 'snowflake' })).rejects.toMatchObject({
      place: { line: 2 },
    })
  })

  test('a database that the lake does not have is left out of names, and that is told', async () => {
    expect(await translate('select count(*) from log_analysis.public.vpc_flow_view', 'snowflake')).toEqual({
      sql: 'SELECT COUNT(*) FROM vpc_flow_view',
      notices: ['log_analysis.public.vpc_flow_view is read as vpc_flow_view: the lake has one database.'],
    })
    expect((await translate('select 1 from logs.vpc_flow_logs', 'snowflake')).sql).toContain('logs.vpc_flow_logs')
    expect((await translate('select 1 from public.vpc_flow_view', 'snowflake')).notices).toEqual([])
  })
})

function plain(value: Value): unknown {
  return typeof value === 'bigint' ? Number(value) : value
}
