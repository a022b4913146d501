// One AWS SDK client that fetches every object of a list into memory, so many at once, and does nothing with them.
import { readFileSync } from 'node:fs'
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { answer, options, timed } from './timed.mjs'

const { url, list, concurrency } = options
const keys = JSON.parse(readFileSync(list, 'utf8'))
const client = new S3Client({
  endpoint: url,
  region: 'eu-west-1',
  forcePathStyle: true,
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
  requestHandler: { httpAgent: { keepAlive: true, maxSockets: concurrency } },
})
const { result, measured } = await timed(fetchAll)
client.destroy()
answer({ ...measured, bytes: result })

async function fetchAll() {
  let next = 0
  let bytes = 0
  const work = async () => {
    while (next < keys.length) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: 'logs', Key: keys[next++] }))
      bytes += (await Body.transformToByteArray()).length
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  return bytes
}
