import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SeededRandom, seededRandom } from '../arbitraries/seeded-random.ts'
import { type TestServer, startServer } from '../aws/servers.ts'
import { StsServer } from '../aws/sts-server.ts'
import { type Cloud, openCloud } from '../pipes/cloud.ts'
import { points as pipePoints } from '../pipes/fault-plan.ts'
import { AccessLake, type Kill, speeds } from './access-lake.ts'
import { type AccessScript, plainScript, pythonScript } from './access-script.ts'

const isSoak = process.env['MILLRACE_TEST_SCALE'] === 'soak'
/** Of lakes whose parser is written in Python, which takes seconds to start, and of others. */
const kills = isSoak ? { python: 66, plain: 134 } : { python: 3, plain: 17 }
const seed = Number(process.env['MILLRACE_TEST_SEED'] ?? Date.now() % 1_000_000_000)
const limit = { timeout: isSoak ? 7_200_000 : 600_000 }
const atOnce = 3

/** Objects that cannot be read are none of these lakes'. */
const points = [...pipePoints.filter((point) => point !== 'pipe:parked'), 'task-begun', 'task-before-commit']

/** A lake, and the kills of each of its rounds: after a round it is left to finish. */
interface Course {
  readonly name: string
  readonly script: AccessScript
  readonly rounds: readonly (readonly Kill[])[]
  readonly random: SeededRandom
}

/** Each point once, then any, or moments near it, or after opening. */
function plainKill(index: number, random: SeededRandom): Kill {
  const [first] = points.slice(index, index + 1)
  if (first !== undefined) return { point: first, time: 1, laterMs: undefined }
  if (random.oneIn(3)) return { point: 'open', time: 1, laterMs: random.below(1500) }
  const point = random.pick(points)
  const time = point === 'pipe:listed' ? 1 : 1 + random.below(3)
  return { point, time, laterMs: random.oneIn(2) ? random.below(60) : undefined }
}

/** Around the calls of the function, and while its language starts. */
function pythonKill(index: number, random: SeededRandom): Kill {
  const time = isSoak ? 1 + random.below(2) : 1
  if (index % 3 === 0) return { point: 'task-before-commit', time, laterMs: undefined }
  return { point: 'task-begun', time, laterMs: random.below(index % 3 === 1 ? 200 : 3000) }
}

function planCourses(): Course[] {
  const random = seededRandom(seed)
  const ofPython = Array.from({ length: kills.python }, (_, index) => pythonKill(index, random))
  const ofPlain = Array.from({ length: kills.plain }, (_, index) => plainKill(index, random))
  const plans = [
    ...parts(ofPython, 3).map((own) => ({ script: pythonScript, rounds: [own] })),
    ...parts(ofPlain, 6).map((own) => ({ script: plainScript, rounds: parts(own, 3) })),
  ]
  return plans.map((plan, index) => ({ ...plan, name: `c${index}`, random: seededRandom(seed + index + 1) }))
}

function parts<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size))
}

const root = mkdtempSync(join(tmpdir(), 'millrace-pipeline-'))
let cloud: Cloud
let sts: TestServer

beforeAll(async () => {
  cloud = await openCloud(speeds.pipes)
  const keys = { accessKeyId: 'test', secretAccessKey: 'test', sessionToken: undefined, expiresAtMs: undefined }
  const server = new StsServer(keys, Date.now)
  server.trusts.set('arn:aws:iam::123456789012:role/reader', '*')
  sts = await startServer(server.respond)
  Object.assign(process.env, { AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL_STS: sts.url })
})

afterAll(async () => {
  await cloud.close()
  await sts.close()
  rmSync(root, { recursive: true, force: true })
})

/** Gives the kills that it went through. */
async function run({ name, script, rounds, random }: Course): Promise<readonly Kill[]> {
  const lake = await AccessLake.make(cloud, random, { root, name, script })
  for (const round of rounds) {
    for (const kill of round) await lake.runUntilKilled(kill)
    await lake.finish()
  }
  return rounds.flat()
}

const total = kills.python + kills.plain

test(`through ${total} kills every line is parsed once (MILLRACE_TEST_SEED=${seed})`, limit, async () => {
  const courses = planCourses()[Symbol.iterator]()
  const met: Kill[] = []
  const runEach = async (): Promise<void> => {
    for (const course of courses) met.push(...(await run(course)))
  }
  await Promise.all(Array.from({ length: atOnce }, runEach))
  expect(met).toHaveLength(total)
  expect(points.filter((point) => !met.some((kill) => kill.point === point))).toEqual([])
})
