import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { generate, type GenerateOptions, type GroundTruth } from '../src/generate/generate.ts'
import { apportion, splitSpan } from '../src/generate/plan.ts'

const end = Date.UTC(2026, 4, 18) / 1000
const flow: GenerateOptions = { type: 'vpc-flow-logs', rows: 2000, files: 10, seed: 1, end }
const access: GenerateOptions = { type: 's3-access-logs', rows: 1000, files: 10, seed: 1, end }
const dirs: string[] = []

afterEach(async () => {
  for (const dir of dirs.splice(0)) await rm(dir, { recursive: true, force: true })
})

test.each<[name: string, options: GenerateOptions]>([
  ['flow logs', { ...flow, fields: 'full', shuffleFields: true, badLines: 0.02 }],
  ['flow logs that span several chunks', { ...flow, rows: 12_000, files: 1, gzipLevel: 1 }],
  ['Parquet', { ...flow, format: 'parquet', files: 3 }],
  ['access logs', { ...access, badLines: 0.02 }],
])('the same seed and options give the same bytes: %s', async (_, options) => {
  const one = await write(options)
  const other = await write(options)
  const different = await write({ ...options, seed: 2 })

  expect(await digests(other.dir)).toEqual(await digests(one.dir))
  expect(other.truth).toEqual(one.truth)
  expect(await digests(different.dir)).not.toEqual(await digests(one.dir))
})

test('another end moves the time, and the network stays', async () => {
  const one = await write({ ...flow, files: 1, incidents: false })
  const later = await write({ ...flow, files: 1, incidents: false, end: end + 300 })

  const oneLines = await linesOf(one)
  const laterLines = await linesOf(later)

  const known = interfaces(oneLines)
  const shared = interfaces(laterLines).filter((id) => known.includes(id))
  expect(shared.length).toBeGreaterThan(known.length * 0.8)
  expect(laterLines.slice(1, 20)).not.toEqual(oneLines.slice(1, 20))
})

test.each<[layout: string, options: GenerateOptions, path: RegExp]>([
  [
    'flat',
    { ...flow, layout: 'flat' },
    /^(\d{12})_vpcflowlogs_([a-z0-9-]+)_(fl-[0-9a-f]+)_(\d{8}T\d{4}Z)_([0-9a-f]+)\.log\.gz$/,
  ],
  [
    'aws',
    { ...flow, format: 'plain' },
    /^AWSLogs\/(\d{12})\/vpcflowlogs\/([a-z0-9-]+)\/2026\/05\/\d\d\/\1_vpcflowlogs_\2_fl-[0-9a-f]{17}_\d{8}T\d{4}Z_[0-9a-f]{8}\.log$/,
  ],
  [
    'hive',
    { ...flow, layout: 'hive', format: 'parquet' },
    /^AWSLogs\/aws-account-id=\d{12}\/aws-service=vpcflowlogs\/aws-region=[a-z0-9-]+\/year=2026\/month=05\/day=\d\d\/[^/]+\.log\.parquet$/,
  ],
  [
    'hourly',
    { ...flow, layout: 'hourly' },
    /^AWSLogs\/\d{12}\/vpcflowlogs\/[a-z0-9-]+\/2026\/05\/\d\d\/\d\d\/[^/]+\.log\.gz$/,
  ],
  ['flat access', { ...access, layout: 'flat' }, /^2026-05-\d\d-\d\d-\d\d-\d\d-[0-9A-F]{16}$/],
  [
    'partitioned access',
    access,
    /^\d{12}\/[a-z0-9-]+\/acme-[a-z-]+\/2026\/05\/(\d\d)\/2026-05-\1-\d\d-\d\d-\d\d-[0-9A-F]{16}$/,
  ],
  ['gzip access', { ...access, format: 'gzip', layout: 'flat' }, /^2026-05-[0-9-]+-[0-9A-F]{16}\.gz$/],
])('files have the names that AWS gives them: %s', async (_, options, path) => {
  const { dir, truth } = await write(options)

  const found = await readdir(dir, { recursive: true, withFileTypes: true })
  const paths = found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))

  expect(paths.toSorted()).toEqual(truth.files.map((file) => file.path).toSorted())
  for (const file of truth.files) expect(file.path).toMatch(path)
})

