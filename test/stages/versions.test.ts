import { expect, test } from 'vitest'
import { openS3Stage } from '../../src/stages/s3.ts'
import type { StageObject } from '../../src/stages/stage.ts'
import { etagOf, BucketServer } from '../aws/bucket-server.ts'
import { TestClock, all, bytesOf, clientOf, keys } from '../aws/clients.ts'
import { serve } from '../aws/servers.ts'

/** What a notification tells of an object. */
function notified(key: string, body: Buffer, versionId: string | undefined): StageObject {
  const uri = `s3://logs/${key}`
  return {
    uri,
    version: etagOf(body),
    versionId,
    size: body.length,
    modifiedMs: 0,
    accountId: undefined,
    region: undefined,
    dateMs: 0,
  }
}

test.each([20, 2 ** 20 + 1])('of an object with a version just that is read: %i bytes', async (size) => {
  const clock = new TestClock()
  const bucket = new BucketServer('logs', keys, clock.now)
  const client = clientOf(await serve(bucket.respond), { timing: clock })
  const stage = openS3Stage({ bucket: 'logs', path: '' }, client, { requesterPays: true })
  const [first, second] = [Buffer.alloc(size, 'a'), Buffer.alloc(size, 'b')]
  const versionId = bucket.put('a.log', first)
  bucket.put('a.log', second)
  bucket.requesterPays = true
  const read = async (object: StageObject): Promise<Buffer> => {
    const body = await stage.fetch?.(object, undefined)
    if (body === undefined) throw new Error('Nothing came.')
    return body instanceof Uint8Array ? Buffer.from(body) : bytesOf(body)
  }

  expect((await read(notified('a.log', first, versionId))).equals(first)).toBe(true)
  await expect(read(notified('a.log', first, undefined))).rejects.toMatchObject({ code: 'FILE_CHANGED' })
  await expect(read(notified('a.log', first, 'none'))).rejects.toMatchObject({ code: 'FILE_VANISHED' })
  const [listed] = (await all(stage.list())).flat()
  expect(listed).toMatchObject({ uri: 's3://logs/a.log', version: etagOf(second) })
  if (listed !== undefined) expect((await read(listed)).equals(second)).toBe(true)
})
