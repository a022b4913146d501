import type { NotificationConfiguration } from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { bucketPolicyKind } from '../../src/aws-setup/resources/bucket-policy.ts'
import { bucketKind } from '../../src/aws-setup/resources/bucket.ts'
import { encryptionKind } from '../../src/aws-setup/resources/encryption.ts'
import { lifecycleKind } from '../../src/aws-setup/resources/lifecycle.ts'
import { notificationKind } from '../../src/aws-setup/resources/notification.ts'
import { queueKind } from '../../src/aws-setup/resources/queue.ts'
import { readPolicy } from '../../src/aws-setup/policy.ts'

const account = '123456789012'
const notification = {
  kind: 'event notification',
  name: 'logs',
  account,
  id: 'millrace',
  queueArn: `arn:aws:sqs:eu-west-1:${account}:q`,
  prefix: 'AWSLogs/a=b c/',
} as const
const entry = (Value: string, Events: readonly string[] = ['s3:ObjectCreated:*']) => ({
  QueueConfigurations: [
    {
      Id: 'theirs',
      QueueArn: 'arn:theirs',
      Events: Events.filter((one) => one === 's3:ObjectCreated:*' || one === 's3:ObjectRemoved:*'),
      Filter: { Key: { FilterRules: [{ Name: 'prefix' as const, Value }] } },
    },
  ],
})

test('a prefix is sent as forms encode it, and read back with whatever letters S3 writes', () => {
  const { steps } = notificationKind.compare(notification, undefined)
  const [sent] = steps.map(({ call }) => JSON.stringify(call.input))
  expect(sent).toContain('{"Name":"prefix","Value":"AWSLogs/a%3Db+c/"}')
  // S3 writes it with a capital at times, which the SDK's type does not know.
  const isName = (text: string): text is 'prefix' => /^prefix$/i.test(text)
  const held = (name: string, Value: string): NotificationConfiguration => ({
    QueueConfigurations: [
      {
        Id: 'millrace',
        QueueArn: notification.queueArn,
        Events: ['s3:ObjectCreated:*'],
        Filter: { Key: { FilterRules: isName(name) ? [{ Name: name, Value }] : [] } },
      },
    ],
  })
  expect(notificationKind.compare(notification, held('Prefix', 'AWSLogs/a%3Db+c/')).state).toBe('same')
  expect(notificationKind.compare(notification, held('Prefix', 'AWSLogs/')).differences).toEqual([
    'its entry millrace is of the prefix "AWSLogs/", not "AWSLogs/a=b c/"',
  ])
})

test.each([
  ['', ['s3:ObjectCreated:*'], true],
  ['AWSLogs/', ['s3:ObjectCreated:*'], true],
  ['AWSLogs/a%3Db+c/deeper/', ['s3:ObjectCreated:*'], true],
  ['AWSLogs/b/', ['s3:ObjectCreated:*'], false],
  ['AWSLogs/', ['s3:ObjectRemoved:*'], false],
])('an entry of others for the prefix "%s" and %s is an obstacle: %s', (prefix, events, isObstacle) => {
  const { obstacle, steps } = notificationKind.compare(notification, entry(prefix, events))
  expect(obstacle !== undefined).toBe(isObstacle)
  expect(JSON.stringify(steps)).toContain('"Id":"theirs"')
})

test('a policy that would be too large is an obstacle', () => {
  const statement = { Sid: 'MillraceEvents', Effect: 'Allow' }
  const wanted = {
    kind: 'bucket policy',
    name: 'logs',
    account,
    sids: ['MillraceEvents'],
    statements: [statement],
  } as const
  const theirs = { Sid: 'Theirs', Effect: 'Allow', Action: 'x'.repeat(20_400) }
  const found = readPolicy(JSON.stringify({ Version: '2012-10-17', Statement: theirs }), 'it')
  expect(bucketPolicyKind.compare(wanted, found).obstacle).toContain('larger than the 20 KB that S3 allows')
  expect(bucketPolicyKind.compare(wanted, undefined).obstacle).toBeUndefined()
})

