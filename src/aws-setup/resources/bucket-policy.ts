import type { Kind, WantedBase } from '../resource.ts'
import {
  type Policy,
  type Statement,
  denialsOfWriting,
  mergePolicy,
  printPolicy,
  readPolicy,
  sidOf,
} from '../policy.ts'
import { unless } from '../refusals.ts'
import type { Step } from '../step.ts'
import { noBucket } from './bucket.ts'

/** Own statements within a bucket's policy. Named by its bucket. */
export interface WantedBucketPolicy extends WantedBase {
  readonly kind: 'bucket policy'
  readonly account: string
  /** Sids that are own, whether wanted or not. */
  readonly sids: readonly string[]
  readonly statements: readonly Statement[]
}

/** Amazon S3 User Guide, "Bucket policies": 20 KB. */
const maxBytes = 20 * 1024

export const bucketPolicyKind: Kind<WantedBucketPolicy, Policy> = {
  async read({ name: Bucket, account: ExpectedBucketOwner }, on) {
    const s3 = await on.s3()
    const answer = await unless(
      ['NoSuchBucketPolicy', ...noBucket],
      s3.getBucketPolicy({ Bucket, ExpectedBucketOwner }),
    )
    return answer === undefined ? undefined : readPolicy(answer.Policy, `the bucket ${Bucket}`)
  },

  compare(wanted, found) {
    const { name, statements, sids } = wanted
    const merged = mergePolicy(found ?? readPolicy(undefined, name), statements, (sid) => sids.includes(sid))
    const remarks = denialsOfWriting(found?.statements ?? []).map(
      (sid) =>
        `The policy of the bucket ${name} denies writing in its statement ${sid}: see that its condition leaves the delivery services out.`,
    )
    if (merged.differences.length === 0) return { state: 'same', differences: [], steps: [], remarks }
    const text = printPolicy(merged.policy)
    const step = putStep(wanted, merged.policy, `Let the delivery services write into the bucket ${name}`)
    const isNew = found === undefined || !found.statements.some((statement) => sids.includes(sidOf(statement)))
    return {
      state: isNew ? 'missing' : 'differs',
      differences: found === undefined ? [] : merged.differences,
      steps: [step],
      remarks,
      ...(Buffer.byteLength(text) <= maxBytes
        ? {}
        : {
            obstacle: `The policy of the bucket ${name} would be larger than the 20 KB that S3 allows. Shorten what others have in it.`,
          }),
    }
  },

  remove(wanted, found) {
    const { name, account, sids } = wanted
    const merged = mergePolicy(found, [], (sid) => sids.includes(sid))
    if (merged.differences.length === 0) return { steps: [] }
    if (merged.policy.statements.length > 0)
      return { steps: [putStep(wanted, merged.policy, `Take own statements out of the policy of the bucket ${name}`)] }
    const input = { Bucket: name, ExpectedBucketOwner: account }
    return {
      steps: [
        { does: `Delete the policy of the bucket ${name}.`, call: { operation: 's3:DeleteBucketPolicy', input } },
      ],
    }
  },
}

function putStep({ name, account, sids }: WantedBucketPolicy, policy: Policy, does: string): Step {
  const others = policy.statements.filter((statement) => !sids.includes(sidOf(statement))).length
  const kept = others === 0 ? '' : `; ${others} ${others === 1 ? 'statement' : 'statements'} of others stay`
  const input = { Bucket: name, ExpectedBucketOwner: account, Policy: printPolicy(policy) }
  return { does: `${does}${kept}.`, call: { operation: 's3:PutBucketPolicy', input } }
}
