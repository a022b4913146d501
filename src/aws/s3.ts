import type { Readable } from 'node:stream'
import { MillraceError } from '../errors.ts'
import type { Attempts } from './attempts.ts'
import { BucketHttp, type S3Options, baseHeaders } from './bucket-http.ts'
import { type BucketNotification, readBucketNotification } from './bucket-notification.ts'
import { encodeQuery } from './encode.ts'
import type { Subject } from './explain.ts'
import { type GetRequest, type HeadFacts, type ObjectFacts, archiveOf, explainObject, readFacts } from './get-object.ts'
import { type ListPage, type ListRequest, type ListedObject, listParameters, readPage } from './list-objects.ts'
import type { HttpAnswer, OpenAnswer } from './pools.ts'
import { ResumingBody } from './resuming-body.ts'
import { ServiceFailure, isElsewhere } from './service-failure.ts'
import type { AwsRequest, SignedHttp } from './signed-http.ts'

/** An object under way. */
export interface OpenObject {
  readonly facts: ObjectFacts
  /** Of exactly `facts.size` bytes, or it fails. Destroy it when it is not read to its end. */
  readonly body: Readable
}

/** An object in memory. */
export interface WholeObject {
  readonly facts: ObjectFacts
  readonly bytes: Buffer
}

/** A page has at most 1000 objects with keys of at most 1024 bytes, each of which may take three. */
const maxPageBytes = 32 * 2 ** 20

/**
 * Lists buckets and reads objects. Regions are found out, and kept by bucket. Errors are MillraceErrors: FILE_CHANGED, FILE_VANISHED, FILE_ARCHIVED and
 * FILE_TRUNCATED are about one object; SOURCE_MISSING, ACCESS_DENIED, CREDENTIALS_INVALID, CLOCK_SKEWED, SOURCE_UNAVAILABLE and SOURCE_REFUSED
 * about the way to it. An aborted signal's reason is thrown as it is.
 */
export class S3Client {
  private readonly buckets: BucketHttp
  private readonly http: SignedHttp

  constructor(options: S3Options) {
    this.buckets = new BucketHttp(options)
    this.http = this.buckets.http
  }

  /** Pages of objects, in the order of their keys' UTF-8 bytes. An empty bucket gives one empty page. */
  async *listObjects(request: ListRequest): AsyncGenerator<readonly ListedObject[], void> {
    let token: string | undefined
    do {
      const page = await this.listPage(request, token)
      yield page.objects
      token = page.next
    } while (token !== undefined)
  }

  /** One page; `token` is what the page before gave as `next`. */
  async listPage(request: ListRequest, token?: string): Promise<ListPage> {
    const { bucket, prefix = '', signal } = request
    const subject = this.buckets.subject(bucket, prefix, 's3:ListBucket')
    const query = encodeQuery(listParameters(request, token))
    const body = await this.buckets.explained(subject, () =>
      this.buckets.inRegion(bucket, signal, async (region) => {
        const asked = this.buckets.request({ bucket, region, query, headers: sentHeaders(request), signal })
        return (await this.http.send(asked, maxPageBytes)).body.toString('utf8')
      }),
    )
    const page = readPage(body, subject.name)
    if (page.next === undefined || page.next !== token) return page
    throw new MillraceError(
      'SOURCE_REFUSED',
      `The list of ${subject.name} goes in circles. If AWS_ENDPOINT_URL is set, see whether S3 is spoken there.`,
    )
  }

  /** Opens an object. Its body goes on by itself after a lost connection. */
  async getObject(request: GetRequest): Promise<OpenObject> {
    const subject = this.objectSubject(request)
    const attempts = this.http.attempts(request.signal)
    return this.explained(subject, async () => {
      const { headers, body } = await this.open(request, attempts)
      try {
        const facts = readFacts(headers, request, subject.name)
        const sameContent = { ...request, ifMatch: facts.etag === '' ? undefined : facts.etag }
        const resume = (from: number): Promise<OpenAnswer> => this.open(sameContent, attempts, from)
        const told = (error: unknown): unknown => this.explanation(error, subject)
        return { facts, body: new ResumingBody({ body, size: facts.size, attempts, resume, explain: told }) }
      } catch (error) {
        body.destroy()
        throw error
      }
    })
  }

