import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { generate } from '../src/generate/generate.ts'
import type { OpenLake } from '../src/lake.ts'
import { parseJson } from '../src/server/json.ts'
import { readServerFile } from '../src/server/server-file.ts'
import { type RunningServer, startServer } from '../src/server/server.ts'
import { openTestLake } from './loading/template.ts'

const log = pino({ level: 'silent' })
const endless = 'select count(*) from range(1000000000) a, range(1000000) b'

let directory: string
let lake: OpenLake
let server: RunningServer

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-server-'))
  const logs = join(directory, 'logs')
  await generate(logs, { type: 'vpc-flow-logs', rows: 2000, files: 3, seed: 1, format: 'plain' })
  await writeFile(join(logs, 'odd.log'), 'no log at all\n')
  lake = await openTestLake(join(directory, 'lake'))
  await lake.load(logs)
  server = await startServer(lake, { host: 'localhost', port: 0, log })
})

afterAll(async () => {
  await server.stop()
  await lake.close()
  await rm(directory, { recursive: true, force: true })
})

interface Sent {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
}

/** Sends a request as it is: fetch would not let the Host header be chosen. */
function send(path: string, { method = 'GET', headers = {}, body }: Sent = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(server.url + path, { method, headers, agent: false }, (response) => {
      text(response).then(
        (received) => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: received }),
        reject,
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

function authorization(): Record<string, string> {
  return { authorization: `Bearer ${server.token}` }
}

function post(path: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return send(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorization(), ...headers },
    body: JSON.stringify(body),
  })
}

function linesOf(answer: Answer): unknown[] {
  return answer.text
    .trim()
    .split('\n')
    .map((line) => parseJson(line))
}

function rowCount(line: unknown): number {
  return typeof line === 'object' && line !== null && 'rows' in line && Array.isArray(line.rows) ? line.rows.length : 0
}

async function metric(name: string): Promise<number> {
  const { text: metrics } = await send('/metrics')
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(metrics)?.[1])
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  await expect.poll(holds, { timeout: 10_000, interval: 50 }).toBe(true)
}

test('health is open to all', async () => {
  const answer = await send('/healthz')

  expect([answer.status, answer.text]).toEqual([200, '{"status":"ok"}'])
})

test.each(['evil.example', 'evil.example:8484', '127.0.0.1', '127.0.0.1.evil.example', '0.0.0.0:1'])(
  'a request for another host is refused: %s',
  async (host) => {
    for (const path of ['/', '/healthz', '/v1/status', '/metrics']) {
      expect((await send(path, { headers: { ...authorization(), host } })).status).toBe(403)
    }
  },
)

