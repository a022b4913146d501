import { expect, test } from 'vitest'
import { namesOf, sidOf } from '../../src/aws-setup/names.ts'
import { placeOf, queueArn, queueUrl } from '../../src/aws-setup/place.ts'
import { readSetup } from '../../src/aws-setup/setup.ts'
import { wantedResources } from '../../src/aws-setup/wanted.ts'

const place = placeOf('123456789012', 'eu-west-1')
const read = (text: string, flags: object = {}) => readSetup({ path: 'aws.yaml', text }, { ...flags })

test('without a word a bucket, a queue and a notification are wanted', () => {
  const setup = readSetup(undefined, {})
  expect(namesOf(setup, place)).toMatchObject({
    bucket: 'millrace-logs-123456789012-eu-west-1',
    queue: 'millrace',
    deadLetterQueue: 'millrace-dead',
  })
  const kinds = wantedResources(setup, place, { accounts: [], buckets: [] }).map(({ wanted }) => wanted.kind)
  expect(kinds).toEqual([
    'bucket',
    'public access block',
    'encryption',
    'bucket policy',
    'dead-letter queue',
    'queue',
    'queue policy',
    'event notification',
  ])
})

test('flags win over the file, key by key', () => {
  const text = 'name: flow\nbucket: {name: logs, encryption: AES256}\nqueue: {max_receives: 3}\n'
  const setup = read(text, { bucket: { name: 'others', account: undefined }, queue: { name: 'q' } })
  expect(setup).toMatchObject({
    name: 'flow',
    bucket: { name: 'others', encryption: 'AES256' },
    queue: { name: 'q', max_receives: 3, visibility_seconds: 300 },
  })
})

test.each([
  ['bucket: {nam: x}', 'bucket in aws.yaml has no key nam.'],
  ['buckets: {}', 'The setup in aws.yaml has no key buckets.'],
  ['name: Flow', 'name in aws.yaml must be small letters'],
  ['bucket: {account: 123456789012}', 'bucket.account in aws.yaml'],
  [
    'bucket: {encryption: "arn:aws:kms:eu-west-1:123456789012:alias/logs"}',
    'bucket.encryption in aws.yaml must be AES256',
  ],
  ['queue: {name: logs.fifo}', 'queue.name in aws.yaml must be 1 to 80 letters'],
  ['queue: {retention_days: 14}', 'queue.retention_days in aws.yaml'],
  ['bucket: {lifecycle: {transitions: [{days: 30, class: COLD}]}}', 'bucket.lifecycle.transitions.0.class in aws.yaml'],
  [
    'bucket: {lifecycle: {transitions: [{days: 29, class: ONEZONE_IA}]}}',
    'bucket.lifecycle in aws.yaml must let objects be 30 days old',
  ],
  [
    'bucket: {lifecycle: {transitions: [{days: 90, class: GLACIER}], expire_days: 90}}',
    'bucket.lifecycle in aws.yaml must have expire_days larger',
  ],
  ['access_logs: {buckets: all, prefix: logs}', 'access_logs.prefix in aws.yaml must end with /'],
  ['reader: {trusts: "arn:aws:iam::123456789012:role/x"}', 'reader.external_id in aws.yaml'],
  ['reader: {trusts: "*", external_id: abc}', 'reader.trusts in aws.yaml must be the ARN of a user or a role'],
  ['{', 'aws.yaml is no YAML'],
])('%s is refused, naming the key', (text, sentence) => {
  expect(() => read(text)).toThrow(sentence)
})

test('the bucket that logs go to is never logged into itself', () => {
  const setup = readSetup(undefined, { bucket: { name: 'logs' }, access_logs: { buckets: 'all' } })
  const resources = wantedResources(setup, place, {
    accounts: [],
    buckets: ['a', 'logs', 'z'].map((name) => ({ name })),
  })
  const logged = resources.filter(({ wanted }) => wanted.kind === 'access logging').map(({ wanted }) => wanted.name)
  expect(logged).toEqual(['a', 'z'])
})

test('the reader may read what the setup lets come, if it is not said otherwise', () => {
  const reader = { trusts: 'arn:aws:iam::123456789012:role/x', external_id: 'millrace-4f6c' }
  const readOf = (given: object): unknown => {
    const setup = readSetup(undefined, { bucket: { name: 'logs' }, ...given })
    const rights = wantedResources(setup, place, { accounts: [], buckets: [] }).find(
      ({ wanted }) => wanted.kind === "reader's rights",
    )
    const input = rights?.fresh()[0]?.call.input
    const { PolicyDocument = '' } = { PolicyDocument: '', ...input }
    return JSON.parse(PolicyDocument)
  }
  const access_logs = { buckets: ['site'] }
  const events = { prefix: 'AWSLogs/' }
  const both = ['arn:aws:s3:::logs/AWSLogs/*', 'arn:aws:s3:::logs/access-logs/*']
  expect(readOf({ reader, events, access_logs })).toMatchObject({ Statement: [{ Resource: both }, {}, {}, {}] })
  const whole = { Statement: [{ Resource: 'arn:aws:s3:::logs/*' }, {}, {}, {}] }
  expect(readOf({ reader, access_logs })).toMatchObject(whole)
  // There is no queue.
  expect(readOf({ reader, events: { by: 'none' } })).toMatchObject({ Statement: [{}, {}, {}] })
  const said = { ...reader, prefixes: ['AWSLogs/1/'] }
  expect(readOf({ reader: said, events, access_logs })).toMatchObject({
    Statement: [{ Resource: 'arn:aws:s3:::logs/AWSLogs/1/*' }, {}, {}, {}],
  })
})

test("nothing is made in an account that is not the bucket's", () => {
  const setup = readSetup(undefined, { bucket: { account: '210987654321' } })
  expect(wantedResources(setup, place, { accounts: [], buckets: [] })).toEqual([])
})

test('other partitions have other ARNs and addresses', () => {
  const china = placeOf('123456789012', 'cn-north-1')
  expect(queueArn(china, 'q')).toBe('arn:aws-cn:sqs:cn-north-1:123456789012:q')
  expect(queueUrl(china, 'q')).toBe('https://sqs.cn-north-1.amazonaws.com.cn/123456789012/q')
  expect(queueArn(placeOf('123456789012', 'us-gov-west-1'), 'q')).toBe(
    'arn:aws-us-gov:sqs:us-gov-west-1:123456789012:q',
  )
})

test('Sids are letters and digits, and differ between setups', () => {
  expect(sidOf('millrace', 'Events')).toBe('MillraceEvents')
  expect(sidOf('flow-logs', 'Events')).toBe('MillraceFlowLogsEvents')
  expect(sidOf('flowlogs', 'Events')).toBe('MillraceFlowlogsEvents')
})

test('a role is not to trust whom its partition does not know', () => {
  const setup = readSetup(undefined, { reader: { trusts: 'arn:aws:iam::123456789012:root', external_id: 'abc' } })
  const wanted = (region: string): object[] =>
    wantedResources(setup, placeOf('123456789012', region), { accounts: [], buckets: [] })
  expect(wanted('eu-west-1')).not.toEqual([])
  expect(() => wanted('us-gov-west-1')).toThrow('only whom arn:aws-us-gov: names')
})
