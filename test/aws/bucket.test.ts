import * as fc from 'fast-check'
import { createHash } from 'node:crypto'
import { getEventListeners } from 'node:events'
import type { ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { failing, giving, serveInTurn } from './answers.ts'
import { type Given, credentials, objectKey, region } from './arbitraries.ts'
import { BucketServer } from './bucket-server.ts'
import { TestClock, all, bytesOf, clientOf, fixed, keys } from './clients.ts'
import { caseCount, cases, limitMs } from './scale.ts'
import { openPools, serve, startServer } from './servers.ts'

describe('against a server that verifies signatures', () => {
  test('every object is listed once, in order, and read as it was written', limitMs, async () => {
    const about = fc.record({
      objects: fc.dictionary(objectKey, fc.uint8Array({ maxLength: 100 }), { minKeys: 0, maxKeys: 12 }),
      keys: credentials,
      region,
      pageSize: fc.integer({ min: 1, max: 5 }),
      after: fc.option(objectKey, { nil: undefined }),
    })
    const pools = openPools()
    const check = async (given: Given<typeof about>): Promise<void> => {
      const clock = new TestClock()
      const bucket = new BucketServer('logs', given.keys, clock.now)
      bucket.region = given.region
      const written = new Map(Object.entries(given.objects).map(([key, body]) => [key, Buffer.from(body)]))
      for (const [key, body] of written) bucket.put(key, body)
      const server = await startServer(bucket.respond)
      try {
        const client = clientOf(server.url, {
          pools,
          credentials: fixed(given.keys),
          region: given.region,
          timing: clock,
        })
        const { after: startAfter, pageSize } = given
        const listed = (await all(client.listObjects({ bucket: 'logs', startAfter, pageSize }))).flat()
        const expected = [...written.keys()]
          .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
          .filter((key) => startAfter === undefined || Buffer.compare(Buffer.from(key), Buffer.from(startAfter)) > 0)
        expect(listed.map(({ key }) => key)).toEqual(expected)
        for (const { key, size, etag } of listed) {
          const { bytes, facts } = await client.getObjectBytes({ bucket: 'logs', key, size, ifMatch: etag })
          expect(bytes).toEqual(written.get(key))
          expect(facts).toMatchObject({ size, etag, storageClass: 'STANDARD', modifiedMs: Date.UTC(2026, 10, 21, 16) })
          const { body } = await client.getObject({ bucket: 'logs', key, ifMatch: etag })
          expect(await bytesOf(body)).toEqual(written.get(key))
          const head = await client.headObject({ bucket: 'logs', key, size, ifMatch: etag })
          expect(head).toEqual({ ...facts, archive: undefined })
        }
      } finally {
        await server.close()
      }
    }
    await fc.assert(fc.asyncProperty(about, check), { ...cases, numRuns: Math.ceil(caseCount / 5) })
  })

  test('a version is read by its id', async () => {
    const { client, bucket } = await filled()
    const first = bucket.put('a', Buffer.from('first'))
    bucket.put('a', Buffer.from('second'))
    const older = await client.getObject({ bucket: 'logs', key: 'a', versionId: first })
    expect(older.facts.versionId).toBe(first)
    expect((await bytesOf(older.body)).toString()).toBe('first')
    const latest = await client.getObjectBytes({ bucket: 'logs', key: 'a', size: 6 })
    expect(latest.bytes.toString()).toBe('second')
    await expect(client.getObject({ bucket: 'logs', key: 'a', versionId: 'none' })).rejects.toMatchObject({
      code: 'FILE_VANISHED',
      message: 's3://logs/a is gone: it was deleted after it was listed or announced.',
    })
  })

  test('only what begins with the prefix is listed, in pages of 1000', async () => {
    const { client, bucket } = await filled()
    for (let number = 0; number < 2500; number++) bucket.put(`a/${number}`, Buffer.from(''))
    bucket.put('b', Buffer.from(''))
    const pages = await all(client.listObjects({ bucket: 'logs', prefix: 'a/' }))
    expect(pages.map((page) => page.length)).toEqual([1000, 1000, 500])
    expect(bucket.met).toHaveLength(3)
  })

  test('an empty bucket gives an empty page', async () => {
    const { client } = await filled()
    expect(await all(client.listObjects({ bucket: 'logs' }))).toEqual([[]])
  })

  test('an object that changed after it was listed is told so', async () => {
    const { client, bucket } = await filled()
    bucket.put('a', Buffer.from('first'))
    const [[listed] = []] = await all(client.listObjects({ bucket: 'logs' }))
    bucket.put('a', Buffer.from('other'))
    const request = { bucket: 'logs', key: 'a', size: 5, ifMatch: listed?.etag }
    const changed = {
      code: 'FILE_CHANGED',
      message: 's3://logs/a changed after it was listed (its ETag is another). List it again.',
    }
    await expect(client.getObjectBytes(request)).rejects.toMatchObject(changed)
    await expect(client.getObject(request)).rejects.toMatchObject(changed)
    await expect(client.getObjectBytes({ bucket: 'logs', key: 'a', size: 4 })).rejects.toMatchObject({
      code: 'FILE_CHANGED',
      message: 's3://logs/a changed after it was listed (it has 5 bytes, not 4). List it again.',
    })
  })

  test('an object that went after it was listed is told so', async () => {
    const { client } = await filled()
    await expect(client.getObjectBytes({ bucket: 'logs', key: 'a', size: 1 })).rejects.toMatchObject({
      code: 'FILE_VANISHED',
    })
  })

  test('a bucket that does not exist is told so', async () => {
    const { client } = await filled()
    const missing = {
      code: 'SOURCE_MISSING',
      message: 's3://none/x is in a bucket that does not exist. Check its name, and whether AWS_ENDPOINT_URL is right.',
    }
    await expect(client.getObject({ bucket: 'none', key: 'x' })).rejects.toMatchObject(missing)
    await expect(all(client.listObjects({ bucket: 'none', prefix: 'x' }))).rejects.toMatchObject(missing)
  })

  test('keys are derived anew each day', async () => {
    const { client, bucket, clock } = await filled()
    bucket.put('a', Buffer.from('x'))
    for (let day = 0; day < 3; day++) {
      const { bytes } = await client.getObjectBytes({ bucket: 'logs', key: 'a', size: 1 })
      expect(bytes.toString()).toBe('x')
      clock.time += 24 * 60 * 60_000
    }
  })

  test('a signal that many requests share keeps nothing of them', async () => {
    const { client, bucket } = await filled()
    bucket.put('a', Buffer.from('x'))
    const { signal } = new AbortController()
    const get = () => client.getObjectBytes({ bucket: 'logs', key: 'a', size: 1, signal })
    const warnings: Error[] = []
    const note = (warning: Error): number => warnings.push(warning)
    process.on('warning', note)
    await Promise.all(Array.from({ length: 20 }, get))
    process.off('warning', note)
    expect(warnings).toEqual([])
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test('large objects come whole', async () => {
    const { client, bucket } = await filled()
    const body = Buffer.alloc(20_000_000, 'abcdefghij')
    bucket.put('a', body)
    const { facts, body: stream } = await client.getObject({ bucket: 'logs', key: 'a' })
    expect(facts.size).toBe(body.length)
    const hash = createHash('sha256')
    for await (const part of stream) if (Buffer.isBuffer(part)) hash.update(part)
    expect(hash.digest('hex')).toBe(createHash('sha256').update(body).digest('hex'))
  })

  test('a wrong secret is told so, without the secret', async () => {
    const { url } = await filled()
    const client = clientOf(url, { credentials: fixed({ ...keys, secretAccessKey: 'wrong-secret' }) })
    const error: unknown = await client.getObject({ bucket: 'logs', key: 'x' }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'CREDENTIALS_INVALID' })
    expect(String(error)).toContain('SignatureDoesNotMatch')
    expect(String(error)).not.toContain('wrong-secret')
  })
})

describe('the region of a bucket', () => {
  test('is found out once by those who read', async () => {
    const { client, bucket } = await filled()
    bucket.region = 'ap-northeast-1'
    bucket.put('a', Buffer.from('x'))
    await client.getObjectBytes({ bucket: 'logs', key: 'a', size: 1 })
    await client.getObjectBytes({ bucket: 'logs', key: 'a', size: 1 })
    await all(client.listObjects({ bucket: 'logs' }))
    expect(bucket.met).toHaveLength(4)
    expect(await client.bucketRegion('logs')).toBe('ap-northeast-1')
    expect(bucket.met).toHaveLength(4)
  })

  test('is asked for where a redirect does not name it', async () => {
    const named = (response: ServerResponse) => response.writeHead(301, { 'x-amz-bucket-region': 'eu-central-1' }).end()
    const { url, met } = await serveInTurn(failing(301, 'PermanentRedirect'), named, giving('x'))
    await clientOf(url).getObjectBytes({ bucket: 'logs', key: 'a', size: 1 })
    expect(met.map(({ method, headers }) => [method, regionOf(headers.authorization)])).toEqual([
      ['GET', 'eu-west-1'],
      ['HEAD', 'eu-west-1'],
      ['GET', 'eu-central-1'],
    ])
  })

  test('is followed once', async () => {
    const elsewhere = failing(301, 'PermanentRedirect', { headers: { 'x-amz-bucket-region': 'eu-central-1' } })
    const { url, met } = await serveInTurn(elsewhere)
    await expect(clientOf(url).getObject({ bucket: 'logs', key: 'a' })).rejects.toMatchObject({
      code: 'SOURCE_REFUSED',
    })
    expect(met).toHaveLength(2)
  })

  test('never makes a host of what is no region', async () => {
    const { url, met } = await serveInTurn(
      failing(301, 'PermanentRedirect', { headers: { 'x-amz-bucket-region': 'evil.example/' } }),
    )
    await expect(clientOf(url).getObject({ bucket: 'logs', key: 'a' })).rejects.toMatchObject({
      code: 'SOURCE_REFUSED',
    })
    expect(met.every(({ headers }) => regionOf(headers.authorization) === 'eu-west-1')).toBe(true)
  })

  test('is told on request', async () => {
    const { client, bucket } = await filled()
    bucket.region = 'us-west-2'
    expect(await client.bucketRegion('logs')).toBe('us-west-2')
    expect(await client.bucketRegion('logs')).toBe('us-west-2')
    expect(bucket.met).toEqual(['HEAD /logs/'])
  })

  test('is told of no bucket that does not exist', async () => {
    const { client } = await filled()
    await expect(client.bucketRegion('none')).rejects.toMatchObject({
      code: 'SOURCE_MISSING',
      message: expect.stringContaining('s3://none/ does not exist.'),
    })
  })
})

async function filled(): Promise<{
  client: ReturnType<typeof clientOf>
  bucket: BucketServer
  clock: TestClock
  url: string
}> {
  const clock = new TestClock()
  const bucket = new BucketServer('logs', keys, clock.now)
  const url = await serve(bucket.respond)
  return { client: clientOf(url, { timing: clock }), bucket, clock, url }
}

function regionOf(authorization: string | undefined): string | undefined {
  return authorization?.split('/')[2]
}
