import { afterEach, beforeEach, expect, test } from 'vitest'
import { obstaclesOf } from '../../src/aws-setup/plan.ts'
import { readPolicy, sidOf } from '../../src/aws-setup/policy.ts'
import { type World, differencesOf, openWorld, statesOf } from './setup/world.ts'

const given = {
  name: 'flow',
  bucket: { lifecycle: { transitions: [{ days: 30, class: 'STANDARD_IA' }] } },
  events: { prefix: 'AWSLogs/' },
  reader: { trusts: 'arn:aws:iam::123456789012:role/collector', external_id: 'millrace-4f6c' },
}
const queue = { name: 'millrace-flow', role: 'millrace-flow-reader', entry: 'millrace-flow' }

let world: World
beforeEach(async () => {
  world = await openWorld(given)
})
afterEach(() => world.close())

const urlOf = (name: string): string => `https://sqs.eu-west-1.amazonaws.com/${world.accountId}/${name}`
const arnOf = (name: string): string => `arn:aws:sqs:eu-west-1:${world.accountId}:${name}`

const tls = {
  Sid: 'OnlyTls',
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: '*',
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
}
const theirSender = { Sid: 'Theirs', Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' }

/** What others may do in a day. */
async function drift(): Promise<void> {
  const { clients } = world.account
  const [s3, sqs, iam] = [await clients.s3(), await clients.sqs(), await clients.iam()]
  const Bucket = world.bucket
  const { Policy = '' } = await s3.getBucketPolicy({ Bucket })
  const wider = Policy.replace('"s3:PutObject"', '"s3:*"').replace(
    '"Statement":[',
    `"Statement":[${JSON.stringify(tls)},`,
  )
  await s3.putBucketPolicy({ Bucket, Policy: wider })
  await s3.deletePublicAccessBlock({ Bucket })
  await s3.putBucketLifecycleConfiguration({ Bucket, LifecycleConfiguration: { Rules: [theirRule] } })
  await sqs.createQueue({ QueueName: 'theirs' })
  await s3.putBucketNotificationConfiguration({
    Bucket,
    NotificationConfiguration: { QueueConfigurations: [theirEntry()] },
  })
  const Attributes = { Policy: JSON.stringify({ Version: '2008-10-17', Statement: theirSender }) }
  await sqs.setQueueAttributes({ QueueUrl: urlOf(queue.name), Attributes })
  const { Role } = await iam.getRole({ RoleName: queue.role })
  const trust = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '').replace('millrace-4f6c', 'guessed')
  await iam.updateAssumeRolePolicy({ RoleName: queue.role, PolicyDocument: trust })
  await iam.deleteRolePolicy({ RoleName: queue.role, PolicyName: queue.entry })
}

const theirRule = { ID: 'theirs', Status: 'Enabled' as const, Filter: { Prefix: 'tmp/' }, Expiration: { Days: 1 } }
const theirEntry = () => ({
  Id: 'theirs',
  QueueArn: arnOf('theirs'),
  Events: ['s3:ObjectCreated:*' as const],
  Filter: { Key: { FilterRules: [{ Name: 'prefix' as const, Value: 'other/' }] } },
})

interface Held {
  readonly sids: readonly unknown[]
  readonly rules: readonly unknown[]
  readonly entries: readonly unknown[]
  readonly senders: readonly unknown[]
}

/** By what each is known that is held beside that of others. */
async function held(): Promise<Held> {
  const { clients } = world.account
  const [s3, sqs] = [await clients.s3(), await clients.sqs()]
  const Bucket = world.bucket
  const policy = await s3.getBucketPolicy({ Bucket })
  const { Rules = [] } = await s3.getBucketLifecycleConfiguration({ Bucket })
  const { QueueConfigurations = [] } = await s3.getBucketNotificationConfiguration({ Bucket })
  const asked = await sqs.getQueueAttributes({ QueueUrl: urlOf(queue.name), AttributeNames: ['Policy'] })
  return {
    sids: readPolicy(policy.Policy, 'the bucket').statements.map(sidOf),
    rules: Rules.map(({ ID }) => ID),
    entries: QueueConfigurations.map(({ Id }) => Id),
    senders: readPolicy(asked.Attributes?.['Policy'], 'the queue').statements.map(sidOf),
  }
}

