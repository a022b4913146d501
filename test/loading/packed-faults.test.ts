import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { folderOf, historyOf, loadOnce, openedLake, rowsOf } from './lakes.ts'
import { flowFile } from './lines.ts'
import { largeFlowText, zstdBlockEnds, zstdFlowFile, zstdOf } from './packed-files.ts'

const small = gzipSync(flowFile(100))
const large = largeFlowText()
/** Without compression, so that the file itself is large. */
const largeGzip = gzipSync(large.text, { level: 0 })
const garbage = Buffer.from('this is not gzip')

const faulty: readonly (readonly [fault: string, content: Buffer, code: string, says: RegExp])[] = [
  ['a gzip file cut short', small.subarray(0, -20), 'FILE_TRUNCATED', /ends in the middle/],
  ['a gzip file cut within its header', small.subarray(0, 5), 'FILE_TRUNCATED', /ends in the middle/],
  ['a large gzip file cut short', largeGzip.subarray(0, -20), 'FILE_TRUNCATED', /ends in the middle/],
  [
    'a large gzip file cut by half a megabyte',
    largeGzip.subarray(0, -(1 << 19)),
    'FILE_TRUNCATED',
    /ends in the middle/,
  ],
  [
    'a gzip file whose second member is cut short',
    Buffer.concat([small, small.subarray(0, -1)]),
    'FILE_TRUNCATED',
    /ends in the middle/,
  ],
  ['a gzip file with other bytes behind it', Buffer.concat([small, garbage]), 'FILE_CORRUPT', /gzip/],
  [
    'a gzip file with zeros and other bytes behind it',
    Buffer.concat([small, Buffer.alloc(100), garbage]),
    'FILE_CORRUPT',
    /gzip/,
  ],
  ['a large gzip file with other bytes behind it', Buffer.concat([largeGzip, garbage]), 'FILE_CORRUPT', /gzip/],
  [
    'a large gzip file with zeros and other bytes behind it',
    Buffer.concat([largeGzip, Buffer.alloc(100), garbage]),
    'FILE_CORRUPT',
    /gzip/,
  ],
  [
    'a large gzip file with many zeros and other bytes behind it',
    Buffer.concat([largeGzip, Buffer.alloc(3 << 20), garbage]),
    'FILE_CORRUPT',
    /gzip/,
  ],
  ['a gzip file with a byte changed', withByteChanged(small, 60), 'FILE_CORRUPT', /inflated/],
  ['a large gzip file with a byte changed', withByteChanged(largeGzip, 9 << 20), 'FILE_CORRUPT', /inflated/],
  ['a gzip file that says another length', withByteChanged(small, small.length - 1), 'FILE_CORRUPT', /inflated/],
  ['a zstd file cut short', zstdFlowFile.subarray(0, -20), 'FILE_TRUNCATED', /ends in the middle/],
  ['a large zstd file cut short', zstdOf(large.text).subarray(0, -20), 'FILE_TRUNCATED', /ends in the middle/],
  ['a zstd file with a byte changed', withByteChanged(zstdFlowFile, 30), 'FILE_CORRUPT', /unpacked/],
  ['a zstd file with other bytes behind it', Buffer.concat([zstdFlowFile, garbage]), 'FILE_CORRUPT', /zstd/],
]

const whole: readonly (readonly [what: string, content: Buffer, rows: number])[] = [
  ['gzip with zeros behind it', Buffer.concat([small, Buffer.alloc(512)]), 100],
  ['large gzip', largeGzip, large.rows],
  ['large gzip with zeros behind it', Buffer.concat([largeGzip, Buffer.alloc(512)]), large.rows],
  ['gzip of two members', Buffer.concat([small, gzipSync(flowFile(10))]), 110],
  ['zstd with a checksum', zstdFlowFile, 3],
  ['zstd of two frames', Buffer.concat([zstdFlowFile, zstdFlowFile]), 6],
  ['large zstd of many blocks', zstdOf(large.text), large.rows],
]

