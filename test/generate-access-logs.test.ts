import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { generate, type GenerateOptions, type GroundTruth, type Incident } from '../src/generate/generate.ts'
import s3AccessLogs from '../src/log-types/s3-access-logs.ts'
import { readSlowly, type SlowRow } from './oracles/oracle.ts'

const end = Date.UTC(2026, 4, 18) / 1000
const options: GenerateOptions = { type: 's3-access-logs', rows: 3000, files: 14, seed: 7, end }
const dirs: string[] = []

afterEach(async () => {
  for (const dir of dirs.splice(0)) await rm(dir, { recursive: true, force: true })
})

test.each<[name: string, more: Partial<GenerateOptions>]>([
  ['easy lines', { hardLines: 0 }],
  ['hard lines only', { hardLines: 1 }],
  ['bad lines', { badLines: 0.05 }],
  ['more bad lines than rows', { badLines: 0.7, hardLines: 0.5, rows: 1000 }],
])('the truth is what a slow reader counts: %s', async (_, more) => {
  const { dir, truth } = await write({ ...options, ...more })

  for (const file of truth.files) {
    const bytes = await readFile(join(dir, file.path))
    const reading = readSlowly(s3AccessLogs, bytes)
    expect(file).toEqual({
      path: file.path,
      lines: reading.lines,
      rows: reading.rows.length,
      rejects: reading.rejects.length,
      skipped: 0,
      bytes: bytes.length,
    })
  }
  const share = more.badLines ?? 0
  expect(truth).toMatchObject({
    rows: more.rows ?? 3000,
    rejects: Math.round(((more.rows ?? 3000) * share) / (1 - share)),
  })
})

test('the totals are the sums over the rows', async () => {
  const written = await write({ ...options, hardLines: 0.2 })

  const rows = await readRows(written)

  const operations: Record<string, number> = {}
  for (const row of rows) operations[text(row, 'operation')] = (operations[text(row, 'operation')] ?? 0) + 1
  expect(written.truth.totals).toMatchObject({
    type: 's3-access-logs',
    operations,
    bytesSent: rows.reduce((total, row) => total + Number(row.values['bytessent'] ?? 0), 0),
    anonymous: rows.filter((row) => text(row, 'requester') === '').length,
    errors: rows.filter((row) => Number(row.values['httpstatus'] ?? 0) >= 400).length,
  })
})

test('hard lines hold what real ones do', async () => {
  const rows = await readRows(await write({ ...options, hardLines: 1, incidents: false }))
  const some = (column: string, pattern: RegExp) => rows.some((row) => pattern.test(text(row, column)))

  expect(some('request_uri', /"/)).toBe(true)
  expect(some('referrer', /"/)).toBe(true)
  expect(some('useragent', /"/)).toBe(true)
  expect(some('requester', / /)).toBe(true)
  expect(some('key', /\*/)).toBe(true)
  expect(some('requestid', /^[0-9a-f]{8}-[0-9a-f]{4}-4/)).toBe(true)
  expect(rows.some((row) => text(row, 'hostid') === '')).toBe(true)
  expect(rows.some((row) => row.extra !== null)).toBe(true)
})

test('records are as AWS writes them', async () => {
  const rows = await readRows(await write({ ...options, hardLines: 0, incidents: false }))
  const some = (column: string, pattern: RegExp) => rows.some((row) => pattern.test(text(row, column)))

  expect(new Set(rows.map((row) => row.values['hostid'])).size).toBe(rows.length)
  expect(rows.every((row) => /^[A-Za-z0-9+/]{75}=$/.test(text(row, 'hostid')))).toBe(true)
  expect(some('key', /%2520/)).toBe(true)
  expect(some('object_key', / /)).toBe(true)
  expect(some('remoteip', /:/)).toBe(true)
  expect(some('request_uri', /X-Amz-Signature=/)).toBe(true)
  expect(rows.some((row) => text(row, 'remoteip') === '' && text(row, 'request_uri') !== '')).toBe(true)
  for (const operation of [
    'REST.GET.OBJECT',
    'BATCH.DELETE.OBJECT',
    'REST.COPY.OBJECT_GET',
    'S3.EXPIRE.OBJECT',
    'S3.COMPUTE.OBJECT.CHECKSUM',
  ]) {
    expect(rows.some((row) => row.values['operation'] === operation)).toBe(true)
  }
})

test('a mass deletion is in the lines', async () => {
  const { incident, rows } = await findIncident('mass-deletion')
  const found = rows.filter((row) => row.values['requester'] === incident.requester)
  const deleted = found.filter((row) => /^(REST|BATCH)\.DELETE\.OBJECT$/.test(text(row, 'operation')))

  expect(found).toHaveLength(incident.rows)
  expect(new Set(deleted.map((row) => row.values['key'])).size).toBe(incident.keys)
  expect(new Set(deleted.map((row) => row.values['operation'])).size).toBe(2)
  expect(incident.keys).toBeGreaterThanOrEqual(200)
  expect(Date.parse(incident.to) - Date.parse(incident.from)).toBeLessThan(10 * 60_000)
})

test('anonymous reads are in the lines', async () => {
  const { incident, rows } = await findIncident('anonymous-reads')
  const found = rows.filter((row) => row.values['remoteip'] === incident.remoteip)

  expect(found).toHaveLength(incident.rows)
  expect(found.every((row) => text(row, 'requester') === '' && text(row, 'httpstatus') === '200')).toBe(true)
  expect(new Set(found.map((row) => row.values['key'])).size).toBe(incident.keys)
  expect(found.reduce((total, row) => total + Number(row.values['bytessent']), 0)).toBe(incident.bytes)
})

interface Written {
  dir: string
  truth: GroundTruth
}

async function write(chosen: GenerateOptions): Promise<Written> {
  const dir = await mkdtemp(join(tmpdir(), 'millrace-generate-'))
  dirs.push(dir)
  return { dir, truth: await generate(dir, chosen) }
}

async function readRows({ dir, truth }: Written): Promise<SlowRow[]> {
  const readings = await Promise.all(
    truth.files.map(async (file) => readSlowly(s3AccessLogs, await readFile(join(dir, file.path)))),
  )
  return readings.flatMap((reading) => reading.rows)
}

async function findIncident<Kind extends Incident['kind']>(kind: Kind) {
  const written = await write(options)
  const incident = written.truth.incidents.find(
    (found): found is Extract<Incident, { kind: Kind }> => found.kind === kind,
  )
  if (incident === undefined) throw new Error(`There is no ${kind}.`)
  return { incident, rows: await readRows(written) }
}

function text(row: SlowRow, column: string): string {
  return String(row.values[column] ?? '')
}