test('its own names are the loopback names with the port', async () => {
  const { port } = new URL(server.url)

  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`])
    expect((await send('/healthz', { headers: { host } })).status).toBe(200)
})

test.each(['https://evil.example', 'null', 'http://127.0.0.1', 'http://localhost:1'])(
  'a request from another origin is refused: %s',
  async (origin) => {
    expect((await post('/v1/query', { sql: 'select 1' }, { origin })).status).toBe(403)
    expect((await send('/', { headers: { origin } })).status).toBe(403)
  },
)

test('its own origin may ask', async () => {
  expect((await post('/v1/query', { sql: 'select 1' }, { origin: server.url })).status).toBe(200)
})

test('the API needs the token', async () => {
  for (const header of [undefined, 'Bearer wrong', 'Basic YTpi', `Bearer ${server.token}x`]) {
    const headers: Record<string, string> = header === undefined ? {} : { authorization: header }
    for (const path of ['/v1/status', '/v1/history', '/v1/rejects', '/v1/doctor', '/v1/lake'])
      expect((await send(path, { headers })).status).toBe(401)
    for (const path of ['/v1/query', '/v1/load', '/v1/restore'])
      expect((await send(path, { method: 'POST', headers })).status).toBe(401)
  }
})

async function pageCookie(): Promise<string> {
  const page = await send('/')
  return String([page.headers['set-cookie']].flat()[0]).split(';')[0] ?? ''
}

test("the page's cookie opens what the page needs, and nothing else", async () => {
  const page = await send('/')

  expect([page.headers['set-cookie']].flat().map(String)).toEqual([
    expect.stringMatching(/^millrace_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/),
  ])
  const headers = { cookie: await pageCookie() }
  const json = { ...headers, 'content-type': 'application/json' }
  for (const path of [
    '/v1/status',
    '/v1/version',
    '/v1/history?limit=1',
    '/v1/rejects',
    '/v1/queries',
    '/v1/dashboards',
  ])
    expect((await send(path, { headers })).status).toBe(200)
  expect((await send('/v1/query', { method: 'POST', headers: json, body: '{"sql":"select 1"}' })).status).toBe(200)
  for (const path of ['/v1/doctor', '/v1/lake']) expect((await send(path, { headers })).status).toBe(401)
  for (const path of ['/v1/run', '/v1/load', '/v1/backup', '/v1/restore', '/v1/accept-change'])
    expect((await send(path, { method: 'POST', headers: json, body: '{}' })).status).toBe(401)
})

test.each(['cross-site', 'same-site', 'none'])(
  "the page's cookie opens nothing to a request that is %s",
  async (site) => {
    const headers = { cookie: await pageCookie(), 'sec-fetch-site': site }

    expect((await send('/v1/status', { headers })).status).toBe(401)
  },
)

test('the page is one file that loads its own, with no script or style in it', async () => {
  const page = await send('/')
  const paths = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '')

  expect(page.text).toContain('<html lang="en">')
  expect(page.text).not.toMatch(/<style|<script(?![^>]* src=)|<\w[^>]*\s(?:style|on\w+)=/)
  expect(paths.length).toBeGreaterThan(2)
  for (const path of paths) {
    const file = await send(path)
    expect([path, file.status, file.headers['x-content-type-options']]).toEqual([path, 200, 'nosniff'])
    if (path.startsWith('/assets/')) expect(file.headers['cache-control']).toContain('immutable')
  }
})

test.each(['/', '/dashboards', '/dashboards/vpc-overview'])("the page's own paths show the page: %s", async (path) => {
  expect((await send(path)).text).toBe((await send('/')).text)
})

test.each(['/assets/../../package.json', '/..%2f..%2fpackage.json', '/dashboards/a/b', '/index.htm'])(
  'no other file is served: %s',
  async (path) => {
    expect((await send(path)).status).toBe(404)
  },
)

test.each(['/', '/icon.svg', '/healthz', '/v1/status', '/nowhere'])(
  'answers carry the security headers: %s',
  async (path) => {
    const { headers } = await send(path)

    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'self'; .*frame-ancestors 'none'$/,
    )
    expect(headers['content-security-policy']).not.toContain('unsafe')
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': path === '/icon.svg' ? 'no-cache' : 'no-store',
    })
  },
)

test('the lake says where its server is, to its owner only', async () => {
  const place = join(lake.directory, 'server.json')

  expect((await stat(place)).mode & 0o777).toBe(0o600)
  expect((await stat(lake.directory)).mode & 0o777).toBe(0o700)
  expect(await readServerFile(lake.directory)).toMatchObject({ url: server.url, token: server.token, pid: process.pid })
})

test('a query answers its columns, its rows, and that they are all', async () => {
  const answer = await post('/v1/query', { sql: "select 9007199254740993 as id, 'x' as t from range(2)" })

  expect(answer.headers['content-type']).toContain('application/x-ndjson')
  expect(linesOf(answer)).toEqual([
    {
      columns: [
        { name: 'id', type: 'BIGINT' },
        { name: 't', type: 'VARCHAR' },
      ],
    },
    {
      rows: [
        [9_007_199_254_740_993n, 'x'],
        [9_007_199_254_740_993n, 'x'],
      ],
    },
    { done: true, truncated: false },
  ])
})

test('a query ends at maxRows and says so', async () => {
  const lines = linesOf(await post('/v1/query', { sql: 'select * from range(5000)', maxRows: 1200 }))

  expect(lines.at(-1)).toEqual({ done: true, truncated: true })
  expect(lines.map(rowCount).reduce((sum, count) => sum + count)).toBe(1200)
})

test('what fails before the first row is answered with a status, later with a last line', async () => {
  const early = await post('/v1/query', { sql: 'selec' })
  const late = await post('/v1/query', {
    sql: "select case when i = 100000 then error('too far') else i end as i from range(200000) r(i)",
  })
  const slow = await post('/v1/query', { sql: endless, timeoutMs: 100 })

  expect([early.status, parseJson(early.text)]).toMatchObject([400, { error: { code: 'SQL_FAILED' } }])
  expect(linesOf(late).at(-1)).toMatchObject({ error: { code: 'SQL_FAILED' } })
  expect([...linesOf(slow)].pop()).toMatchObject({ error: { code: 'QUERY_TIMEOUT' } })
})

test('a client that goes away ends its query', async () => {
  const before = await metric('millrace_query_seconds_count')
  const controller = new AbortController()
  const asking = fetch(`${server.url}/v1/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorization() },
    body: JSON.stringify({ sql: endless }),
    signal: controller.signal,
  }).then((response) => response.text())
  // Long enough for a busy machine to have begun it.
  setTimeout(() => controller.abort(), 1000)

  await expect(asking).rejects.toThrow('abort')
  await until(async () => (await metric('millrace_query_seconds_count')) === before + 1)
})