test('a file holds the records of the day and hour in its path, when there are files enough', async () => {
  const { dir, truth } = await write({ ...flow, layout: 'hourly', days: 0.5, files: 48 })

  for (const file of truth.files) {
    const [, year, month, day, hour] = /(\d{4})\/(\d\d)\/(\d\d)\/(\d\d)\/[^/]+$/.exec(file.path) ?? []
    const hourStart = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour)) / 1000
    for (const line of (await linesOf({ dir, truth: { ...truth, files: [file] } })).slice(1)) {
      const ended = Number(line.split(' ')[11])
      expect(ended).toBeGreaterThanOrEqual(hourStart)
      expect(ended).toBeLessThan(hourStart + 3600)
    }
  }
})

test('without an end, records end before now', async () => {
  const now = Date.UTC(2026, 4, 18, 12, 3)
  const dir = await emptyDir()

  const options: GenerateOptions = { type: 'vpc-flow-logs', rows: 2000, files: 4, seed: 1, days: 1 / 24 }
  const truth = await generate(dir, options, { now: () => now })

  const ends = (await linesOf({ dir, truth })).flatMap((line) =>
    line.startsWith('version') ? [] : [Number(line.split(' ')[11])],
  )
  expect(Math.max(...ends)).toBeLessThan(Date.UTC(2026, 4, 18, 12) / 1000)
  expect(Math.min(...ends)).toBeGreaterThanOrEqual(Date.UTC(2026, 4, 18, 11) / 1000)
})

test('progress ends at all rows', async () => {
  const seen: number[] = []
  const dir = await emptyDir()

  await generate(dir, flow, { now: Date.now, progress: (done) => seen.push(done) })

  expect(seen.at(-1)).toBe(flow.rows)
  expect(seen).toEqual(seen.toSorted((one, other) => one - other))
})

test.each<[refused: Partial<GenerateOptions>, sentence: RegExp]>([
  [{ rows: 5 }, /at least as many as files/],
  [{ files: 0 }, /files must be/],
  [{ seed: -1 }, /seed must be/],
  [{ fields: ['srcaddr', 'colour'] }, /no flow log field "colour"/],
  [{ fields: ['srcaddr', 'srcaddr'] }, /named twice/],
  [{ accounts: ['1234'] }, /12 digits/],
  [{ badLines: 1 }, /badLines/],
  [{ format: 'parquet', badLines: 0.1 }, /cannot hold bad lines/],
  [{ type: 's3-access-logs', format: 'parquet' }, /Access logs are text/],
  [{ type: 's3-access-logs', layout: 'hive' }, /flat and aws only/],
])('options that make no sense are refused: %o', async (refused, sentence) => {
  await expect(generate('/nowhere', { ...flow, ...refused })).rejects.toThrow(sentence)
})

test('windows follow one another and cover the span', () => {
  const spans = fc.record({
    from: fc.integer({ min: 0, max: 2e9 }),
    length: fc.integer({ min: 60, max: 9e5 }),
    count: fc.integer({ min: 1, max: 3000 }),
  })
  fc.assert(
    fc.property(spans, ({ from, length, count }) => {
      const windows = splitSpan({ from, to: from + length }, count, 86_400)

      const starts = windows.map((window) => window.from)
      const ends = windows.map((window) => window.to)
      expect(windows).toHaveLength(count)
      expect([...starts, from + length]).toEqual([from, ...ends])
      expect(ends).toEqual(ends.toSorted((one, other) => one - other))
    }),
    { numRuns: 30 },
  )
})

test('every share is a whole number of at least one, and they add up', () => {
  const weights = fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 1, maxLength: 50 })
  fc.assert(
    fc.property(weights, fc.integer({ min: 50, max: 1e6 }), (list, total) => {
      const shares = apportion(total, list)

      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(total)
      expect(Math.min(...shares)).toBeGreaterThanOrEqual(1)
    }),
  )
})

interface Written {
  dir: string
  truth: GroundTruth
}

async function write(options: GenerateOptions): Promise<Written> {
  const dir = await emptyDir()
  return { dir, truth: await generate(dir, options) }
}

async function emptyDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'millrace-generate-'))
  dirs.push(dir)
  return dir
}

async function digests(dir: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    found[path.slice(dir.length)] = createHash('sha256')
      .update(await readFile(path))
      .digest('hex')
  }
  return found
}

async function linesOf({ dir, truth }: Written): Promise<string[]> {
  const texts = await Promise.all(
    truth.files.map(async (file) => gunzipSync(await readFile(join(dir, file.path))).toString('latin1')),
  )
  return texts.flatMap((text) => text.trimEnd().split('\n'))
}

function interfaces(lines: readonly string[]): string[] {
  return [...new Set(lines.map((line) => line.split(' ')[2] ?? ''))]
}
