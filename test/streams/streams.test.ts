import { expect, test } from 'vitest'
import type { Lake, Value } from '../../src/index.ts'
import { streamHasData } from '../../src/sql/execution/streams.ts'
import { openedEngine } from '../sql/stored.ts'
import { closeLake, openedLake } from '../loading/lakes.ts'
import { cellOf, failureOf, lastRows, namesOf, ran, statusOf } from '../run/running.ts'

const made = `create table t (id integer, n integer);
  insert into t values (1, 1), (2, 2), (3, 3);
  create stream s on table t;
  create stream a on table t append_only = true;
  create table sink (id integer, n integer, action varchar, is_update boolean);`

/** What a stream has, as texts such as `+1:5` or, within an update, `-1:4*`. */
async function changesIn(lake: Lake, stream: string): Promise<string[]> {
  const rows = await lastRows(lake, `select * from ${stream}`, { maxRows: 10_000 })
  return rows.map(shown).toSorted()
}

function shown(row: Readonly<Record<string, Value>>): string {
  const sign = row['METADATA$ACTION'] === 'INSERT' ? '+' : '-'
  return `${sign}${cellOf(row, 'id')}:${cellOf(row, 'n')}${row['METADATA$ISUPDATE'] === true ? '*' : ''}`
}

const take = (stream: string): string =>
  `insert into sink select id, n, metadata$action, metadata$isupdate from ${stream}`

async function withStreams(): Promise<Lake> {
  const lake = await openedLake()
  await ran(lake, made)
  return lake
}

const courses: readonly (readonly [script: string, changes: readonly string[]])[] = [
  ['insert into t values (4, 4)', ['+4:4']],
  ['insert into t values (4, 4); delete from t where id = 4', []],
  ['insert into t values (4, 4); update t set n = 5 where id = 4', ['+4:5']],
  ['update t set n = 5 where id = 1', ['+1:5*', '-1:1*']],
  ['update t set n = 5 where id = 1; update t set n = 6 where id = 1', ['+1:6*', '-1:1*']],
  ['update t set n = 5 where id = 1; delete from t where id = 1', ['-1:1']],
  ['delete from t where id = 2', ['-2:2']],
  ['delete from t where id = 2; insert into t values (2, 2)', ['+2:2', '-2:2']],
  ['truncate table t', ['-1:1', '-2:2', '-3:3']],
  ['insert overwrite into t values (1, 1)', ['+1:1', '-1:1', '-2:2', '-3:3']],
  ['begin; insert into t values (4, 4); update t set n = 9 where id in (3, 4); rollback', []],
  ['begin; insert into t values (4, 4); update t set n = 9 where id in (3, 4); commit', ['+3:9*', '+4:9', '-3:3*']],
]

test('a standard stream tells the net change', async () => {
  const lake = await withStreams()
  for (const [script, changes] of courses) {
    await ran(lake, `truncate table t; insert into t values (1, 1), (2, 2), (3, 3); ${take('s')}; ${script}`)
    expect(await changesIn(lake, 's'), script).toEqual(changes)
    await ran(lake, take('s'))
    expect(await changesIn(lake, 's'), script).toEqual([])
  }
})

test('an append-only stream tells every row that came, as it came', async () => {
  const lake = await withStreams()
  await ran(
    lake,
    'insert into t values (4, 4), (5, 5); update t set n = 9 where id in (1, 4); delete from t where id = 5',
  )
  expect(await changesIn(lake, 'a')).toEqual(['+4:4', '+5:5'])
  await ran(lake, take('a'))
  expect(await changesIn(lake, 'a')).toEqual([])
  expect(await changesIn(lake, 's')).toEqual(['+1:9*', '+4:9', '-1:1*'])
})

test('a row keeps its METADATA$ROW_ID', async () => {
  const lake = await withStreams()
  await ran(lake, 'insert into t values (4, 4)')
  const ids = async (): Promise<Value[]> =>
    (await lastRows(lake, 'select distinct metadata$row_id as x from s where id = 4')).map((row) => row['x'] ?? null)
  const before = await ids()
  await ran(lake, `${take('s')}; update t set n = 5 where id = 4`)
  expect(before).toHaveLength(1)
  expect(await ids()).toEqual(before)
})

test('SHOW_INITIAL_ROWS begins with the rows that are there', async () => {
  const lake = await withStreams()
  await ran(
    lake,
    `update t set n = 7 where id = 1;
    create stream i on table t show_initial_rows = true; create stream j on table t append_only = true show_initial_rows = true;
    update t set n = 8 where id = 1; delete from t where id = 2; insert into t values (4, 4)`,
  )
  expect(await changesIn(lake, 'i')).toEqual(['+1:8', '+3:3', '+4:4'])
  expect(await changesIn(lake, 'j')).toEqual(['+1:7', '+2:2', '+3:3', '+4:4'])
  await ran(lake, `${take('i')}; ${take('j')}; delete from t where id = 3`)
  expect(await changesIn(lake, 'i')).toEqual(['-3:3'])
  expect(await changesIn(lake, 'j')).toEqual([])
})

