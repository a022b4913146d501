import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Credentials } from '../../src/aws/credentials.ts'
import type { Respond } from './servers.ts'
import { verifySignature } from './verify-signature.ts'

/** A version of an object, the latest last. */
interface Version {
  readonly id: string
  readonly body: Buffer
}

/** A request that changes a bucket, once its signature holds. */
export interface ChangeRequest {
  readonly request: IncomingMessage
  readonly body: Buffer
  readonly key: string
  readonly parameters: URLSearchParams
}

/** What S3 does for one bucket, as far as it is asked here; every signature is verified from the raw request. */
export class BucketServer {
  readonly bucket: string
  readonly keys: Credentials
  readonly now: () => number
  region = 'eu-west-1'
  /** Of roles, which may sign as well. */
  sessions: readonly Credentials[] = []
  /** Objects a page, at most. */
  maxPage = 1000
  /** Lets in only whoever says that they pay. */
  requesterPays = false
  /** Only roles' sessions are let in. */
  refusesCaller = false
  /** Requests in the order they came. */
  readonly met: string[] = []
  private readonly objects = new Map<string, Version[]>()
  private readonly classes = new Map<string, { storageClass: string; isArchived: boolean }>()

  constructor(bucket: string, keys: Credentials, now: () => number) {
    this.bucket = bucket
    this.keys = keys
    this.now = now
  }

  /** Returns the version's id. */
  put(key: string, body: Buffer): string {
    const versions = this.objects.get(key) ?? []
    const id = `v${versions.length + 1}.${createHash('md5').update(key).digest('base64url')}`
    this.objects.set(key, [...versions, { id, body }])
    return id
  }

  remove(key: string): void {
    this.objects.delete(key)
  }

  /** Moves an object to a storage class; `isArchived` says whether reading it is refused. */
  moveTo(key: string, storageClass: string, isArchived: boolean): void {
    this.classes.set(key, { storageClass, isArchived })
  }

  /** Keys, in their order. */
  keysHeld(): string[] {
    return [...this.objects.keys()].toSorted(compareBytes)
  }

  bodyOf(key: string): Buffer | undefined {
    return this.objects.get(key)?.at(-1)?.body
  }

