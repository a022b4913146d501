import type { FlowLog } from '@aws-sdk/client-ec2'
import { randomInt } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openAccounts } from '../../src/aws-setup/account.ts'
import { carryOut, removalsOf, undoneOf } from '../../src/aws-setup/carry-out.ts'
import { defaultFormat, fullFormat } from '../../src/aws-setup/flow-log-fields.ts'
import { isDone, planAccount } from '../../src/aws-setup/plan.ts'
import { planRemovals } from '../../src/aws-setup/removal.ts'
import { type GivenSetup, readSetup } from '../../src/aws-setup/setup.ts'
import { differencesOf, openWorld, patientTiming, statesOf, type World } from './setup/world.ts'

let world: World
let vpc = ''
let subnet = ''
let eni = ''

beforeEach(async () => {
  world = await openWorld()
  const ec2 = await world.account.clients.ec2()
  vpc = (await ec2.createVpc({ CidrBlock: '10.0.0.0/16' })).Vpc?.VpcId ?? ''
  subnet = (await ec2.createSubnet({ VpcId: vpc, CidrBlock: '10.0.0.0/24' })).Subnet?.SubnetId ?? ''
  const made = await ec2.createNetworkInterface({ SubnetId: subnet })
  eni = made.NetworkInterface?.NetworkInterfaceId ?? ''
  world.proxy.fail(() => undefined)
})
afterEach(() => world.close())

const wanting = (...flow_logs: GivenSetup[]): Promise<World> =>
  world.wanting({ delivery: { prefix: 'flow/' }, cloud_watch: { retention_days: 30 }, flow_logs })

async function logs(): Promise<FlowLog[]> {
  const ec2 = await world.account.clients.ec2()
  return (await ec2.describeFlowLogs({})).FlowLogs ?? []
}

const flowLogStates = (states: readonly string[]): string[] => states.filter((one) => one.startsWith('flow log:'))

test('flow logs of each level are made as they were asked for, and then there is nothing to do', async () => {
  const one = await wanting(
    { resource_ids: [vpc], format: 'full', file_format: 'parquet', hive: true, hourly: true, interval: 60 },
    { resource_ids: [subnet], traffic: 'REJECT', to: 'cloud-watch-logs' },
    {
      resource_ids: [eni],
      traffic: 'ACCEPT',
      format: '${srcaddr} ${dstaddr} ${instance-tag} ${instance-tag-2}',
      tag_fields: [{ resource_type: 'instance', keys: ['Name', 'Team'] }],
    },
    { resource_ids: ['tgw-0a1b2c3d4e5f60718', 'tgw-0b1b2c3d4e5f60718'] },
    { resource_ids: ['tgw-attach-0a1b2c3d4e5f60718'], to: 'cloud-watch-logs', format: 'full' },
  )
  const first = await one.plan()
  expect(flowLogStates(statesOf(first))).toEqual(Array(5).fill('flow log: missing'))
  expect(await one.apply(first)).toMatchObject({ left: [], failure: undefined })

  const found = new Map((await logs()).map((log) => [log.ResourceId, log]))
  const S3 = { LogDestinationType: 's3', LogDestination: `arn:aws:s3:::${world.bucket}/flow/` }
  const role = `arn:aws:iam::${world.accountId}:role/millrace-flow-logs`
  const group = {
    LogDestinationType: 'cloud-watch-logs',
    LogGroupName: 'millrace/flow-logs',
    DeliverLogsPermissionArn: role,
  }
  const plain = { FileFormat: 'plain-text', HiveCompatiblePartitions: false, PerHourPartition: false }
  expect(found.get(vpc)).toMatchObject({
    ...S3,
    TrafficType: 'ALL',
    LogFormat: fullFormat('vpc', []),
    MaxAggregationInterval: 60,
    DestinationOptions: { FileFormat: 'parquet', HiveCompatiblePartitions: true, PerHourPartition: true },
  })
  expect(found.get(subnet)).toMatchObject({ ...group, TrafficType: 'REJECT', LogFormat: defaultFormat('vpc') })
  expect(found.get(eni)).toMatchObject({
    ...S3,
    TrafficType: 'ACCEPT',
    LogFormat: '${srcaddr} ${dstaddr} ${instance-tag} ${instance-tag-2}',
    MaxAggregationInterval: 600,
    DestinationOptions: plain,
    TagFieldSpecifications: [{ ResourceType: 'instance', TagKeys: ['Name', 'Team'] }],
  })
  for (const id of ['tgw-0a1b2c3d4e5f60718', 'tgw-0b1b2c3d4e5f60718', 'tgw-attach-0a1b2c3d4e5f60718']) {
    expect(found.get(id)).toMatchObject({ MaxAggregationInterval: 60 })
    expect(found.get(id)?.TrafficType).toBeUndefined()
  }
  expect(found.size).toBe(6)

  const again = await one.plan()
  expect(new Set(statesOf(again).map((state) => state.replace(/^.*: /, '')))).toEqual(new Set(['same']))
  world.proxy.fail(() => undefined)
  expect(await one.apply(again)).toEqual({ done: [], left: [], failure: undefined })
  expect(world.proxy.changes).toEqual([])

  const facts = (await Promise.all(again.resources.map(({ resource }) => resource.facts(one.account.clients)))).flat()
  const id = found.get(vpc)?.FlowLogId ?? ''
  expect(facts.find((fact) => fact.startsWith(id))).toMatch(/is ACTIVE since \d{4}-.*Z, delivery SUCCESS\.$/)
})