test('a stream moves by statements that write alone, also where no row is left', async () => {
  const lake = await withStreams()
  await ran(lake, 'insert into t values (4, 4); select * from s; create view counted as select count(*) as n from t')
  expect(await changesIn(lake, 's')).toEqual(['+4:4'])
  await ran(lake, 'create table c as select * from s')
  expect(await changesIn(lake, 's')).toEqual([])
  await ran(
    lake,
    'insert into t values (5, 5); insert into sink select id, n, metadata$action, false from s where false',
  )
  expect(await changesIn(lake, 's')).toEqual([])
  await ran(
    lake,
    'insert into t values (6, 6); merge into sink using s on sink.id = s.id when not matched then insert (id) values (s.id)',
  )
  expect(await changesIn(lake, 's')).toEqual([])
  await ran(lake, 'insert into t values (7, 7); delete from sink using s where s.id = sink.id')
  expect(await changesIn(lake, 's')).toEqual([])
  await ran(lake, 'insert into t values (8, 8)')
  await failureOf(lake, "insert into sink (id) select 'x' from s")
  expect(await changesIn(lake, 's')).toEqual(['+8:8'])
})

test('within a transaction a stream is as it was when that began, for several tables', async () => {
  const lake = await withStreams()
  const results = await ran(
    lake,
    `insert into t values (4, 4);
    create table other (id integer);
    begin;
    insert into t values (5, 5);
    update t set n = 0 where id in (1, 4);
    select * from s;
    ${take('s')};
    delete from t where id = 2;
    insert into other select id from s;
    commit;
    select id from other`,
  )
  expect(results[5]?.rows.map(shown)).toEqual(['+4:4'])
  expect(results.at(-1)?.rows).toEqual([{ id: 4 }])
  expect(await changesIn(lake, 's')).toEqual(['+1:0*', '+4:0*', '+5:5', '-1:1*', '-2:2', '-4:4*'])
  expect(await changesIn(lake, 'a')).toEqual(['+4:4', '+5:5'])
})

test('each stream has its own position, which a reopened lake keeps', async () => {
  const lake = await withStreams()
  await ran(
    lake,
    `create stream b on table t; insert into t values (4, 4); ${take('s')}; update t set n = 5 where id = 4`,
  )
  const { directory } = lake
  await closeLake(lake)
  const again = await openedLake({ directory })
  expect(await changesIn(again, 's')).toEqual(['+4:5*', '-4:4*'])
  expect(await changesIn(again, 'b')).toEqual(['+4:5'])
  await ran(again, 'insert into t values (5, 5)')
  expect(await changesIn(again, 's')).toEqual(['+4:5*', '+5:5', '-4:4*'])
})

test('what was changed is kept no longer than a stream needs it', async () => {
  const lake = await withStreams()
  const kept = async (): Promise<unknown> =>
    (await lastRows(lake, 'select count(*) as n from changes."public.t"', { dialect: 'duckdb' }))[0]?.['n']
  await ran(lake, 'update t set n = n + 1')
  expect(await kept()).toBe(3)
  await ran(lake, take('s'))
  expect(await kept()).toBe(0)
  await ran(lake, 'drop stream s; update t set n = n + 1')
  expect(await kept()).toBe(0)
})

test('METADATA$UNREAD is what some stream has still to be read for', async () => {
  const lake = await withStreams()
  const left = async (): Promise<unknown[]> =>
    (await lastRows(lake, 'select id from t order by id')).map(({ id }) => id)
  await ran(
    lake,
    `insert into t values (4, 4); ${take('s')}; insert into t values (5, 5); delete from t where not metadata$unread`,
  )
  expect(await left()).toEqual([4, 5])
  await ran(lake, `${take('a')}; delete from t where not metadata$unread and id <> 5`)
  expect(await left()).toEqual([5])
  await ran(
    lake,
    `insert into t values (6, 6); begin; ${take('s')}; ${take('a')}; delete from t where not metadata$unread; commit`,
  )
  expect(await left()).toEqual([])
  await ran(lake, `insert into t values (7, 7); drop stream s; drop stream a; delete from t where not metadata$unread`)
  expect(await left()).toEqual([])
})

test('COPY INTO a stage takes no stream', async () => {
  const lake = await withStreams()
  for (const from of ['s', '(select id from public.s)'])
    expect(
      (await failureOf(lake, `create or replace stage files url = 'file:///tmp/none/'; copy into @files from ${from}`))
        .message,
    ).toContain('reads the stream MILLRACE.PUBLIC.S')
})

