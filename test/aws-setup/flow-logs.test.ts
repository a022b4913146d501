import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultFormat, fieldsOf, fullFormat } from '../../src/aws-setup/flow-log-fields.ts'
import { placeOf } from '../../src/aws-setup/place.ts'
import { explained } from '../../src/aws-setup/refusals.ts'
import { type WantedFlowLog, flowLogKind } from '../../src/aws-setup/resources/flow-log.ts'
import { type GivenSetup, readSetup } from '../../src/aws-setup/setup.ts'
import { allSuccessful } from '../../src/aws-setup/unsuccessful.ts'
import { flowLogResources } from '../../src/aws-setup/wanted-flow-logs.ts'
import { cases } from '../aws/scale.ts'

const place = placeOf('123456789012', 'eu-west-1')

function wantedOf(...flow_logs: GivenSetup[]): WantedFlowLog[] {
  const setup = readSetup(undefined, { flow_logs })
  return flowLogResources(setup, place, [place.accountId]).flatMap(({ wanted }) => (isFlowLog(wanted) ? [wanted] : []))
}

function isFlowLog(wanted: { readonly kind: string }): wanted is WantedFlowLog {
  return wanted.kind === 'flow log'
}

test('formats: 14 fields by default, all of them in full, those of tags with their keys alone', () => {
  expect(fieldsOf(defaultFormat('vpc'))).toHaveLength(14)
  expect(defaultFormat('vpc')).toBe(
    '${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}',
  )
  expect(fieldsOf(fullFormat('vpc', []))).toHaveLength(54 - 6)
  const tagged = fieldsOf(fullFormat('vpc', [{ resource_type: 'network-interface', keys: ['Name'] }]))
  expect(tagged).toHaveLength(49)
  expect(tagged).toContain('interface-tag')
  expect(fieldsOf(fullFormat('tgw', []))).toHaveLength(36)
  expect(fullFormat('tgw', [])).toBe(defaultFormat('tgw'))
})

test('transit gateways are told of no traffic, every 60 seconds; others of all traffic, every 600', () => {
  const [vpc, tgw] = wantedOf({ resource_ids: ['vpc-1'] }, { resource_ids: ['tgw-1'] })
  expect(vpc?.settings).toMatchObject({ TrafficType: 'ALL', MaxAggregationInterval: 600 })
  expect(vpc?.settings).not.toHaveProperty('LogFormat')
  expect(tgw?.settings).toMatchObject({ MaxAggregationInterval: 60 })
  expect(tgw?.settings).not.toHaveProperty('TrafficType')
})

test('one call takes 25 transit gateways or 300 others, and each id is in one call', () => {
  const kinds = fc.constantFrom(
    { prefix: 'vpc', most: 300 },
    { prefix: 'tgw', most: 25 },
    { prefix: 'tgw-attach', most: 25 },
  )
  fc.assert(
    fc.property(kinds, fc.integer({ min: 1, max: 700 }), ({ prefix, most }, count) => {
      const ids = Array.from({ length: count }, (_id, index) => `${prefix}-${index}`)
      const [wanted] = wantedOf({ resource_ids: ids })
      if (wanted === undefined) throw new Error('There is no flow log.')
      const sent = flowLogKind
        .compare(wanted, undefined)
        .steps.map(({ call }) => (call.operation === 'ec2:CreateFlowLogs' ? (call.input.ResourceIds ?? []) : []))
      expect(sent.flat()).toEqual(ids)
      expect(sent).toHaveLength(Math.ceil(count / most))
    }),
    cases,
  )
})

test('of two that are alike the younger goes, and what AWS says by itself is no difference', () => {
  const [wanted] = wantedOf({ resource_ids: ['vpc-1'] })
  if (wanted === undefined) throw new Error('There is no flow log.')
  const { TrafficType, LogDestination } = wanted.settings
  const found = {
    ResourceId: 'vpc-1',
    TrafficType,
    LogDestinationType: 's3',
    LogDestination,
    LogFormat: defaultFormat('vpc'),
  } as const
  const old = { ...found, FlowLogId: 'fl-old', CreationTime: new Date('2026-01-01') }
  const young = { ...found, FlowLogId: 'fl-young', CreationTime: new Date('2026-01-02') }
  expect(flowLogKind.compare(wanted, { own: [old], others: [] })).toMatchObject({ state: 'same', steps: [] })
  const twice = flowLogKind.compare(wanted, { own: [young, old], others: [] })
  expect(twice.differences).toEqual(['fl-young of vpc-1 is there twice'])
  expect(twice.steps.map(({ call }) => call)).toEqual([
    { operation: 'ec2:DeleteFlowLogs', input: { FlowLogIds: ['fl-young'] } },
  ])
})

