import type { LoggingEnabled } from '@aws-sdk/client-s3'
import { logsReach } from '../logged-buckets.ts'
import type { Comparison, Kind, WantedBase } from '../resource.ts'
import { isSame } from '../policy.ts'
import { unless } from '../refusals.ts'
import { noBucket } from './bucket.ts'

/** That S3 logs the requests to a bucket into another one. Named by the bucket whose requests are logged. */
export interface WantedAccessLogging extends WantedBase {
  readonly kind: 'access logging'
  readonly account: string
  readonly region: string
  readonly target: string
  readonly prefix: string
  /** One of those that the setup names, not of all that there are. */
  readonly isNamed: boolean
  /** Why it is not logged, though all are. */
  readonly leftOut: string | undefined
}

interface FoundAccessLogging {
  readonly isThere: boolean
  readonly logging: LoggingEnabled | undefined
  /** Undefined where it is not known. */
  readonly region?: string | undefined
  /** Whether the logs of the bucket that its logs go to would come back into it. */
  readonly isLoop?: boolean
}

export const accessLoggingKind: Kind<WantedAccessLogging, FoundAccessLogging> = {
  async read({ name: Bucket, account: ExpectedBucketOwner, target, isNamed, leftOut }, on) {
    const s3 = await on.s3()
    const answer = await unless(noBucket, s3.getBucketLogging({ Bucket, ExpectedBucketOwner }))
    if (answer === undefined) return { isThere: false, logging: undefined }
    // Of all that there are, only those of the region were listed, and what takes logs was left out.
    const head = isNamed ? await unless(refusals, s3.headBucket({ Bucket, ExpectedBucketOwner })) : undefined
    const isLoop =
      isNamed || (leftOut !== undefined && answer.LoggingEnabled !== undefined)
        ? await unless(noBucket, logsReach(s3, target, Bucket, ExpectedBucketOwner))
        : false
    return {
      isThere: true,
      logging: answer.LoggingEnabled,
      region: head?.BucketRegion,
      isLoop: isLoop === true,
    }
  },

  compare(wanted, found) {
    const { name, account, region, target, prefix, leftOut } = wanted
    if (found?.isThere !== true)
      return impossible(
        `The bucket ${name}, whose requests are to be logged, does not exist. Correct its name in access_logs.`,
      )
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
    if (found.isLoop === true && (logging !== undefined || leftOut === undefined))
      return impossible(
        `The logs of the bucket ${target} reach the bucket ${name} already: with the logs of ${name} in ${target}, each log would be logged again, for ever. Let the requests to ${target} be logged elsewhere, or leave ${name} out of access_logs${logging === undefined ? '' : ' and let it log no more'}.`,
      )
    if (logging === undefined && leftOut !== undefined)
      return {
        state: 'foreign',
        differences: [],
        steps: [],
        remarks: [
          `The requests to the bucket ${name} are not logged, since ${leftOut}: logs of logs. Name it in access_logs if you want them.`,
        ],
      }
    if (found.region !== undefined && found.region !== region)
      return impossible(
        `The bucket ${name} is in ${found.region}, and S3 logs only into a bucket of the same region, not into ${target} in ${region}. Set up its logs by another --region and --name.`,
      )
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

function impossible(obstacle: string): Comparison {
  return { state: 'missing', differences: [], steps: [], obstacle }
}

/** Who may read its logging may not be let look at the bucket itself. */
const refusals = ['AccessDenied', 'Forbidden']

/** By the day of the requests, not of the delivery. */
const dated = { PartitionedPrefix: { PartitionDateSource: 'EventTime' as const } }

function isOwn({ target, prefix }: WantedAccessLogging, { TargetBucket, TargetPrefix = '' }: LoggingEnabled): boolean {
  return TargetBucket === target && TargetPrefix === prefix
}