  /** Reads an object whose size is known into memory: the fast way for small ones. */
  getObjectBytes(request: GetRequest & { readonly size: number }): Promise<WholeObject> {
    const subject = this.objectSubject(request)
    return this.explained(subject, () =>
      this.buckets.inRegion(request.bucket, request.signal, async (region) => {
        const answer = await this.http.send(this.objectRequest(request, region), request.size)
        return { facts: readFacts(answer.headers, request, subject.name), bytes: answer.body }
      }),
    )
  }

  /** Asks for an object's facts without its bytes. Needs `s3:GetObject`, as reading it does. */
  headObject(request: GetRequest): Promise<HeadFacts> {
    const subject = this.objectSubject(request)
    return this.explained(subject, () =>
      this.buckets.inRegion(request.bucket, request.signal, async (region) => {
        const { headers } = await this.head(request, region)
        return { ...readFacts(headers, request, subject.name), archive: archiveOf(headers) }
      }),
    )
  }

  /** Whom the bucket notifies of new objects. */
  bucketNotification(bucket: string, signal?: AbortSignal): Promise<BucketNotification> {
    const subject = this.buckets.subject(bucket, '', 's3:GetBucketNotification')
    return this.buckets.explained(subject, () =>
      this.buckets.inRegion(bucket, signal, async (region) => {
        const query = encodeQuery({ notification: '' })
        const request = this.buckets.request({ bucket, region, query, headers: baseHeaders, signal })
        const { body } = await this.http.send(request, maxPageBytes)
        return readBucketNotification(body.toString('utf8'), subject.name)
      }),
    )
  }

  /** The region that a bucket is in, asked for once. Needs no permission: S3 tells it with a refusal as well. */
  bucketRegion(bucket: string, signal?: AbortSignal): Promise<string> {
    const subject = this.buckets.subject(bucket, '', 's3:ListBucket')
    return this.buckets.explained(subject, () => this.buckets.regionOf(bucket, signal))
  }

  /** A refusal of HEAD has no body: then a GET, whose body is not read, says why. */
  private async head(request: GetRequest, region: string): Promise<HttpAnswer> {
    const send = (): Promise<HttpAnswer> =>
      this.http.send({ ...this.objectRequest(request, region), method: 'HEAD' }, 0)
    try {
      return await send()
    } catch (error) {
      if (!(error instanceof ServiceFailure) || !isRefusal(error) || isElsewhere(error, region)) throw error
      const attempts = this.http.attempts(request.signal)
      const { body } = await this.http.open(this.objectRequest(request, region), attempts)
      body.destroy()
      return send()
    }
  }

  private open(request: GetRequest, attempts: Attempts, from?: number): Promise<OpenAnswer> {
    return this.buckets.inRegion(request.bucket, request.signal, (region) =>
      this.http.open(this.objectRequest(request, region, from), attempts),
    )
  }

  private objectRequest(request: GetRequest, region: string, from?: number): AwsRequest {
    const { bucket, key, versionId, signal } = request
    const headers = sentHeaders(request)
    if (from !== undefined) headers['range'] = `bytes=${from}-`
    return this.buckets.request({ bucket, region, key, query: encodeQuery({ versionId }), headers, signal })
  }

  private objectSubject({ bucket, key, versionId }: GetRequest): Subject {
    const action = versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion'
    return this.buckets.subject(bucket, key, action, key)
  }

  private async explained<Result>(subject: Subject, run: () => Promise<Result>): Promise<Result> {
    try {
      return await run()
    } catch (error) {
      throw this.explanation(error, subject)
    }
  }

  private explanation(error: unknown, subject: Subject): unknown {
    return explainObject(error, subject.name) ?? this.buckets.explanation(error, subject)
  }
}

/** An error that only its body names; 412 says it all. */
function isRefusal({ status, code }: ServiceFailure): boolean {
  return code === '' && status >= 400 && status < 500 && status !== 412 && status !== 429
}

function sentHeaders({
  ifMatch,
  requesterPays,
}: Pick<GetRequest, 'ifMatch' | 'requesterPays'>): Record<string, string> {
  const headers: Record<string, string> = { ...baseHeaders }
  if (ifMatch !== undefined) headers['if-match'] = `"${ifMatch}"`
  if (requesterPays === true) headers['x-amz-request-payer'] = 'requester'
  return headers
}
