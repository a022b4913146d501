import { MillraceError } from '../errors.ts'
import { encodePath } from './encode.ts'
import type { Endpoint } from './endpoints.ts'

/** How a bucket stands in a URL: in the host, in the path, or in the host where that is possible. */
export type UrlStyle = 'auto' | 'virtual' | 'path'

/** Where a bucket's requests go. */
export interface BucketAddress {
  readonly origin: string
  readonly host: string
  /** Of the bucket itself, encoded; ends with a slash. An encoded key follows it. */
  readonly path: string
}

/** Names that can be a label of a host and are covered by the certificate of `*.s3.region.amazonaws.com`. */
const label = /^[a-z\d][a-z\d-]{1,61}[a-z\d]$/
/** All names that there have ever been (S3 User Guide, "Bucket naming rules"): old ones in us-east-1 have capitals and underscores. */
const bucketName = /^[\w.-]{3,255}$/

/** The address of a bucket. Throws USAGE for what can be no bucket's name. */
export function bucketAddress(endpoint: Endpoint, bucket: string, style: UrlStyle): BucketAddress {
  if (!bucketName.test(bucket) || bucket === '...')
    throw new MillraceError('USAGE', `${bucket} is no name of a bucket. Give s3://bucket/prefix.`)
  const isVirtual = style === 'virtual' || (style === 'auto' && !endpoint.isCustom && label.test(bucket))
  if (!isVirtual)
    return { origin: endpoint.origin, host: endpoint.host, path: `${encodePath(endpoint.basePath)}/${bucket}/` }
  const scheme = endpoint.origin.slice(0, endpoint.origin.indexOf('://'))
  const host = `${bucket}.${endpoint.host}`
  return { origin: `${scheme}://${host}`, host, path: `${encodePath(endpoint.basePath)}/` }
}
