import { S3 } from '@aws-sdk/client-s3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { carryOut, undoneOf } from '../../src/aws-setup/carry-out.ts'
import { obstaclesOf } from '../../src/aws-setup/plan.ts'
import { differencesOf, openWorld, patientTiming, statesOf, type World } from './setup/world.ts'

let world: World
beforeEach(async () => {
  world = await openWorld({ name: 'flow' })
})
afterEach(() => world.close())

const ireland = { LocationConstraint: 'eu-west-1' } as const

test('a bucket of another account, or in another region, is an obstacle; nothing there is changed', async () => {
  const [mine, theirs] = [world.bucket, await openWorld()]
  const s3 = await theirs.account.clients.s3()
  await s3.createBucket({ Bucket: mine, CreateBucketConfiguration: ireland })
  await s3.putObject({ Bucket: mine, Key: 'x', Body: 'x' })
  const elsewhere = { LocationConstraint: 'ap-northeast-1' } as const
  const { credentials } = s3.config
  const tokyo = new S3({ region: 'ap-northeast-1', endpoint: theirs.proxy.url, credentials, forcePathStyle: true })
  await tokyo.createBucket({ Bucket: `far-${theirs.accountId}`, CreateBucketConfiguration: elsewhere })
  tokyo.destroy()
  const far = await theirs.wanting({ bucket: { name: `far-${theirs.accountId}` } })
  world.proxy.refused.add(mine)
  const obstacles = obstaclesOf(await world.plan())
  expect(obstacles[0]).toContain(`The bucket ${mine} is there, but belongs to another account`)
  expect(obstacles.slice(1).every((one) => /^Reading the [a-z ]+ \S+ was refused \(AccessDenied/.test(one))).toBe(true)
  expect(obstaclesOf(await far.plan())).toEqual([expect.stringContaining('is in ap-northeast-1, and a queue that it')])
  await theirs.close()
})

test('the requests to all buckets are logged, but those to buckets of logs and those logged already', async () => {
  const { accountId, bucket } = world
  const s3 = await world.account.clients.s3()
  const [site, shop, audit] = ['site', 'shop', 'audit'].map((name) => `${name}-${accountId}`)
  for (const Bucket of [site, shop, audit]) await s3.createBucket({ Bucket, CreateBucketConfiguration: ireland })
  const delivery = { Effect: 'Allow', Principal: { Service: 'logging.s3.amazonaws.com' }, Action: 's3:PutObject' }
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ ...delivery, Resource: `arn:aws:s3:::${audit}/*` }],
  })
  await s3.putBucketPolicy({ Bucket: audit, Policy })
  const BucketLoggingStatus = { LoggingEnabled: { TargetBucket: audit, TargetPrefix: 'old/' } }
  await s3.putBucketLogging({ Bucket: shop, BucketLoggingStatus })

  const given = { name: 'flow', access_logs: { buckets: 'all' } }
  const all = await world.wanting(given)
  expect((await all.apply()).failure).toBeUndefined()
  // The bucket of logs is there by now, and is listed too.
  const plan = await (await world.wanting(given)).plan()
  const logged = plan.resources.filter(({ resource }) => resource.wanted.kind === 'access logging')
  expect(logged.map(({ resource, state }) => [resource.wanted.name, state])).toEqual([
    [audit, 'foreign'],
    [shop, 'foreign'],
    [site, 'same'],
  ])
  expect(logged.map(({ remarks }) => remarks?.[0])).toEqual([
    expect.stringContaining(`since it takes the logs of the bucket ${shop}`),
    expect.stringContaining(`are logged into ${audit} already`),
    undefined,
  ])
  expect(plan.resources.flatMap(({ steps }) => steps)).toEqual([])
  expect((await s3.getBucketLogging({ Bucket: site })).LoggingEnabled).toMatchObject({
    TargetBucket: bucket,
    TargetPrefix: 'access-logs/',
  })
  expect((await (await world.wanting(given)).destroy()).failure).toBeUndefined()
  expect((await s3.getBucketLogging({ Bucket: site })).LoggingEnabled).toBeUndefined()
  expect((await s3.getBucketLogging({ Bucket: shop })).LoggingEnabled).toMatchObject({ TargetBucket: audit })
})

