import type { S3 } from '@aws-sdk/client-s3'
import { MillraceError } from '../errors.ts'

export interface EmptyBucketInput {
  readonly Bucket: string
  /** Of the account that owns it. */
  readonly ExpectedBucketOwner: string
}

/** Deletes all objects of a bucket with all their versions, a page at a time. */
export async function emptyBucket(s3: S3, { Bucket, ExpectedBucketOwner }: EmptyBucketInput): Promise<object> {
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await s3.listObjectVersions({ Bucket, ExpectedBucketOwner })
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }))
    if (Objects.length === 0) return {}
    const { Errors = [] } = await s3.deleteObjects({ Bucket, ExpectedBucketOwner, Delete: { Objects, Quiet: true } })
    const [first] = Errors
    if (first !== undefined)
      throw new MillraceError(
        'SOURCE_REFUSED',
        `${Errors.length} objects of the bucket ${Bucket} were not deleted; s3://${Bucket}/${first.Key ?? ''} because of ${first.Code ?? 'an error'} (${first.Message ?? ''}). See whether a policy or a lock holds them.`,
      )
  }
}
