import { describe, expect, test } from 'vitest'
import { breakingOff, failing, giving, resetting, serveInTurn, silent } from './answers.ts'
import { TestClock, all, clientOf } from './clients.ts'

const object = { bucket: 'logs', key: 'a', size: 10 }
const body = '0123456789'

describe('a request is sent again', () => {
  test.each([
    ['500', failing(500, 'InternalError')],
    ['502 without a body', failing(502, '')],
    ['503', failing(503, 'ServiceUnavailable')],
    ['SlowDown', failing(503, 'SlowDown')],
    ['429', failing(429, 'TooManyRequests')],
    ['RequestTimeout', failing(400, 'RequestTimeout')],
    ['a reset', resetting],
    ['a body that breaks off', breakingOff(body, 4)],
  ])('after %s', async (_name, fault) => {
    const { url, met } = await serveInTurn(fault, fault, giving(body))
    const clock = new TestClock()
    const { bytes } = await clientOf(url, { timing: clock }).getObjectBytes(object)
    expect(bytes.toString()).toBe(body)
    expect(met).toHaveLength(3)
    expect(clock.waits).toHaveLength(2)
  })

  test('when no answer comes in time', async () => {
    const { url, met } = await serveInTurn(silent, giving(body))
    const client = clientOf(url, { limits: { headersMs: 200 } })
    expect((await client.getObjectBytes(object)).bytes.toString()).toBe(body)
    expect(met).toHaveLength(2)
  })

  test('when the rest of a body does not come in time', async () => {
    const { url } = await serveInTurn((response) => {
      response.writeHead(200, { 'content-length': 10, etag: '"e1"' }).write('0123')
    }, giving(body))
    const client = clientOf(url, { limits: { idleMs: 200 } })
    expect((await client.getObjectBytes(object)).bytes.toString()).toBe(body)
  })

  test('so often and no more, with longer waits each time', async () => {
    const { url, met } = await serveInTurn(failing(500, 'InternalError'))
    const clock = new TestClock()
    const retries = { attempts: 5, firstMs: 100, longestMs: 500 }
    await expect(clientOf(url, { timing: clock, retries }).getObjectBytes(object)).rejects.toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
      message: 's3://logs/a was not given, in several attempts (InternalError: It is InternalError.). Try again later.',
    })
    expect(met).toHaveLength(5)
    expect(clock.waits).toEqual([50, 100, 200, 250])
  })

  test('later when S3 asks for fewer requests, and each at a time of its own', async () => {
    const { url } = await serveInTurn(failing(503, 'SlowDown'))
    const early = new TestClock()
    early.chance = 0.01
    const late = new TestClock()
    late.chance = 0.99
    const retries = { attempts: 3, throttledFirstMs: 1000, longestMs: 20_000 }
    for (const timing of [early, late])
      await expect(clientOf(url, { timing, retries }).getObjectBytes(object)).rejects.toMatchObject({
        code: 'SOURCE_UNAVAILABLE',
        message: expect.stringContaining('too many requests (SlowDown'),
      })
    expect(early.waits).toEqual([10, 20])
    expect(late.waits).toEqual([990, 1980])
  })

  test('when Retry-After says so, in seconds or as a date', async () => {
    const clock = new TestClock()
    const date = new Date(clock.time + 10_000).toUTCString()
    const { url } = await serveInTurn(
      failing(503, 'SlowDown', { headers: { 'retry-after': '7' } }),
      failing(503, 'SlowDown', { headers: { 'retry-after': date } }),
      failing(503, 'SlowDown', { headers: { 'retry-after': '100000' } }),
      giving(body),
    )
    await clientOf(url, { timing: clock }).getObjectBytes(object)
    expect(clock.waits).toEqual([7000, 3000, 60_000])
  })

  test('by many at once in a storm of 503s', async () => {
    const storm = Array.from({ length: 150 }, () => failing(503, 'SlowDown'))
    const { url, met } = await serveInTurn(...storm, giving(body))
    const client = clientOf(url, { retries: { attempts: 200 }, limits: { connections: 8 } })
    const read = await Promise.all(Array.from({ length: 50 }, () => client.getObjectBytes(object)))
    expect(read.every(({ bytes }) => bytes.toString() === body)).toBe(true)
    expect(met).toHaveLength(200)
  })

  test('for a page of a list as well', async () => {
    const page = '<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>'
    const { url, met } = await serveInTurn(resetting, failing(503, 'SlowDown'), giving(page))
    expect(await all(clientOf(url).listObjects({ bucket: 'logs' }))).toEqual([[]])
    expect(met).toHaveLength(3)
  })
})

describe('a request is not sent again', () => {
  test.each([
    ['AccessDenied', 403, 'ACCESS_DENIED'],
    ['NoSuchKey', 404, 'FILE_VANISHED'],
    ['InvalidObjectState', 403, 'FILE_ARCHIVED'],
    ['InvalidArgument', 400, 'SOURCE_REFUSED'],
    ['PreconditionFailed', 412, 'FILE_CHANGED'],
  ])('after %s', async (code, status, expected) => {
    const { url, met } = await serveInTurn(failing(status, code))
    await expect(clientOf(url).getObjectBytes(object)).rejects.toMatchObject({ code: expected })
    expect(met).toHaveLength(1)
  })

  test('after it was given up', async () => {
    const controller = new AbortController()
    const { url, met } = await serveInTurn(silent)
    const reading = clientOf(url).getObjectBytes({ ...object, signal: controller.signal })
    await expect.poll(() => met.length).toBe(1)
    controller.abort(new Error('enough'))
    await expect(reading).rejects.toThrow('enough')
    expect(met).toHaveLength(1)
  })

  test('while it waits for a connection or for its next attempt', async () => {
    const controller = new AbortController()
    const { url, met } = await serveInTurn(silent)
    const client = clientOf(url, { limits: { connections: 1 } })
    const { signal } = controller
    const first = client.getObjectBytes({ ...object, signal })
    const second = client.getObjectBytes({ ...object, signal })
    await expect.poll(() => met.length).toBe(1)
    controller.abort(new Error('enough'))
    await expect(first).rejects.toThrow('enough')
    await expect(second).rejects.toThrow('enough')
    await expect(client.getObject({ ...object, signal })).rejects.toThrow('enough')
  })
})
