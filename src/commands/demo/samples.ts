import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generate, type GenerateOptions, type GroundTruth } from '../../generate/generate.ts'

/** Sample logs of one kind. */
export interface SampleSet {
  readonly type: GenerateOptions['type']
  readonly rows: number
  readonly files: number
}

export const sampleSets: readonly SampleSet[] = [
  { type: 'vpc-flow-logs', rows: 200_000, files: 56 },
  { type: 's3-access-logs', rows: 40_000, files: 28 },
]

/** Where a lake's sample logs lie. */
export function samplesFolder(lakeDirectory: string): string {
  return join(lakeDirectory, 'samples')
}

/**
 * Writes the sample logs of the last seven days, unless a demo has done so before. What is in them goes beside them,
 * when they are whole: it says that they need not be written again.
 */
export async function writeSamples(folder: string, set: SampleSet, now: number): Promise<GroundTruth | undefined> {
  const place = join(folder, set.type)
  const truthFile = `${place}.json`
  if (existsSync(truthFile)) return undefined
  await rm(place, { recursive: true, force: true })
  const seed = Number(new Date(now).toISOString().slice(0, 10).replaceAll('-', ''))
  const truth = await generate(place, { ...set, seed, incidents: true }, { now: () => now })
  await writeFile(truthFile, `${JSON.stringify(truth, null, 2)}\n`)
  return truth
}
