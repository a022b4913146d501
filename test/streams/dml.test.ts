import { describe, expect, test } from 'vitest'
import { openedLake } from '../loading/lakes.ts'
import { failureOf, lastRows, ran } from '../run/running.ts'

const table = "create table t (id integer not null, name varchar(5) default 'none', n number(10, 2));"

const refusals = [
  ['create table x (id int, _Line text)', 'STATEMENT_FAILED', 'cannot have a column _line'],
  ['create table x as select 1 as _row_id', 'STATEMENT_FAILED', 'cannot have a column _row_id'],
  ['create table "t" (id int)', 'STATEMENT_FAILED', 'would be one name in the engine'],
  ['insert into t (id) values (null)', 'STATEMENT_FAILED', 'column ID takes no NULL'],
  ["insert into t (id, name) values (1, 'toolong')", 'STATEMENT_FAILED', 'column NAME takes at most 5 characters'],
  ["insert into t (id) values ('12x')", 'STATEMENT_FAILED', "column ID takes no '12x'; it is BIGINT"],
  ["update t set n = 'abc'", 'STATEMENT_FAILED', "column N takes no 'abc'"],
  ['insert into t (id, nix) values (1, 2)', 'STATEMENT_FAILED', 'has no column NIX; it has ID, NAME, N'],
  ['insert into t values (1)', 'STATEMENT_FAILED', 'gives 1 values for 3 columns'],
  ['insert into nowhere values (1)', 'STATEMENT_FAILED', 'TABLE MILLRACE.PUBLIC.NOWHERE does not exist'],
  ['insert into vpc_flow_logs (start) values (null)', 'STATEMENT_FAILED', 'loads alone write into it'],
  ['delete from logs.vpc_flow_logs', 'STATEMENT_FAILED', 'belongs to Millrace'],
  ['delete from lake.objects', 'STATEMENT_FAILED', 'belongs to Millrace'],
  ['update v set id = 1', 'STATEMENT_FAILED', 'MILLRACE.PUBLIC.V is a view'],
  ['delete from t where nix = 1', 'SQL_FAILED', 'nix'],
  ['insert into w values (1, 2)', 'STATEMENT_FAILED', 'column R is a VARIANT'],
] as const

