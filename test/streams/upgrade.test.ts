import { expect, test } from 'vitest'
import { join } from 'node:path'
import { storeInto } from '../sql/stored.ts'
import { closeLake, openedLake, temporaryFolder } from '../loading/lakes.ts'
import { lastRows, ran } from '../run/running.ts'

test('tables of an earlier version get row ids, and streams', async () => {
  const directory = join(temporaryFolder(), 'lake')
  const lake = await openedLake({ directory })
  await ran(lake, 'create table t (id integer, r variant); create table log_of (id integer)')
  await closeLake(lake)
  await storeInto(directory, [
    'drop view logs.partitions',
    'drop table lake.partitions',
    'drop table lake.log_events',
    'drop table lake.log_groups',
    'drop table lake.access_keys',
    'drop view logs.tasks',
    'drop view logs.task_history',
    'drop table lake.tasks',
    'drop table lake.task_runs',
    'drop view logs.streams',
    'drop table lake.streams',
    'drop table lake.table_changes',
    'drop schema changes cascade',
    'create or replace table lake."public.t" (_load_id bigint not null, _file_id integer, _line bigint, id integer)',
    'create or replace table lake."public.log_of" (_load_id bigint not null, _file_id integer, _line bigint, id integer)',
    'insert into lake."public.t" select 7, 1, i, i from range(3) r(i)',
    'drop sequence lake.row_ids',
    'delete from main.migrations where number >= 6',
    'delete from main.made_from',
  ])
  const again = await openedLake({ directory })
  await ran(
    again,
    'create stream s on table t; create stream i on table t show_initial_rows = true; insert into t (id) values (9); update t set id = 10 where id = 1',
  )
  const rows = await lastRows(again, 'select id, metadata$action as a, metadata$isupdate as u from s order by id')
  expect(rows).toEqual([
    { id: 1, a: 'DELETE', u: true },
    { id: 9, a: 'INSERT', u: false },
    { id: 10, a: 'INSERT', u: true },
  ])
  expect(await lastRows(again, 'select count(*) as n, count(distinct metadata$row_id) as ids from i')).toEqual([
    { n: 4, ids: 4 },
  ])
})

test('a log group that was read by an earlier version is asked for once more where events may have come late', async () => {
  const directory = join(temporaryFolder(), 'lake')
  await closeLake(await openedLake({ directory }))
  const hour = 3_600_000
  await storeInto(directory, [
    'delete from main.migrations where number >= 14',
    'alter table lake.log_groups drop column settled_ms',
    `insert into lake.log_groups values ('vpc_flow_logs', 'one', 'g', 0, 0, ${100 * hour}), ('vpc_flow_logs', 'two', 'g', ${95 * hour}, ${95 * hour}, ${100 * hour})`,
  ])
  const again = await openedLake({ directory })
  expect(await lastRows(again, `select settled_ms / ${hour} as hours from lake.log_groups order by source`)).toEqual([
    { hours: 88 },
    { hours: 95 },
  ])
})
