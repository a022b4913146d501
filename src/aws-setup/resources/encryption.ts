import type { ServerSideEncryptionByDefault, ServerSideEncryptionRule } from '@aws-sdk/client-s3'
import type { Kind, WantedBase } from '../resource.ts'
import { unless } from '../refusals.ts'
import { isOwnBucket, noBucket } from './bucket.ts'

/** How a bucket encrypts what comes without a word about it. Named by its bucket. */
export interface WantedEncryption extends WantedBase {
  readonly kind: 'encryption'
  readonly setup: string
  readonly account: string
  /** ARN of a key; undefined for S3's own keys. */
  readonly keyArn: string | undefined
  /** Access logs are delivered into the bucket. */
  readonly takesAccessLogs: boolean
  /** The user asked for it, so that it is set on a bucket that was there before too. */
  readonly isAsked: boolean
}

interface FoundEncryption {
  readonly isOwn: boolean
  readonly rules: readonly ServerSideEncryptionRule[]
}

export const encryptionKind: Kind<WantedEncryption, FoundEncryption> = {
  async read({ name: bucket, account, setup }, on) {
    const isOwn = await isOwnBucket(on, { bucket, account, setup })
    if (isOwn === undefined) return undefined
    const s3 = await on.s3()
    const asked = s3.getBucketEncryption({ Bucket: bucket, ExpectedBucketOwner: account })
    const answer = await unless(['ServerSideEncryptionConfigurationNotFoundError', ...noBucket], asked)
    return { isOwn, rules: answer?.ServerSideEncryptionConfiguration?.Rules ?? [] }
  },

  compare({ name, account, keyArn, takesAccessLogs, isAsked }, found) {
    const now = found?.rules[0]?.ApplyServerSideEncryptionByDefault
    const algorithm = keyArn === undefined ? 'AES256' : 'aws:kms'
    const isWanted = now?.SSEAlgorithm === algorithm && (keyArn === undefined || now.KMSMasterKeyID === keyArn)
    const remarks = keyArn === undefined ? [] : [keyRemark(keyArn), ...(takesAccessLogs ? [accessLogRemark] : [])]
    if (isWanted) return { state: 'same', differences: [], steps: [], remarks }
    const differences =
      now === undefined
        ? []
        : [`it encrypts by ${[now.SSEAlgorithm, now.KMSMasterKeyID].filter(Boolean).join(' with ')}`]
    if (found?.isOwn === false && !isAsked)
      return { state: 'foreign', differences, steps: [], remarks: now === undefined ? [] : foreignRemarks(name, now) }
    const key = keyArn === undefined ? {} : { KMSMasterKeyID: keyArn }
    const Rules = [
      {
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: algorithm, ...key },
        ...(keyArn === undefined ? {} : { BucketKeyEnabled: true }),
      },
    ] satisfies ServerSideEncryptionRule[]
    const input = { Bucket: name, ExpectedBucketOwner: account, ServerSideEncryptionConfiguration: { Rules } }
    const by = keyArn === undefined ? "S3's own keys (SSE-S3)" : `the key ${keyArn}`
    return {
      state: now === undefined ? 'missing' : 'differs',
      differences,
      steps: [
        {
          does: `Let the bucket ${name} encrypt by ${by}.`,
          call: { operation: 's3:PutBucketEncryption', input },
        },
      ],
      remarks,
    }
  },

  remove: ({ name }, { isOwn }) => ({
    steps: [],
    remarks: isOwn ? [] : [`The encryption of the bucket ${name} stays as it is.`],
  }),
}

/** S3 User Guide, "Enabling Amazon S3 server access logging"; others have found that it works where the key's policy lets it. */
const accessLogRemark =
  "AWS documents that access logs are delivered only into buckets that encrypt by S3's own keys (SSE-S3). See that they come, or take another bucket for them."

/** A key that nobody has said is not in the reader's rights, and delivery fails without a word. */
function foreignRemarks(bucket: string, { SSEAlgorithm, KMSMasterKeyID }: ServerSideEncryptionByDefault): string[] {
  if (SSEAlgorithm !== 'aws:kms' && SSEAlgorithm !== 'aws:kms:dsse') return []
  if (KMSMasterKeyID === undefined || /(?:^|:)alias\/aws\/s3$/.test(KMSMasterKeyID))
    return [
      `The bucket ${bucket} encrypts by AWS's own key for S3, whose policy does not let the delivery services use it. Say --encryption AES256, or the ARN of a key of your own.`,
    ]
  return [
    keyRemark(KMSMasterKeyID),
    `Say --encryption ${KMSMasterKeyID.startsWith('arn:') ? KMSMasterKeyID : 'with the ARN of that key'}, so that the reader's role may decrypt by it.`,
  ]
}

function keyRemark(keyArn: string): string {
  return `The policy of the key ${keyArn} has to let the delivery services use it: kms:Encrypt, kms:Decrypt, kms:ReEncrypt*, kms:GenerateDataKey* and kms:DescribeKey for delivery.logs.amazonaws.com and logging.s3.amazonaws.com. It is not changed here.`
}
