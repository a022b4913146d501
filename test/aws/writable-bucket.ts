import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { parseXml, textOf } from '../../src/aws/xml.ts'
import { BucketServer, type ChangeRequest, etagOf } from './bucket-server.ts'

interface Upload {
  readonly key: string
  readonly headers: IncomingHttpHeaders
  readonly parts: Buffer[]
}

/** The same, for what changes a bucket: checksums are verified, and where S3 asks for one, one is missed. */
export class WritableBucket extends BucketServer {
  /** Codes of errors for single objects, by key. One that is once given is over. */
  readonly refusals = new Map<string, { readonly code: string; readonly message?: string; readonly isOnce?: boolean }>()
  /** What came with each object, by key. */
  readonly headersOf = new Map<string, IncomingHttpHeaders>()
  /** Uploads by parts that were neither completed nor given up. */
  readonly uploads = new Map<string, Upload>()

  protected override change(change: ChangeRequest, response: ServerResponse): void {
    const { request, body, key, parameters } = change
    const md5 = request.headers['content-md5']
    if (md5 !== undefined && md5 !== createHash('md5').update(body).digest('base64'))
      this.fail(response, 400, 'BadDigest')
    else if (request.method === 'POST' && key === '' && parameters.has('delete')) {
      if (md5 === undefined) this.fail(response, 400, 'InvalidRequest')
      else this.deleteTogether(body, response)
    } else if (parameters.has('uploads') || parameters.has('uploadId')) this.upload(change, response)
    else if (request.method === 'DELETE') {
      this.remove(key)
      response.writeHead(204).end()
    } else if (request.method === 'PUT') {
      if (this.refuses(key, response)) return
      this.put(key, body)
      this.headersOf.set(key, request.headers)
      response.writeHead(200, { etag: `"${etagOf(body)}"` }).end()
    } else super.change(change, response)
  }

  private refuses(key: string, response: ServerResponse): boolean {
    const refusal = this.refusals.get(key)
    if (refusal === undefined) return false
    if (refusal.isOnce === true) this.refusals.delete(key)
    this.fail(response, refusal.code === 'AccessDenied' ? 403 : 503, refusal.code)
    return true
  }

  private upload({ request, body, key, parameters }: ChangeRequest, response: ServerResponse): void {
    const uploadId = parameters.get('uploadId') ?? `upload&${this.uploads.size + 1}`
    const upload = this.uploads.get(uploadId)
    if (parameters.has('uploads')) {
      this.uploads.set(uploadId, { key, headers: request.headers, parts: [] })
      response.end(
        `<InitiateMultipartUploadResult><UploadId>${written(uploadId)}</UploadId></InitiateMultipartUploadResult>`,
      )
    } else if (upload?.key !== key) this.fail(response, 404, 'NoSuchUpload')
    else if (request.method === 'DELETE') {
      this.uploads.delete(uploadId)
      response.writeHead(204).end()
    } else if (request.method === 'PUT') {
      if (this.refuses(`${key}#${parameters.get('partNumber') ?? ''}`, response)) return
      upload.parts[Number(parameters.get('partNumber')) - 1] = body
      response.writeHead(200, { etag: `"${etagOf(body)}"` }).end()
    } else this.complete(uploadId, upload, body, response)
  }

  private complete(uploadId: string, { key, headers, parts }: Upload, body: Buffer, response: ServerResponse): void {
    const refusal = this.refusals.get(`${key}#complete`)
    if (refusal !== undefined) {
      this.refusals.delete(`${key}#complete`)
      response.writeHead(200).end(`\n <Error><Code>${refusal.code}</Code><Message>Later.</Message></Error>`)
      return
    }
    const named = parseXml(body.toString('utf8')).children.map((part) => [
      textOf(part, 'PartNumber'),
      textOf(part, 'ETag'),
    ])
    const have = parts.map((part, index) => [String(index + 1), `"${etagOf(part)}"`])
    const isSmall = parts.slice(0, -1).some((part) => part.length < 5 * 2 ** 20)
    if (JSON.stringify(named) !== JSON.stringify(have)) this.fail(response, 400, 'InvalidPart')
    else if (isSmall) this.fail(response, 400, 'EntityTooSmall')
    else {
      this.put(key, Buffer.concat(parts))
      this.headersOf.set(key, headers)
      this.uploads.delete(uploadId)
      response.end('<CompleteMultipartUploadResult><ETag>&quot;e&quot;</ETag></CompleteMultipartUploadResult>')
    }
  }

  private deleteTogether(body: Buffer, response: ServerResponse): void {
    const asked = parseXml(body.toString('utf8'))
    const keys = asked.children.flatMap((child) => (child.name === 'Object' ? (textOf(child, 'Key') ?? []) : []))
    if (keys.length > 1000) {
      this.fail(response, 400, 'MalformedXML')
      return
    }
    const errors = keys.flatMap((key) => {
      const refusal = this.refusals.get(key)
      if (refusal === undefined) {
        this.remove(key)
        return []
      }
      if (refusal.isOnce === true) this.refusals.delete(key)
      return [
        `<Error><Key>${written(key)}</Key><Code>${refusal.code}</Code><Message>${written(refusal.message ?? 'It is refused.')}</Message></Error>`,
      ]
    })
    response
      .writeHead(200, { 'content-type': 'application/xml' })
      .end(`<?xml version="1.0" encoding="UTF-8"?>\n<DeleteResult>${errors.join('')}</DeleteResult>`)
  }
}

function written(text: string): string {
  return text.replaceAll(/[^\w ./-]/gu, (character) => `&#${character.codePointAt(0) ?? 0};`)
}
