import { describe, expect, test } from 'vitest'
import { HttpPools } from '../../src/aws/pools.ts'
import { breakingOff, failing, giving, givingRest, serveInTurn, silent } from './answers.ts'
import { TestClock, all, bytesOf, clientOf, fixed, keys } from './clients.ts'

const object = { bucket: 'logs', key: 'a', size: 10 }
const body = '0123456789'

describe('a stream', () => {
  test('goes on from the byte where the connection broke', async () => {
    const { url, met } = await serveInTurn(breakingOff(body, 3), givingRest(body, 7), givingRest(body))
    const { body: stream, facts } = await clientOf(url).getObject(object)
    expect((await bytesOf(stream)).toString()).toBe(body)
    expect(facts).toMatchObject({ size: 10, etag: 'e1' })
    expect(met.map(({ headers }) => [headers.range, headers['if-match']])).toEqual([
      [undefined, undefined],
      ['bytes=3-', '"e1"'],
      ['bytes=7-', '"e1"'],
    ])
  })

  test('fails when the object changed meanwhile', async () => {
    const { url } = await serveInTurn(breakingOff(body, 3), failing(412, 'PreconditionFailed'))
    const { body: stream } = await clientOf(url).getObject(object)
    await expect(bytesOf(stream)).rejects.toMatchObject({ code: 'FILE_CHANGED' })
  })

  test('fails as cut off when it breaks again and again', async () => {
    const { url, met } = await serveInTurn(breakingOff(body, 3), givingRest(body, 4))
    const { body: stream } = await clientOf(url, { retries: { attempts: 4 } }).getObject(object)
    await expect(bytesOf(stream)).rejects.toMatchObject({
      code: 'FILE_TRUNCATED',
      message: expect.stringContaining('s3://logs/a broke off while it was read'),
    })
    expect(met).toHaveLength(4)
  })

  test('never takes bytes of another place for the rest', async () => {
    const { url } = await serveInTurn(breakingOff(body, 3), giving(body))
    const { body: stream } = await clientOf(url).getObject(object)
    await expect(bytesOf(stream)).rejects.toMatchObject({ code: 'FILE_TRUNCATED' })
  })

  test('ends when it was given up', async () => {
    const controller = new AbortController()
    const { url, met } = await serveInTurn((response) => {
      response.writeHead(200, { 'content-length': 10, etag: '"e1"' }).write('0123')
    })
    const { body: stream } = await clientOf(url).getObject({ ...object, signal: controller.signal })
    const reading = bytesOf(stream)
    await expect.poll(() => met.length).toBe(1)
    controller.abort(new Error('enough'))
    await expect(reading).rejects.toThrow('enough')
    expect(met).toHaveLength(1)
  })

  test('that nobody reads to its end frees its connection', async () => {
    const large = 'x'.repeat(5_000_000)
    const { url } = await serveInTurn(giving(large))
    const client = clientOf(url, { limits: { connections: 1 } })
    for (let time = 0; time < 3; time++) {
      const { body: stream } = await client.getObject({ bucket: 'logs', key: 'a' })
      stream.destroy()
    }
    const { body: stream } = await client.getObject({ bucket: 'logs', key: 'a' })
    expect((await bytesOf(stream)).length).toBe(large.length)
  })
})

