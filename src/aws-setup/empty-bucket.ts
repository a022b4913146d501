import type { S3 } from '@aws-sdk/client-s3'
import { MillraceError } from '../errors.ts'

export interface EmptyBucketInput {
  readonly Bucket: string
  /** Of the account that owns it. */
  readonly ExpectedBucketOwner: string
}

/** Deletes all objects of a bucket with all their versions, a page at a time. The signal ends it between two pages. */
export async function emptyBucket(
  s3: S3,
  { Bucket, ExpectedBucketOwner }: EmptyBucketInput,
  signal: AbortSignal | undefined,
): Promise<object> {
  for (let deleted = 0; ;) {
    if (signal?.aborted === true)
      throw new MillraceError(
        'QUERY_CANCELLED',
        `It was stopped while the bucket ${Bucket} was emptied: ${deleted} deleted, what is left is still there.`,
      )
    const { Versions = [], DeleteMarkers = [] } = await s3.listObjectVersions({ Bucket, ExpectedBucketOwner })
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }))
    if (Objects.length === 0) return {}
    const { Errors = [] } = await s3.deleteObjects({ Bucket, ExpectedBucketOwner, Delete: { Objects, Quiet: true } })
    deleted += Objects.length - Errors.length
    const [first] = Errors
    if (first !== undefined)
      throw new MillraceError(
        'SOURCE_REFUSED',
        `${Errors.length} objects of the bucket ${Bucket} were not deleted; s3://${Bucket}/${first.Key ?? ''} because of ${first.Code ?? 'an error'} (${first.Message ?? ''}). See whether a policy or a lock holds them.`,
      )
  }
}
