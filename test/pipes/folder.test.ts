import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { appendFile, mkdir, mkdtemp, realpath, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type TestContext, expect, test } from 'vitest'
import { connectLake } from '../../src/connect.ts'
import type { OpenLake } from '../../src/lake.ts'
import { ran } from '../run/running.ts'
import { flowLog } from './world.ts'
import { openTestLake } from '../loading/template.ts'

/** A folder of logs, and a lake with a pipe that reads it. */
interface Place {
  readonly root: string
  readonly logs: string
  lake: OpenLake
  /** How often the pipe has looked. */
  looks: number
  readonly faults: unknown[]
  readonly until: (what: () => Promise<unknown>, wanted: unknown) => Promise<void>
}

async function placeFor({ expect: expecting, onTestFinished }: TestContext): Promise<Place> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'millrace-folder-')))
  const logs = join(root, 'logs')
  await mkdir(logs)
  const until: Place['until'] = (what, wanted) => expecting.poll(what, { interval: 50 }).toEqual(wanted)
  const place: Place = { root, logs, lake: await openTestLake(join(root, 'lake')), looks: 0, faults: [], until }
  onTestFinished(async () => {
    await place.lake.close()
    await rm(root, { recursive: true, force: true })
  })
  return place
}

/** Opens another lake in place of the one that is open. */
async function reopen(place: Place, directory: string): Promise<void> {
  await place.lake.close()
  place.lake = await openTestLake(directory, {
    onPoint: (point) => {
      if (point === 'pipe:listed') place.looks++
    },
  })
}

/** Reads the folder by a pipe. Listings are too rare to find anything, unless they are to. */
async function watchFolder({ lake, logs, faults }: Place, reconcile = '1 hour'): Promise<void> {
  await ran(
    lake,
    `create stage s url = '${pathToFileURL(logs).href}/';
     create pipe p auto_ingest = true reconcile = '${reconcile}' start = 'all'
       as copy into logs.vpc_flow_logs from @s file_format = (type = vpc_flow_logs)`,
  )
  await lake.pipes.start((_pipe, error) => faults.push(error))
}

async function count(lake: OpenLake, sql: string): Promise<number> {
  const [row] = await (await lake.query<{ n: number }>(sql)).all()
  return Number(row?.n)
}

async function untilRows({ lake, until }: Place, wanted: number): Promise<void> {
  await until(() => count(lake, 'select count(*) as n from vpc_flow_logs'), wanted)
}

const distinct = ({ lake }: Place) => count(lake, 'select count(distinct bytes) as n from vpc_flow_logs')
const statuses = async ({ lake }: Place) => (await lake.history()).map(({ status }) => status).toSorted()

/** Most of what they do is wait for files to rest. */
const waiting = test.concurrent

waiting(
  'files that are there, are renamed into place or written are loaded, in folders made later too',
  async (context) => {
    const place = await placeFor(context)
    const { root, logs } = place
    await writeFile(join(logs, 'there.log'), flowLog(1))
    await watchFolder(place)
    await untilRows(place, 1)

    await writeFile(join(root, 'part'), flowLog(2, 10))
    await utimes(join(root, 'part'), 1_790_000_000, 1_790_000_000)
    await rename(join(root, 'part'), join(logs, 'renamed.log'))
    await mkdir(join(logs, 'AWSLogs/123456789012/2026/11'), { recursive: true })
    await writeFile(join(logs, 'AWSLogs/123456789012/2026/11/deep.log'), flowLog(3, 20))
    await untilRows(place, 6)
    await writeFile(join(logs, 'AWSLogs/123456789012/2026/11/deeper.log'), flowLog(4, 30))
    await mkdir(join(root, 'made/elsewhere'), { recursive: true })
    await writeFile(join(root, 'made/elsewhere/a.log'), flowLog(5, 40))
    await rename(join(root, 'made'), join(logs, 'moved'))
    await untilRows(place, 15)
    await writeFile(join(logs, 'moved/elsewhere/b.log'), flowLog(6, 50))
    await untilRows(place, 21)

    expect(await distinct(place)).toBe(21)
    expect(await place.lake.history()).toHaveLength(6)
    expect(place.faults).toEqual([])
  },
)

