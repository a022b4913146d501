import { describe, expect, test } from 'vitest'
import { type Answer, failing, serveInTurn } from './answers.ts'
import { clientOf, keys } from './clients.ts'

const object = { bucket: 'logs', key: 'a b/c' }

/** The head of an object of 5 TiB: nothing must be made ready for its bytes. */
function heading(headers: Readonly<Record<string, string>> = {}): Answer {
  return (response) => {
    response.writeHead(200, { 'content-length': 5 * 2 ** 40, etag: '"e1"', ...headers }).end()
  }
}

/** An error of HEAD, which has no body, and what GET says of the same. */
function refusing(status: number, code: string, more: Parameters<typeof failing>[2] = {}): Answer {
  return (response, request) => {
    if (request.method === 'HEAD') response.writeHead(status, { ...more.headers }).end()
    else failing(status, code, more)(response, request)
  }
}

test('the facts of an object are told without its bytes', async () => {
  const modified = 'Sat, 21 Nov 2026 16:00:00 GMT'
  const { url, met } = await serveInTurn(heading({ 'last-modified': modified, 'x-amz-version-id': 'v1' }))
  expect(await clientOf(url).headObject({ ...object, versionId: 'v1' })).toEqual({
    size: 5 * 2 ** 40,
    etag: 'e1',
    modifiedMs: Date.UTC(2026, 10, 21, 16),
    versionId: 'v1',
    storageClass: 'STANDARD',
    archive: undefined,
  })
  expect(met.map(({ method, url: asked }) => `${method} ${asked}`)).toEqual(['HEAD /logs/a%20b/c?versionId=v1'])
})

test('an object other than the one that was announced is told', async () => {
  const { url } = await serveInTurn(heading())
  const client = clientOf(url)
  await expect(client.headObject({ ...object, size: 3 })).rejects.toMatchObject({ code: 'FILE_CHANGED' })
  await expect(client.headObject({ ...object, ifMatch: 'e2' })).rejects.toMatchObject({ code: 'FILE_CHANGED' })
  const other = await serveInTurn(refusing(412, 'PreconditionFailed'))
  await expect(clientOf(other.url).headObject({ ...object, ifMatch: 'e2' })).rejects.toMatchObject({
    code: 'FILE_CHANGED',
  })
  expect(other.met).toHaveLength(1)
})

const ongoing = { 'x-amz-restore': 'ongoing-request="true"' }
const restored = { 'x-amz-restore': 'ongoing-request="false", expiry-date="Fri, 21 Dec 2026 00:00:00 GMT"' }

test.each([
  ['GLACIER', {}, 'archived'],
  ['DEEP_ARCHIVE', {}, 'archived'],
  ['GLACIER', ongoing, 'restoring'],
  ['GLACIER', restored, 'restored'],
  ['GLACIER_IR', {}, undefined],
  ['INTELLIGENT_TIERING', {}, undefined],
  ['INTELLIGENT_TIERING', { 'x-amz-archive-status': 'DEEP_ARCHIVE_ACCESS' }, 'archived'],
  ['INTELLIGENT_TIERING', { 'x-amz-archive-status': 'ARCHIVE_ACCESS', ...ongoing }, 'restoring'],
])('an object in %s with %j is %s', async (storageClass, headers, archive) => {
  const { url } = await serveInTurn(heading({ 'x-amz-storage-class': storageClass, ...headers }))
  expect(await clientOf(url).headObject(object)).toMatchObject({ storageClass, archive })
})

describe('a refusal, whose HEAD has no body, is told by its GET', () => {
  const who = 'arn:aws:iam::123456789012:user/collector'
  const message = `User: ${who} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::logs/a b/c" because no identity-based policy allows it`

  test.each([
    [404, 'NoSuchKey', 'FILE_VANISHED', 's3://logs/a b/c is gone'],
    [404, 'NoSuchBucket', 'SOURCE_MISSING', 'is in a bucket that does not exist'],
    [404, 'NoSuchVersion', 'FILE_VANISHED', 'is gone'],
    [405, 'MethodNotAllowed', 'FILE_VANISHED', 'is gone'],
    [403, 'AccessDenied', 'ACCESS_DENIED', `${who} lacks s3:GetObject on arn:aws:s3:::logs/a b/c`],
    [403, 'SignatureDoesNotMatch', 'CREDENTIALS_INVALID', 'are not valid (SignatureDoesNotMatch)'],
    [403, 'RequestTimeTooSkewed', 'CLOCK_SKEWED', 'clock'],
  ])('%i %s', async (status, code, told, words) => {
    const { url, met } = await serveInTurn(refusing(status, code, { message }))
    await expect(clientOf(url).headObject(object)).rejects.toMatchObject({
      code: told,
      message: expect.stringContaining(words),
    })
    expect(met.map(({ method }) => method)).toEqual(['HEAD', 'GET'])
  })

  test('404 of something that is no S3', async () => {
    const { url } = await serveInTurn((response) => response.writeHead(404).end('<html>not found</html>'))
    await expect(clientOf(url).headObject(object)).rejects.toMatchObject({ code: 'SOURCE_MISSING' })
  })

  test('expired keys, which are then renewed', async () => {
    const fresh = { ...keys, accessKeyId: 'AKIDFRESH' }
    let current = keys
    const replace = async (): Promise<typeof keys> => (current = fresh)
    const { url, met } = await serveInTurn((response, request) => {
      const isFresh = request.headers.authorization?.includes('AKIDFRESH') === true
      if (isFresh) heading()(response, request)
      else refusing(400, 'ExpiredToken')(response, request)
    })
    const client = clientOf(url, { credentials: { get: async () => current, replace } })
    expect(await client.headObject(object)).toMatchObject({ etag: 'e1' })
    expect(met.map(({ method }) => method)).toEqual(['HEAD', 'GET', 'GET', 'HEAD'])
  })
})

test('a HEAD goes to the region that the bucket is in, and again after what passes', async () => {
  const elsewhere = refusing(400, 'AuthorizationHeaderMalformed', { headers: { 'x-amz-bucket-region': 'eu-west-3' } })
  const { url, met } = await serveInTurn(refusing(503, 'SlowDown'), elsewhere, heading())
  expect(await clientOf(url).headObject(object)).toMatchObject({ etag: 'e1' })
  expect(met.map(({ method }) => method)).toEqual(['HEAD', 'HEAD', 'HEAD'])
  expect(met.at(-1)?.headers.authorization).toContain('/eu-west-3/s3/')
})
