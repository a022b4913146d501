import type {
  LifecycleRule,
  NotificationConfiguration,
  QueueConfiguration,
  ServerSideEncryptionRule,
  Tag,
} from '@aws-sdk/client-s3'
import type { Forms, Part, Properties } from './part.ts'

/** What calls to S3 come to (CloudFormation template reference, AWS::S3::Bucket and AWS::S3::BucketPolicy). Pure. */
export const bucketForms: Forms = {
  's3:CreateBucket': (input) => {
    const { Bucket, CreateBucketConfiguration } = input
    return [
      {
        key: keyOf(Bucket),
        type: 'AWS::S3::Bucket',
        properties: { BucketName: Bucket, Tags: tagsOf(CreateBucketConfiguration?.Tags) },
        isKept: true,
      },
    ]
  },
  's3:PutBucketTagging': (input) => {
    return [part(input.Bucket, { Tags: tagsOf(input.Tagging?.TagSet) })]
  },
  's3:PutPublicAccessBlock': (input) => {
    return [
      part(input.Bucket, {
        PublicAccessBlockConfiguration: input.PublicAccessBlockConfiguration,
      }),
    ]
  },
  's3:PutBucketEncryption': (input) => {
    const rules = input.ServerSideEncryptionConfiguration?.Rules ?? []
    const ServerSideEncryptionConfiguration = rules.map(encryptionRule)
    return [part(input.Bucket, { BucketEncryption: { ServerSideEncryptionConfiguration } })]
  },
  's3:PutBucketLifecycleConfiguration': (input) => {
    const Rules = (input.LifecycleConfiguration?.Rules ?? []).map(lifecycleRule)
    return [part(input.Bucket, { LifecycleConfiguration: { Rules } })]
  },
  's3:PutBucketNotificationConfiguration': (input) => {
    const configuration = input.NotificationConfiguration ?? {}
    const queues = (configuration.QueueConfigurations ?? []).map(({ QueueArn }) => QueueArn?.split(':').at(-1) ?? '')
    const after = queues.map((queue) => `queue policy ${queue}`)
    return [{ ...part(input.Bucket, notifications(configuration)), after }]
  },
  's3:PutBucketPolicy': (input) => {
    const { Bucket, Policy = '{}' } = input
    const PolicyDocument: unknown = JSON.parse(Policy)
    return [
      {
        key: `bucket policy ${Bucket ?? ''}`,
        type: 'AWS::S3::BucketPolicy',
        properties: { Bucket, PolicyDocument },
        on: keyOf(Bucket),
        after: [keyOf(Bucket)],
      },
    ]
  },
}

function keyOf(bucket: string | undefined): string {
  return `bucket ${bucket ?? ''}`
}

function part(bucket: string | undefined, properties: Properties): Part {
  return { key: keyOf(bucket), on: keyOf(bucket), properties }
}

function tagsOf(tags: readonly Tag[] = []): object[] {
  return tags.map(({ Key, Value }) => ({ Key, Value }))
}

function encryptionRule({ ApplyServerSideEncryptionByDefault, BucketKeyEnabled }: ServerSideEncryptionRule): object {
  return {
    ServerSideEncryptionByDefault: ApplyServerSideEncryptionByDefault,
    ...(BucketKeyEnabled === undefined ? {} : { BucketKeyEnabled }),
  }
}

function lifecycleRule(rule: LifecycleRule): object {
  const { ID, Status, Filter, Transitions = [], Expiration, AbortIncompleteMultipartUpload } = rule
  return {
    Id: ID,
    Status,
    ...(Filter?.Prefix ? { Prefix: Filter.Prefix } : {}),
    ...(Transitions.length === 0
      ? {}
      : { Transitions: Transitions.map(({ Days, StorageClass }) => ({ TransitionInDays: Days, StorageClass })) }),
    ...(Expiration?.Days === undefined ? {} : { ExpirationInDays: Expiration.Days }),
    ...(AbortIncompleteMultipartUpload === undefined ? {} : { AbortIncompleteMultipartUpload }),
  }
}

/** CloudFormation gives entries their ids itself. */
function notifications({ QueueConfigurations = [], EventBridgeConfiguration }: NotificationConfiguration): Properties {
  const queues = QueueConfigurations.flatMap(queueEntries)
  return {
    NotificationConfiguration: {
      ...(queues.length === 0 ? {} : { QueueConfigurations: queues }),
      ...(EventBridgeConfiguration === undefined ? {} : { EventBridgeConfiguration: { EventBridgeEnabled: true } }),
    },
  }
}

function queueEntries({ Events = [], QueueArn, Filter }: QueueConfiguration): object[] {
  const rules = Filter?.Key?.FilterRules ?? []
  const S3Key = { Rules: rules.map(({ Name, Value }) => ({ Name, Value })) }
  return Events.map((Event) => ({ Event, Queue: QueueArn, ...(rules.length === 0 ? {} : { Filter: { S3Key } }) }))
}
