import type { Kind, WantedBase } from '../resource.ts'
import { unless } from '../refusals.ts'
import { isSame } from '../policy.ts'
import { isOwnBucket, noBucket } from './bucket.ts'

/** Named by its bucket. */
export interface WantedAccessBlock extends WantedBase {
  readonly kind: 'public access block'
  readonly setup: string
  readonly account: string
  /** The user asked for it, so that it is set on a bucket that was there before too. */
  readonly isAsked: boolean
}

interface FoundAccessBlock {
  readonly isOwn: boolean
  readonly block: Readonly<Record<string, boolean | undefined>>
}

const all = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true }

export const accessBlockKind: Kind<WantedAccessBlock, FoundAccessBlock> = {
  async read({ name: bucket, account, setup }, on) {
    const isOwn = await isOwnBucket(on, { bucket, account, setup })
    if (isOwn === undefined) return undefined
    const s3 = await on.s3()
    const asked = s3.getPublicAccessBlock({ Bucket: bucket, ExpectedBucketOwner: account })
    const answer = await unless(['NoSuchPublicAccessBlockConfiguration', ...noBucket], asked)
    return { isOwn, block: { ...answer?.PublicAccessBlockConfiguration } }
  },

  compare({ name, account, isAsked }, found) {
    if (found !== undefined && isSame(found.block, all)) return { state: 'same', differences: [], steps: [] }
    const open = Object.keys(all).filter((key) => found?.block[key] !== true)
    const differences = found === undefined ? [] : [`${open.join(', ')} ${open.length === 1 ? 'is' : 'are'} off`]
    if (found?.isOwn === false && !isAsked) return { state: 'foreign', differences, steps: [] }
    const input = { Bucket: name, ExpectedBucketOwner: account, PublicAccessBlockConfiguration: all }
    return {
      state: found === undefined || open.length === 4 ? 'missing' : 'differs',
      differences,
      steps: [
        {
          does: `Block all public access to the bucket ${name}.`,
          call: { operation: 's3:PutPublicAccessBlock', input },
        },
      ],
    }
  },

  remove: ({ name }, { isOwn }) => ({
    steps: [],
    remarks: isOwn ? [] : [`Public access to the bucket ${name} stays blocked as it is.`],
  }),
}
