import { expect, test } from 'vitest'
import { letsBucketSend } from '../../src/aws/queue-policy.ts'

const queue = 'arn:aws:sqs:eu-west-1:123456789012:events'
const bucket = 'arn:aws:s3:::logs'

interface Said {
  readonly [key: string]: unknown
}

function lets(...statements: Said[]): boolean {
  const Statement = statements.map((said) => ({
    Effect: 'Allow',
    Principal: { Service: 's3.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queue,
    ...said,
  }))
  return letsBucketSend(JSON.stringify({ Version: '2012-10-17', Statement }), queue, bucket)
}

const from = (pattern: string | string[], operator = 'ArnLike'): Said => ({
  Condition: { [operator]: { 'aws:SourceArn': pattern } },
})

test.each<[boolean, Said]>([
  [true, {}],
  [true, { Principal: '*' }],
  [true, { Principal: { AWS: '*' } }],
  [true, { Principal: { Service: ['sns.amazonaws.com', 's3.amazonaws.com'] } }],
  [true, { Action: ['SQS:ReceiveMessage', 'SQS:Send*'] }],
  [true, { Action: '*', Resource: '*' }],
  [true, { Resource: ['arn:aws:sqs:*:123456789012:even?s'] }],
  [true, from('arn:aws:s3:*:*:logs')],
  [true, from(['arn:aws:s3:::other', 'arn:aws:s3:::lo*'], 'StringLike')],
  [true, { Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } } }],
  [false, { Principal: { Service: 'sns.amazonaws.com' } }],
  [false, { Principal: { AWS: 'arn:aws:iam::123456789012:root' } }],
  [false, { Action: 'sqs:ReceiveMessage' }],
  [false, { Resource: `${queue}-2` }],
  [false, from('arn:aws:s3:::logs-2')],
  [false, from('arn:aws:s3:::l.gs')],
  [false, { Effect: 'Deny' }],
  [false, { Effect: 'Maybe' }],
])('%s: %j', (expected, said) => {
  expect(lets(said)).toBe(expected)
})

test('a denial without a condition counts more than what is allowed', () => {
  expect(lets({}, { Effect: 'Deny' })).toBe(false)
  expect(lets({}, { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })).toBe(true)
})

test('one statement need be no list, and what is no policy lets nobody send', () => {
  const one = { Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: queue }
  expect(letsBucketSend(JSON.stringify({ Statement: one }), queue, bucket)).toBe(true)
  for (const broken of [undefined, '', '{', '{}', '[]', 'null', '{"Statement": 1}'])
    expect(letsBucketSend(broken, queue, bucket)).toBe(false)
})
