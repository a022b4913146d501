import type { BucketLocationConstraint, Tag } from '@aws-sdk/client-s3'
import { isRegion } from '../../aws/endpoints.ts'
import type { Clients } from '../clients.ts'
import type { Kind, WantedBase } from '../resource.ts'
import { refusalCode, unless } from '../refusals.ts'
import { type Step, isMadeBy, setupTags } from '../step.ts'

/** The bucket that logs go to: made where it is missing, used as it is where it is there. */
export interface WantedBucket extends WantedBase {
  readonly kind: 'bucket'
  readonly setup: string
  readonly account: string
  readonly region: string
}

interface FoundBucket {
  readonly region: string | undefined
  readonly ownership: Ownership
  readonly hasObjects: boolean
  /** Somebody else's, or this identity may not see it. */
  readonly isRefused: boolean
}

/** Whose a bucket is, as its tags tell. `unmarked`: empty and without any tag, as one whose making was cut off. */
export type Ownership = 'own' | 'unmarked' | 'others'

export const bucketKind: Kind<WantedBucket, FoundBucket> = {
  async read({ name: Bucket, account: ExpectedBucketOwner, setup }, on) {
    const s3 = await on.s3()
    try {
      const head = await unless(noBucket, s3.headBucket({ Bucket, ExpectedBucketOwner }))
      if (head === undefined) return undefined
      const asked = { bucket: Bucket, account: ExpectedBucketOwner, setup }
      const hasObjects = await holdsObjects(on, asked)
      const ownership = (await ownershipOf(on, asked, hasObjects)) ?? 'others'
      return { region: head.BucketRegion, ownership, hasObjects, isRefused: false }
    } catch (error) {
      if (!['Forbidden', 'AccessDenied'].includes(refusalCode(error))) throw error
      return { region: undefined, ownership: 'others', hasObjects: true, isRefused: true }
    }
  },

  compare({ name, setup, account, region }, found) {
    const marks = setupTags(setup)
    if (found === undefined) {
      // The first region has no name here (API reference, CreateBucket).
      const location = region !== 'us-east-1' && isLocation(region) ? { LocationConstraint: region } : {}
      const input = { Bucket: name, CreateBucketConfiguration: { ...location, Tags: marks } }
      return {
        state: 'missing',
        differences: [],
        steps: [
          { does: `Make the bucket ${name} in ${region}.`, call: { operation: 's3:CreateBucket', input } },
          markStep(name, account, marks),
        ],
      }
    }
    if (found.isRefused)
      return {
        state: 'foreign',
        differences: [],
        steps: [],
        obstacle: `The bucket ${name} is there, but belongs to another account than ${account}, or may not be seen by this identity. Take another name, or allow s3:ListBucket, s3:ListBucketVersions and s3:GetBucketTagging on it.`,
      }
    if (found.region !== undefined && found.region !== region)
      return {
        state: 'foreign',
        differences: [`it is in ${found.region}, not in ${region}`],
        steps: [],
        obstacle: `The bucket ${name} is in ${found.region}, and a queue that it notifies must be there too. Set up that region (--region ${found.region}), or take another bucket.`,
      }
    if (found.ownership === 'own') return { state: 'same', differences: [], steps: [] }
    if (found.ownership === 'others')
      return {
        state: 'foreign',
        differences: [],
        steps: [],
        remarks: [
          `The bucket ${name} was there before. It is used as it is: what is merged into it can be taken out again, and it is never deleted.`,
        ],
      }
    return {
      state: 'differs',
      differences: ['it is empty and bears no tag, as if its making had been cut off'],
      steps: [markStep(name, account, marks)],
    }
  },

  remove({ name, account }, { ownership, hasObjects }, { deleteData }) {
    const remark = (sentence: string): { steps: []; remarks: string[] } => ({ steps: [], remarks: [sentence] })
    if (ownership !== 'own') return remark(`The bucket ${name} stays: this setup has not made it.`)
    if (hasObjects && deleteData !== name)
      return remark(`The bucket ${name} stays, since it holds objects. To delete them too, add --delete-data ${name}.`)
    const own = { Bucket: name, ExpectedBucketOwner: account }
    return {
      steps: [
        ...(hasObjects
          ? [
              {
                does: `Delete all objects of the bucket ${name}, with all their versions. They cannot be had back.`,
                call: { operation: 's3:EmptyBucket', input: own } as const,
              },
            ]
          : []),
        { does: `Delete the bucket ${name}.`, call: { operation: 's3:DeleteBucket', input: own } },
      ],
    }
  },

  facts: (_wanted, { hasObjects, isRefused }) =>
    isRefused ? [] : [hasObjects ? 'It holds objects.' : 'It holds no objects yet.'],
}

/** AWS has more regions than the SDK's type knows. */
function isLocation(region: string): region is BucketLocationConstraint {
  return isRegion(region)
}

function markStep(bucket: string, account: string, tags: { Key: string; Value: string }[]): Step {
  const input = { Bucket: bucket, ExpectedBucketOwner: account, Tagging: { TagSet: tags } }
  return { does: `Mark the bucket ${bucket} as made by this setup.`, call: { operation: 's3:PutBucketTagging', input } }
}

interface BucketAsked {
  readonly bucket: string
  readonly account: string
  readonly setup: string
}

async function ownershipOf(on: Clients, asked: BucketAsked, hasObjects: boolean): Promise<Ownership | undefined> {
  const tags = await bucketTags(on, asked)
  if (tags === undefined) return undefined
  if (isMadeBy(asked.setup, tags)) return 'own'
  return tags.length === 0 && !hasObjects ? 'unmarked' : 'others'
}

/** Whether a setup has made a bucket, or was cut off while it did; undefined where there is none. */
export async function isOwnBucket(on: Clients, asked: BucketAsked): Promise<boolean | undefined> {
  const own = await ownershipOf(on, asked, false)
  if (own !== 'unmarked') return own === undefined ? undefined : own === 'own'
  return !(await holdsObjects(on, asked))
}

async function holdsObjects(on: Clients, { bucket: Bucket, account }: BucketAsked): Promise<boolean> {
  const s3 = await on.s3()
  const asked = s3.listObjectVersions({ Bucket, ExpectedBucketOwner: account, MaxKeys: 1 })
  const page = await unless(noBucket, asked)
  return (page?.Versions?.length ?? 0) + (page?.DeleteMarkers?.length ?? 0) > 0
}

async function bucketTags(on: Clients, { bucket, account }: BucketAsked): Promise<Tag[] | undefined> {
  const s3 = await on.s3()
  try {
    return (await s3.getBucketTagging({ Bucket: bucket, ExpectedBucketOwner: account })).TagSet ?? []
  } catch (error) {
    if (refusalCode(error) === 'NoSuchTagSet') return []
    if (noBucket.includes(refusalCode(error))) return undefined
    throw error
  }
}

/** What S3 says where there is no such bucket. */
export const noBucket = ['NoSuchBucket', 'NotFound']
