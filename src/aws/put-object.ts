import { hash } from 'node:crypto'
import { baseHeaders } from './bucket-http.ts'

/** How S3 keeps what is written: as the bucket says, unless more is said. */
export interface Keeping {
  readonly encryption?: 'AES256' | 'aws:kms' | undefined
  /** The key of `aws:kms`, by its id or ARN; AWS's own without it. */
  readonly kmsKeyId?: string | undefined
  readonly acl?: 'bucket-owner-full-control' | undefined
}

/** Which object to write. */
export interface PutRequest extends Keeping {
  readonly bucket: string
  readonly key: string
  /** Such as `text/csv`. */
  readonly contentType?: string | undefined
  /** The caller pays for requests to a bucket where the owner does not. */
  readonly requesterPays?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** Of the request that begins an object (API reference, PutObject and CreateMultipartUpload). */
export function putHeaders({ contentType, encryption, kmsKeyId, acl, ...request }: PutRequest): Record<string, string> {
  return given({
    ...writeHeaders(request),
    'content-type': contentType ?? 'application/octet-stream',
    'x-amz-server-side-encryption': encryption,
    'x-amz-server-side-encryption-aws-kms-key-id': encryption === 'aws:kms' ? kmsKeyId : undefined,
    'x-amz-acl': acl,
  })
}

/** Of every request that changes a bucket. */
export function writeHeaders({ requesterPays }: Pick<PutRequest, 'requesterPays'>): Record<string, string> {
  return given({ ...baseHeaders, 'x-amz-request-payer': requesterPays === true ? 'requester' : undefined })
}

/** What S3 verifies a body by, besides the hash that is signed: buckets with Object Lock refuse to be without. */
export function md5(body: string | Uint8Array): string {
  return hash('md5', body, 'base64')
}

function given(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const all: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) all[name] = value
  return all
}
