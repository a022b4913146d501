import { afterEach, beforeEach, expect, test } from 'vitest'
import { carryOut, removalsOf } from '../../src/aws-setup/carry-out.ts'
import { type World, openWorld, patientTiming, statesOf } from './setup/world.ts'

const given = {
  name: 'flow',
  bucket: { lifecycle: { expire_days: 400 } },
  events: { prefix: 'AWSLogs/' },
  reader: { trusts: 'arn:aws:iam::123456789012:role/collector', external_id: 'millrace-4f6c' },
}

let world: World
beforeEach(async () => {
  world = await openWorld(given)
})
afterEach(() => world.close())

const put = async (Key: string): Promise<void> => {
  await (await world.account.clients.s3()).putObject({ Bucket: world.bucket, Key, Body: 'x' })
}

test('all that was made is taken away, and then there is nothing to take', async () => {
  await world.apply()
  const outcome = await world.destroy()
  expect(outcome.failure).toBeUndefined()
  expect(outcome.done.map(({ call }) => call.operation)).toEqual([
    'iam:DeleteRolePolicy',
    'iam:DeleteRole',
    's3:PutBucketNotificationConfiguration',
    'sqs:SetQueueAttributes',
    'sqs:DeleteQueue',
    'sqs:DeleteQueue',
    's3:DeleteBucketPolicy',
    's3:DeleteBucketLifecycle',
    's3:DeleteBucket',
  ])
  expect(new Set(statesOf(await world.plan()).map((one) => one.replace(/^.*: /, '')))).toEqual(new Set(['missing']))
  expect((await world.destroy()).done).toEqual([])
})

test('a bucket with objects stays until its name is said', async () => {
  await world.apply()
  for (let number = 0; number < 3; number++) await put(`AWSLogs/${number}`)
  const kept = await world.destroy('another-bucket')
  expect(kept.failure).toBeUndefined()
  const removal = await world.removal()
  expect(removal.resources.flatMap(({ steps }) => steps)).toEqual([])
  expect(removal.resources.flatMap(({ remarks = [] }) => remarks)).toContainEqual(
    expect.stringContaining(`add --delete-data ${world.bucket}`),
  )
  const outcome = await world.destroy(world.bucket)
  expect(outcome.failure).toBeUndefined()
  expect(outcome.done.map(({ call }) => call.operation)).toEqual(['s3:EmptyBucket', 's3:DeleteBucket'])
})

test('taking away goes on after a failure at every step', { timeout: 300_000 }, async () => {
  await world.apply()
  await put('AWSLogs/1')
  const steps = (await world.removal(world.bucket)).resources.flatMap((one) => one.steps)
  for (const [at, step] of steps.entries())
    for (const fault of ['before', 'after'] as const) {
      world.proxy.fail((change) => (change === 0 ? fault : undefined))
      const broken = await world.destroy(world.bucket)
      expect(broken.failure?.message).toContain(step.does)
      expect({ done: broken.done, left: broken.left }).toEqual({ done: [], left: steps.slice(at) })
    }
  world.proxy.fail(() => undefined)
  expect((await world.destroy(world.bucket)).done).toEqual([])
})

test('Ctrl-C ends the deletion of objects between two requests', async () => {
  await world.apply()
  await put('AWSLogs/1')
  const controller = new AbortController()
  const options = { deleteData: world.bucket }
  world.proxy.before('?delete', async () => {
    controller.abort()
  })
  const removal = await world.removal(world.bucket)
  const last = removal.resources.flatMap((one) => one.steps).slice(-2)
  const how = { timing: patientTiming(), signal: controller.signal, tell: () => undefined }
  const { left, failure } = await carryOut(removalsOf(removal, options), how)
  expect(left).toEqual(last)
  expect(failure?.message).toMatch(/^It was stopped while the bucket \S+ was emptied: 1 deleted/)
  expect((await world.destroy(world.bucket)).failure).toBeUndefined()
})

test('answers that are lost while all is taken away are no failures', async () => {
  await world.apply()
  await put('AWSLogs/1')
  const steps = (await world.removal(world.bucket)).resources.flatMap((one) => one.steps)
  world.proxy.fail((change) => (change % 2 === 0 ? 'cut' : undefined))
  expect(await world.destroy(world.bucket)).toEqual({ done: steps, left: [], failure: undefined })
})

