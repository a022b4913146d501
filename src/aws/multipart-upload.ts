import { type FileHandle, open } from 'node:fs/promises'
import { MillraceError } from '../errors.ts'
import type { BucketHttp } from './bucket-http.ts'
import { answerIn } from './delete-objects.ts'
import { encodeQuery } from './encode.ts'
import type { HttpAnswer } from './pools.ts'
import { type PutRequest, md5, putHeaders, writeHeaders } from './put-object.ts'
import { ServiceFailure, headerOf, isPassing } from './service-failure.ts'
import { textOf } from './xml.ts'

/** S3 takes no more parts of an object (S3 User Guide, "Amazon S3 multipart upload limits"). */
const mostParts = 10_000
const maxAnswerBytes = 64 * 1024

/** A file of this machine on its way into an object. */
export interface FileUpload extends PutRequest {
  readonly path: string
  /** Bytes of the file. */
  readonly size: number
  /** Bytes of a part, of which one at a time is in memory; more where the parts would be too many. */
  readonly partBytes: number
}

/** Writes a file as an object, part by part. What has come of one that fails is given up, so that nobody pays for it. */
export async function uploadParts(buckets: BucketHttp, upload: FileUpload): Promise<void> {
  const { bucket, key, path, size } = upload
  const partBytes = Math.max(upload.partBytes, Math.ceil(size / mostParts))
  const subject = buckets.subject(bucket, key, 's3:PutObject', key)
  await buckets.explained(subject, async () => {
    const file = await open(path, 'r')
    try {
      const uploadId = await begin(buckets, upload)
      try {
        const etags: string[] = []
        const bytes = Buffer.allocUnsafeSlow(Math.min(partBytes, size))
        for (let start = 0; start < size; start += partBytes) {
          const part = bytes.subarray(0, Math.min(partBytes, size - start))
          await readAll(file, part, start, path)
          etags.push(await sendPart(buckets, upload, { uploadId, partNumber: String(etags.length + 1) }, part))
        }
        await complete(buckets, upload, uploadId, etags)
      } catch (error) {
        await send(buckets, { ...upload, signal: undefined }, { method: 'DELETE', query: { uploadId } }).catch(
          () => undefined,
        )
        throw error
      }
    } finally {
      await file.close()
    }
  })
}

async function begin(buckets: BucketHttp, upload: FileUpload): Promise<string> {
  const { body } = await send(buckets, upload, { method: 'POST', query: { uploads: '' }, headers: putHeaders(upload) })
  const uploadId = textOf(answerIn(body.toString('utf8'), 'InitiateMultipartUploadResult', upload.key), 'UploadId')
  if (uploadId !== undefined && uploadId !== '') return uploadId
  throw unknownAnswer(upload, 'the upload has no id')
}

async function sendPart(
  buckets: BucketHttp,
  upload: FileUpload,
  query: Readonly<Record<string, string>>,
  body: Uint8Array,
): Promise<string> {
  const headers = { ...writeHeaders(upload), 'content-md5': md5(body) }
  const { headers: answered } = await send(buckets, upload, { method: 'PUT', query, headers, body })
  const etag = headerOf(answered, 'etag')
  if (etag !== undefined) return etag
  throw unknownAnswer(upload, 'a part has no ETag')
}

/** S3 may begin its answer with 200 and go on with an error. */
async function complete(
  buckets: BucketHttp,
  upload: FileUpload,
  uploadId: string,
  etags: readonly string[],
): Promise<void> {
  const parts = etags.map((etag, index) => {
    const quoted = etag.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
    return `<Part><ETag>${quoted}</ETag><PartNumber>${index + 1}</PartNumber></Part>`
  })
  const body = `<?xml version="1.0" encoding="UTF-8"?><CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts.join('')}</CompleteMultipartUpload>`
  const attempts = buckets.http.attempts(upload.signal)
  for (;;) {
    const headers = { ...writeHeaders(upload), 'content-type': 'application/xml' }
    const answer = await send(buckets, upload, { method: 'POST', query: { uploadId }, headers, body })
    try {
      answerIn(answer.body.toString('utf8'), 'CompleteMultipartUploadResult', upload.key)
      return
    } catch (error) {
      if (!(error instanceof ServiceFailure) || !isPassing(error)) throw error
      await attempts.afterFailure(error)
    }
  }
}

interface Sent {
  readonly method: 'POST' | 'PUT' | 'DELETE'
  readonly query: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

function send(buckets: BucketHttp, upload: FileUpload, { method, query, headers, body }: Sent): Promise<HttpAnswer> {
  const { bucket, key, signal } = upload
  return buckets.inRegion(bucket, signal, (region) =>
    buckets.http.send(
      buckets.request({
        bucket,
        region,
        key,
        method,
        query: encodeQuery(query),
        headers: headers ?? writeHeaders(upload),
        body,
        signal,
      }),
      maxAnswerBytes,
    ),
  )
}

async function readAll(file: FileHandle, into: Buffer, start: number, path: string): Promise<void> {
  for (let at = 0; at < into.length;) {
    const { bytesRead } = await file.read(into, at, into.length - at, start + at)
    if (bytesRead === 0)
      throw new MillraceError('FILE_TRUNCATED', `${path} became shorter while it was sent. Try again.`)
    at += bytesRead
  }
}

function unknownAnswer({ bucket, key }: FileUpload, why: string): MillraceError {
  return new MillraceError(
    'SOURCE_REFUSED',
    `s3://${bucket}/${key} could not be written: ${why}. If AWS_ENDPOINT_URL is set, see whether S3 is spoken there.`,
  )
}
