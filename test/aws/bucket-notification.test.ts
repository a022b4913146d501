import { GetBucketNotificationConfigurationCommand, S3Client as SdkClient } from '@aws-sdk/client-s3'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HttpPools } from '../../src/aws/pools.ts'
import { failing, serveInTurn } from './answers.ts'
import { type Given } from './arbitraries.ts'
import { clientOf } from './clients.ts'
import { caseCount, cases, limitMs } from './scale.ts'
import { startServer, type TestServer } from './servers.ts'

let document = ''
const met: string[] = []
const pools = new HttpPools()
let server: TestServer
let sdk: SdkClient

beforeAll(async () => {
  server = await startServer((request, response) => {
    met.push(`${request.method} ${request.url?.replace(/=?$/, '')}`)
    response.writeHead(200, { 'content-type': 'application/xml' }).end(document)
  })
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' }
  sdk = new SdkClient({ endpoint: server.url, region: 'eu-west-1', forcePathStyle: true, credentials })
})

afterAll(async () => {
  sdk.destroy()
  await pools.close()
  await server.close()
})

// Blanks around a value are what parsers of XML differ in.
const value = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
  .map((text) => `a${text.replaceAll(/[\0-\x1f\x7f-\x9f]/g, '')}z`)
const target = fc.record({
  id: value,
  arn: fc.stringMatching(/^arn:aws:(sqs|sns|lambda):eu-west-1:\d{12}:[\w-]{1,10}$/),
  events: fc.array(fc.constantFrom('s3:ObjectCreated:*', 's3:ObjectRemoved:Delete', 's3:TestEvent'), {
    minLength: 1,
    maxLength: 3,
  }),
  prefix: fc.option(value, { nil: '' }),
  suffix: fc.option(value, { nil: '' }),
  isCapital: fc.boolean(),
})
const targets = fc.array(target, { maxLength: 3 })
const configuration = fc.record({ queues: targets, topics: targets, functions: targets, isOnEventBridge: fc.boolean() })

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function printed({ queues, topics, functions, isOnEventBridge }: Given<typeof configuration>): string {
  const rule = (name: string, text: string): string =>
    text === '' ? '' : `<FilterRule><Name>${name}</Name><Value>${escaped(text)}</Value></FilterRule>`
  const element = (name: string, arnName: string, all: Given<typeof targets>): string[] =>
    all.map(({ id, arn, events, prefix, suffix, isCapital }) => {
      const rules = rule(isCapital ? 'Suffix' : 'suffix', suffix) + rule(isCapital ? 'Prefix' : 'prefix', prefix)
      const filter = rules === '' ? '' : `<Filter><S3Key>${rules}</S3Key></Filter>`
      const listed = events.map((event) => `<Event>${event}</Event>`).join('')
      return `<${name}><Id>${escaped(id)}</Id><${arnName}>${arn}</${arnName}>${listed}${filter}</${name}>`
    })
  const parts = [
    ...element('TopicConfiguration', 'Topic', topics),
    ...element('QueueConfiguration', 'Queue', queues),
    ...element('CloudFunctionConfiguration', 'CloudFunction', functions),
    isOnEventBridge ? '<EventBridgeConfiguration/>' : '',
  ]
  return `<?xml version="1.0" encoding="UTF-8"?>\n<NotificationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts.join('\n')}</NotificationConfiguration>`
}

test('what a bucket notifies is asked for, and read, as by the AWS SDK', limitMs, async () => {
  const check = async (given: Given<typeof configuration>): Promise<void> => {
    document = printed(given)
    met.length = 0
    const read = await clientOf(server.url, { pools }).bucketNotification('logs')
    const theirs = await sdk.send(new GetBucketNotificationConfigurationCommand({ Bucket: 'logs' }))
    expect(met).toEqual(['GET /logs/?notification', 'GET /logs/?notification'])
    const plain = (all: Given<typeof targets>): unknown =>
      all.map(({ id, arn, events, prefix, suffix }) => ({ id, arn, events, prefix, suffix }))
    const { queues, topics, functions, isOnEventBridge } = given
    expect(read).toEqual({ queues: plain(queues), topics: plain(topics), functions: plain(functions), isOnEventBridge })
    const shape = (all: readonly { Id?: string | undefined; Events?: unknown }[] | undefined): unknown =>
      all?.map(({ Id, Events }) => [Id, Events]) ?? []
    expect(shape(theirs.QueueConfigurations)).toEqual(read.queues.map(({ id, events }) => [id, events]))
    expect(shape(theirs.TopicConfigurations)).toEqual(read.topics.map(({ id, events }) => [id, events]))
    expect(shape(theirs.LambdaFunctionConfigurations)).toEqual(read.functions.map(({ id, events }) => [id, events]))
  }
  await fc.assert(fc.asyncProperty(configuration, check), { ...cases, numRuns: Math.ceil(caseCount / 3) })
})

test('a bucket that notifies nobody says so', async () => {
  document = '<NotificationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>'
  expect(await clientOf(server.url, { pools }).bucketNotification('logs')).toEqual({
    queues: [],
    topics: [],
    functions: [],
    isOnEventBridge: false,
  })
})

test.each(['', 'x', '<Other/>', '<NotificationConfiguration><QueueConfiguration/></NotificationConfiguration>'])(
  'an answer in another form is refused: %j',
  async (body) => {
    document = body
    await expect(clientOf(server.url, { pools }).bucketNotification('logs')).rejects.toMatchObject({
      code: 'SOURCE_REFUSED',
      message: expect.stringMatching(/^The notifications of s3:\/\/logs\/ cannot be read/),
    })
  },
)

test('who may not know is told what is lacking', async () => {
  const { url } = await serveInTurn(failing(403, 'AccessDenied', { message: 'Access Denied' }))
  await expect(clientOf(url).bucketNotification('logs')).rejects.toMatchObject({
    code: 'ACCESS_DENIED',
    message:
      's3://logs/ was refused: the identity of these credentials lacks s3:GetBucketNotification on arn:aws:s3:::logs. Allow it in a policy of that identity, or of the bucket.',
  })
  const missing = await serveInTurn(failing(404, 'NoSuchBucket'))
  await expect(clientOf(missing.url).bucketNotification('logs')).rejects.toMatchObject({ code: 'SOURCE_MISSING' })
})
