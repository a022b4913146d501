import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client as SdkClient } from '@aws-sdk/client-s3'
import { startFauxqs } from 'fauxqs'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { generate } from '../../src/generate/generate.ts'
import type { OpenLake } from '../../src/lake.ts'
import { openTestLake } from '../loading/template.ts'

const server = await startFauxqs({ port: 0, logger: false })
const endpoint = `http://127.0.0.1:${server.port}`
const sdk = new SdkClient({
  endpoint,
  region: 'eu-west-1',
  forcePathStyle: true,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
})
Object.assign(process.env, {
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
})

let root: string
let lake: OpenLake

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'millrace-s3-'))
  lake = await openTestLake(join(root, 'lake'))
  await sdk.send(new CreateBucketCommand({ Bucket: 'logs' }))
})

afterAll(async () => {
  await lake.close()
  sdk.destroy()
  await server.stop()
  await rm(root, { recursive: true, force: true })
})

const put = (key: string, body: string | Buffer): Promise<unknown> =>
  sdk.send(new PutObjectCommand({ Bucket: 'logs', Key: key, Body: body }))

/** Puts every file of a folder below a prefix; returns their keys. */
async function upload(folder: string, prefix: string): Promise<string[]> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const keys: string[] = []
  for (const entry of files) {
    const path = join(entry.parentPath, entry.name)
    const key = `${prefix}${relative(folder, path)}`
    await put(key, readFileSync(path))
    keys.push(key)
  }
  return keys
}

async function count(sql: string): Promise<number> {
  const [row] = await (await lake.query<{ n: number }>(sql)).all()
  return Number(row?.n)
}

test('a bucket is loaded as a folder is: once, and only what is new', async () => {
  const folder = join(root, 'flow')
  const { rows } = await generate(folder, { type: 'vpc-flow-logs', rows: 5000, files: 12, seed: 3 })
  const keys = await upload(folder, 'flow/')
  await put('flow/', '')
  await put('flow/README.md', 'no log')
  await put('flow/.hidden', 'no log')
  await put('flow2/other.log', 'no log of this folder')

  const first = await lake.load('s3://logs/flow/')
  expect(first).toMatchObject({ files: keys.length, failed_files: 0, rows, rejects: 0 })
  expect(await lake.load('s3://logs/flow')).toMatchObject({ files: 0, skipped_files: keys.length, rows: 0 })
  expect(await count('select count(*) as n from vpc_flow_logs')).toBe(rows)
  const [entry] = await lake.history({ limit: 1 })
  expect(entry?.file).toMatch(/^s3:\/\/logs\/flow\/AWSLogs\//)
  expect(await count('select count(*) as n from vpc_flow_logs where path_account_id is not null')).toBe(rows)

  const more = await generate(join(root, 'more'), { type: 'vpc-flow-logs', rows: 300, files: 1, seed: 4 })
  await upload(join(root, 'more'), 'flow/')
  expect(await lake.load('s3://logs/flow')).toMatchObject({ files: 1, skipped_files: keys.length, rows: more.rows })
  expect(readdirSync(join(lake.directory, 'spool'))).toEqual([])
})

test('large objects, Parquet and one key alone are read too', async () => {
  const plain = await generate(join(root, 'plain'), {
    type: 'vpc-flow-logs',
    rows: 40_000,
    files: 1,
    seed: 5,
    format: 'plain',
  })
  const parquet = await generate(join(root, 'parquet'), {
    type: 'vpc-flow-logs',
    rows: 2000,
    files: 3,
    seed: 6,
    format: 'parquet',
  })
  const [large = ''] = await upload(join(root, 'plain'), 'plain/')
  await upload(join(root, 'parquet'), 'parquet/')

  expect(await lake.load(`s3://logs/${large}`)).toMatchObject({ files: 1, rows: plain.rows })
  expect(await lake.load('s3://logs/parquet')).toMatchObject({ files: 3, rows: parquet.rows })
  expect(await lake.load('s3://logs/plain')).toMatchObject({ files: 0, skipped_files: 1 })
})

test('an object that changed is held until it is accepted; one that is gone keeps its rows', async () => {
  const line = (host: number): string =>
    `2 123456789012 eni-0a 10.77.0.${host} 10.2.2.2 443 50000 6 1 100 1795262210 1795262270 ACCEPT OK\n`
  await put('news/a.log', line(1))
  await put('news/b.log', line(2))
  await lake.load('s3://logs/news', { type: 'vpc-flow-logs' })
  await put('news/a.log', line(3) + line(4))
  await sdk.send(new DeleteObjectCommand({ Bucket: 'logs', Key: 'news/b.log' }))
  const hosts = async (): Promise<string[]> =>
    (
      await (
        await lake.query<{ srcaddr: string }>(
          "select srcaddr from vpc_flow_logs where srcaddr like '10.77.%' order by 1",
        )
      ).all()
    ).map(({ srcaddr }) => srcaddr)

  expect(await lake.load('s3://logs/news', { type: 'vpc-flow-logs' })).toMatchObject({ files: 0, changed_files: 1 })
  expect(await hosts()).toEqual(['10.77.0.1', '10.77.0.2'])
  await lake.acceptChange('s3://logs/news/a.log')
  expect(await hosts()).toEqual(['10.77.0.2', '10.77.0.3', '10.77.0.4'])
})

test('a load that is given up says so, and leaves nothing of the batch under way', async () => {
  await upload(join(root, 'flow'), 'given-up/')
  await expect(lake.load('s3://logs/given-up', { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'QUERY_CANCELLED',
  })
  const giveUp = new AbortController()
  const other = await openTestLake(join(root, 'other'), {
    onPoint: (name) => {
      if (name === 'load:rows') giveUp.abort()
    },
  })

  await expect(other.load('s3://logs/given-up', { signal: giveUp.signal })).rejects.toMatchObject({
    code: 'QUERY_CANCELLED',
  })
  expect(await other.history()).toEqual([])
  expect(readdirSync(join(other.directory, 'spool'))).toEqual([])
  await other.close()
})

test('a bucket that is not there, and a URL that names none, say so', async () => {
  await expect(lake.load('s3://nowhere-at-all/x')).rejects.toMatchObject({ code: 'SOURCE_MISSING' })
  await expect(lake.load('s3://')).rejects.toMatchObject({ code: 'SOURCE_UNSUPPORTED' })
  await expect(lake.load('gs://bucket/x')).rejects.toMatchObject({ code: 'SOURCE_UNSUPPORTED' })
})
