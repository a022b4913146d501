import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { generate } from '../../src/generate/generate.ts'
import { codeOf, folderOf, historyOf, openedLake, rowsOf, temporaryFolder, valuesOf } from './lakes.ts'
import { flowFile, flowLine, writeParquet } from './lines.ts'

/** A record as AWS writes it, as SQL. */
const awsRecord = `
  2::integer as version, '123456789012' as account_id, 'eni-0a1b2c3d4e5f60718' as interface_id, '10.0.0.1' as srcaddr, '10.0.0.220' as dstaddr,
  49152::integer as srcport, 443::integer as dstport, 6::integer as protocol, 20::bigint as packets, 1::bigint as bytes,
  1760104536::bigint as "start", 1760104596::bigint as "end", 'ACCEPT' as action, 'OK' as log_status`

/** The same record as other tools write it. */
const otherRecords = {
  'everything as text': `select '2' as version, '123456789012' as account_id, 'eni-0a1b2c3d4e5f60718' as interface_id, '10.0.0.1' as srcaddr, '10.0.0.220' as dstaddr, '49152' as srcport, '443' as dstport, '6' as protocol, '20' as packets, '1' as bytes, '1760104536' as "start", '1760104596' as "end", 'ACCEPT' as action, 'OK' as log_status`,
  'hyphens and capitals in names': `select * rename (account_id as "Account-ID", interface_id as "INTERFACE-ID", log_status as "log-status") from (select ${awsRecord})`,
  'numbers as floating point': `select * replace (srcport::double as srcport, bytes::double as bytes, "start"::double as "start") from (select ${awsRecord})`,
  'times as timestamps': `select * replace (make_timestamp("start" * 1000000) as "start", make_timestamptz("end" * 1000000) as "end") from (select ${awsRecord})`,
  'the account as a number': `select * replace (account_id::bigint as account_id) from (select ${awsRecord})`,
  'the columns in another order': `select log_status, action, "end", "start", bytes, packets, protocol, dstport, srcport, dstaddr, srcaddr, interface_id, account_id, version from (select ${awsRecord})`,
}

test.each(Object.entries(otherRecords))('a Parquet file with %s gives the same row as text', async (_, sql) => {
  const folder = folderOf({ '1.log': flowFile(1) })
  await writeParquet(join(folder, '2.parquet'), `select ${awsRecord}`)
  await writeParquet(join(folder, '3.parquet'), sql)
  const lake = await openedLake()

  await lake.load(folder)

  const [text, aws, other] = await rowsOf(
    lake,
    'select * exclude (_load_id, _file_id, _line) from lake.vpc_flow_logs order by _file_id',
  )
  expect(text).toMatchObject({
    account_id: '123456789012',
    srcport: 49152,
    start: '2025-10-10 13:55:36',
    action: 'ACCEPT',
  })
  expect(aws).toEqual(text)
  expect(other).toEqual(text)
})

test('what is absent is NULL, whatever stands for it: NULL, a hyphen, nothing, None, nan', async () => {
  const folder = temporaryFolder()
  await writeParquet(
    join(folder, 'absent.parquet'),
    "select 2 as version, 'eni-1' as interface_id, '10.0.0.1' as srcaddr, unnest([null, '-', '', 'None', 'nan', 'NULL']) as dstaddr, unnest([null, '-', '', 'None', 'nan', 'NULL']) as srcport, unnest([null, '-', '', 'None', 'nan', 'NULL']) as \"start\", unnest([null, '-', '', 'None', 'nan', 'NULL']) as action",
  )
  const lake = await openedLake()

  await lake.load(folder)

  expect(
    await rowsOf(
      lake,
      'select dstaddr, srcport, start, action, count(*)::integer as rows from vpc_flow_logs group by all',
    ),
  ).toEqual([{ dstaddr: null, srcport: null, start: null, action: null, rows: 6 }])
})

