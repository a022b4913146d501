import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { MillraceError } from '../../src/index.ts'
import type { OpenLake } from '../../src/lake.ts'
import { checkAccounts } from '../loading/lakes.ts'
import { ran } from '../run/running.ts'
import type { Cloud, Meddle, Met, Mishap } from './cloud.ts'
import { fastTiming } from './fast-timing.ts'
import { type Deed, type Plan, stormMs } from './fault-plan.ts'
import { PutObjects } from './fault-objects.ts'
import { openTestLake } from '../loading/template.ts'

/** How many times as fast time goes for pipes and in the cloud. */
export const speed = 10

const child = new URL('./run-pipes-until-killed.mjs', import.meta.url).pathname
const variantTable = 'public.v'
let runs = 0

/** What a statement may end with while things fail. */
const expectedFaults =
  /^(SOURCE_UNAVAILABLE|SOURCE_REFUSED|CREDENTIALS_INVALID|FILE_|DISK_FULL|QUERY_CANCELLED|LAKE_CLOSED|STATEMENT_FAILED|INTERNAL)/

/** One run of a plan. Throws where an object is not in the lake exactly once. */
export async function runPlan(plan: Plan, cloud: Cloud): Promise<{ readonly isKilled: boolean }> {
  const root = await mkdtemp(join(tmpdir(), 'millrace-faults-'))
  const run = new FaultRun(plan, cloud, root)
  try {
    return await run.run()
  } finally {
    await run.end()
    await rm(root, { recursive: true, force: true })
  }
}

class FaultRun {
  private readonly plan: Plan
  private readonly cloud: Cloud
  private readonly directory: string
  private readonly bucket: string
  private readonly queues: { readonly flow: string; readonly parquet: string }
  private readonly objects: PutObjects
  private readonly statements = new Set<Promise<unknown>>()
  private readonly faults: unknown[] = []
  private lake: OpenLake | undefined
  private giveUp = new AbortController()
  private isStorm = false
  private startedMs = 0
  private isDisk = false

  constructor(plan: Plan, cloud: Cloud, root: string) {
    const name = `r${++runs}`
    this.plan = plan
    this.cloud = cloud
    this.directory = join(root, 'lake')
    this.bucket = `${name}-logs`
    this.queues = { flow: `${name}-flow`, parquet: plan.isQueueShared ? `${name}-flow` : `${name}-parquet` }
    this.objects = new PutObjects(plan, cloud, this.bucket, this.queues, root)
  }

  async run(): Promise<{ isKilled: boolean }> {
    await this.prepare()
    const { crash } = this.plan
    const process_ = crash === undefined ? undefined : await this.startChild(crash.point, crash.time)
    if (process_ === undefined) await this.opened().pipes.start(this.note)
    this.startedMs = Date.now()
    this.isStorm = true
    await Promise.all([this.objects.putAll(), this.doDeeds(), sleep(stormMs)])
    this.isStorm = false
    const isKilled = process_ !== undefined && (await this.killed(process_))
    if (process_ !== undefined) await this.reopen()
    await this.settle()
    await this.mend()
    await this.stop()
    return { isKilled }
  }

  async end(): Promise<void> {
    this.isStorm = false
    try {
      await this.lake?.close()
    } finally {
      if (this.isDisk) execFileSync('umount', ['--lazy', join(this.directory, 'spool')])
    }
  }

  private opened(): OpenLake {
    if (this.lake === undefined) throw new Error('The lake is not open.')
    return this.lake
  }

  private readonly note = (_pipe: string | undefined, error: unknown): void => {
    if (!(error instanceof MillraceError && expectedFaults.test(error.code)) && !isDiskFault(error))
      this.faults.push(error)
  }

