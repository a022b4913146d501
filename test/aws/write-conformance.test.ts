import { DeleteObjectCommand, DeleteObjectsCommand } from '@aws-sdk/client-s3'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isXmlText } from '../../src/aws/delete-objects.ts'
import { HttpPools } from '../../src/aws/pools.ts'
import { parseXml } from '../../src/aws/xml.ts'
import { type Given, credentials, objectKey, region } from './arbitraries.ts'
import { fixed, writerOf } from './clients.ts'
import { type Met, MeetingServer, parts, signedAgain } from './met-requests.ts'
import { caseCount, cases, limitMs } from './scale.ts'

const pools = new HttpPools()
let server: MeetingServer

beforeAll(async () => {
  server = await MeetingServer.start(() => '<DeleteResult/>')
})

afterAll(async () => {
  await pools.close()
  await server.close()
})

/** The elements of a body, whatever their order. */
function elements({ body }: Met): unknown[] {
  return parseXml(body.toString('utf8')).children.toSorted((a, b) => (a.name < b.name ? -1 : 1))
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
