import { pino } from 'pino'
import { expect, test } from 'vitest'
import { connectToServer } from '../src/connect.ts'
import { startServer } from '../src/server/server.ts'
import { undoLater } from './loading/lakes.ts'
import { ran } from './run/running.ts'
import { prepared, sourceAndSink } from './tasks/lakes.ts'

test('streams are told of with their tables, whether they have data, and the tasks that name them', async () => {
  const { lake, directory } = await prepared(`${sourceAndSink}
    create schema other;
    use schema public;
    create table gone (id integer);
    create stream lost on table gone;
    create stream "Odd one" on table source comment = 'nobody reads it';
    create stream other.changes on table source append_only = true;
    create stream requests on table logs.s3_access_logs append_only = true;
    create task asks schedule = '1 hour' when system$stream_has_data('changes') as select 1;
    create task reads schedule = '1 hour' as insert into sink select c.id from changes c;
    create task reads_there schedule = '1 hour' as begin
      insert into sink select id from other.changes;
      insert into sink select 1 from sink as "Odd";
    end;
    create task says schedule = '1 hour' as insert into sink select 1 where 'changes' = 'lost' -- requests
    ;
    drop table gone;
    insert into source values (1)`)
  const server = await startServer(lake, { host: '127.0.0.1', port: 0, log: pino({ level: 'silent' }) })
  undoLater(() => void server.stop())
  const remote = await connectToServer(directory)
  if (remote === undefined) throw new Error('the server does not answer')

  const streams = await remote.listStreams()
  expect(streams).toEqual(await lake.listStreams())
  const shown = streams.map(({ name, table_name, mode, has_data, tasks }) => [name, table_name, mode, has_data, tasks])
  const source = 'MILLRACE.PUBLIC.SOURCE'
  expect(shown).toEqual([
    ['MILLRACE.OTHER.CHANGES', source, 'APPEND_ONLY', true, ['MILLRACE.PUBLIC.READS_THERE']],
    ['MILLRACE.PUBLIC.CHANGES', source, 'DEFAULT', true, ['MILLRACE.PUBLIC.ASKS', 'MILLRACE.PUBLIC.READS']],
    ['MILLRACE.PUBLIC.LOST', 'MILLRACE.PUBLIC.GONE', 'DEFAULT', false, []],
    ['MILLRACE.PUBLIC.Odd one', source, 'DEFAULT', true, []],
    ['MILLRACE.PUBLIC.REQUESTS', 'logs.s3_access_logs', 'APPEND_ONLY', false, []],
  ])
  expect(streams.filter(({ stale }) => stale)).toMatchObject([
    { name: 'MILLRACE.PUBLIC.LOST', stale_reason: expect.stringMatching(/GONE was dropped or replaced$/) },
  ])
  expect(streams[3]?.comment).toBe('nobody reads it')
  const [, before] = streams

  await ran(lake, 'insert into sink select id from changes')
  const [, after] = await remote.listStreams()
  expect(after?.has_data).toBe(false)
  expect(after?.read_to_load_id).toBeGreaterThan(before?.read_to_load_id ?? Infinity)
  await ran(lake, 'drop stream changes')
  expect((await remote.listStreams()).map(({ name }) => name)).not.toContain('MILLRACE.PUBLIC.CHANGES')
  await remote.close()
})

test('a task is told of with its last run that did something', async () => {
  const { lake } = await prepared(`${sourceAndSink}
    create task fill schedule = '1 hour' when system$stream_has_data('changes') as
      insert into sink select 10 / id from changes;
    insert into source values (2)`)
  const task = lake.task('fill')
  expect(await task.details()).toMatchObject({ last_run: null, noticed_runs: 0 })

  const [first] = await task.run()
  expect((await task.details()).last_run).toEqual(first)
  expect(first).toMatchObject({ state: 'SUCCEEDED', rows_inserted: 1 })
  expect(await task.run()).toMatchObject([{ state: 'SKIPPED' }])
  expect((await task.details()).last_run).toEqual(first)
})
