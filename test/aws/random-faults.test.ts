import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Answer, breakingOff, failing, giving, givingRest, resetting } from './answers.ts'
import type { Given } from './arbitraries.ts'
import { bytesOf, clientOf } from './clients.ts'
import { caseCount, cases, limitMs } from './scale.ts'
import { openPools, startServer } from './servers.ts'

const fault = fc.oneof(
  fc.record({ kind: fc.constantFrom('slow down', 'internal', 'reset', 'expired') }),
  fc.record({ kind: fc.constant('break'), share: fc.double({ min: 0, max: 0.99, noNaN: true }) }),
)

const about = fc.record({
  size: fc.oneof(fc.nat(10), fc.nat(300_000)),
  faults: fc.array(fault, { maxLength: 6 }),
  asStream: fc.boolean(),
})

function answerOf(given: Given<typeof fault>, body: string, isRest: boolean): Answer {
  if (given.kind === 'slow down') return failing(503, 'SlowDown')
  if (given.kind === 'internal') return failing(500, 'InternalError')
  if (given.kind === 'expired') return failing(400, 'ExpiredToken')
  if (given.kind === 'reset' || !('share' in given)) return resetting
  const end = Math.floor(given.share * body.length)
  return isRest ? givingRest(body, Math.max(end, 0)) : breakingOff(body, end)
}

test('through faults in any order, an object comes whole or not at all', limitMs, async () => {
  const pools = openPools()
  const check = async ({ size, faults, asStream }: Given<typeof about>): Promise<void> => {
    const body = Array.from({ length: size }, (_, index) => String.fromCharCode(97 + ((index * 7) % 26))).join('')
    let met = 0
    const server = await startServer((request, response) => {
      const next = faults[met++]
      const isRest = request.headers.range !== undefined
      const answer = next === undefined ? (isRest ? givingRest(body) : giving(body)) : answerOf(next, body, isRest)
      answer(response, request)
    })
    try {
      // Each may be the last one: an attempt may end with the token renewed as well.
      const client = clientOf(server.url, { pools, retries: { attempts: 4 } })
      const read = async (): Promise<Buffer> =>
        asStream
          ? bytesOf((await client.getObject({ bucket: 'logs', key: 'a' })).body)
          : (await client.getObjectBytes({ bucket: 'logs', key: 'a', size })).bytes
      const outcome = await read().catch((error: unknown) => error)
      if (Buffer.isBuffer(outcome)) expect(outcome.toString()).toBe(body)
      else
        expect(outcome).toMatchObject({
          code: expect.stringMatching(/^(SOURCE_UNAVAILABLE|FILE_TRUNCATED|CREDENTIALS_INVALID)$/),
        })
      const fatal = faults.filter(({ kind }) => kind !== 'expired').length >= 4
      const renewals = faults.filter(({ kind }) => kind === 'expired').length
      if (!fatal && renewals < 2) expect(Buffer.isBuffer(outcome)).toBe(true)
    } finally {
      await server.close()
    }
  }
  await fc.assert(fc.asyncProperty(about, check), { ...cases, numRuns: Math.ceil(caseCount / 3) })
})
