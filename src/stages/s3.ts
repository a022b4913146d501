import type { ListRequest, ListedObject } from '../aws/list-objects.ts'
import type { S3Client } from '../aws/s3.ts'
import { MillraceError } from '../errors.ts'
import { listSince } from './list-since.ts'
import { dayOf } from './listing.ts'
import { isLogName, readPath } from './object-path.ts'
import type { Listing, Stage, StageObject } from './stage.ts'

/** Objects that are planned at once: ten pages. */
const CHUNK = 10_000
/** Objects up to this size come in one piece of memory. */
const WHOLE = 1 << 20

/** A bucket, or what lies below a folder of it, or one object. */
export interface S3Location {
  readonly bucket: string
  /** A key, or a folder's with or without its last slash; empty for the whole bucket. */
  readonly path: string
}

/** Reads `s3://bucket`, `s3://bucket/folder/` or `s3://bucket/key`. */
export function readS3Url(url: string): S3Location {
  const [, bucket, path = ''] =
    /^s3(?:gov|china|compat)?:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s.exec(url) ?? []
  if (bucket === undefined)
    throw new MillraceError('SOURCE_UNSUPPORTED', `${url} names no bucket. Write it as s3://bucket/folder/.`)
  return { bucket, path }
}

/** What is listed, and who pays for it. */
export interface S3StageOptions extends Listing {
  /** The caller, in a bucket whose owner does not. */
  readonly requesterPays?: boolean | undefined
}

/**
 * What a bucket lists below a folder, each object under its key as logged. An object that changed is news: AWS never rewrites a log. Hidden
 * names, markers, `.md` files and keys that only stand for folders are no logs and are not listed, unless everything is asked for.
 */
export function openS3Stage({ bucket, path }: S3Location, client: S3Client, options: S3StageOptions = {}): Stage {
  const { prefix = '', everything = false, since, requesterPays } = options
  const folder = path === '' || path.endsWith('/') ? path : `${path}/`
  const start = folder + prefix
  /** What was said itself always counts. */
  const said = options.prefix === undefined ? path : start
  const named = start.lastIndexOf('/') + 1
  const isLog = (key: string): boolean =>
    !key.endsWith('/') && (key === said || key.slice(named).split('/').every(isLogName))
  async function* pages(signal: AbortSignal | undefined): AsyncGenerator<readonly ListedObject[]> {
    const request = { bucket, prefix: start, requesterPays, signal }
    // Without its slash a path can be a key. As a prefix it would also find the folder's siblings.
    if (said !== start) yield await oneObject(client, { ...request, prefix: said })
    yield* since === undefined ? client.listObjects(request) : listSince(client, request, dayOf(since))
  }
  return {
    onChange: 'hold',
    async *list(signal) {
      let chunk: StageObject[] = []
      for await (const page of pages(signal)) {
        const found = everything ? page : page.filter(({ key }) => isLog(key))
        chunk.push(...found.map((object) => described(bucket, object, object.key === said)))
        if (chunk.length < CHUNK) continue
        yield chunk
        chunk = []
      }
      if (chunk.length > 0) yield chunk
    },
    fetch: async ({ uri, version, versionId, size }, signal) => {
      const key = uri.slice(`s3://${bucket}/`.length)
      const request = { bucket, key, versionId, ifMatch: version, size, requesterPays, signal }
      return size <= WHOLE ? (await client.getObjectBytes(request)).bytes : (await client.getObject(request)).body
    },
  }
}

/** The object of that key; the first in order of those that begin so. */
async function oneObject(client: S3Client, request: ListRequest): Promise<readonly ListedObject[]> {
  const { objects } = await client.listPage({ ...request, pageSize: 1 })
  return objects.filter(({ key }) => key === request.prefix)
}

/**
 * Storage classes whose objects have to be restored before they are read: always, or where nobody read them for long (S3 User Guide,
 * "Working with archived objects"). Whether an object was restored is not listed.
 */
const archives = new Map([
  ['GLACIER', true],
  ['DEEP_ARCHIVE', true],
  ['INTELLIGENT_TIERING', false],
])

function described(
  bucket: string,
  { key, size, etag, modifiedMs, storageClass }: ListedObject,
  isSaid: boolean,
): StageObject {
  const isCertain = isSaid ? undefined : archives.get(storageClass)
  const { accountId, region, dateMs } = readPath(key)
  return {
    uri: `s3://${bucket}/${key}`,
    version: etag,
    size,
    modifiedMs,
    accountId,
    region,
    dateMs: dateMs ?? modifiedMs,
    ...(isCertain === undefined ? {} : { archive: { storageClass, isCertain } }),
  }
}
