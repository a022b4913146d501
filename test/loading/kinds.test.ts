import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { generate } from '../../src/generate/generate.ts'
import { closeLake, folderOf, historyOf, openedLake, rowsOf, temporaryFolder, valuesOf } from './lakes.ts'
import { accessFile, flowFile, flowHeader, flowLine } from './lines.ts'
import { zstdFlowFile } from './packed-files.ts'

const web = '203.0.113.7 - alice [10/Oct/2026:13:55:36 +0200] "GET /orders?id=7 HTTP/1.1" 200 2326 "-" "Mozilla/5.0"\n'
const gateway =
  'version resource-type account-id tgw-id srcaddr dstaddr bytes\n6 TransitGateway 123456789012 tgw-1 10.0.0.1 10.0.0.2 5\n'

test('a folder of files of every kind loads each into its table', async () => {
  const folder = folderOf({
    'flows.log': flowFile(2),
    'flows.log.gz': gzipSync(flowFile(3, 10)),
    'flows.zst': zstdFlowFile,
    'without-header': `${flowLine(1)}\n${flowLine(2)}`,
    'crlf.log': flowFile(2, 30).replaceAll('\n', '\r\n'),
    'marked.log': `\uFEFF${flowFile(1, 40)}`,
    'reordered.log': 'srcaddr dstaddr bytes colour\n10.0.0.1 10.0.0.2 7 red\n',
    'stamped.log': flowFile(2, 50)
      .split('\n')
      .slice(1, 3)
      .map((line) => `2026-05-18T00:00:00.000Z ${line}\n`)
      .join(''),
    'wrapped.json': `${JSON.stringify({ message: flowLine(60) })}\n${JSON.stringify({ message: flowLine(61) })}\n`,
    requests: accessFile(4),
    'record.json': '{"bucket_owner_id": "o", "bucket_name": "b", "operation": "REST.GET.OBJECT", "request_id": "R"}\n',
    'web.log': web.repeat(3),
    'gateway.log': gateway,
  })
  const lake = await openedLake()

  const summary = await lake.load(folder)

  expect(summary).toMatchObject({ files: 13, failed_files: 0, rejects: 0 })
  expect(
    await rowsOf(
      lake,
      'select table_name, count(*)::integer as files, sum(rows)::integer as rows from load_history group by all order by 1',
    ),
  ).toEqual([
    { table_name: 's3_access_logs', files: 2, rows: 5 },
    { table_name: 'tgw_flow_logs', files: 1, rows: 1 },
    { table_name: 'vpc_flow_logs', files: 9, rows: 2 + 3 + 3 + 2 + 2 + 1 + 1 + 2 + 2 },
    { table_name: 'web_access_logs', files: 1, rows: 3 },
  ])
  expect(await valuesOf(lake, "select extra['colour'] from vpc_flow_logs where extra is not null")).toEqual(['red'])
})

test.each<[layout: string, path: string, account: string | null, region: string | null]>([
  ['daily folders', 'AWSLogs/123456789012/vpcflowlogs/us-east-1/2026/05/18/f.log', '123456789012', 'us-east-1'],
  [
    'hourly folders',
    'AWSLogs/000000000012/vpcflowlogs/ap-southeast-3/2026/05/18/07/f.log',
    '000000000012',
    'ap-southeast-3',
  ],
  [
    'Hive folders',
    'x/AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=us-gov-west-1/year=2026/month=05/day=18/hour=07/f.log',
    '123456789012',
    'us-gov-west-1',
  ],
  [
    'a name alone',
    '123456789012_vpcflowlogs_eu-west-1_fl-0123456789abcdef0_20260518T0705Z_0123abcd.log',
    '123456789012',
    'eu-west-1',
  ],
  [
    'a region nobody has seen',
    'AWSLogs/123456789012/vpcflowlogs/xx-newplace-9/2026/05/18/f.log',
    '123456789012',
    'xx-newplace-9',
  ],
  ["folders of one's own", 'logs/2026/f.log', null, null],
])('of %s, account and region of the path stand in columns of their own', async (_, path, account, region) => {
  const lake = await openedLake()

  await lake.load(folderOf({ [path]: flowFile(2) }))

  expect(await rowsOf(lake, 'select distinct path_account_id, path_region from vpc_flow_logs')).toEqual([
    { path_account_id: account, path_region: region },
  ])
})

test('of access logs in partitioned folders too', async () => {
  const lake = await openedLake()

  await lake.load(
    folderOf({
      '123456789012/eu-west-1/acme-data/2026/05/18/2026-05-18-07-05-01-0123456789ABCDEF': accessFile(1),
      '2026-05-18-07-05-01-0123456789ABCDEF': accessFile(1, 2),
    }),
  )

  expect(await rowsOf(lake, 'select bytessent, path_account_id, path_region from s3_access_logs order by 1')).toEqual([
    { bytessent: 1, path_account_id: '123456789012', path_region: 'eu-west-1' },
    { bytessent: 2, path_account_id: null, path_region: null },
  ])
})

