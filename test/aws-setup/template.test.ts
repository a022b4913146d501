import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { placeOf } from '../../src/aws-setup/place.ts'
import type { PlannedResource } from '../../src/aws-setup/plan.ts'
import type { Resource } from '../../src/aws-setup/resource.ts'
import { type GivenSetup, readSetup } from '../../src/aws-setup/setup.ts'
import { cdkApp } from '../../src/aws-setup/template/cdk.ts'
import { printJson, printYaml } from '../../src/aws-setup/template/print.ts'
import { type Template, templateOf } from '../../src/aws-setup/template/template.ts'
import { wantedResources } from '../../src/aws-setup/wanted.ts'
import { cdkStub } from './cdk-stub.ts'

const place = placeOf('123456789012', 'eu-west-1')
const full: GivenSetup = {
  bucket: {
    name: 'logs',
    encryption: 'arn:aws:kms:eu-west-1:123456789012:key/1',
    lifecycle: { prefix: 'old/', transitions: [{ days: 30, class: 'STANDARD_IA' }], expire_days: 400 },
  },
  delivery: { prefix: 'flow/' },
  events: { prefix: 'flow/AWSLogs/' },
  cloud_watch: { retention_days: 30 },
  reader: { trusts: 'arn:aws:iam::123456789012:role/collector', external_id: 'millrace-4f6c' },
  flow_logs: [
    {
      resource_ids: ['vpc-1', 'vpc-2'],
      format: '${srcaddr} ${dstaddr} ${instance-tag}',
      tag_fields: [{ resource_type: 'instance', keys: ['Name'] }],
      file_format: 'parquet',
      hourly: true,
    },
    { resource_ids: ['subnet-1'], traffic: 'REJECT', to: 'cloud-watch-logs' },
    { resource_ids: ['tgw-1'] },
  ],
}
const byEvents: GivenSetup = { ...full, events: { by: 'eventbridge' } }

function resourcesOf(given: GivenSetup): Resource[] {
  return wantedResources(readSetup(undefined, given), place, { accounts: [place.accountId], buckets: [] })
}

/** As a plan of an empty account has them. */
function missing(given: GivenSetup): PlannedResource[] {
  return resourcesOf(given).map((resource) => ({
    resource,
    state: 'missing',
    differences: [],
    steps: resource.fresh(),
  }))
}

/** All values within, documents that are text taken apart. */
function valuesOf(value: unknown): string[] {
  if (typeof value === 'string' && /^[[{]/.test(value)) return valuesOf(JSON.parse(value))
  if (Array.isArray(value)) return value.flatMap(valuesOf)
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(valuesOf)
  if (value === undefined) return []
  return [typeof value === 'string' ? value : JSON.stringify(value)]
}

const ways = [
  { way: 'by notification', given: full },
  { way: 'by EventBridge', given: byEvents },
]

test.each(ways)('a template says what the plan would send, no more and no less, $way', ({ given }) => {
  const planned = missing(given)
  const { template } = templateOf('all', planned)
  const ignored = new Set(['ExpectedBucketOwner', 'CreateBucketConfiguration'])
  const inputs = planned.flatMap(({ steps }) =>
    steps.flatMap(({ call }) =>
      Object.entries(call.input)
        .filter(([key]) => !ignored.has(key))
        .map(([, value]): unknown => value),
    ),
  )
  const sent = new Set(valuesOf(inputs))
  const said = new Set(valuesOf(Object.values(template.Resources).map(({ Properties }) => Properties)))
  const only = (one: ReadonlySet<string>, other: ReadonlySet<string>): string[] =>
    [...one].filter((value) => !other.has(value))
  // What tags are for is said otherwise.
  expect(only(sent, said)).toEqual(['vpc-flow-log'])
  expect(only(said, sent)).toEqual([])
})

test('policies, roles and flow logs are those of the steps', () => {
  const planned = missing(full)
  const { Resources } = templateOf('all', planned).template
  const calls = planned.flatMap(({ steps }) => steps.map(({ call }) => call))
  for (const call of calls) {
    if (call.operation === 's3:PutBucketPolicy')
      expect(Resources['BucketPolicyLogs']?.Properties['PolicyDocument']).toEqual(JSON.parse(call.input.Policy ?? ''))
    if (call.operation === 'sqs:SetQueueAttributes')
      expect(Resources['QueuePolicyMillrace']?.Properties['PolicyDocument']).toEqual(
        JSON.parse(call.input.Attributes?.Policy ?? ''),
      )
  }
  expect(Object.values(Resources).map(({ Type }) => Type)).toEqual([
    'AWS::S3::Bucket',
    'AWS::S3::BucketPolicy',
    'AWS::SQS::Queue',
    'AWS::SQS::Queue',
    'AWS::SQS::QueuePolicy',
    'AWS::IAM::Role',
    'AWS::IAM::Policy',
    'AWS::Logs::LogGroup',
    'AWS::IAM::Role',
    'AWS::IAM::Policy',
    ...Array(4).fill('AWS::EC2::FlowLog'),
  ])
  expect(Resources['BucketLogs']).toMatchObject({
    DeletionPolicy: 'Retain',
    DependsOn: ['QueuePolicyMillrace'],
    Properties: {
      NotificationConfiguration: {
        QueueConfigurations: [
          {
            Event: 's3:ObjectCreated:*',
            Queue: 'arn:aws:sqs:eu-west-1:123456789012:millrace',
            Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'flow/AWSLogs/' }] } },
          },
        ],
      },
      LifecycleConfiguration: {
        Rules: [
          { Id: 'millrace', Prefix: 'old/', Transitions: [{ TransitionInDays: 30, StorageClass: 'STANDARD_IA' }] },
        ],
      },
    },
  })
  expect(Resources['QueueMillrace']?.Properties).toMatchObject({
    VisibilityTimeout: 300,
    RedrivePolicy: { maxReceiveCount: 5 },
  })
  const flowLog = Object.values(Resources).find(({ Properties }) => Properties['ResourceId'] === 'vpc-2')
  expect(flowLog).toMatchObject({
    DependsOn: ['BucketPolicyLogs'],
    Properties: {
      ResourceType: 'VPC',
      LogDestination: 'arn:aws:s3:::logs/flow/',
      TagFieldSpecifications: [{ ResourceType: 'instance', TagKeys: ['Name'] }],
      DestinationOptions: { FileFormat: 'parquet', HiveCompatiblePartitions: false, PerHourPartition: true },
    },
  })
})