waiting('a file that is written in parts is loaded as a whole', async (context) => {
  const place = await placeFor(context)
  const { logs } = place
  await watchFolder(place)
  const [head = '', ...lines] = flowLog(40).trimEnd().split('\n')
  const file = join(logs, 'slow.log')
  await writeFile(file, `${head}\n`)
  for (const part of [0, 1, 2, 3, 4]) {
    await appendFile(file, `${lines.slice(part * 8, part * 8 + 8).join('\n')}\n`)
    await pause(250)
  }
  await untilRows(place, 40)

  // Where the writer was held up for longer than a file rests, what came first was replaced.
  expect((await statuses(place)).filter((status) => status !== 'replaced')).toEqual(['loaded'])
  expect(await distinct(place)).toBe(40)
})

waiting('a file that changes replaces its rows, and one that goes leaves them', async (context) => {
  const place = await placeFor(context)
  const { logs } = place
  await writeFile(join(logs, 'a.log'), flowLog(5))
  await watchFolder(place)
  await untilRows(place, 5)
  await writeFile(join(logs, 'a.log'), flowLog(8, 100))
  await untilRows(place, 8)
  expect(await count(place.lake, 'select min(bytes) as n from vpc_flow_logs')).toBe(100)
  await rm(join(logs, 'a.log'))
  await writeFile(join(logs, 'b.log'), flowLog(1))
  await untilRows(place, 9)

  expect(await statuses(place)).toEqual(['loaded', 'loaded', 'replaced'])
  expect((await place.lake.listPipes())[0]).toMatchObject({ state: 'running', reason: null, failed_files: 0 })
})

waiting('a bad file is given up until it is another', async (context) => {
  const place = await placeFor(context)
  const { logs } = place
  await watchFolder(place)
  await writeFile(join(logs, 'bad.log'), Buffer.from([0x1f, 0x8b, 1, 2, 3]))
  await place.until(async () => (await place.lake.pipe('p').parked()).length, 1)
  await writeFile(join(logs, 'bad.log'), flowLog(3))
  await untilRows(place, 3)
  await place.until(async () => (await place.lake.pipe('p').parked()).length, 0)
})

waiting('many files at once are all loaded, and each once', async (context) => {
  const place = await placeFor(context)
  const { logs } = place
  await watchFolder(place)
  const folders = Array.from({ length: 24 }, (_, index) => join(logs, `day=${index}`))
  for (const [index, folder] of folders.entries()) {
    mkdirSync(folder)
    for (let file = 0; file < 100; file++) writeFileSync(join(folder, `${file}.log`), flowLog(1, index * 100 + file))
  }
  await untilRows(place, 2400)

  expect(await distinct(place)).toBe(2400)
  expect(await count(place.lake, "select count(*) as n from logs.load_history where status = 'loaded'")).toBe(2400)
})

waiting('what is no log is left alone, and a time to come does not keep a file waiting', async (context) => {
  const place = await placeFor(context)
  const { root, logs } = place
  await watchFolder(place)
  for (const name of ['.hidden.log', '_SUCCESS', 'README.md']) await writeFile(join(logs, name), 'nothing\n')
  await mkdir(join(logs, '.parts'))
  await writeFile(join(logs, '.parts/a.log'), flowLog(1))
  await symlink(join(root, 'lake'), join(logs, 'link'))
  await writeFile(join(logs, 'later.log'), flowLog(2))
  await utimes(join(logs, 'later.log'), 4_000_000_000, 4_000_000_000)
  await untilRows(place, 2)

  expect(await place.lake.history()).toHaveLength(1)
})

