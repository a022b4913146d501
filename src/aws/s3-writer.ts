import { readFile, stat } from 'node:fs/promises'
import { BucketHttp, type S3Options } from './bucket-http.ts'
import { deleteBody, deletedAtOnce, isXmlText, readRefusals } from './delete-objects.ts'
import { encodeQuery } from './encode.ts'
import type { Subject } from './explain.ts'
import { uploadParts } from './multipart-upload.ts'
import { type PutRequest, md5, putHeaders, writeHeaders } from './put-object.ts'
import { type ServiceFailure, isPassing } from './service-failure.ts'

/** Of an answer to a change. */
const maxAnswerBytes = 4 * 2 ** 20

/** How large files are sent; sizes in bytes. */
export interface S3WriterOptions extends S3Options {
  /** Files up to this size go in one request, and are in memory for it. */
  readonly wholeBytes?: number | undefined
  readonly partBytes?: number | undefined
}

/** Which objects to delete. */
export interface DeleteRequest {
  readonly bucket: string
  readonly keys: readonly string[]
  /** The caller pays for requests to a bucket where the owner does not. */
  readonly requesterPays?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** Changes buckets. Errors are those of S3Client, and name the action that is lacked. */
export class S3Writer {
  private readonly buckets: BucketHttp
  private readonly wholeBytes: number
  private readonly partBytes: number

  constructor({ wholeBytes = 64 * 2 ** 20, partBytes = 16 * 2 ** 20, ...options }: S3WriterOptions) {
    this.buckets = new BucketHttp(options)
    this.wholeBytes = wholeBytes
    this.partBytes = partBytes
  }

  /** Writes bytes as an object. */
  async putObject(request: PutRequest & { readonly body: Uint8Array }): Promise<void> {
    const { bucket, key, body, signal } = request
    await this.explained(request, () =>
      this.buckets.inRegion(bucket, signal, (region) => {
        const headers = { ...putHeaders(request), 'content-md5': md5(body) }
        const asked = this.buckets.request({ bucket, region, key, method: 'PUT', headers, body, signal })
        return this.buckets.http.send(asked, maxAnswerBytes)
      }),
    )
  }

  /** Writes a file of this machine as an object; gives its bytes. */
  async putFile(request: PutRequest & { readonly path: string }): Promise<number> {
    const { path } = request
    const { size } = await stat(path)
    if (size <= this.wholeBytes) await this.putObject({ ...request, body: await readFile(path) })
    else {
      await this.knowRegion(request)
      await uploadParts(this.buckets, { ...request, size, partBytes: this.partBytes })
    }
    return size
  }

  /** Deletes objects, in any number; gives errors by the keys of those that are still there. An object that is not there counts as deleted. */
  async deleteObjects(request: DeleteRequest): Promise<ReadonlyMap<string, unknown>> {
    const faults = new Map<string, unknown>()
    const keys = request.keys.filter(isXmlText)
    for (let start = 0; start < keys.length; start += deletedAtOnce) {
      const refusals = await this.deleteTogether({ ...request, keys: keys.slice(start, start + deletedAtOnce) })
      for (const [key, failure] of refusals)
        faults.set(key, this.buckets.explanation(failure, this.subject(request.bucket, key)))
    }
    for (const key of request.keys.filter((one) => !isXmlText(one))) {
      const fault = await this.deleteAlone(request, key).catch((error: unknown) => error)
      request.signal?.throwIfAborted()
      if (fault !== undefined) faults.set(key, fault)
    }
    return faults
  }

  /** What passes by itself is tried again for the objects that it hit. */
  private async deleteTogether(
    request: DeleteRequest,
    attempts = this.buckets.http.attempts(request.signal),
  ): Promise<Map<string, ServiceFailure>> {
    const refusals = await this.sendDeletion(request)
    const passing = [...refusals].filter(([, failure]) => isPassing(failure))
    const [first] = passing
    if (first === undefined) return refusals
    try {
      await attempts.afterFailure(first[1])
    } catch {
      request.signal?.throwIfAborted()
      return refusals
    }
    for (const [key] of passing) refusals.delete(key)
    const again = await this.deleteTogether({ ...request, keys: passing.map(([key]) => key) }, attempts)
    return new Map([...refusals, ...again])
  }

  private sendDeletion(request: DeleteRequest): Promise<Map<string, ServiceFailure>> {
    const { bucket, keys, signal } = request
    const subject = this.buckets.subject(bucket, '', 's3:DeleteObject')
    const body = deleteBody(keys)
    // Without a checksum S3 refuses to delete.
    const headers = { ...writeHeaders(request), 'content-type': 'application/xml', 'content-md5': md5(body) }
    const query = encodeQuery({ delete: '' })
    return this.buckets.explained(subject, () =>
      this.buckets.inRegion(bucket, signal, async (region) => {
        const asked = this.buckets.request({ bucket, region, method: 'POST', query, headers, body, signal })
        const answer = await this.buckets.http.send(asked, maxAnswerBytes)
        return readRefusals(answer.body.toString('utf8'), subject.name)
      }),
    )
  }

  private async deleteAlone(request: DeleteRequest, key: string): Promise<undefined> {
    const { bucket, signal } = request
    await this.buckets.explained(this.subject(bucket, key), () =>
      this.buckets.inRegion(bucket, signal, (region) => {
        const headers = writeHeaders(request)
        return this.buckets.http.send(
          this.buckets.request({ bucket, region, key, method: 'DELETE', headers, signal }),
          maxAnswerBytes,
        )
      }),
    )
  }

  private async explained<Result>(request: PutRequest, run: () => Promise<Result>): Promise<Result> {
    const { bucket, key } = request
    await this.knowRegion(request)
    return this.buckets.explained(this.buckets.subject(bucket, key, 's3:PutObject', key), run)
  }

  /** Another region refuses a request before it has taken the body, which looks like a lost connection. */
  private async knowRegion({ bucket, signal }: PutRequest): Promise<void> {
    await this.buckets.regionOf(bucket, signal).catch(() => undefined)
    signal?.throwIfAborted()
  }

  private subject(bucket: string, key: string): Subject {
    return this.buckets.subject(bucket, key, 's3:DeleteObject', key)
  }
}
