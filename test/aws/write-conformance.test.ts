import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import * as fc from 'fast-check'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Credentials } from '../../src/aws/credentials.ts'
import { isXmlText } from '../../src/aws/delete-objects.ts'
import { HttpPools } from '../../src/aws/pools.ts'
import { type XmlElement, parseXml } from '../../src/aws/xml.ts'
import { temporaryFolder } from '../loading/lakes.ts'
import { type Given, credentials, objectKey, region } from './arbitraries.ts'
import { fixed, writerOf } from './clients.ts'
import { type Met, MeetingServer, parts, signedAgain } from './met-requests.ts'
import { caseCount, cases, limitMs } from './scale.ts'

const pools = new HttpPools()
let server: MeetingServer

beforeAll(async () => {
  server = await MeetingServer.start(({ method, url }) => {
    if (url.includes('?delete=')) return '<DeleteResult/>'
    if (method !== 'POST') return ''
    return url.includes('?uploads')
      ? '<InitiateMultipartUploadResult><UploadId>a/b+c=&amp;</UploadId></InitiateMultipartUploadResult>'
      : '<CompleteMultipartUploadResult/>'
  })
})

afterAll(async () => {
  await pools.close()
  await server.close()
})

/** The elements of a body, whatever their order. */
function elements({ body }: Met): unknown {
  const sorted = ({ name, text, children }: XmlElement): unknown => ({
    name,
    text,
    children: children.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(sorted),
  })
  return sorted(parseXml(body.toString('utf8')))
}

test('objects are deleted as by the AWS SDK', limitMs, async () => {
  const about = fc.record({
    deleted: fc.uniqueArray(objectKey, { minLength: 1, maxLength: 5 }),
    keys: credentials,
    region,
  })
  const check = async ({ deleted, keys, region: inRegion }: Given<typeof about>): Promise<void> => {
    const sdk = server.sdkClient(keys, inRegion)
    const writer = writerOf(server.url, { pools, credentials: fixed(keys), region: inRegion })
    const asText = deleted.filter(isXmlText)
    if (asText.length > 0) {
      const ours = await server.metBy(() => writer.deleteObjects({ bucket: 'logs', keys: asText }))
      const Delete = { Objects: asText.map((Key) => ({ Key })), Quiet: true }
      const theirs = await server.metBy(() => sdk.send(new DeleteObjectsCommand({ Bucket: 'logs', Delete })))
      expect([ours.method, parts(ours)]).toEqual([theirs.method, parts(theirs)])
      expect(elements(ours)).toEqual(elements(theirs))
      expect(ours.headers['content-type']).toBe(theirs.headers['content-type'])
      expect(signedAgain(ours, keys, inRegion)).toBe(ours.headers.authorization)
      expect(signedAgain(theirs, keys, inRegion)).toBe(theirs.headers.authorization)
    }
    for (const key of deleted.filter((one) => !isXmlText(one))) {
      const ours = await server.metBy(() => writer.deleteObjects({ bucket: 'logs', keys: [key] }))
      const theirs = await server.metBy(() => sdk.send(new DeleteObjectCommand({ Bucket: 'logs', Key: key })))
      expect([ours.method, parts(ours)]).toEqual([theirs.method, parts(theirs)])
      expect(signedAgain(ours, keys, inRegion)).toBe(ours.headers.authorization)
    }
    sdk.destroy()
  }
  await fc.assert(fc.asyncProperty(about, check), { ...cases, numRuns: Math.ceil(caseCount / 4) })
})

const told = [
  'content-md5',
  'x-amz-acl',
  'x-amz-request-payer',
  'x-amz-security-token',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
]

/** The SDK says a type of parts too, which nobody keeps. */
function isWithType({ method, url }: Met): boolean {
  return method === 'PUT' ? !url.includes('partNumber=') : url.includes('uploads=')
}

