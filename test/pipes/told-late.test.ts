import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ran } from '../run/running.ts'
import { type Cloud, openCloud } from './cloud.ts'
import { openFaultyWorld, rows, speed, until } from './faulty-world.ts'
import { flowLog } from './world.ts'

let cloud: Cloud

beforeAll(async () => {
  cloud = await openCloud(speed)
})

afterAll(() => cloud.close())

const bad = Buffer.from([0x1f, 0x8b, 1, 2, 3])

describe.concurrent('pipes', () => {
  test('a message that comes after its object was replaced and loaded notes no change', async (context) => {
    const world = await openFaultyWorld(cloud, context)
    await world.pipe('flow')
    const late = await world.put('flow', 'a.log', flowLog(1))
    await world.put('flow', 'a.log', flowLog(2, 10))
    await world.start()
    await until(() => world.count(rows), 2)
    await late()
    await until(world.messages, 0)

    expect(await world.count(rows)).toBe(2)
    expect(await world.lake.history({ status: 'changed' })).toEqual([])
  })

  test('an object that is replaced after it was loaded is held, and said to be', async (context) => {
    const world = await openFaultyWorld(cloud, context)
    await world.pipe('flow')
    await world.start()
    await world.put('flow', 'a.log', flowLog(1))
    await until(() => world.count(rows), 1)
    await world.put('flow', 'a.log', flowLog(2, 10))
    await until(world.messages, 0)

    expect(await world.count(rows)).toBe(1)
    expect(await world.lake.history({ status: 'changed' })).toMatchObject([{ file: world.uri('flow', 'a.log') }])
  })

  test('what a listing finds and is gone or replaced when it is read is not given up', async (context) => {
    const world = await openFaultyWorld(cloud, context)
    await world.pipe('flow', "reconcile = '10 seconds' start = 'all'")
    const isMet = new Set<string>()
    world.meddle('flow', async ({ action, key }) => {
      if (action !== 'get' || isMet.has(key)) return undefined
      isMet.add(key)
      if (key === 'gone.log') await world.remove('flow', key)
      if (key === 'replaced.log') await world.putSilently('flow', key, flowLog(2, 10))
      return undefined
    })
    for (const key of ['gone.log', 'replaced.log', 'stays.log']) await world.putSilently('flow', key, flowLog(1))
    await world.start()
    await until(() => world.count(rows), 3)

    expect(await world.parked()).toEqual([])
  })

  test('what was given up is so no longer once anything has loaded it', async (context) => {
    const world = await openFaultyWorld(cloud, context)
    await world.pipe('flow')
    await world.start()
    await world.put('flow', 'a.log', bad)
    await world.put('flow', 'b.log', bad)
    await until(() => world.parked(), [world.uri('flow', 'a.log'), world.uri('flow', 'b.log')])
    await world.put('flow', 'a.log', flowLog(1))
    await until(() => world.parked(), [world.uri('flow', 'b.log')])
    await world.putSilently('flow', 'b.log', flowLog(2, 10))
    await ran(world.lake, 'copy into logs.vpc_flow_logs from @flow_stage file_format = (type = vpc_flow_logs)')
    await ran(world.lake, 'alter pipe flow refresh')

    expect(await world.count(rows)).toBe(3)
    expect(await world.parked()).toEqual([])
  })

  test('messages for a pipe that is paused are not lost on a queue that another reads', async (context) => {
    const world = await openFaultyWorld(cloud, context)
    await world.pipe('paused')
    await world.pipe('other')
    await world.start()
    await ran(world.lake, 'alter pipe paused set pipe_execution_paused = true')
    await world.put('paused', 'AWSLogs/123456789012/vpcflowlogs/us-east-1/2020/01/01/a.log', flowLog(1))
    await world.put('other', 'b.log', flowLog(1, 1))
    await until(world.messages, 0)
    expect(await world.count(rows)).toBe(1)
    await ran(world.lake, 'alter pipe paused set pipe_execution_paused = false')
    await until(() => world.count(rows), 2)
  })

  test('a queue keeps its messages when its only pipe is dropped, also those in hand', async (context) => {
    const world = await openFaultyWorld(cloud, context)
    await world.pipe('flow')
    const got = new Set<string>()
    let isHanging = true
    world.meddle('flow', ({ action, key }) => {
      if (action !== 'get') return undefined
      got.add(key)
      return isHanging ? { kind: 'hang' } : undefined
    })
    await world.start()
    const keys = ['a.log', 'b.log', 'c.log']
    for (const key of keys) await world.put('flow', key, flowLog(1))
    await until(() => keys.every((key) => got.has(key)), true)
    await ran(world.lake, 'drop pipe flow')
    expect([world.messages(), world.given(), await world.parked()]).toEqual([3, 3, []])
    isHanging = false
    await world.pipe('flow', "reconcile = '1 hour' start = 'all'")
    await until(world.messages, 0)

    expect([world.given(), await world.count(rows)]).toEqual([6, 3])
  })

  test('messages of a dropped pipe are deleted from a queue that others read', async (context) => {
    const world = await openFaultyWorld(cloud, context)
    await world.pipe('dropped')
    await world.pipe('other')
    world.meddle('dropped', ({ action }) => (action === 'get' ? { kind: 'hang' } : undefined))
    await world.start()
    await world.put('dropped', 'a.log', bad)
    await until(() => world.given(), 1)
    await ran(world.lake, 'drop pipe dropped')
    await world.put('other', 'b.log', flowLog(1))
    await until(world.messages, 0)

    expect(await world.count(rows)).toBe(1)
    expect(await world.parked()).toEqual([])
  })

  test('a message that cannot be read is kept once, however often it comes', async (context) => {
    const world = await openFaultyWorld(cloud, context)
    await world.pipe('flow')
    await world.start()
    for (let times = 0; times < 3; times++) await world.send('no notification')
    await until(world.messages, 0)

    expect(await world.count('select count(*) as n from lake.parked_objects')).toBe(1)
  })
})
