import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client as SdkClient } from '@aws-sdk/client-s3'
import { startFauxqs } from 'fauxqs'
import { expect } from 'vitest'
import { Aws } from '../../src/aws/aws.ts'
import type { OpenLake } from '../../src/lake.ts'
import type { OpenOptions } from '../../src/lake/parts.ts'
import { openTestLake } from '../loading/template.ts'

/** One bucket, one queue and a lake, on servers of this process. */
export interface World {
  readonly bucket: string
  readonly lake: OpenLake
  readonly queueUrl: string
  readonly directory: string
  /** Puts an object; its event as S3 would send it. */
  put(key: string, body: string | Buffer): Promise<string>
  remove(key: string): Promise<void>
  /** Sends a message to the queue. */
  send(body: string): Promise<void>
  /** Sends a message to a queue by its ARN. */
  sendTo(arn: string, body: string): Promise<void>
  /** Messages that the queue has, those in hand included. */
  messages(): Promise<number>
  count(sql: string): Promise<number>
  reopen(options?: OpenOptions): Promise<OpenLake>
  close(): Promise<void>
}

let worlds = 0

/** The event of an object, as S3 sends it. */
export function eventOf(bucket: string, key: string, body: string | Buffer, ms = Date.now()): string {
  const eTag = createHash('md5').update(body).digest('hex')
  const encoded = encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/')
  return JSON.stringify({
    Records: [
      {
        eventVersion: '2.6',
        eventSource: 'aws:s3',
        awsRegion: 'eu-west-1',
        eventTime: new Date(ms).toISOString(),
        eventName: 'ObjectCreated:Put',
        s3: {
          bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
          object: { key: encoded, size: Buffer.byteLength(body), eTag },
        },
      },
    ],
  })
}

export async function openWorld(options: OpenOptions = {}): Promise<World> {
  const server = await startFauxqs({ port: 0, logger: false })
  const endpoint = `http://127.0.0.1:${server.port}`
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  })
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const sdk = new SdkClient({ endpoint, region: 'eu-west-1', forcePathStyle: true, credentials })
  const bucket = `logs-${++worlds}`
  await sdk.send(new CreateBucketCommand({ Bucket: bucket }))
  const root = await mkdtemp(join(tmpdir(), 'millrace-pipes-'))
  const directory = join(root, 'lake')
  const aws = await Aws.open(process.env)
  const queues = aws.sqs()
  const queueUrl = await queues.create(`events-${worlds}`)
  const state = { lake: await openTestLake(directory, options) }
  const sqs = async (action: string, body: object): Promise<void> => {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${action}` },
      body: JSON.stringify(body),
    })
    expect(response.status, await response.text()).toBe(200)
  }
  return {
    bucket,
    queueUrl,
    directory,
    get lake() {
      return state.lake
    },
    put: async (key, body) => {
      await sdk.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }))
      return eventOf(bucket, key, body)
    },
    remove: async (key) => {
      await sdk.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }))
    },
    send: (body) => sqs('SendMessage', { QueueUrl: queueUrl, MessageBody: body }),
    sendTo: async (arn, body) => sqs('SendMessage', { QueueUrl: await queues.queueUrl(arn), MessageBody: body }),
    messages: async () => {
      const { visible, notVisible, delayed } = await queues.attributes(queueUrl)
      return visible + notVisible + delayed
    },
    count: async (sql) => {
      const [row] = await (await state.lake.query<{ n: number }>(sql)).all()
      return Number(row?.n)
    },
    reopen: async (again = options) => {
      await state.lake.close()
      state.lake = await openTestLake(directory, again)
      return state.lake
    },
    close: async () => {
      await state.lake.close()
      await aws.close()
      sdk.destroy()
      await server.stop()
      await rm(root, { recursive: true, force: true })
    },
  }
}

/** A default-format flow log with so many records, told apart by `bytes`. */
export function flowLog(records: number, first = 0): string {
  const lines = Array.from({ length: records }, (_, index) => {
    const start = 1_790_000_000 + first + index
    return `2 123456789012 eni-0a1b2c3d 10.0.0.1 10.0.0.2 443 50000 6 1 ${first + index} ${start} ${start + 60} ACCEPT OK`
  })
  return `version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\n${lines.join('\n')}\n`
}

/** Waits until something holds, in the time that vitest gives polls. */
export async function until(what: () => Promise<unknown>, wanted: unknown): Promise<void> {
  await expect.poll(what, { interval: 50 }).toEqual(wanted)
}