test('what was there before is used as it is, and stays', async () => {
  const { clients } = world.account
  const [s3, sqs] = [await clients.s3(), await clients.sqs()]
  const Bucket = world.bucket
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const
  await s3.createBucket({ Bucket, CreateBucketConfiguration })
  await put('AWSLogs/old')
  const theirs = { Sid: 'Theirs', Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' }
  const policy = { Version: '2012-10-17', Id: 'their-policy', Statement: [theirs] }
  await s3.putBucketPolicy({ Bucket, Policy: JSON.stringify(policy) })
  await sqs.createQueue({ QueueName: 'millrace-flow', Attributes: { VisibilityTimeout: '77' } })
  await sqs.createQueue({ QueueName: 'theirs' })
  const rule = { ID: 'theirs', Status: 'Enabled' as const, Filter: { Prefix: 'tmp/' }, Expiration: { Days: 1 } }
  await s3.putBucketLifecycleConfiguration({ Bucket, LifecycleConfiguration: { Rules: [rule] } })
  const QueueConfigurations = [
    {
      Id: 'theirs',
      QueueArn: `arn:aws:sqs:eu-west-1:${world.accountId}:theirs`,
      Events: ['s3:ObjectCreated:*' as const],
      Filter: { Key: { FilterRules: [{ Name: 'prefix' as const, Value: 'other/' }] } },
    },
  ]
  await s3.putBucketNotificationConfiguration({ Bucket, NotificationConfiguration: { QueueConfigurations } })

  expect(statesOf(await world.plan())).toEqual([
    'bucket: foreign',
    'public access block: foreign',
    'encryption: foreign',
    'lifecycle: missing',
    'bucket policy: missing',
    'dead-letter queue: missing',
    'queue: foreign',
    'queue policy: missing',
    'event notification: missing',
    "reader's role: missing",
    "reader's rights: missing",
  ])
  expect((await world.apply()).failure).toBeUndefined()
  expect((await world.apply()).done).toEqual([])
  expect((await world.destroy(world.bucket)).failure).toBeUndefined()
  expect(JSON.parse((await s3.getBucketPolicy({ Bucket })).Policy ?? '')).toEqual(policy)
  expect((await s3.getBucketLifecycleConfiguration({ Bucket })).Rules).toMatchObject([{ ID: 'theirs' }])
  const told = await s3.getBucketNotificationConfiguration({ Bucket })
  expect(told.QueueConfigurations).toMatchObject(QueueConfigurations)
  expect((await s3.listObjectsV2({ Bucket })).Contents).toMatchObject([{ Key: 'AWSLogs/old' }])
  const QueueUrl = `https://sqs.eu-west-1.amazonaws.com/${world.accountId}/millrace-flow`
  const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] })
  expect(Attributes?.['VisibilityTimeout']).toBe('77')
  expect(Attributes?.['Policy'] ?? '').not.toContain('Millrace')
})

test('a role and a rule of others of the same name are an obstacle, and stay', async () => {
  const { clients } = world.account
  const trust = { Version: '2012-10-17', Statement: [] }
  const RoleName = 'millrace-flow-reader'
  const iam = await clients.iam()
  await iam.createRole({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) })
  const plan = await world.plan()
  expect(plan.resources.map(({ obstacle }) => obstacle).filter((one) => one !== undefined)).toEqual([
    expect.stringContaining(`There is a role ${RoleName} that this setup has not made.`),
  ])
  expect((await world.destroy()).done).toEqual([])
  expect((await iam.getRole({ RoleName })).Role?.RoleName).toBe(RoleName)
})

test('another setup in the same account and bucket is not touched', async () => {
  await world.apply()
  const other = await world.wanting({ name: 'other', events: { prefix: 'other/' } })
  expect(statesOf(await other.plan())[0]).toBe('bucket: foreign')
  expect((await other.apply()).failure).toBeUndefined()
  expect((await other.destroy(world.bucket)).failure).toBeUndefined()
  expect(new Set(statesOf(await world.plan()).map((one) => one.replace(/^.*: /, '')))).toEqual(new Set(['same']))
})
