import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { generate } from '../../src/generate/generate.ts'
import { type OpenLake, openLake } from '../../src/lake.ts'
import { checkAccounts, rowsOf, valuesOf } from '../loading/lakes.ts'
import { flowLine } from '../loading/lines.ts'
import { fastTiming } from '../pipes/fast-timing.ts'
import { until } from '../pipes/world.ts'
import { ran } from '../run/running.ts'
import { region } from './moto.ts'

const sdk = new CloudWatchLogsClient({ region })
afterAll(() => {
  sdk.destroy()
})

const hour = 3_600_000
let root: string
let group: string
let lake: OpenLake
let startMs: number

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'millrace-moto-'))
  group = `/aws/flow-${randomUUID()}`
  await sdk.send(new CreateLogGroupCommand({ logGroupName: group }))
  startMs = Date.now()
  lake = await openLake(join(root, 'lake'), { threads: 1, pipes: { timing: fastTiming(60) } })
})

afterEach(async () => {
  await lake.close()
  await rm(root, { recursive: true, force: true })
})

/** Puts flow logs into a stream of their own, told apart by `bytes`; ages in milliseconds. */
async function put(stream: string, ages: Readonly<Record<number, number>>): Promise<void> {
  await sdk.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: stream }))
  const logEvents = Object.entries(ages)
    .map(([number, age]) => ({ timestamp: startMs - age, message: flowLine(Number(number)) }))
    .toSorted((a, b) => a.timestamp - b.timestamp)
  await sdk.send(new PutLogEventsCommand({ logGroupName: group, logStreamName: stream, logEvents }))
}

const numbers = (): Promise<unknown[]> => valuesOf(lake, 'select bytes::integer from vpc_flow_logs order by all')

test('a log group is read back and followed, as moto has it', async () => {
  await put('eni-0-all', { 1: 100 * hour, 2: 90 * hour, 3: hour })
  await put('eni-1-all', { 4: 2 * hour, 5: 60_000 })
  await ran(
    lake,
    `create stage s url = 'cloudwatch://${region}/${group}';
     create pipe p auto_ingest = true start = 'ALL' as copy into logs.vpc_flow_logs from @s file_format = (type = vpc_flow_logs)`,
  )
  await lake.pipes.start(() => undefined)
  await until(numbers, [1, 2, 3, 4, 5])

  await put('eni-2-all', { 6: 5 * 60_000, 7: 0 })
  await until(numbers, [1, 2, 3, 4, 5, 6, 7])

  expect((await lake.status()).pipes[0]).toMatchObject({ state: 'running', reason: null })
  expect(await lake.doctor()).toContainEqual(
    expect.objectContaining({ level: 'ok', subject: 'stage MILLRACE.PUBLIC.S' }),
  )
  await checkAccounts(lake)
})

test('many pages are read, each event once', async () => {
  for (let stream = 0; stream < 3; stream++) {
    const ages: Record<number, number> = {}
    for (let index = 1; index <= 8000; index++) ages[stream * 8000 + index] = index * 10_000
    await put(`eni-${stream}-all`, ages)
  }
  await ran(
    lake,
    `create stage s url = 'cloudwatch://${region}/${group}';
     create pipe p auto_ingest = true start = 'ALL' as copy into logs.vpc_flow_logs from @s file_format = (type = vpc_flow_logs)`,
  )
  await lake.pipes.start(() => undefined)
  await until(() => valuesOf(lake, 'select count(*) from vpc_flow_logs'), [24_000])

  expect(await valuesOf(lake, 'select count(distinct bytes) from vpc_flow_logs')).toEqual([24_000])
})

test('flow logs come out of the group as they come out of the files that say the same', async () => {
  const folder = join(root, 'logs')
  const truth = await generate(folder, {
    type: 'vpc-flow-logs',
    rows: 1500,
    files: 3,
    seed: 7,
    end: Math.floor(startMs / 1000),
    days: 2,
  })
  const lines = truth.files.flatMap(({ path }) => {
    const bytes = readFileSync(join(folder, path))
    return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').trimEnd().split('\n').slice(1)
  })
  await sdk.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: 'eni-0-all' }))
  const logEvents = lines
    .map((message) => ({ timestamp: Number(message.split(' ')[10]) * 1000, message }))
    .toSorted((a, b) => a.timestamp - b.timestamp)
  await sdk.send(new PutLogEventsCommand({ logGroupName: group, logStreamName: 'eni-0-all', logEvents }))
  await ran(
    lake,
    `create stage s url = 'cloudwatch://${region}/${group}';
     create pipe p auto_ingest = true start = 'ALL' as copy into logs.vpc_flow_logs from @s file_format = (type = vpc_flow_logs)`,
  )
  await lake.pipes.start(() => undefined)
  await until(() => valuesOf(lake, 'select count(*) from vpc_flow_logs'), [truth.rows])
  const fromFiles = await openLake(join(root, 'from-files'), { threads: 1 })
  try {
    await fromFiles.load(folder)
    const sql = "select columns(c -> c not like 'path%') from vpc_flow_logs order by all"

    expect(await rowsOf(lake, sql)).toEqual(await rowsOf(fromFiles, sql))
  } finally {
    await fromFiles.close()
  }
})
