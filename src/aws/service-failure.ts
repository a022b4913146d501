import type { IncomingHttpHeaders } from 'node:http'
import { isRegion } from './endpoints.ts'
import { type XmlElement, childOf, parseXml, textOf } from './xml.ts'

/**
 * A service's answer that is an error. Holds only fields that are known to have no secrets: some errors repeat the token or the text that
 * was signed.
 */
export class ServiceFailure extends Error {
  readonly status: number
  /** Such as `NoSuchKey`; empty where the answer has no body, as for HEAD. */
  readonly code: string
  readonly requestId: string | undefined
  /** The region that the bucket is in, where the answer tells. */
  readonly region: string | undefined
  readonly storageClass: string | undefined
  /** Epoch milliseconds of the service's clock. */
  readonly serverTimeMs: number | undefined
  /** Milliseconds that the service asks to wait, or epoch milliseconds to wait for. */
  readonly retryAfter: { readonly ms: number } | { readonly atMs: number } | undefined

  constructor(status: number, headers: IncomingHttpHeaders, body: string) {
    const error = errorOf(body)
    const code = textOf(error, 'Code') ?? ''
    super(textOf(error, 'Message') ?? (code === '' ? `status ${status}` : code))
    this.name = 'ServiceFailure'
    this.status = status
    this.code = code
    this.requestId = headerOf(headers, 'x-amz-request-id') ?? headerOf(headers, 'x-amzn-requestid')
    const region = headerOf(headers, 'x-amz-bucket-region') ?? textOf(error, 'Region')
    this.region = region !== undefined && isRegion(region) ? region : undefined
    this.storageClass = textOf(error, 'StorageClass')
    this.serverTimeMs = timeOf(textOf(error, 'ServerTime') ?? headerOf(headers, 'date'))
    this.retryAfter = retryAfterOf(headerOf(headers, 'retry-after'))
  }
}

/** `<Error>` of S3, or within `<ErrorResponse>` of the other services. Undefined for a page of some proxy. */
function errorOf(body: string): XmlElement | undefined {
  try {
    const root = parseXml(body)
    return root.name === 'Error' ? root : childOf(root, 'Error')
  } catch {
    return undefined
  }
}

/** A header's value; the first where it was sent several times. */
export function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : value?.[0]
}

/** Epoch milliseconds of a date in a header or an answer. */
export function timeOf(text: string | undefined): number | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}

function retryAfterOf(text: string | undefined): ServiceFailure['retryAfter'] {
  if (text === undefined) return undefined
  if (/^\d{1,6}$/.test(text)) return { ms: Number(text) * 1000 }
  const atMs = timeOf(text)
  return atMs === undefined ? undefined : { atMs }
}

const throttling = new Set(
  'SlowDown ServiceUnavailable Throttling ThrottlingException ThrottledException RequestThrottled RequestThrottledException TooManyRequestsException RequestLimitExceeded BandwidthLimitExceeded LimitExceededException PriorRequestNotComplete'.split(
    ' ',
  ),
)
const passing = new Set([
  'InternalError',
  'InternalFailure',
  'RequestTimeout',
  'RequestTimeoutException',
  'IDPCommunicationError',
])
const expired = new Set(['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired'])
const elsewhere = new Set([
  'PermanentRedirect',
  'TemporaryRedirect',
  'Redirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
])

/** Whether the service asks for fewer requests. */
export function isThrottling({ status, code }: ServiceFailure): boolean {
  return throttling.has(code) || status === 429 || status === 503
}

/** Whether the same request may succeed a little later. */
export function isPassing(failure: ServiceFailure): boolean {
  return isThrottling(failure) || passing.has(failure.code) || [500, 502, 504].includes(failure.status)
}

/** Whether the keys that signed it have expired. */
export function isExpired({ code }: ServiceFailure): boolean {
  return expired.has(code)
}

/** Whether the bucket is in another region than the one that was asked. A HEAD answers so with the status alone. */
export function isElsewhere({ status, code, region }: ServiceFailure, askedRegion: string): boolean {
  if (elsewhere.has(code) || status === 301 || status === 307) return true
  return status === 400 && code === '' && region !== undefined && region !== askedRegion
}
