import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HttpPools } from '../../src/aws/pools.ts'
import { type Given, credentials, objectKey, region } from './arbitraries.ts'
import { all, clientOf, fixed } from './clients.ts'
import { MeetingServer, parts, signedAgain } from './met-requests.ts'
import { caseCount, cases, limitMs } from './scale.ts'

const emptyList = '<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>'
const pools = new HttpPools()
let server: MeetingServer

beforeAll(async () => {
  server = await MeetingServer.start(({ url }) => (url.includes('list-type=2') ? emptyList : 'body'))
})

afterAll(async () => {
  await pools.close()
  await server.close()
})

test('an object is asked for and signed as by the AWS SDK', limitMs, async () => {
  const about = fc.record({
    key: objectKey,
    keys: credentials,
    region,
    versionId: fc.option(fc.stringMatching(/^[\w.=+/ &-]{1,32}$/), { nil: undefined }),
    ifMatch: fc.option(fc.stringMatching(/^[0-9a-f]{32}(-\d{1,4})?$/), { nil: undefined }),
  })
  const check = async ({ key, keys, region: inRegion, versionId, ifMatch }: Given<typeof about>): Promise<void> => {
    const sdk = server.sdkClient(keys, inRegion)
    const given = {
      Bucket: 'logs',
      Key: key,
      VersionId: versionId,
      ...(ifMatch === undefined ? {} : { IfMatch: `"${ifMatch}"` }),
      RequestPayer: 'requester' as const,
    }
    const client = clientOf(server.url, { pools, credentials: fixed(keys), region: inRegion })
    const asked = { bucket: 'logs', key, versionId, ifMatch, size: 4, requesterPays: true }
    const ignore = (): void => undefined
    const pairs = [
      [
        await server.metBy(() => client.getObjectBytes(asked).catch(ignore)),
        await server.metBy(() => sdk.send(new GetObjectCommand(given))),
      ],
      [
        await server.metBy(() => client.headObject(asked).catch(ignore)),
        await server.metBy(() => sdk.send(new HeadObjectCommand(given))),
      ],
    ] as const
    sdk.destroy()
    for (const [ours, theirs] of pairs) {
      expect(ours.method).toBe(theirs.method)
      expect(parts(ours)).toEqual(parts(theirs))
      for (const name of ['host', 'if-match', 'x-amz-request-payer', 'x-amz-security-token', 'x-amz-content-sha256'])
        expect([name, ours.headers[name]]).toEqual([name, theirs.headers[name]])
      expect(signedAgain(theirs, keys, inRegion)).toBe(theirs.headers.authorization)
      expect(signedAgain(ours, keys, inRegion)).toBe(ours.headers.authorization)
    }
  }
  await fc.assert(fc.asyncProperty(about, check), { ...cases, numRuns: Math.ceil(caseCount / 2) })
})

test('a list is asked for and signed as by the AWS SDK', limitMs, async () => {
  const about = fc.record({
    prefix: objectKey,
    startAfter: objectKey,
    delimiter: fc.constantFrom(undefined, '/', '-', ' &+'),
    keys: credentials,
    region,
    pageSize: fc.integer({ min: 1, max: 1000 }),
  })
  const check = async ({
    prefix,
    startAfter,
    delimiter,
    keys,
    region: inRegion,
    pageSize,
  }: Given<typeof about>): Promise<void> => {
    const sdk = server.sdkClient(keys, inRegion)
    const theirs = await server.metBy(() =>
      sdk.send(
        new ListObjectsV2Command({
          Bucket: 'logs',
          Prefix: prefix,
          StartAfter: startAfter,
          Delimiter: delimiter,
          MaxKeys: pageSize,
          EncodingType: 'url',
        }),
      ),
    )
    sdk.destroy()
    const client = clientOf(server.url, { pools, credentials: fixed(keys), region: inRegion })
    const ours = await server.metBy(() =>
      all(client.listObjects({ bucket: 'logs', prefix, delimiter, startAfter, pageSize })),
    )
    expect(parts(ours)).toEqual(parts(theirs))
    expect(signedAgain(theirs, keys, inRegion)).toBe(theirs.headers.authorization)
  }
  await fc.assert(fc.asyncProperty(about, check), { ...cases, numRuns: Math.ceil(caseCount / 2) })
})