test('a changed setting is a replacement: the new one is made before the old one is deleted', async () => {
  await (await wanting({ resource_ids: [vpc] })).apply()
  const [old] = await logs()
  const changes: readonly (readonly [GivenSetup, string])[] = [
    [{ traffic: 'REJECT' }, 'traffic'],
    [{ traffic: 'REJECT', interval: 60 }, 'aggregation interval'],
    [{ traffic: 'REJECT', interval: 60, format: 'full' }, 'format'],
    [{ traffic: 'REJECT', interval: 60, format: 'full', hourly: true }, 'prefix by the hour'],
    [{ traffic: 'REJECT', interval: 60, format: 'full', to: 'cloud-watch-logs' }, 'destination'],
  ]
  let before = old?.FlowLogId
  for (const [settings, name] of changes) {
    const one = await wanting({ resource_ids: [vpc], ...settings })
    const plan = await one.plan()
    const planned = plan.resources.find(({ resource }) => resource.wanted.kind === 'flow log')
    expect(planned?.state).toBe('differs')
    expect(planned?.differences[0]).toContain(`the ${name} of ${before} of ${vpc} is`)
    expect(planned?.remarks?.join(' ')).toContain('logs.vpc_flows counts once')
    expect(planned?.steps.map(({ call }) => call.operation)).toEqual(['ec2:CreateFlowLogs', 'ec2:DeleteFlowLogs'])
    world.proxy.fail(() => undefined)
    expect(await one.apply(plan)).toMatchObject({ left: [], failure: undefined })
    expect(world.proxy.changes.slice(-2)).toEqual(['CreateFlowLogs', 'DeleteFlowLogs'])
    const found = await logs()
    expect(found).toHaveLength(1)
    expect(found[0]?.FlowLogId).not.toBe(before)
    expect(isDone(await one.plan())).toBe(true)
    before = found[0]?.FlowLogId
  }
})

test('with delete-first the old one goes before the new one is made, also when that fails at first', async () => {
  await (await wanting({ resource_ids: [vpc] })).apply()
  const [old] = await logs()
  const one = await wanting({ resource_ids: [vpc], traffic: 'REJECT', replace: 'delete-first' })
  const plan = await one.plan()
  const planned = plan.resources.find(({ resource }) => resource.wanted.kind === 'flow log')
  expect(planned?.steps.map(({ call }) => call.operation)).toEqual(['ec2:DeleteFlowLogs', 'ec2:CreateFlowLogs'])
  expect(planned?.remarks).toContainEqual(expect.stringContaining('in between is not logged'))
  world.proxy.fail((change) => (change === 1 ? 'before' : undefined))
  const { done, left, failure } = await one.apply(plan)
  expect([done, left].map((steps) => steps.map(({ call }) => call.operation))).toEqual([
    ['ec2:DeleteFlowLogs'],
    ['ec2:CreateFlowLogs'],
  ])
  expect(failure?.message).toContain('Log the rejected traffic')
  expect(await logs()).toEqual([])

  world.proxy.fail(() => undefined)
  expect(await one.apply()).toMatchObject({ left: [], failure: undefined })

  const found = await logs()
  expect(found).toMatchObject([{ ResourceId: vpc, TrafficType: 'REJECT' }])
  expect(found[0]?.FlowLogId).not.toBe(old?.FlowLogId)
  expect(isDone(await one.plan())).toBe(true)
})