test('a stream of a table that is replaced is stale, and says so', async () => {
  const lake = await withStreams()
  await ran(lake, 'create or replace table t (id integer, n integer); insert into t values (1, 1)')
  for (const statement of ['select id from s', 'select count(*) from s', take('s')])
    expect(await failureOf(lake, statement), statement).toMatchObject({
      message: expect.stringMatching(
        /STREAM MILLRACE\.PUBLIC\.S is stale: .* was dropped or replaced\. Make it anew with CREATE OR REPLACE STREAM/,
      ),
    })
  expect(await lastRows(lake, 'show streams')).toMatchObject([
    { name: 'A', stale: 'true' },
    { name: 'S', stale: 'true' },
  ])
  await ran(lake, 'create or replace stream s on table t; insert into t values (2, 2)')
  expect(await changesIn(lake, 's')).toEqual(['+2:2'])
  await ran(lake, 'drop table t; drop stream a')
  expect(await lastRows(lake, 'desc stream s')).toMatchObject([{ stale: 'true', table_name: 'MILLRACE.PUBLIC.T' }])
})

test('SYSTEM$STREAM_HAS_DATA looks at what was written, not at the rows', async () => {
  const lake = await withStreams()
  const asked = async (): Promise<unknown[]> =>
    Object.values(
      (await lastRows(lake, "select system$stream_has_data('s'), system$stream_has_data('public.a')"))[0] ?? {},
    )
  expect(await asked()).toEqual([false, false])
  await ran(lake, 'update t set n = 0')
  expect(await asked()).toEqual([true, false])
  await ran(lake, `${take('s')}; insert into t values (4, 4)`)
  expect(await asked()).toEqual([true, true])
  await ran(lake, `${take('s')}; ${take('a')}`)
  expect(await asked()).toEqual([false, false])
  expect((await lastRows(lake, "select stream_has_data('S') as x", { dialect: 'duckdb' }))[0]).toEqual({ x: false })
  expect((await failureOf(lake, "select system$stream_has_data('nix')")).message).toContain('NIX does not exist')
  await ran(lake, 'drop table t')
  expect((await failureOf(lake, "select system$stream_has_data('s')")).message).toContain('CREATE OR REPLACE STREAM')
})

test('a table that is replaced by what its stream has leaves the stream stale', async () => {
  const lake = await withStreams()
  await ran(lake, 'insert into t values (4, 4); create or replace table t as select id, n from s')
  expect(await lastRows(lake, 'select * from t')).toEqual([{ id: 4, n: 4 }])
  expect((await failureOf(lake, 'select * from s')).message).toContain('is stale')
})

test('streamHasData tells the same to a scheduler', async () => {
  const lake = await withStreams()
  await ran(lake, 'insert into t values (4, 4); drop table sink')
  await closeLake(lake)
  const engine = await openedEngine(lake.directory)
  const connection = await engine.connect()
  const asked = (name: string): Promise<boolean> =>
    streamHasData(connection, { database: 'MILLRACE', schema: 'PUBLIC', name })
  try {
    expect([await asked('S'), await asked('A')]).toEqual([true, true])
    await connection.run('update lake.streams set position = position + 1 where is_append_only')
    expect([await asked('S'), await asked('A')]).toEqual([true, false])
    await expect(asked('NIX')).rejects.toThrow('STREAM MILLRACE.PUBLIC.NIX does not exist')
  } finally {
    connection.closeSync()
    engine.close()
  }
})

test('statements about streams', async () => {
  const lake = await withStreams()
  expect(await statusOf(lake, 'create stream if not exists s on table t')).toBe(
    'S already exists, statement succeeded.',
  )
  expect(await statusOf(lake, "alter stream s set comment = 'of t'")).toBe('Statement executed successfully.')
  expect(await lastRows(lake, "show streams like 's'")).toMatchObject([
    {
      name: 'S',
      database_name: 'MILLRACE',
      schema_name: 'PUBLIC',
      comment: 'of t',
      table_name: 'MILLRACE.PUBLIC.T',
      source_type: 'Table',
      base_tables: 'MILLRACE.PUBLIC.T',
      type: 'DELTA',
      stale: 'false',
      mode: 'DEFAULT',
      invalid_reason: 'N/A',
    },
  ])
  const system = 'select name, mode, stale, has_data from logs.streams order by name'
  expect(await lastRows(lake, `insert into t values (4, 4); ${take('s')}; ${system}`)).toEqual([
    { name: 'A', mode: 'APPEND_ONLY', stale: false, has_data: true },
    { name: 'S', mode: 'DEFAULT', stale: false, has_data: false },
  ])
  for (const [statement, message] of [
    ['create stream s on table t', 'already exists'],
    ['create stream x on table nowhere', 'does not exist'],
    ['create view s as select 1 as a', 'already exists as STREAM'],
    ['create table s (a int)', 'taken by a stream'],
    ['create stream t on table t', 'already exists as TABLE'],
    ['insert into s values (1)', 'is a stream'],
    ['create view v as select * from s', 'reads the stream'],
    ['create table copied as select * from s; create stream of_copied on table copied', 'has a column METADATA$ACTION'],
  ] as const)
    expect((await failureOf(lake, statement)).message, statement).toContain(message)
  await ran(
    lake,
    'create schema other; create stream s on table public.t; drop schema other; use schema public; drop stream s',
  )
  expect(await namesOf(lake, 'show streams in account')).toEqual(['A'])
})
