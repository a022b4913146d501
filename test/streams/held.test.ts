import { expect, test } from 'vitest'
import { readTaskBody } from '../../src/sql/execution/task-body.ts'
import { openedLake } from '../loading/lakes.ts'
import { lastRows, ran } from '../run/running.ts'

test.each([
  ['insert into t select * from s', ['write']],
  [
    "begin insert into t values (case when 1 = 1 then 'end;' end); delete from t; select 1; end;",
    ['write', 'write', 'sql'],
  ],
  ['BEGIN\n  truncate table t;\nEND', ['write']],
])('%s', (body, kinds) => {
  const read = readTaskBody(body, 'snowflake')
  expect(read.form === 'transaction' && read.statements.map(({ kind }) => kind)).toEqual(kinds)
})

test.each([
  'begin if (1 = 1) then delete from t; end if; end',
  'begin create table t (a int); end',
  'call something()',
])('%s is refused', (body) => {
  expect(() => readTaskBody(body, 'snowflake')).toThrow('is not run by tasks')
})

test('the statement of a task that parses lines of a stream', async () => {
  const lake = await openedLake()
  await ran(
    lake,
    `create table staging (raw text, at datetime); create stream lines on table staging; create table parsed (verb string, bytes bigint);
    create function parse(line string) returns table (verb string, bytes string) as $$ select split_part(line, ' ', 1), split_part(line, ' ', 2) $$;
    insert into staging values ('GET 12', current_timestamp()), ('PUT -', current_timestamp())`,
  )
  const body = `insert into parsed (select p.verb, nullif(p.bytes, '-')
    from lines join table(parse(lines.raw)) p
    where lines.metadata$action = 'INSERT'
  )`
  expect(await lastRows(lake, `${body}; ${body}; select * from parsed order by verb`)).toEqual([
    { verb: 'GET', bytes: 12 },
    { verb: 'PUT', bytes: null },
  ])
})