test('the first region has no name where a bucket is made', () => {
  const wanted = { kind: 'bucket', name: 'logs', setup: 'x', account } as const
  const sent = (region: string) => bucketKind.compare({ ...wanted, region }, undefined).steps[0]?.call.input
  const Tags = [{ Key: 'millrace:setup', Value: 'x' }]
  expect(sent('us-east-1')).toEqual({ Bucket: 'logs', CreateBucketConfiguration: { Tags } })
  expect(sent('eu-west-1')).toEqual({
    Bucket: 'logs',
    CreateBucketConfiguration: { LocationConstraint: 'eu-west-1', Tags },
  })
})

test('what a key needs is said, and what access logs do not take', () => {
  const keyArn = `arn:aws:kms:eu-west-1:${account}:key/1`
  const wanted = { kind: 'encryption', name: 'logs', setup: 'x', account, isAsked: true, keyArn } as const
  const plain = encryptionKind.compare({ ...wanted, takesAccessLogs: false }, undefined)
  expect(plain.remarks).toEqual([expect.stringContaining(`The policy of the key ${keyArn} has to let`)])
  expect(JSON.stringify(plain.steps)).toContain(`"KMSMasterKeyID":"${keyArn}"`)
  const both = encryptionKind.compare({ ...wanted, takesAccessLogs: true }, undefined)
  expect(both.remarks?.[1]).toContain("S3's own keys (SSE-S3)")
})

test.each([
  [`arn:aws:kms:eu-west-1:${account}:key/1`, `Say --encryption arn:aws:kms:eu-west-1:${account}:key/1, so that`],
  ['1', 'Say --encryption with the ARN of that key'],
  [undefined, 'does not let the delivery services use it'],
  ['alias/aws/s3', 'does not let the delivery services use it'],
])('a bucket of others that encrypts by the key %s is told', (key, sentence) => {
  const wanted = {
    kind: 'encryption',
    name: 'logs',
    setup: 'x',
    account,
    isAsked: false,
    takesAccessLogs: false,
  } as const
  const by = { SSEAlgorithm: 'aws:kms' as const, ...(key === undefined ? {} : { KMSMasterKeyID: key }) }
  const found = { isOwn: false, rules: [{ ApplyServerSideEncryptionByDefault: by }] }
  const { state, remarks } = encryptionKind.compare({ ...wanted, keyArn: undefined }, found)
  expect(state).toBe('foreign')
  expect(remarks?.join(' ')).toContain(sentence)
  const plain = { ...found, rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const } }] }
  expect(encryptionKind.compare({ ...wanted, keyArn: undefined }, plain).remarks ?? []).toEqual([])
})

test('what the key of a queue of others needs is told', () => {
  const name = 'q'
  const wanted = { kind: 'queue', name, setup: 'x', url: 'https://q', arn: 'arn:q', attributes: {} } as const
  const { remarks } = queueKind.compare(wanted, { isOwn: false, attributes: { KmsMasterKeyId: 'alias/aws/sqs' } })
  expect(remarks?.[1]).toContain('The queue q encrypts by the key alias/aws/sqs')
  expect(queueKind.compare(wanted, { isOwn: false, attributes: {} }).remarks).toHaveLength(1)
})

test('a lifecycle keeps which small objects others have moved', () => {
  const wanted = { kind: 'lifecycle', name: 'logs', account, id: 'millrace', prefix: '', expireDays: 9 } as const
  const theirs = { ID: 'theirs', Status: 'Enabled' as const, Filter: { Prefix: '' }, Expiration: { Days: 1 } }
  const own = { ID: 'millrace', Status: 'Disabled' as const, Filter: { Prefix: '' }, Expiration: { Days: 9 } }
  const found = { rules: [theirs, own], minimumSize: 'varies_by_storage_class' } as const
  const { steps } = lifecycleKind.compare({ ...wanted, transitions: [] }, found)
  const { steps: removing } = lifecycleKind.remove({ ...wanted, transitions: [] }, found, { deleteData: undefined })
  for (const [step] of [steps, removing])
    expect(step?.call.input).toMatchObject({ TransitionDefaultMinimumObjectSize: 'varies_by_storage_class' })
})
