import { CreateBucketCommand, PutObjectCommand, S3Client as SdkClient } from '@aws-sdk/client-s3'
import { startFauxqs } from 'fauxqs'
import { afterAll, expect, test } from 'vitest'
import { all, bytesOf, clientOf, writerOf } from './clients.ts'

/** An S3 that others wrote, filled by the AWS SDK. It knows no versions and no `encoding-type`, verifies no signature, and orders keys by locale. */
const server = await startFauxqs({ port: 0, logger: false })
const url = `http://127.0.0.1:${server.port}`
const sdk = new SdkClient({
  endpoint: url,
  region: 'eu-west-1',
  forcePathStyle: true,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
})

afterAll(async () => {
  sdk.destroy()
  await server.stop()
})

async function fill(bucket: string, bodies: Readonly<Record<string, string>>): Promise<void> {
  await sdk.send(new CreateBucketCommand({ Bucket: bucket }))
  for (const [key, body] of Object.entries(bodies))
    await sdk.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }))
}

test('keys with odd characters are listed as they are, and read', async () => {
  const odd = [
    'a b',
    'a+b',
    'ü/é',
    'x/../y',
    './z',
    '/first',
    'q?x=1&y#z',
    '%41',
    'a//b',
    "it's(*)!",
    '\u{1F600}',
    '<&>"',
  ]
  await fill('odd', Object.fromEntries(odd.map((key) => [key, `body of ${key}`])))
  const client = clientOf(url)
  const listed = (await all(client.listObjects({ bucket: 'odd' }))).flat()
  expect(listed.map(({ key }) => key).toSorted()).toEqual(odd.toSorted())
  for (const { key, size, etag } of listed) {
    const { bytes } = await client.getObjectBytes({ bucket: 'odd', key, size, ifMatch: etag })
    expect(bytes.toString()).toBe(`body of ${key}`)
    expect(await client.headObject({ bucket: 'odd', key })).toMatchObject({ size, etag, archive: undefined })
    const { body } = await client.getObject({ bucket: 'odd', key, size, ifMatch: etag })
    expect((await bytesOf(body)).toString()).toBe(`body of ${key}`)
  }
})

test('pages follow one another, from a key on', async () => {
  const keys = Array.from({ length: 25 }, (_, number) => `day/${String(number).padStart(4, '0')}`)
  await fill('paged', Object.fromEntries([...keys, 'other'].map((key) => [key, key])))
  const client = clientOf(url)
  const pages = await all(client.listObjects({ bucket: 'paged', prefix: 'day/', pageSize: 10 }))
  expect(pages.map((page) => page.map(({ key }) => key))).toEqual([
    keys.slice(0, 10),
    keys.slice(10, 20),
    keys.slice(20),
  ])
  const later = await all(client.listObjects({ bucket: 'paged', prefix: 'day/', startAfter: 'day/0019' }))
  expect(later.flat().map(({ key }) => key)).toEqual(keys.slice(20))
})

test('what stands behind a delimiter is a folder', async () => {
  await fill('folders', { 'a b/1': '1', 'a b/2': '2', 'ü/3': '3', top: '4' })
  const page = await clientOf(url).listPage({ bucket: 'folders', delimiter: '/' })
  expect(page).toMatchObject({ folders: ['a b/', 'ü/'], objects: [{ key: 'top' }], next: undefined })
  const { folders } = await clientOf(url).listPage({ bucket: 'folders', prefix: 'a', delimiter: ' ' })
  expect(folders).toEqual(['a '])
})

test('objects are deleted, those that are not there too', async () => {
  const names = ['a b', 'ü/é', "it's(*)!", '<&>"', 'kept']
  await fill('deleted', Object.fromEntries(names.map((key) => [key, key])))
  const faults = await writerOf(url).deleteObjects({ bucket: 'deleted', keys: [...names.slice(0, -1), 'never there'] })
  expect(faults).toEqual(new Map())
  expect((await all(clientOf(url).listObjects({ bucket: 'deleted' }))).flat().map(({ key }) => key)).toEqual(['kept'])
})

test('an object that is not there, or is another, is told so', async () => {
  await fill('changing', { a: 'first' })
  const client = clientOf(url)
  const [listed] = (await all(client.listObjects({ bucket: 'changing' }))).flat()
  await sdk.send(new PutObjectCommand({ Bucket: 'changing', Key: 'a', Body: 'other' }))
  await expect(client.getObject({ bucket: 'changing', key: 'a', ifMatch: listed?.etag })).rejects.toMatchObject({
    code: 'FILE_CHANGED',
  })
  await expect(client.getObject({ bucket: 'changing', key: 'b' })).rejects.toMatchObject({ code: 'FILE_VANISHED' })
  await expect(client.headObject({ bucket: 'changing', key: 'b' })).rejects.toMatchObject({ code: 'FILE_VANISHED' })
  await expect(client.headObject({ bucket: 'missing', key: 'b' })).rejects.toMatchObject({ code: 'SOURCE_MISSING' })
  await expect(all(client.listObjects({ bucket: 'missing' }))).rejects.toMatchObject({ code: 'SOURCE_MISSING' })
})
