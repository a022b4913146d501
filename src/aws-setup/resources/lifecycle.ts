import type {
  LifecycleRule,
  PutBucketLifecycleConfigurationCommandInput,
  TransitionDefaultMinimumObjectSize,
  TransitionStorageClass,
} from '@aws-sdk/client-s3'
import type { Kind, WantedBase } from '../resource.ts'
import { isSame } from '../policy.ts'
import { unless } from '../refusals.ts'
import { noBucket } from './bucket.ts'

/** One own rule of a bucket's lifecycle, beside those of others. Named by its bucket. */
export interface WantedLifecycle extends WantedBase {
  readonly kind: 'lifecycle'
  readonly account: string
  /** Of the rule, by which it is known. */
  readonly id: string
  /** Empty for the whole bucket. */
  readonly prefix: string
  readonly transitions: readonly { readonly days: number; readonly storageClass: TransitionStorageClass }[]
  readonly expireDays: number | undefined
}

interface FoundLifecycle {
  readonly rules: readonly LifecycleRule[]
  /** Which small objects are moved; left out, a put sets it anew. */
  readonly minimumSize?: TransitionDefaultMinimumObjectSize | undefined
}

export const lifecycleKind: Kind<WantedLifecycle, FoundLifecycle> = {
  async read({ name: Bucket, account: ExpectedBucketOwner }, on) {
    const s3 = await on.s3()
    const asked = s3.getBucketLifecycleConfiguration({ Bucket, ExpectedBucketOwner })
    const answer = await unless(['NoSuchLifecycleConfiguration', ...noBucket], asked)
    if (answer === undefined) return undefined
    return { rules: answer.Rules ?? [], minimumSize: answer.TransitionDefaultMinimumObjectSize }
  },

  compare(wanted, { rules: found, minimumSize } = { rules: [] }) {
    const { name, account, id } = wanted
    const rule = ruleOf(wanted)
    const own = found.find(({ ID }) => ID === id)
    const isSameRule = own !== undefined && isSame(comparable(own), comparable(rule))
    const remarks = archiveRemarks(wanted)
    if (isSameRule) return { state: 'same', differences: [], steps: [], remarks }
    const Rules = [...found.filter(({ ID }) => ID !== id), rule]
    const input = {
      Bucket: name,
      ExpectedBucketOwner: account,
      LifecycleConfiguration: { Rules },
      ...sizeOf(minimumSize),
    }
    return {
      state: own === undefined ? 'missing' : 'differs',
      differences: own === undefined ? [] : [`its rule ${id} differs`],
      steps: [
        {
          does: `Let the bucket ${name} ${wordsOf(wanted)}, by the rule ${id}${besides(Rules.length - 1)}.`,
          call: { operation: 's3:PutBucketLifecycleConfiguration', input },
        },
      ],
      remarks,
    }
  },

  remove({ name, account, id }, { rules: found, minimumSize }) {
    const Rules = found.filter(({ ID }) => ID !== id)
    if (Rules.length === found.length) return { steps: [] }
    const own = { Bucket: name, ExpectedBucketOwner: account }
    const does = `Take the rule ${id} out of the lifecycle of the bucket ${name}.`
    return Rules.length === 0
      ? { steps: [{ does, call: { operation: 's3:DeleteBucketLifecycle', input: own } }] }
      : {
          steps: [
            {
              does,
              call: {
                operation: 's3:PutBucketLifecycleConfiguration',
                input: { ...own, LifecycleConfiguration: { Rules: [...Rules] }, ...sizeOf(minimumSize) },
              },
            },
          ],
        }
  },
}

/** As it was read (API reference, PutBucketLifecycleConfiguration). */
function sizeOf(
  minimumSize: TransitionDefaultMinimumObjectSize | undefined,
): Pick<PutBucketLifecycleConfigurationCommandInput, 'TransitionDefaultMinimumObjectSize'> {
  return minimumSize === undefined ? {} : { TransitionDefaultMinimumObjectSize: minimumSize }
}

function ruleOf({ id, prefix, transitions, expireDays }: WantedLifecycle): LifecycleRule {
  return {
    ID: id,
    Status: 'Enabled',
    Filter: { Prefix: prefix },
    ...(transitions.length === 0
      ? {}
      : { Transitions: transitions.map(({ days, storageClass }) => ({ Days: days, StorageClass: storageClass })) }),
    ...(expireDays === undefined ? {} : { Expiration: { Days: expireDays } }),
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
  }
}

/** Without what S3 adds or leaves out when it reads a rule back. */
function comparable({ Status, Filter, Prefix, Transitions = [], Expiration }: LifecycleRule): object {
  return { Status, prefix: Filter?.Prefix ?? Prefix ?? '', Transitions, days: Expiration?.Days }
}

function wordsOf({ prefix, transitions, expireDays }: WantedLifecycle): string {
  const moves = transitions.map(({ days, storageClass }) => `move objects to ${storageClass} after ${days} days`)
  const ends = expireDays === undefined ? [] : [`delete them after ${expireDays} days`]
  const of = prefix === '' ? '' : ` (of the prefix ${prefix})`
  return [...moves, ...ends].join(', ') + of
}

function besides(count: number): string {
  return count === 0 ? '' : `, beside ${count} of others`
}

function archiveRemarks({ transitions }: WantedLifecycle): string[] {
  const archives = transitions.filter(({ storageClass }) => ['GLACIER', 'DEEP_ARCHIVE'].includes(storageClass))
  return archives.map(
    ({ days, storageClass }) =>
      `Objects in ${storageClass} have to be restored before they can be loaded again: what is not loaded within ${days} days waits for that.`,
  )
}
