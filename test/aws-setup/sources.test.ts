import { expect, test } from 'vitest'
import { z } from 'zod'
import { fullFormat } from '../../src/aws-setup/flow-log-fields.ts'
import { placeOf } from '../../src/aws-setup/place.ts'
import type { Statement } from '../../src/aws-setup/policy.ts'
import { type GivenSetup, readSetup } from '../../src/aws-setup/setup.ts'
import { type WantedLogGroup, logGroupKind } from '../../src/aws-setup/resources/log-group.ts'
import { addCommand, sourcesOf, sourcesOfType } from '../../src/aws-setup/sources.ts'
import { wantedResources } from '../../src/aws-setup/wanted.ts'
import { allows } from './iam.ts'

const account = '123456789012'
const other = '210987654321'
const place = placeOf(account, 'eu-west-1')
const read = (given: GivenSetup) => readSetup(undefined, { bucket: { name: 'logs' }, ...given })
const urls = (given: GivenSetup, type: string, at = place) => sourcesOfType(read(given), at, type).map(({ url }) => url)

const reader = { trusts: `arn:aws:iam::${account}:role/x`, external_id: 'millrace-4f6c' }
const toGroup = { resource_ids: ['vpc-1'], to: 'cloud-watch-logs' }

/** The document of a policy that a setup wants, by the kind of its resource. */
function documentOf(given: GivenSetup, kind: string, accounts: readonly string[] = [account], at = place): Statement {
  const wanted = wantedResources(read(given), at, { accounts, buckets: [] })
  const call = wanted.find((one) => one.wanted.kind === kind)?.fresh()[0]?.call
  const { PolicyDocument, Policy } = { PolicyDocument: undefined, Policy: undefined, ...call?.input }
  return z.record(z.string(), z.unknown()).parse(JSON.parse(z.string().parse(PolicyDocument ?? Policy)))
}

test('flow logs to CloudWatch Logs are read from their log group, as the role that may', () => {
  const [source, ...others] = sourcesOf(read({ reader, flow_logs: [{ ...toGroup, format: 'full' }] }), place)
  expect(others).toEqual([])
  expect(source).toEqual({
    logType: 'vpc-flow-logs',
    url: 'cloudwatch://eu-west-1/millrace/flow-logs',
    queue: undefined,
    role: `arn:aws:iam::${account}:role/millrace-reader`,
    externalId: 'millrace-4f6c',
    format: fullFormat('vpc', []),
  })
  expect(source === undefined ? '' : addCommand(source)).toContain(" --format '${version} ${account-id} ")

  const rights = documentOf({ reader, flow_logs: [toGroup] }, "reader's rights")
  const group = `arn:aws:logs:eu-west-1:${account}:log-group:millrace/flow-logs`
  for (const resource of [group, `${group}:*`])
    expect(allows(rights, { action: 'logs:FilterLogEvents', resource })).toBe(true)
  for (const asked of [
    { action: 'logs:FilterLogEvents', resource: `${group}-others:*` },
    { action: 'logs:PutLogEvents', resource: `${group}:*` },
    { action: 'logs:DeleteLogGroup', resource: group },
  ])
    expect(allows(rights, asked)).toBe(false)
  expect(JSON.stringify(documentOf({ reader }, "reader's rights"))).not.toContain('logs:Filter')
})

test('where flow logs go to both, both are read', () => {
  const both = { flow_logs: [toGroup, { resource_ids: ['subnet-1'] }] }
  expect(urls(both, 'vpc-flow-logs')).toEqual(['s3://logs/AWSLogs/', 'cloudwatch://eu-west-1/millrace/flow-logs'])
  const delivered = { flow_logs: [toGroup], delivery: { accounts: [other] } }
  expect(urls(delivered, 'vpc-flow-logs')).toHaveLength(2)
  expect(urls({ flow_logs: [{ ...toGroup, resource_ids: ['tgw-1'] }] }, 'tgw-flow-logs')).toEqual([
    'cloudwatch://eu-west-1/millrace/flow-logs',
  ])
})