  readonly respond: Respond = (request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => this.answer(request, Buffer.concat(parts), response))
  }

  private answer(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const url = request.url ?? ''
    this.met.push(`${request.method ?? ''} ${url}`)
    const signedBy = /Credential=([^/]+)\//.exec(request.headers.authorization ?? '')?.[1]
    const session = this.sessions.find(({ accessKeyId }) => accessKeyId === signedBy)
    const verdict = verifySignature(request, body, session ?? this.keys, this.now())
    const [path = '', query = ''] = url.split('?')
    const parameters = new URLSearchParams(query.replaceAll('+', '%2B'))
    if ('code' in verdict) {
      this.fail(response, 403, verdict.code)
    } else if (this.requesterPays && request.headers['x-amz-request-payer'] !== 'requester') {
      this.fail(response, 403, 'AccessDenied')
    } else if (session === undefined && this.refusesCaller) {
      this.fail(response, 403, 'AccessDenied')
    } else if (verdict.region !== this.region || verdict.service !== 's3') {
      response.setHeader('x-amz-bucket-region', this.region)
      if (request.method === 'HEAD') response.writeHead(400).end()
      else this.fail(response, 400, 'AuthorizationHeaderMalformed', `<Region>${this.region}</Region>`)
    } else if (!path.startsWith(`/${this.bucket}/`)) this.fail(response, 404, 'NoSuchBucket')
    else if (path === `/${this.bucket}/` && request.method === 'HEAD')
      response.writeHead(200, { 'x-amz-bucket-region': this.region }).end()
    else {
      const key = decodeURIComponent(path.slice(this.bucket.length + 2))
      if (request.method !== 'GET' && request.method !== 'HEAD')
        this.change({ request, body, key, parameters }, response)
      else if (key === '') this.list(response, parameters)
      else this.get(request, response, key, parameters.get('versionId'))
    }
  }

  /** What is not asked of a bucket that is only read. */
  protected change(_change: ChangeRequest, response: ServerResponse): void {
    this.fail(response, 405, 'MethodNotAllowed')
  }

  private get(request: IncomingMessage, response: ServerResponse, key: string, versionId: string | null): void {
    const versions = this.objects.get(key) ?? []
    const version = versionId === null ? versions.at(-1) : versions.find(({ id }) => id === versionId)
    if (version === undefined) {
      this.fail(response, 404, versionId === null ? 'NoSuchKey' : 'NoSuchVersion')
      return
    }
    const { storageClass = 'STANDARD', isArchived = false } = this.classes.get(key) ?? {}
    if (isArchived) {
      this.fail(response, 403, 'InvalidObjectState', `<StorageClass>${storageClass}</StorageClass>`)
      return
    }
    const { id, body } = version
    const etag = `"${etagOf(body)}"`
    const ifMatch = request.headers['if-match']
    if (ifMatch !== undefined && ifMatch !== etag) {
      this.fail(response, 412, 'PreconditionFailed')
      return
    }
    const facts = { etag, 'x-amz-version-id': id, 'last-modified': 'Sat, 21 Nov 2026 16:00:00 GMT' }
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? -1)
    if (from < 0) response.writeHead(200, { ...facts, 'content-length': body.length }).end(body)
    else
      response
        .writeHead(206, {
          ...facts,
          'content-length': body.length - from,
          'content-range': `bytes ${from}-${body.length - 1}/${body.length}`,
        })
        .end(body.subarray(from))
  }

  private list(response: ServerResponse, parameters: URLSearchParams): void {
    const prefix = parameters.get('prefix') ?? ''
    const token = parameters.get('continuation-token')
    const after = token === null ? parameters.get('start-after') : Buffer.from(token, 'base64').toString('utf8')
    const delimiter = parameters.get('delimiter') ?? ''
    // A folder that a page ended with is not given again; StartAfter leaves the rest of a folder in.
    const isBehind = (key: string): boolean =>
      after === null ||
      (compareBytes(key, after) > 0 &&
        (token === null || delimiter === '' || !after.endsWith(delimiter) || !key.startsWith(after)))
    const entryOf = (key: string): string => {
      const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
      return end < 0 ? key : key.slice(0, end + delimiter.length)
    }
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && isBehind(key))
    const found = [...new Set(keys.map(entryOf))].toSorted(compareBytes)
    const pageSize = Math.min(this.maxPage, Number(parameters.get('max-keys') ?? 1000))
    const page = found.slice(0, pageSize)
    const contents = page.map((key) => {
      const encoded = encodeURIComponent(key)
        .replaceAll(/[!'()]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)
        .replaceAll('%20', '+')
        .replaceAll('%2F', '/')
      const isFolder = delimiter !== '' && key.indexOf(delimiter, prefix.length) >= 0
      if (isFolder) return `<CommonPrefixes><Prefix>${encoded}</Prefix></CommonPrefixes>`
      const body = this.objects.get(key)?.at(-1)?.body ?? Buffer.alloc(0)
      return `<Contents><Key>${encoded}</Key><LastModified>2026-11-21T16:00:00.000Z</LastModified><ETag>&quot;${etagOf(body)}&quot;</ETag><Size>${body.length}</Size><Owner><ID>x</ID></Owner><StorageClass>${this.classes.get(key)?.storageClass ?? 'STANDARD'}</StorageClass></Contents>`
    })
    const next = Buffer.from(page.at(-1) ?? '').toString('base64')
    const more = found.length > page.length ? `<NextContinuationToken>${next}</NextContinuationToken>` : ''
    response
      .writeHead(200, { 'content-type': 'application/xml' })
      .end(
        `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${this.bucket}</Name><EncodingType>url</EncodingType><IsTruncated>${more !== ''}</IsTruncated>${more}${contents.join('')}</ListBucketResult>`,
      )
  }

  protected fail(response: ServerResponse, status: number, code: string, more = ''): void {
    response
      .writeHead(status, { 'content-type': 'application/xml', 'x-amz-request-id': 'REQUEST1' })
      .end(
        `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>It is ${code}.</Message>${more}</Error>`,
      )
  }
}

export function etagOf(body: Buffer): string {
  return createHash('md5').update(body).digest('hex')
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