describe.each(['snowflake', 'duckdb'] as const)('in the dialect %s', (dialect) => {
  test('INSERT takes values, queries, lists of columns and DEFAULT', async () => {
    const lake = await openedLake()
    const results = await ran(
      lake,
      `${table}
      insert into t values (1, 'a', 1.5), (2, default, null);
      insert into t (id, n) select id + 10, n from t;
      insert into t (n, id) values (7, 3);
      select * from t order by id`,
      { dialect },
    )
    expect(results.slice(1, 4).map(({ rows }) => rows)).toEqual([
      [{ 'number of rows inserted': 2 }],
      [{ 'number of rows inserted': 2 }],
      [{ 'number of rows inserted': 1 }],
    ])
    expect(results.at(-1)?.rows).toEqual([
      { id: 1, name: 'a', n: 1.5 },
      { id: 2, name: 'none', n: null },
      { id: 3, name: 'none', n: 7 },
      { id: 11, name: 'none', n: 1.5 },
      { id: 12, name: 'none', n: null },
    ])
  })

  test('UPDATE and DELETE change the rows that their conditions find', async () => {
    const lake = await openedLake()
    const results = await ran(
      lake,
      `${table}
      insert into t values (1, 'a', 1), (2, 'b', 2), (3, 'c', 3), (4, 'd', 4);
      create table u (id integer, n integer);
      insert into u values (1, 10), (3, 30), (3, 31);
      update t set n = n + 0.5, name = default where id = 2;
      update t x set n = u.n from u where x.id = u.id and u.n < 31;
      delete from t using u where t.id = u.id and u.id = 3;
      delete from t where id is distinct from 1 and id > 3;
      select * from t order by id`,
      { dialect },
    )
    expect(results.slice(4, 8).map(({ rows }) => rows[0])).toEqual([
      { 'number of rows updated': 1, 'number of multi-joined rows updated': 0 },
      { 'number of rows updated': 2, 'number of multi-joined rows updated': 0 },
      { 'number of rows deleted': 1 },
      { 'number of rows deleted': 1 },
    ])
    expect(results.at(-1)?.rows).toEqual([
      { id: 1, name: 'a', n: 10 },
      { id: 2, name: 'none', n: 2.5 },
    ])
  })

  test('MERGE updates, deletes and inserts, by the first clause that holds', async () => {
    const lake = await openedLake()
    const results = await ran(
      lake,
      `${table}
      insert into t values (1, 'a', 1), (2, 'b', 2), (3, 'c', 3);
      merge into t using (select 1 as id, 5 as n union all select 2, 0 union all select 9, 9 union all select 8, null) s
        on t.id = s.id
        when matched and s.n = 0 then delete
        when matched then update set n = s.n + t.n
        when not matched and s.n is not null then insert (id, n) values (s.id, s.n);
      select * from t order by id`,
      { dialect },
    )
    expect(results[2]?.rows).toEqual([
      { 'number of rows deleted': 1, 'number of rows updated': 1, 'number of rows inserted': 1 },
    ])
    expect(results.at(-1)?.rows).toEqual([
      { id: 1, name: 'a', n: 6 },
      { id: 3, name: 'c', n: 3 },
      { id: 9, name: 'none', n: 9 },
    ])
  })

  test('CREATE TABLE AS, INSERT OVERWRITE and TRUNCATE', async () => {
    const lake = await openedLake()
    const results = await ran(
      lake,
      `create table c as select 1 as a, 'x' as b, 1.25 as d;
      insert into c select a + 1, b, d from c;
      create or replace table c as select * from c where a = 2;
      insert overwrite into c select a * 10, b, d from c;
      select * from c;
      truncate table c;
      select count(*) as n from c;
      truncate if exists nothing`,
      { dialect },
    )
    expect(results[0]?.rows).toEqual([{ status: 'Table C successfully created.' }])
    expect(results[4]?.rows).toEqual([{ a: 20, b: 'x', d: 1.25 }])
    expect(results[6]?.rows).toEqual([{ n: 0 }])
    // Not every error is a table that is not there.
    const refused = await failureOf(lake, 'create view v as select 1 as a; truncate if exists v', { dialect })
    expect(refused).toMatchObject({ code: 'STATEMENT_FAILED', message: expect.stringContaining('is a view') })
  })

  test('a transaction is kept as a whole, or not at all', async () => {
    const lake = await openedLake()
    await ran(lake, `${table} begin; insert into t (id) values (1); update t set n = 2; select * from t; commit;`, {
      dialect,
    })
    await ran(lake, 'begin transaction; delete from t; insert into t (id) values (5); rollback;', { dialect })
    const failure = await failureOf(
      lake,
      `begin;\ninsert into t (id) values (6);\n insert into t (id) values ('x');\ncommit`,
      {
        dialect,
      },
    )
    expect(failure).toMatchObject({ place: { line: 3 }, message: expect.stringContaining('column ID takes no') })
    expect(await lastRows(lake, 'select * from t', { dialect })).toEqual([{ id: 1, name: 'none', n: 2 }])
  })

  test('what cannot be done is refused, by name and place', async () => {
    const lake = await openedLake()
    await ran(
      lake,
      `${table} insert into t (id) values (1); create view v as select * from t; create table w (r variant, n int)`,
      { dialect },
    )
    for (const [statement, code, message] of refusals) {
      const failure = await failureOf(lake, `select 1;\n${statement}`, { dialect })
      expect(failure, statement).toMatchObject({ code, place: { line: 2 }, message: expect.stringContaining(message) })
    }
    expect(await lastRows(lake, 'select * from t', { dialect })).toEqual([{ id: 1, name: 'none', n: null }])
  })
})

const unended = [
  ['begin; insert into t values (1)', 'the transaction has no end'],
  ['commit', 'no transaction is open'],
  ['begin; begin; commit', 'a transaction is open already'],
  ['begin; create table x (a int); commit', 'Snowflake would commit before any other'],
  ['begin; create table x as select 1 as a; commit', 'Snowflake would commit before any other'],
] as const

test('a transaction that cannot be run is found before anything is', async () => {
  const lake = await openedLake()
  for (const [script, message] of unended)
    expect(await failureOf(lake, `create table t (a int); ${script}`), script).toMatchObject({
      code: 'STATEMENT_UNSUPPORTED',
      message: expect.stringContaining(message),
    })
  expect(await lastRows(lake, 'show tables')).toEqual([])
})

test('MERGE refuses what would change a row in two ways', async () => {
  const lake = await openedLake()
  await ran(lake, `${table} insert into t (id) values (1)`)
  const failure = await failureOf(
    lake,
    'merge into t using (select 1 as id, 2 as n union all select 1, 3) s on t.id = s.id when matched then update set n = s.n',
  )
  expect(failure.message).toContain('cannot tell which holds')
})
