import { readPath } from '../stages/object-path.ts'
import type { StageObject } from '../stages/stage.ts'
import type { ObjectCreated } from './notifications.ts'

/** The object that a message tells of, where it says enough. */
export function objectOf({
  bucket,
  key,
  size,
  etag,
  versionId,
  eventTimeMs = 0,
}: ObjectCreated): StageObject | undefined {
  if (size === undefined || etag === undefined) return undefined
  const { accountId, region, dateMs } = readPath(key)
  return {
    uri: `s3://${bucket}/${key}`,
    version: etag,
    size,
    modifiedMs: eventTimeMs,
    accountId,
    region,
    dateMs: dateMs ?? eventTimeMs,
    ...(versionId === undefined ? {} : { versionId }),
  }
}
