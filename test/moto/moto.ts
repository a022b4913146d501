import { randomUUID } from 'node:crypto'
import { afterAll } from 'vitest'
import { Aws } from '../../src/aws/aws.ts'
import { encodePath, encodeQuery } from '../../src/aws/encode.ts'
import { sha256, signHeaders } from '../../src/aws/sign.ts'
import type { QueueMessage } from '../../src/aws/queue-answers.ts'
import type { SqsClient } from '../../src/aws/sqs.ts'

/** moto's own account: that of all keys but those of assumed roles. */
export const accountId = '123456789012'
export const region = 'eu-west-1'

const endpoint = process.env['AWS_ENDPOINT_URL']
if (endpoint === undefined) throw new Error('These tests need moto: run them by "npm run test:aws".')

/** AWS as the environment has it: moto, which all tests share. So each makes buckets and queues of its own. */
export const aws = await Aws.open(process.env)
afterAll(() => aws.close())

interface Sent {
  readonly service: string
  readonly method?: string
  /** Encoded. */
  readonly path?: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

const keys = { accessKeyId: 'testing', secretAccessKey: 'testing', sessionToken: undefined, expiresAtMs: undefined }

/** Sends what our clients cannot, signed as they sign; returns the answer's body. */
async function send({
  service,
  method = 'PUT',
  path = '/',
  query = {},
  headers = {},
  body = '',
}: Sent): Promise<string> {
  const asked = encodeQuery(query)
  const request = { method, host: new URL(endpoint ?? '').host, path, query: asked, headers, payloadHash: sha256(body) }
  const { host: _host, ...signed } = signHeaders(request, keys, { region, service }, Date.now())
  const url = `${endpoint}${path}${asked === '' ? '' : `?${asked}`}`
  const answer = await fetch(url, { method, headers: signed, ...(body === '' ? {} : { body }) })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${service} answered ${answer.status}: ${text}`)
  return text
}

/** Makes a bucket and returns its name. */
export async function makeBucket(): Promise<string> {
  const bucket = `logs-${randomUUID()}`
  const body = `<CreateBucketConfiguration><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`
  await send({ service: 's3', path: `/${bucket}`, body })
  return bucket
}

/** Writes an object. Headers are such as `x-amz-storage-class`. */
export async function put(bucket: string, key: string, body: string, headers?: Record<string, string>): Promise<void> {
  await send({
    service: 's3',
    path: `/${bucket}/${encodePath(key)}`,
    body,
    ...(headers === undefined ? {} : { headers }),
  })
}

export async function remove(bucket: string, key: string): Promise<void> {
  await send({ service: 's3', method: 'DELETE', path: `/${bucket}/${encodePath(key)}` })
}

/** A queue that was made. */
export interface MadeQueue {
  readonly url: string
  readonly arn: string
}

/** Makes a queue that S3 may send to. */
export async function makeQueue(attributes: Readonly<Record<string, string>> = {}): Promise<MadeQueue> {
  const sqs = aws.sqs()
  const name = `logs-${randomUUID()}`
  const url = await sqs.create(name, { Policy: policyFor(`arn:aws:sqs:${region}:${accountId}:${name}`), ...attributes })
  return { url, arn: (await sqs.attributes(url)).arn }
}

/** What lets S3 and SNS send to a queue. */
export function policyFor(queueArn: string): string {
  const statement = {
    Sid: 'AllowS3',
    Effect: 'Allow',
    Principal: { Service: ['s3.amazonaws.com', 'sns.amazonaws.com'] },
    Action: 'sqs:SendMessage',
    Resource: queueArn,
    Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
  }
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
}

/** Of which keys and events a bucket notifies. */
export interface NotifyOptions {
  readonly prefix?: string
  readonly suffix?: string
  /** `s3:ObjectCreated:*` without it. */
  readonly events?: readonly string[]
}

/** Makes a bucket notify a queue or a topic, and nobody else. A test event is sent. */
export async function notify(
  bucket: string,
  targetArn: string,
  { prefix = '', suffix = '', events = ['s3:ObjectCreated:*'] }: NotifyOptions = {},
): Promise<void> {
  const target = targetArn.startsWith('arn:aws:sns:') ? 'Topic' : 'Queue'
  const rule = (name: string, value: string): string =>
    value === '' ? '' : `<FilterRule><Name>${name}</Name><Value>${value}</Value></FilterRule>`
  const listed = events.map((event) => `<Event>${event}</Event>`).join('')
  const rules = rule('prefix', prefix) + rule('suffix', suffix)
  const filter = rules === '' ? '' : `<Filter><S3Key>${rules}</S3Key></Filter>`
  const body = `<NotificationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><${target}Configuration><Id>millrace</Id><${target}>${targetArn}</${target}>${listed}${filter}</${target}Configuration></NotificationConfiguration>`
  await send({ service: 's3', path: `/${bucket}`, query: { notification: '' }, body })
}

/** Makes a topic that passes everything on to a queue; returns its ARN. */
export async function makeTopic(queueArn: string, isRaw = false): Promise<string> {
  const ask = (parameters: Record<string, string>): Promise<string> =>
    send({
      service: 'sns',
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body: encodeQuery({ ...parameters, Version: '2010-03-31' }),
    })
  const made = await ask({ Action: 'CreateTopic', Name: `logs-${randomUUID()}` })
  const topicArn = /<TopicArn>([^<]+)</.exec(made)?.[1] ?? ''
  await ask({
    Action: 'Subscribe',
    TopicArn: topicArn,
    Protocol: 'sqs',
    Endpoint: queueArn,
    'Attributes.entry.1.key': 'RawMessageDelivery',
    'Attributes.entry.1.value': String(isRaw),
  })
  return topicArn
}

/** Makes a delivery stream of Firehose that writes into a bucket; returns its ARN. */
export async function makeDeliveryStream(bucket: string, prefix: string): Promise<string> {
  const role = `arn:aws:iam::${accountId}:role/firehose`
  const made = await send({
    service: 'firehose',
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Firehose_20150804.CreateDeliveryStream' },
    body: JSON.stringify({
      DeliveryStreamName: `logs-${randomUUID()}`,
      ExtendedS3DestinationConfiguration: { RoleARN: role, BucketARN: `arn:aws:s3:::${bucket}`, Prefix: prefix },
    }),
  })
  return /"DeliveryStreamARN":\s*"([^"]+)"/.exec(made)?.[1] ?? ''
}

/** Makes a stack of a template, in moto's own account; rejects with what moto says of it. */
export async function makeStack(name: string, template: string): Promise<void> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
  const ask = (parameters: Record<string, string>): Promise<string> => {
    const body = new URLSearchParams({ ...parameters, StackName: name, Version: '2010-05-15' }).toString()
    return send({ service: 'cloudformation', method: 'POST', headers, body })
  }
  await ask({ Action: 'CreateStack', TemplateBody: template, 'Capabilities.member.1': 'CAPABILITY_NAMED_IAM' })
  const state = await ask({ Action: 'DescribeStacks' })
  if (!state.includes('<StackStatus>CREATE_COMPLETE')) throw new Error(`The stack was not made: ${state}`)
}

/** Puts a message into a queue. */
export async function sendMessage(queueUrl: string, body: string): Promise<void> {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' }
  const message = JSON.stringify({ QueueUrl: queueUrl, MessageBody: body })
  await send({ service: 'sqs', method: 'POST', headers, body: message })
}

/** Receives and deletes all messages that are visible. */
export async function drain(sqs: SqsClient, queueUrl: string): Promise<QueueMessage[]> {
  const found: QueueMessage[] = []
  for (;;) {
    const messages = await sqs.receive({ queueUrl, max: 10, waitSeconds: 0 })
    if (messages.length === 0) return found
    found.push(...messages)
    const failed = await sqs.remove(
      queueUrl,
      messages.map(({ receiptHandle }) => receiptHandle),
    )
    if (failed.length > 0) throw new Error(`${failed.length} messages were not deleted.`)
  }
}
