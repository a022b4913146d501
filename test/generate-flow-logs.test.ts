import { DuckDBInstance } from '@duckdb/node-api'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { flowFields } from '../src/generate/flow-fields.ts'
import { generate, type GenerateOptions, type GroundTruth, type Incident } from '../src/generate/generate.ts'
import vpcFlowLogs from '../src/log-types/vpc-flow-logs.ts'
import { readSlowly } from './oracles/oracle.ts'

const end = Date.UTC(2026, 4, 18) / 1000
const options: GenerateOptions = { type: 'vpc-flow-logs', rows: 3000, files: 8, seed: 7, end }
const dirs: string[] = []

afterEach(async () => {
  for (const dir of dirs.splice(0)) await rm(dir, { recursive: true, force: true })
})

describe('the truth is what a slow reader counts', () => {
  test.each<[name: string, more: Partial<GenerateOptions>]>([
    ['default fields', {}],
    ['54 fields in any order', { fields: 'full', shuffleFields: true }],
    ['bad lines', { badLines: 0.05 }],
    ['more bad lines than rows', { badLines: 0.7, fields: 'v5', rows: 1000 }],
    ['bad lines of one field', { badLines: 0.1, fields: ['bytes'], rows: 1000 }],
  ])('%s', async (_, more) => {
    const { dir, truth } = await write({ ...options, ...more })

    for (const file of truth.files) {
      const bytes = await readFile(join(dir, file.path))
      const reading = readSlowly(vpcFlowLogs, gunzipSync(bytes))
      expect(file).toEqual({
        path: file.path,
        lines: reading.lines,
        rows: reading.rows.length,
        rejects: reading.rejects.length,
        skipped: 1,
        bytes: bytes.length,
      })
    }
    const rejects = Math.round(((more.badLines ?? 0) * truth.rows) / (1 - (more.badLines ?? 0)))
    expect(truth).toMatchObject({ rows: more.rows ?? options.rows, rejects, skipped: 8 })
  })
})

test('the totals are the sums over the lines', async () => {
  const written = await write(options)

  const records = await readRecords(written)

  expect(written.truth.totals).toEqual({
    type: 'vpc-flow-logs',
    accept: records.filter((record) => record['action'] === 'ACCEPT').length,
    reject: records.filter((record) => record['action'] === 'REJECT').length,
    nodata: records.filter((record) => record['log-status'] === 'NODATA').length,
    skipdata: records.filter((record) => record['log-status'] === 'SKIPDATA').length,
    packets: sum(records, 'packets'),
    bytes: sum(records, 'bytes'),
  })
})

test.each<[version: string, fields: Required<GenerateOptions>['fields']]>([
  ['2', 'default'],
  ['5', 'v5'],
  ['11', 'full'],
  ['4', ['region', 'version', 'bytes']],
])('the version is the highest among the fields: %s', async (version, fields) => {
  const records = await readRecords(await write({ ...options, rows: 500, fields }))

  expect(new Set(records.map((record) => record['version']))).toEqual(new Set([version]))
})

test('records are as AWS writes them', async () => {
  const records = await readRecords(await write({ ...options, rows: 6000, fields: 'full' }))
  const traffic = records.filter((record) => record['log-status'] === 'OK')
  const share = (count: number) => count / records.length

  expect(Object.keys(records[0] ?? {})).toEqual(flowFields.map((field) => field.name))
  expect(share(records.length - traffic.length)).toBeCloseTo(0.01, 1)
  expect(share(traffic.filter((record) => record['type'] === 'IPv6').length)).toBeGreaterThan(0.02)
  expect(new Set(traffic.map((record) => record['protocol']))).toEqual(new Set(['6', '17', '1', '58']))
  for (const record of traffic) {
    expect(record['traffic-path'] === '-').toBe(record['flow-direction'] === 'ingress')
    expect(Number(record['end'])).toBeGreaterThanOrEqual(Number(record['start']))
    expect(Number(record['end'])).toBeLessThan(end)
    expect(record['srcaddr']?.includes(':')).toBe(record['type'] === 'IPv6')
  }
  const pings = traffic.filter((record) => record['protocol'] === '1')
  expect(new Set(pings.flatMap((record) => [record['srcport'], record['dstport']]))).toEqual(new Set(['0']))
  const hops = traffic.filter((record) => record['pkt-dstaddr'] !== record['dstaddr'])
  expect(hops.some((record) => record['interface-type'] === 'nat_gateway')).toBe(true)
})

