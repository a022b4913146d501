import { sidOf } from './names.ts'
import { type Place, bucketArn } from './place.ts'
import type { Statement } from './policy.ts'

/** Whose logs come into a bucket. */
export interface Delivery {
  readonly setup: string
  readonly bucket: string
  readonly prefix: string
  readonly accounts: readonly string[]
  readonly regions: readonly string[]
}

/** Lets VPC flow logs be delivered, with folders as they are or Hive-compatible (VPC User Guide, "Amazon S3 bucket permissions for flow logs"). */
export function flowLogStatements(place: Place, { setup, bucket, prefix, accounts, regions }: Delivery): Statement[] {
  const arn = bucketArn(place, bucket)
  const sources = regions.flatMap((region) =>
    accounts.map((account) => `arn:${place.partition}:logs:${region}:${account}:*`),
  )
  const condition = {
    StringEquals: { 'aws:SourceAccount': oneOrAll(accounts) },
    ArnLike: { 'aws:SourceArn': oneOrAll(sources) },
  }
  const folders = accounts.flatMap((account) => [account, `aws-account-id=${account}`])
  const owned = { ...condition.StringEquals, 's3:x-amz-acl': 'bucket-owner-full-control' }
  return [
    {
      Sid: sidOf(setup, 'FlowLogWrite'),
      Effect: 'Allow',
      Principal: { Service: 'delivery.logs.amazonaws.com' },
      Action: 's3:PutObject',
      Resource: folders.map((folder) => `${arn}/${prefix}AWSLogs/${folder}/*`),
      Condition: { ...condition, StringEquals: owned },
    },
    {
      Sid: sidOf(setup, 'FlowLogCheck'),
      Effect: 'Allow',
      Principal: { Service: 'delivery.logs.amazonaws.com' },
      Action: 's3:GetBucketAcl',
      Resource: arn,
      Condition: condition,
    },
  ]
}

/** Lets S3 deliver the access logs of buckets, or of all buckets of the account (S3 User Guide, "Enabling Amazon S3 server access logging"). */
export function accessLogStatement(
  place: Place,
  { setup, bucket, prefix }: Pick<Delivery, 'setup' | 'bucket' | 'prefix'>,
  sources: 'all' | readonly string[],
): Statement {
  const names = sources === 'all' ? ['*'] : sources
  return {
    Sid: sidOf(setup, 'AccessLogs'),
    Effect: 'Allow',
    Principal: { Service: 'logging.s3.amazonaws.com' },
    Action: 's3:PutObject',
    Resource: `${bucketArn(place, bucket)}/${prefix}*`,
    Condition: {
      ArnLike: { 'aws:SourceArn': oneOrAll(names.map((name) => bucketArn(place, name))) },
      StringEquals: { 'aws:SourceAccount': place.accountId },
    },
  }
}

/** Lets one bucket of this account send its events to a queue (S3 User Guide, "Granting permissions to publish event notification messages"). */
export function bucketSendsStatement(place: Place, setup: string, bucket: string, queue: string): Statement {
  return {
    Sid: sidOf(setup, 'Events'),
    Effect: 'Allow',
    Principal: { Service: 's3.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queue,
    Condition: {
      ArnLike: { 'aws:SourceArn': bucketArn(place, bucket) },
      StringEquals: { 'aws:SourceAccount': place.accountId },
    },
  }
}

/** Lets one rule send to a queue (EventBridge User Guide, "Amazon SQS permissions"). */
export function ruleSendsStatement(setup: string, rule: string, queue: string): Statement {
  return {
    Sid: sidOf(setup, 'Rule'),
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queue,
    Condition: { ArnEquals: { 'aws:SourceArn': rule } },
  }
}

/** Who may take on the reader's role: nobody without the external id. */
export function readerTrust(trusts: string, externalId: string): Statement {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: trusts },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': externalId } },
      },
    ],
  }
}

/** Who may take on the role that writes into CloudWatch Logs: the flow logs of this account and region alone (VPC User Guide, "IAM role for publishing flow logs to CloudWatch Logs"). */
export function deliveryTrust({ partition, region, accountId }: Place): Statement {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'vpc-flow-logs.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: { 'aws:SourceAccount': accountId },
          // The ids of flow logs are not known before they are there.
          ArnLike: { 'aws:SourceArn': `arn:${partition}:ec2:${region}:${accountId}:vpc-flow-log/*` },
        },
      },
    ],
  }
}

/**
 * What writing flow logs into one log group takes. The group is there already, so making groups, and naming all of them, is left out. The managed policy
 * AmazonSSMManagedInstanceCore, which guides attach to this role, has none of these actions: it lets instances be managed by Systems Manager.
 */
export function deliveryRights(group: string): Statement {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'WriteLogs',
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
        Resource: groupAndStreams(group),
      },
    ],
  }
}

/** What the reader's role reads. */
export interface Reading {
  readonly bucket: string
  /** Of keys; one that is empty means the whole bucket. */
  readonly prefixes: readonly string[]
  /** ARNs; undefined where there is none. */
  readonly queue: string | undefined
  readonly key: string | undefined
  /** ARN of the log group that is read, without what stands for its streams. */
  readonly logGroup?: string | undefined
}

const taking = [
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:ChangeMessageVisibility',
  'sqs:GetQueueAttributes',
  'sqs:GetQueueUrl',
]

/**
 * Reading, and no more. `s3:GetBucketLocation` stands alone: its requests have no `s3:prefix`, so a condition on that would deny them (Service Authorization
 * Reference, "Condition keys for Amazon S3").
 */
export function readerRights(place: Place, { bucket, prefixes, queue, key, logGroup }: Reading): Statement {
  const arn = bucketArn(place, bucket)
  const isWhole = prefixes.includes('')
  const listed = isWhole
    ? {}
    : { Condition: { StringLike: { 's3:prefix': oneOrAll(prefixes.map((prefix) => `${prefix}*`)) } } }
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'ReadLogs',
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:GetObjectVersion'],
        Resource: isWhole ? `${arn}/*` : oneOrAll(prefixes.map((prefix) => `${arn}/${prefix}*`)),
      },
      { Sid: 'ListLogs', Effect: 'Allow', Action: 's3:ListBucket', Resource: arn, ...listed },
      { Sid: 'FindBucket', Effect: 'Allow', Action: 's3:GetBucketLocation', Resource: arn },
      ...(queue === undefined ? [] : [{ Sid: 'TakeMessages', Effect: 'Allow', Action: taking, Resource: queue }]),
      ...(key === undefined ? [] : [{ Sid: 'Decrypt', Effect: 'Allow', Action: 'kms:Decrypt', Resource: key }]),
      ...(logGroup === undefined
        ? []
        : [
            { Sid: 'ReadEvents', Effect: 'Allow', Action: 'logs:FilterLogEvents', Resource: groupAndStreams(logGroup) },
          ]),
    ],
  }
}

function groupAndStreams(group: string): string[] {
  return [group, `${group}:*`]
}

/** A list of one reads better as its value. */
function oneOrAll(values: readonly string[]): string | readonly string[] {
  const [first, ...others] = values
  return first !== undefined && others.length === 0 ? first : values
}
