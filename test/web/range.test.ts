import { expect, test } from 'vitest'
import { resolveRange, sqlTime, timeOf } from '../../web/src/range/range.ts'

const now = Date.parse('2026-11-20T12:34:56Z')

function shown(from: string, to: string): string | undefined {
  const moments = resolveRange({ from, to }, now)
  return moments && `${sqlTime(moments.from)} / ${sqlTime(moments.to)}`
}

test.each([
  ['-30d', 'now', '2026-10-21 13:00:00 / 2026-11-20 13:00:00'],
  ['-24h', 'now', '2026-11-19 12:40:00 / 2026-11-20 12:40:00'],
  ['-15m', 'now', '2026-11-20 12:20:00 / 2026-11-20 12:35:00'],
  ['2026-11-01', '2026-11-02 06:30', '2026-11-01 00:00:00 / 2026-11-02 06:30:00'],
  ['2026-11-01T10:00:05Z', '2026-11-01 10:00:06', '2026-11-01 10:00:05 / 2026-11-01 10:00:06'],
])('%s to %s is %s', (from, to, expected) => {
  expect(shown(from, to)).toBe(expected)
})

test.each([
  ['now', '-30d'],
  ['2026-11-02', '2026-11-01'],
  ['yesterday', 'now'],
  ['2026-13-01', 'now'],
])('%s to %s is no range', (from, to) => {
  expect(shown(from, to)).toBeUndefined()
})

test('a long range stays the same for an hour, and ends after now', () => {
  const hour = Date.parse('2026-11-20T12:00:00Z')
  const ends = new Set([1, 1_000_000, 3_599_999].map((ms) => resolveRange({ from: '-30d', to: 'now' }, hour + ms)?.to))

  expect([...ends]).toEqual([hour + 3_600_000])
})

test('times of the engine are read, and nothing else', () => {
  expect(timeOf('2026-11-20 12:00:00.5')).toBe(Date.parse('2026-11-20T12:00:00.500Z'))
  expect(timeOf('2026-11-20')).toBe(Date.parse('2026-11-20T00:00:00Z'))
  for (const value of ['12', '10.0.0.1', '2026-11-20T12:00:00Z', 5, null]) expect(timeOf(value)).toBeUndefined()
})