test('a resource that is added is logged, and one that is taken out is not, while the others stay', async () => {
  const ec2 = await world.account.clients.ec2()
  const other = (await ec2.createVpc({ CidrBlock: '10.1.0.0/16' })).Vpc?.VpcId ?? ''
  const third = (await ec2.createVpc({ CidrBlock: '10.2.0.0/16' })).Vpc?.VpcId ?? ''
  await (await wanting({ resource_ids: [vpc, other] })).apply()
  const kept = (await logs()).find(({ ResourceId }) => ResourceId === other)
  const one = await wanting({ resource_ids: [other, third] })
  const [first, second] = differencesOf(await one.plan())['flow log'] ?? []
  expect(first).toMatch(new RegExp(`^fl-\\w+ of ${vpc} is not wanted any more$`))
  expect(second).toBe(`${third} has none`)
  await one.apply()
  const found = await logs()
  expect(found.map(({ ResourceId }) => ResourceId)).toEqual(expect.arrayContaining([other, third]))
  expect(found).toHaveLength(2)
  expect(found.find(({ ResourceId }) => ResourceId === other)?.FlowLogId).toBe(kept?.FlowLogId)
})

test('flow logs of others are left alone, and told', async () => {
  const ec2 = await world.account.clients.ec2()
  const theirs = { ResourceType: 'VPC', TrafficType: 'ALL', LogGroupName: 'theirs' } as const
  await ec2.createFlowLogs({ ...theirs, ResourceIds: [vpc], DeliverLogsPermissionArn: 'arn:aws:iam::1:role/theirs' })
  const [other] = await logs()
  const one = await wanting({ resource_ids: [vpc] })
  const planned = (await one.plan()).resources.at(-1)
  expect(planned?.state).toBe('missing')
  expect(planned?.remarks?.join(' ')).toContain(`${vpc} has the flow log ${other?.FlowLogId} to the log group theirs`)
  await one.apply()
  expect(await logs()).toHaveLength(2)
  await one.destroy()
  expect((await logs()).map(({ FlowLogId }) => FlowLogId)).toEqual([other?.FlowLogId])
})

test('what is unsuccessful though the request was not is an error of its resource', async () => {
  const one = await wanting({ resource_ids: [vpc] })
  const bound = (await one.plan()).resources.filter(({ resource }) => resource.wanted.kind === 'flow log')
  const { account } = one
  // The bucket is not there.
  const plan = { account: { ...account, resources: bound.map(({ resource }) => resource) }, resources: bound }
  const { failure, done, left } = await one.apply(plan)
  expect(failure?.message).toMatch(new RegExp(`The step "Log the traffic of ${vpc} .*${vpc}: 400: .*does not exist`))
  expect(done).toEqual([])
  expect(left).toHaveLength(1)
})

test('it goes on after a failure at every step, and after lost answers', { timeout: 300_000 }, async () => {
  const before = { resource_ids: [vpc], traffic: 'REJECT', to: 'cloud-watch-logs' }
  const after = { ...before, traffic: 'ALL', format: 'full' }
  for (const given of [before, after]) {
    const one = await wanting(given)
    const steps = (await one.plan()).resources.flatMap((resource) => resource.steps)
    for (const [at, step] of steps.entries())
      for (const fault of ['before', 'after'] as const) {
        world.proxy.fail((change) => (change === 0 ? fault : undefined))
        const broken = await one.apply()
        expect(broken.failure?.message).toContain(step.does)
        expect(broken.left).toEqual(steps.slice(at))
        expect(world.proxy.changes).toHaveLength(1)
      }
    world.proxy.fail(() => undefined)
    expect(isDone(await one.plan())).toBe(true)
    expect(await logs()).toHaveLength(1)
  }
  const last = await wanting({ ...after, format: 'default' })
  world.proxy.fail((change) => (change % 2 === 0 ? 'cut' : undefined))
  expect(await last.apply()).toMatchObject({ left: [], failure: undefined })
  expect(world.proxy.changes).toEqual(['CreateFlowLogs', 'CreateFlowLogs', 'DeleteFlowLogs', 'DeleteFlowLogs'])
  expect(await logs()).toHaveLength(1)
})

