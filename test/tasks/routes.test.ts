import { pino } from 'pino'
import { expect, test } from 'vitest'
import { connectToServer } from '../../src/connect.ts'
import { startServer } from '../../src/server/server.ts'
import { undoLater } from '../loading/lakes.ts'
import { ran, statusOf } from '../run/running.ts'
import { prepared, rowsOf } from './lakes.ts'

test('tasks are reached through the server', async () => {
  const { lake, directory } = await prepared(`create table sink (id integer);
    create task hourly schedule = '1 hour' as insert into sink values (1)`)
  const server = await startServer(lake, { host: '127.0.0.1', port: 0, log: pino({ level: 'silent' }) })
  undoLater(() => void server.stop())
  const remote = await connectToServer(directory)
  if (remote === undefined) throw new Error('the server does not answer')
  const task = remote.task('hourly')

  expect(await task.resume()).toMatchObject({
    state: 'started',
    next_due_at: '2026-11-20T13:00:00.000Z',
    last_state: null,
  })
  const [run] = await task.run()
  expect(run).toMatchObject({
    state: 'SUCCEEDED',
    rows_inserted: 1,
    notices: [],
    completed_at: '2026-11-20T12:00:00.000Z',
  })
  expect(await task.history({ limit: 5 })).toEqual([run])
  expect(await task.suspend()).toMatchObject({ state: 'suspended', next_due_at: null, runs: 1 })
  expect(await remote.listTasks()).toEqual([await task.details()])
  expect((await remote.status()).tasks).toMatchObject([{ name: 'MILLRACE.PUBLIC.HOURLY', last_state: 'SUCCEEDED' }])
  await expect(remote.task('nothing').details()).rejects.toMatchObject({ code: 'TASK_MISSING' })

  // A statement does not wait for the run where tasks run by themselves.
  expect(await statusOf(remote, 'execute task hourly')).toBe('Task HOURLY is scheduled to run immediately.')
  await expect.poll(() => rowsOf(lake, 'select count(*) as n from sink')).toEqual([{ n: 2 }])
  await expect.poll(async () => (await task.details()).is_running).toBe(false)

  const metrics = await (await fetch(`${server.url}/metrics`)).text()
  expect(metrics).toContain('millrace_task_runs_total{task="MILLRACE.PUBLIC.HOURLY"} 2')
  expect(metrics).toContain('millrace_task_failures_total{task="MILLRACE.PUBLIC.HOURLY"} 0')
  expect(metrics).toContain(
    `millrace_task_last_success_timestamp_seconds{task="MILLRACE.PUBLIC.HOURLY"} ${Date.parse('2026-11-20T12:00Z') / 1000}`,
  )
  await ran(remote, 'drop task hourly')
  expect(await remote.listTasks()).toEqual([])
  await remote.close()
})