test('Parquet files hold the rows of the text files', async () => {
  const text = await write({ ...options, fields: 'full' })
  const parquet = await write({ ...options, fields: 'full', format: 'parquet' })
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()

  const records = await readRecords(text)
  const read = await connection.runAndReadAll(`select * from read_parquet('${parquet.dir}/**/*.parquet')`)
  const schema = await connection.runAndReadAll(
    `select name, converted_type from parquet_schema('${parquet.dir}/${parquet.truth.files[0]?.path}') where type is not null`,
  )
  connection.closeSync()
  instance.closeSync()

  const asText = records.map((record) => Object.values(record).join(' '))
  const asParquet = read.getRows().map((row) => row.map((value) => (value === null ? '-' : String(value))).join(' '))
  expect(asParquet.toSorted()).toEqual(asText.toSorted())
  expect(parquet.truth.files.every(({ lines, rows, skipped }) => lines === rows && skipped === 0)).toBe(true)
  expect(schema.getRows()).toEqual(
    flowFields.map(({ name, type }) => [
      name.replaceAll('-', '_'),
      { INTEGER: 'INT_32', BIGINT: 'INT_64', VARCHAR: 'UTF8' }[type],
    ]),
  )
})

describe('incidents are in the lines', () => {
  test('a port scan', async () => {
    const { incident, records } = await findIncident('port-scan')

    expect(records).toHaveLength(incident.rows)
    expect(new Set(records.map((record) => record['dstport'])).size).toBe(incident.ports)
    expect(incident.ports).toBeGreaterThanOrEqual(100)
    expect(records.every((record) => record['action'] === 'REJECT')).toBe(true)
  })

  test('a brute force', async () => {
    const { incident, records } = await findIncident('ssh-brute-force')
    const requests = records.filter((record) => record['dstport'] === '22')
    const session = records.filter((record) => Number(record['start']) >= Date.parse(incident.sessionFrom) / 1000)

    expect(records).toHaveLength(incident.rows)
    expect(new Set(requests.map((record) => record['srcport'])).size).toBeGreaterThan(incident.attempts * 0.9)
    expect(new Set(session.map((record) => record['action']))).toEqual(new Set(['ACCEPT']))
    expect(sum(session, 'bytes')).toBe(incident.sessionBytes)
  })

  test('an exfiltration', async () => {
    const { incident, records, all } = await findIncident('exfiltration')
    const sent = records.filter((record) => record['srcaddr'] === incident.srcaddr)

    expect(records).toHaveLength(incident.rows)
    expect(sum(sent, 'bytes')).toBe(incident.bytes)
    expect(incident.bytes).toBeGreaterThan(sum(all, 'bytes') / 5)
    expect(new Date(incident.to).getUTCHours()).toBeLessThan(5)
  })
})

test('incidents are left out when they are not wanted, or do not fit', async () => {
  const unwanted = await write({ ...options, incidents: false })
  const small = await write({ ...options, rows: 60 })

  expect(unwanted.truth.incidents).toEqual([])
  expect(small.truth.incidents).toEqual([])
  expect(small.truth.rows).toBe(60)
})

async function findIncident<Kind extends Incident['kind']>(kind: Kind) {
  const { truth, dir } = await write(options)
  const incident = truth.incidents.find((found): found is Extract<Incident, { kind: Kind }> => found.kind === kind)
  if (incident === undefined || !('srcaddr' in incident)) throw new Error(`There is no ${kind}.`)
  const all = await readRecords({ truth, dir })
  const ends = new Set([incident.srcaddr, incident.dstaddr])
  const records = all.filter((record) => ends.has(record['srcaddr'] ?? '') && ends.has(record['dstaddr'] ?? ''))
  const starts = records.map((record) => Number(record['start']) * 1000)
  expect(new Date(Math.min(...starts)).toISOString()).toBe(incident.from)
  return { incident, records, all }
}

interface Written {
  dir: string
  truth: GroundTruth
}

async function write(chosen: GenerateOptions): Promise<Written> {
  const dir = await mkdtemp(join(tmpdir(), 'millrace-generate-'))
  dirs.push(dir)
  return { dir, truth: await generate(dir, chosen) }
}

async function readRecords({ dir, truth }: Written): Promise<Record<string, string>[]> {
  const records: Record<string, string>[] = []
  for (const file of truth.files) {
    const [header = '', ...lines] = gunzipSync(await readFile(join(dir, file.path)))
      .toString()
      .trimEnd()
      .split('\n')
    const names = header.split(' ')
    for (const line of lines) {
      const values = line.split(' ')
      records.push(Object.fromEntries(names.map((name, index) => [name, values[index] ?? ''])))
    }
  }
  return records
}

function sum(records: readonly Record<string, string>[], field: string): number {
  return records.reduce((total, record) => total + (record[field] === '-' ? 0 : Number(record[field])), 0)
}
