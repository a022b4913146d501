import { requestId } from './access-records.ts'
import type { ObjectKey } from './buckets.ts'
import { uuid, versionId, type RequestOptions } from './request-parts.ts'

const transitions = [
  'TRANSITION_SIA',
  'TRANSITION_ZIA',
  'TRANSITION_INT',
  'TRANSITION_GIR',
  'TRANSITION_GDA',
  'TRANSITION',
]

/** What S3 does by itself: lifecycle rules and checksum jobs. Weights beside those of requests. */
export function ownActions(options: RequestOptions): (readonly [weight: number, emitAction: () => void])[] {
  const { bucket, random, record, emit } = options
  const { isVersioned } = bucket
  return [
    [1.6, expire],
    [0.8, transition],
    [0.15, abortUpload],
    [0.15, computeChecksum],
  ]

  function expire(): void {
    const key = inside(isVersioned ? 'S3.CREATE.DELETEMARKER' : 'S3.EXPIRE.OBJECT')
    if (!isVersioned) record.objectSize = key.size
    emit(record)
  }

  function transition(): void {
    record.objectSize = inside(`S3.${random.pick(transitions)}.OBJECT`).size
    emit(record)
  }

  function abortUpload(): void {
    inside('S3.DELETE.UPLOAD')
    emit(record)
  }

  /** The request id is that of the job: a UUID. */
  function computeChecksum(): void {
    record.objectSize = inside('S3.COMPUTE.OBJECT.CHECKSUM').size
    record.requestId = uuid(random)
    emit(record)
  }

  /** Something that S3 does by itself. */
  function inside(operation: string): ObjectKey {
    const key = bucket.keys.draw(random)
    record.requester = 'AmazonS3'
    record.requestId = requestId(random)
    record.operation = operation
    record.key = key.logged
    if (isVersioned) record.versionId = versionId(random)
    return key
  }
}
