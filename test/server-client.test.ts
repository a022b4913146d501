import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Lake, LoadProgress } from '../src/api.ts'
import { connectLake, connectToServer } from '../src/connect.ts'
import { generate } from '../src/generate/generate.ts'
import type { OpenLake } from '../src/lake.ts'
import { RemoteLake } from '../src/server/client.ts'
import { writeServerFile } from '../src/server/server-file.ts'
import { type RunningServer, startServer } from '../src/server/server.ts'
import { openTestLake } from './loading/template.ts'
import { makeUnreadTable } from './sql/unread-table.ts'

const log = pino({ level: 'silent' })
const endless = 'select count(*) from range(1000000000) a, range(1000000) b'

let directory: string
let local: OpenLake
let server: RunningServer
let remote: Lake

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-client-'))
  local = await openTestLake(join(directory, 'lake'))
  server = await startServer(local, { host: '127.0.0.1', port: 0, log })
  remote = await connectLake(local.directory)
})

afterAll(async () => {
  await remote.close()
  await server.stop()
  await local.close()
  await rm(directory, { recursive: true, force: true })
})

test('a served lake is reached through its server, by whatever path', async () => {
  const alias = join(directory, 'alias')
  await symlink(local.directory, alias)
  const aliased = await connectLake(alias)

  expect(remote).toBeInstanceOf(RemoteLake)
  expect(aliased).toBeInstanceOf(RemoteLake)
  await aliased.close()
})

test('a load shows its progress and gives the summary that the lake itself gives', async () => {
  const source = join(directory, 'logs')
  await generate(source, { type: 'vpc-flow-logs', rows: 3000, files: 4, seed: 2 })
  const steps: LoadProgress[] = []

  const summary = await remote.load(source, { type: 'vpc-flow-logs', onProgress: (progress) => steps.push(progress) })

  expect(summary).toMatchObject({ files: 4, rows: 3000, failed_files: 0, faults: [] })
  expect(steps.at(-1)).toMatchObject({ files: 4, filesTotal: 4, rows: 3000 })
  expect(await remote.load(source, { from: new Date('2000-01-01'), to: new Date('2001-01-01') })).toMatchObject({
    files: 0,
  })
})

test('what the lake says comes through as it is', async () => {
  expect(await remote.status()).toEqual(await local.status())
  expect(await remote.history({ limit: 2, status: 'loaded', table: 'vpc_flow_logs' })).toEqual(
    await local.history({ limit: 2, status: 'loaded', table: 'vpc_flow_logs' }),
  )
  expect(await remote.rejects()).toEqual(await local.rejects())
  expect(await remote.doctor()).toEqual(await local.doctor())
  expect(await remote.replayRejects({ table: 'vpc_flow_logs' })).toEqual({ replayed: 0, rows: 0, rejects: 0 })
})

test.each([
  'select 9007199254740993 as id, (-170141183460469231731687303715884105727)::hugeint as huge, 18446744073709551615::ubigint as u, 5::bigint as small',
  "select [9007199254740993, 1] as list, {'a': 2::ubigint, 'b': [9007199254740995]} as struct, map {'k': 9007199254740997} as map",
  "select 'nan'::double as n, 'inf'::double as i, '-inf'::float as m, 1e300 as large, 0.1 as tenth, 1152921504606846976::double as whole",
  "select null as nothing, '' as empty, 'größe \"x\" 日本 ' || chr(27) || chr(8232) as text, true as yes",
  "select timestamp '2026-11-20 12:00:00' as t, date '2026-11-20' as d, interval 3 days as i, 12.50::decimal(9,2) as dec, '\\xAA'::blob as b",
  'select 1 as a, 2 as a',
  'select i, i * 7 as j from range(12345) r(i)',
  'select 1 as x where false',
])('rows come through as they are: %s', async (sql) => {
  const [there, here] = await Promise.all([remote.query(sql), local.query(sql)])

  expect(there.columns).toEqual(here.columns)
  expect(await there.all()).toEqual(await here.all())
  expect(there.truncated).toBe(false)
})

test('rows come as they are asked for, and end at maxRows', async () => {
  const result = await remote.query<{ range: number }>('select * from range(1000000000)', { maxRows: 2000 })
  const first: number[] = []
  for await (const row of result) {
    first.push(row.range)
    if (first.length === 3) break
  }
  const truncated = await remote.query('select * from range(5000)', { maxRows: 10 })

  expect(first).toHaveLength(3)
  expect(await truncated.all()).toHaveLength(10)
  expect(truncated.truncated).toBe(true)
})

test('errors come through with their codes', async () => {
  await expect(remote.query('select * from nowhere')).rejects.toMatchObject({ code: 'SQL_FAILED' })
  await expect(remote.query('drop table x')).rejects.toMatchObject({ code: 'SQL_REFUSED' })
  await expect(remote.load(join(directory, 'nowhere'))).rejects.toMatchObject({ code: 'SOURCE_MISSING' })
  await expect(remote.history({ table: 'nowhere' })).rejects.toMatchObject({ code: 'USAGE' })
  await expect((async () => (await remote.query(endless, { timeoutMs: 100 })).all())()).rejects.toMatchObject({
    code: 'QUERY_TIMEOUT',
  })
})