test.each(ways)('what depends on another stands in an order that ends, $way', ({ given }) => {
  const { Resources } = templateOf('all', missing(given)).template
  const done = new Set<string>()
  let left = Object.entries(Resources)
  while (left.length > 0) {
    const ready = left.filter(([, { DependsOn = [] }]) => DependsOn.every((id) => done.has(id)))
    expect(ready, 'resources wait for each other').not.toEqual([])
    for (const [id] of ready) done.add(id)
    left = left.filter(([id]) => !done.has(id))
  }
})

test('of a bucket that is there nothing is set: what belongs to it is left out, and told', () => {
  const planned = missing(full).map((one): PlannedResource => {
    if (one.resource.wanted.kind === 'bucket')
      return { ...one, state: 'foreign', steps: [], remarks: ['The bucket logs was there before.'] }
    return one
  })
  const { template, remarks } = templateOf('all', planned)
  const types = new Set(Object.values(template.Resources).map(({ Type }) => Type))
  expect(types).not.toContain('AWS::S3::Bucket')
  expect(types).not.toContain('AWS::S3::BucketPolicy')
  expect(types).toContain('AWS::SQS::QueuePolicy')
  expect(remarks[0]).toBe('The bucket logs was there before.')
  const leftOut = remarks.flatMap((remark) => /^Left out: the (.*?) logs\./.exec(remark)?.[1] ?? [])
  expect(leftOut).toEqual(['public access block', 'encryption', 'lifecycle', 'bucket policy', 'event notification'])
  expect(printYaml({ template, remarks })).toContain('# Left out: the bucket policy logs. ')
})

test('it reads back from YAML, of either version, and from JSON', () => {
  const written = templateOf('all', missing(full))
  const yaml = printYaml(written)
  expect(parse(yaml)).toEqual(written.template)
  expect(parse(yaml, { version: '1.1' })).toEqual(written.template)
  expect(yaml).toContain('"2012-10-17"')
  expect(JSON.parse(printJson({ ...written, remarks: ['one'] }))).toEqual({
    ...written.template,
    Metadata: { Remarks: ['one'] },
  })
})

test('the CDK app asks for a CLI of the line that is newer than its library', () => {
  const written = templateOf('logs', missing(ways[0]?.given ?? {}))
  const text = cdkApp('logs', place, written).find(({ path }) => path === 'package.json')?.text ?? '{}'
  // 3.0.0 is not what followed 2.1148, and cannot read what the library writes.
  expect(JSON.parse(text)).toMatchObject({
    dependencies: { 'aws-cdk-lib': expect.stringMatching(/^~2\.\d+\.0$/) },
    devDependencies: { 'aws-cdk': expect.stringMatching(/^\^2\./) },
  })
})

const folder = mkdtempSync(join(tmpdir(), 'millrace-cdk-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each(ways)('the CDK app compiles, and its stack is the template, $way', { timeout: 60_000 }, ({ way, given }) => {
  const written = templateOf('all */ of it', missing(given))
  const app = join(folder, way.replaceAll(' ', '-'))
  const files = cdkApp('millrace-logs', place, { ...written, remarks: ['A remark.'] })
  // The library itself is large; what the app uses of it has the same types here.
  for (const { path, text } of [...files, ...cdkStub]) {
    mkdirSync(dirname(join(app, path)), { recursive: true })
    writeFileSync(join(app, path), text)
  }
  const compiler = new URL('../../node_modules/typescript/bin/tsc', import.meta.url).pathname
  const node = (...words: string[]): string => execFileSync(process.execPath, words, { cwd: app, encoding: 'utf8' })
  node(compiler, '--noEmit', 'false', '--rewriteRelativeImportExtensions', '--outDir', 'out')
  const made: Template = JSON.parse(node(join('out', 'bin', 'millrace-logs.js')))
  expect(made).toEqual({
    Description: written.template.Description,
    Resources: written.template.Resources,
    env: { account: place.accountId, region: place.region },
  })
})
