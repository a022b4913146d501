import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderOf, historyOf, openedLake, rowsOf, valuesOf } from './lakes.ts'

/** A record as S3 delivers it through CloudWatch Logs, with some fields changed. */
function record(changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    schema_version_id: 'V_1_0',
    bucket_arn: 'arn:aws:s3:::acme-data',
    bucket_name: 'acme-data',
    request_time: '2026-10-10T13:55:36.123Z',
    bucket_owner_id: '79a59df900b949e5',
    remote_ip: '192.0.2.3',
    requester: 'arn:aws:iam::123456789012:user/alice',
    request_id: '3E57427F3EXAMPLE',
    operation: 'REST.GET.OBJECT',
    key_name: 'reports/2026%2520summary.pdf',
    request_uri: 'GET /reports/2026%20summary.pdf HTTP/1.1',
    http_status: 200,
    error_code: null,
    bytes_sent_size: 9_007_199_254_740_993n.toString(),
    object_size: 2662992,
    total_duration: 70,
    turn_around_duration: null,
    referer: null,
    user_agent: 'aws-cli/2.31.0 "quoted"',
    version_id: null,
    host_id: 's9lzHYrFp76=',
    signature_version: 'SigV4',
    cipher_suite: 'TLS_AES_128_GCM_SHA256',
    authentication_type: 'AuthHeader',
    host_header: 'acme-data.s3.amazonaws.com',
    tls_version: 'TLSv1.3',
    access_point_arn: null,
    acl_required: true,
    source_region: 'eu-west-1',
    ...changes,
  })
}

async function loadRecords(...lines: string[]) {
  const folder = folderOf({ 'records.json': `${lines.join('\n')}\n` })
  const lake = await openedLake()
  const summary = await lake.load(folder)
  return { lake, summary, entry: await historyOf(lake, join(folder, 'records.json')) }
}

test('a JSON record becomes a row of the same columns as a line, and unknown keys go to extra', async () => {
  const { lake, entry } = await loadRecords(record())

  expect(entry).toMatchObject({ status: 'loaded', table_name: 's3_access_logs', lines: 1, rows: 1 })
  const [row] = await rowsOf(lake, 'select * from s3_access_logs')
  expect(row).toEqual({
    bucketowner: '79a59df900b949e5',
    bucket_name: 'acme-data',
    requestdatetime: '2026-10-10 13:55:36.123',
    remoteip: '192.0.2.3',
    requester: 'arn:aws:iam::123456789012:user/alice',
    requestid: '3E57427F3EXAMPLE',
    operation: 'REST.GET.OBJECT',
    key: 'reports/2026%2520summary.pdf',
    object_key: 'reports/2026 summary.pdf',
    request_uri: 'GET /reports/2026%20summary.pdf HTTP/1.1',
    httpstatus: 200,
    errorcode: null,
    bytessent: 9_007_199_254_740_993n,
    objectsize: 2662992,
    totaltime: 70,
    turnaroundtime: null,
    referrer: null,
    useragent: 'aws-cli/2.31.0 "quoted"',
    versionid: null,
    hostid: 's9lzHYrFp76=',
    sigv: 'SigV4',
    ciphersuite: 'TLS_AES_128_GCM_SHA256',
    authtype: 'AuthHeader',
    endpoint: 'acme-data.s3.amazonaws.com',
    tlsversion: 'TLSv1.3',
    accesspointarn: null,
    aclrequired: 'Yes',
    sourceregion: 'eu-west-1',
    extra: { schema_version_id: 'V_1_0', bucket_arn: 'arn:aws:s3:::acme-data' },
    path_account_id: null,
    path_region: null,
  })
})

test.each<[what: string, changes: Readonly<Record<string, unknown>>, reason: string]>([
  ['a word for a number', { http_status: 'two hundred' }, 'NOT_INTEGER httpstatus: not an integer in range'],
  ['a number beyond its column', { http_status: 3_000_000_000 }, 'NOT_INTEGER httpstatus: not an integer in range'],
  ['a fraction', { http_status: 200.5 }, 'NOT_INTEGER httpstatus: not an integer in range'],
  ['a number below zero', { object_size: -1 }, 'NOT_INTEGER objectsize: not an integer in range'],
  ['a time that is none', { request_time: 'yesterday' }, 'NOT_TIME requestdatetime: not a time'],
  ['a day that does not exist', { request_time: '2026-02-30T00:00:00Z' }, 'NOT_TIME requestdatetime: not a time'],
  ['an address that is none', { remote_ip: '192.0.2.256' }, 'NOT_ADDRESS remoteip: not an IPv4 or IPv6 address'],
  [
    'a word too long for a small set',
    { tls_version: 'x'.repeat(65) },
    'NOT_ENUM tlsversion: not a word of a small set',
  ],
])('a record with %s is one reject with its reason, and the others are rows', async (_, changes, reason) => {
  const { lake, entry } = await loadRecords(record(), record(changes), record())

  expect(entry).toMatchObject({ status: 'partial', lines: 3, rows: 2, rejects: 1 })
  expect(await lake.rejects()).toMatchObject([{ line: 2, raw: record(changes), reason }])
})