test('a log group of another account than that of the bucket is read there', () => {
  const given = { bucket: { name: 'logs', account: other }, reader, flow_logs: [{ ...toGroup, account }] }
  expect(sourcesOfType(read(given), place, 'vpc-flow-logs')).toMatchObject([{ role: undefined, queue: undefined }])
  expect(urls(given, 'vpc-flow-logs', placeOf(other, 'eu-west-1'))).toEqual([])
})

test('formats that cannot be told apart within a log group are refused', () => {
  const given = { flow_logs: [toGroup, { resource_ids: ['subnet-1'], to: 'cloud-watch-logs', format: 'full' }] }
  expect(() => urls(given, 'vpc-flow-logs')).toThrow(/several formats/)
  expect(remarksOfGroup(given)).toEqual([expect.stringContaining('several formats go into the log group')])
  expect(remarksOfGroup({ flow_logs: [toGroup] })).toEqual([])
  const families = { flow_logs: [toGroup, { resource_ids: ['tgw-1'], to: 'cloud-watch-logs' }] }
  expect(() => urls(families, 'vpc-flow-logs')).toThrow(/several formats/)
})

test("what is read is what is told of, which is all that the reader's role may list", () => {
  const given = { reader, events: { prefix: 'AWSLogs/1/' } }
  const [url = ''] = urls(given, 'vpc-flow-logs')
  expect(url).toBe('s3://logs/AWSLogs/1/')
  const context = { 's3:prefix': url.slice('s3://logs/'.length) }
  const rights = documentOf(given, "reader's rights")
  expect(allows(rights, { action: 's3:ListBucket', resource: 'arn:aws:s3:::logs', context })).toBe(true)
  expect(urls({ events: { prefix: 'access-logs/' } }, 'vpc-flow-logs')).toEqual(['s3://logs/AWSLogs/'])
})

/** What a plan says of the log group. */
function remarksOfGroup(given: GivenSetup): readonly string[] {
  const wanted = wantedResources(read(given), place, { accounts: [account], buckets: [] }).map((one) => one.wanted)
  const group = wanted.find((one): one is WantedLogGroup => one.kind === 'log group')
  if (group === undefined) throw new Error('There is no log group.')
  return logGroupKind.compare(group, undefined).remarks ?? []
}

/** Whether a delivery of flow logs is let in. */
function isLetIn(policy: Statement, from: string, region = 'eu-west-1'): boolean {
  return allows(policy, {
    who: 'Service delivery.logs.amazonaws.com',
    action: 's3:PutObject',
    resource: `arn:aws:s3:::logs/AWSLogs/${from}/vpcflowlogs/x`,
    context: {
      'aws:SourceAccount': from,
      'aws:SourceArn': `arn:aws:logs:${region}:${from}:*`,
      's3:x-amz-acl': 'bucket-owner-full-control',
    },
  })
}

test('a bucket of an account of its own lets in no other account that is set up with it', () => {
  const own = documentOf({}, 'bucket policy', [account, other])
  expect([account, other].map((from) => isLetIn(own, from))).toEqual([true, false])
  const shared = { bucket: { name: 'logs', account } }
  expect(isLetIn(documentOf(shared, 'bucket policy', [account, other]), other)).toBe(true)
})

test('a shared bucket goes on letting in accounts that a run does not set up', () => {
  const given = { bucket: { name: 'logs', account }, flow_logs: [{ resource_ids: ['vpc-1'], account: other }] }
  expect(isLetIn(documentOf(given, 'bucket policy', [account]), other)).toBe(true)
})

test('regions that deliver besides do not shut out the flow logs that are made here', () => {
  const delivery = { regions: ['us-east-1'] }
  const made = documentOf({ delivery, flow_logs: [{ resource_ids: ['vpc-1'] }] }, 'bucket policy')
  expect(['eu-west-1', 'us-east-1', 'us-east-2'].map((region) => isLetIn(made, account, region))).toEqual([
    true,
    true,
    false,
  ])
  expect(isLetIn(documentOf({ delivery }, 'bucket policy'), account)).toBe(false)
})
