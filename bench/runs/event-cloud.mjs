// A bucket and the queue that tells of its objects, from memory: what is measured is who reads them. The bucket lists nothing, so that what is
// loaded was told of. `backlog`: so many objects and messages are there at once. `perSecond`, `seconds`: they come while it runs.
// Sends the parent its address, then, when the last one is there, the times (epoch milliseconds) that objects were put at, and how many messages are left whenever asked.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'

const { backlog = 0, perSecond = 0, seconds = 0 } = JSON.parse(process.argv[2])
const recordsInEach = [20, 25, 30, 35, 40]
const bodies = recordsInEach.map((records) => {
  const lines = Array.from(
    { length: records },
    (_, index) =>
      `2 123456789012 eni-0a1b2c3d4e5f60718 10.0.${index}.1 10.1.2.${index} 443 ${50_000 + index} 6 ${index + 1} ${index * 100} 1790000000 1790000060 ACCEPT OK`,
  )
  const body = Buffer.from(
    `version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\n${lines.join('\n')}\n`,
  )
  return { body, etag: createHash('md5').update(body).digest('hex') }
})

/** Numbers of objects whose messages can be received. Those of the backlog are counted only, until they are received. */
const returned = []
let fresh = 0
let told = backlog
let deleted = 0
/** Receipts given out, by object; the last one holds. */
const receipts = new Map()
const putAt = []
const waiting = []

function takeNumbers(most) {
  const numbers = returned.splice(0, most)
  while (numbers.length < most && fresh < told) numbers.push(fresh++)
  return numbers
}

function messageOf(number) {
  const { body, etag } = bodies[number % bodies.length]
  const atMs = putAt[number] ?? Date.now()
  const key = `AWSLogs/123456789012/vpcflowlogs/eu-west-1/2026/11/21/123456789012_vpcflowlogs_eu-west-1_fl-0123456789abcdef0_20261121T0000Z_${String(number).padStart(8, '0')}.log`
  const event = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: 'eu-west-1',
    eventTime: new Date(atMs).toISOString(),
    eventName: 'ObjectCreated:Put',
    s3: {
      bucket: { name: 'logs', arn: 'arn:aws:s3:::logs' },
      object: { key, size: body.length, eTag: etag, sequencer: number.toString(16).padStart(16, '0') },
    },
  }
  const receipt = `${number}-${Math.random().toString(36).slice(2)}`
  receipts.set(number, receipt)
  return {
    MessageId: `00000000-0000-0000-0000-${String(number).padStart(12, '0')}`,
    ReceiptHandle: receipt,
    Body: JSON.stringify({ Records: [event] }),
    Attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(atMs) },
  }
}

const numberOf = (receipt) => Number(receipt.split('-', 1)[0])

const actions = {
  ReceiveMessage: async ({ MaxNumberOfMessages = 1, WaitTimeSeconds = 0 }, request) => {
    let numbers = takeNumbers(MaxNumberOfMessages)
    if (numbers.length === 0) {
      await new Promise((resolve) => {
        waiting.push(resolve)
        setTimeout(resolve, WaitTimeSeconds * 1000)
        request.once('close', resolve)
      })
      numbers = request.destroyed && !request.complete ? [] : takeNumbers(MaxNumberOfMessages)
    }
    return { Messages: numbers.map(messageOf) }
  },
  DeleteMessageBatch: ({ Entries }) => {
    for (const { ReceiptHandle } of Entries) if (receipts.delete(numberOf(ReceiptHandle))) deleted++
    return { Successful: Entries.map(({ Id }) => ({ Id })), Failed: [] }
  },
  ChangeMessageVisibilityBatch: ({ Entries }) => {
    for (const { ReceiptHandle, VisibilityTimeout } of Entries)
      if (VisibilityTimeout < 10 && receipts.get(numberOf(ReceiptHandle)) === ReceiptHandle)
        setTimeout(() => {
          returned.push(numberOf(ReceiptHandle))
          wake()
        }, VisibilityTimeout * 1000)
    return { Successful: Entries.map(({ Id }) => ({ Id })), Failed: [] }
  },
  GetQueueAttributes: () => ({
    Attributes: {
      QueueArn: 'arn:aws:sqs:eu-west-1:123456789012:events',
      ApproximateNumberOfMessages: String(told - fresh + returned.length),
      ApproximateNumberOfMessagesNotVisible: String(receipts.size),
      ApproximateNumberOfMessagesDelayed: '0',
      VisibilityTimeout: '30',
      MessageRetentionPeriod: '345600',
    },
  }),
}

function wake() {
  for (const resolve of waiting.splice(0)) resolve()
}

const server = createServer(async (request, response) => {
  const target = request.headers['x-amz-target']
  if (target !== undefined) {
    const parts = []
    for await (const part of request) parts.push(part)
    const answer = await actions[target.split('.')[1]](JSON.parse(Buffer.concat(parts).toString()), request)
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' })
    response.end(JSON.stringify(answer))
    return
  }
  const number = /_(\d{8})\.log/.exec(request.url)?.[1]
  if (number === undefined) {
    response.writeHead(200, { 'content-type': 'application/xml' })
    response.end(
      '<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>logs</Name><Prefix></Prefix><KeyCount>0</KeyCount><MaxKeys>1000</MaxKeys><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated></ListBucketResult>',
    )
    return
  }
  const { body, etag } = bodies[Number(number) % bodies.length]
  response.writeHead(200, { 'content-length': body.length, etag: `"${etag}"`, 'accept-ranges': 'bytes' })
  response.end(body)
})
server.keepAliveTimeout = 60_000

process.on('message', (message) => {
  if (message === 'begin') begin()
  if (message === 'left') process.send({ left: told - deleted })
})
process.on('disconnect', () => process.exit())
server.listen({ host: '127.0.0.1', port: 0 }, () => {
  process.send({ url: `http://127.0.0.1:${server.address().port}`, recordsInEach })
})

/** Objects come at an even pace, whatever becomes of them. */
function begin() {
  const startMs = Date.now()
  const timer = setInterval(() => {
    const due = Math.min(perSecond * seconds, Math.floor(((Date.now() - startMs) / 1000) * perSecond))
    while (told < due) putAt[told++] = Date.now()
    wake()
    if (told < perSecond * seconds) return
    clearInterval(timer)
    process.send({ putAt })
  }, 5)
}