test('two setups that log all buckets never log the buckets of each other', async () => {
  const { accountId } = world
  const s3 = await world.account.clients.s3()
  const given = (name: string) => ({ name, bucket: { name: `${name}-${accountId}` }, access_logs: { buckets: 'all' } })
  await s3.createBucket({ Bucket: `site-${accountId}`, CreateBucketConfiguration: ireland })
  // Twice: the bucket of the second is there only when the first is applied again.
  for (const name of ['one', 'two', 'one', 'two'])
    expect((await (await world.wanting(given(name))).apply()).failure).toBeUndefined()
  for (const name of ['one', 'two'])
    expect((await s3.getBucketLogging({ Bucket: `${name}-${accountId}` })).LoggingEnabled).toBeUndefined()
  const { resources } = await (await world.wanting(given('one'))).plan()
  expect(resources.flatMap(({ remarks = [] }) => remarks)).toContain(
    `The requests to the bucket two-${accountId} are not logged, since it is the bucket for logs of the setup two: logs of logs. Name it in access_logs if you want them.`,
  )
})

test('a bucket that is named is never logged into one whose logs come back into it', async () => {
  const { accountId } = world
  const [one, two, three] = ['one', 'two', 'three'].map((name) => `${name}-${accountId}`)
  const given = (name = '', ...buckets: (string | undefined)[]) => ({
    name: name.replace(/-.*/, ''),
    bucket: { name },
    access_logs: { buckets },
  })
  const s3 = await world.account.clients.s3()
  await s3.createBucket({ Bucket: three, CreateBucketConfiguration: ireland })
  const applied = async (wanted: ReturnType<typeof given>) => (await (await world.wanting(wanted)).apply()).failure
  expect(await applied(given(one, three))).toBeUndefined()
  expect(await applied(given(two, one))).toBeUndefined()
  // Directly, and through one that is logged into the other.
  for (const target of [one, three])
    expect(obstaclesOf(await (await world.wanting(given(target, two))).plan())).toEqual([
      expect.stringContaining(
        `The logs of the bucket ${target} reach the bucket ${two} already: with the logs of ${two} in`,
      ),
    ])
})

test('a bucket that is named and lies in another region is an obstacle', async () => {
  const { accountId } = world
  const far = `far-${accountId}`
  const { credentials } = (await world.account.clients.s3()).config
  const tokyo = new S3({ region: 'ap-northeast-1', endpoint: world.proxy.url, credentials, forcePathStyle: true })
  await tokyo.createBucket({ Bucket: far, CreateBucketConfiguration: { LocationConstraint: 'ap-northeast-1' } })
  tokyo.destroy()
  const wanted = await world.wanting({ name: 'flow', access_logs: { buckets: [far] } })
  expect(obstaclesOf(await wanted.plan())).toEqual([
    `The bucket ${far} is in ap-northeast-1, and S3 logs only into a bucket of the same region, not into ${world.bucket} in eu-west-1. Set up its logs by another --region and --name.`,
  ])
})

test('where EventBridge takes the place of a notification, the queue is told once', async () => {
  await world.apply()
  const other = await world.wanting({ name: 'flow', events: { by: 'eventbridge' } })
  const plan = await other.plan()
  expect(differencesOf(plan)).toMatchObject({
    'events to EventBridge': ['its entry millrace-flow tells the queue besides'],
    'queue policy': ['its statement MillraceFlowEvents is not wanted any more', 'it has no statement MillraceFlowRule'],
  })
  expect((await other.apply(plan)).failure).toBeUndefined()
  expect(new Set(statesOf(await other.plan()).map((one) => one.replace(/^.*: /, '')))).toEqual(new Set(['same']))
  const s3 = await world.account.clients.s3()
  const told = await s3.getBucketNotificationConfiguration({ Bucket: world.bucket })
  expect(told.QueueConfigurations ?? []).toEqual([])
})

test('Ctrl-C ends it between two steps, and what is left is told', async () => {
  const controller = new AbortController()
  const plan = await world.plan()
  const steps = plan.resources.flatMap((one) => one.steps)
  const { done, left, failure } = await carryOut(undoneOf(plan), {
    timing: patientTiming(),
    signal: controller.signal,
    tell: ({ kind }) => {
      if (kind === 'done') controller.abort()
    },
  })
  expect({ done, left }).toEqual({ done: steps.slice(0, 1), left: steps.slice(1) })
  expect(failure?.message).toBe(`It was stopped before the step "${steps[1]?.does ?? ''}".`)
  expect((await world.apply()).failure).toBeUndefined()
})

test('where nobody answers, it is said what was to be read', async () => {
  world.proxy.hangUp()
  await expect(world.plan()).rejects.toMatchObject({
    code: 'SOURCE_UNAVAILABLE',
    message: expect.stringMatching(/^Reading the [a-z -]+ \S+ failed because AWS cannot be reached/),
  })
})
