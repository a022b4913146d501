import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { expect } from 'vitest'
import type { Timing } from '../../src/aws/timing.ts'
import type { Lake } from '../../src/index.ts'
import { type OpenLake, openLake } from '../../src/lake.ts'
import type { SeededRandom } from '../arbitraries/seeded-random.ts'
import { checkAccounts, rowsOf } from '../loading/lakes.ts'
import { openTestLake } from '../loading/template.ts'
import type { Cloud } from '../pipes/cloud.ts'
import { fastTiming } from '../pipes/fast-timing.ts'
import { until } from '../pipes/faulty-world.ts'
import { eventOf } from '../pipes/world.ts'
import { accessLine, publishedRow } from '../quickstarts/access-lines.ts'
import { cellOf, ran } from '../run/running.ts'
import type { AccessScript } from './access-script.ts'

/** Where a process is killed: when it comes to that point for the nth time, or a while later. */
export interface Kill {
  readonly point: string
  readonly time: number
  readonly laterMs: number | undefined
}

/** How many times as fast time goes for pipes, as in their cloud, and for tasks: ten minutes take less than a second. */
export const speeds = { pipes: 10, tasks: 1000 } as const

const child = new URL('./run-pipeline-until-killed.mjs', import.meta.url).pathname
/** Generous, since the machine may be busy. What hangs comes to it. */
const limitMs = process.env['MILLRACE_TEST_SCALE'] === 'soak' ? 900_000 : 120_000
/** A run may take an hour, which is 3.6 seconds of these lakes' time: a busy machine takes longer to start Python. */
const longRuns = `alter task s3_access_logs_transformation suspend;
  alter task s3_access_logs_transformation set user_task_timeout_ms = 604800000;
  alter task s3_access_logs_transformation resume`
const staging = 'public.s3_access_logs_staging'

/** A lake with the pipeline of access logs, and the bucket that objects come into. */
export class AccessLake {
  private readonly cloud: Cloud
  private readonly random: SeededRandom
  private readonly bucket: string
  private readonly directory: string
  private readonly startMs = Date.now()
  private readonly lines: string[] = []
  private readonly toldAgain: string[] = []
  private objects = 0

  private constructor(cloud: Cloud, random: SeededRandom, root: string, name: string) {
    this.cloud = cloud
    this.random = random
    this.bucket = `${name}-logs`
    this.directory = join(root, name)
  }

  /** Makes one by a script; the bucket has nothing in it yet. */
  static async make(
    cloud: Cloud,
    random: SeededRandom,
    { root, name, script }: { readonly root: string; readonly name: string; readonly script: AccessScript },
  ): Promise<AccessLake> {
    const made = new AccessLake(cloud, random, root, name)
    cloud.makeBucket(made.bucket)
    const lake = await openTestLake(made.directory, { threads: 1 })
    try {
      const values = {
        AWS_ACCOUNT_NUMBER: '123456789012',
        RoleName: 'reader',
        BUCKET_NAME: made.bucket,
        PREFIX: 'logs',
      }
      await ran(lake, script.text, { dialect: script.dialect, values })
      await ran(lake, longRuns)
    } finally {
      await lake.close()
    }
    return made
  }

  /** Runs pipes and tasks in a process that is killed, while objects keep coming. */
  async runUntilKilled(kill: Kill): Promise<void> {
    const { point, time, laterMs } = kill
    const options = { point, time, isKilledLater: laterMs !== undefined, startMs: this.startMs }
    const given = JSON.stringify({ ...options, pipeSpeed: speeds.pipes, taskSpeed: speeds.tasks })
    const started = spawn(process.execPath, [child, this.directory, given], { stdio: ['ignore', 'pipe', 'pipe'] })
    const complaints = text(started.stderr)
    if (laterMs !== undefined)
      started.stdout.once('data', () => {
        setTimeout(() => started.kill('SIGKILL'), laterMs)
      })
    started.stdout.resume()
    const isInTime = await this.putWhile(started)
    expect({ signal: started.signalCode, isInTime, complaints: await complaints }, JSON.stringify(kill)).toEqual({
      signal: 'SIGKILL',
      isInTime: true,
      complaints: '',
    })
  }

  /** Leaves the pipeline to finish, and checks what it has come to. */
  async finish(): Promise<void> {
    const lake = await openLake(this.directory, {
      threads: 1,
      pipes: {
        timing: fastTiming(speeds.pipes),
        retry: { attempts: 5, restSeconds: () => 1 },
        visibilitySeconds: 20,
      },
      taskTiming: this.taskTiming(),
    })
    try {
      await this.settle(lake)
      await this.check(lake)
    } finally {
      await inTime(lake.close(), 'closing the lake')
    }
  }

