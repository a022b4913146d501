import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Lake } from '../../api.ts'
import { generate } from '../../generate/generate.ts'
import { type SampleSet, sampleSets } from './samples.ts'

const intervalMs = 5000

/** About as many as the samples have at this time of day, so that the last hour is no peak of its own. */
const rowsAtOnce = { 'vpc-flow-logs': 3, 's3-access-logs': 1 } as const

const spanDays = 60 / 86_400

async function loadNext(lake: Lake, folder: string, { type }: SampleSet, now: number): Promise<void> {
  const directory = join(folder, 'live', type)
  const end = Math.floor(now / 1000)
  const truth = await generate(
    directory,
    { type, rows: rowsAtOnce[type], files: 1, seed: end, end, days: spanDays, incidents: false },
    { now: () => now },
  )
  for (const { path } of truth.files) await lake.load(join(directory, path), { type })
}

/** Writes and loads a small file of each kind every few seconds, of the minute that has just passed, until the signal aborts. */
export async function runLiveLogs(lake: Lake, folder: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(intervalMs, undefined, { signal }).catch(() => undefined)
    for (const set of sampleSets) if (!signal.aborted) await loadNext(lake, folder, set, Date.now())
  }
}