test('a script gives what it gives here', async () => {
  const script =
    "show schemas; select 9007199254740993 as big, 'nan'::double as n, 1 as a, 2 as a; select * from range(5)"
  const given = async (lake: Lake): Promise<object[]> => {
    const results: object[] = []
    for await (const { seconds: _seconds, ...result } of lake.run(script, { maxRows: 3 })) results.push(result)
    return results
  }

  expect(await given(remote)).toEqual(await given(local))
})

test('a script ends where it fails, with the code and the place, and when it is given up or cancelled', async () => {
  const ran = async (script: string, signal?: AbortSignal): Promise<number> => {
    let count = 0
    for await (const _ of remote.run(script, { signal })) count += 1
    return count
  }
  const seen: number[] = []
  const all = async (): Promise<void> => {
    for await (const { statement } of remote.run('select 1;\nselect 2;\ndrop stage nowhere')) seen.push(statement.line)
  }
  const controller = new AbortController()
  setTimeout(() => controller.abort(), 200)

  await expect(ran('select 1;\n undrop table s')).rejects.toMatchObject({
    code: 'STATEMENT_UNSUPPORTED',
    place: { line: 2, column: 2 },
  })
  await expect(all()).rejects.toMatchObject({ code: 'STATEMENT_FAILED', place: { line: 3, column: 1 } })
  expect(seen).toEqual([1, 2])
  await expect(ran(endless, controller.signal)).rejects.toMatchObject({ code: 'QUERY_CANCELLED' })
  for await (const _ of remote.run(`create warehouse given_up; ${endless}; create warehouse never`)) break
  expect(await ran('show warehouses; drop warehouse given_up')).toBe(2)
  await expect(ran('drop warehouse never')).rejects.toMatchObject({ code: 'STATEMENT_FAILED' })
})

test('a query is cancelled by its signal and by cancel()', async () => {
  const controller = new AbortController()
  setTimeout(() => controller.abort(), 100)
  await expect(
    (async () => (await remote.query(endless, { signal: controller.signal })).all())(),
  ).rejects.toMatchObject({ code: 'QUERY_CANCELLED' })

  const rows = await remote.query('select * from range(1000000000)')
  const iterator = rows[Symbol.asyncIterator]()
  await iterator.next()
  rows.cancel()
  await expect(
    (async () => {
      for (;;) if ((await iterator.next()).done === true) return
    })(),
  ).rejects.toMatchObject({ code: 'QUERY_CANCELLED' })
})

test('a backup made through the server can be restored through it', async () => {
  const place = join(directory, 'backup')

  const backup = await remote.backup(place)
  const restored = await remote.restore(place)

  expect(backup).toMatchObject({ files: 4, rows: 3000 })
  expect(restored).toMatchObject({ files: 4, rows: 3000 })
  expect(await remote.status()).toMatchObject({ rows: 3000 })
})

test('a server.json that no server stands behind is ignored', async () => {
  const place = join(directory, 'stale')
  await (await openTestLake(place)).close()
  const token = 'x'.repeat(43)
  const startedAt = new Date().toISOString()

  await writeServerFile(place, { url: 'http://127.0.0.1:1', token, pid: process.pid, startedAt })
  expect(await connectToServer(place)).toBeUndefined()
  await writeServerFile(place, { url: server.url, token, pid: process.pid, startedAt })
  expect(await connectToServer(place)).toBeUndefined()
  await writeServerFile(place, { url: server.url, token: server.token, pid: process.pid, startedAt })
  expect(await connectToServer(place)).toBeUndefined()
  await writeFile(
    join(place, 'server.json'),
    JSON.stringify({ url: 'http://evil.example:80', token, pid: process.pid, startedAt }),
  )
  expect(await connectToServer(place)).toBeUndefined()

  const opened = await connectLake(place)
  expect(opened).not.toBeInstanceOf(RemoteLake)
  await opened.close()
})

test('a server that went away is named in the error', async () => {
  const place = join(directory, 'gone')
  const lake = await openTestLake(place)
  const gone = await startServer(lake, { host: '127.0.0.1', port: 0, log })
  const connected = await connectLake(place)
  await gone.stop()
  await lake.close()

  await expect(connected.status()).rejects.toMatchObject({
    code: 'SERVER_REFUSED',
    message: expect.stringContaining(gone.url),
  })
})

test('a lake whose server is about to stop is waited for', async () => {
  const place = join(directory, 'closing')
  const held = await openTestLake(place)
  setTimeout(() => void held.close(), 300)

  const opened = await connectLake(place)

  expect((await opened.status()).rows).toBe(0)
  await opened.close()
})

test('what a query could not read comes with its rows', async () => {
  await makeUnreadTable(local, join(directory, 'broken'))
  const sql = 'select n from unread_rows'
  const result = await remote.query(sql)
  const unread = [expect.stringMatching(/^1 files of MILLRACE.PUBLIC.UNREAD_ROWS could not be read/)]
  expect([await result.all(), result.notices]).toEqual([[{ n: 7 }], unread])
  for await (const { rows } of local.run('drop table unread_rows', { dialect: 'athena' })) expect(rows).toHaveLength(1)
})
