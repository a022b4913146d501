import { cpSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openLake } from '../../src/lake.ts'
import { temporaryFolder } from '../loading/lakes.ts'
import { isSoak } from '../loading/scale.ts'
import { failureOf, lastRows, ran, statusOf } from '../run/running.ts'
import { openTasks, prepared, rowsOf, sourceAndSink, started, statesOf } from './lakes.ts'

const idleRuns = isSoak ? 10_000 : 100
const failing = "insert into sink select cast('none' as integer)"

test('a body of several statements is one transaction', async () => {
  const { lake } = await prepared(`${sourceAndSink}
    create table counts (n integer);
    insert into source values (1), (2);
    create task both as begin
      insert into sink select id from changes;
      update sink set id = id + 10;
      insert into counts select count(*) from changes;
      delete from sink where id = 11;
    end;
    create task broken as begin
      insert into sink values (99);
      ${failing};
    end`)
  const [run] = await lake.task('both').run()
  expect(run).toMatchObject({
    ...{ state: 'SUCCEEDED', scheduled_from: 'EXECUTE_TASK', attempt_number: 1, error_message: null },
    ...{ rows_inserted: 3, rows_updated: 2, rows_deleted: 1 },
  })
  expect(await rowsOf(lake, 'select id, (select n from counts) as n from sink')).toEqual([{ id: 12, n: 2 }])
  expect(await rowsOf(lake, 'select count(*) as n from changes')).toEqual([{ n: 0 }])

  expect((await failureOf(lake, 'execute task broken')).message).toContain(
    'TASK MILLRACE.PUBLIC.BROKEN ended as FAILED',
  )
  expect(await rowsOf(lake, 'select id from sink')).toEqual([{ id: 12 }])
  expect(
    await lastRows(
      lake,
      "select state, error_code, scheduled_from from table(information_schema.task_history(task_name => 'broken', error_only => true))",
    ),
  ).toEqual([{ state: 'FAILED', error_code: 'SQL_FAILED', scheduled_from: 'EXECUTE_TASK' }])
  expect(
    await lastRows(lake, 'select name from table(information_schema.task_history(result_limit => 1))'),
  ).toHaveLength(1)
  for (const limit of [0, 10_001])
    expect(
      (await failureOf(lake, `select name from table(information_schema.task_history(result_limit => ${limit}))`))
        .message,
    ).toContain('RESULT_LIMIT is from 1 to 10000')
})

test('statements that commit by themselves run too', async () => {
  const { lake } =
    await prepared(`create schema other; create table other.source (id integer); insert into other.source values (7);
    create task other.copied as create or replace table made as select * from source`)
  expect(await statusOf(lake, 'execute task other.copied')).toBe('Task COPIED has run.')
  expect(await lastRows(lake, 'select * from other.made')).toEqual([{ id: 7 }])
})

test('what fails again and again suspends the task, and RESUME begins anew', async () => {
  const { lake, clock } = await prepared(`create table sink (id integer);
    create task t schedule = '1 minute' suspend_task_after_num_failures = 3 as ${failing};
    alter task t resume`)
  await started(lake)
  await clock.pass(120)
  await clock.settled(1)
  expect(await statesOf(lake)).toEqual(['T FAILED', 'T FAILED'])
  clock.jump(60)
  await expect.poll(() => statesOf(lake)).toEqual(['T FAILED', 'T FAILED', 'T FAILED_AND_AUTO_SUSPENDED'])
  expect(await lake.task('t').details()).toMatchObject({
    ...{ state: 'suspended', last_suspended_reason: 'SUSPENDED_DUE_TO_ERRORS', next_due_at: null },
    ...{ consecutive_failures: 3, runs: 3, failed_runs: 3 },
  })
  expect(await lake.doctor()).toContainEqual(
    expect.objectContaining({
      subject: 'task MILLRACE.PUBLIC.T',
      level: 'error',
      mend: expect.stringContaining('tasks resume'),
    }),
  )
  const resumed = await lake.task('t').resume()
  expect(resumed).toMatchObject({ state: 'started', consecutive_failures: 0, next_due_at: '2026-11-20T12:04:00.000Z' })
})

