import { type UrlStyle, bucketAddress } from './bucket-address.ts'
import { encodePath } from './encode.ts'
import { type Endpoints, partitionOf } from './endpoints.ts'
import { type Subject, explain } from './explain.ts'
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

/** A request to a bucket, or to an object in it. */
export interface BucketRequest {
  readonly bucket: string
  readonly region: string
  readonly key?: string
  /** What `encodeQuery` gives. */
  readonly query?: string
  readonly method?: AwsRequest['method']
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | undefined
  readonly signal: AbortSignal | undefined
}

/** Requests to buckets, in the regions that these are in. Regions are found out, and kept by bucket. */
export class BucketHttp {
  readonly http: SignedHttp
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

  request(given: BucketRequest): AwsRequest {
    const { bucket, region, key = '', query = '', method = 'GET', headers, body, signal } = given
    const { origin, host, path } = bucketAddress(this.endpoints('s3', region), bucket, this.urlStyle)
    const scope = { region, service: 's3' }
    return { origin, lane: bucket, host, method, path: path + encodePath(key), query, headers, body, scope, signal }
  }

  /** Runs in the region that the bucket is in; where S3 names another one, in that one, once. */
  async inRegion<Result>(
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

  /** The region that a bucket is in, asked for once. */
  async regionOf(bucket: string, signal: AbortSignal | undefined): Promise<string> {
    const known = this.regions.get(bucket)
    if (known !== undefined) return known
    const found = await this.discoverRegion(bucket, signal)
    this.regions.set(bucket, found)
    return found
  }

  /** What errors call a bucket, or what is below a path in it. `key` is that of an object. */
  subject(bucket: string, path: string, action: string, key = ''): Subject {
    const resource = `arn:${partitionOf(this.region)}:s3:::${bucket}${key === '' ? '' : `/${key}`}`
    return { name: `s3://${bucket}/${path}`, action, resource }
  }

  async explained<Result>(subject: Subject, run: () => Promise<Result>): Promise<Result> {
    try {
      return await run()
    } catch (error) {
      throw this.explanation(error, subject)
    }
  }

  explanation(error: unknown, subject: Subject): unknown {
    return explain(error, subject, this.http.now())
  }

  private async discoverRegion(bucket: string, signal: AbortSignal | undefined): Promise<string> {
    try {
      const request = this.request({ bucket, region: this.region, method: 'HEAD', headers: baseHeaders, signal })
      const { headers } = await this.http.send(request, 0)
      return headerOf(headers, 'x-amz-bucket-region') ?? this.region
    } catch (error) {
      if (error instanceof ServiceFailure && error.region !== undefined) return error.region
      throw error
    }
  }
}

/** Of every request. */
export const baseHeaders: Readonly<Record<string, string>> = { 'user-agent': 'millrace' }
