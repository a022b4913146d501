import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Lake } from '../../src/api.ts'
import { connectLake } from '../../src/connect.ts'
import { type RunningServer, startServer } from '../../src/server/server.ts'
import { ran } from '../run/running.ts'
import { type World, flowLog, openWorld, until } from './world.ts'

let world: World
let server: RunningServer
let remote: Lake

beforeEach(async () => {
  world = await openWorld()
  await ran(
    world.lake,
    `create stage s url = 's3://${world.bucket}/flow/' comment = 'all';
     create pipe flow auto_ingest = true queue = '${world.queueUrl}' reconcile = '1 hour' comment = 'c'
       as copy into logs.vpc_flow_logs from @s/a/ file_format = (type = vpc_flow_logs)`,
  )
  server = await startServer(world.lake, { host: '127.0.0.1', port: 0, log: pino({ level: 'silent' }) })
  remote = await connectLake(world.directory)
})

afterEach(async () => {
  await remote.close()
  await server.stop()
  await world.close()
})

const garbage = Buffer.from([0x1f, 0x8b, 1, 2, 3])

async function ask(method: string, path: string, body?: object): Promise<[status: number, answer: unknown]> {
  const response = await fetch(`${server.url}/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${server.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return [response.status, await response.json()]
}

test('pipes and stages are listed, with what they are and how they are doing', async () => {
  await world.send(await world.put('flow/a/1.log', flowLog(3)))
  await until(() => world.count('select count(*) as n from vpc_flow_logs'), 3)

  const [, pipes] = await ask('GET', '/pipes')
  expect(pipes).toMatchObject([
    {
      name: 'MILLRACE.PUBLIC.FLOW',
      state: 'running',
      definition: expect.stringMatching(/^CREATE PIPE FLOW/),
      stage: 'MILLRACE.PUBLIC.S',
      location: `s3://${world.bucket}/flow/a/`,
      table_name: 'logs.vpc_flow_logs',
      auto_ingest: true,
      reconcile_seconds: 3600,
      comment: 'c',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      files: 1,
      rows: 3,
      failed_files: 0,
      parked_files: 0,
    },
  ])
  expect(await ask('GET', '/stages')).toEqual([
    200,
    [
      {
        name: 'MILLRACE.PUBLIC.S',
        url: `s3://${world.bucket}/flow/`,
        integration: null,
        endpoint: null,
        comment: 'all',
        created_at: expect.stringMatching(/Z$/),
        pipes: ['MILLRACE.PUBLIC.FLOW'],
      },
    ],
  ])
  for (const name of ['flow', 'PUBLIC.FLOW', 'MILLRACE.PUBLIC.FLOW', '"FLOW"'])
    expect(await ask('GET', `/pipes/${encodeURIComponent(name)}`)).toMatchObject([200, { stage: 'MILLRACE.PUBLIC.S' }])
  expect(await remote.listStages()).toEqual(await world.lake.listStages())
  expect(await remote.listPipes()).toMatchObject([{ name: 'MILLRACE.PUBLIC.FLOW', rows: 3 }])
})

test('a pipe is paused and resumed', async () => {
  expect(await ask('POST', '/pipes/flow/pause')).toMatchObject([200, { state: 'paused' }])
  await world.send(await world.put('flow/a/1.log', flowLog(2)))
  expect(await world.messages()).toBe(1)
  expect(await remote.pipe('flow').resume()).toMatchObject({ state: 'running', last_loaded_at: null })
  await until(() => world.count('select count(*) as n from vpc_flow_logs'), 2)
})

test('a pipe that is paused still says when it has loaded last, which a failure does not change', async () => {
  await world.send(await world.put('flow/a/1.log', flowLog(2)))
  await until(async () => (await remote.pipe('flow').details()).files, 1)
  const { last_loaded_at: before } = await remote.pipe('flow').pause()
  await world.put('flow/a/bad.log', garbage)
  await remote.pipe('flow').refresh()

  expect(before).toMatch(/Z$/)
  expect(await remote.pipe('flow').details()).toMatchObject({ last_loaded_at: before, failed_files: 1 })
})

test('REFRESH loads what is there, all of it or a part', async () => {
  await world.lake.pipe('flow').pause()
  for (const name of ['x/1.log', 'x/2.log', 'y/3.log']) await world.put(`flow/a/${name}`, flowLog(1, name.length))
  await world.put('flow/a/y/bad.log', garbage)

  expect(await ask('POST', '/pipes/flow/refresh', { prefix: 'x/' })).toMatchObject([
    200,
    { pipe: 'MILLRACE.PUBLIC.FLOW', files: 2, rows: 2, rejects: 0, failed_files: 0 },
  ])
  expect(await remote.pipe('flow').refresh({ modifiedAfter: new Date('2999-01-01') })).toMatchObject({ files: 0 })
  expect(await ask('POST', '/pipes/flow/refresh')).toMatchObject([
    200,
    { files: 1, rows: 1, failed_files: 1, faults: [{ file: `s3://${world.bucket}/flow/a/y/bad.log` }] },
  ])
  expect((await ask('POST', '/pipes/flow/refresh', { modifiedAfter: 'yesterday' }))[0]).toBe(400)
})

