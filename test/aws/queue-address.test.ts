import { expect, test } from 'vitest'
import { readEndpoints } from '../../src/aws/endpoints.ts'
import { addressOfName, addressOfUrl, readQueueName } from '../../src/aws/queue-address.ts'

const aws = readEndpoints({})
const account = '123456789012'

test.each([
  ['https://sqs.eu-west-1.amazonaws.com', 'eu-west-1', 'https://sqs.eu-west-1.amazonaws.com'],
  ['http://sqs.eu-west-1.amazonaws.com', 'eu-west-1', 'https://sqs.eu-west-1.amazonaws.com'],
  ['https://sqs.cn-north-1.amazonaws.com.cn', 'cn-north-1', 'https://sqs.cn-north-1.amazonaws.com.cn'],
  ['https://us-west-2.queue.amazonaws.com', 'us-west-2', 'https://sqs.us-west-2.amazonaws.com'],
  ['https://queue.amazonaws.com', 'us-east-1', 'https://sqs.us-east-1.amazonaws.com'],
  ['https://sqs-fips.us-gov-west-1.amazonaws.com', 'us-gov-west-1', 'https://sqs-fips.us-gov-west-1.amazonaws.com'],
  [
    'https://vpce-0a1-b2.sqs.us-east-2.vpce.amazonaws.com',
    'us-east-2',
    'https://vpce-0a1-b2.sqs.us-east-2.vpce.amazonaws.com',
  ],
  ['http://sqs.eu-west-3.localhost:4566', 'eu-west-3', 'http://sqs.eu-west-3.localhost:4566'],
  ['http://127.0.0.1:9324', 'ap-south-1', 'http://127.0.0.1:9324'],
])('a queue of %s is asked in %s at %s', (origin, region, endpoint) => {
  const address = addressOfUrl(`${origin}/${account}/logs`, aws, 'ap-south-1')
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
  expect(address).toMatchObject({ region, arn: `arn:${partition}:sqs:${region}:${account}:logs` })
  expect(address.endpoint.origin).toBe(endpoint)
})

test('an endpoint that was set goes before the URL, whose region stays', () => {
  const set = readEndpoints({
    AWS_ENDPOINT_URL: 'http://127.0.0.1:5000',
    AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:6000/q',
  })
  for (const url of ['https://sqs.eu-west-1.amazonaws.com/1/logs', 'http://sqs.eu-west-1.localhost:4566/1/logs'])
    expect(addressOfUrl(url, set, 'us-east-1')).toMatchObject({
      region: 'eu-west-1',
      endpoint: { origin: 'http://127.0.0.1:6000', basePath: '/q' },
      arn: 'arn:aws:sqs:eu-west-1:*:logs',
    })
})

test.each([
  'logs',
  'ftp://sqs.eu-west-1.amazonaws.com/1/logs',
  'https://sqs.eu-west-1.amazonaws.com',
  'https://x/1/',
  '',
])('no URL of a queue: %j', (text) => {
  expect(() => addressOfUrl(text, aws, 'us-east-1')).toThrow(expect.objectContaining({ code: 'USAGE' }))
})

test('what is refused is not repeated with its password', () => {
  expect(() => addressOfUrl('https://user:hunter2@sqs.example/', aws, 'us-east-1')).toThrow(
    /^https:\/\/sqs\.example is/,
  )
})

test('an ARN says region and account, a name neither', () => {
  const given = readQueueName('arn:aws-cn:sqs:cn-north-1:123456789012:logs.fifo')
  expect(given).toEqual({ region: 'cn-north-1', accountId: account, name: 'logs.fifo' })
  expect(addressOfName(given, aws, 'eu-west-1')).toMatchObject({
    region: 'cn-north-1',
    arn: 'arn:aws-cn:sqs:cn-north-1:123456789012:logs.fifo',
    endpoint: { origin: 'https://sqs.cn-north-1.amazonaws.com.cn' },
  })
  expect(addressOfName(readQueueName('logs'), aws, 'eu-west-1')).toMatchObject({
    region: 'eu-west-1',
    arn: 'arn:aws:sqs:eu-west-1:*:logs',
  })
})
