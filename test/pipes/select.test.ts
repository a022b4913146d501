import { afterEach, beforeEach, expect, test } from 'vitest'
import { cellOf, lastRows, ran } from '../run/running.ts'
import { type World, openWorld, until } from './world.ts'

let world: World
const faults: unknown[] = []

beforeEach(async () => {
  faults.length = 0
  world = await openWorld()
})

afterEach(() => world.close())

test('a pipe that selects loads each object once, keeps what it names in full, and outlives a restart', async () => {
  const { bucket, queueUrl } = world
  await ran(
    world.lake,
    `create database d;
     create schema d.s;
     create stage d.s.logs url = 's3://${bucket}/in/';
     create file format d.s.lines type = csv field_delimiter = none skip_blank_lines = true escape_unenclosed_field = none;
     create table d.s.staging (raw text, loaded datetime, file varchar, n int);
     create pipe d.s.p auto_ingest = true queue = '${queueUrl}' as
       copy into staging from (
         select f.$1, current_timestamp() as loaded, metadata$filename, length(f.$1) - 3
         from @logs (file_format => lines, pattern => '.*[.]log') f)`,
  )
  await world.lake.pipes.start((_pipe, error) => faults.push(error))
  for (const name of ['a.log', 'b.log', 'c.txt']) {
    const event = await world.put(`in/${name}`, `one "line", of ${name}\n\nanother\n`)
    for (let times = 0; times < 3; times++) await world.send(event)
  }
  const rows = () => world.count('select count(*) as n from "d.s".staging')
  await until(rows, 4)
  await until(() => world.messages(), 0)

  expect(await lastRows(world.lake, 'use schema d.s; select raw, file, n from staging order by raw, file')).toEqual([
    { raw: 'another', file: 'in/a.log', n: 4 },
    { raw: 'another', file: 'in/b.log', n: 4 },
    { raw: 'one "line", of a.log', file: 'in/a.log', n: 17 },
    { raw: 'one "line", of b.log', file: 'in/b.log', n: 17 },
  ])
  const [shown] = await lastRows(world.lake, 'show pipes in schema d.s')
  expect(cellOf(shown ?? {}, 'definition')).toContain(
    "FROM @D.S.LOGS (FILE_FORMAT => D.S.LINES, PATTERN => '.*[.]log') f)",
  )
  expect(shown?.['pattern']).toBe('.*[.]log')

  await world.reopen()
  await world.lake.pipes.start((_pipe, error) => faults.push(error))
  await world.send(await world.put('in/d.log', 'last\n'))
  await until(rows, 5)
  expect(faults).toEqual([])
})

test('a record that fails skips its file, as in Snowflake', async () => {
  await ran(
    world.lake,
    `create stage s url = 's3://${world.bucket}/in/';
     create table t (n int);
     create pipe p auto_ingest = true queue = '${world.queueUrl}' as copy into t from (select $1::int from @s);
     create pipe q auto_ingest = true queue = '${world.queueUrl}' as copy into t from (select $1::int from @s) on_error = continue pattern = '.*kept.*'`,
  )
  await world.put('in/bad.csv', '1\nx\n')
  await world.put('in/kept.csv', '2\nx\n')
  await world.put('in/good.csv', '3\n')
  await world.lake.pipes.start((_pipe, error) => faults.push(error))
  await ran(world.lake, 'alter pipe q refresh; alter pipe p refresh')

  await until(async () => lastRows(world.lake, 'select n from t order by n'), [{ n: 2 }, { n: 3 }])
  expect(
    await lastRows(
      world.lake,
      "select count(*) as n from table(information_schema.copy_history(table_name => 't', start_time => dateadd('hour', -1, current_timestamp()))) where status = 'Loaded'",
    ),
  ).toEqual([{ n: 1 }])
  const rejects = await world.lake.rejects()
  expect(new Set(rejects.map(({ file, line, raw }) => `${file.split('/').at(-1)} ${line} ${raw}`))).toEqual(
    new Set(['bad.csv 2 x', 'kept.csv 2 x']),
  )
})

test('a changed object is held, and COPY takes it beside what there is', async () => {
  await ran(
    world.lake,
    `create stage s url = 's3://${world.bucket}/in/'; create table t (n int); create stream ts on table t;
     create pipe p auto_ingest = true queue = '${world.queueUrl}' as copy into t from (select $1::int from @s)`,
  )
  await world.lake.pipes.start((_pipe, error) => faults.push(error))
  await world.send(await world.put('in/a.csv', '1\n'))
  await until(async () => lastRows(world.lake, 'select n from t'), [{ n: 1 }])
  await world.send(await world.put('in/a.csv', '1\n2\n'))
  await until(async () => (await world.lake.history({ status: 'changed' })).length, 1)

  const [held] = await world.lake.history({ status: 'changed' })
  expect(held?.error).toContain('COPY INTO its table takes the new content')
  await expect(world.lake.acceptChange(held?.file ?? '')).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('COPY INTO'),
  })
  await ran(world.lake, "copy into t from (select $1::int from @s) files = ('a.csv')")
  expect(await lastRows(world.lake, 'select n, metadata$action as a from ts order by n')).toEqual(
    [1, 1, 2].map((n) => ({ n, a: 'INSERT' })),
  )
  expect(faults).toEqual([])
})

test('a pipe whose SELECT names what is not there is not made', async () => {
  await ran(world.lake, `create stage s url = 's3://${world.bucket}/in/'; create table t (n int)`)
  await expect(ran(world.lake, 'create pipe p as copy into t from (select nothing from @s)')).rejects.toMatchObject({
    code: 'STATEMENT_FAILED',
    message: expect.stringContaining('nothing'),
  })
  expect(await lastRows(world.lake, 'show pipes')).toEqual([])
})