test('the log group and the role are the setup’s: made, mended, and taken away with what it holds only when told', async () => {
  const one = await wanting({ resource_ids: [vpc], to: 'cloud-watch-logs' })
  await one.apply()
  const cloudWatch = await one.account.clients.logs()
  const iam = await one.account.clients.iam()
  const role = { RoleName: 'millrace-flow-logs' }
  const trust: unknown = JSON.parse(decodeURIComponent((await iam.getRole(role)).Role?.AssumeRolePolicyDocument ?? ''))
  expect(trust).toMatchObject({
    Statement: [
      {
        Principal: { Service: 'vpc-flow-logs.amazonaws.com' },
        Condition: {
          StringEquals: { 'aws:SourceAccount': world.accountId },
          ArnLike: { 'aws:SourceArn': `arn:aws:ec2:eu-west-1:${world.accountId}:vpc-flow-log/*` },
        },
      },
    ],
  })
  expect((await iam.listAttachedRolePolicies(role)).AttachedPolicies).toEqual([])
  await cloudWatch.putRetentionPolicy({ logGroupName: 'millrace/flow-logs', retentionInDays: 1 })
  await iam.deleteRolePolicy({ ...role, PolicyName: 'millrace' })
  const drift = await one.plan()
  expect(differencesOf(drift)).toEqual({ 'log group': ['it keeps events 1 days, not 30 days'] })
  expect(statesOf(drift)).toContain('delivery rights: missing')
  await one.apply(drift)
  expect(isDone(await one.plan())).toBe(true)

  await cloudWatch.createLogStream({ logGroupName: 'millrace/flow-logs', logStreamName: `${eni}-all` })
  await one.destroy()
  expect(await logs()).toEqual([])
  await expect(iam.getRole(role)).rejects.toThrow(/not found|cannot be found/i)
  expect((await cloudWatch.describeLogGroups({})).logGroups).toHaveLength(1)
  await one.destroy('millrace/flow-logs')
  expect((await cloudWatch.describeLogGroups({})).logGroups).toEqual([])
})

test('flow logs of one account go into the bucket of another, which is made first and goes last', async () => {
  const owner = String(randomInt(1e11, 1e12 - 1))
  const setup = readSetup(undefined, {
    bucket: { name: 'logs-{account}', account: owner },
    flow_logs: [{ resource_ids: [vpc], account: world.accountId }],
  })
  const identities = [world.accountId, owner].map((id) => ({ roleArn: `arn:aws:iam::${id}:role/admin` }))
  const environment = { ...process.env, AWS_ENDPOINT_URL: world.proxy.url }
  const opened = await openAccounts({ environment, identities, region: 'eu-west-1', setup })
  const { accounts } = opened
  try {
    expect(accounts.map(({ place }) => place.accountId)).toEqual([owner, world.accountId])
    const plans = await Promise.all(accounts.map(planAccount))
    expect(plans[1] === undefined ? [] : statesOf(plans[1])).toEqual(['flow log: missing'])
    const how = { timing: patientTiming(), tell: () => {} }
    expect(await carryOut(plans.flatMap(undoneOf), how)).toMatchObject({ left: [], failure: undefined })
    expect(await logs()).toMatchObject([{ ResourceId: vpc, LogDestination: `arn:aws:s3:::logs-${owner}` }])
    expect((await Promise.all(accounts.map(planAccount))).every(isDone)).toBe(true)

    const options = { deleteData: undefined }
    const removed = await carryOut(
      (await planRemovals(accounts, options)).flatMap((one) => removalsOf(one, options)),
      how,
    )
    expect(removed.failure).toBeUndefined()
    expect(removed.done[0]?.does).toContain(`of ${vpc}.`)
    expect(removed.done.at(-1)?.call.operation).toBe('s3:DeleteBucket')
  } finally {
    await opened.close()
  }
})

test('a bucket that several accounts log into has one name, and its policy lets all their regions in', async () => {
  const owner = String(randomInt(1e11, 1e12 - 1))
  const regions = new Map([
    [owner, 'eu-west-1'],
    [world.accountId, 'us-east-1'],
  ])
  const folder = await mkdtemp(join(tmpdir(), 'millrace-profiles-'))
  const path = join(folder, 'config')
  const profiles = [...regions].map(
    ([id, region]) =>
      `[profile p${id}]\nregion = ${region}\nrole_arn = arn:aws:iam::${id}:role/admin\ncredential_source = Environment\n`,
  )
  await writeFile(path, profiles.join(''))
  const before = process.env['AWS_CONFIG_FILE']
  process.env['AWS_CONFIG_FILE'] = path
  const environment = { ...process.env, AWS_ENDPOINT_URL: world.proxy.url, AWS_REGION: undefined }
  const open = async (given: GivenSetup): Promise<void> => {
    const setup = readSetup(undefined, {
      flow_logs: [{ resource_ids: [vpc], account: world.accountId }],
      ...given,
    })
    const identities = [...regions.keys()].map((id) => ({ profile: `p${id}` }))
    await (await openAccounts({ environment, identities, region: undefined, setup })).close()
  }
  try {
    await expect(open({ bucket: { account: owner } })).rejects.toThrow(/would mean several buckets/)
    const bucket = { account: owner, name: 'logs-{account}' }
    await expect(open({ bucket })).rejects.toThrow('Add that to delivery.regions')
    await expect(open({ bucket, delivery: { regions: ['us-east-1'] } })).resolves.toBeUndefined()
  } finally {
    if (before === undefined) delete process.env['AWS_CONFIG_FILE']
    else process.env['AWS_CONFIG_FILE'] = before
    await rm(folder, { recursive: true })
  }
})
