import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type GroundTruth, generate } from '../../src/generate/generate.ts'
import { openLake } from '../../src/index.ts'
import { placeEmptyLake } from '../loading/template.ts'
import { type SeededRandom, seededRandom } from '../arbitraries/seeded-random.ts'

/** Kills that interrupted a load; others do not count. */
const kills = process.env['MILLRACE_TEST_SCALE'] === 'soak' ? 200 : 20
const points = ['load:rows', 'load:rejects', 'load:history', 'load:before-commit', 'load:after-commit']
const seed = Number(process.env['MILLRACE_TEST_SEED'] ?? Date.now() % 1_000_000_000)
const child = new URL('./load-until-killed.mjs', import.meta.url).pathname

const root = mkdtempSync(join(tmpdir(), 'millrace-crash-'))
const logs = join(root, 'logs')
const truths: GroundTruth[] = []

beforeAll(async () => {
  const common = { rows: 4000, files: 16, seed, end: 1_795_000_000, days: 2, badLines: 0.01 }
  truths.push(await generate(join(logs, 'flow'), { ...common, type: 'vpc-flow-logs' }))
  truths.push(await generate(join(logs, 'access'), { ...common, type: 's3-access-logs', rows: 1400 }))
})

afterAll(() => {
  rmSync(root, { recursive: true, force: true })
})

interface Ended {
  readonly wasKilled: boolean
  /** Whether it had opened the lake and not yet finished the load. */
  readonly wasLoading: boolean
}

/** Runs one loader, killed at a point of its own or from outside after so many milliseconds. */
function runLoader(lake: string, point: string, occurrence: number, killAfterMs: number | undefined): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const loader = spawn(process.execPath, [child, lake, logs, point, String(occurrence)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    let complaint = ''
    let timer: NodeJS.Timeout | undefined
    loader.stdout.on('data', (bytes: Buffer) => {
      said += bytes.toString()
      if (killAfterMs !== undefined && timer === undefined && said.includes('open\n')) {
        timer = setTimeout(() => loader.kill('SIGKILL'), killAfterMs)
      }
    })
    loader.stderr.on('data', (bytes: Buffer) => {
      complaint += bytes.toString()
    })
    loader.on('error', reject)
    loader.on('close', (code, signal) => {
      clearTimeout(timer)
      if (signal !== 'SIGKILL' && code !== 0) reject(new Error(`the loader ended with ${code}: ${complaint}`))
      else
        resolve({ wasKilled: signal === 'SIGKILL', wasLoading: said.includes('open\n') && !said.includes('loaded\n') })
    })
  })
}

function oneKill(lake: string, random: SeededRandom): Promise<Ended> {
  if (random.oneIn(2)) return runLoader(lake, random.pick(points), 1 + random.below(3), undefined)
  return runLoader(lake, 'never', 1, random.below(250))
}

async function checkLake(directory: string): Promise<void> {
  const lake = await openLake(directory)
  try {
    const files = await lake.history({ limit: 10_000 })
    const stored = new Map(files.map((entry) => [entry.file, entry]))
    expect(files).toHaveLength(stored.size)
    const expected = truths.flatMap((truth, index) =>
      truth.files.map((file) => ({ ...file, path: join(logs, index === 0 ? 'flow' : 'access', file.path) })),
    )
    for (const file of expected) {
      const { lines, rows, rejects, skipped } = file
      expect(stored.get(file.path), file.path).toMatchObject({ lines, rows, rejects, skipped })
    }
    for (const table of ['vpc_flow_logs', 's3_access_logs']) {
      const [sum] = await (
        await lake.query<{ rows: number; places: number; files: number }>(
          `select count(*) as rows, count(distinct (_file_id, _line)) as places, count(distinct _file_id) as files from lake.${table}`,
        )
      ).all()
      const truth = truths[table === 'vpc_flow_logs' ? 0 : 1]
      expect(sum).toEqual({
        rows: truth?.rows,
        places: truth?.rows,
        files: truth?.files.filter((file) => file.rows > 0).length,
      })
    }
    const [rejects] = await (
      await lake.query<{ n: number; places: number }>(
        'select count(*) as n, count(distinct (file, line)) as places from load_rejects',
      )
    ).all()
    const bad = truths.reduce((total, truth) => total + truth.rejects, 0)
    expect(rejects).toEqual({ n: bad, places: bad })
    expect(readdirSync(join(directory, 'spool'))).toEqual([])
    expect((await lake.doctor()).filter((diagnosis) => diagnosis.level === 'error')).toEqual([])
  } finally {
    await lake.close()
  }
}

test(`after ${kills} kills nothing is lost or doubled (MILLRACE_TEST_SEED=${seed})`, async () => {
  const random = seededRandom(seed)
  let counted = 0
  for (let round = 0; counted < kills; round++) {
    const lake = join(root, `lake-${round}`)
    // Some are killed while they make one.
    if (!random.oneIn(4)) placeEmptyLake(lake)
    // Several kills a lake: a restart may be killed too. Then it is left to finish.
    const wanted = 1 + random.below(5)
    for (let tries = 0; tries < wanted && counted < kills; tries++) {
      const ended = await oneKill(lake, random)
      if (ended.wasKilled && ended.wasLoading) counted++
      if (!ended.wasKilled) break
    }
    await runLoader(lake, 'never', 1, undefined)
    await checkLake(lake)
    rmSync(lake, { recursive: true })
  }
}, 3_600_000)
