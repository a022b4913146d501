import { expect, test } from 'vitest'
import type { Seen } from '../../web/src/why/api.ts'
import { pictureOf } from '../../web/src/why/picture.ts'
import { faultsOf, lastDay, readWhy, whySearch } from '../../web/src/why/question.ts'

const now = Date.parse('2026-11-20T12:00:00Z')
const form = { source: '10.0.1.5', destination: '2001:db8::1', port: '', range: lastDay }

test('a question stands in the address as it was asked', () => {
  const asked = { ...form, port: '5432', range: { from: '2026-11-20 10:00:00', to: 'now' } }

  expect(readWhy(new URLSearchParams(whySearch(asked)))).toEqual(asked)
})

test.each([
  [{}, {}],
  [{ port: '0' }, {}],
  [{ source: '::ffff:192.0.2.1' }, {}],
  [{ source: '' }, { source: 'whyAddressMissing' }],
  [{ source: 'web.example' }, { source: 'whyAddressInvalid' }],
  [{ source: '10.0.0.256' }, { source: 'whyAddressInvalid' }],
  [{ destination: '1::2::3' }, { destination: 'whyAddressInvalid' }],
  [{ destination: '10.0.1.5' }, { destination: 'whySame' }],
  [{ port: '65536' }, { port: 'whyPortInvalid' }],
  [{ port: '-1' }, { port: 'whyPortInvalid' }],
  [{ range: { from: 'now', to: '-1h' } }, { range: 'rangeInvalid' }],
])('what is wrong is told of its field: %j', (change, faults) => {
  expect(faultsOf({ ...form, ...change }, now)).toEqual(faults)
})

const seen: Seen = {
  way: 'request',
  interface_id: 'eni-a',
  side: 'source',
  action: 'ACCEPT',
  reject_reason: null,
  records: 2,
  packets: 2,
  bytes: 80,
  tcp_flags: 2,
  first: '2026-11-20 11:00:00',
  last: '2026-11-20 11:10:00',
}

test('a side without records is shown as one', () => {
  const [request, answer] = pictureOf([seen])

  expect(request?.stops.map(({ place, action }) => [place, action])).toEqual([
    ['source', 'ACCEPT'],
    ['destination', undefined],
  ])
  expect(answer?.stops.every(({ action }) => action === undefined)).toBe(true)
})

test('an interface that changed its mind shows both sums, and what it did last', () => {
  const later: Seen = { ...seen, action: 'REJECT', records: 5n, last: '2026-11-20 11:20:00' }
  const [request] = pictureOf([seen, later])

  expect(request?.stops[0]).toEqual({
    place: 'source',
    interfaceId: 'eni-a',
    accepted: 2,
    rejected: 5,
    action: 'REJECT',
  })
})