  private async prepare(): Promise<void> {
    const { plan, cloud, bucket, queues } = this
    cloud.makeBucket(bucket)
    const urls = { flow: cloud.makeQueue(queues.flow), parquet: '' }
    urls.parquet = plan.isQueueShared ? urls.flow : cloud.makeQueue(queues.parquet)
    cloud.meddle(bucket, this.befallStorage)
    for (const queue of new Set([queues.flow, queues.parquet])) cloud.meddle(queue, this.befallQueue)
    if (plan.deeds.some(({ deed }) => deed === 'fill-disk')) this.makeDisk()
    await this.open()
    const reconcile = plan.isListing ? '10 seconds' : '1 hour'
    const pipe = (name: string, table: string, queue: string, format: string): string =>
      `create pipe ${name}_pipe auto_ingest = true queue = '${queue}' reconcile = '${reconcile}' start = 'all' as copy into ${table} from @s/${name}/ file_format = (type = ${format});`
    await ran(
      this.opened(),
      `create stage s url = 's3://${bucket}/'; create table v (record variant);
       ${pipe('flow', 'logs.vpc_flow_logs', urls.flow, 'vpc_flow_logs')}
       ${plan.hasParquet ? pipe('parquet', 'v', urls.parquet, 'parquet') : ''}`,
    )
  }

  private async open(): Promise<void> {
    this.lake = await openTestLake(this.directory, {
      threads: 1,
      pipes: {
        timing: fastTiming(speed),
        retry: { attempts: 5, restSeconds: () => 1 },
        visibilitySeconds: 20,
      },
    })
  }

  private async reopen(): Promise<void> {
    this.giveUp.abort()
    await Promise.all(this.statements)
    this.giveUp = new AbortController()
    await this.lake?.close()
    await this.open()
    await this.opened().pipes.start(this.note)
  }

  private readonly befallStorage: Meddle = async (met) => {
    if (met.action === 'get') await this.objects.beforeGet(met.key)
    return this.isStorm ? this.pick(this.plan.storage) : undefined
  }

  private readonly befallQueue: Meddle = async (met) => {
    if (met.action === 'DeleteMessageBatch') await this.checkDeleted(met)
    if (!this.isStorm) return undefined
    const at = Date.now() - this.startedMs
    const [from, to] = this.plan.awayMs
    return at >= from && at < to ? { kind: 'reset' } : this.pick(this.plan.queue)
  }

  private pick(mishaps: Plan['storage']): Mishap | undefined {
    const { random } = this.plan
    return mishaps.find(({ onceIn }) => random.oneIn(onceIn))?.mishap
  }

  /** A message may only go once its object is in the lake, given up, or gone. */
  private async checkDeleted({ bodies }: Met): Promise<void> {
    // A pipe that is paused leaves its messages in a shared queue to nobody, and lists when it goes on. Of a process of its own the lake cannot be asked.
    if (this.plan.crash !== undefined || this.plan.deeds.some(({ deed }) => deed === 'pause')) return
    for (const uri of bodies.flatMap((body) => this.objects.told(body))) {
      const rows = await (
        await this.opened().query(
          `select uri from lake.objects where uri = '${uri}' and status <> 'failed' union all select uri from lake.parked_objects where uri = '${uri}'`,
        )
      ).all()
      if (rows.length === 0 && (await this.objects.isThere(uri)))
        this.faults.push(new Error(`The message of ${uri} is deleted before it is loaded.`))
    }
  }

  private async doDeeds(): Promise<void> {
    for (const { atMs, deed } of this.plan.deeds) {
      await sleep(Math.max(0, this.startedMs + atMs - Date.now()))
      await this.do(deed)
    }
  }

  private async do(deed: Deed): Promise<void> {
    switch (deed) {
      case 'pause':
      case 'resume':
        await this.state(`alter pipe flow_pipe set pipe_execution_paused = ${deed === 'pause'}`)
        break
      case 'refresh':
        void this.state(this.refreshes())
        break
      case 'copy':
        void this.state(
          `copy into logs.vpc_flow_logs from @s/flow/ file_format = (type = vpc_flow_logs) on_error = continue;
           copy into v from @s/parquet/ file_format = (type = parquet) on_error = continue`,
        )
        break
      case 'reopen':
        await this.reopen()
        break
      case 'fill-disk':
        this.resizeDisk('8k')
        break
      case 'free-disk':
        this.resizeDisk('200m')
        break
    }
  }

  private refreshes(): string {
    return `alter pipe flow_pipe refresh${this.plan.hasParquet ? '; alter pipe parquet_pipe refresh' : ''}`
  }

