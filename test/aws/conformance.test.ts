import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, S3Client as SdkClient } from '@aws-sdk/client-s3'
import * as fc from 'fast-check'
import type { IncomingHttpHeaders } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Credentials } from '../../src/aws/credentials.ts'
import { HttpPools } from '../../src/aws/pools.ts'
import { signHeaders } from '../../src/aws/sign.ts'
import { type Given, credentials, objectKey, region } from './arbitraries.ts'
import { all, clientOf, fixed } from './clients.ts'
import { caseCount, cases, limitMs } from './scale.ts'
import { startServer, type TestServer } from './servers.ts'

/** A request as a server met it. */
interface Met {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
}

const emptyList = '<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>'
const met: Met[] = []
const pools = new HttpPools()
let server: TestServer

beforeAll(async () => {
  server = await startServer((request, response) => {
    met.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers })
    const isList = request.url?.includes('list-type=2') === true
    response.writeHead(200, { etag: '"e"', 'last-modified': 'Sat, 21 Nov 2026 16:00:00 GMT' })
    response.end(isList ? emptyList : 'body')
  })
})

afterAll(async () => {
  await pools.close()
  await server.close()
})

function sdkClient(keys: Credentials, inRegion: string): SdkClient {
  const { accessKeyId, secretAccessKey, sessionToken } = keys
  return new SdkClient({
    endpoint: server.url,
    region: inRegion,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
  })
}

async function metBy(send: () => Promise<unknown>): Promise<Met> {
  met.length = 0
  await send()
  const [first, ...others] = met
  if (first === undefined || others.length > 0) throw new Error(`The server met ${met.length} requests.`)
  return first
}

/** Path, and parameters without the one that only the SDK sends: it names the operation. */
function parts({ url }: Met): { path: string; parameters: string[] } {
  const [path = '', query = ''] = url.split('?')
  const parameters = query.split('&').filter((parameter) => !['', 'x-id=GetObject'].includes(parameter))
  return { path, parameters: parameters.toSorted() }
}

/** What our signer makes of the request that the SDK sent. */
function signedAgain({ method, url, headers }: Met, keys: Credentials, inRegion: string): string | undefined {
  const sent: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') sent[name] = value
  const {
    host = '',
    authorization,
    'x-amz-date': date = '',
    'x-amz-content-sha256': payloadHash = '',
    ...others
  } = sent
  const signedNames = /SignedHeaders=([^,]+)/.exec(authorization ?? '')?.[1]?.split(';') ?? []
  const signed = Object.fromEntries(Object.entries(others).filter(([name]) => signedNames.includes(name)))
  const [path = '', query = ''] = url.split('?')
  const dateMs = Date.parse(date.replace(/^(....)(..)(..T..)(..)/, '$1-$2-$3:$4:'))
  const ours = signHeaders(
    {
      method,
      host,
      path,
      query: query
        .split('&')
        .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
        .join('&'),
      headers: signed,
      payloadHash,
    },
    keys,
    { region: inRegion, service: 's3' },
    dateMs,
  )
  expect(ours['x-amz-date']).toBe(date)
  return ours['authorization']
}

function nameOf(parameter: string): string {
  return parameter.split('=')[0] ?? ''
}

test('an object is asked for and signed as by the AWS SDK', limitMs, async () => {
  const about = fc.record({
    key: objectKey,
    keys: credentials,
    region,
    versionId: fc.option(fc.stringMatching(/^[\w.=+/ &-]{1,32}$/), { nil: undefined }),
    ifMatch: fc.option(fc.stringMatching(/^[0-9a-f]{32}(-\d{1,4})?$/), { nil: undefined }),
  })
  const check = async ({ key, keys, region: inRegion, versionId, ifMatch }: Given<typeof about>): Promise<void> => {
    const sdk = sdkClient(keys, inRegion)
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
        await metBy(() => client.getObjectBytes(asked).catch(ignore)),
        await metBy(() => sdk.send(new GetObjectCommand(given))),
      ],
      [
        await metBy(() => client.headObject(asked).catch(ignore)),
        await metBy(() => sdk.send(new HeadObjectCommand(given))),
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
    const sdk = sdkClient(keys, inRegion)
    const theirs = await metBy(() =>
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
    const ours = await metBy(() => all(client.listObjects({ bucket: 'logs', prefix, delimiter, startAfter, pageSize })))
    expect(parts(ours)).toEqual(parts(theirs))
    expect(signedAgain(theirs, keys, inRegion)).toBe(theirs.headers.authorization)
  }
  await fc.assert(fc.asyncProperty(about, check), { ...cases, numRuns: Math.ceil(caseCount / 2) })
})
