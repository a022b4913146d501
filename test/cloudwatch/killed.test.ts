import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { OpenLake } from '../../src/lake.ts'
import { seededRandom } from '../arbitraries/seeded-random.ts'
import { checkAccounts, valuesOf } from '../loading/lakes.ts'
import { openTestLake } from '../loading/template.ts'
import { fastTiming } from '../pipes/fast-timing.ts'
import { until } from '../pipes/world.ts'
import { ran } from '../run/running.ts'
import { envelopeOf, eventsOf } from './envelopes.ts'
import { type LogMishap, openLogServer, servedEvent } from './log-server.ts'

const isSoak = process.env['MILLRACE_TEST_SCALE'] === 'soak'
const seed = Number(process.env['MILLRACE_TEST_SEED'] ?? Date.now() % 1_000_000_000)
const limit = { timeout: isSoak ? 7_200_000 : 120_000 }
const loadPoints = ['load:rows', 'load:history', 'load:before-commit', 'load:after-commit']
const random = seededRandom(seed)
/** All of them at length, else some. */
const logPoints = chosen(['logs:page', 'logs:window', ...loadPoints])
const firehosePoints = ['firehose:stored', ...chosen(loadPoints)]
const rounds = isSoak ? 100 : 1
const speed = 600

let root: string
let lakes = 0

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'millrace-killed-'))
})

afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

function chosen(points: readonly string[]): readonly string[] {
  const [one, other] = [random.pick(points), random.pick(points)]
  return isSoak ? points : [...new Set([one, other])]
}

const mishaps: readonly LogMishap[] = ['token-ended', 'repeated', 'short', 'empty', 'throttled']
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)
const numbers = (lake: OpenLake): Promise<unknown[]> =>
  valuesOf(lake, 'select bytes::integer from vpc_flow_logs order by all')

/** A lake that a script was run on, closed. */
async function made(script: string): Promise<string> {
  const directory = join(root, `lake-${++lakes}`)
  const lake = await openTestLake(directory, { threads: 1 })
  await ran(lake, script)
  await lake.close()
  return directory
}

test(
  `a log group is read once through kills at ${logPoints.join(', ')} (MILLRACE_TEST_SEED=${seed})`,
  limit,
  async () => {
    const timing = fastTiming(speed)
    const server = await openLogServer({
      pageSize: 10,
      now: timing.now,
      meddle: () => (random.oneIn(6) ? random.pick(mishaps) : undefined),
    })
    try {
      for (let round = 0; round < rounds; round++) {
        const directory = await made(`create stage s url = 'cloudwatch://eu-west-1/g${round}';
        create pipe p auto_ingest = true start = 'ALL' as copy into logs.vpc_flow_logs from @s file_format = (type = vpc_flow_logs)`)
        const startMs = timing.now()
        const events = upTo(400).map((number) => servedEvent(number, startMs - random.below(48 * 60) * 60_000, 0))
        server.groups.set(`g${round}`, events)
        let kills = 0
        for (const [index, point] of logPoints.entries())
          kills += await runPipes(directory, point, index === 0 ? 1 : 1 + random.below(2))
        expect(kills).toBeGreaterThan(0)

        const lake = await openTestLake(directory, { threads: 1, pipes: { timing } })
        try {
          await lake.pipes.start(() => undefined)
          await until(async () => (await lake.pipe('p').details()).listed_at !== null, true)
          expect(await numbers(lake)).toEqual(upTo(400))
          await lake.pipes.stop()
          await checkAccounts(lake)
        } finally {
          await lake.close()
        }
      }
    } finally {
      await server.close()
    }
  },
)

/** Runs the pipes in a process of their own until the point is reached so often; 1 where it was, 0 where all was read before. */
async function runPipes(directory: string, point: string, time: number): Promise<number> {
  const child = new URL('../pipes/run-pipes-until-killed.mjs', import.meta.url).pathname
  const running = spawn(process.execPath, [child, directory, point, String(time), String(speed)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(running, 'exit')
  // It says when its pipes run.
  await Promise.race([once(running.stdout, 'data'), ended])
  const late = setTimeout(() => running.kill('SIGTERM'), 4000)
  const [, signal] = await ended
  clearTimeout(late)
  return signal === 'SIGKILL' ? 1 : 0
}

test(
  `what Firehose posts is stored once through kills at ${firehosePoints.join(', ')} (MILLRACE_TEST_SEED=${seed})`,
  limit,
  async () => {
    const directory = await made(`create stage posted url = 'firehose://flow';
    create pipe flow auto_ingest = true as copy into logs.vpc_flow_logs from @posted file_format = (type = vpc_flow_logs)`)
    const opened = await openTestLake(directory, { threads: 1 })
    const { path, access_key: key } = await opened.pipe('flow').renewAccessKey()
    await opened.close()
    const answers: number[] = []
    for (const [index, point] of [...firehosePoints, 'never'].entries()) {
      const child = await serve(directory, point)
      // Those before are tried again, as Firehose would where it was not answered.
      for (let request = 0; request <= index; request++) {
        const status = await post(`${child.url}${path}`, key, request)
        if (status === undefined) break
        answers.push(status)
      }
      child.kill()
      await child.ended
    }
    const lake = await openTestLake(directory, { threads: 1 })
    try {
      expect(new Set(answers)).toEqual(new Set([200]))
      expect(answers.length).toBeGreaterThan(firehosePoints.length)
      expect(await numbers(lake)).toEqual(upTo((firehosePoints.length + 1) * 4))
      await checkAccounts(lake)
    } finally {
      await lake.close()
    }
  },
)

interface Serving {
  readonly url: string
  readonly kill: () => void
  readonly ended: Promise<unknown>
}

async function serve(directory: string, point: string): Promise<Serving> {
  const program = new URL('./serve-until-killed.mjs', import.meta.url).pathname
  const child = spawn(process.execPath, [program, directory, point, '1'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const [said]: unknown[] = await once(child.stdout, 'data')
  return { url: String(said).trim(), kill: () => child.kill('SIGKILL'), ended }
}

/** The status of the answer; undefined where the server ended before. */
async function post(url: string, key: string, request: number): Promise<number | undefined> {
  const records = [0, 2].map((from) => ({
    data: gzipSync(JSON.stringify(envelopeOf(eventsOf(request * 4 + from + 1, 2)))).toString('base64'),
  }))
  const requestId = `request-${request}`
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-amz-firehose-access-key': key,
        'x-amz-firehose-request-id': requestId,
      },
      body: JSON.stringify({ requestId, timestamp: 1_795_000_000_000, records }),
    })
    await response.arrayBuffer()
    return response.status
  } catch {
    return undefined
  }
}
