import type { LoggingEnabled } from '@aws-sdk/client-s3'
import type { Kind, WantedBase } from '../resource.ts'
import { isSame } from '../policy.ts'
import { unless } from '../refusals.ts'
import { noBucket } from './bucket.ts'

/** That S3 logs the requests to a bucket into another one. Named by the bucket whose requests are logged. */
export interface WantedAccessLogging extends WantedBase {
  readonly kind: 'access logging'
  readonly account: string
  readonly target: string
  readonly prefix: string
}

interface FoundAccessLogging {
  readonly isThere: boolean
  readonly logging: LoggingEnabled | undefined
}

export const accessLoggingKind: Kind<WantedAccessLogging, FoundAccessLogging> = {
  async read({ name: Bucket, account: ExpectedBucketOwner }, on) {
    const s3 = await on.s3()
    const answer = await unless(noBucket, s3.getBucketLogging({ Bucket, ExpectedBucketOwner }))
    return { isThere: answer !== undefined, logging: answer?.LoggingEnabled }
  },

  compare(wanted, found) {
    const { name, account, target, prefix } = wanted
    if (found?.isThere !== true)
      return {
        state: 'missing',
        differences: [],
        steps: [],
        obstacle: `The bucket ${name}, whose requests are to be logged, does not exist. Correct its name in access_logs.`,
      }
    const { logging } = found
    if (logging !== undefined && !isOwn(wanted, logging))
      return {
        state: 'foreign',
        differences: [`it logs into s3://${logging.TargetBucket ?? ''}/${logging.TargetPrefix ?? ''}`],
        steps: [],
        remarks: [
          `The requests to the bucket ${name} are logged into ${logging.TargetBucket ?? 'another bucket'} already, and a bucket has one log. Nothing is changed; take that log as a source besides.`,
        ],
      }
    const wantedLogging = { TargetBucket: target, TargetPrefix: prefix, TargetObjectKeyFormat: dated }
    if (logging !== undefined && isSame(logging.TargetObjectKeyFormat, dated))
      return { state: 'same', differences: [], steps: [] }
    const input = {
      Bucket: name,
      ExpectedBucketOwner: account,
      BucketLoggingStatus: { LoggingEnabled: wantedLogging },
    }
    return {
      state: logging === undefined ? 'missing' : 'differs',
      differences: logging === undefined ? [] : ['the keys of its logs have no folders of dates'],
      steps: [
        {
          does: `Let S3 log the requests to the bucket ${name} into s3://${target}/${prefix}, in folders of dates.`,
          call: { operation: 's3:PutBucketLogging', input },
        },
      ],
    }
  },

  remove(wanted, { logging }) {
    const { name, account } = wanted
    if (logging === undefined || !isOwn(wanted, logging)) return { steps: [] }
    const input = { Bucket: name, ExpectedBucketOwner: account, BucketLoggingStatus: {} }
    return {
      steps: [
        { does: `Log the requests to the bucket ${name} no more.`, call: { operation: 's3:PutBucketLogging', input } },
      ],
    }
  },
}

/** By the day of the requests, not of the delivery. */
const dated = { PartitionedPrefix: { PartitionDateSource: 'EventTime' as const } }

function isOwn({ target, prefix }: WantedAccessLogging, { TargetBucket, TargetPrefix = '' }: LoggingEnabled): boolean {
  return TargetBucket === target && TargetPrefix === prefix
}
