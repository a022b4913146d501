// Reads objects from an S3 server, so many at once, into memory: with our own client or with the AWS SDK.
import { fromLibrary } from '../library.mjs'
import { answer, options, timed } from './timed.mjs'

const { side, url, sizes, objects, concurrency } = options
const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const bucket = 'logs'
const get = side === 'Millrace' ? await withMillrace() : await withSdk()

// Connections are open and code is compiled before the clock starts.
await getAll(Math.min(objects, 2000))
const { measured } = await timed(() => getAll(objects))
answer({ ...measured, objects })
process.on('disconnect', () => process.exit())

async function getAll(count) {
  let next = 0
  const work = async () => {
    while (next < count) {
      const number = next++
      const key = `AWSLogs/123456789012/vpcflowlogs/eu-west-1/2026/11/21/123456789012_vpcflowlogs_eu-west-1_fl-0123456789abcdef0_20261121T1600Z_-${number}.log.gz`
      const size = sizes[number % sizes.length]
      const length = await get(key, size)
      if (length !== size) throw new Error(`${key} has ${length} bytes, not ${size}.`)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
}

async function withMillrace() {
  const { S3Client } = await fromLibrary('aws/s3.js')
  const { HttpPools } = await fromLibrary('aws/pools.js')
  const { customEndpoint } = await fromLibrary('aws/endpoints.js')
  const { CachedCredentials } = await fromLibrary('aws/credentials.js')
  const { systemTiming } = await fromLibrary('aws/timing.js')
  const endpoint = customEndpoint(url, 'The server')
  const client = new S3Client({
    pools: new HttpPools({ connections: concurrency }),
    credentials: new CachedCredentials(async () => keys, systemTiming),
    endpoints: () => endpoint,
    region: 'eu-west-1',
  })
  if (options.asStream) {
    return async (key, size) => {
      const { body } = await client.getObject({ bucket, key, size })
      let length = 0
      for await (const part of body) length += part.length
      return length
    }
  }
  return async (key, size) => (await client.getObjectBytes({ bucket, key, size })).bytes.length
}

async function withSdk() {
  const { GetObjectCommand, S3Client } = await import('@aws-sdk/client-s3')
  const client = new S3Client({
    endpoint: url,
    region: 'eu-west-1',
    forcePathStyle: true,
    credentials: keys,
    requestHandler: { httpAgent: { keepAlive: true, maxSockets: concurrency } },
  })
  return async (key) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    return (await Body.transformToByteArray()).length
  }
}
