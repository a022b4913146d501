import type { Readable } from 'node:stream'
import { MillraceError } from '../errors.ts'
import type { Attempts } from './attempts.ts'
import { type UrlStyle, bucketAddress } from './bucket-address.ts'
import { encodePath, encodeQuery } from './encode.ts'
import { type Endpoints, partitionOf } from './endpoints.ts'
import { type Subject, explain } from './explain.ts'
import { type GetRequest, type ObjectFacts, explainObject, readFacts } from './get-object.ts'
import { type ListPage, type ListRequest, type ListedObject, listParameters, readPage } from './list-objects.ts'
import type { OpenAnswer } from './pools.ts'
import { ResumingBody } from './resuming-body.ts'
import { ServiceFailure, headerOf, isElsewhere } from './service-failure.ts'
import { type AwsRequest, SignedHttp, type SignedHttpOptions } from './signed-http.ts'

/** What an S3 client is made of. Several may share pools; each has credentials of its own. */
export interface S3Options extends SignedHttpOptions {
  readonly endpoints: Endpoints
  /** Where buckets are looked for first, such as `eu-west-1`. */
  readonly region: string
  /** `auto` puts the bucket into the host where AWS's certificate allows it, and into the path for custom endpoints. */
  readonly urlStyle?: UrlStyle | undefined
}

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
  private readonly http: SignedHttp
  private readonly endpoints: Endpoints
  private readonly region: string
  private readonly urlStyle: UrlStyle
  private readonly regions = new Map<string, string>()

  constructor({ endpoints, region, urlStyle = 'auto', ...http }: S3Options) {
    this.http = new SignedHttp(http)
    this.endpoints = endpoints
    this.region = region
    this.urlStyle = urlStyle
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
    const subject = this.subject(bucket, prefix, 's3:ListBucket')
    const query = encodeQuery(listParameters(request, token))
    const body = await this.explained(subject, () =>
      this.inRegion(bucket, signal, async (region) => {
        const asked = this.request({ bucket, region, query, headers: sentHeaders(request), signal })
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
      this.inRegion(request.bucket, request.signal, async (region) => {
        const answer = await this.http.send(this.objectRequest(request, region), request.size)
        return { facts: readFacts(answer.headers, request, subject.name), bytes: answer.body }
      }),
    )
  }

  /** The region that a bucket is in, asked for once. Needs no permission: S3 tells it with a refusal as well. */
  async bucketRegion(bucket: string, signal?: AbortSignal): Promise<string> {
    const known = this.regions.get(bucket)
    if (known !== undefined) return known
    const found = await this.explained(this.subject(bucket, '', 's3:ListBucket'), () =>
      this.discoverRegion(bucket, signal),
    )
    this.regions.set(bucket, found)
    return found
  }

  private async discoverRegion(bucket: string, signal: AbortSignal | undefined): Promise<string> {
    try {
      const request = this.request({ bucket, region: this.region, method: 'HEAD', headers: sentHeaders({}), signal })
      const { headers } = await this.http.send(request, 0)
      return headerOf(headers, 'x-amz-bucket-region') ?? this.region
    } catch (error) {
      if (error instanceof ServiceFailure && error.region !== undefined) return error.region
      throw error
    }
  }

  /** Runs in the region that the bucket is in; where S3 names another one, in that one, once. */
  private async inRegion<Result>(
    bucket: string,
    signal: AbortSignal | undefined,
    run: (region: string) => Promise<Result>,
  ): Promise<Result> {
    const region = this.regions.get(bucket) ?? this.region
    try {
      return await run(region)
    } catch (error) {
      if (!(error instanceof ServiceFailure) || !isElsewhere(error, region)) throw error
      const right = error.region ?? (await this.discoverRegion(bucket, signal))
      if (right === region) throw error
      this.regions.set(bucket, right)
      return run(right)
    }
  }

  private open(request: GetRequest, attempts: Attempts, from?: number): Promise<OpenAnswer> {
    return this.inRegion(request.bucket, request.signal, (region) =>
      this.http.open(this.objectRequest(request, region, from), attempts),
    )
  }

  private objectRequest(request: GetRequest, region: string, from?: number): AwsRequest {
    const { bucket, key, versionId, signal } = request
    const headers = sentHeaders(request)
    if (from !== undefined) headers['range'] = `bytes=${from}-`
    return this.request({ bucket, region, key, query: encodeQuery({ versionId }), headers, signal })
  }

  private request({
    bucket,
    region,
    key = '',
    query = '',
    method = 'GET',
    headers,
    signal,
  }: BucketRequest): AwsRequest {
    const { origin, host, path } = bucketAddress(this.endpoints('s3', region), bucket, this.urlStyle)
    const scope = { region, service: 's3' }
    return { origin, host, method, path: path + encodePath(key), query, headers, scope, signal }
  }

  private subject(bucket: string, path: string, action: string, key = ''): Subject {
    const resource = `arn:${partitionOf(this.region)}:s3:::${bucket}${key === '' ? '' : `/${key}`}`
    return { name: `s3://${bucket}/${path}`, action, resource }
  }

  private objectSubject({ bucket, key, versionId }: GetRequest): Subject {
    return this.subject(bucket, key, versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion', key)
  }

  private async explained<Result>(subject: Subject, run: () => Promise<Result>): Promise<Result> {
    try {
      return await run()
    } catch (error) {
      throw this.explanation(error, subject)
    }
  }

  private explanation(error: unknown, subject: Subject): unknown {
    return explainObject(error, subject.name) ?? explain(error, subject, this.http.now())
  }
}

interface BucketRequest {
  readonly bucket: string
  readonly region: string
  readonly key?: string
  readonly query?: string
  readonly method?: AwsRequest['method']
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal | undefined
}

function sentHeaders({
  ifMatch,
  requesterPays,
}: Pick<GetRequest, 'ifMatch' | 'requesterPays'>): Record<string, string> {
  const headers: Record<string, string> = { 'user-agent': 'millrace' }
  if (ifMatch !== undefined) headers['if-match'] = `"${ifMatch}"`
  if (requesterPays === true) headers['x-amz-request-payer'] = 'requester'
  return headers
}