test('what was given up is shown, and tried again: mended, still bad, gone', async () => {
  for (const name of ['mended', 'bad', 'gone']) await world.put(`flow/a/${name}.log`, garbage)
  await world.send('no notification')
  await world.lake.pipe('flow').refresh()
  await until(async () => (await remote.pipe('flow').details()).parked_files, 4)
  await world.put('flow/a/mended.log', flowLog(4))
  await world.put('flow/a/other.log', flowLog(100))
  await world.remove('flow/a/gone.log')

  const [, parked] = await ask('GET', '/pipes/flow/parked')
  const place = `s3://${world.bucket}/flow/a`
  expect(parked).toHaveLength(4)
  expect(parked).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ file: `${place}/bad.log`, code: 'FILE_CORRUPT', bytes: 5, body: null }),
      expect.objectContaining({ file: null, code: 'MESSAGE_UNREADABLE', body: 'no notification' }),
    ]),
  )
  expect(await world.count('select count(*) as n from logs.parked_objects')).toBe(4)
  expect(await remote.pipe('flow').parked({ limit: 2 })).toHaveLength(2)
  expect(await ask('POST', '/pipes/flow/retry')).toMatchObject([
    200,
    { files: 1, rows: 4, failed_files: 1, gone_files: 1, faults: [{ file: `${place}/bad.log` }] },
  ])
  // Those that it did not name are left alone.
  expect(await world.count('select count(*) as n from vpc_flow_logs')).toBe(4)
  expect((await world.lake.pipe('flow').parked()).map(({ file }) => file)).toEqual(
    expect.arrayContaining([`${place}/bad.log`, null]),
  )
  await until(async () => (await remote.pipe('flow').parked()).length, 2)
  expect(await remote.pipe('flow').retry()).toMatchObject({ files: 0, failed_files: 1, gone_files: 0 })
})

test('names that mean no pipe, or several, are told', async () => {
  await ran(
    world.lake,
    `create schema other; create stage millrace.public.t url = 's3://${world.bucket}/';
     create pipe flow as copy into logs.vpc_flow_logs from @millrace.public.t file_format = (type = vpc_flow_logs)`,
  )
  expect(await ask('GET', '/pipes/nothing')).toMatchObject([404, { error: { code: 'PIPE_MISSING' } }])
  expect(await ask('POST', '/pipes/a.b.c.d/pause')).toMatchObject([404, { error: { code: 'PIPE_MISSING' } }])
  expect(await ask('GET', '/pipes/flow')).toMatchObject([
    400,
    { error: { message: expect.stringContaining('MILLRACE.OTHER.FLOW') } },
  ])
  expect(await ask('GET', '/pipes/other.flow')).toMatchObject([200, { auto_ingest: false }])
})

test('a pipe whose stage is gone is listed as broken', async () => {
  await ran(world.lake, 'drop stage s')
  expect(await ask('GET', '/pipes/flow')).toMatchObject([
    200,
    { state: 'broken', reason: expect.stringContaining('STAGE'), location: null, reconcile_seconds: null },
  ])
  expect(await ask('POST', '/pipes/flow/retry')).toMatchObject([409, { error: { code: 'PIPE_BROKEN' } }])
})

test('metrics tell of each pipe', async () => {
  const metrics = async (): Promise<string> => (await fetch(`${server.url}/metrics`)).text()
  await world.put('flow/a/bad.log', garbage)
  await world.lake.pipe('flow').refresh()
  const before = await metrics()
  await world.send(await world.put('flow/a/1.log', flowLog(3)))
  await until(() => world.count('select count(*) as n from vpc_flow_logs'), 3)
  const after = await metrics()

  expect(before).toContain('# TYPE millrace_pipe_lag_seconds gauge')
  expect(before).toContain('\nmillrace_pipe_running{pipe="MILLRACE.PUBLIC.FLOW"} 1\n')
  expect(before).toContain('\nmillrace_pipe_pending_files{pipe="MILLRACE.PUBLIC.FLOW"} 0\n')
  expect(before).toContain('\nmillrace_pipe_parked_files{pipe="MILLRACE.PUBLIC.FLOW"} 1\n')
  expect(before).toContain('\nmillrace_pipe_queue_messages{pipe="MILLRACE.PUBLIC.FLOW"} 0\n')
  expect(before).not.toContain('millrace_pipe_newest_event_timestamp_seconds{')
  const [, newest] = /^millrace_pipe_newest_event_timestamp_seconds\{.*\} (.*)$/m.exec(after) ?? []
  const [, told] = /"newest_event_at":"([^"]*)"/.exec(JSON.stringify(await world.lake.status())) ?? []
  expect(Number(newest)).toBe(Date.parse(told ?? '') / 1000)
  await world.lake.pipe('flow').pause()
  expect(await metrics()).toContain('\nmillrace_pipe_running{pipe="MILLRACE.PUBLIC.FLOW"} 0\n')
})
