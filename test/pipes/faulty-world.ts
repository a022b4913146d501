import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OpenOptions } from '../../src/lake/parts.ts'
import type { OpenLake } from '../../src/lake.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { type TestContext, expect } from 'vitest'
import { ran } from '../run/running.ts'
import type { Cloud, Meddle } from './cloud.ts'
import { fastTiming } from './fast-timing.ts'
import { eventOf } from './world.ts'
import { openTestLake } from '../loading/template.ts'

/** How many times as fast time goes for these pipes, and in their cloud. */
export const speed = 10

/** A lake whose pipes read one queue of a cloud, where requests fail as a test says. Closed after the test. Buckets have names of their own in each. */
export interface FaultyWorld {
  readonly lake: OpenLake
  /** What was told while pipes went on. */
  readonly faults: unknown[]
  /** Makes a bucket, and a pipe of that name from it into logs.vpc_flow_logs. */
  pipe(name: string, more?: string): Promise<void>
  start(): Promise<void>
  meddle(bucket: string, meddle: Meddle): void
  meddleInQueue(meddle: Meddle): void
  uri(bucket: string, key: string): string
  /** Puts an object and tells of it; returns what tells of it once more. */
  put(bucket: string, key: string, body: Uint8Array | string): Promise<() => Promise<void>>
  /** Puts an object that no message tells of. */
  putSilently(bucket: string, key: string, body: Uint8Array | string): Promise<void>
  remove(bucket: string, key: string): Promise<void>
  send(message: string): Promise<void>
  count(sql: string): Promise<number>
  parked(): Promise<string[]>
  /** Messages of the queue, those in hand included. */
  readonly messages: () => number
  /** Those that can be received now. */
  readonly visible: () => number
  /** How many were given out, each time counted. */
  readonly given: () => number
}

export const rows = 'select count(*) as n from vpc_flow_logs'

let worlds = 0

/** Opens one on a cloud of that speed. */
export async function openFaultyWorld(
  cloud: Cloud,
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
  pipes: OpenOptions['pipes'] = {},
): Promise<FaultyWorld> {
  const name = `w${++worlds}`
  const root = await mkdtemp(join(tmpdir(), 'millrace-pipes-'))
  const usual = { timing: fastTiming(speed), retry: { attempts: 3, restSeconds: () => 1 }, visibilitySeconds: 20 }
  const lake = await openTestLake(join(root, 'lake'), { threads: 1, pipes: { ...usual, ...pipes } })
  const faults: unknown[] = []
  const queue = `${name}-events`
  const queueUrl = cloud.makeQueue(queue)
  onTestFinished(async () => {
    await lake.close()
    await rm(root, { recursive: true, force: true })
  })
  const bucketOf = (bucket: string): string => `${name}-${bucket}`
  return {
    lake,
    faults,
    pipe: async (bucket, more = "reconcile = '1 hour'") => {
      cloud.makeBucket(bucketOf(bucket))
      await ran(
        lake,
        `create or replace stage ${bucket}_stage url = 's3://${bucketOf(bucket)}/';
         create pipe ${bucket} auto_ingest = true queue = '${queueUrl}' ${more}
         as copy into logs.vpc_flow_logs from @${bucket}_stage file_format = (type = vpc_flow_logs)`,
      )
    },
    start: () => lake.pipes.start((_pipe, error) => faults.push(error)),
    meddle: (bucket, meddle) => {
      cloud.meddle(bucketOf(bucket), meddle)
    },
    meddleInQueue: (meddle) => {
      cloud.meddle(queue, meddle)
    },
    uri: (bucket, key) => `s3://${bucketOf(bucket)}/${key}`,
    put: async (bucket, key, body) => {
      await cloud.put(bucketOf(bucket), key, body)
      const tell = (): Promise<void> => cloud.send(queue, eventOf(bucketOf(bucket), key, Buffer.from(body)))
      await tell()
      return tell
    },
    putSilently: (bucket, key, body) => cloud.put(bucketOf(bucket), key, body),
    remove: (bucket, key) => cloud.remove(bucketOf(bucket), key),
    send: (message) => cloud.send(queue, message),
    count: async (sql) => {
      const [row] = await (await lake.query<{ n: number }>(sql)).all()
      return Number(row?.n)
    },
    parked: async () => {
      const found = await lake.query<{ uri: string }>('select uri from lake.parked_objects order by all')
      return (await found.all()).map(({ uri }) => uri)
    },
    messages: () => cloud.messages(queue),
    visible: () => cloud.visible(queue),
    given: () => cloud.given(queue),
  }
}

/** Waits until something holds; a minute, since the machine may be busy. Also where tests run at once. */
export async function until(what: () => unknown, wanted: unknown): Promise<void> {
  const limit = Date.now() + 60_000
  let found = await what()
  while (!isDeepStrictEqual(found, wanted) && Date.now() < limit) {
    await sleep(50)
    found = await what()
  }
  expect(found).toEqual(wanted)
}
