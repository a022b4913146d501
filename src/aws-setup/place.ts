import { partitionOf } from '../aws/endpoints.ts'

/** Where a setup is made: what ARNs are computed from, so that steps know them before anything is there. */
export interface Place {
  /** Twelve digits. */
  readonly accountId: string
  readonly region: string
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string
}

export function placeOf(accountId: string, region: string): Place {
  return { accountId, region, partition: partitionOf(region) }
}

/** Without a region and an account, as all ARNs of buckets. */
export function bucketArn({ partition }: Place, bucket: string): string {
  return `arn:${partition}:s3:::${bucket}`
}

export function queueArn({ partition, region, accountId }: Place, queue: string): string {
  return `arn:${partition}:sqs:${region}:${accountId}:${queue}`
}

/** As AWS writes it (SQS Developer Guide, "Queue URLs"). The requests go to the client's endpoint all the same. */
export function queueUrl({ partition, region, accountId }: Place, queue: string): string {
  const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'
  return `https://sqs.${region}.${suffix}/${accountId}/${queue}`
}

export function roleArn({ partition, accountId }: Place, role: string): string {
  return `arn:${partition}:iam::${accountId}:role/${role}`
}

/** Without the `:*` that stands for its streams. */
export function logGroupArn({ partition, region, accountId }: Place, group: string): string {
  return `arn:${partition}:logs:${region}:${accountId}:log-group:${group}`
}

export function ruleArn({ partition, region, accountId }: Place, rule: string): string {
  return `arn:${partition}:events:${region}:${accountId}:rule/${rule}`
}