waiting('a folder that is replaced by another is watched', async (context) => {
  const place = await placeFor(context)
  const { root, logs } = place
  await mkdir(join(logs, 'sub'))
  await writeFile(join(logs, 'sub/a.log'), flowLog(1))
  await watchFolder(place)
  await untilRows(place, 1)
  // At once, so that no look lies between.
  renameSync(join(logs, 'sub'), join(root, 'old-sub'))
  mkdirSync(join(logs, 'sub'))
  writeFileSync(join(logs, 'sub/b.log'), flowLog(1, 1))
  await untilRows(place, 2)
  renameSync(logs, join(root, 'old'))
  mkdirSync(join(logs, 'sub'), { recursive: true })
  writeFileSync(join(logs, 'c.log'), flowLog(1, 2))
  await untilRows(place, 3)
  await writeFile(join(logs, 'sub/d.log'), flowLog(1, 3))
  await untilRows(place, 4)
  expect(await distinct(place)).toBe(4)
})

waiting('a folder that comes later than its pipe is found by listing', async (context) => {
  const place = await placeFor(context)
  const { logs } = place
  await rm(logs, { recursive: true })
  await watchFolder(place, '1 second')
  await place.until(async () => (await place.lake.listPipes())[0]?.reason ?? '', expect.stringContaining(logs))
  expect(await place.lake.listPipes()).toMatchObject([{ state: 'running' }])
  await mkdir(logs)
  await writeFile(join(logs, 'a.log'), flowLog(2))
  await untilRows(place, 2)
  await place.until(async () => (await place.lake.listPipes())[0]?.reason, null)
})

waiting('a lake within the folder is no log, and what it writes is not followed', async (context) => {
  const place = await placeFor(context)
  const { logs } = place
  await reopen(place, join(logs, 'lake'))
  await watchFolder(place)
  await writeFile(join(logs, 'a.log'), flowLog(1))
  await untilRows(place, 1)
  const before = place.looks
  await writeFile(join(logs, 'b.log'), flowLog(1, 1))
  await untilRows(place, 2)

  // Each look writes to the lake: were that told, it would look ten times in the second that a file rests.
  expect(place.looks - before).toBeLessThan(8)
  expect(await place.lake.history()).toHaveLength(2)
})

/** A shell in which no folder can be watched, where the system allows that. */
const unwatched = ['-Ur', 'sh', '-c', 'echo 0 > /proc/sys/user/max_inotify_watches && exec "$@"', 'sh']
const canForbid = spawnSync('unshare', [...unwatched, 'true']).status === 0

test('as root in CI, watching can be forbidden, and the test of that runs', () => {
  const mustForbid = process.env['CI'] !== undefined && process.getuid?.() === 0

  expect(canForbid || !mustForbid).toBe(true)
})

const whereForbidden = canForbid ? waiting : test.skip

whereForbidden('where the system tells nothing, listing finds what comes', async (context) => {
  const place = await placeFor(context)
  const { root, logs } = place
  await watchFolder(place, '1 second')
  await place.lake.close()
  const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
  const served = [cli, 'serve', '--lake', join(root, 'lake'), '--port', '0', '--output', 'json']
  const child = spawn('unshare', [...unwatched, process.execPath, ...served], { stdio: ['ignore', 'pipe', 'pipe'] })
  const said: Buffer[] = []
  child.stderr.on('data', (part: Buffer) => said.push(part))
  await once(child.stdout, 'data')
  const remote = await connectLake(join(root, 'lake'))
  try {
    await writeFile(join(logs, 'a.log'), flowLog(3))
    await place.until(async () => (await remote.status()).rows, 3)
    await writeFile(join(logs, 'b.log'), flowLog(4, 10))
    await place.until(async () => (await remote.status()).rows, 7)
    expect(Buffer.concat(said).toString()).toContain('ENOSPC')
  } finally {
    await remote.close()
    child.kill('SIGTERM')
    await once(child, 'exit')
    place.lake = await openTestLake(join(root, 'lake'))
  }
})