function expectSame(ours: Met, theirs: Met, keys: Credentials, inRegion: string): void {
  const contentOf = (met: Met): unknown =>
    met.method === 'POST' && met.body.length > 0 ? elements(met) : met.body.toString('hex')
  expect([ours.method, parts(ours), contentOf(ours)]).toEqual([theirs.method, parts(theirs), contentOf(theirs)])
  for (const name of isWithType(ours) ? [...told, 'content-type'] : told)
    expect([name, ours.headers[name]]).toEqual([name, theirs.headers[name]])
  expect(signedAgain(ours, keys, inRegion)).toBe(ours.headers.authorization)
  expect(signedAgain(theirs, keys, inRegion)).toBe(theirs.headers.authorization)
}

test('objects are written, whole and by parts, as by the AWS SDK', limitMs, async () => {
  const folder = temporaryFolder()
  const about = fc.record({
    key: objectKey,
    keys: credentials,
    region,
    body: fc.uint8Array({ minLength: 1, maxLength: 40 }),
    keeping: fc.constantFrom(
      {},
      { encryption: 'AES256' as const },
      { encryption: 'aws:kms' as const, acl: 'bucket-owner-full-control' as const },
      { encryption: 'aws:kms' as const, kmsKeyId: 'arn:aws:kms:eu-west-1:123456789012:key/0e4c' },
    ),
  })
  const check = async ({ key, keys, region: inRegion, body, keeping }: Given<typeof about>): Promise<void> => {
    const sdk = server.sdkClient(keys, inRegion)
    const options = { pools, credentials: fixed(keys), region: inRegion }
    const path = join(folder, 'file')
    writeFileSync(path, body)
    const { encryption, kmsKeyId, acl } = { encryption: undefined, kmsKeyId: undefined, acl: undefined, ...keeping }
    const named = { Bucket: 'logs', Key: key, RequestPayer: 'requester' as const }
    const kept = {
      ...named,
      ContentType: 'text/csv',
      ServerSideEncryption: encryption,
      SSEKMSKeyId: kmsKeyId,
      ACL: acl,
    }
    const asked = { bucket: 'logs', key, contentType: 'text/csv', requesterPays: true, path, ...keeping }
    const md5 = (part: Uint8Array): string => createHash('md5').update(part).digest('base64')

    const whole = await server.allMetBy(() => writerOf(server.url, options).putFile(asked))
    expect(whole.map(({ method }) => method)).toEqual(['HEAD', 'PUT'])
    const put = new PutObjectCommand({ ...kept, Body: body, ContentMD5: md5(body) })
    expectSame(whole[1] ?? none, await server.metBy(() => sdk.send(put)), keys, inRegion)

    const partBytes = Math.ceil(body.length / 2)
    const writer = writerOf(server.url, { ...options, wholeBytes: 0, partBytes })
    const [, create, ...sent] = await server.allMetBy(() => writer.putFile(asked))
    const complete = sent.pop()
    expectSame(
      create ?? none,
      await server.metBy(() => sdk.send(new CreateMultipartUploadCommand(kept))),
      keys,
      inRegion,
    )
    const upload = { ...named, UploadId: 'a/b+c=&' }
    for (const [index, part] of sent.entries()) {
      const Body = body.slice(index * partBytes, (index + 1) * partBytes)
      const command = new UploadPartCommand({ ...upload, PartNumber: index + 1, Body, ContentMD5: md5(Body) })
      expectSame(part, await server.metBy(() => sdk.send(command)), keys, inRegion)
    }
    const Parts = sent.map((_, index) => ({ PartNumber: index + 1, ETag: '"e"' }))
    const completed = new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } })
    const theirs = await server.metBy(() => sdk.send(completed))
    expectSame(complete ?? none, theirs, keys, inRegion)
    sdk.destroy()
  }
  await fc.assert(fc.asyncProperty(about, check), { ...cases, numRuns: Math.ceil(caseCount / 6) })
})

const none: Met = { method: '', url: '', headers: {}, body: Buffer.alloc(0) }