describe('what came is checked', () => {
  test('an ETag other than the one asked for', async () => {
    const { url } = await serveInTurn(giving(body, 'e2'))
    const changed = {
      code: 'FILE_CHANGED',
      message: 's3://logs/a changed after it was listed (its ETag is e2, not e1). List it again.',
    }
    const client = clientOf(url)
    await expect(client.getObjectBytes({ ...object, ifMatch: 'e1' })).rejects.toMatchObject(changed)
    await expect(client.getObject({ ...object, ifMatch: 'e1' })).rejects.toMatchObject(changed)
  })

  test('a body without its length', async () => {
    const { url } = await serveInTurn((response) => response.writeHead(200, { etag: '"e1"' }).end(body))
    const refused = { code: 'SOURCE_REFUSED', message: expect.stringContaining('s3://logs/a came without its length') }
    const client = clientOf(url)
    await expect(client.getObjectBytes(object)).rejects.toMatchObject(refused)
    await expect(client.getObject(object)).rejects.toMatchObject(refused)
  })

  test('an object much larger than listed is not read', async () => {
    const { url } = await serveInTurn(giving('x'.repeat(2_000_000)))
    await expect(clientOf(url).getObjectBytes(object)).rejects.toMatchObject({ code: 'FILE_CHANGED' })
  })

  test.each([
    ['no XML', 'hello'],
    ['an entity of its own', '<!DOCTYPE x [<!ENTITY e "x">]><ListBucketResult>&e;</ListBucketResult>'],
    ['another document', '<html></html>'],
    ['more without a token', '<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>'],
    ['an object without a size', '<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>'],
    [
      'the same token for ever',
      '<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken></ListBucketResult>',
    ],
  ])('a list that is %s', async (_name, page) => {
    const { url } = await serveInTurn(giving(page))
    await expect(all(clientOf(url).listObjects({ bucket: 'logs' }))).rejects.toMatchObject({ code: 'SOURCE_REFUSED' })
  })
})

describe('keys that have expired', () => {
  test('are replaced once', async () => {
    const { url, met } = await serveInTurn(failing(400, 'ExpiredToken'), giving(body))
    const clock = new TestClock()
    const renewed = { ...keys, accessKeyId: 'AKIDRENEWED' }
    const credentials = { ...fixed(keys), replace: async () => renewed }
    const { bytes } = await clientOf(url, { timing: clock, credentials }).getObjectBytes(object)
    expect(bytes.toString()).toBe(body)
    expect(met.map(({ headers }) => headers.authorization?.includes('AKIDRENEWED'))).toEqual([false, true])
    expect(clock.waits).toEqual([])
  })

  test('are told when they are refused again', async () => {
    const { url, met } = await serveInTurn(failing(400, 'ExpiredToken', { more: '<Token-0>secret-token</Token-0>' }))
    const error: unknown = await clientOf(url)
      .getObjectBytes(object)
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'CREDENTIALS_INVALID',
      message:
        's3://logs/a was refused because the AWS credentials have expired. Renew them, such as by "aws sso login".',
    })
    expect(JSON.stringify(error)).not.toContain('secret-token')
    expect(met).toHaveLength(2)
  })
})

test('a clock that is wrong is told with the difference', async () => {
  const clock = new TestClock()
  const serverTime = new Date(clock.time - 17 * 60_000).toISOString()
  const { url } = await serveInTurn(
    failing(403, 'RequestTimeTooSkewed', { more: `<ServerTime>${serverTime}</ServerTime>` }),
  )
  await expect(clientOf(url, { timing: clock }).getObject(object)).rejects.toMatchObject({
    code: 'CLOCK_SKEWED',
    message:
      "s3://logs/a was refused because this machine's clock is 17 minutes ahead of AWS's. Set the clock, best by a time service.",
  })
})

test('a server that is not there is told so', async () => {
  const client = clientOf('http://127.0.0.1:1', { retries: { attempts: 2 } })
  await expect(client.getObjectBytes(object)).rejects.toMatchObject({
    code: 'SOURCE_UNAVAILABLE',
    message: expect.stringMatching(/^s3:\/\/logs\/a cannot be reached \(.*ECONNREFUSED/),
  })
})

test('what is under way ends when the connections are closed', async () => {
  const { url, met } = await serveInTurn(silent)
  const pools = new HttpPools()
  const client = clientOf(url, { pools })
  const reading = client.getObjectBytes(object).catch((error: unknown) => error)
  await expect.poll(() => met.length).toBe(1)
  await pools.close()
  expect(await reading).toMatchObject({ code: 'SOURCE_UNAVAILABLE' })
  await expect(client.getObjectBytes(object)).rejects.toMatchObject({ code: 'LAKE_CLOSED' })
})