test('a success in between forgets the failures before it', async () => {
  const { lake } = await prepared(`create table sink (id integer); create table switch (bad boolean);
    create task t suspend_task_after_num_failures = 2 as insert into sink select cast(case when bad then 'x' else '1' end as integer) from switch`)
  const states: (string | undefined)[] = []
  for (const bad of [true, false, true, true]) {
    await ran(lake, `insert overwrite into switch values (${bad})`)
    states.push((await lake.task('t').run())[0]?.state)
  }
  expect(states).toEqual(['FAILED', 'SUCCEEDED', 'FAILED', 'FAILED_AND_AUTO_SUSPENDED'])
})

test('a run that takes too long is ended, and nothing of it is kept', async () => {
  const { lake, clock } = await openTasks()
  await ran(
    lake,
    `create table sink (id bigint);
     create task slow user_task_timeout_ms = 30000 as insert into sink select count(*) from range(1000000000000) r(i) where i % 7 = 3`,
    { dialect: 'duckdb' },
  )
  const running = lake.task('slow').run()
  await expect.poll(() => clock.waiting).toBe(1)
  clock.jump(31)
  const [run] = await running
  expect(run).toMatchObject({ state: 'FAILED', error_code: 'QUERY_TIMEOUT' })
  expect(run?.error_message).toContain('took longer than 30 seconds')
  expect(await rowsOf(lake, 'select * from sink')).toEqual([])
})

test('failures of a child suspend the root, and doctor looks for them there', async () => {
  const { lake } = await prepared(`create table sink (id integer);
    create task a schedule = '1 hour' suspend_task_after_num_failures = 1 as select 1;
    create task b after a as ${failing};
    alter task b resume; alter task a resume`)
  await lake.task('a').run()
  expect(await lake.doctor()).toMatchObject([
    { subject: 'task MILLRACE.PUBLIC.A', message: expect.stringMatching(/with its graph, in which another task/) },
    { subject: 'task MILLRACE.PUBLIC.B', message: expect.stringMatching(/^Its last run failed: /) },
  ])
})

describe('in a graph', () => {
  const graph = `create table done (name varchar);
    create table fails (n integer);
    create task a schedule = '1 hour' task_auto_retry_attempts = 1 as insert into done values ('a');
    create task b after a as insert into done values ('b');
    create task c after a as insert into done select case when count(*) > 0 then cast(cast('x' as integer) as varchar) else 'c' end from fails;
    create task d after b, c as insert into done values ('d');
    create task idle after a when 1 = 2 as insert into done values ('idle');
    create task behind after idle as insert into done values ('behind');
    create task off after a as insert into done values ('off');
    create task last finalize = a as insert into done values ('last');
    alter task b resume; alter task c resume; alter task d resume; alter task idle resume; alter task behind resume;
    alter task last resume;`

  test('children run behind all that they run after, and the finalizer at the end', async () => {
    const { lake } = await prepared(graph)
    const runs = await lake.task('a').run()
    expect(runs.map(({ task, state }) => `${task.split('.').at(-1) ?? ''} ${state}`)).toEqual([
      ...['A SUCCEEDED', 'B SUCCEEDED', 'C SUCCEEDED', 'IDLE SKIPPED', 'D SUCCEEDED', 'LAST SUCCEEDED'],
    ])
    expect(new Set(runs.map((run) => run.graph_run_group_id)).size).toBe(1)
  })

  test('what fails is tried again, stops what runs after it, and not the finalizer', async () => {
    const { lake } = await prepared(`${graph} insert into fails values (1)`)
    const runs = await lake.task('a').run()
    expect(runs.map(({ task, state, attempt_number: n }) => `${task.split('.').at(-1) ?? ''} ${state} ${n}`)).toEqual([
      ...['A SUCCEEDED 1', 'B SUCCEEDED 1', 'C FAILED 1', 'IDLE SKIPPED 1', 'C FAILED 2', 'LAST SUCCEEDED 2'],
    ])
    expect(runs.at(-2)).toMatchObject({ scheduled_from: 'AUTOMATIC RETRY', graph_run_group_id: runs[0]?.run_id })
    expect(runs.at(-2)?.run_id).not.toBe(runs[0]?.run_id)
    expect((await lake.task('c').details()).consecutive_failures).toBe(1)
    expect(await rowsOf(lake, 'select name from done order by 1')).toEqual([
      { name: 'a' },
      { name: 'b' },
      { name: 'last' },
    ])
  })
})