test('rows wait for a client that does not read, and end with it', async () => {
  const before = await metric('millrace_query_seconds_count')
  const rss = process.memoryUsage().rss
  const response = await fetch(`${server.url}/v1/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorization() },
    body: JSON.stringify({ sql: "select i, repeat('x', 1000) as t from range(100000000) r(i)" }),
  })
  const reader = response.body?.getReader()
  for (let chunks = 0; chunks < 5; chunks++) await reader?.read()
  for (let reads = 0; reads < 20; reads++) await metric('millrace_query_seconds_count')

  expect(process.memoryUsage().rss - rss).toBeLessThan(300e6)
  expect(await metric('millrace_query_seconds_count')).toBe(before)
  await reader?.cancel()
  await until(async () => (await metric('millrace_query_seconds_count')) === before + 1)
})

test('a load answers progress and its summary, and loads nothing twice', async () => {
  const source = join(directory, 'more')
  await generate(source, { type: 's3-access-logs', rows: 500, files: 2, seed: 3 })

  const first = linesOf(await post('/v1/load', { source, type: 's3-access-logs' }))
  const second = linesOf(await post('/v1/load', { source }))
  const missing = linesOf(await post('/v1/load', { source: join(directory, 'nowhere') }))

  expect(first.at(-1)).toMatchObject({ summary: { files: 2, rows: 500, faults: [] } })
  expect(first.length).toBeGreaterThan(1)
  expect(second.at(-1)).toMatchObject({ summary: { files: 0, skipped_files: 2, rows: 0 } })
  expect(missing.at(-1)).toMatchObject({ error: { code: 'SOURCE_MISSING' } })
})

test('requests that are not understood are refused', async () => {
  const json = { 'content-type': 'application/json', ...authorization() }

  expect(
    (
      await send('/v1/query', {
        method: 'POST',
        headers: { ...json, 'content-type': 'text/plain' },
        body: '{"sql":"select 1"}',
      })
    ).status,
  ).toBe(415)
  expect((await send('/v1/query', { method: 'POST', headers: json, body: '{"sql":' })).status).toBe(400)
  expect((await post('/v1/query', { sql: 'select 1', more: true })).status).toBe(400)
  expect((await post('/v1/query', { sql: 'x'.repeat(2_000_000) })).status).toBe(413)
  expect((await send('/v1/history?limit=x', { headers: authorization() })).status).toBe(400)
  expect((await send('/v1/nowhere', { headers: authorization() })).status).toBe(404)
})

test('metrics are those of the lake', async () => {
  const { rows, files, failed_files } = await lake.status()
  const { text: metrics } = await send('/metrics')

  expect(metrics).toContain('# TYPE millrace_rows_loaded_total counter')
  expect(metrics).toContain(`\nmillrace_rows_loaded_total ${rows}\n`)
  expect(metrics).toContain(`\nmillrace_files_loaded_total ${files}\n`)
  expect(metrics).toContain(`\nmillrace_files_failed ${failed_files}\n`)
  expect(metrics).toMatch(/\nmillrace_table_rows\{table="vpc_flow_logs"\} 2000\n/)
  expect(await metric('millrace_loaded_bytes_total')).toBeGreaterThan(100_000)
  expect(await metric('millrace_lake_bytes')).toBeGreaterThan(0)
})

test('an occupied port and an address of the network are refused with a way out', async () => {
  const port = Number(new URL(server.url).port)

  await expect(startServer(lake, { host: '127.0.0.1', port, log })).rejects.toMatchObject({
    code: 'PORT_OCCUPIED',
    message: expect.stringMatching(`Port ${port} .*--port`),
  })
  await expect(startServer(lake, { host: '0.0.0.0', port: 0, log })).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('tunnel'),
  })
  expect(await readServerFile(lake.directory)).toMatchObject({ url: server.url })
})

test('stopping ends running queries soon and takes server.json away', async () => {
  const other = await openTestLake(join(directory, 'other'))
  const stopped = await startServer(other, { host: '127.0.0.1', port: 0, log })
  const asking = fetch(`${stopped.url}/v1/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${stopped.token}` },
    body: JSON.stringify({ sql: endless }),
  }).then((response) => response.text())
  await new Promise((resolve) => setTimeout(resolve, 200))

  const startedAt = Date.now()
  await stopped.stop()
  await other.close()

  expect(Date.now() - startedAt).toBeLessThan(5000)
  expect(await asking.catch(() => 'QUERY_CANCELLED')).toContain('QUERY_CANCELLED')
  expect(await readServerFile(other.directory)).toBeUndefined()
  const port = Number(new URL(stopped.url).port)
  const free = createServer()
  await new Promise<void>((resolve) => free.listen(port, '127.0.0.1', resolve))
  free.close()
})
