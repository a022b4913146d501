import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { failureOf, lastRows, ran } from '../run/running.ts'
import { type World, eventOf, flowLog, openWorld, until } from './world.ts'

let world: World
const faults: unknown[] = []

beforeEach(async () => {
  faults.length = 0
  world = await openWorld()
  await ran(world.lake, `create stage s url = 's3://${world.bucket}/flow/'`)
})

afterEach(() => world.close())

const rows = 'select count(*) as n from vpc_flow_logs'
const distinct = 'select count(distinct bytes) as n from vpc_flow_logs'

async function startPipe(more = '', copy = '', reconcile = '1 hour'): Promise<void> {
  await ran(
    world.lake,
    `create pipe p auto_ingest = true queue = '${world.queueUrl}' reconcile = '${reconcile}' ${more}
     as copy into logs.vpc_flow_logs from @s ${copy} file_format = (type = vpc_flow_logs)`,
  )
  await world.lake.pipes.start((_pipe, error) => faults.push(error))
}

const status = async () => (await world.lake.status()).pipes[0]

describe('a pipe with a queue', () => {
  test('loads what messages announce, once, and deletes them after the commit', async () => {
    await startPipe()
    for (let index = 0; index < 20; index++) {
      const event = await world.put(`flow/${index}.log`, flowLog(5, index * 5))
      for (let times = 0; times < 3; times++) await world.send(event)
    }
    await until(() => world.count(rows), 100)
    await until(() => world.messages(), 0)

    expect(await world.count(distinct)).toBe(100)
    expect(await world.lake.history({ limit: 100 })).toHaveLength(20)
    expect(await status()).toMatchObject({
      name: 'MILLRACE.PUBLIC.P',
      state: 'running',
      pending_files: 0,
      lag_seconds: 0,
    })
    expect(faults).toEqual([])
  })

  test('leaves what is elsewhere, matches no pattern, or is no log, and deletes its messages', async () => {
    await startPipe('', "pattern = '.*[.]log'")
    for (const key of ['elsewhere/a.log', 'flow/a.txt', 'flow/.hidden.log', 'flow2/a.log', 'flow/b.log'])
      await world.send(await world.put(key, flowLog(1)))
    await world.send(JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: world.bucket }))
    await until(() => world.messages(), 0)

    expect(await world.count(rows)).toBe(1)
  })

  test('reads keys with odd characters', async () => {
    await startPipe()
    for (const key of ['a b', 'a+b', 'ü', 'x=1/é&y', '%41'])
      await world.send(await world.put(`flow/${key}.log`, flowLog(1)))
    await until(() => world.count(rows), 5)
    expect(await world.lake.history()).toHaveLength(5)
  })

  test('an object that is gone, or was written again since, holds nothing up', async () => {
    await startPipe()
    await world.send(eventOf(world.bucket, 'flow/gone.log', 'x'))
    await world.put('flow/twice.log', flowLog(7))
    await world.send(eventOf(world.bucket, 'flow/twice.log', flowLog(3)))
    await world.send(await world.put('flow/good.log', flowLog(1)))
    await until(() => world.messages(), 0)

    expect(await world.count(rows)).toBe(8)
  })

  test('an object that cannot be read is kept as given up, and loaded by REFRESH once it can be', async () => {
    await startPipe()
    await world.send(await world.put('flow/bad.log', Buffer.from([0x1f, 0x8b, 1, 2, 3])))
    await world.send('no notification at all')
    await world.send(await world.put('flow/good.log', flowLog(2)))
    await until(() => world.messages(), 0)

    expect(await world.count(rows)).toBe(2)
    expect(await status()).toMatchObject({ parked_files: 2 })
    const parked = await (await world.lake.query('select uri, code, body from lake.parked_objects order by all')).all()
    expect(parked).toMatchObject([
      { uri: `s3://${world.bucket}/flow/bad.log`, code: expect.any(String), body: null },
      { uri: null, code: 'MESSAGE_UNREADABLE', body: 'no notification at all' },
    ])
    await world.put('flow/bad.log', flowLog(4))
    expect(await lastRows(world.lake, 'alter pipe p refresh')).toEqual([
      { File: `s3://${world.bucket}/flow/bad.log`, Status: 'SENT' },
    ])
    expect(await world.count(rows)).toBe(6)
    await until(async () => (await status())?.parked_files, 1)
  })

  test('pauses and resumes', async () => {
    await startPipe()
    await ran(world.lake, 'alter pipe p set pipe_execution_paused = true')
    await world.send(await world.put('flow/a.log', flowLog(2)))
    expect(await status()).toMatchObject({ state: 'paused', lag_seconds: null })
    expect([await world.messages(), await world.count(rows)]).toEqual([1, 0])
    await ran(world.lake, 'alter pipe p set pipe_execution_paused = false')
    await until(() => world.count(rows), 2)
  })

  test('two pipes share a queue, each with its own', async () => {
    await startPipe()
    await ran(
      world.lake,
      `create stage other url = 's3://${world.bucket}/access/';
       create pipe q auto_ingest = true queue = '${world.queueUrl}' as copy into logs.web_access_logs from @other file_format = (type = web_access_logs)`,
    )
    await world.send(await world.put('flow/a.log', flowLog(2)))
    await world.send(
      await world.put('access/b.log', '192.0.2.1 - - [20/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "-"\n'),
    )
    await until(() => world.messages(), 0)

    expect(await world.count(rows)).toBe(2)
    expect(await world.count('select count(*) as n from web_access_logs')).toBe(1)
  })
})

