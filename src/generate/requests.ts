import type { ObjectKey } from './buckets.ts'
import { ownActions } from './own-actions.ts'
import { signedQuery } from './presigned.ts'
import { WeightedDraw, itemAt } from './random.ts'
import { resetRecord, startRequest, target, versionId, type RequestOptions } from './request-parts.ts'
import type { Requester } from './requesters.ts'

interface Read {
  operation: string
  method: 'GET' | 'HEAD'
}

const get: Read = { operation: 'REST.GET.OBJECT', method: 'GET' }
const head: Read = { operation: 'REST.HEAD.OBJECT', method: 'HEAD' }
const configuration = [
  'ACL',
  'BUCKETPOLICY',
  'VERSIONING',
  'ENCRYPTION',
  'LOCATION',
  'TAGGING',
  'LIFECYCLE',
  'PUBLIC_ACCESS_BLOCK',
  'LOGGING_STATUS',
]

/** Returns a function that emits the records of one everyday request received at the given second. */
export function createRequests(options: RequestOptions): (time: number) => void {
  const { bucket, requesters, random, record, emit } = options
  const { isPublic, isVersioned, region } = bucket

  const requests: readonly (readonly [weight: number, emitRequest: () => void])[] = [
    [isPublic ? 40 : 52, () => readObject(get, known())],
    [isPublic ? 22 : 0.4, () => readObject(get, requesters.anonymous.draw(random))],
    [isPublic ? 4 : 0, () => readWebsite(requesters.anonymous.draw(random))],
    [10, () => readObject(head, known())],
    [11, putObject],
    [3, putPart],
    [0.8, beginOrEndUpload],
    [6, listBucket],
    [1.2, headBucket],
    [2, configure],
    [0.6, tagObject],
    [isPublic ? 0.5 : 0, preflight],
    [1.2, () => copy('OBJECT')],
    [0.3, () => copy('PART')],
    [1.6, deleteObject],
    [0.3, deleteBatch],
    ...ownActions(options),
  ]
  const draw = new WeightedDraw(requests.map(([weight]) => weight))

  return (time) => {
    resetRecord(record, time)
    itemAt(requests, draw.draw(random))[1]()
  }

  function known(): Requester {
    return requesters.known.draw(random)
  }

  function readObject({ operation, method }: Read, requester: Requester): void {
    const key = bucket.keys.draw(random)
    begin(requester, operation, method, key, readQuery(requester, method))
    finishRead(key, method)
    emit(record)
  }

  function readQuery(requester: Requester, method: Read['method']): string {
    if (requester.name !== '-' && random.chance(0.06)) {
      record.authType = 'QueryString'
      return signedQuery(requester.signature, region, record.time, random)
    }
    if (isVersioned && random.chance(0.05)) {
      record.versionId = versionId(random)
      return `versionId=${record.versionId}`
    }
    return method === 'HEAD' || requester.isBrowser || random.chance(0.6) ? '' : 'x-id=GetObject'
  }

  /** Sets the outcome of a read; the most frequent other outcomes are partial, not modified, denied and not found. */
  function finishRead(key: ObjectKey, method: 'GET' | 'HEAD'): void {
    const outcome = random.below(100)
    record.objectSize = key.size
    record.totalTime = 4 + random.below(20) * (1 + random.halvings(8))
    record.turnAroundTime = Math.min(record.totalTime, 3 + random.below(30))
    const isDenied = record.requester === '-' && !isPublic
    if (outcome < 3 || isDenied) return fail(403, 'AccessDenied', 243)
    if (outcome < 7) return fail(404, 'NoSuchKey', 312)
    if (outcome < 11) {
      record.status = 304
      return
    }
    const isPartial = outcome < 17 && method === 'GET'
    record.status = isPartial ? 206 : 200
    record.bytesSent = isPartial ? 1 + random.below(key.size) : key.size
    if (method === 'HEAD') record.bytesSent = -1
  }

  function readWebsite(requester: Requester): void {
    const key = bucket.keys.draw(random)
    begin(requester, 'WEBSITE.GET.OBJECT', 'GET', key, '')
    record.endpoint = `${bucket.name}.s3-website-${region}.amazonaws.com`
    record.tlsVersion = record.cipherSuite = '-'
    finishRead(key, 'GET')
    emit(record)
  }

  function putObject(): void {
    const key = bucket.keys.draw(random)
    begin(known(), 'REST.PUT.OBJECT', 'PUT', key, random.chance(0.5) ? 'x-id=PutObject' : '')
    if (random.chance(0.02)) fail(403, 'AccessDenied', 243)
    else succeed(200, -1, key.size)
    emit(record)
  }

  function putPart(): void {
    const query = `partNumber=${random.between(1, 400)}&uploadId=${random.hex(64)}`
    begin(known(), 'REST.PUT.PART', 'PUT', bucket.keys.draw(random), query)
    succeed(200, -1, 8_388_608)
    emit(record)
  }

  function beginOrEndUpload(): void {
    const isEnd = random.chance(0.5)
    const query = isEnd ? `uploadId=${random.hex(64)}` : 'uploads'
    begin(known(), isEnd ? 'REST.POST.UPLOAD' : 'REST.POST.UPLOADS', 'POST', bucket.keys.draw(random), query)
    succeed(200, 400 + random.below(200), -1)
    emit(record)
  }

  function listBucket(): void {
    const prefix = itemAt(bucket.keys.draw(random).uri.split('/'), 0)
    const isVersions = random.chance(0.1)
    const query = isVersions ? 'versions&max-keys=1000' : `list-type=2&prefix=${prefix}%2F&encoding-type=url`
    begin(known(), isVersions ? 'REST.GET.BUCKETVERSIONS' : 'REST.GET.BUCKET', 'GET', undefined, query)
    if (random.chance(0.05)) fail(403, 'AccessDenied', 243)
    else succeed(200, 600 + random.below(300_000), -1)
    emit(record)
  }

  function headBucket(): void {
    begin(known(), 'REST.HEAD.BUCKET', 'HEAD', undefined, '')
    succeed(200, -1, -1)
    emit(record)
  }

  function configure(): void {
    const resource = random.pick(configuration)
    const isChange = resource !== 'LOCATION' && random.chance(0.06)
    const method = isChange ? 'PUT' : 'GET'
    begin(known(), `REST.${method}.${resource}`, method, undefined, resource.toLowerCase().replaceAll('_', ''))
    if (!isChange && random.chance(0.2)) fail(404, 'NoSuchConfiguration', 334)
    else succeed(isChange ? 204 : 200, isChange ? -1 : 200 + random.below(800), -1)
    emit(record)
  }

  function tagObject(): void {
    const method = random.chance(0.7) ? 'GET' : 'PUT'
    begin(known(), `REST.${method}.OBJECT_TAGGING`, method, bucket.keys.draw(random), 'tagging')
    succeed(200, 150 + random.below(200), -1)
    emit(record)
  }

  function preflight(): void {
    begin(requesters.anonymous.draw(random), 'REST.OPTIONS.PREFLIGHT', 'OPTIONS', bucket.keys.draw(random), '')
    succeed(200, -1, -1)
    emit(record)
  }

  /** The destination's record and the source's share a request id. */
  function copy(resource: 'OBJECT' | 'PART'): void {
    const [from, to] = [bucket.keys.draw(random), bucket.keys.draw(random)]
    const query = resource === 'PART' ? `partNumber=${random.between(1, 90)}&uploadId=${random.hex(64)}` : ''
    begin(known(), `REST.COPY.${resource}`, 'PUT', to, query)
    succeed(200, 234, from.size)
    emit(record)
    record.operation = `REST.COPY.${resource}_GET`
    record.key = from.logged
    record.bytesSent = -1
    emit(record)
  }

  function deleteObject(): void {
    const key = bucket.keys.draw(random)
    begin(known(), 'REST.DELETE.OBJECT', 'DELETE', key, random.chance(0.4) ? 'x-id=DeleteObject' : '')
    succeed(204, -1, isVersioned ? -1 : key.size)
    emit(record)
  }

  function deleteBatch(): void {
    begin(known(), 'REST.POST.MULTI_OBJECT_DELETE', 'POST', undefined, 'delete')
    succeed(200, 300 + random.below(2000), -1)
    emit(record)
    record.operation = 'BATCH.DELETE.OBJECT'
    record.requestUri = record.referrer = record.userAgent = ''
    record.status = 204
    record.bytesSent = record.totalTime = record.turnAroundTime = -1
    for (let left = random.between(2, 12); left > 0; left--) {
      const key = bucket.keys.draw(random)
      record.key = key.logged
      record.objectSize = key.size
      emit(record)
    }
  }

  function begin(
    requester: Requester,
    operation: string,
    method: string,
    key: ObjectKey | undefined,
    query: string,
  ): void {
    startRequest(record, requester, random)
    record.operation = operation
    if (key !== undefined) record.key = key.logged
    target(record, requester, method, key?.uri ?? '', query)
  }

  function succeed(status: number, bytesSent: number, objectSize: number): void {
    record.status = status
    record.bytesSent = bytesSent
    record.objectSize = objectSize
    record.totalTime = 8 + random.below(60) * (1 + random.halvings(6))
    record.turnAroundTime = Math.min(record.totalTime, 6 + random.below(50))
  }

  function fail(status: number, errorCode: string, bytesSent: number): void {
    record.status = status
    record.errorCode = errorCode
    record.bytesSent = bytesSent
    record.objectSize = -1
    record.totalTime = 5 + random.below(30)
    record.turnAroundTime = record.totalTime - random.below(5)
  }
}
