import { expect, test } from 'vitest'
import { placeOf } from '../../src/aws-setup/place.ts'
import {
  accessLogStatement,
  bucketSendsStatement,
  flowLogStatements,
  readerRights,
  readerTrust,
  ruleSendsStatement,
} from '../../src/aws-setup/statements.ts'
import { type Asked, allows } from './iam.ts'

const account = '123456789012'
const other = '210987654321'
const place = placeOf(account, 'eu-west-1')
const bucket = 'arn:aws:s3:::logs'
const queue = `arn:aws:sqs:eu-west-1:${account}:q`

const trust = readerTrust(`arn:aws:iam::${account}:role/collector`, 'millrace-4f6c')
const assume = {
  who: `AWS arn:aws:iam::${account}:role/collector`,
  action: 'sts:AssumeRole',
  context: { 'sts:ExternalId': 'millrace-4f6c' },
}

test('the role is taken on by whom it trusts, with the external id, and by nobody else', () => {
  expect(allows(trust, assume)).toBe(true)
  const { context: _, ...without } = assume
  expect(allows(trust, without)).toBe(false)
  expect(allows(trust, { ...assume, context: { 'sts:ExternalId': 'millrace-4f6d' } })).toBe(false)
  expect(allows(trust, { ...assume, who: `AWS arn:aws:iam::${other}:role/collector` })).toBe(false)
  expect(allows(trust, { ...assume, who: `AWS arn:aws:iam::${account}:role/collector2` })).toBe(false)
})

const rights = readerRights(place, { bucket: 'logs', prefixes: ['AWSLogs/', 'access/'], queue, key: undefined })
const list = (prefix: string | undefined): Asked => ({
  action: 's3:ListBucket',
  resource: bucket,
  ...(prefix === undefined ? {} : { context: { 's3:prefix': prefix } }),
})

const allowed: readonly Asked[] = [
  { action: 's3:GetObject', resource: `${bucket}/AWSLogs/1/x.log.gz` },
  { action: 's3:GetObjectVersion', resource: `${bucket}/access/2026` },
  list('AWSLogs/'),
  list('AWSLogs/1/vpcflowlogs/'),
  { action: 's3:GetBucketLocation', resource: bucket },
  ...['Receive', 'Delete'].map((verb) => ({ action: `sqs:${verb}Message`, resource: queue })),
  ...['ChangeMessageVisibility', 'GetQueueAttributes', 'GetQueueUrl'].map((action) => ({
    action: `sqs:${action}`,
    resource: queue,
  })),
]
const denied: readonly Asked[] = [
  { action: 's3:GetObject', resource: `${bucket}/private/x` },
  { action: 's3:GetObject', resource: `${bucket}/AWSLogs` },
  { action: 's3:GetObject', resource: 'arn:aws:s3:::logs2/AWSLogs/x' },
  list(undefined),
  list(''),
  list('private/'),
  { ...list('AWSLogs/'), resource: 'arn:aws:s3:::logs2' },
  ...['PutObject', 'DeleteObject', 'DeleteObjectVersion', 'PutObjectAcl', 'RestoreObject'].map((action) => ({
    action: `s3:${action}`,
    resource: `${bucket}/AWSLogs/x`,
  })),
  ...['PutBucketPolicy', 'GetBucketPolicy', 'DeleteBucket', 'PutBucketNotification'].map((action) => ({
    action: `s3:${action}`,
    resource: bucket,
  })),
  ...['SendMessage', 'PurgeQueue', 'DeleteQueue', 'SetQueueAttributes'].map((action) => ({
    action: `sqs:${action}`,
    resource: queue,
  })),
  { action: 'sqs:ReceiveMessage', resource: `arn:aws:sqs:eu-west-1:${other}:q` },
  { action: 'kms:Decrypt', resource: `arn:aws:kms:eu-west-1:${account}:key/1` },
  { action: 'iam:PassRole', resource: '*' },
]

test.each(allowed.map((asked) => [asked.action, asked] as const))('who reads may %s', (_name, asked) => {
  expect(allows(rights, asked)).toBe(true)
})

test.each(denied.map((asked) => [`${asked.action} on ${asked.resource ?? ''}`, asked] as const))(
  'who reads may not %s',
  (_name, asked) => {
    expect(allows(rights, asked)).toBe(false)
  },
)

