import { DuckDBInstance } from '@duckdb/node-api'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { connectLake } from '../../src/connect.ts'
import { type RunningServer, startServer } from '../../src/server/server.ts'
import { historyScanShape, insertReportShape } from '../../src/server/snowpipe-shapes.ts'
import { ran } from '../run/running.ts'
import { type World, flowLog, openWorld, until } from './world.ts'

let world: World
let server: RunningServer | undefined

beforeEach(async () => {
  world = await openWorld()
})

afterEach(async () => {
  await stop()
  await world.close()
})

/** A pipe that loads what it is asked for alone. */
async function makePipe(copy = ''): Promise<void> {
  await ran(
    world.lake,
    `create stage s url = 's3://${world.bucket}/flow/';
     create pipe p as copy into logs.vpc_flow_logs from @s/in/ ${copy} file_format = (type = vpc_flow_logs)`,
  )
}

async function serve(): Promise<RunningServer> {
  server = await startServer(world.lake, { host: '127.0.0.1', port: 0, log: pino({ level: 'silent' }) })
  return server
}

async function stop(): Promise<void> {
  await server?.stop()
  server = undefined
}

const full = 'MILLRACE.PUBLIC.P'

async function ask(path: string, body?: object | string, type?: string): Promise<[status: number, answer: unknown]> {
  const { url, token } = server ?? (await serve())
  const response = await fetch(`${url}/v1/data/pipes/${path}`, {
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': type ?? 'application/json' }),
    },
    ...(body === undefined ? {} : { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return [response.status, await response.json()]
}

const named = (...paths: string[]): object => ({ files: paths.map((path) => ({ path, size: 1 })) })
const insert = (...paths: string[]) => ask(`${full}/insertFiles`, named(...paths))
const report = async (mark?: string) =>
  insertReportShape.parse((await ask(`${full}/insertReport${mark === undefined ? '' : `?beginMark=${mark}`}`))[1])
const scan = async (from: string, to?: string) =>
  historyScanShape.parse(
    (
      await ask(
        `${full}/loadHistoryScan?startTimeInclusive=${from}${to === undefined ? '' : `&endTimeExclusive=${to}`}`,
      )
    )[1],
  )

const rows = () => world.count('select count(*) as n from vpc_flow_logs')
const requested = () => world.count('select count(*) as n from lake.requested_objects')

describe('insertFiles', () => {
  test('loads the files that are named, and no others', async () => {
    await makePipe()
    for (const key of ['a.log', 'x/b c+é.log', 'other.log']) await world.put(`flow/in/${key}`, flowLog(2, key.length))

    expect(await ask(`${full}/insertFiles?requestId=r-1`, named('a.log', 'x/b c+é.log', 'a.log'))).toEqual([
      200,
      { requestId: 'r-1', responseCode: 'SUCCESS', status: 'success' },
    ])
    await until(rows, 4)
    await until(requested, 0)
    expect(await world.lake.pipe('p').details()).toMatchObject({ state: 'running', auto_ingest: false, files: 2 })
  })

  test('takes names in any case unless they are quoted, and a list of lines', async () => {
    await makePipe()
    for (const name of ['1', '2', '3']) await world.put(`flow/in/${name}`, flowLog(1, Number(name)))

    expect((await ask('millrace.public.p/insertFiles', named('1')))[0]).toBe(200)
    expect(await ask(`${full}/insertFiles`, '2\r\n\n3\n', 'text/plain; charset=utf-8')).toEqual([
      200,
      { responseCode: 'SUCCESS', status: 'success' },
    ])
    expect((await ask('millrace.public."p"/insertFiles', named('1')))[0]).toBe(404)
    await until(rows, 3)
  })

  test('names what the pipe does not take, and on demand what it had before', async () => {
    await makePipe("pattern = '.*[.]log'")
    await world.put('flow/in/a.log', flowLog(1))

    expect(await insert('a.log', 'a.txt', '../out.log', '_hidden.log')).toEqual([
      200,
      { responseCode: 'SUCCESS', status: 'success', unmatchedPatternFiles: ['a.txt', '../out.log', '_hidden.log'] },
    ])
    await until(rows, 1)
    await world.put('flow/in/b.log', flowLog(1, 1))
    expect(await ask(`${full}/insertFiles?showSkippedFiles=true`, named('a.log', 'b.log'))).toEqual([
      200,
      { responseCode: 'SUCCESS', status: 'success', skippedFiles: ['a.log'] },
    ])
    await until(rows, 2)
  })

  test('loads what was written anew and asked for again', async () => {
    await makePipe()
    await world.put('flow/in/bad.log', Buffer.from([0x1f, 0x8b, 1, 2, 3]))
    await insert('bad.log')
    await until(async () => (await world.lake.pipe('p').parked()).length, 1)
    await world.put('flow/in/bad.log', flowLog(3))
    await insert('bad.log')

    await until(rows, 3)
    await until(async () => (await world.lake.pipe('p').parked()).length, 0)
    expect(await requested()).toBe(0)
  })

  test('refuses what no pipe can do', async () => {
    await makePipe()
    const tooLong = 'é'.repeat(513)
    expect(await ask('MILLRACE.PUBLIC.Q/insertFiles', named('a'))).toMatchObject([
      404,
      { error: { code: 'PIPE_MISSING' } },
    ])
    expect(await insert()).toMatchObject([400, { error: { code: 'USAGE' } }])
    expect(await insert(tooLong)).toMatchObject([400, { error: { message: expect.stringContaining('1024') } }])
    expect(await insert(...Array.from({ length: 5001 }, String))).toMatchObject([
      400,
      { error: { message: expect.stringContaining('5000') } },
    ])
    expect((await insert(...Array.from({ length: 5000 }, (_, index) => `${'a'.repeat(1000)}${index}.md`)))[0]).toBe(200)
    expect((await ask(`${full}/insertFiles`, 'x', 'text/csv'))[0]).toBe(415)
    expect((await ask(`${full}/insertFiles`, { file: [] }))[0]).toBe(400)
    await world.lake.pipe('p').pause()
    expect(await insert('a')).toMatchObject([409, { error: { code: 'PIPE_PAUSED' } }])
    await ran(world.lake, 'drop stage s')
    expect(await insert('a')).toMatchObject([409, { error: { code: 'PIPE_BROKEN' } }])
    expect(await requested()).toBe(0)
    const bare = await fetch(`${server?.url}/v1/data/pipes/${full}/insertReport`)
    expect(bare.status).toBe(401)
  })
})

describe('what is asked for is not lost', () => {
  test('while nothing runs', async () => {
    await makePipe()
    for (let index = 0; index < 3; index++) await world.put(`flow/in/${index}`, flowLog(1, index))
    await world.lake.pipe('p').insertFiles(['0', '1', '2'].map((path) => ({ path })))
    expect(await requested()).toBe(3)

    await world.reopen()
    await serve()
    await until(rows, 3)
    await until(requested, 0)
  })

  test('when the server is killed', async () => {
    await makePipe()
    const paths = Array.from({ length: 120 }, (_, index) => `${index}.log`)
    await Promise.all(paths.map((path, index) => world.put(`flow/in/${path}`, flowLog(2, index * 2))))
    await world.lake.close()
    const child = await served()
    const remote = await connectLake(world.directory)
    await remote.pipe('p').insertFiles(paths.map((path) => ({ path })))
    child.kill('SIGKILL')
    await Promise.all([once(child, 'exit'), remote.close()])

    await world.reopen()
    await serve()
    await until(rows, 240)
    await until(requested, 0)
    expect(await world.count('select count(distinct bytes) as n from vpc_flow_logs')).toBe(240)
  })
})

/** A server in a process of its own. */
async function served(): Promise<ChildProcess> {
  const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
  const args = [cli, 'serve', '--lake', world.directory, '--port', '0', '--output', 'json', '--quiet']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  await once(child.stdout, 'data')
  return child
}

describe('reports', () => {
  test('tell what became of each file', async () => {
    await makePipe()
    await world.put('flow/in/good.log', flowLog(3))
    await world.put('flow/in/part.log', `${flowLog(2, 10)}nonsense\n`)
    await world.put('flow/in/bad.log', Buffer.from([0x1f, 0x8b, 1, 2, 3]))
    const { nextBeginMark: before } = await report()
    await insert('good.log', 'part.log', 'bad.log', 'missing.log')
    await until(requested, 0)

    const { files, nextBeginMark, ...about } = await report(before)
    expect(about).toEqual({ pipe: full, completeResult: true, statistics: { activeFilesCount: 0 } })
    const common = { stageLocation: `s3://${world.bucket}/flow/in/`, complete: true }
    expect(files.toSorted((a, b) => (a.path < b.path ? -1 : 1))).toMatchObject([
      {
        ...common,
        path: 'bad.log',
        status: 'LOAD_FAILED',
        fileSize: 5,
        rowsInserted: 0,
        errorsSeen: 1,
        systemError: expect.stringContaining('bad.log'),
      },
      { ...common, path: 'good.log', status: 'LOADED', rowsInserted: 3, rowsParsed: 3, errorsSeen: 0 },
      { ...common, path: 'missing.log', status: 'LOAD_FAILED', systemError: expect.stringContaining('gone') },
      {
        ...common,
        path: 'part.log',
        status: 'PARTIALLY_LOADED',
        rowsInserted: 2,
        rowsParsed: 3,
        errorsSeen: 1,
        errorLimit: 3,
        firstErrorLineNum: 4,
        firstError: expect.stringMatching(/^[A-Z_]+/),
      },
    ])
    expect(await report()).toMatchObject({ files: { length: 4 } })
    expect(await report(nextBeginMark)).toMatchObject({ files: [], nextBeginMark })
    await world.put('flow/in/later.log', flowLog(1, 50))
    await insert('later.log')
    await until(requested, 0)
    expect((await report(nextBeginMark)).files.map(({ path }) => path)).toEqual(['later.log'])

    const [first] = files
    const scanned = await scan('2020-01-01T00:00:00Z')
    expect(scanned).toMatchObject({ pipe: full, completeResult: true, files: { length: 5 } })
    expect(scanned.rangeStartTime).toBe(first?.lastInsertTime)
    expect(await scan('2020-01-01T00:00:00Z', first?.lastInsertTime)).toMatchObject({ files: [] })
    expect(await scan(first?.lastInsertTime ?? '')).toMatchObject({ files: { length: 5 } })
    for (const wrong of ['insertReport?beginMark=x', 'loadHistoryScan', 'loadHistoryScan?startTimeInclusive=now'])
      expect((await ask(`${full}/${wrong}`))[0], wrong).toBe(400)
  })

  test('come in pieces of ten thousand files', async () => {
    await makePipe()
    await world.lake.close()
    const instance = await DuckDBInstance.create(join(world.directory, 'millrace.duckdb'))
    const connection = await instance.connect()
    await connection.run(`
      insert into lake.objects (file_id, table_name, uri, version, object_hash, version_hash, status, load_id, lines, rows, rejects, skipped, bytes, loaded_at, pipe)
      select 1000 + i, 'vpc_flow_logs', 's3://${world.bucket}/flow/in/' || i, 'v', i, i, 'loaded', 1000 + i // 4500, 1, 1, 0, 0, 9, timestamp '2026-11-20 12:00:00' + to_seconds(i // 4500), '${full}'
      from range(12500) r(i)`)
    connection.closeSync()
    instance.closeSync()
    await world.reopen()

    const seen: string[] = []
    const sizes: number[] = []
    for (let mark = '0_0', size = 1; size > 0;) {
      const { files, nextBeginMark } = await report(mark)
      seen.push(...files.map(({ path }) => path))
      sizes.push((size = files.length))
      mark = nextBeginMark
    }
    expect(sizes).toEqual([10_000, 2500, 0])
    expect(new Set(seen).size).toBe(12_500)

    const found = new Set<string>()
    const steps: string[] = []
    for (let from = '2026-11-20T12:00:00Z', isComplete = false; !isComplete;) {
      const { files, completeResult, rangeEndTime = '' } = await scan(from, '2026-11-20T12:00:03Z')
      for (const { path } of files) found.add(path)
      steps.push(rangeEndTime)
      isComplete = completeResult
      from = rangeEndTime
    }
    expect(found.size).toBe(12_500)
    expect(steps.at(-1)).toBe('2026-11-20T12:00:02.000000Z')
  })
})

test('the client of a server does the same', async () => {
  await makePipe()
  await serve()
  const remote = await connectLake(world.directory)
  await world.put('flow/in/a.log', flowLog(2))
  expect(await remote.pipe('p').insertFiles([{ path: 'a.log' }], { requestId: 'x', showSkippedFiles: true })).toEqual({
    requestId: 'x',
    responseCode: 'SUCCESS',
    status: 'success',
    skippedFiles: [],
  })
  await until(rows, 2)
  await until(requested, 0)
  const [there, here] = [
    await remote.pipe('p').insertReport({ beginMark: '0_0' }),
    await world.lake.pipe('p').insertReport({ beginMark: '0_0' }),
  ]
  expect(there).toEqual(here)
  const range = { startTimeInclusive: '2026-01-01T00:00:00Z', endTimeExclusive: '2999-01-01T00:00:00Z' }
  expect(await remote.pipe('p').loadHistoryScan(range)).toEqual(await world.lake.pipe('p').loadHistoryScan(range))
  await expect(remote.pipe('q').insertReport()).rejects.toMatchObject({ code: 'PIPE_MISSING' })
  await remote.close()
  expect(z.string().parse(there.nextBeginMark)).toMatch(/^\d+_\d+$/)
})
