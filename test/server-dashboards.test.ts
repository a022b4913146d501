import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type Dashboard, storedDashboardShape } from '../src/dashboard/shape.ts'
import { generate } from '../src/generate/generate.ts'
import type { OpenLake } from '../src/lake.ts'
import { parseJson } from '../src/server/json.ts'
import { type RunningServer, startServer } from '../src/server/server.ts'
import { openTestLake } from './loading/template.ts'
import { makeUnreadTable } from './sql/unread-table.ts'

const recordsShape = z.object({ sql: z.string() })

let directory: string
let lake: OpenLake
let server: RunningServer

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-dashboards-'))
  await generate(join(directory, 'logs'), { type: 'vpc-flow-logs', rows: 3000, files: 4, seed: 5 })
  lake = await openTestLake(join(directory, 'lake'))
  await lake.load(join(directory, 'logs'))
  server = await startServer(lake, { host: '127.0.0.1', port: 0, log: pino({ level: 'silent' }) })
})

afterAll(async () => {
  await server.stop()
  await lake.close()
  await rm(directory, { recursive: true, force: true })
})

async function call(
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; value: unknown; text: string }> {
  const response = await fetch(`${server.url}/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, text, value: text.startsWith('{"columns') ? undefined : parseJson(text) }
}

async function rowsOf(body: object): Promise<unknown[]> {
  const { text } = await call('POST', '/query', body)
  return text
    .trim()
    .split('\n')
    .map((line) => parseJson(line))
    .flatMap((line) =>
      typeof line === 'object' && line !== null && 'rows' in line && Array.isArray(line.rows) ? line.rows : [],
    )
}

const mine: Dashboard = {
  title: 'Mine',
  tiles: [
    {
      id: 'one',
      title: 'One',
      sql: 'select srcaddr, count(*) as records\nfrom vpc_flow_logs\ngroup by srcaddr',
      chart: { type: 'bar', measure: 'records', axis: 'srcaddr', orientation: 'horizontal' },
      at: { x: 0, y: 0, w: 6, h: 6 },
    },
  ],
}

test('a dashboard is a readable file in the lake, and read back as it was written', async () => {
  const written = await call('PUT', '/dashboards/mine', mine)
  const file = await readFile(join(lake.directory, 'dashboards', 'mine.yaml'), 'utf8')

  expect(written).toMatchObject({ status: 200, value: { name: 'mine', origin: 'lake', dashboard: mine } })
  expect(file).toBe(`title: Mine
tiles:
  - id: one
    title: One
    sql: |-
      select srcaddr, count(*) as records
      from vpc_flow_logs
      group by srcaddr
    chart: { type: bar, measure: records, axis: srcaddr, orientation: horizontal }
    at: { x: 0, y: 0, w: 6, h: 6 }
`)
  expect((await call('GET', '/dashboards/mine')).value).toEqual(written.value)
  expect(await readdir(join(lake.directory, 'dashboards'))).toEqual(['mine.yaml'])
  expect((await call('DELETE', '/dashboards/mine')).status).toBe(200)
  expect((await call('GET', '/dashboards/mine')).status).toBe(404)
})

test('a changed built-in dashboard is a copy in the lake until that is deleted', async () => {
  const before = storedDashboardShape.parse((await call('GET', '/dashboards/vpc-overview')).value)
  await call('PUT', '/dashboards/vpc-overview', { ...before.dashboard, title: 'Ours' })

  expect((await call('GET', '/dashboards/vpc-overview')).value).toMatchObject({
    origin: 'changed',
    dashboard: { title: 'Ours' },
  })
  await call('DELETE', '/dashboards/vpc-overview')
  expect((await call('GET', '/dashboards/vpc-overview')).value).toEqual(before)
  expect((await call('DELETE', '/dashboards/vpc-overview')).status).toBe(404)
})

test.each(['..%2fsettings', 'A', 'a.b', 'a%00', 'x'.repeat(65), '%2Fetc%2Fpasswd', '-a'])(
  'a name that is none is refused: %s',
  async (name) => {
    for (const [method, body] of [['GET'], ['PUT', mine], ['DELETE']] as const)
      expect((await call(method, `/dashboards/${name}`, body)).status).toBe(400)
  },
)

test('a dashboard with odd content is refused, and a file that cannot be read is listed with its fault', async () => {
  const odd = { ...mine, tiles: [{ ...mine.tiles[0], query: 'top-sources' }] }
  await call('PUT', '/dashboards/broken', mine)
  await writeFile(join(lake.directory, 'dashboards', 'broken.yaml'), 'title: [\n')

  expect((await call('PUT', '/dashboards/odd', odd)).status).toBe(400)
  expect((await call('GET', '/dashboards/broken')).status).toBe(422)
  expect((await call('GET', '/dashboards')).value).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: 'broken', fault: expect.stringContaining('dashboards/broken.yaml') }),
      expect.objectContaining({ name: 'vpc-overview', origin: 'built-in' }),
    ]),
  )
  await call('DELETE', '/dashboards/broken')
})

test('every tile of the built-in dashboards can be asked', async () => {
  for (const name of ['vpc-overview', 's3-access-overview', 'lake-health']) {
    const { dashboard } = storedDashboardShape.parse((await call('GET', `/dashboards/${name}`)).value)
    for (const { id, sql, query, parameters } of dashboard.tiles) {
      const scope = { from: '2020-01-01 00:00:00', to: '2040-01-01 00:00:00', filters: [] }
      const answer = await call('POST', '/query', { sql, name: query, parameters, scope, keep: true })
      expect([id, answer.text.split('\n').at(-2)]).toEqual([id, '{"done":true,"truncated":false}'])
    }
  }
})

test('a scope narrows a statement by range and filters', async () => {
  const [row] = await rowsOf({
    sql: 'select min(start)::varchar, max(start)::varchar, count(*), min(srcaddr) from vpc_flow_logs',
  })
  const [from, to, count, srcaddr] = Array.isArray(row) ? row.map(String) : []
  const all = 'select count(*) from vpc_flow_logs'

  expect(await rowsOf({ sql: all, scope: { from, to } })).not.toEqual([[Number(count)]])
  expect(await rowsOf({ sql: all, scope: { from, to: '2040-01-01' } })).toEqual([[Number(count)]])
  expect(await rowsOf({ sql: all, scope: { filters: [{ column: 'srcaddr', value: srcaddr }] } })).toEqual(
    await rowsOf({ sql: `${all} where srcaddr = '${srcaddr ?? ''}'` }),
  )
  expect((await call('POST', '/query', { sql: all, scope: { from: "' or 1=1 --" } })).status).toBe(400)
})

test('an error within a scope points into the text that was sent', async () => {
  const { value } = await call('POST', '/query', {
    sql: 'select nothing from vpc_flow_logs',
    scope: { from: '2020-01-01' },
  })

  expect(value).toMatchObject({
    error: { code: 'SQL_FAILED', message: expect.stringContaining('LINE 1: select nothing') },
  })
})

test('a named query takes the range of the scope, and its parameters', async () => {
  const scope = { from: '2020-01-01 00:00:00', to: '2040-01-01 00:00:00' }

  expect(await rowsOf({ name: 'top-sources', parameters: { limit: '3' }, scope })).toHaveLength(3)
  expect(await rowsOf({ name: 'top-sources', scope: { ...scope, to: '2020-01-02' } })).toEqual([])
  expect((await call('POST', '/query', { name: 'top-sources', sql: 'select 1' })).status).toBe(400)
  expect((await call('POST', '/query', {})).status).toBe(400)
})

test('the records behind a row are those that its statement counts', async () => {
  const sql =
    "select srcaddr, count(*) as n from vpc_flow_view where action = 'REJECT' group by srcaddr order by n desc limit 1"
  const [row] = await rowsOf({ sql })
  const [value, count] = Array.isArray(row) ? row : []
  const { value: records } = await call('POST', '/records', { sql, column: 'srcaddr' })
  const filters = [{ column: 'srcaddr', value: String(value) }]

  expect(records).toMatchObject({ view: 'vpc_flow_view', sql: expect.stringContaining("'REJECT'") })
  const behind = `select action, * from (${recordsShape.parse(records).sql})`
  expect(await rowsOf({ sql: behind, scope: { filters } })).toHaveLength(Number(count))
  expect((await call('POST', '/records', { name: 'top-sources', column: 'srcaddr' })).value).toMatchObject({
    view: 'vpc_flow_logs',
  })
  expect((await call('POST', '/records', { sql: 'select 1 as x', column: 'x' })).value).toBeNull()
  expect((await call('POST', '/records', { sql: 'selec', column: 'x' })).value).toBeNull()
})

test('a kept result is never older than the data', async () => {
  const count = { sql: 'select count(*) from vpc_flow_logs', keep: true }
  const other = join(directory, 'backup')
  await lake.backup(other)
  const before = await rowsOf(count)
  for (let round = 1; round <= 5; round++) {
    const logs = join(directory, `more-${round}`)
    await generate(logs, { type: 'vpc-flow-logs', rows: 100, files: 1, seed: 100 + round })
    await Promise.all([lake.load(logs), rowsOf(count), rowsOf(count)])
    expect(await rowsOf(count)).toEqual(await rowsOf({ sql: count.sql }))
  }
  await call('POST', '/restore', { directory: other })

  expect(await rowsOf(count)).toEqual(before)
})

test('a kept result of an unchanged lake is not computed again', async () => {
  // Computed again, it would name another moment.
  const timed = { sql: 'select count(*), now() as made from range(30000000) a(i) where hash(i) % 7 = 1', keep: true }
  const first = await rowsOf(timed)

  expect(await rowsOf(timed)).toEqual(first)
  expect(await rowsOf({ sql: timed.sql })).not.toEqual(first)
})

test('a kept result tells of files that could not be read, each time', async () => {
  await makeUnreadTable(lake, join(directory, 'unread'))
  for (const keep of [true, true, false]) {
    const { text } = await call('POST', '/query', { sql: 'select n from unread_rows', keep })
    expect(JSON.parse(text.split('\n')[0] ?? '')).toMatchObject({
      notices: [expect.stringMatching(/^1 files of MILLRACE.PUBLIC.UNREAD_ROWS could not be read/)],
    })
  }
})

test('a statement reads what scripts made, under the names that scripts give it', async () => {
  const run = async (script: string): Promise<void> => {
    for await (const { rows } of lake.run(script, { dialect: 'snowflake' })) expect(rows).toHaveLength(1)
  }
  const make = (value: string): string =>
    `create or replace view log_analysis.public.vpc_flow_view as select '${value}' as a, timestamp '2020-01-01 00:00:00' as "START"`
  const kept = { sql: 'select a from log_analysis.public.vpc_flow_view', dialect: 'snowflake', keep: true }

  await run(`create database log_analysis; ${make('first')}`)
  expect(await rowsOf(kept)).toEqual([['first']])
  await run(make('second'))
  expect(await rowsOf(kept)).toEqual([['second']])
  expect((await call('POST', '/query', kept)).text).not.toContain('notices')

  // A view of the user's is not a built-in one of that name, narrowed to the range.
  const named = { sql: 'select a from vpc_flow_view', scope: { from: '2026-01-01 00:00:00' } }
  expect((await call('POST', '/query', named)).text).toContain('not found')
  await run("create view vpc_flow_view as select 'mine' as a")
  expect(await rowsOf(named)).toEqual([['mine']])
  await run('drop view vpc_flow_view; drop database log_analysis')
})

test('what comes with Millrace asks the built-in views, also where a script has made a table of that name', async () => {
  const stored = storedDashboardShape.parse((await call('GET', '/dashboards/vpc-overview')).value)
  const sql = stored.dashboard.tiles.flatMap((tile) => tile.sql ?? []).find((text) => !text.includes('$'))
  const scope = { from: '2000-01-01 00:00:00', to: '2100-01-01 00:00:00' }
  const parameters = { from: '2000-01-01' }
  expect(sql).toContain('vpc_flow')
  const questions = [{ sql }, { sql, scope }, { name: 'top-sources', parameters }, { name: 'top-sources', scope }]
  const before = await Promise.all(questions.map((question) => rowsOf(question)))
  expect(before.map(({ length }) => length)).not.toContain(0)
  for await (const _ of lake.run('create table vpc_flow_logs (id int); create table vpc_flow_view (id int)')) continue
  try {
    expect(await Promise.all(questions.map((question) => rowsOf({ ...question, refresh: true })))).toEqual(before)
    expect(await rowsOf({ sql: 'select count(*) from vpc_flow_logs', scope })).toEqual([[0]])
    const { value } = await call('POST', '/records', { sql, column: 'srcaddr' })
    const behind = recordsShape.parse(value).sql
    expect(await rowsOf({ sql: behind, scope, builtIn: true, maxRows: 1 })).toHaveLength(1)
    expect(await rowsOf({ sql: behind, scope: { ...scope, to: '2000-01-02' }, builtIn: true })).toEqual([])
    expect((await call('GET', '/views')).text).toContain('"vpc_flow_logs"')
  } finally {
    for await (const _ of lake.run('drop table vpc_flow_logs; drop table vpc_flow_view')) continue
  }
})
