import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { S3Writer } from '../../src/aws/s3-writer.ts'
import { temporaryFolder } from '../loading/lakes.ts'
import { TestClock, keys, writerOf } from './clients.ts'
import { serve } from './servers.ts'
import { WritableBucket } from './writable-bucket.ts'

const mebibyte = 2 ** 20
let content: Buffer
let bucket: WritableBucket
let writer: S3Writer
let path: string
let whenAsked: (url: string) => void

beforeAll(() => {
  content = randomBytes(11 * mebibyte)
})

beforeEach(async () => {
  const clock = new TestClock()
  bucket = new WritableBucket('logs', keys, clock.now)
  whenAsked = () => undefined
  const url = await serve((request, response) => {
    whenAsked(request.url ?? '')
    bucket.respond(request, response)
  })
  writer = writerOf(url, { timing: clock, wholeBytes: mebibyte, partBytes: 5 * mebibyte })
  path = join(temporaryFolder(), 'file')
})

const out = (key: string) => ({ bucket: 'logs', key, path })

test('a file is written whole, with what it is to be kept by', async () => {
  writeFileSync(path, 'a,b\n')
  const size = await writer.putFile({
    ...out('x/ä b.csv'),
    contentType: 'text/csv',
    encryption: 'aws:kms',
    kmsKeyId: 'k',
  })

  expect(size).toBe(4)
  expect(bucket.bodyOf('x/ä b.csv')?.toString()).toBe('a,b\n')
  expect(bucket.headersOf.get('x/ä b.csv')).toMatchObject({
    'content-type': 'text/csv',
    'x-amz-server-side-encryption': 'aws:kms',
    'x-amz-server-side-encryption-aws-kms-key-id': 'k',
  })
})

test('a large file is written by parts, through what passes', async () => {
  writeFileSync(path, content)
  bucket.refusals.set('big#2', { code: 'SlowDown', isOnce: true })
  bucket.refusals.set('big#complete', { code: 'InternalError' })

  expect(await writer.putFile({ ...out('big'), acl: 'bucket-owner-full-control' })).toBe(content.length)
  expect(bucket.bodyOf('big')?.equals(content)).toBe(true)
  expect(bucket.headersOf.get('big')).toMatchObject({ 'x-amz-acl': 'bucket-owner-full-control' })
  expect(bucket.uploads.size).toBe(0)
  expect(bucket.met.map((request) => request.replace(/\?.*(partNumber=\d).*/, '?$1').replace(/=upload.*/, ''))).toEqual(
    [
      'HEAD /logs/',
      'POST /logs/big?uploads=',
      'PUT /logs/big?partNumber=1',
      'PUT /logs/big?partNumber=2',
      'PUT /logs/big?partNumber=2',
      'PUT /logs/big?partNumber=3',
      'POST /logs/big?uploadId',
      'POST /logs/big?uploadId',
    ],
  )
})

test('parts of a file that fails are given up, and what is lacked is said', async () => {
  writeFileSync(path, content)
  bucket.refusals.set('big#3', { code: 'AccessDenied' })

  await expect(writer.putFile(out('big'))).rejects.toMatchObject({
    code: 'ACCESS_DENIED',
    message: expect.stringContaining('lacks s3:PutObject on arn:aws:s3:::logs/big'),
  })
  expect(bucket.uploads.size).toBe(0)
  expect(bucket.keysHeld()).toEqual([])
})

test('parts of a file that nobody wants any more are given up', async () => {
  writeFileSync(path, content)
  const giveUp = new AbortController()
  whenAsked = (url) => {
    if (url.includes('partNumber=2')) giveUp.abort()
  }

  await expect(writer.putFile({ ...out('big'), signal: giveUp.signal })).rejects.toMatchObject({ name: 'AbortError' })
  expect(bucket.met.at(-1)).toMatch(/^DELETE \/logs\/big\?uploadId=/)
  expect(bucket.uploads.size).toBe(0)
  expect(bucket.keysHeld()).toEqual([])
})

test('a write to a bucket of another region goes there', async () => {
  bucket.region = 'us-east-2'
  writeFileSync(path, 'x')
  await writer.putFile(out('a'))

  expect(bucket.bodyOf('a')?.toString()).toBe('x')
  await expect(writer.putFile({ ...out('a'), bucket: 'none' })).rejects.toMatchObject({ code: 'SOURCE_MISSING' })
})
