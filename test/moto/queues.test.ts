import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { accountId, aws, drain, makeQueue, policyFor, region, sendMessage } from './moto.ts'

const sqs = aws.sqs()

test('a queue is made with what lets S3 send to it, and with a queue for what nobody can load', async () => {
  const dead = await makeQueue({ MessageRetentionPeriod: '1209600' })
  const redrivePolicy = { deadLetterTargetArn: dead.arn, maxReceiveCount: 5 }
  const name = `logs-${randomUUID()}`
  const arn = `arn:aws:sqs:${region}:${accountId}:${name}`
  const attributes = {
    VisibilityTimeout: '300',
    Policy: policyFor(arn),
    RedrivePolicy: JSON.stringify(redrivePolicy),
  }
  const url = await sqs.create(name, attributes)
  expect(await sqs.create(name, attributes)).toBe(url)
  const made = await sqs.attributes(url)
  expect(made).toEqual({
    arn,
    visible: 0,
    notVisible: 0,
    delayed: 0,
    visibilitySeconds: 300,
    retentionSeconds: 345_600,
    policy: expect.any(String),
    redrivePolicy,
  })
  expect(JSON.parse(made.policy ?? '')).toEqual(JSON.parse(attributes.Policy))
  expect(await sqs.queueUrl(name)).toBe(url)
  expect(await sqs.queueUrl(arn)).toBe(url)
  await sqs.setAttributes(url, { VisibilityTimeout: '60' })
  expect((await sqs.attributes(url)).visibilitySeconds).toBe(60)
})

test('a queue that is not there, or is there with other attributes, is told', async () => {
  await expect(sqs.queueUrl('missing')).rejects.toMatchObject({ code: 'SOURCE_MISSING' })
  const url = `https://sqs.${region}.amazonaws.com/${accountId}/missing`
  await expect(sqs.receive({ queueUrl: url, max: 1, waitSeconds: 0 })).rejects.toMatchObject({ code: 'SOURCE_MISSING' })
  const { arn } = await makeQueue({ VisibilityTimeout: '60' })
  await expect(sqs.create(arn.split(':').at(-1) ?? '', { VisibilityTimeout: '61' })).rejects.toMatchObject({
    code: 'SOURCE_REFUSED',
    message: expect.stringContaining('exists already, with other attributes'),
  })
})

test('a message stays hidden as long as it is asked for, and comes again when it is let go', async () => {
  const { url } = await makeQueue({ VisibilityTimeout: '0' })
  await sendMessage(url, 'ä "quoted"')
  const ask = { queueUrl: url, max: 10, waitSeconds: 0, visibilitySeconds: 600 }
  const [first] = await sqs.receive(ask)
  expect(first).toMatchObject({ body: 'ä "quoted"', receiveCount: 1, sentAtMs: expect.any(Number) })
  expect(await sqs.receive(ask)).toEqual([])
  expect(await sqs.attributes(url)).toMatchObject({ visible: 0, notVisible: 1 })
  const receiptHandle = first?.receiptHandle ?? ''
  expect(await sqs.extend(url, [{ receiptHandle, seconds: 1200 }])).toEqual([])
  expect(await sqs.receive(ask)).toEqual([])
  expect(await sqs.extend(url, [{ receiptHandle, seconds: 0 }])).toEqual([])
  const [again] = await sqs.receive(ask)
  expect(again).toMatchObject({ id: first?.id, receiveCount: 2 })
  expect(await sqs.remove(url, [again?.receiptHandle ?? ''])).toEqual([])
  expect(await sqs.extend(url, [{ receiptHandle, seconds: 60 }])).toEqual([
    expect.objectContaining({ receiptHandle, isReceiptInvalid: true }),
  ])
})

test('messages are deleted in batches, once each', async () => {
  const { url } = await makeQueue()
  const bodies = Array.from({ length: 25 }, (_, number) => `body ${number}`)
  for (const body of bodies) await sendMessage(url, body)
  expect((await drain(sqs, url)).map(({ body }) => body).toSorted()).toEqual(bodies.toSorted())
  expect(await sqs.attributes(url)).toMatchObject({ visible: 0, notVisible: 0 })
})

test('a wait ends with the message that comes', async () => {
  const { url } = await makeQueue()
  const received = sqs.receive({ queueUrl: url, max: 10, waitSeconds: 20 })
  await sendMessage(url, 'x')
  expect((await received).map(({ body }) => body)).toEqual(['x'])
})
