import { mkdtempSync, rmSync } from 'node:fs'
import { type IncomingHttpHeaders, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { OpenLake } from '../../src/lake.ts'
import { type RunningServer, startServer } from '../../src/server/server.ts'
import { checkAccounts, folderOf, valuesOf } from '../loading/lakes.ts'
import { flowLine } from '../loading/lines.ts'
import { openTestLake } from '../loading/template.ts'
import { ran } from '../run/running.ts'
import { controlMessage, envelopeOf, eventsOf } from './envelopes.ts'

let root: string
let lake: OpenLake
let server: RunningServer
let path: string
let key: string
let requests = 0
/** Events of one test are not those of another. */
let first = 1

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'millrace-firehose-'))
  lake = await openTestLake(join(root, 'lake'), { threads: 1 })
  await ran(
    lake,
    `create stage posted url = 'firehose://flow';
     create pipe flow auto_ingest = true as copy into logs.vpc_flow_logs from @posted file_format = (type = vpc_flow_logs);
     create pipe paused as copy into logs.vpc_flow_logs from @posted file_format = (type = vpc_flow_logs);
     alter pipe paused set pipe_execution_paused = true;
     create stage folder url = 'file://${root}/';
     create pipe other as copy into logs.s3_access_logs from @folder file_format = (type = s3_access_logs)`,
  )
  server = await startServer(lake, { host: '127.0.0.1', port: 0, log: pino({ level: 'silent' }) })
  const made = await lake.pipe('flow').renewAccessKey()
  path = made.path
  key = made.access_key
})

afterAll(async () => {
  await server.stop()
  await lake.close()
  rmSync(root, { recursive: true, force: true })
})

beforeEach(() => {
  first += 1000
})

interface Posted {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}

interface Sending {
  readonly id?: string
  readonly accessKey?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly at?: string
  /** Instead of what is posted. */
  readonly body?: string | Buffer
}

const freshId = (): string => `ed4acda5-034f-9f42-bba1-${String(++requests).padStart(12, '0')}`

