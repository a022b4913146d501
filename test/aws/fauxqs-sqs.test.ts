import { startFauxqs } from 'fauxqs'
import { afterAll, expect, test } from 'vitest'
import { customEndpoint } from '../../src/aws/endpoints.ts'
import { SignedHttp } from '../../src/aws/signed-http.ts'
import { SqsClient } from '../../src/aws/sqs.ts'
import { fixed, keys } from './clients.ts'
import { openPools } from './servers.ts'

/** An SQS that others wrote. It verifies no signature, and says of no deletion that it failed. */
const server = await startFauxqs({ port: 0, logger: false })
const endpoint = customEndpoint(`http://127.0.0.1:${server.port}`, 'AWS_ENDPOINT_URL')

afterAll(() => server.stop())

interface Opened {
  readonly client: SqsClient
  readonly send: (queueUrl: string, body: string) => Promise<void>
}

function open(): Opened {
  const options = { pools: openPools(), credentials: fixed(keys) }
  const http = new SignedHttp(options)
  const { origin, host } = endpoint
  return {
    client: new SqsClient({ ...options, endpoints: () => endpoint, region: 'eu-west-1' }),
    send: async (queueUrl, body) => {
      const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' }
      const scope = { region: 'eu-west-1', service: 'sqs' }
      const message = JSON.stringify({ QueueUrl: queueUrl, MessageBody: body })
      await http.send({ origin, host, method: 'POST', path: '/', query: '', headers, body: message, scope }, 0)
    },
  }
}

test('a queue is made, found and described', async () => {
  const { client } = open()
  const dead = await client.create('made-dead')
  const redrivePolicy = { deadLetterTargetArn: (await client.attributes(dead)).arn, maxReceiveCount: 5 }
  const url = await client.create('made', {
    VisibilityTimeout: '120',
    RedrivePolicy: JSON.stringify(redrivePolicy),
  })
  expect(await client.create('made', { VisibilityTimeout: '120' })).toBe(url)
  const attributes = await client.attributes(url)
  expect(attributes).toEqual({
    arn: 'arn:aws:sqs:eu-west-1:000000000000:made',
    visible: 0,
    notVisible: 0,
    delayed: 0,
    visibilitySeconds: 120,
    retentionSeconds: 345_600,
    policy: undefined,
    redrivePolicy,
  })
  expect(await client.queueUrl('made')).toBe(url)
  expect(await client.queueUrl(attributes.arn)).toBe(url)
  await client.setAttributes(url, { Policy: '{"Version":"2012-10-17","Statement":[]}' })
  expect((await client.attributes(url)).policy).toBe('{"Version":"2012-10-17","Statement":[]}')
  await expect(client.create('made', { VisibilityTimeout: '1' })).rejects.toMatchObject({ code: 'SOURCE_REFUSED' })
  await expect(client.queueUrl('missing')).rejects.toMatchObject({
    code: 'SOURCE_MISSING',
    message: expect.stringContaining('The queue arn:aws:sqs:eu-west-1:*:missing does not exist'),
  })
})

test('a message that comes ends the wait, and is gone once it is removed', async () => {
  const { client, send } = open()
  const url = await client.create('waited')
  const received = client.receive({ queueUrl: url, max: 10, waitSeconds: 20 })
  const before = Date.now()
  await send(url, 'ä "quoted"\n')
  const [message, ...others] = await received
  expect(others).toEqual([])
  expect(message).toMatchObject({ body: 'ä "quoted"\n', receiveCount: 1 })
  expect(message?.sentAtMs).toBeGreaterThanOrEqual(before)
  expect(message?.sentAtMs).toBeLessThanOrEqual(Date.now())
  expect((await client.attributes(url)).notVisible).toBe(1)
  expect(await client.remove(url, [message?.receiptHandle ?? ''])).toEqual([])
  expect(await client.attributes(url)).toMatchObject({ visible: 0, notVisible: 0 })
})

test('a message comes again once it is visible, with another receipt', async () => {
  const { client, send } = open()
  const url = await client.create('again')
  await send(url, 'x')
  const ask = { queueUrl: url, max: 1, waitSeconds: 0, visibilitySeconds: 600 }
  const [first] = await client.receive(ask)
  expect(await client.receive(ask)).toEqual([])
  const release = [{ receiptHandle: first?.receiptHandle ?? '', seconds: 0 }]
  expect(await client.extend(url, release)).toEqual([])
  const [second] = await client.receive(ask)
  expect(second).toMatchObject({ id: first?.id, body: 'x', receiveCount: 2 })
  expect(second?.receiptHandle).not.toBe(first?.receiptHandle)
  expect(await client.extend(url, release)).toEqual([
    {
      ...release[0],
      seconds: undefined,
      code: 'ReceiptHandleIsInvalid',
      message: expect.any(String),
      isReceiptInvalid: true,
    },
  ])
})

test('more messages than a batch holds are received and removed', async () => {
  const { client, send } = open()
  const url = await client.create('many')
  const bodies = Array.from({ length: 23 }, (_, number) => `body ${number}`)
  for (const body of bodies) await send(url, body)
  const received = []
  for (let part = await receive(); part.length > 0; part = await receive()) received.push(...part)
  expect(received.map(({ body }) => body).toSorted()).toEqual(bodies.toSorted())
  const handles = received.map(({ receiptHandle }) => receiptHandle)
  expect(
    await client.extend(
      url,
      handles.map((receiptHandle) => ({ receiptHandle, seconds: 60 })),
    ),
  ).toEqual([])
  expect(await client.remove(url, handles)).toEqual([])
  expect(await client.attributes(url)).toMatchObject({ visible: 0, notVisible: 0 })

  function receive(): ReturnType<SqsClient['receive']> {
    return client.receive({ queueUrl: url, max: 10, waitSeconds: 0 })
  }
})
