import type { IncomingHttpHeaders } from 'node:http'
import { MillraceError } from '../errors.ts'
import { unquoted } from './list-objects.ts'
import { ServiceFailure, headerOf, timeOf } from './service-failure.ts'

/** Which object to read. */
export interface GetRequest {
  readonly bucket: string
  readonly key: string
  /** Of a bucket that keeps versions; without it, the latest. */
  readonly versionId?: string | undefined
  /** The ETag that it must have, without quotes. */
  readonly ifMatch?: string | undefined
  /** Bytes that it must have. */
  readonly size?: number | undefined
  /** The caller pays for requests to a bucket where the owner does not. */
  readonly requesterPays?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** What an answer says of its object. */
export interface ObjectFacts {
  /** Bytes of the whole object as stored. */
  readonly size: number
  /** Without quotes. */
  readonly etag: string
  /** Epoch milliseconds, in whole seconds. */
  readonly modifiedMs: number | undefined
  readonly versionId: string | undefined
  readonly storageClass: string
}

/** What an answer to HEAD says besides. */
export interface HeadFacts extends ObjectFacts {
  /** `archived` objects can only be read once they are restored, and restored ones for a while; undefined for all others. */
  readonly archive: 'archived' | 'restoring' | 'restored' | undefined
}

/** Reads the state of an object's archive (API reference, HeadObject). */
export function archiveOf(headers: IncomingHttpHeaders): HeadFacts['archive'] {
  const restore = headerOf(headers, 'x-amz-restore')
  if (restore !== undefined) return restore.includes('ongoing-request="true"') ? 'restoring' : 'restored'
  const storageClass = headerOf(headers, 'x-amz-storage-class') ?? ''
  const isAway = ['GLACIER', 'DEEP_ARCHIVE'].includes(storageClass) || headers['x-amz-archive-status'] !== undefined
  return isAway ? 'archived' : undefined
}

/** Reads the head of an answer to a GET of the whole object, or to a HEAD. Throws FILE_CHANGED for an object other than the one that was listed. */
export function readFacts(headers: IncomingHttpHeaders, { ifMatch, size }: GetRequest, name: string): ObjectFacts {
  const length = headerOf(headers, 'content-length')
  if (length === undefined || !/^\d{1,15}$/.test(length))
    throw new MillraceError(
      'SOURCE_REFUSED',
      `${name} came without its length, so a part of it could not be told from all of it. S3 always sends one: see what stands in between.`,
    )
  const facts = {
    size: Number(length),
    etag: unquoted(headerOf(headers, 'etag') ?? ''),
    modifiedMs: timeOf(headerOf(headers, 'last-modified')),
    versionId: headerOf(headers, 'x-amz-version-id'),
    storageClass: headerOf(headers, 'x-amz-storage-class') ?? 'STANDARD',
  }
  if (ifMatch !== undefined && facts.etag !== ifMatch) throw changed(name, `its ETag is ${facts.etag}, not ${ifMatch}`)
  if (size !== undefined && facts.size !== size) throw changed(name, `it has ${facts.size} bytes, not ${size}`)
  return facts
}

/** Failures that are about the one object, and not about the way to it; undefined for all others. */
export function explainObject(error: unknown, name: string): MillraceError | undefined {
  if (!(error instanceof ServiceFailure)) return undefined
  const { code, status, storageClass } = error
  if (code === 'InvalidObjectState') return archived(name, storageClass, error)
  // 405 is said of a version that is the mark of a deletion.
  if (code === 'NoSuchKey' || code === 'NoSuchVersion' || status === 405)
    return new MillraceError(
      'FILE_VANISHED',
      `${name} is gone: it was deleted after it was listed or announced.`,
      error,
    )
  if (status === 412) return changed(name, 'its ETag is another', error)
  return undefined
}

/** An object whose bytes have to be restored before they can be read. `name` is `s3://bucket/key`. */
export function archived(name: string, storageClass: string | undefined, cause?: unknown): MillraceError {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]*)\/(.*)$/s.exec(name) ?? []
  // What Intelligent-Tiering restores stays until it is not read for long (API reference, RestoreObject).
  const request = storageClass === 'INTELLIGENT_TIERING' ? '{}' : 'Days=7'
  return new MillraceError(
    'FILE_ARCHIVED',
    `${name} is archived (${storageClass ?? 'storage class not told'}) and cannot be read. Restore it (aws s3api restore-object --bucket ${bucket} --key ${quoted(key)} --restore-request ${request}), and once that is done, load it by its name: millrace load ${quoted(name)}.`,
    cause,
  )
}

/** As a word of a shell. */
function quoted(text: string): string {
  return /^[\w\-./:=@%+]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}

function changed(name: string, how: string, cause?: unknown): MillraceError {
  return new MillraceError('FILE_CHANGED', `${name} changed after it was listed (${how}). List it again.`, cause)
}