test('what others have changed is told and mended, and what is theirs stays', async () => {
  expect((await world.apply()).failure).toBeUndefined()
  await drift()
  const plan = await world.plan()
  expect(statesOf(plan).filter((one) => !one.endsWith('same'))).toEqual([
    'public access block: missing',
    'lifecycle: missing',
    'bucket policy: differs',
    'queue policy: missing',
    'event notification: missing',
    "reader's role: differs",
    "reader's rights: missing",
  ])
  expect(differencesOf(plan)).toMatchObject({
    'bucket policy': ['its statement MillraceFlowFlowLogWrite differs'],
    "reader's role": ['others may take it on, or under other conditions'],
  })
  expect(plan.resources.flatMap(({ remarks = [] }) => remarks)).toContainEqual(
    expect.stringContaining('denies writing in its statement OnlyTls'),
  )
  expect((await world.apply(plan)).failure).toBeUndefined()
  expect(new Set(statesOf(await world.plan()).map((one) => one.replace(/^.*: /, '')))).toEqual(new Set(['same']))
  expect(await held()).toEqual({
    sids: ['OnlyTls', 'MillraceFlowFlowLogWrite', 'MillraceFlowFlowLogCheck'],
    rules: ['theirs', queue.entry],
    entries: ['theirs', queue.entry],
    senders: ['Theirs', 'MillraceFlowEvents'],
  })
})

test('settings of a queue that somebody changed are set back', async () => {
  await world.apply()
  const sqs = await world.account.clients.sqs()
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf(`${queue.name}-dead`), maxReceiveCount: 2 })
  const Attributes = { VisibilityTimeout: '30', RedrivePolicy }
  await sqs.setQueueAttributes({ QueueUrl: urlOf(queue.name), Attributes })
  const plan = await world.plan()
  expect(differencesOf(plan)['queue']).toEqual([
    'its VisibilityTimeout is 30, not 300',
    expect.stringContaining('its RedrivePolicy is'),
  ])
  // moto forgets a queue's policy when something else is set.
  expect((await world.apply()).failure).toBeUndefined()
  const asked = await sqs.getQueueAttributes({ QueueUrl: urlOf(queue.name), AttributeNames: ['All'] })
  expect(asked.Attributes?.['VisibilityTimeout']).toBe('300')
  expect(JSON.parse(asked.Attributes?.['RedrivePolicy'] ?? '')).toMatchObject({ maxReceiveCount: 5 })
})

test('what is not wanted any more is taken out of the policy', async () => {
  await world.apply()
  const less = await world.wanting({ ...given, delivery: { flow_logs: false }, access_logs: { buckets: ['site'] } })
  const plan = await less.plan()
  expect(differencesOf(plan)['bucket policy']).toEqual([
    'its statement MillraceFlowFlowLogWrite is not wanted any more',
    'its statement MillraceFlowFlowLogCheck is not wanted any more',
    'it has no statement MillraceFlowAccessLogs',
  ])
  expect(obstaclesOf(plan)).toEqual([expect.stringContaining('The bucket site, whose requests are to be logged')])
})

test('a change between plan and apply is noticed, and nothing of it is lost', async () => {
  const plan = await world.plan()
  const { clients } = world.account
  world.proxy.before('SetQueueAttributes', async () => {
    const s3 = await clients.s3()
    await (await clients.sqs()).createQueue({ QueueName: 'theirs' })
    await s3.putBucketNotificationConfiguration({
      Bucket: world.bucket,
      NotificationConfiguration: { QueueConfigurations: [theirEntry()] },
    })
  })
  const { failure, left } = await world.apply(plan)
  expect(failure?.message).toMatch(/^The event notification \S+ was changed by somebody since the plan was made/)
  expect(left.map(({ call }) => call.operation)).toEqual([
    's3:PutBucketNotificationConfiguration',
    'iam:CreateRole',
    'iam:PutRolePolicy',
  ])
  expect((await world.apply()).failure).toBeUndefined()
  expect((await held()).entries).toEqual(['theirs', queue.entry])
})

test('an entry of others for the same objects is an obstacle that is told before anything is done', async () => {
  await world.apply()
  const { clients } = world.account
  const overlapping = { ...theirEntry(), Filter: undefined }
  await (await clients.sqs()).createQueue({ QueueName: 'theirs' })
  await (
    await clients.s3()
  ).putBucketNotificationConfiguration({
    Bucket: world.bucket,
    NotificationConfiguration: { QueueConfigurations: [overlapping] },
  })
  expect(obstaclesOf(await world.plan())).toEqual([
    expect.stringContaining(`tells ${arnOf('theirs')} of all objects already (entry theirs)`),
  ])
  const byEvents = await world.wanting({ ...given, events: { by: 'eventbridge' } })
  expect(obstaclesOf(await byEvents.plan())).toEqual([])
})