test('a whole bucket is listed without a prefix, and its key is used', () => {
  const key = `arn:aws:kms:eu-west-1:${account}:key/1`
  const whole = readerRights(place, { bucket: 'logs', prefixes: [''], queue, key })
  expect(allows(whole, list(undefined))).toBe(true)
  expect(allows(whole, { action: 's3:GetObject', resource: `${bucket}/x` })).toBe(true)
  expect(allows(whole, { action: 'kms:Decrypt', resource: key })).toBe(true)
  expect(allows(whole, { action: 'kms:Encrypt', resource: key })).toBe(false)
})

test('flow logs are delivered for the named accounts and regions alone, with folders of both kinds', () => {
  const delivery = { setup: 'x', bucket: 'logs', prefix: 'f/', accounts: [account, other], regions: ['eu-west-1'] }
  const statements = flowLogStatements(place, delivery)
  const put = (folder: string, from = account, context = {}): Asked => ({
    who: 'Service delivery.logs.amazonaws.com',
    action: 's3:PutObject',
    resource: `${bucket}/f/AWSLogs/${folder}/x.log.gz`,
    context: {
      'aws:SourceAccount': from,
      'aws:SourceArn': `arn:aws:logs:eu-west-1:${from}:source`,
      's3:x-amz-acl': 'bucket-owner-full-control',
      ...context,
    },
  })
  expect(allows(statements, put(`${account}/vpcflowlogs`))).toBe(true)
  expect(allows(statements, put(`aws-account-id=${other}/x`, other))).toBe(true)
  expect(allows(statements, put('333333333333/x', '333333333333'))).toBe(false)
  expect(allows(statements, put('333333333333/x'))).toBe(false)
  expect(allows(statements, put(account, '333333333333'))).toBe(false)
  expect(allows(statements, put(account, account, { 's3:x-amz-acl': 'private' }))).toBe(false)
  const elsewhere = { 'aws:SourceArn': `arn:aws:logs:us-east-1:${account}:source` }
  expect(allows(statements, put(account, account, elsewhere))).toBe(false)
  expect(allows(statements, { ...put(account), who: 'Service logging.s3.amazonaws.com' })).toBe(false)
  expect(allows(statements, { ...put(account), resource: `${bucket}/AWSLogs/${account}/x` })).toBe(false)
  expect(allows(statements, { ...put(account), action: 's3:GetBucketAcl', resource: bucket })).toBe(true)
  expect(allows(statements, { ...put(account), action: 's3:GetObject' })).toBe(false)
})

test('access logs are delivered of the named buckets alone', () => {
  const put = (source: string, from = account): Asked => ({
    who: 'Service logging.s3.amazonaws.com',
    action: 's3:PutObject',
    resource: `${bucket}/access/${account}/x`,
    context: { 'aws:SourceAccount': from, 'aws:SourceArn': `arn:aws:s3:::${source}` },
  })
  const named = accessLogStatement(place, { setup: 'x', bucket: 'logs', prefix: 'access/' }, ['site', 'shop'])
  expect(allows([named], put('site'))).toBe(true)
  expect(allows([named], put('other'))).toBe(false)
  expect(allows([named], put('site', other))).toBe(false)
  expect(allows([named], { ...put('site'), resource: `${bucket}/x` })).toBe(false)
  const all = accessLogStatement(place, { setup: 'x', bucket: 'logs', prefix: 'access/' }, 'all')
  expect(allows([all], put('other'))).toBe(true)
  expect(allows([all], put('other', other))).toBe(false)
})

test('the queue takes messages of the bucket, or of the rule, and of nobody else', () => {
  const send = (source: string, from = account): Asked => ({
    who: 'Service s3.amazonaws.com',
    action: 'sqs:SendMessage',
    resource: queue,
    context: { 'aws:SourceArn': source, 'aws:SourceAccount': from },
  })
  const byBucket = [bucketSendsStatement(place, 'x', 'logs', queue)]
  expect(allows(byBucket, send(bucket))).toBe(true)
  expect(allows(byBucket, send('arn:aws:s3:::logs2'))).toBe(false)
  expect(allows(byBucket, send(bucket, other))).toBe(false)
  expect(allows(byBucket, { ...send(bucket), action: 'sqs:ReceiveMessage' })).toBe(false)
  expect(allows(byBucket, { ...send(bucket), who: 'Service sns.amazonaws.com' })).toBe(false)
  const rule = `arn:aws:events:eu-west-1:${account}:rule/r`
  const byRule = [ruleSendsStatement('x', rule, queue)]
  expect(allows(byRule, { ...send(rule), who: 'Service events.amazonaws.com' })).toBe(true)
  expect(allows(byRule, { ...send(`${rule}2`), who: 'Service events.amazonaws.com' })).toBe(false)
  expect(allows(byRule, send(bucket))).toBe(false)
})