test('what else a resource has is told with whose it is', () => {
  const [wanted] = wantedOf({ resource_ids: ['vpc-1'] })
  if (wanted === undefined) throw new Error('Nothing is wanted.')
  const theirs = { FlowLogId: 'fl-1', ResourceId: 'vpc-1', LogDestination: 'arn:aws:s3:::theirs' }
  const Tags = [
    { Key: 'millrace:setup', Value: wanted.setup },
    { Key: 'millrace:flow-log', Value: 'rejects' },
  ]
  const ours = { FlowLogId: 'fl-2', ResourceId: 'vpc-1', LogGroupName: 'g', Tags }
  expect(flowLogKind.compare(wanted, { own: [], others: [theirs, ours] }).remarks).toEqual([
    'vpc-1 has the flow log fl-1 to arn:aws:s3:::theirs besides, which is left alone: loaded together, its traffic comes twice.',
    'vpc-1 has the flow log fl-2 to the log group g besides, by the entry rejects of this setup: loaded together, its traffic comes twice.',
  ])
})

test('a failed delivery is told with what to do', () => {
  const [wanted] = wantedOf({ resource_ids: ['vpc-1'] })
  if (wanted === undefined) throw new Error('There is no flow log.')
  const log = {
    FlowLogId: 'fl-1',
    ResourceId: 'vpc-1',
    FlowLogStatus: 'ACTIVE',
    DeliverLogsStatus: 'FAILED',
    DeliverLogsErrorMessage: 'Access error',
    CreationTime: new Date('2026-01-01'),
  }
  expect(flowLogKind.facts?.(wanted, { own: [log], others: [] })).toEqual([
    'fl-1 of vpc-1 is ACTIVE since 2026-01-01T00:00:00.000Z, delivery FAILED (Access error). The delivery role or the policy of the bucket does not let it write; "millrace aws plan" says what differs.',
  ])
})

test('an answer that names failures is an error that names them all', () => {
  expect(allSuccessful({ FlowLogIds: ['fl-1'], Unsuccessful: [] })).toEqual({ FlowLogIds: ['fl-1'], Unsuccessful: [] })
  const failed = [
    { ResourceId: 'vpc-1', Error: { Code: 'InvalidVpcId.NotFound', Message: 'no such VPC' } },
    { ResourceId: 'vpc-2', Error: { Code: 'FlowLogAlreadyExists', Message: 'there is one' } },
  ]
  expect(() => allSuccessful({ Unsuccessful: failed })).toThrow(
    expect.objectContaining({
      name: 'InvalidVpcId.NotFound',
      message: 'vpc-1: InvalidVpcId.NotFound: no such VPC; vpc-2: FlowLogAlreadyExists: there is one',
    }),
  )
})

test('a new flow log that AWS takes for the old one is told with what to do', () => {
  const there = [{ ResourceId: 'vpc-1', Error: { Code: 'FlowLogAlreadyExists', Message: 'There is one.' } }]
  const failing = (): unknown => {
    try {
      return allSuccessful({ Unsuccessful: there })
    } catch (error) {
      return explained(error, 'The step "Log."').message
    }
  }
  expect(failing()).toMatch(
    /^The step "Log\." failed \(.*vpc-1.*\)\. AWS takes it for the same .* --flow-log-delete-first/,
  )
})

