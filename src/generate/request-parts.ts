import { requestId, type AccessRecord } from './access-records.ts'
import type { Bucket } from './buckets.ts'
import type { Random } from './random.ts'
import type { Requester, Requesters } from './requesters.ts'

export interface RequestOptions {
  bucket: Bucket
  requesters: Requesters
  random: Random
  /** Reused for every record. */
  record: AccessRecord
  emit: (record: AccessRecord) => void
}

const referrers = [
  'https://www.example.com/',
  'https://shop.example.com/cart?step=2',
  'https://www.example.com/search?q=blue+shoes&page=3',
  '-',
]

/** Empties a record but for its bucket. */
export function resetRecord(record: AccessRecord, time: number): void {
  record.time = time
  record.remoteIp = '-'
  record.requester = '-'
  record.key = '-'
  record.requestUri = ''
  record.status = 0
  record.errorCode = '-'
  record.bytesSent = -1
  record.objectSize = -1
  record.totalTime = -1
  record.turnAroundTime = -1
  record.referrer = ''
  record.userAgent = ''
  record.versionId = '-'
  record.signature = '-'
  record.cipherSuite = '-'
  record.authType = '-'
  record.endpoint = '-'
  record.tlsVersion = '-'
  record.accessPointArn = '-'
  record.aclRequired = '-'
  record.sourceRegion = '-'
  record.fields = 27
  record.extra = ''
}

/** Fills in who asks, and gives the request an id. */
export function startRequest(record: AccessRecord, requester: Requester, random: Random): void {
  record.requestId = requestId(random)
  record.remoteIp = requester.remoteIp
  record.requester = requester.name
  record.referrer = requester.isBrowser ? random.pick(referrers) : '-'
  record.userAgent = requester.userAgent
  record.signature = requester.signature
  record.cipherSuite = requester.cipherSuite
  record.tlsVersion = requester.tlsVersion
  if (requester.name !== '-' && record.authType === '-') record.authType = 'AuthHeader'
  record.sourceRegion = requester.sourceRegion
  if (random.chance(0.03)) record.aclRequired = 'Yes'
}

/** Fills in where the request goes, by host name, by path or through an access point. */
export function target(record: AccessRecord, requester: Requester, method: string, uri: string, query: string): void {
  const { bucket } = record
  const question = query === '' ? '' : `?${query}`
  record.requestUri = requester.isPathStyle
    ? `${method} /${bucket.name}/${uri}${question} HTTP/1.1`
    : `${method} /${uri}${question} HTTP/1.1`
  record.endpoint = requester.isPathStyle ? bucket.regionalHost : bucket.host
  if (!requester.usesAccessPoint) return
  record.accessPointArn = bucket.accessPointArn
  record.endpoint = bucket.accessPointHost
}

/** A random version id: 32 characters. */
export function versionId(random: Random): string {
  return random.chars('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._', 32)
}

/** A random UUID of version 4. */
export function uuid(random: Random): string {
  return `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-${random.pick(['8', '9', 'a', 'b'])}${random.hex(3)}-${random.hex(12)}`
}