describe('reconcile', () => {
  test('finds what no message announced; a message that comes late changes nothing', async () => {
    await world.put('flow/before.log', flowLog(1))
    await startPipe("start = 'all'", '', '1 second')
    await until(() => world.count(rows), 1)
    await world.put('flow/later.log', flowLog(2))
    await until(() => world.count(rows), 3)
    await world.send(eventOf(world.bucket, 'flow/later.log', flowLog(2)))
    await until(() => world.messages(), 0)

    expect(await world.count(rows)).toBe(3)
  })

  test('leaves what was there before the pipe to REFRESH', async () => {
    await world.put('flow/before.log', flowLog(1))
    await startPipe("start = '2099-01-01T00:00:00Z'")
    await world.send(await world.put('flow/now.log', flowLog(1, 1)))
    await until(() => world.count(rows), 1)
    await ran(world.lake, 'alter pipe p refresh')

    expect(await world.count(rows)).toBe(2)
  })

  test('looks back three days in keys that say their day, and further where the settings say so', async () => {
    const day = (ago: number): string =>
      new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '/')
    const key = (ago: number, name: string): string =>
      `flow/AWSLogs/123456789012/vpcflowlogs/eu-west-1/${day(ago)}/${name}.log`
    await world.put(key(0, 'first'), flowLog(1))
    await startPipe("start = 'all'", '', '1 second')
    await until(() => world.count(rows), 1)
    await world.put(key(400, 'old'), flowLog(1, 1))
    await world.put(key(1, 'new'), flowLog(1, 2))
    await until(() => world.count(rows), 2)
    expect(await world.count('select max(bytes) as n from vpc_flow_logs')).toBe(2)

    writeFileSync(join(world.directory, 'settings.json'), '{"look_back_days": 500}')
    await world.reopen()
    await world.lake.pipes.start(() => undefined)
    await until(() => world.count(rows), 3)
  })

  test('what came while nothing ran is loaded when it runs again', async () => {
    await startPipe()
    await world.lake.pipes.stop()
    await world.put('flow/a.log', flowLog(2))
    await world.reopen()
    await world.lake.pipes.start(() => undefined)
    await until(() => world.count(rows), 2)
    expect(await world.lake.history()).toHaveLength(1)
  })

  test('what was given up is not tried at every listing', async () => {
    await world.put('flow/bad.log', Buffer.from([0x1f, 0x8b, 1, 2, 3]))
    await startPipe("start = 'all'")
    await until(async () => (await status())?.parked_files, 1)
    const [before] = await world.lake.history()
    await world.lake.pipes.stop()
    await world.lake.pipes.start(() => undefined)
    await world.send(await world.put('flow/good.log', flowLog(1)))
    await until(() => world.count(rows), 1)

    expect((await world.lake.history({ status: 'failed' }))[0]?.load_id).toBe(before?.load_id)
  })
})

test('SHOW, DESC and DROP', async () => {
  await startPipe("comment = 'c'")
  const [shown] = await lastRows(world.lake, 'show pipes')
  expect(shown).toMatchObject({
    name: 'P',
    database_name: 'MILLRACE',
    schema_name: 'PUBLIC',
    definition: expect.stringMatching(/^COPY INTO LOGS.VPC_FLOW_LOGS\s+FROM @MILLRACE.PUBLIC.S/i),
    notification_channel: expect.stringMatching(/^arn:aws:sqs:/),
    comment: 'c',
    invalid_reason: null,
    kind: 'STAGE',
  })
  expect(await lastRows(world.lake, 'desc pipe p')).toEqual([shown])
  expect(await world.count('select count(*) as n from logs.pipes')).toBe(1)
  await ran(world.lake, 'drop stage s')
  expect((await lastRows(world.lake, 'show pipes'))[0]).toMatchObject({
    invalid_reason: expect.stringContaining('STAGE'),
  })
  expect(await status()).toMatchObject({ state: 'broken' })
  await ran(world.lake, 'drop pipe p')
  expect((await world.lake.status()).pipes).toEqual([])
})

test('a pipe makes a queue of its own, that the bucket may send to', async () => {
  await ran(
    world.lake,
    'create pipe p auto_ingest = true as copy into logs.vpc_flow_logs from @s file_format = (type = vpc_flow_logs)',
  )
  const [shown] = await lastRows(world.lake, 'show pipes')

  expect(shown?.['notification_channel']).toMatch(new RegExp(`:millrace-${world.bucket}$`))
})

test.each([
  ['create pipe p as copy into logs.vpc_flow_logs from @nowhere file_format = (type = vpc_flow_logs)', 'NOWHERE'],
  ['create pipe p as copy into nothing from @s', 'NOTHING'],
  ['create pipe p as copy into logs.vpc_flow_logs from @s', 'TYPE = VPC_FLOW_LOGS'],
  ['alter pipe p refresh', 'does not exist'],
  ["create pipe p reconcile = 'often' as copy into logs.vpc_flow_logs from @s", 'RECONCILE expects'],
])('%s is refused', async (script, words) => {
  expect((await failureOf(world.lake, script)).message).toContain(words)
})