test('a row that does not fit is one reject under its own position, with the row as JSON, and unknown columns go to extra', async () => {
  const folder = temporaryFolder()
  const file = join(folder, 'mixed.parquet')
  await writeParquet(
    file,
    "select 2 as version, 'eni-1' as interface_id, unnest(['10.0.0.1', '10.0.0.300', '10.0.0.3', 'größe']) as srcaddr, '10.0.0.9' as dstaddr, unnest(['red', 'green', null, 'blue']) as colour, unnest([1, 2, 3, 4]) as bytes",
  )
  const lake = await openedLake()

  await lake.load(folder)

  expect(await historyOf(lake, file)).toMatchObject({
    status: 'partial',
    lines: 4,
    rows: 2,
    rejects: 2,
    skipped: 0,
    error: null,
  })
  const rejects = await lake.rejects()
  expect(rejects.map(({ line, reason, raw }) => [line, reason, JSON.parse(raw)])).toEqual([
    [
      2,
      'NOT_ADDRESS srcaddr: not an IPv4 or IPv6 address',
      { version: 2, interface_id: 'eni-1', srcaddr: '10.0.0.300', dstaddr: '10.0.0.9', colour: 'green', bytes: 2 },
    ],
    [
      4,
      'NOT_ADDRESS srcaddr: not an IPv4 or IPv6 address',
      { version: 2, interface_id: 'eni-1', srcaddr: 'größe', dstaddr: '10.0.0.9', colour: 'blue', bytes: 4 },
    ],
  ])
  expect(
    await rowsOf(lake, 'select _line::integer as line, bytes, extra from lake.vpc_flow_logs order by _line'),
  ).toEqual([
    { line: 1, bytes: 1, extra: { colour: 'red' } },
    { line: 3, bytes: 3, extra: null },
  ])
})

test('lines are numbered through all row groups of a Parquet file', async () => {
  const folder = temporaryFolder()
  await writeParquet(
    join(folder, 'large.parquet'),
    `select * replace (i::bigint as bytes) from (select ${awsRecord}), range(20000) r(i)`,
    ', row_group_size 2048',
  )
  const lake = await openedLake()

  await lake.load(folder)

  expect(
    await rowsOf(
      lake,
      'select count(*)::integer as rows, count(distinct _line)::integer as lines, bool_and(_line = bytes + 1) as matching from lake.vpc_flow_logs',
    ),
  ).toEqual([{ rows: 20000, lines: 20000, matching: true }])
})

test.each(['gzip', 'snappy', 'zstd', 'uncompressed'])('Parquet that is packed by %s loads', async (compression) => {
  const folder = temporaryFolder()
  await writeParquet(join(folder, 'x.parquet'), `select ${awsRecord}`, `, compression ${compression}`)
  const lake = await openedLake()

  expect(await lake.load(folder)).toMatchObject({ files: 1, rows: 1 })
})

test('Parquet as AWS lays it out gives account and region of the path, and the right sums', async () => {
  const folder = temporaryFolder()
  const truth = await generate(folder, {
    type: 'vpc-flow-logs',
    rows: 500,
    files: 3,
    seed: 5,
    format: 'parquet',
    layout: 'hive',
    fields: 'v5',
    end: 1_779_000_000,
  })
  const lake = await openedLake()

  await lake.load(folder)

  expect(
    await rowsOf(
      lake,
      'select count(*)::integer as rows, sum(bytes)::bigint as bytes, count(*) filter (path_account_id is null or path_region is null)::integer as pathless from vpc_flow_logs',
    ),
  ).toEqual([{ rows: 500, bytes: truth.totals.type === 'vpc-flow-logs' ? truth.totals.bytes : 0, pathless: 0 }])
})

test('faulty Parquet files fail by themselves and say why', async () => {
  const folder = folderOf({ 'good.log': flowFile(3) })
  await writeParquet(join(folder, 'good.parquet'), `select ${awsRecord}`)
  await writeParquet(join(folder, 'other.parquet'), "select 1 as colour, 'x' as shape")
  await writeParquet(
    join(folder, 'large.parquet'),
    `select * replace (hash(i)::varchar as interface_id) from (select ${awsRecord}), range(5000) r(i)`,
  )
  const bytes = readFileSync(join(folder, 'large.parquet'))
  writeFileSync(join(folder, 'large.parquet'), withNoise(bytes, bytes.length >> 1))
  writeFileSync(join(folder, 'cut.parquet'), bytes.subarray(0, -10))
  writeFileSync(join(folder, 'footer.parquet'), withNoise(bytes, bytes.length - 60))
  writeFileSync(join(folder, 'head.parquet'), 'PAR1PAR1')
  const lake = await openedLake()

  const summary = await lake.load(folder)

  expect(summary).toMatchObject({ files: 2, failed_files: 5, rows: 4 })
  const codes = Object.fromEntries(summary.faults.map(({ file, code }) => [file.slice(folder.length + 1), code]))
  expect(codes).toEqual({
    'cut.parquet': 'FILE_CORRUPT',
    'footer.parquet': 'FILE_CORRUPT',
    'head.parquet': 'FILE_CORRUPT',
    'large.parquet': 'FILE_CORRUPT',
    'other.parquet': 'TYPE_UNKNOWN',
  })
  for (const { file, message } of summary.faults) {
    expect(message).toContain(file)
    expect(await historyOf(lake, file)).toMatchObject({ status: 'failed', rows: 0, error: message })
  }
})