test('words that a small set does not know are kept, load after load, and after opening again', async () => {
  const folder = temporaryFolder()
  const words = Array.from({ length: 12 }, (_, index) => `ACTION-${index}`)
  let lake = await openedLake()
  const { directory } = lake

  for (const [index, word] of words.entries()) {
    await lake.load(folderOf({ 'f.log': `${flowLine(index, word)}\n${flowLine(index + 100)}\n` }))
    if (index % 4 !== 3) continue
    await closeLake(lake)
    lake = await openedLake({ directory })
  }

  expect(await valuesOf(lake, "select action from vpc_flow_logs where action <> 'ACCEPT' order by bytes")).toEqual(
    words,
  )
  expect(await valuesOf(lake, "select count(*)::integer from vpc_flow_logs where action = 'ACCEPT'")).toEqual([12])
  expect(await lake.load(folder)).toMatchObject({ files: 0 })
})

test('new words in many files of one load, and in each form, are kept', async () => {
  const files = Array.from(
    { length: 40 },
    (_, index) => [`${index}.log`, `${flowLine(index, `WORD-${index}`)}\n`] as const,
  )
  const record = (word: string): string =>
    `{"bucket_owner_id": "o", "bucket_name": "b", "operation": "X.Y", "request_id": "R", "tls_version": "${word}"}\n`
  const folder = folderOf({ ...Object.fromEntries(files), 'record.json': record('TLSv9') + record('TLSv10') })
  const lake = await openedLake({ commitBytes: 20_000 })

  expect(await lake.load(folder)).toMatchObject({ files: 41, failed_files: 0, rows: 42, rejects: 0 })

  expect(await valuesOf(lake, 'select count(distinct action)::integer from vpc_flow_logs')).toEqual([40])
  expect(await valuesOf(lake, 'select tlsversion from s3_access_logs order by 1')).toEqual(['TLSv10', 'TLSv9'])
})

test('a file that brings a column more words than any log has fails by itself and says why', async () => {
  const wordsOf = (file: number): string =>
    Array.from({ length: 190 }, (_, index) => `${flowLine(index, `W-${file}-${index}`)}\n`).join('')
  const folder = folderOf({
    ...Object.fromEntries(Array.from({ length: 12 }, (_, file) => [`${10 + file}.log`, wordsOf(file)])),
    'z.log': flowFile(3),
  })
  const lake = await openedLake({ commitBytes: 1 })

  const summary = await lake.load(folder)

  expect(summary).toMatchObject({ files: 11, failed_files: 2, rows: 10 * 190 + 3 })
  for (const { file, code, message } of summary.faults) {
    expect([code, message]).toEqual(['FILE_CORRUPT', expect.stringContaining(file)])
    expect(await historyOf(lake, file)).toMatchObject({ status: 'failed', rows: 0 })
  }
})

test('generated logs of each kind load as their ground truth says', async () => {
  const folder = temporaryFolder()
  const end = 1_779_000_000
  const flows = await generate(join(folder, 'flows'), {
    type: 'vpc-flow-logs',
    rows: 3000,
    files: 6,
    seed: 3,
    end,
    fields: 'full',
    shuffleFields: true,
    badLines: 0.02,
  })
  const requests = await generate(join(folder, 'requests'), {
    type: 's3-access-logs',
    rows: 3000,
    files: 5,
    seed: 4,
    end,
    badLines: 0.02,
    hardLines: 0.2,
  })
  const lake = await openedLake({ commitBytes: 200_000 })

  await lake.load(folder)

  const expected = [
    ...flows.files.map((file) => ({ ...file, path: `flows/${file.path}` })),
    ...requests.files.map((file) => ({ ...file, path: `requests/${file.path}` })),
  ].map(({ path, lines, rows, rejects, skipped, bytes }) => ({
    file: join(folder, path),
    lines,
    rows,
    rejects,
    skipped,
    bytes,
  }))
  const found = (await lake.history()).map(({ file, lines, rows, rejects, skipped, bytes }) => ({
    file,
    lines,
    rows,
    rejects,
    skipped,
    bytes,
  }))
  expect(found.toSorted((a, b) => (a.file < b.file ? -1 : 1))).toEqual(
    expected.toSorted((a, b) => (a.file < b.file ? -1 : 1)),
  )
  expect(flows.rejects + requests.rejects).toBeGreaterThan(50)
  expect(
    await rowsOf(
      lake,
      "select sum(bytes)::bigint as bytes, count(*) filter (action = 'REJECT')::integer as reject, count(*) filter (log_status = 'NODATA')::integer as nodata from vpc_flow_logs",
    ),
  ).toEqual([
    flows.totals.type === 'vpc-flow-logs'
      ? { bytes: flows.totals.bytes, reject: flows.totals.reject, nodata: flows.totals.nodata }
      : {},
  ])
})

test('a header in the middle of a file, as in files joined by hand, switches the order of fields from there', async () => {
  const folder = folderOf({
    'joined.log': `${flowFile(2)}bytes srcaddr dstaddr\n70 10.0.0.1 10.0.0.2\n${flowHeader}\n${flowLine(3)}\n`,
  })
  const lake = await openedLake()

  await lake.load(folder)

  expect(await valuesOf(lake, 'select bytes from vpc_flow_logs order by 1')).toEqual([1, 2, 3, 70])
  expect(await historyOf(lake, join(folder, 'joined.log'))).toMatchObject({ lines: 7, rows: 4, rejects: 0, skipped: 3 })
})
