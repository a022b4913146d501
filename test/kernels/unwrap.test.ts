import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Unwrapper } from '../../src/loading/unwrap.ts'
import { seededRandom } from '../arbitraries/seeded-random.ts'
import { cases as randomCases } from '../aws/scale.ts'
import { unwrapSlowly } from '../oracles/unwrap.ts'

const event = (message: string, id = '1') => ({ id, timestamp: 1_733_430_000_000, message })
const envelope = (messages: readonly string[], messageType = 'DATA_MESSAGE') =>
  JSON.stringify({
    messageType,
    owner: '123456789012',
    logGroup: '/aws/vpc',
    logStream: 'eni-1',
    subscriptionFilters: ['f'],
    logEvents: messages.map((message) => event(message)),
  })

const cases: readonly (readonly [string, string])[] = [
  ['one envelope', envelope(['2 a', '2 b'])],
  ['envelopes without newlines between them', envelope(['2 a']) + envelope(['2 b']) + envelope(['2 c'])],
  ['envelopes on lines of their own', `${envelope(['2 a'])}\n${envelope(['2 b'])}\n`],
  [
    'a control message is a blank line',
    envelope(['CWL CONTROL MESSAGE: Checking health of destination'], 'CONTROL_MESSAGE') + envelope(['2 a']),
  ],
  ['messages wrapped one a line', '{"message": "2 a"}\n{"message":"2 \\"b\\" \\u00e9"}\n'],
  ['keys around the message', '{"@timestamp":"x","nested":{"message":"no"},"message":"2 a","list":["message"]}'],
  ['pretty printed', JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents: [event('2 a')] }, null, 2)],
  ['an object without an event', '{"hello":"world"}\n{"message":"2 a"}\n'],
  ['broken JSON', '{"message":"2 a"}\n{"message": \n{"message":"2 b"}\n'],
  ['lines that are no objects', '2 a\n{"message":"2 b"}\n'],
  ['braces inside text', envelope(['{ } [ ] " \\ 2 a'])],
]

function unwrapQuickly(bytes: Buffer, chunkBytes: number): string[] {
  const unwrapper = new Unwrapper()
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.length; at += chunkBytes) parts.push(unwrapper.push(bytes.subarray(at, at + chunkBytes)))
  parts.push(unwrapper.end())
  const lines = Buffer.concat(parts).toString('utf8').split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

test.each(cases)('%s is unwrapped as by the oracle, in chunks of any size', (_, text) => {
  const bytes = Buffer.from(text)
  const random = seededRandom(bytes.length)

  const expected = unwrapSlowly(bytes)

  for (const chunkBytes of [bytes.length, 1, 7, 1 + random.below(64)])
    expect(unwrapQuickly(bytes, chunkBytes)).toEqual(expected)
})

const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/)
const message = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll(/\s/g, '_')),
  fc.constantFrom('2 123 eni - -', '{"a": [}', 'CONTROL_MESSAGE', '\\" \\', '"'),
)
const object = fc.oneof(
  fc.array(message, { minLength: 1, maxLength: 5 }).map((messages) => envelope(messages)),
  fc
    .array(message, { minLength: 1, maxLength: 3 })
    .map((messages) => JSON.stringify(JSON.parse(envelope(messages)), null, 2)),
  message.map((text) => JSON.stringify({ message: text })),
  fc.constant(envelope(['CWL CONTROL MESSAGE: Checking health of destination Firehose.'], 'CONTROL_MESSAGE')),
  fc.constantFrom('{"x": {"y": 1}}', '{}', '[1]', '{"message": 5}'),
  // What a delivery that broke off leaves, up to the end of its line.
  fc
    .tuple(fc.array(message, { minLength: 1, maxLength: 2 }), fc.double({ min: 0.1, max: 0.9, noNaN: true }))
    .map(([messages, share]) => {
      const text = envelope(messages)
      return `${text.slice(0, Math.ceil(text.length * share))}\n`
    }),
)

test('any run of objects is unwrapped as by the oracle, however it is cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(object, space), { maxLength: 8 }),
      fc.integer({ min: 1, max: 200 }),
      (parts, chunkBytes) => {
        const bytes = Buffer.from(parts.flat().join(''))
        expect(unwrapQuickly(bytes, chunkBytes)).toEqual(unwrapSlowly(bytes))
      },
    ),
    randomCases,
  )
})

test('says which lines are events, and which events they are', () => {
  const unwrapper = new Unwrapper(2)
  const other = {
    messageType: 'DATA_MESSAGE',
    logGroup: 'g',
    logEvents: [{ id: '7', timestamp: 5, message: 'b' }, { message: 'c' }],
  }

  unwrapper.push(Buffer.from(`${envelope(['x'], 'CONTROL_MESSAGE')}\n2 a\n${JSON.stringify(other)}{"message":"d"}`))

  expect(unwrapper.takeEvents()).toEqual([{ line: 5, logGroup: 'g', timestampMs: 5, id: '7' }])
  expect(unwrapper.takeEvents()).toEqual([])
})