  /** Puts objects as long as a process lives; false where it had to be ended. */
  private async putWhile(process_: ChildProcess): Promise<boolean> {
    const ended = once(process_, 'exit')
    const late = setTimeout(() => process_.kill('SIGTERM'), limitMs)
    while (process_.exitCode === null && process_.signalCode === null) {
      await this.put()
      await Promise.race([ended, sleep(20 + this.random.below(200))])
    }
    clearTimeout(late)
    return process_.signalCode !== 'SIGTERM'
  }

  /** Puts an object of some lines, and tells of it once, twice, or never. */
  private async put(): Promise<void> {
    const { random, cloud, bucket } = this
    const own = Array.from({ length: 1 + random.below(8) }, (_, index) => accessLine(this.lines.length + index))
    this.lines.push(...own)
    const content = `${own.join('\n')}\n`
    const [key, body] = random.oneIn(4)
      ? [`logs/packed-${++this.objects}.gz`, gzipSync(content)]
      : [`logs/2026-11-21-00-00-00-${++this.objects}`, content]
    await cloud.put(bucket, key, body)
    for (const event of this.toldAgain.splice(0)) await cloud.send(this.queue, event)
    // The first one is told of, so that a pipe has a message to meet.
    const times = this.objects === 1 ? 1 : random.pick([0, 1, 1, 1, 2])
    const event = eventOf(bucket, key, body)
    if (times > 0) await cloud.send(this.queue, event)
    if (times > 1) this.toldAgain.push(event)
  }

  private get queue(): string {
    return `millrace-${this.bucket}`
  }

  private async settle(lake: OpenLake): Promise<void> {
    const faults: string[] = []
    const failed = (name: string | undefined, error: unknown): void => {
      faults.push(`${name}: ${String(error)}`)
    }
    await lake.pipes.start(failed)
    await lake.tasks.start(failed)
    const state = async (): Promise<object> => {
      const [counts] = await rowsOf(
        lake,
        `select (select count(*) from ${staging}) as staged, (select count(*) from public.s3_access_logs) as parsed,
          (select count(*) from public.s3_access_logs_stream) as told`,
      )
      return { ...counts, messages: this.cloud.messages(this.queue), faults }
    }
    const staged = this.lines.length
    await until(state, { staged, parsed: this.expected().length, told: 0, messages: 0, faults: [] })
    await inTime(Promise.all([lake.tasks.stop(), lake.pipes.stop()]), 'stopping pipes and tasks')
  }

  /** Every line is staged once, and parsed once where the pattern reads it; of runs only those have written that succeeded. */
  private async check(lake: Lake): Promise<void> {
    const staged = await rowsOf(lake, `select raw from ${staging}`)
    expect(staged.map((row) => cellOf(row, 'raw')).toSorted()).toEqual(this.lines.toSorted())
    const parsed = await rowsOf(lake, 'select * from public.s3_access_logs')
    const texts = parsed.map((row) =>
      JSON.stringify(
        Object.values(row).map((value) =>
          value === null || typeof value === 'string' ? value : JSON.stringify(value),
        ),
      ),
    )
    expect(texts.toSorted()).toEqual(this.expected().toSorted())
    const runs = await rowsOf(
      lake,
      'select state, sum(rows_inserted)::integer as n from logs.task_history group by state order by state',
    )
    const allowed = [
      { state: 'CANCELLED', n: 0 },
      { state: 'SKIPPED', n: 0 },
      { state: 'SUCCEEDED', n: parsed.length },
    ]
    expect(runs).toEqual(allowed.filter(({ state }) => runs.some((run) => run['state'] === state)))
    expect(runs).toContainEqual({ state: 'SUCCEEDED', n: parsed.length })
    await checkAccounts(lake, [staging])
  }

  private expected(): string[] {
    return this.lines.flatMap((line) => {
      const row = publishedRow(line)
      return row === undefined ? [] : [JSON.stringify(row)]
    })
  }

  /** As in the processes that were killed: what waits longer than a minute is a limit, and not made shorter. */
  private taskTiming(): Timing {
    const fast = fastTiming(speeds.tasks, this.startMs)
    const limits = fastTiming(1)
    return { ...fast, wait: (ms, signal) => (ms > 60_000 ? limits : fast).wait(ms, signal) }
  }
}

async function inTime(work: Promise<unknown>, what: string): Promise<void> {
  const late = Symbol('late')
  const giveUp = new AbortController()
  const limit = sleep(limitMs, late, { signal: giveUp.signal }).catch(() => undefined)
  const first = await Promise.race([work, limit])
  giveUp.abort()
  expect(first, `${what} takes too long`).not.toBe(late)
}