/** Posts records as Firehose does. */
function post(records: readonly (string | Buffer)[], sending: Sending = {}): Promise<Posted> {
  const { id = freshId(), accessKey = key, headers = {}, at = path } = sending
  const content = {
    requestId: id,
    timestamp: 1_795_000_000_000,
    records: records.map((data) => ({ data: Buffer.from(data).toString('base64') })),
  }
  const body = sending.body ?? JSON.stringify(content)
  return new Promise((resolve, reject) => {
    const sent = request(
      new URL(at, server.url),
      {
        method: 'POST',
        agent: false,
        headers: {
          'content-type': 'application/json',
          'x-amz-firehose-protocol-version': '1.0',
          'x-amz-firehose-request-id': id,
          'x-amz-firehose-source-arn': 'arn:aws:firehose:eu-west-1:123456789012:deliverystream/flow',
          'x-amz-firehose-access-key': accessKey,
          'content-length': Buffer.byteLength(body),
          ...headers,
        },
      },
      (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8')
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: JSON.parse(text) })
        })
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

const packed = (from: number, count: number): Buffer => gzipSync(JSON.stringify(envelopeOf(eventsOf(from, count))))

function numbers(): Promise<unknown[]> {
  return valuesOf(
    lake,
    `select bytes::integer from vpc_flow_logs where bytes between ${first} and ${first + 999} order by all`,
  )
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => first + index)

test('what is posted is in the lake when it is answered, with the id of the request', async () => {
  const id = freshId()

  const answer = await post([packed(first, 3), gzipSync(JSON.stringify(controlMessage)), packed(first + 3, 2)], { id })

  expect(answer).toMatchObject({ status: 200, body: { requestId: id, timestamp: expect.any(Number) } })
  expect(answer.headers).toMatchObject({
    'content-type': expect.stringContaining('application/json'),
    'content-length': expect.any(String),
  })
  expect(await numbers()).toEqual(upTo(5))
  expect((await lake.history({ limit: 1 }))[0]).toMatchObject({
    file: `firehose://MILLRACE.PUBLIC.FLOW/${id}`,
    lines: 6,
    rows: 5,
    skipped: 1,
  })
  await checkAccounts(lake)
})

test.each<readonly [string, () => readonly (string | Buffer)[], Readonly<Record<string, string>>]>([
  ['a body in gzip', () => [packed(first, 4)], { 'content-encoding': 'gzip' }],
  ['envelopes that Firehose has inflated', () => [JSON.stringify(envelopeOf(eventsOf(first, 4)))], {}],
  [
    'messages that Firehose has taken out',
    () => [
      `${upTo(4)
        .map((number) => flowLine(number))
        .join('\n')}\n`,
    ],
    {},
  ],
  ['flow logs that were sent to Firehose itself', () => upTo(4).map((number) => flowLine(number)), {}],
])('%s is taken', async (_, records, headers) => {
  const id = freshId()
  const content = JSON.stringify({
    requestId: id,
    timestamp: 1,
    records: records().map((data) => ({ data: Buffer.from(data).toString('base64') })),
  })
  const body = headers['content-encoding'] === undefined ? content : gzipSync(content)

  expect(await post([], { id, headers, body })).toMatchObject({ status: 200, body: { requestId: id } })

  expect(await numbers()).toEqual(upTo(4))
})

test('a request that is tried again changes nothing, and neither do its events in another', async () => {
  const id = freshId()
  const lines = [`${flowLine(first + 5)}\n`]
  await post([packed(first, 3)], { id })
  const plain = freshId()
  await post(lines, { id: plain })

  const again = await Promise.all([
    post([packed(first, 3)], { id }),
    post([packed(first, 3)], { id }),
    post(lines, { id: plain }),
    post([packed(first + 1, 3)]),
    post([packed(first + 1, 3)]),
  ])

  expect(again.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
  expect(await numbers()).toEqual([...upTo(4), first + 5])
  await checkAccounts(lake)
})

test('what comes in files as well is stored once', async () => {
  const folder = folderOf({ backup: packed(first, 6) })
  await post([packed(first + 3, 6)])

  await lake.load(folder, { type: 'vpc-flow-logs' })

  expect(await numbers()).toEqual(upTo(9))
})

test('lines that cannot be read are rejects, and the request is taken', async () => {
  const id = freshId()
  expect(await post(['no record\n', packed(first, 1)], { id })).toMatchObject({ status: 200 })

  expect(await valuesOf(lake, `select raw from load_rejects where file like '%${id}'`)).toEqual(['no record'])
})

test('a request without records is answered', async () => {
  expect(await post([])).toMatchObject({ status: 200 })
})

test.each<readonly [string, Sending, number]>([
  ['a wrong key', { accessKey: 'x'.repeat(43) }, 401],
  ['no key', { accessKey: '' }, 401],
  ['a pipe that has no key', { at: '/v1/firehose/paused' }, 401],
  ['a pipe that is not there', { at: '/v1/firehose/nothing' }, 401],
  ["the server's token instead of the key", { accessKey: '', headers: { authorization: 'TOKEN' } }, 401],
  ['another site', { headers: { origin: 'http://evil.example' } }, 403],
  ['another host', { headers: { host: 'evil.example' } }, 403],
  ['no JSON', { body: '{"requestId":' }, 400],
  ['another form', { body: '{"requestId": "a", "records": []}' }, 400],
  ['records that are not in Base64', { body: '{"requestId": "a", "timestamp": 1, "records": [{"data": "*"}]}' }, 400],
  ['another request in the body', { body: '{"requestId": "a", "timestamp": 1, "records": []}' }, 400],
  ['an encoding that is none', { headers: { 'content-encoding': 'br' } }, 400],
])('%s is refused', async (_, sending, status) => {
  const headers = { ...sending.headers }
  if (headers['authorization'] !== undefined) headers['authorization'] = `Bearer ${server.token}`
  const before = await valuesOf(lake, 'select count(*) from lake.objects')

  const answer = await post([packed(first, 1)], { ...sending, headers })

  expect(answer.status).toBe(status)
  if (status !== 403)
    expect(answer.body).toMatchObject({ requestId: expect.any(String), errorMessage: expect.any(String) })
  expect(JSON.stringify(answer)).not.toContain(key)
  expect(await valuesOf(lake, 'select count(*) from lake.objects')).toEqual(before)
})

test('records whose gzip data is damaged are refused as a whole', async () => {
  const answer = await post([packed(first, 2), packed(first + 2, 2).subarray(0, -4)])

  expect(answer).toMatchObject({
    status: 422,
    body: { errorMessage: expect.stringMatching(/Record 2 of request .* ends in the middle/) },
  })
  expect(await numbers()).toEqual([])
})

test('a body that is too large is refused by its length', async () => {
  const answer = await post([], { headers: { 'content-length': String(65 << 20) }, body: '{' })

  expect(answer).toMatchObject({ status: 413, body: { errorMessage: expect.stringMatching(/at most/) } })
})

test('a new key ends the one before, a paused pipe takes nothing, and a dropped one has no key', async () => {
  const { access_key: accessKey, path: at } = await lake.pipe('paused').renewAccessKey()
  expect(await post([packed(first, 1)], { accessKey, at })).toMatchObject({
    status: 409,
    body: { errorMessage: expect.stringMatching(/is paused/) },
  })
  const { access_key: next } = await lake.pipe('paused').renewAccessKey()
  expect(await post([], { accessKey, at })).toMatchObject({ status: 401 })
  await ran(lake, 'alter pipe paused set pipe_execution_paused = false')
  expect(await post([packed(first, 1)], { accessKey: next, at })).toMatchObject({ status: 200 })

  await ran(lake, 'drop pipe paused')
  expect(await post([], { accessKey: next, at })).toMatchObject({ status: 401 })
  expect(await valuesOf(lake, 'select pipe from lake.access_keys')).toEqual(['MILLRACE.PUBLIC.FLOW'])
  expect(
    await valuesOf(lake, "select count(*) from lake.access_keys where key_hash like '%' || $$" + key + '$$'),
  ).toEqual([0])
})

test('a pipe of other logs has no address', async () => {
  await expect(lake.pipe('other').renewAccessKey()).rejects.toMatchObject({ code: 'USAGE' })
})