test('a task without a schedule runs when its stream has data, at most once in its interval', async () => {
  const { lake, clock } = await prepared(`${sourceAndSink}
    create task t user_task_minimum_trigger_interval_in_seconds = 20 when system$stream_has_data('changes') as insert into sink select id from changes;
    alter task t resume`)
  await started(lake)
  await clock.pass(10)
  await ran(lake, 'insert into source values (1)')
  await clock.pass(5)
  await clock.settled(1)
  expect(await rowsOf(lake, 'select id from sink')).toEqual([{ id: 1 }])
  await ran(lake, 'insert into source values (2)')
  await clock.pass(10)
  expect(await rowsOf(lake, 'select id from sink')).toEqual([{ id: 1 }])
  await clock.pass(15)
  await clock.settled(1)
  expect(await rowsOf(lake, 'select id from sink order by 1')).toEqual([{ id: 1 }, { id: 2 }])
  expect((await lake.task('t').history()).map(({ scheduled_from: from, state }) => [from, state])).toEqual([
    ['TRIGGER', 'SUCCEEDED'],
    ['TRIGGER', 'SUCCEEDED'],
  ])
})

test('a stream that is not there is a failure of the run', async () => {
  const { lake } = await prepared(`create table sink (id integer);
    create task t schedule = '1 minute' when system$stream_has_data('nowhere') as insert into sink values (1)`)
  expect((await lake.task('t').run())[0]).toMatchObject({
    state: 'FAILED',
    error_message: expect.stringContaining('STREAM MILLRACE.PUBLIC.NOWHERE does not exist'),
  })
})

test('a run that was under way when the process died is cancelled, kept nothing, and comes again', async () => {
  const copies = temporaryFolder()
  const { lake, directory } = await openTasks({
    // The file and its write-ahead log are what a crash at this point would leave.
    onPoint: (point) => {
      if (point.startsWith('task-')) cpSync(directory, join(copies, point), { recursive: true })
    },
  })
  await ran(
    lake,
    `${sourceAndSink} insert into source values (1);
     create task t when system$stream_has_data('changes') as insert into sink select id from changes`,
  )
  await lake.task('t').run()
  expect(await rowsOf(lake, 'select * from sink')).toEqual([{ id: 1 }])
  for (const point of ['task-begun', 'task-before-commit']) {
    const again = await openLake(join(copies, point))
    try {
      expect(await rowsOf(again, 'select state, error_code from logs.task_history'), point).toEqual([
        { state: 'CANCELLED', error_code: 'QUERY_CANCELLED' },
      ])
      expect(await rowsOf(again, 'select * from sink')).toEqual([])
      expect(await again.task('t').details()).toMatchObject({ consecutive_failures: 0, last_state: 'CANCELLED' })
      expect((await again.task('t').run())[0]).toMatchObject({ state: 'SUCCEEDED', rows_inserted: 1 })
      expect((await again.task('t').run())[0]).toMatchObject({ state: 'SKIPPED' })
      expect(await rowsOf(again, 'select * from sink')).toEqual([{ id: 1 }])
    } finally {
      await again.close()
    }
  }
})

test('a clean stop cancels what runs', async () => {
  const { lake, clock } = await openTasks()
  await ran(
    lake,
    `create table sink (id bigint);
     create task slow as insert into sink select count(*) from range(1000000000000) r(i) where i % 7 = 3`,
    { dialect: 'duckdb' },
  )
  await started(lake)
  expect(await statusOf(lake, 'execute task slow')).toBe('Task SLOW is scheduled to run immediately.')
  await expect.poll(() => clock.waiting).toBe(1)
  await lake.tasks.stop()
  expect(await statesOf(lake)).toEqual(['SLOW CANCELLED'])
  expect((await lake.task('slow').details()).consecutive_failures).toBe(0)
})

