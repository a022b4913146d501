import { describe, expect, test } from 'vitest'
import { cellOf, failureOf, lastRows, namesOf, ran, statusOf } from '../run/running.ts'
import { openTasks, prepared, sourceAndSink } from './lakes.ts'

const plain = 'create table sink (id integer);'

test('a task is made, shown, altered and dropped', async () => {
  const { lake } = await prepared(
    `${plain}
    create warehouse w;
    create task t warehouse = w schedule = 'using cron 0 9-17 * * SUN America/Los_Angeles' comment = 'why'
      config = $$\{"a": 1}$$ as insert into sink values (1)`.replace('\\{', '{'),
  )
  const [shown] = await lastRows(lake, 'show tasks')
  expect(shown).toMatchObject({
    name: 'T',
    database_name: 'MILLRACE',
    schema_name: 'PUBLIC',
    warehouse: 'W',
    schedule: 'USING CRON 0 9-17 * * SUN America/Los_Angeles',
    predecessors: '[]',
    state: 'suspended',
    definition: 'insert into sink values (1)',
    condition: null,
    comment: 'why',
    config: '{"a": 1}',
    last_committed_on: null,
  })
  expect(await lastRows(lake, 'desc task t')).toEqual([shown])

  await ran(lake, 'alter task t resume')
  expect((await lastRows(lake, 'show tasks'))[0]).toMatchObject({
    state: 'started',
    last_committed_on: '2026-11-20 12:00:00.000',
  })
  expect(await failureOf(lake, "alter task t set comment = 'x'")).toMatchObject({
    message: expect.stringContaining('MILLRACE.PUBLIC.T, is not suspended'),
  })
  await ran(
    lake,
    `alter task t suspend;
     alter task t set schedule = '30 seconds', comment = 'other';
     alter task t unset warehouse;
     alter task t modify as insert into sink values (2);
     alter task t modify when 1 = 1`,
  )
  const [altered] = await lastRows(lake, 'show tasks')
  expect(altered).toMatchObject({
    ...{ schedule: '30 SECOND', comment: 'other', warehouse: null, condition: '1 = 1', state: 'suspended' },
    ...{ definition: 'insert into sink values (2)', last_suspended_reason: 'USER_SUSPENDED', id: shown?.['id'] },
  })
  await ran(lake, 'alter task t remove when; alter task t resume')
  expect(await statusOf(lake, "create or replace task t schedule = '1 hour' as select 1")).toBe(
    'Task T successfully created.',
  )
  const [again] = await lastRows(lake, 'show tasks')
  expect(again).toMatchObject({ state: 'suspended', last_committed_on: null, condition: null })
  expect(again?.['id']).not.toBe(shown?.['id'])
  await ran(lake, 'drop task t; drop task if exists t')
  expect(await namesOf(lake, 'show tasks')).toEqual([])
})

test('tasks make graphs', async () => {
  const { lake } = await prepared(`${plain}
    create task a schedule = '1 hour' as select 1;
    create task b after a as select 1;
    create task c after public.a as select 1;
    create task d after b as select 1;
    create task last finalize = a as select 1;
    alter task d add after c;
    alter task d resume; alter task last resume; alter task a resume`)
  const shown = new Map((await lastRows(lake, 'show tasks')).map((row) => [cellOf(row, 'name'), row]))
  expect(shown.get('D')?.['predecessors']).toBe('["MILLRACE.PUBLIC.B","MILLRACE.PUBLIC.C"]')
  expect(JSON.parse(cellOf(shown.get('A') ?? {}, 'task_relations'))).toEqual({
    Predecessors: [],
    FinalizerTask: 'MILLRACE.PUBLIC.LAST',
  })
  expect((await failureOf(lake, 'create task e after d as select 1')).message).toContain('is not suspended')
  expect((await failureOf(lake, 'alter task b resume')).message).toContain('is not suspended')
  await ran(lake, 'alter task a suspend; drop task c')
  expect((await lastRows(lake, 'desc task d'))[0]).toMatchObject({
    predecessors: '["MILLRACE.PUBLIC.B"]',
    state: 'started',
  })
  await ran(lake, 'alter task d remove after b; drop task a')
  const left = await lastRows(lake, 'show tasks')
  expect(left.map((row) => [row['name'], row['state'], row['last_suspended_reason']])).toEqual([
    ['B', 'suspended', 'CHILD_BECAME_ROOT'],
    ['D', 'suspended', 'CHILD_BECAME_ROOT'],
    ['LAST', 'suspended', 'FINALIZER_BECAME_ROOT'],
  ])
})

describe('what cannot be is refused before anything runs, or as things are', () => {
  test('by one lake', async () => {
    const { lake } = await openTasks()
    await ran(lake, `${sourceAndSink} create task a schedule = '1 hour' as select 1; create schema other;`)
    const refusals = [
      ["create task t schedule = 'using cron 61 * * * * UTC' as select 1", 'Invalid value for minute: 61'],
      ["create task t schedule = '1 minute' overlap_policy = allow_all_overlap as select 1", 'do not overlap'],
      ["create task t schedule = '1 minute' when nonsense as select 1", 'WHEN expects SYSTEM$STREAM_HAS_DATA'],
      [
        "create task t when system$get_predecessor_return_value() = 'x' as select 1",
        'SYSTEM$GET_PREDECESSOR_RETURN_VALUE',
      ],
      ["create task t schedule = '1 minute' as call something()", 'is not run by tasks'],
      ["create task t schedule = '1 minute' as create table x (a integer)", 'is not run by tasks'],
      [
        "create task t schedule = '1 minute' as begin insert into sink values (1); let x := 1; end",
        'is not run by tasks',
      ],
      ["create task t schedule = '1 minute' as begin insert into sink values (1); rollback; end", 'leave ROLLBACK out'],
      ["create task t schedule = '1 minute' as insert into sink select * from read_csv('/etc/passwd')", 'READ_CSV'],
      ["create task t schedule = '1 minute' after a as select 1", 'leave one of the two out'],
      ['create task t after nothing as select 1', 'MILLRACE.PUBLIC.NOTHING, which does not exist'],
      ['create task other.t after public.a as select 1', 'in two schemas'],
      ['create task t after a task_auto_retry_attempts = 2 as select 1', 'give it to the root'],
      ['create task t as select 1; alter task t resume', 'so it would never run'],
      ['create task u after a as select 1; execute task u', 'runs as part of the graph of MILLRACE.PUBLIC.A'],
      ['execute task nothing', 'MILLRACE.PUBLIC.NOTHING does not exist'],
      ['alter task nothing resume', 'MILLRACE.PUBLIC.NOTHING does not exist'],
      ['alter task u add after u', 'would run after itself'],
    ] as const
    for (const [script, message] of refusals) expect((await failureOf(lake, script)).message).toContain(message)
    // An error within a body is told where it stands.
    expect(
      await failureOf(
        lake,
        "create task x schedule = '1 minute' as\n  insert into sink\n  select id id id from source",
      ),
    ).toMatchObject({
      place: { line: 3 },
    })
  })
})
