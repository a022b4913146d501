import { expect, test } from 'vitest'
import { logGroupArn, placeOf } from '../../src/aws-setup/place.ts'
import { deliveryRights, deliveryTrust } from '../../src/aws-setup/statements.ts'
import { type Asked, allows } from './iam.ts'

const account = '123456789012'
const other = '210987654321'
const place = placeOf(account, 'eu-west-1')
const group = logGroupArn(place, 'millrace/flow-logs')
const stream = `${group}:log-stream:eni-0a1b2c3d4e5f60718-all`

const trust = deliveryTrust(place)
const source = (owner: string, region: string, kind = 'vpc-flow-log'): Readonly<Record<string, string>> => ({
  'aws:SourceAccount': owner,
  'aws:SourceArn': `arn:aws:ec2:${region}:${owner}:${kind}/fl-1`,
})
const assume = { who: 'Service vpc-flow-logs.amazonaws.com', action: 'sts:AssumeRole' }

test('flow logs of this account and region take the role on, and nobody else does', () => {
  expect(allows(trust, { ...assume, context: source(account, 'eu-west-1') })).toBe(true)
  const refused: readonly Asked[] = [
    assume,
    { ...assume, context: source(other, 'eu-west-1') },
    { ...assume, context: source(account, 'us-east-1') },
    { ...assume, context: source(account, 'eu-west-1', 'instance') },
    { ...assume, context: { 'aws:SourceAccount': account } },
    { ...assume, context: { ...source(account, 'eu-west-1'), 'aws:SourceAccount': other } },
    { ...assume, who: 'Service ec2.amazonaws.com', context: source(account, 'eu-west-1') },
    { ...assume, who: `AWS arn:aws:iam::${account}:root`, context: source(account, 'eu-west-1') },
  ]
  expect(refused.filter((asked) => allows(trust, asked))).toEqual([])
})

test('it writes into its log group, and does nothing else', () => {
  const rights = deliveryRights(group)
  const allowed: readonly Asked[] = [
    { action: 'logs:CreateLogStream', resource: stream },
    { action: 'logs:PutLogEvents', resource: stream },
    { action: 'logs:DescribeLogStreams', resource: `${group}:*` },
    { action: 'logs:DescribeLogStreams', resource: group },
  ]
  expect(allowed.filter((asked) => !allows(rights, asked))).toEqual([])
  const refused: readonly Asked[] = [
    { action: 'logs:CreateLogGroup', resource: group },
    { action: 'logs:DeleteLogGroup', resource: group },
    { action: 'logs:PutRetentionPolicy', resource: group },
    { action: 'logs:GetLogEvents', resource: stream },
    { action: 'logs:FilterLogEvents', resource: group },
    { action: 'logs:PutLogEvents', resource: `${group}-2:log-stream:eni-1` },
    { action: 'logs:PutLogEvents', resource: logGroupArn(placeOf(other, 'eu-west-1'), 'millrace/flow-logs') },
    { action: 'logs:PutLogEvents', resource: `${logGroupArn(placeOf(account, 'us-east-1'), 'millrace/flow-logs')}:x` },
    // What AmazonSSMManagedInstanceCore would give.
    ...['ssm:UpdateInstanceInformation', 'ssm:GetParameter', 'ssmmessages:CreateControlChannel'].map((action) => ({
      action,
      resource: '*',
    })),
  ]
  expect(refused.filter((asked) => allows(rights, asked))).toEqual([])
})
