import type { IncomingHttpHeaders } from 'node:http'
import { isRegion } from './endpoints.ts'
import { readError } from './service-error.ts'

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
    const { code, message, region, storageClass, serverTime } = readError(body)
    super(message === undefined ? (code === '' ? `status ${status}` : code) : withoutSigned(message))
    this.name = 'ServiceFailure'
    this.status = status
    this.code = code
    this.requestId = headerOf(headers, 'x-amz-request-id') ?? headerOf(headers, 'x-amzn-requestid')
    const told = headerOf(headers, 'x-amz-bucket-region') ?? region
    this.region = told !== undefined && isRegion(told) ? told : undefined
    this.storageClass = storageClass
    this.serverTimeMs = timeOf(serverTime ?? headerOf(headers, 'date'))
    this.retryAfter = retryAfterOf(headerOf(headers, 'retry-after'))
  }
}

/** Some services repeat what was signed, which has the token in it. */
function withoutSigned(message: string): string {
  return message.replace(/\s*The Canonical String for this request.*/s, '')
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
  'SlowDown ServiceUnavailable Throttling ThrottlingException ThrottledException RequestThrottled RequestThrottledException TooManyRequestsException RequestLimitExceeded BandwidthLimitExceeded LimitExceededException PriorRequestNotComplete OverLimit KmsThrottled'.split(
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
