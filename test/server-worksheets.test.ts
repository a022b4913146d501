import * as fc from 'fast-check'
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import type { OpenLake } from '../src/lake.ts'
import { parseJson } from '../src/server/json.ts'
import { type RunningServer, startServer } from '../src/server/server.ts'
import { worksheetEntryShape, worksheetShape } from '../src/worksheet/shape.ts'
import { parseWorksheet, printWorksheet } from '../src/worksheet/text.ts'
import { openTestLake } from './loading/template.ts'

let directory: string
let lake: OpenLake
let server: RunningServer

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-worksheets-'))
  lake = await openTestLake(join(directory, 'lake'))
  server = await startServer(lake, { host: '127.0.0.1', port: 0, log: pino({ level: 'silent' }) })
})

afterAll(async () => {
  await server.stop()
  await lake.close()
  await rm(directory, { recursive: true, force: true })
})

interface Answer {
  readonly status: number
  readonly value: unknown
}

async function send(method: string, path: string, body?: object, headers: object = {}): Promise<Answer> {
  const response = await fetch(`${server.url}/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, value: parseJson(await response.text()) }
}

function call(method: string, path: string, body?: object): Promise<Answer> {
  return send(method, path, body, { authorization: `Bearer ${server.token}` })
}

/** Those that do not come with Millrace. */
async function ownWorksheets(): Promise<unknown[]> {
  const entries = z.array(worksheetEntryShape).parse((await call('GET', '/worksheets')).value)
  return entries.filter(({ origin }) => origin === 'lake')
}

const folder = (): string => join(lake.directory, 'worksheets')

test('a worksheet is a readable SQL file of its owner, and read back as it was written', async () => {
  const sql = 'select srcaddr -- who\nfrom vpc_flow_logs;\n\nselect 2'
  const worksheet = { title: 'Refused sources', dialect: 'snowflake', sql }
  const written = await call('PUT', '/worksheets/refused', worksheet)
  const file = join(folder(), 'refused.sql')

  expect(written).toEqual({ status: 200, value: { name: 'refused', origin: 'lake', worksheet } })
  expect(await readFile(file, 'utf8')).toBe(`/*---\ntitle: Refused sources\ndialect: snowflake\n---*/\n${sql}`)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect((await stat(folder())).mode & 0o777).toBe(0o700)
  expect(await readdir(folder())).toEqual(['refused.sql'])
  expect((await call('GET', '/worksheets/refused')).value).toEqual(written.value)
  expect(await ownWorksheets()).toEqual([{ name: 'refused', origin: 'lake', title: 'Refused sources' }])
  expect(await call('DELETE', '/worksheets/refused')).toEqual({ status: 200, value: {} })
  expect(await ownWorksheets()).toEqual([])
})

test('a built-in worksheet is changed by a copy in the lake, and comes back without it', async () => {
  const name = 's3-access-questions'
  const shipped = await call('GET', `/worksheets/${name}`)
  expect(shipped).toMatchObject({ status: 200, value: { origin: 'built-in', worksheet: { dialect: 'snowflake' } } })
  const worksheet = { title: 'Mine', dialect: 'duckdb', sql: 'select 1' }
  const changed = { name, origin: 'changed', worksheet }
  expect(await call('PUT', `/worksheets/${name}`, worksheet)).toEqual({ status: 200, value: changed })
  expect((await call('GET', '/worksheets')).value).toContainEqual({ name, origin: 'changed', title: 'Mine' })
  expect((await call('DELETE', `/worksheets/${name}`)).status).toBe(200)
  expect(await call('GET', `/worksheets/${name}`)).toEqual(shipped)
  expect((await call('DELETE', `/worksheets/${name}`)).status).toBe(404)
})

test('every title, dialect and text is read back as it was written, and no title ends the comment', () => {
  const line = fc
    .oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('*/ drop', '---*/', 'a: b', '#', 'null', '"', '12', '- x'))
    .filter((title) => worksheetShape.shape.title.safeParse(title).success)
  const sql = fc.oneof(fc.string(), fc.constantFrom('---*/\nselect 1', '/*---\ntitle: x\n---*/\n', '\n', '\r\n'))
  const dialects = fc.constantFrom('duckdb' as const, 'trino' as const)
  const engines = fc.constantFrom(undefined, 'athena' as const)
  fc.assert(
    fc.property(line, dialects, engines, sql, (title, dialect, engine, text) => {
      const worksheet = { title, dialect, engine, sql: text }
      const printed = printWorksheet(worksheet)
      expect(parseWorksheet('x', printed)).toEqual(worksheet)
      expect(printed.indexOf('*/')).toBe(printed.indexOf('---*/\n') + 3)
    }),
  )
})

test('a file written by hand needs no front matter; one that cannot be read is listed with its fault', async () => {
  await call('PUT', '/worksheets/first', { title: 'First', sql: '' })
  await writeFile(join(folder(), 'by-hand.sql'), 'select 1\n')
  await writeFile(join(folder(), 'broken.sql'), '/*---\ntitle: [\n---*/\nselect 1')
  await writeFile(join(folder(), 'strange.sql'), '/*---\ntitle: x\ncolour: red\n---*/\nselect 1')
  await writeFile(join(folder(), 'Not a name.sql'), 'select 1')

  expect((await call('GET', '/worksheets/by-hand')).value).toEqual({
    name: 'by-hand',
    origin: 'lake',
    worksheet: { title: 'by-hand', dialect: 'duckdb', sql: 'select 1\n' },
  })
  expect(await ownWorksheets()).toEqual([
    { name: 'broken', origin: 'lake', title: 'broken', fault: expect.stringContaining('worksheets/broken.sql') },
    { name: 'by-hand', origin: 'lake', title: 'by-hand' },
    { name: 'first', origin: 'lake', title: 'First' },
    { name: 'strange', origin: 'lake', title: 'strange', fault: expect.stringContaining('colour') },
  ])
  expect(await call('GET', '/worksheets/broken')).toMatchObject({
    status: 422,
    value: { error: { code: 'WORKSHEET_INVALID' } },
  })
})

test('names lead nowhere else, and what is missing or wrong is said', async () => {
  const outside = join(lake.directory, 'outside.sql')
  await writeFile(outside, 'select 1')
  for (const name of ['..%2Foutside', '%2e%2e%2foutside', 'a.b', 'A', '-a', 'x'.repeat(65)]) {
    for (const method of ['GET', 'DELETE'])
      expect([name, (await call(method, `/worksheets/${name}`)).status]).toEqual([name, 400])
    expect((await call('PUT', `/worksheets/${name}`, { title: 'x', sql: '' })).status).toBe(400)
  }
  expect(await readFile(outside, 'utf8')).toBe('select 1')
  for (const method of ['GET', 'DELETE'])
    expect(await call(method, '/worksheets/nowhere')).toMatchObject({
      status: 404,
      value: { error: { code: 'WORKSHEET_MISSING' } },
    })
  for (const body of [
    { title: '', sql: '' },
    { title: 'two\nlines', sql: '' },
    { title: 'x', sql: '', dialect: 'oracle' },
    { title: 'x' },
    { title: 'x', sql: '', more: 1 },
  ])
    expect([body, (await call('PUT', '/worksheets/wrong', body)).status]).toEqual([body, 400])
  expect(await call('PUT', '/worksheets/large', { title: 'x', sql: 'a'.repeat(500_001) })).toMatchObject({
    status: 400,
  })
})

test('the page may read and write worksheets with its cookie, from its own documents only', async () => {
  const cookie = (await fetch(`${server.url}/worksheets/mine`)).headers.get('set-cookie')?.split(';')[0] ?? ''
  const worksheet = { title: 'Mine', sql: 'select 1' }
  const put = (headers: object): Promise<Answer> => send('PUT', '/worksheets/mine', worksheet, { cookie, ...headers })

  expect((await send('GET', '/worksheets')).status).toBe(401)
  expect((await put({ 'sec-fetch-site': 'same-site' })).status).toBe(401)
  expect((await put({ 'sec-fetch-site': 'same-origin' })).status).toBe(200)
  expect((await send('GET', '/worksheets/mine', undefined, { cookie })).status).toBe(200)
  expect((await send('DELETE', '/worksheets/mine', undefined, { cookie })).status).toBe(200)
})

test('rows of long values come in lines that a reader can take, none left out', async () => {
  const response = await fetch(`${server.url}/v1/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${server.token}` },
    body: JSON.stringify({ sql: "select i, repeat('x', 300000) as x, [repeat('y', 300000)] as y from range(20) t(i)" }),
  })
  const lines = (await response.text()).trim().split('\n').slice(1, -1)

  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(2_000_000)
  const rows = lines.flatMap((line) => z.object({ rows: z.array(z.array(z.unknown())) }).parse(parseJson(line)).rows)
  expect(rows.map(([i]) => i)).toEqual(Array.from({ length: 20 }, (_, i) => i))
})
