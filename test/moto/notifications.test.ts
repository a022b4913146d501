import { expect, test } from 'vitest'
import { type Notification, readNotification } from '../../src/pipes/notifications.ts'
import { aws, drain, makeBucket, makeQueue, makeTopic, notify, put, remove } from './moto.ts'

const sqs = aws.sqs()

async function notificationsOf(queueUrl: string): Promise<Notification[]> {
  return (await drain(sqs, queueUrl)).map(({ body }) => readNotification(body))
}

const odd = [
  'a b',
  'a+b',
  'account=1/x',
  'ü/é',
  'q?x=1&y#z',
  '%41',
  '100%',
  "it's(*)!",
  '\u{1F600}',
  '<&>"',
  'a;b,c:d@e$',
]

test('a bucket that begins to notify sends a test event, and says whom it notifies', async () => {
  const [bucket, queue] = [await makeBucket(), await makeQueue()]
  await notify(bucket, queue.arn, {
    prefix: 'AWSLogs/',
    suffix: '.gz',
    events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'],
  })
  expect(await notificationsOf(queue.url)).toEqual([{ kind: 'test', bucket }])
  expect(await aws.s3().bucketNotification(bucket)).toEqual({
    queues: [
      {
        id: 'millrace',
        arn: queue.arn,
        events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'],
        prefix: 'AWSLogs/',
        suffix: '.gz',
      },
    ],
    topics: [],
    functions: [],
    isOnEventBridge: false,
  })
})

test('every object is told with its key as it is, and can be read by what was told', async () => {
  const [bucket, queue] = [await makeBucket(), await makeQueue()]
  await notify(bucket, queue.arn)
  await drain(sqs, queue.url)
  for (const key of odd) await put(bucket, key, `body of ${key}`)
  const told = (await notificationsOf(queue.url)).flatMap((read) => (read.kind === 'objects' ? read.objects : []))
  expect(told.map(({ key }) => key).toSorted()).toEqual(odd.toSorted())
  const s3 = aws.s3()
  for (const { bucket: named, key, size = -1, etag, eventTimeMs } of told) {
    expect(named).toBe(bucket)
    expect(eventTimeMs).toBeGreaterThan(0)
    expect(await s3.headObject({ bucket, key, size, ifMatch: etag })).toMatchObject({ size, etag })
    const { bytes } = await s3.getObjectBytes({ bucket, key, size, ifMatch: etag })
    expect(bytes.toString()).toBe(`body of ${key}`)
  }
})

test('only what the filter names is told, and a deletion is nothing for us', async () => {
  const [bucket, queue] = [await makeBucket(), await makeQueue()]
  await notify(bucket, queue.arn, { prefix: 'in/', events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'] })
  await drain(sqs, queue.url)
  await put(bucket, 'out/a', 'a')
  await put(bucket, 'in/a', 'a')
  await remove(bucket, 'in/a')
  expect(await notificationsOf(queue.url)).toEqual([
    { kind: 'objects', objects: [expect.objectContaining({ key: 'in/a', size: 1 })], ignored: 0 },
    { kind: 'other', what: 'It tells of no new object, but of "ObjectRemoved:Delete".' },
  ])
  await expect(aws.s3().headObject({ bucket, key: 'in/a' })).rejects.toMatchObject({ code: 'FILE_VANISHED' })
})

test.each([false, true])('what comes by way of SNS is read; as raw messages: %s', async (isRaw) => {
  const [bucket, queue] = [await makeBucket(), await makeQueue()]
  await notify(bucket, await makeTopic(queue.arn, isRaw))
  for (const key of odd) await put(bucket, key, 'x')
  const [first, ...others] = await notificationsOf(queue.url)
  expect(first).toEqual({ kind: 'test', bucket })
  const keys = others.flatMap((read) => (read.kind === 'objects' ? read.objects.map(({ key }) => key) : []))
  expect(keys.toSorted()).toEqual(odd.toSorted())
})

test('an archived object is told as such', async () => {
  const bucket = await makeBucket()
  await put(bucket, 'old', 'x', { 'x-amz-storage-class': 'GLACIER' })
  expect(await aws.s3().headObject({ bucket, key: 'old' })).toMatchObject({
    storageClass: 'GLACIER',
    archive: 'archived',
  })
})