test('a Parquet file of another kind than the declared one fails and says what it is', async () => {
  const folder = temporaryFolder()
  await writeParquet(join(folder, 'x.parquet'), `select ${awsRecord}`)
  const lake = await openedLake()

  const summary = await lake.load(folder, { type: 's3-access-logs' })

  expect(summary.faults).toMatchObject([{ code: 'TYPE_MISMATCH', message: expect.stringContaining('vpc-flow-logs') }])
})

test('Parquet of access logs and of Transit Gateway records goes to their tables', async () => {
  const folder = temporaryFolder()
  await writeParquet(
    join(folder, 'requests.parquet'),
    "select 'acme' as bucket_name, 'owner' as bucket_owner_id, 'REST.GET.OBJECT' as operation, 'R1' as request_id, 'a%2520b' as key_name, timestamp '2026-10-10 13:55:36.5' as request_time, 200::integer as http_status, 'GET /?token=abc HTTP/1.1' as request_uri, true as acl_required",
  )
  await writeParquet(
    join(folder, 'gateway.parquet'),
    "select 6 as version, 'TransitGateway' as resource_type, 'tgw-1' as tgw_id, '10.0.0.1' as srcaddr, '10.0.0.2' as dstaddr, 5::bigint as bytes, 1760104536::bigint as \"start\"",
  )
  const lake = await openedLake()

  await lake.load(folder)

  expect(
    await rowsOf(lake, 'select object_key, requestdatetime, httpstatus, request_uri, aclrequired from s3_access_logs'),
  ).toEqual([
    {
      object_key: 'a b',
      requestdatetime: '2026-10-10 13:55:36.5',
      httpstatus: 200,
      request_uri: 'GET /?token=REDACTED HTTP/1.1',
      aclrequired: 'Yes',
    },
  ])
  expect(await rowsOf(lake, 'select tgw_id, bytes from tgw_flow_logs')).toEqual([{ tgw_id: 'tgw-1', bytes: 5 }])
})

test('an empty Parquet file is empty', async () => {
  const folder = temporaryFolder()
  await writeParquet(join(folder, 'x.parquet'), `select ${awsRecord} where false`)
  const lake = await openedLake()

  await lake.load(folder)

  expect(await historyOf(lake, join(folder, 'x.parquet'))).toMatchObject({
    status: 'empty',
    table_name: 'vpc_flow_logs',
    lines: 0,
  })
})

test('a text file named as Parquet, and Parquet named as text, are what they hold', async () => {
  const folder = folderOf({ 'text.parquet': flowFile(2) })
  await writeParquet(join(folder, 'parquet.log'), `select ${awsRecord}`)
  const lake = await openedLake()

  expect(await lake.load(folder)).toMatchObject({ files: 2, rows: 3 })
})

test('a bad row of Parquet ends a load that aborts on errors', async () => {
  const folder = folderOf({ 'a.log': `${flowLine(1)}\n` })
  await writeParquet(join(folder, 'x.parquet'), `select * replace ('x' as srcaddr) from (select ${awsRecord})`)
  const lake = await openedLake()

  expect(await codeOf(lake.load(folder, { onError: 'abort' }))).toBe('LINE_REJECTED')
  expect(await valuesOf(lake, 'select count(*)::integer from vpc_flow_logs')).toEqual([0])
})

function withNoise(bytes: Buffer, at: number): Buffer {
  const spoiled = Buffer.from(bytes)
  spoiled.fill(0xa5, at, at + 40)
  return spoiled
}