const refused: readonly (readonly [GivenSetup, RegExp])[] = [
  [{ resource_ids: ['i-1'] }, /no VPC, subnet/],
  [{ resource_ids: ['vpc-1', 'eni-1'] }, /several kinds/],
  [{ resource_ids: ['tgw-1'], traffic: 'ALL' }, /must not say traffic/],
  [{ resource_ids: ['tgw-1'], interval: 600 }, /interval 60/],
  [{ resource_ids: ['vpc-1'], interval: 300 }, /flow_logs/],
  [{ resource_ids: ['vpc-1'], format: 'srcaddr dstaddr' }, /default, full, or fields/],
  [{ resource_ids: ['vpc-1'], format: '${srcaddr} ${asg-tag}' }, /asg-tag, which need their keys/],
  [
    {
      resource_ids: ['vpc-1'],
      format: '${instance-tag} ${instance-tag-2}',
      tag_fields: [{ resource_type: 'instance', keys: ['Name'] }],
    },
    /instance-tag-2, which need their keys/,
  ],
  [
    {
      resource_ids: ['vpc-1'],
      format: '${instance-tag}',
      tag_fields: [{ resource_type: 'instance', keys: ['Name', 'Team'] }],
    },
    /no field for the tags Team/,
  ],
  [{ resource_ids: ['vpc-1'], tag_fields: [{ resource_type: 'instance', keys: ['Name'] }] }, /need the format full/],
  [{ resource_ids: ['vpc-1'], to: 'cloud-watch-logs', hive: true }, /has no files/],
]

test.each(refused)('what AWS would refuse is told before: %j', (given, message) => {
  expect(() => wantedOf(given)).toThrow(message)
})

test('entries are told apart by name, and with several accounts it is said whose they are', () => {
  const two = [{ resource_ids: ['vpc-1'] }, { resource_ids: ['vpc-1'], traffic: 'REJECT' }]
  expect(() => wantedOf(...two)).toThrow(/same name/)
  const names = two.map((one, index) => ({ ...one, name: `log-${index}` }))
  expect(wantedOf(...names).map(({ name }) => name)).toEqual(['log-0', 'log-1'])
  const setup = readSetup(undefined, { flow_logs: [{ resource_ids: ['vpc-1'] }] })
  expect(() => flowLogResources(setup, place, [place.accountId, '210987654321'])).toThrow(/Add its account/)
  const own = readSetup(undefined, { flow_logs: [{ resource_ids: ['vpc-1'], account: '210987654321' }] })
  expect(flowLogResources(own, place, [place.accountId, '210987654321'])).toEqual([])
})

test('flow logs to S3 are not made where the policy does not let them in', () => {
  const of = (to: string): GivenSetup => ({
    delivery: { flow_logs: false },
    flow_logs: [{ resource_ids: ['vpc-1'], to }],
  })
  const resources = (to: string): object[] => flowLogResources(readSetup(undefined, of(to)), place, [place.accountId])
  expect(() => resources('s3')).toThrow(/need the bucket's policy/)
  expect(resources('cloud-watch-logs')).toHaveLength(4)
})

test('AWSLogs is no folder of its own', () => {
  const setup = readSetup(undefined, { delivery: { prefix: 'AWSLogs/' }, flow_logs: [{ resource_ids: ['vpc-1'] }] })
  expect(() => flowLogResources(setup, place, [place.accountId])).toThrow(/AWS adds AWSLogs/)
})

test('keys of tags in another order are other fields; kinds of resources in another order are not', () => {
  const tags = (resource_type: string, ...keys: string[]) => ({ resource_type, keys })
  const wanted = (...tag_fields: object[]) => {
    const [one] = wantedOf({ resource_ids: ['vpc-1'], format: 'full', tag_fields })
    if (one === undefined) throw new Error('There is no flow log.')
    return one
  }
  const instance = tags('instance', 'Name', 'Team')
  const group = tags('auto-scaling-group', 'Name')
  const one = wanted(instance, group)
  const found = { own: [{ FlowLogId: 'fl-1', ResourceId: 'vpc-1', ...one.settings }], others: [] }
  expect(flowLogKind.compare(one, found).state).toBe('same')
  expect(flowLogKind.compare(wanted(group, instance), found).state).toBe('same')
  expect(flowLogKind.compare(wanted(tags('instance', 'Team', 'Name'), group), found).differences).toEqual([
    'the fields of tags of fl-1 of vpc-1 is auto-scaling-group ["Name"], instance ["Name","Team"], not auto-scaling-group ["Name"], instance ["Team","Name"]',
  ])
})