  /** Runs statements; those that fail may, as things are. */
  private state(script: string): Promise<void> {
    const done = ran(this.opened(), script, { signal: this.giveUp.signal })
      .then(() => undefined)
      .catch((error: unknown) => {
        this.note(undefined, error)
      })
      .finally(() => this.statements.delete(done))
    this.statements.add(done)
    return done
  }

  private async startChild(point: string, time: number): Promise<ChildProcess> {
    await this.lake?.close()
    this.lake = undefined
    const args = [child, this.directory, point, String(time), String(speed)]
    const started = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    await Promise.race([once(started.stdout, 'data'), once(started, 'exit')])
    return started
  }

  /** Whether it was killed by itself; otherwise it is now. */
  private async killed(started: ChildProcess): Promise<boolean> {
    const exit = once(started, 'exit')
    if (started.exitCode === null && started.signalCode === null)
      await Promise.race([exit, sleep(this.plan.isPointSure ? 60_000 : 300)])
    const isKilled = started.signalCode === 'SIGKILL'
    if (!isKilled) started.kill('SIGKILL')
    if (started.exitCode === null && started.signalCode === null) await exit
    expect(started.exitCode).toBeNull()
    return isKilled
  }

  /** Waits until everything is as it must be. */
  private async settle(): Promise<void> {
    await Promise.all(this.statements)
    if (this.plan.deeds.some(({ deed }) => deed === 'pause')) await this.do('resume')
    await this.poll(() => this.waiting())
    // Some are replaced while the first one reads them.
    if (!this.plan.isListing) await ran(this.opened(), `${this.refreshes()}; ${this.refreshes()}`)
    await this.poll(() => this.objects.differences(this.opened(), variantTable))
    await this.poll(async () => {
      const parked = await (
        await this.opened().query<{ uri: string }>('select uri from lake.parked_objects order by all')
      ).all()
      const [is, must] = [parked.map(({ uri }) => uri).join(', '), this.objects.bad().join(', ')]
      return is === must ? [] : [`given up: ${is}, and not ${must}`]
    })
  }

  /** What could not be read is put anew, and loaded by REFRESH. */
  private async mend(): Promise<void> {
    await this.objects.mendAll()
    await ran(this.opened(), this.refreshes())
    expect(await this.objects.differences(this.opened(), variantTable)).toEqual([])
    const { pipes } = await this.opened().status()
    expect(pipes.map(({ parked_files: parked }) => parked)).toEqual(pipes.map(() => 0))
  }

  private async stop(): Promise<void> {
    const lake = this.opened()
    const late = Symbol('late')
    expect(await Promise.race([lake.pipes.stop(), sleep(10_000, late, { ref: false })])).not.toBe(late)
    await checkAccounts(lake, [variantTable])
    expect(readdirSync(join(this.directory, 'spool'))).toEqual([])
    expect(this.waiting()).toEqual([])
    expect(this.faults).toEqual([])
  }

  /** What queues still have. */
  private waiting(): string[] {
    const { flow, parquet } = this.queues
    return [...new Set([flow, parquet])].flatMap((queue) => {
      const messages = this.cloud.messages(queue)
      return messages === 0 ? [] : [`${messages} messages in ${queue}`]
    })
  }

  private async poll(differences: () => readonly string[] | Promise<readonly string[]>): Promise<void> {
    const until = Date.now() + 120_000
    let found = await differences()
    while (found.length > 0 && Date.now() < until) {
      await sleep(100)
      found = await differences()
    }
    if (found.length === 0) return
    const { pipes } = await this.opened().status()
    expect.fail(JSON.stringify({ found, faults: this.faults.map(String), pipes }, undefined, 1))
  }

  private makeDisk(): void {
    const spool = join(this.directory, 'spool')
    mkdirSync(spool, { recursive: true })
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=200m', 'tmpfs', spool], { stdio: 'ignore' })
    this.isDisk = true
  }

  private resizeDisk(size: string): void {
    const spool = join(this.directory, 'spool')
    try {
      execFileSync('mount', ['-o', `remount,size=${size}`, spool], { stdio: 'ignore' })
    } catch {
      // More is on it now.
    }
  }
}

function isDiskFault(error: unknown): boolean {
  return error instanceof Error && /ENOSPC|no space left/i.test(error.message)
}
