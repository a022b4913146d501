import type { Statement } from '../../src/aws-setup/policy.ts'

type Form = readonly [what: string, logs: 'flow logs' | 'access logs', statement: Statement, isLet: boolean]

const delivery = { Service: 'delivery.logs.amazonaws.com' }
const write = { Effect: 'Allow', Principal: delivery, Action: 's3:PutObject', Resource: 'arn:aws:s3:::b/*' }

/** Statements of bucket policies as people write them. */
export const statementForms: readonly [Form, ...Form[]] = [
  ['as AWS writes it', 'flow logs', { Sid: 'AWSLogDeliveryWrite', ...write }, true],
  [
    'several services and actions',
    'flow logs',
    {
      ...write,
      Principal: { Service: ['x.amazonaws.com', delivery.Service] },
      Action: ['s3:GetBucketAcl', 's3:PutObject'],
    },
    true,
  ],
  ['every action of S3', 'flow logs', { ...write, Action: 's3:*' }, true],
  ['everybody', 'flow logs', { ...write, Principal: '*' }, true],
  ['of the other service', 'access logs', write, false],
  ['of access logs', 'access logs', { ...write, Principal: { Service: 'logging.s3.amazonaws.com' } }, true],
  ['reading alone', 'flow logs', { ...write, Action: 's3:GetObject' }, false],
  ['a denial', 'flow logs', { ...write, Effect: 'Deny', Action: 's3:GetObject' }, false],
  ['an account', 'flow logs', { ...write, Principal: { AWS: 'arn:aws:iam::123456789012:root' } }, false],
]
