import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { parseXml, textOf } from '../../src/aws/xml.ts'
import { BucketServer, type ChangeRequest } from './bucket-server.ts'

/** The same, for what changes a bucket: checksums are verified, and where S3 asks for one, one is missed. */
export class WritableBucket extends BucketServer {
  /** Codes of errors for single objects, by key. One that is once given is over. */
  readonly refusals = new Map<string, { readonly code: string; readonly message?: string; readonly isOnce?: boolean }>()

  protected override change(change: ChangeRequest, response: ServerResponse): void {
    const { request, body, key, parameters } = change
    const md5 = request.headers['content-md5']
    if (md5 !== undefined && md5 !== createHash('md5').update(body).digest('base64'))
      this.fail(response, 400, 'BadDigest')
    else if (request.method === 'POST' && key === '' && parameters.has('delete')) {
      if (md5 === undefined) this.fail(response, 400, 'InvalidRequest')
      else this.deleteTogether(body, response)
    } else if (request.method === 'DELETE') {
      this.remove(key)
      response.writeHead(204).end()
    } else super.change(change, response)
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
