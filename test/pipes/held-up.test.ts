import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lastRows, ran } from '../run/running.ts'
import { type Cloud, openCloud } from './cloud.ts'
import { openFaultyWorld, rows, speed, until } from './faulty-world.ts'
import { flowLog } from './world.ts'

let cloud: Cloud

beforeAll(async () => {
  cloud = await openCloud(speed)
})

afterAll(() => cloud.close())

describe.concurrent('pipes', () => {
  test('an object that cannot be got holds up only itself, is given up in the end, and loaded by REFRESH', async (context) => {
    const world = await openFaultyWorld(cloud, context)
    await world.pipe('flow')
    let gets = 0
    let isMended = false
    world.meddle('flow', ({ action, key }) => {
      if (action !== 'get' || key !== 'broken.log' || isMended) return undefined
      gets++
      return { kind: 'broken', share: 0.5 }
    })
    await world.start()
    await world.put('flow', 'broken.log', flowLog(1))
    // Each of these is loaded while it is tried.
    for (let index = 0; index < 3; index++) {
      const before = gets
      await until(() => gets > before, true)
      await world.put('flow', `${index}.log`, flowLog(2, 10 + index * 2))
      await until(() => world.count(rows), 2 + index * 2)
    }
    await until(() => world.parked(), [world.uri('flow', 'broken.log')])
    await until(world.messages, 0)

    const [status] = (await world.lake.status()).pipes
    expect(status).toMatchObject({ parked_files: 1, state: 'running' })
    expect(await lastRows(world.lake, 'select parked_objects from logs.pipes')).toEqual([{ parked_objects: 1 }])
    expect(await world.lake.history({ status: 'failed' })).toMatchObject([
      { file: world.uri('flow', 'broken.log'), error: expect.stringContaining('broke off') },
    ])
    isMended = true
    await ran(world.lake, 'alter pipe flow refresh')
    expect(await world.count(rows)).toBe(7)
    expect(await world.parked()).toEqual([])
  })

  test('a bucket whose bytes drip holds up no other pipe, on one queue', async (context) => {
    const world = await openFaultyWorld(cloud, context)
    await world.pipe('slow')
    await world.pipe('quick')
    const dripping = new Set<string>()
    world.meddle('slow', ({ action, key }) => {
      if (action === 'get') dripping.add(key)
      return action === 'get' ? { kind: 'drip', pieces: 10_000, ms: 200 } : undefined
    })
    await world.start()
    // More than there are connections.
    for (let index = 0; index < 80; index++) await world.put('slow', `${index}.log`, flowLog(20))
    await until(() => dripping.size > 0, true)
    for (let index = 0; index < 20; index++) {
      await world.put('quick', `${index}.log`, flowLog(5, 1000 + index * 5))
      if (index % 5 === 0) await until(() => world.count(rows), (index + 1) * 5)
    }
    await until(() => world.count(rows), 100)

    expect(await world.lake.history({ status: 'failed', limit: 1000 })).toEqual([])
    expect(world.messages()).toBeGreaterThanOrEqual(80)
  })

  test('one object that drips holds up no other of its pipe', async (context) => {
    const world = await openFaultyWorld(cloud, context)
    await world.pipe('flow')
    let isSlow = true
    world.meddle('flow', ({ action, key }) =>
      action === 'get' && key === 'slow.log' && isSlow ? { kind: 'drip', pieces: 10_000, ms: 100 } : undefined,
    )
    await world.put('flow', 'slow.log', flowLog(100))
    for (let index = 0; index < 5; index++) await world.put('flow', `${index}.log`, flowLog(5, 100 + index * 5))
    await world.start()
    await until(() => world.count(rows), 25)
    await world.put('flow', 'late.log', flowLog(1, 1000))
    await until(() => world.count(rows), 26)
    isSlow = false
    await until(world.messages, 0)

    expect(await world.count(rows)).toBe(126)
  })

  test('a message is hidden for longer, again and again, while its object is under way', async (context) => {
    const world = await openFaultyWorld(cloud, context, { visibilitySeconds: 10 })
    await world.pipe('flow')
    let extensions = 0
    const enough = new Promise<void>((resolve) => {
      world.meddleInQueue(({ action, bodies }) => {
        if (action === 'ChangeMessageVisibilityBatch' && bodies.length === 1) extensions++
        if (extensions === 3) resolve()
        return undefined
      })
    })
    world.meddle('flow', async ({ action }) => {
      if (action === 'get') await enough
      return undefined
    })
    await world.put('flow', 'a.log', flowLog(3))
    await world.start()
    await until(() => world.count(rows), 3)
    await until(world.messages, 0)

    expect(extensions).toBeGreaterThanOrEqual(3)
  })

  test('a message is deleted only when its object is in the lake', async (context) => {
    const world = await openFaultyWorld(cloud, context)
    await world.pipe('flow')
    const deleted = new Set<string>()
    const early = new Set<string>()
    world.meddleInQueue(async ({ action, bodies }) => {
      if (action !== 'DeleteMessageBatch') return undefined
      for (const body of bodies) {
        const [, key = ''] = /"key":"([^"]*)"/.exec(body) ?? []
        const isThere = await world.count(
          `select count(*) as n from load_history where file = '${world.uri('flow', key)}' and status = 'loaded'`,
        )
        ;(isThere === 1 ? deleted : early).add(key)
      }
      return undefined
    })
    await world.start()
    for (let index = 0; index < 30; index++) {
      await world.put('flow', `${index}.log`, flowLog(100, index * 100))
      if (index % 10 === 0) await sleep(50)
    }
    await until(world.messages, 0)

    expect([...early]).toEqual([])
    expect(deleted.size).toBe(30)
  })

  test('pipes stop while nothing answers, and give back what they had in hand', async (context) => {
    const world = await openFaultyWorld(cloud, context)
    await world.pipe('flow')
    await world.pipe('other', "reconcile = '10 seconds'")
    let isHanging = false
    const hang = ({ action }: { readonly action: string }) => {
      hanging.add(action)
      return isHanging ? ({ kind: 'hang' } as const) : undefined
    }
    const hanging = new Set<string>()
    world.meddle('flow', hang)
    world.meddle('other', hang)
    world.meddleInQueue(({ action }) =>
      isHanging && action !== 'ReceiveMessage' ? ({ kind: 'hang' } as const) : undefined,
    )
    await world.start()
    await world.put('flow', 'before.log', flowLog(1))
    await until(() => world.count(rows), 1)
    isHanging = true
    hanging.clear()
    for (let index = 0; index < 10; index++) await world.put('flow', `${index}.log`, flowLog(2, 10 + index * 2))
    await until(() => hanging.has('get') && hanging.has('list'), true)
    const late = Symbol('late')

    expect(await Promise.race([world.lake.pipes.stop(), sleep(10_000, late, { ref: false })])).not.toBe(late)
    expect(await world.count(rows)).toBe(1)
    isHanging = false
    await world.start()
    await until(() => world.count(rows), 21)
    expect(await world.parked()).toEqual([])
  })

  test('what a stopped pipe had in hand is visible at once', async (context) => {
    const world = await openFaultyWorld(cloud, context)
    await world.pipe('flow')
    const got = new Set<string>()
    world.meddle('flow', ({ action, key }) => {
      if (action === 'get') got.add(key)
      return action === 'get' && key !== 'before.log' ? { kind: 'hang' } : undefined
    })
    await world.start()
    // Something was loaded a moment ago: so it was that others counted as given up.
    await world.put('flow', 'before.log', flowLog(1))
    await until(async () => [await world.count(rows), world.messages()], [1, 0])
    for (let index = 0; index < 5; index++) await world.put('flow', `${index}.log`, flowLog(1, 10 + index))
    await until(() => got.size, 6)
    await world.lake.pipes.stop()

    expect(await world.parked()).toEqual([])
    await until(world.visible, 5)
  })
})
