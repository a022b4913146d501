import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cloud, openCloud } from './cloud.ts'
import { type Plan, planOf, points } from './fault-plan.ts'
import { runPlan, speed } from './fault-run.ts'

const given = process.env['MILLRACE_TEST_SEED'] || undefined
const firstSeed = Number(given ?? Date.now() % 1_000_000_000)
/** With those that are killed at each point: 60, or 500. */
const runs = given === undefined ? (process.env['MILLRACE_TEST_SCALE'] === 'soak' ? 500 : 60) - points.length : 1
/** Runs wait most of their time. */
const atOnce = 5
const limit = { timeout: 3_600_000 }

let cloud: Cloud

beforeAll(async () => {
  cloud = await openCloud(speed)
})

afterAll(() => cloud.close())

function tryToMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' })
    execFileSync('umount', ['--lazy', folder])
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const canFillDisk = tryToMount()

/** Runs plans, several at once, until one fails: what failed, with its seed, and which were killed. */
async function runAll(plans: readonly Plan[]): Promise<{ readonly killed: Plan[]; readonly failures: string[] }> {
  const next = plans[Symbol.iterator]()
  const killed: Plan[] = []
  const failures: string[] = []
  const runEach = async (): Promise<void> => {
    for (const plan of next) {
      try {
        if ((await runPlan(plan, cloud)).isKilled) killed.push(plan)
      } catch (error) {
        const why = error instanceof Error ? error.stack : String(error)
        failures.push(`MILLRACE_TEST_SEED=${plan.seed} repeats it: ${why}`)
      }
      if (failures.length > 0) break
    }
  }
  await Promise.all(Array.from({ length: atOnce }, runEach))
  return { killed, failures }
}

test('through faults of any kind, every object is in the lake exactly once', limit, async () => {
  const plans = Array.from({ length: runs }, (_, index) => planOf(firstSeed + index, canFillDisk))

  expect((await runAll(plans)).failures).toEqual([])
})

test('so it is when the process is killed, at any point', limit, async () => {
  const plans = points.map((point, index) => planOf(firstSeed + index, false, { point, time: 1 }))
  const { killed, failures } = await runAll(plans)

  expect(failures).toEqual([])
  expect(new Set(killed.map(({ crash }) => crash?.point))).toEqual(new Set(points))
})