test.each([
  ['text', 'this is no JSON'],
  ['a list', '[1, 2]'],
  ['a number', '12'],
  ['half a record', record().slice(0, 200)],
  ['two records in a line', `${record()}${record()}`],
] as const)('a line that is %s instead of an object is one reject', async (_, line) => {
  const { lake, entry } = await loadRecords(record(), line, '', record())

  expect(entry).toMatchObject({ status: 'partial', lines: 4, rows: 2, rejects: 1, skipped: 1 })
  expect(await lake.rejects()).toMatchObject([{ line: 2, raw: line, reason: 'NOT_JSON: not a JSON object' }])
})

test('a reject keeps letters beyond ASCII and backslashes as they were', async () => {
  const lines = [record({ http_status: 'zweihundertfünf 日本' }), record({ http_status: 'C:\\x\\xZZ' }), 'größe \\x4 ␀']

  const { lake, entry } = await loadRecords(record(), ...lines)

  expect(entry).toMatchObject({ status: 'partial', rows: 1, rejects: 3, error: null })
  expect((await lake.rejects()).map(({ raw }) => raw)).toEqual(lines)
})

test('values beyond ASCII, escapes and empty values are read as JSON has them', async () => {
  const { lake } = await loadRecords(
    record({ user_agent: 'größe "x" \\ \t 日本', referer: '', version_id: '-', error_code: 'null' }),
  )

  expect(await rowsOf(lake, 'select useragent, referrer, versionid, errorcode from s3_access_logs')).toEqual([
    { useragent: 'größe "x" \\ \t 日本', referrer: null, versionid: null, errorcode: 'null' },
  ])
})

test.each<[what: string, line: string, extra: Readonly<Record<string, string | null>>]>([
  ['numbers, objects and lists', record({ a: 1, b: { c: [1, 2] }, d: true }), { a: '1', b: '{"c":[1,2]}', d: 'true' }],
  [
    'quotes and dots in their names',
    record({ 'a"b': 1, 'c.d': 2, 'e f': 3, "g'h": 4, 'i\\j': 5, 'ü$[0]': 6 }),
    { 'a"b': '1', 'c.d': '2', 'e f': '3', "g'h": '4', 'i\\j': '5', 'ü$[0]': '6' },
  ],
  ['an empty name', record({ '': 'nameless' }), { '': 'nameless' }],
])('unknown keys with %s go to extra', async (_, line, extra) => {
  const { lake, entry } = await loadRecords(line)

  expect(entry).toMatchObject({ status: 'loaded', rows: 1, error: null })
  expect(await valuesOf(lake, 'select extra from s3_access_logs')).toEqual([
    { schema_version_id: 'V_1_0', bucket_arn: 'arn:aws:s3:::acme-data', ...extra },
  ])
})

test('a key that is there twice spoils no more than its own line', async () => {
  const twice = record().replace('{', '{"colour": "red", "colour": "blue", ')

  const { entry } = await loadRecords(record(), twice, record())

  expect(entry).toMatchObject({ lines: 3, error: null })
  expect(entry.rows).toBeGreaterThanOrEqual(2)
})

test('one record in ten thousand of another shape, and keys that come late, lose nothing', async () => {
  const lines = Array.from({ length: 5000 }, (_, index) =>
    index === 4000 ? record({ late: 'yes' }) : index === 4500 ? '{"other": 1}' : record({ object_size: index }),
  )

  const { lake, entry } = await loadRecords(...lines)

  expect(entry.lines).toBe(5000)
  expect(entry.rows + entry.rejects).toBe(5000)
  expect(await valuesOf(lake, "select _line::integer from lake.s3_access_logs where extra['late'] = 'yes'")).toEqual([
    4001,
  ])
  expect(await valuesOf(lake, 'select count(distinct objectsize)::integer from s3_access_logs')).toEqual([4999])
})

test('the same request as a line and as a record gives the same row', async () => {
  const line =
    '79a59df900b949e5 acme-data [10/Oct/2026:13:55:36 +0000] 2001:DB8:0:0:0:0:0:1 arn:aws:iam::123456789012:user/alice 3E57427F3EXAMPLE REST.GET.OBJECT a+b%2Bc%20d "GET /a?X-Amz-Signature=abc&x=1 HTTP/1.1" 200 - 10 20 30 40 "https://x/?token=abc" "agent" - hostid= SigV4 TLS AuthHeader host TLSv1.2 - Yes eu-west-1'
  const same = record({
    request_time: '2026-10-10T13:55:36Z',
    remote_ip: '2001:DB8:0:0:0:0:0:1',
    key_name: 'a+b%2Bc%20d',
    request_uri: 'GET /a?X-Amz-Signature=abc&x=1 HTTP/1.1',
    bytes_sent_size: 10,
    object_size: 20,
    total_duration: 30,
    turn_around_duration: 40,
    referer: 'https://x/?token=abc',
    user_agent: 'agent',
    host_id: 'hostid=',
    cipher_suite: 'TLS',
    host_header: 'host',
    tls_version: 'TLSv1.2',
  })
  const lake = await openedLake()

  await lake.load(folderOf({ 'line.log': line, 'record.json': same }))

  const [one, other] = await rowsOf(
    lake,
    'select * exclude (_load_id, _file_id, _line, extra) from lake.s3_access_logs order by _file_id',
  )
  expect(one).toMatchObject({ remoteip: '2001:db8::1', object_key: 'a+b+c d', referrer: 'https://x/?token=REDACTED' })
  expect(other).toEqual(one)
})
