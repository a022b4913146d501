import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs'
import { EC2 } from '@aws-sdk/client-ec2'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { randomInt, randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { flowLog } from '../pipes/world.ts'
import { put } from './moto.ts'

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

/** Each run of the command starts a process. */
const limit = { timeout: 240_000 }

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-aws-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

interface Run {
  readonly child: ChildProcess
  readonly out: () => string
  readonly err: () => string
  /** Resolves with the exit code. */
  readonly ended: Promise<unknown>
}

function start(...args: string[]): Run {
  const env = { ...process.env, MILLRACE_LAKE: join(directory, 'lake'), NO_COLOR: '1' }
  const child = spawn(process.execPath, [cli, 'aws', ...args], {
    cwd: directory,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (part: Buffer) => (out += part.toString()))
  child.stderr.on('data', (part: Buffer) => (err += part.toString()))
  const ended = once(child, 'close').then(([code]: unknown[]) => code)
  return { child, out: () => out, err: () => err, ended }
}

async function run(...args: string[]): Promise<{ code: unknown; out: string; err: string }> {
  const { ended, out, err } = start(...args)
  return { code: await ended, out: out(), err: err() }
}

/** A name that no other test has. */
const fresh = (): string => `t${randomUUID().replaceAll(/\W|\d/g, '')}`
const admin = (): string => `arn:aws:iam::${randomInt(1e11, 1e12 - 1)}:role/admin`

const planned = z.object({
  accounts: z.array(
    z.object({
      account: z.string(),
      counts: z.object({ create: z.number(), change: z.number(), same: z.number() }),
      resources: z.array(
        z.object({
          kind: z.string(),
          state: z.string(),
          steps: z.array(z.object({ operation: z.string(), command: z.string() })),
        }),
      ),
    }),
  ),
})

test('a plan is told, applied when it was agreed to, described and taken away', limit, async () => {
  const where = ['--role-arn', admin()]
  const plan = await run('plan', ...where)
  expect(plan).toMatchObject({ code: 0, err: '' })
  expect(plan.out).toMatch(
    /^Setup millrace in account \d{12}, eu-west-1, as arn:aws:sts::\d{12}:assumed-role\/admin\/millrace-setup\n/,
  )
  expect(plan.out).toContain("aws sqs create-queue --queue-name millrace-dead --attributes '{")
  expect(plan.out).toMatch(/\n8 to create, 0 to change, 0 as wanted\.\n$/)

  const unasked = await run('apply', ...where)
  expect(unasked.code).toBe(2)
  expect(unasked.err).toContain('add --yes')
  expect((await run('plan', ...where)).out).toBe(plan.out)

  const applied = await run('apply', '--yes', ...where)
  expect(applied.code).toBe(0)
  expect(applied.out).toMatch(/\n9 steps done, and read back\.\n$/)
  expect(applied.err).toContain('To read it: millrace add vpc-flow-logs s3://millrace-logs-')
  const again = await run('apply', '--yes', ...where)
  expect(again).toMatchObject({ code: 0, out: expect.stringMatching(/8 as wanted\.\nNothing to do\.\n$/) })

  const described = await run('describe', ...where)
  expect(described.out).toMatch(/as wanted {2}queue +millrace\n +About \d messages wait/)
  const destroyed = await run('destroy', '--yes', ...where)
  expect(destroyed).toMatchObject({ code: 0, out: expect.stringContaining('6 steps done.') })
  expect((await run('plan', ...where)).out).toBe(plan.out)
})

test('several accounts are set up in one go, and told as data', limit, async () => {
  const roles = `${admin()},${admin()}`
  const applied = await run('apply', '--yes', '--output', 'json', '--role-arn', roles)
  expect(applied.code).toBe(0)
  expect(planned.parse(JSON.parse(applied.out)).accounts).toHaveLength(2)
  const { accounts } = planned.parse(JSON.parse((await run('plan', '--output', 'json', '--role-arn', roles)).out))
  expect(accounts.map(({ counts }) => counts)).toEqual([
    { create: 0, change: 0, same: 8 },
    { create: 0, change: 0, same: 8 },
  ])
  const same = await run('plan', '--bucket', 'logs', '--role-arn', roles)
  expect(same).toMatchObject({ code: 2, err: expect.stringContaining('Several accounts would make the same bucket') })
})

test('a file says what is wanted, and its faults are told by key', limit, async () => {
  await writeFile(join(directory, 'aws.yaml'), 'name: flow\nevents: {by: eventbridge}\n')
  const where = ['--role-arn', admin(), '--file', 'aws.yaml']
  expect((await run('plan', ...where)).out).toContain('event rule')
  expect((await run('plan', '--events', 'none', ...where)).out).not.toContain('queue')
  await writeFile(join(directory, 'aws.yaml'), 'events: {by: pigeon}\n')
  expect(await run('plan', ...where)).toMatchObject({ code: 2, err: expect.stringContaining('events.by in aws.yaml') })
  const reader = await run('plan', '--reader-trusts', 'arn:aws:iam::123456789012:role/x')
  expect(reader).toMatchObject({ code: 2, err: expect.stringContaining('Add --external-id, such as millrace-') })
})

test('the lake reads what was set up, and the first object is waited for', limit, async () => {
  const name = fresh()
  const where = ['--name', name, '--bucket', `logs-${name}`]
  const waiting = start('apply', '--yes', '--add', 'vpc-flow-logs', '--wait', ...where)
  await expect.poll(waiting.err, { timeout: 50_000 }).toContain('Ten minutes are normal')
  await put(`logs-${name}`, 'AWSLogs/1/vpcflowlogs/eu-west-1/2026/11/20/a.log', flowLog(3))
  expect(await waiting.ended).toBe(0)
  expect(waiting.out()).toMatch(/CREATE STAGE [\s\S]*CREATE PIPE [\s\S]*QUEUE = 'arn:aws:sqs:eu-west-1:\d+:millrace-/)
  expect(waiting.err()).toContain('has loaded its first object, of 3 rows in logs.vpc_flow_logs.')
  // What it has done itself is not asked for.
  expect(waiting.err()).not.toContain('s3:ObjectCreated')
})

test('the lake reads a log group, and its first events are waited for', limit, async () => {
  const name = fresh()
  const ec2 = new EC2({})
  const { Vpc } = await ec2.createVpc({ CidrBlock: '10.0.0.0/16' })
  const where = ['--name', name, '--bucket', `logs-${name}`, '--flow-log', Vpc?.VpcId ?? '']
  const to = ['--flow-log-to', 'cloud-watch-logs', '--flow-log-format', '${srcaddr} ${dstaddr} ${bytes}']
  const waiting = start('apply', '--yes', '--add', 'vpc-flow-logs', '--wait', ...where, ...to)
  await expect.poll(waiting.err, { timeout: 50_000 }).toContain('until CloudWatch Logs has its events')
  const logs = new CloudWatchLogs({})
  const stream = { logGroupName: `millrace-${name}/flow-logs`, logStreamName: 'eni-1-all' }
  await logs.createLogStream(stream)
  const logEvents = [{ timestamp: Date.now() - 60_000, message: '10.0.0.1 10.0.0.2 40' }]
  await logs.putLogEvents({ ...stream, logEvents })
  expect(await waiting.ended).toBe(0)
  expect(waiting.out()).toContain(`URL = 'cloudwatch://eu-west-1/millrace-${name}/flow-logs'`)
  expect(waiting.out()).not.toContain('CREATE STAGE vpc_flow_logs_logs_')
  expect(waiting.err()).toContain('has loaded its first object, of 1 rows in logs.vpc_flow_logs.')
  for (const client of [ec2, logs]) client.destroy()
})

test('Ctrl-C ends the wait, and what was set up stays', limit, async () => {
  const name = fresh()
  const where = ['--name', name, '--bucket', `logs-${name}`]
  const waiting = start('apply', '--yes', '--add', 'vpc-flow-logs', '--wait', ...where)
  await expect.poll(waiting.err, { timeout: 50_000 }).toContain('Ctrl-C ends the wait')
  waiting.child.kill('SIGINT')
  expect(await waiting.ended).toBe(0)
  expect(waiting.err()).toContain('No longer waiting. What was set up stays')
  expect((await run('plan', ...where)).out).toContain('0 to create')
})
