import type { Lake, OpenOptions, Value } from '../../src/index.ts'
import type { OpenLake } from '../../src/lake.ts'
import { temporaryFolder, undoLater } from '../loading/lakes.ts'
import { openTestLake } from '../loading/template.ts'
import { cellOf, ran } from '../run/running.ts'
import { Clock } from './clock.ts'

/** A lake whose tasks go by a clock of the test. */
export interface TaskLake {
  readonly lake: OpenLake
  readonly clock: Clock
  readonly directory: string
}

export const noon = '2026-11-20T12:00:00Z'

/** Opens a lake, new or not; it is closed with the test. */
export async function openTasks(
  options: OpenOptions = {},
  directory = `${temporaryFolder()}/lake`,
  start = noon,
): Promise<TaskLake> {
  const clock = new Clock(start)
  const lake = await openTestLake(directory, { ...options, taskTiming: clock })
  undoLater(() => void lake.close())
  return { lake, clock, directory }
}

/** Runs the tasks of a lake by themselves; what goes wrong beside them fails the test. */
export async function started(lake: OpenLake): Promise<void> {
  await lake.tasks.start((task, error) => {
    throw new Error(`${task}: ${String(error)}`)
  })
}

/** The rows of a query. */
export async function rowsOf(lake: Lake, sql: string): Promise<Record<string, Value>[]> {
  return (await lake.query(sql)).all()
}

/** States of all runs, the earliest first, such as `T SUCCEEDED`. */
export async function statesOf(lake: Lake): Promise<string[]> {
  const rows = await rowsOf(
    lake,
    "select name || ' ' || state as run from logs.task_history order by query_start_time, name",
  )
  return rows.map((row) => cellOf(row, 'run'))
}

/** A table that a stream is on, and one that a task fills from it. */
export const sourceAndSink = `
  create table source (id integer);
  create table sink (id integer);
  create stream changes on table source;`

export async function prepared(script: string, options: OpenOptions = {}): Promise<TaskLake> {
  const opened = await openTasks(options)
  await ran(opened.lake, script)
  return opened
}