test('a run that is due while another is under way is left out; one that is asked for comes behind it', async () => {
  const { lake, clock } = await openTasks()
  await ran(
    lake,
    `create table sink (id bigint);
     create task slow schedule = '10 seconds' user_task_timeout_ms = 120000 as insert into sink select count(*) from range(1000000000000) r(i) where i % 7 = 3;
     alter task slow resume`,
    { dialect: 'duckdb' },
  )
  await started(lake)
  await clock.settled(1)
  clock.jump(10)
  await expect.poll(() => clock.waiting).toBe(1)
  clock.jump(30)
  expect(await statesOf(lake)).toEqual(['SLOW EXECUTING'])
  const asked = lake.task('slow').run()
  clock.jump(90)
  await expect.poll(() => statesOf(lake)).toEqual(['SLOW FAILED', 'SLOW EXECUTING'])
  expect((await lake.task('slow').history()).map((run) => run.scheduled_from)).toEqual(['EXECUTE_TASK', 'SCHEDULE'])
  await lake.tasks.stop()
  expect((await asked).map(({ state }) => state)).toEqual(['CANCELLED'])
})

test('idle runs leave the database as it was, and are one entry', async () => {
  const { lake, clock, directory } = await prepared(`${sourceAndSink}
    create task t schedule = '1 minute' when system$stream_has_data('changes') as insert into sink select id from changes;
    alter task t resume`)
  await started(lake)
  const files = (): string[] => readdirSync(directory).map((name) => `${name} ${statSync(join(directory, name)).size}`)
  const before = files()
  await clock.pass(60 * idleRuns)
  await clock.settled(1)
  expect(files()).toEqual(before)
  expect(await rowsOf(lake, 'select * from logs.task_history')).toEqual([])
  expect(await lake.task('t').history()).toMatchObject([{ state: 'SKIPPED', skipped_runs: idleRuns }])
  expect(await lake.task('t').details()).toMatchObject({ runs: 0, skipped_runs: idleRuns, last_state: null })
  await ran(lake, 'insert into source values (1)')
  await clock.pass(60)
  await clock.settled(1)
  expect(await rowsOf(lake, 'select state, skipped_runs from logs.task_history order by 1')).toEqual([
    { state: 'SKIPPED', skipped_runs: idleRuns },
    { state: 'SUCCEEDED', skipped_runs: 0 },
  ])
})

test('what was only counted is written at a clean stop', async () => {
  const { lake, clock } = await prepared(`create table sink (id integer);
    create task t schedule = '1 minute' when not true or 'a' > 'b' as insert into sink values (1);
    alter task t resume`)
  await started(lake)
  await clock.pass(180)
  await clock.settled(1)
  await lake.tasks.stop()
  expect(
    await lastRows(
      lake,
      `select state, scheduled_time, completed_time from table(snowflake.information_schema.task_history(
         scheduled_time_range_start => dateadd('hour', -1, '2026-11-20 12:00'::timestamp), task_name => 'PUBLIC.T'))`,
    ),
  ).toEqual([{ state: 'SKIPPED', scheduled_time: '2026-11-20 12:01:00', completed_time: '2026-11-20 12:03:00' }])
  expect(await lake.task('t').history()).toMatchObject([{ state: 'SKIPPED', skipped_runs: 3 }])
  expect((await lake.task('t').run()).map(({ state }) => state)).toEqual(['SKIPPED'])
})

test('history goes back seven days', async () => {
  const { lake, clock } = await prepared(`create table sink (id integer); create task t as insert into sink values (1)`)
  await lake.task('t').run()
  clock.jump(8 * 86_400)
  await lake.task('t').run()
  expect(await rowsOf(lake, 'select scheduled_time from logs.task_history')).toEqual([
    { scheduled_time: '2026-11-28 12:00:00' },
  ])
  expect(await lake.task('t').details()).toMatchObject({ runs: 2 })
})
