import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { defaultFormat } from '../../src/aws-setup/flow-log-fields.ts'
import { openWorld, type World } from './setup/world.ts'

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'millrace-flow-logs-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

let world: World
let vpcs: string[]
beforeEach(async () => {
  world = await openWorld()
  const ec2 = await world.account.clients.ec2()
  const blocks = ['10.0.0.0/16', '10.1.0.0/16']
  const made = await Promise.all(blocks.map((CidrBlock) => ec2.createVpc({ CidrBlock })))
  vpcs = made.map(({ Vpc }) => Vpc?.VpcId ?? '')
})
afterEach(() => world.close())

interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

function aws(...args: string[]): Promise<Ended> {
  const env = { ...process.env, AWS_ENDPOINT_URL: world.proxy.url, NO_COLOR: '1' }
  const words = [cli, 'aws', ...args, '--role-arn', `arn:aws:iam::${world.accountId}:role/admin`]
  return new Promise((resolve) => {
    const child = execFile(process.execPath, words, { env, cwd: directory }, (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    )
    child.stdin?.end()
  })
}

const answer = z.object({
  FlowLogIds: z.array(z.string()),
  Unsuccessful: z.array(z.object({ ResourceId: z.string(), Error: z.object({ Message: z.string() }) })),
})

test('flow-logs create makes what it shows, and list tells how it does', async () => {
  const s3 = await world.account.clients.s3()
  await s3.createBucket({ Bucket: world.bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } })
  world.proxy.fail(() => undefined)
  const flags = ['--log-destination-type', 's3', '--log-destination', `arn:aws:s3:::${world.bucket}/flow/`]
  const options = [
    '--destination-options',
    'FileFormat=parquet,PerHourPartition=true',
    '--max-aggregation-interval',
    '60',
  ]
  const create = ['flow-logs', 'create', '--resource-ids', ...vpcs, '--traffic-type', 'REJECT', ...flags, ...options]

  const unasked = await aws(...create)
  expect(unasked.code).toBe(2)
  expect(unasked.err).toContain('there is no terminal to ask on')
  expect(unasked.err).toContain('AWS writes one by itself')
  expect(unasked.out).toContain(`aws ec2 create-flow-logs --resource-type VPC --resource-ids ${vpcs.join(' ')}`)
  expect(unasked.out).toContain(`--destination-options '{"FileFormat":"parquet","PerHourPartition":true}'`)
  expect(world.proxy.changes).toEqual([])

  const made = await aws(...create, '--yes', '--output', 'json')
  expect(made).toMatchObject({ code: 0, err: '' })
  const { FlowLogIds, Unsuccessful } = answer.parse(JSON.parse(made.out))
  expect(FlowLogIds).toHaveLength(2)
  expect(Unsuccessful).toEqual([])
  expect(world.proxy.changes).toEqual(['CreateFlowLogs'])

  const listed = await aws('flow-logs', 'list', '--resource-ids', vpcs[0] ?? '', '--output', 'json')
  expect(JSON.parse(listed.out)).toMatchObject([
    {
      ResourceId: vpcs[0],
      TrafficType: 'REJECT',
      LogDestinationType: 's3',
      LogDestination: `arn:aws:s3:::${world.bucket}/flow/`,
      LogFormat: defaultFormat('vpc'),
      DeliverLogsStatus: 'SUCCESS',
      FlowLogStatus: 'ACTIVE',
      MaxAggregationInterval: 60,
      DestinationOptions: { FileFormat: 'parquet', PerHourPartition: true },
      CreationTime: expect.stringMatching(/^\d{4}-/),
    },
  ])
  const table = await aws('flow-logs', 'list', '--flow-log-ids', FlowLogIds[1] ?? '')
  expect(table.out).toContain(FlowLogIds[1])
  expect(table.out).not.toContain(FlowLogIds[0])
  expect(table.out).toContain('SUCCESS')
})

test('what is unsuccessful is told by resource, and the exit code says so', async () => {
  const to = ['--log-destination-type', 's3', '--log-destination', 'arn:aws:s3:::nobodys-bucket-here']
  const failed = await aws('flow-logs', 'create', '--resource-ids', vpcs.join(','), ...to, '--yes', '--output', 'json')
  expect(failed.code).toBe(1)
  const { FlowLogIds, Unsuccessful } = answer.parse(JSON.parse(failed.out))
  expect(FlowLogIds).toEqual([])
  expect(Unsuccessful.map(({ ResourceId }) => ResourceId)).toEqual(vpcs)
  const told = await aws('flow-logs', 'create', '--resource-ids', vpcs[0] ?? '', ...to, '--yes')
  expect(told.code).toBe(1)
  expect(told.err).toContain(`Unsuccessful: ${vpcs[0]}: 400: LogDestination: nobodys-bucket-here does not exist.`)
})

test('wrong flags are told before anything is asked', async () => {
  const group = ['--log-group-name', 'g']
  const wrong: readonly (readonly [string[], string])[] = [
    [['flow-logs', 'create', ...group], 'Say of what flow logs'],
    [['flow-logs', 'create', '--resource-ids', 'vpc-1'], 'Say where flow logs go'],
    [['flow-logs', 'create', '--resource-ids', 'vpc-1', 'eni-1', ...group], 'do not tell one kind'],
    [['flow-logs', 'create', '--resource-ids', 'tgw-1', '--traffic-type', 'ALL', ...group], 'leave it out'],
    [['flow-logs', 'create', '--resource-ids', 'vpc-1', '--destination-options', 'x=1', ...group], 'cannot be read'],
    [['apply', '--out', 'cdk'], '--out goes with "millrace aws plan"'],
  ]
  for (const [args, message] of wrong) {
    const { code, err } = await aws(...args)
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(message) })
  }
})

test('plan --out writes a template to a file or standard output, and a CDK app into an empty folder', async () => {
  const flags = ['--flow-log', vpcs.join(','), '--flow-log-format', 'full']
  const shown = await aws('plan', ...flags, '--out', 'cloudformation')
  expect(shown).toMatchObject({ code: 0, err: '' })
  const template = z.object({ Resources: z.record(z.string(), z.object({ Type: z.string() })) })
  const types = Object.values(template.parse(parse(shown.out)).Resources).map(({ Type }) => Type)
  expect(types.filter((type) => type === 'AWS::EC2::FlowLog')).toHaveLength(2)
  const written = await aws('plan', ...flags, '--out', 'cloudformation', '--out-path', 'logs/stack.json')
  expect(written.code).toBe(0)
  expect(written.err).toContain('CAPABILITY_NAMED_IAM')
  expect(JSON.parse(readFileSync(join(directory, 'logs/stack.json'), 'utf8'))).toEqual(parse(shown.out))
  const app = await aws('plan', ...flags, '--out', 'cdk', '--out-path', 'app')
  expect(app.code).toBe(0)
  expect(readdirSync(join(directory, 'app')).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
    'bin',
    'cdk.json',
    'lib',
    'package.json',
    'tsconfig.json',
  ])
  const again = await aws('plan', ...flags, '--out', 'cdk', '--out-path', 'app')
  expect(again.code).toBe(2)
  expect(again.err).toContain('is not empty')
  expect(world.proxy.changes.filter((change) => change !== 'CreateVpc')).toEqual([])
})
