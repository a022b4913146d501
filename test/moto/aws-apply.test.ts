import { afterEach, beforeEach, expect, test } from 'vitest'
import { isDone } from '../../src/aws-setup/plan.ts'
import { openWorld, statesOf, type World } from './setup/world.ts'

const reader = { trusts: 'arn:aws:iam::123456789012:role/collector', external_id: 'millrace-4f6c' }
const full = {
  name: 'flow',
  bucket: { lifecycle: { transitions: [{ days: 30, class: 'STANDARD_IA' }], expire_days: 400 }, encryption: 'AES256' },
  access_logs: { buckets: ['site-{account}'] },
  reader,
}
const byEvents = { ...full, events: { by: 'eventbridge', prefix: 'AWSLogs/' } }

let world: World
beforeEach(async () => {
  world = await openWorld(full)
  const s3 = await world.account.clients.s3()
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const
  await s3.createBucket({ Bucket: `site-${world.accountId}`, CreateBucketConfiguration })
  world.proxy.fail(() => undefined)
})
afterEach(() => world.close())

test('what is missing is made, read back, and then there is nothing to do', async () => {
  const first = await world.plan()
  expect(world.proxy.changes).toEqual([])
  expect(new Set(statesOf(first).map((one) => one.replace(/^.*: /, '')))).toEqual(new Set(['missing']))
  const planned = first.resources.flatMap(({ steps }) => steps)
  const outcome = await world.apply(first)
  expect(outcome).toEqual({ done: planned, left: [], failure: undefined })
  expect(world.proxy.changes).toHaveLength(planned.length)
  const again = await world.plan()
  expect(new Set(statesOf(again).map((one) => one.replace(/^.*: /, '')))).toEqual(new Set(['same']))
  world.proxy.fail(() => undefined)
  expect(await world.apply()).toEqual({ done: [], left: [], failure: undefined })
  expect(world.proxy.changes).toEqual([])
  expect(world.told.filter(({ kind }) => kind === 'read back')).toHaveLength(first.resources.length)
})

const ways = [
  { way: 'by notification', given: full },
  { way: 'by EventBridge', given: byEvents },
]

test.each(ways)('it goes on after a failure at every step, $way', { timeout: 300_000 }, async ({ given }) => {
  const one = await world.wanting(given)
  const steps = (await one.plan()).resources.flatMap((resource) => resource.steps)
  expect(steps.length).toBeGreaterThan(10)
  for (const [at, step] of steps.entries())
    for (const fault of ['before', 'after'] as const) {
      world.proxy.fail((change) => (change === 0 ? fault : undefined))
      const broken = await one.apply()
      expect(broken.failure?.message).toContain(step.does)
      expect({ done: broken.done, left: broken.left }).toEqual({ done: [], left: steps.slice(at) })
      expect(world.proxy.changes).toHaveLength(1)
    }
  world.proxy.fail(() => undefined)
  expect((await one.apply()).done).toEqual([])
  expect(isDone(await one.plan())).toBe(true)
})

test.each(ways)('answers that are lost are no failures, $way', async ({ given }) => {
  const one = await world.wanting(given)
  const plan = await one.plan()
  const steps = plan.resources.flatMap((resource) => resource.steps)
  world.proxy.fail((change) => (change % 2 === 0 ? 'cut' : undefined))
  expect(await one.apply(plan)).toEqual({ done: steps, left: [], failure: undefined })
  expect(world.proxy.changes).toHaveLength(2 * steps.length)
  expect(isDone(await one.plan())).toBe(true)
})