let shared: Awaited<ReturnType<typeof loadOnce>>

beforeAll(async () => {
  shared = await loadOnce({
    ...Object.fromEntries(faulty.map(([fault, content]) => [fault, content])),
    ...Object.fromEntries(whole.map(([what, content]) => [what, content])),
  })
})

test.each(faulty)('%s fails by itself and says why', async (fault, content, code, says) => {
  const { lake, folder, summary } = shared
  const file = join(folder, fault)

  const entry = await historyOf(lake, file)

  expect(entry).toMatchObject({ status: 'failed', lines: 0, rows: 0, rejects: 0, bytes: content.length })
  expect(entry.error).toMatch(says)
  expect(entry.error).toContain(file)
  expect(summary.faults).toContainEqual({ file, code, message: entry.error })
})

test.each(whole)('a file of %s is read whole, whatever its name', async (what, _, rows) => {
  const { lake, folder } = shared

  expect(await historyOf(lake, join(folder, what))).toMatchObject({
    status: 'loaded',
    table_name: 'vpc_flow_logs',
    rows,
    rejects: 0,
    error: null,
  })
})

test.each([
  ['gzip', gzipSync(flowFile(3)), 'm.gz'],
  ['zstd', zstdFlowFile, 'm.zst'],
] as const)('%s that is cut anywhere, even by one byte, gives no row', async (_, packed, name) => {
  const cuts = Array.from({ length: packed.length - 1 }, (_unused, index) => index + 1)
  const lake = await openedLake()

  const summary = await lake.load(
    folderOf(Object.fromEntries(cuts.map((length) => [`${length}-${name}`, packed.subarray(0, length)]))),
  )

  expect(await rowsOf(lake, "select file, status, rows from load_history where status <> 'failed' limit 3")).toEqual([])
  expect(summary).toMatchObject({ files: 0, failed_files: cuts.length, rows: 0 })
})

test('zstd that ends with a block before the last gives no row', async () => {
  const frame = zstdOf(flowFile(30), 500)
  const cuts = zstdBlockEnds(frame).slice(0, -1)
  const lake = await openedLake()

  await lake.load(folderOf(Object.fromEntries(cuts.map((length) => [`${length}.zst`, frame.subarray(0, length)]))))

  expect(cuts.length).toBeGreaterThan(3)
  expect(await rowsOf(lake, "select file, status, rows from load_history where status <> 'failed' limit 3")).toEqual([])
})

test.each([
  ['gzip', gzipSync(flowFile(3)), 'm.gz'],
  ['zstd with a checksum', zstdFlowFile, 'm.zst'],
] as const)('a changed byte anywhere in %s gives no wrong row', async (_, packed, name) => {
  const folder = folderOf(
    Object.fromEntries(Array.from(packed, (_byte, at) => [`${at}-${name}`, withByteChanged(packed, at)])),
  )
  const lake = await openedLake()

  await lake.load(folder)

  // Bytes of the header that say nothing about the content may change without harm: then all is there, and right.
  const wrong = await rowsOf(
    lake,
    "select file, rows, rejects from load_history where status <> 'failed' and (rows <> 3 or rejects <> 0 or skipped <> 1) limit 3",
  )
  expect(wrong).toEqual([])
  expect(
    await rowsOf(
      lake,
      'select distinct srcaddr, bytes, action, interface_id, "end"::varchar as "end" from vpc_flow_logs order by bytes',
    ),
  ).toEqual(
    [1, 2, 3].map((bytes) => ({
      srcaddr: `10.0.0.${bytes}`,
      bytes,
      action: 'ACCEPT',
      interface_id: 'eni-0a1b2c3d4e5f60718',
      end: '2025-10-10 13:56:36',
    })),
  )
})

function withByteChanged(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes)
  changed[at] = (changed[at] ?? 0) ^ 0x04
  return changed
}
