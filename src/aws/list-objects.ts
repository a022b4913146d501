import { MillraceError } from '../errors.ts'
import { timeOf } from './service-failure.ts'
import { type XmlElement, parseXml, textOf } from './xml.ts'

/** An object as a bucket lists it. */
export interface ListedObject {
  /** As it is, not encoded. */
  readonly key: string
  /** Bytes. */
  readonly size: number
  /** Without quotes. No MD5 for parts or KMS. */
  readonly etag: string
  /** Epoch milliseconds, in whole seconds. */
  readonly modifiedMs: number
  /** Such as `STANDARD` or `GLACIER`. */
  readonly storageClass: string
}

/** What to list. */
export interface ListRequest {
  readonly bucket: string
  /** Only keys that begin so. */
  readonly prefix?: string | undefined
  /** What stands behind it, after the prefix, is given once, as a folder: such as `/`. */
  readonly delimiter?: string | undefined
  /** Only keys after this one, in the order of their UTF-8 bytes. */
  readonly startAfter?: string | undefined
  /** Objects a page; S3 gives 1000 at most, which is the default. */
  readonly pageSize?: number | undefined
  /** The caller pays for requests to a bucket where the owner does not. */
  readonly requesterPays?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** One answer of ListObjectsV2. */
export interface ListPage {
  readonly objects: readonly ListedObject[]
  /** Beginnings of keys up to the delimiter, which ends them. */
  readonly folders: readonly string[]
  /** Undefined on the last page. */
  readonly next: string | undefined
}

/** The parameters of a page (API reference, ListObjectsV2). */
export function listParameters(
  { prefix, delimiter, startAfter, pageSize }: ListRequest,
  token: string | undefined,
): Record<string, string | undefined> {
  return {
    'list-type': '2',
    // XML cannot hold every character that a key can.
    'encoding-type': 'url',
    'max-keys': pageSize === undefined ? undefined : String(pageSize),
    prefix: prefix === '' ? undefined : prefix,
    delimiter,
    'start-after': token === undefined && startAfter !== '' ? startAfter : undefined,
    'continuation-token': token,
  }
}

/** Reads a page. `name` is what errors call the listing. Throws SOURCE_REFUSED for what is no page. */
export function readPage(body: string, name: string): ListPage {
  const page = parsePage(body, name)
  const isEncoded = textOf(page, 'EncodingType') === 'url'
  const objects = page.children
    .filter((child) => child.name === 'Contents')
    .map((contents) => readObject(contents, isEncoded, name))
  const folders = page.children
    .filter((child) => child.name === 'CommonPrefixes')
    .map((folder) => {
      const prefix = textOf(folder, 'Prefix')
      if (prefix === undefined) throw broken(name, 'a folder has no name')
      return isEncoded ? decodeKey(prefix, name) : prefix
    })
  const next = textOf(page, 'NextContinuationToken')
  const isTruncated = textOf(page, 'IsTruncated') === 'true'
  if (isTruncated && (next === undefined || next === '')) throw broken(name, 'there is more, but not how to ask for it')
  return { objects, folders, next: isTruncated ? next : undefined }
}

function parsePage(body: string, name: string): XmlElement {
  try {
    const page = parseXml(body)
    if (page.name === 'ListBucketResult') return page
  } catch (error) {
    throw broken(name, 'it is no XML', error)
  }
  throw broken(name, 'it is no list')
}

function readObject(contents: XmlElement, isEncoded: boolean, name: string): ListedObject {
  const key = textOf(contents, 'Key')
  const size = textOf(contents, 'Size')
  const etag = textOf(contents, 'ETag')
  const modifiedMs = timeOf(textOf(contents, 'LastModified'))
  if (
    key === undefined ||
    size === undefined ||
    !/^\d{1,15}$/.test(size) ||
    etag === undefined ||
    modifiedMs === undefined
  )
    throw broken(name, `an object lacks its key, size, ETag or date`)
  return {
    key: isEncoded ? decodeKey(key, name) : key,
    size: Number(size),
    etag: unquoted(etag),
    modifiedMs,
    storageClass: textOf(contents, 'StorageClass') ?? 'STANDARD',
  }
}

/** As forms are encoded: a space is a `+`. */
function decodeKey(key: string, name: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '))
  } catch (error) {
    throw broken(name, `the key ${key} is not encoded as it should be`, error)
  }
}

/** An ETag without its quotes. */
export function unquoted(etag: string): string {
  return etag.length > 1 && etag.startsWith('"') && etag.endsWith('"') ? etag.slice(1, -1) : etag
}

function broken(name: string, why: string, cause?: unknown): MillraceError {
  return new MillraceError(
    'SOURCE_REFUSED',
    `The list of ${name} cannot be read: ${why}. If AWS_ENDPOINT_URL is set, see whether S3 is spoken there.`,
    cause,
  )
}
