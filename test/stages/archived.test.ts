import { expect, test } from 'vitest'
import { rowsOf, valuesOf } from '../loading/lakes.ts'
import { flowFile } from '../loading/lines.ts'
import { type Cloud, cloudOf } from '../run/clouds.ts'

/** Flow logs of three rows each, whose `bytes` begin there. */
async function filled(files: Readonly<Record<string, number>>): Promise<Cloud> {
  const cloud = await cloudOf([])
  for (const [key, bytes] of Object.entries(files)) cloud.bucket.put(key, Buffer.from(flowFile(3, bytes)))
  return cloud
}

const stored = 'select bytes from vpc_flow_logs order by bytes'

/** The keys that were read since this was asked last. */
function read({ bucket }: Cloud): string[] {
  const keys = bucket.met.flatMap((request) => /^GET \/logs\/([^?]+)/.exec(request)?.[1] ?? [])
  bucket.met.length = 0
  return keys.toSorted()
}

async function faults({ lake }: Cloud): Promise<unknown[]> {
  return rowsOf(
    lake,
    "select uri, status::varchar as status, code from lake.objects where status = 'failed' order by uri",
  )
}

test.each(['GLACIER', 'DEEP_ARCHIVE'])(
  'what is listed as %s is told once, and never asked for',
  async (storageClass) => {
    const cloud = await filled({ 'a/1.log': 0, "a/it's 2.log": 10 })
    const { lake, bucket } = cloud
    bucket.moveTo("a/it's 2.log", storageClass, true)

    expect(await lake.load('s3://logs/a/')).toMatchObject({
      files: 1,
      failed_files: 1,
      skipped_files: 0,
      faults: [
        {
          file: "s3://logs/a/it's 2.log",
          code: 'FILE_ARCHIVED',
          message: String.raw`s3://logs/a/it's 2.log is archived (${storageClass}) and cannot be read. Restore it (aws s3api restore-object --bucket logs --key 'a/it'\''s 2.log' --restore-request Days=7), and once that is done, load it by its name: millrace load 's3://logs/a/it'\''s 2.log'.`,
        },
      ],
    })
    expect(read(cloud)).toEqual(['a/1.log'])
    expect(await faults(cloud)).toMatchObject([{ uri: "s3://logs/a/it's 2.log", code: 'FILE_ARCHIVED' }])
    expect(await lake.load('s3://logs/a/')).toMatchObject({ files: 0, failed_files: 0, skipped_files: 2, faults: [] })
    expect(read(cloud)).toEqual([])
    expect(await faults(cloud)).toHaveLength(1)
  },
)

test('what Intelligent-Tiering has archived is asked for once', async () => {
  const cloud = await filled({ 'a/1.log': 0, 'a/2.log': 10 })
  const { lake, bucket } = cloud
  bucket.moveTo('a/1.log', 'INTELLIGENT_TIERING', false)
  bucket.moveTo('a/2.log', 'INTELLIGENT_TIERING', true)

  expect(await lake.load('s3://logs/a/')).toMatchObject({
    files: 1,
    failed_files: 1,
    faults: [{ code: 'FILE_ARCHIVED', message: expect.stringContaining('--restore-request {}') }],
  })
  expect(read(cloud)).toEqual(['a/1.log', 'a/2.log'])
  expect(await lake.load('s3://logs/a/')).toMatchObject({ files: 0, failed_files: 0, skipped_files: 2 })
  expect(read(cloud)).toEqual([])
})

test('what was restored is read when it is named, or by force', async () => {
  const cloud = await filled({ 'a/1.log': 0, 'a/2.log': 10 })
  const { lake, bucket } = cloud
  for (const key of ['a/1.log', 'a/2.log']) bucket.moveTo(key, 'GLACIER', true)
  await lake.load('s3://logs/a/')

  expect(await lake.load('s3://logs/a/1.log')).toMatchObject({ failed_files: 1, faults: [{ code: 'FILE_ARCHIVED' }] })
  expect(read(cloud)).toEqual(['a/1.log'])
  for (const key of ['a/1.log', 'a/2.log']) bucket.moveTo(key, 'GLACIER', false)
  expect(await lake.load('s3://logs/a/')).toMatchObject({ files: 0, failed_files: 0, skipped_files: 2 })
  expect(await lake.load('s3://logs/a/1.log')).toMatchObject({ files: 1, failed_files: 0, rows: 3 })
  expect(await faults(cloud)).toHaveLength(1)
  read(cloud)
  expect(await lake.load('s3://logs/a/', { force: true })).toMatchObject({ files: 2, failed_files: 0 })
  expect(read(cloud)).toEqual(['a/1.log', 'a/2.log'])
  expect(await valuesOf(lake, stored)).toEqual([0, 1, 2, 10, 11, 12])
  expect(await faults(cloud)).toEqual([])
})

test('what is no longer archived, or has another content, is loaded', async () => {
  const cloud = await filled({ 'a/1.log': 0, 'a/2.log': 10 })
  const { lake, bucket } = cloud
  for (const key of ['a/1.log', 'a/2.log']) bucket.moveTo(key, 'GLACIER', true)
  await lake.load('s3://logs/a/')
  bucket.moveTo('a/1.log', 'STANDARD', false)
  bucket.put('a/2.log', Buffer.from(flowFile(3, 20)))

  expect(await lake.load('s3://logs/a/')).toMatchObject({ files: 1, failed_files: 1, skipped_files: 0 })
  bucket.moveTo('a/2.log', 'GLACIER_IR', false)
  expect(await lake.load('s3://logs/a/')).toMatchObject({ files: 1, failed_files: 0, skipped_files: 1 })
  expect(await valuesOf(lake, stored)).toEqual([0, 1, 2, 20, 21, 22])
  expect(await faults(cloud)).toEqual([])
})

test('what was loaded before it was archived stays, and a change of it is held', async () => {
  const cloud = await filled({ 'a/1.log': 0, 'a/2.log': 10 })
  const { lake, bucket } = cloud
  await lake.load('s3://logs/a/')
  for (const key of ['a/1.log', 'a/2.log']) bucket.moveTo(key, 'GLACIER', true)
  bucket.put('a/2.log', Buffer.from(flowFile(3, 20)))
  read(cloud)

  expect(await lake.load('s3://logs/a/')).toMatchObject({
    files: 0,
    failed_files: 0,
    skipped_files: 1,
    changed_files: 1,
  })
  expect(await lake.load('s3://logs/a/')).toMatchObject({ skipped_files: 2, changed_files: 0 })
  expect(read(cloud)).toEqual([])
  expect(await lake.load('s3://logs/a/', { onChange: 'replace' })).toMatchObject({ failed_files: 1, skipped_files: 1 })
  expect(await valuesOf(lake, stored)).toEqual([0, 1, 2, 10, 11, 12])
})

test('a load that must not fail ends with what is archived', async () => {
  const cloud = await filled({ 'a/1.log': 0, 'a/2.log': 10 })
  cloud.bucket.moveTo('a/2.log', 'DEEP_ARCHIVE', true)

  await expect(cloud.lake.load('s3://logs/a/', { onError: 'abort' })).rejects.toMatchObject({
    code: 'LINE_REJECTED',
    message: expect.stringMatching(
      /is archived \(DEEP_ARCHIVE\).* Nothing of this load was kept \(--on-error abort\)\.$/,
    ),
  })
  expect(await valuesOf(cloud.lake, stored)).toEqual([])
  expect(await cloud.lake.history()).toEqual([])
})
