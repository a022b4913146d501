import { expect, test } from 'vitest'
import { suggestChart } from '../../web/src/charts/columns.ts'
import { barsOf, linesOf, linksOf, weekOf } from '../../web/src/charts/values.ts'
import { fullNumber, shortNumber, shownText, shownValue } from '../../web/src/text/figures.ts'

const addresses = {
  columns: [
    { name: 'srcaddr', type: 'VARCHAR' },
    { name: 'total', type: 'HUGEINT' },
  ],
  rows: [
    ['10.0.0.10', 5],
    ['10.0.0.9', 7n],
    ['10.0.0.2', 5],
  ],
  truncated: false,
  views: [],
  unfiltered: [],
  notices: [],
}

test.each([
  ['size', 'descending', '10.0.0.9 10.0.0.2 10.0.0.10'],
  ['size', 'ascending', '10.0.0.2 10.0.0.10 10.0.0.9'],
  ['name', 'descending', '10.0.0.10 10.0.0.9 10.0.0.2'],
  ['name', 'ascending', '10.0.0.2 10.0.0.9 10.0.0.10'],
  ['none', 'descending', '10.0.0.10 10.0.0.9 10.0.0.2'],
] as const)('bars by %s, %s', (order, direction, expected) => {
  const bars = barsOf(addresses, { type: 'bar', order, direction })

  expect(bars.map((bar) => bar.key).join(' ')).toBe(expected)
})

test('a limit keeps the largest bars, whatever their order', () => {
  const bars = barsOf(addresses, { type: 'bar', order: 'name', direction: 'ascending', limit: 1 })

  expect(bars).toEqual([{ key: '10.0.0.9', value: 7 }])
})

const hours = {
  ...addresses,
  columns: [
    { name: 'hour', type: 'TIMESTAMP' },
    { name: 'action', type: 'VARCHAR' },
    { name: 'records', type: 'BIGINT' },
  ],
  rows: [
    ['2026-11-16 00:00:00', 'ACCEPT', 1],
    ['2026-11-16 01:00:00', 'REJECT', 2],
    ['2026-11-16 03:00:00', 'ACCEPT', 3],
  ],
}

test('lines have a value at every time, also between those that have rows', () => {
  const { isTime, series } = linesOf(hours, { type: 'line', series: 'action' })

  expect(isTime).toBe(true)
  expect(series.map(({ name, points }) => [name, points.map(([, value]) => value)])).toEqual([
    ['ACCEPT', [1, 0, 0, 3]],
    ['REJECT', [0, 2, 0, 0]],
  ])
})

test('a week begins on Monday and sums each hour', () => {
  const cells = weekOf(hours, { type: 'heatmap', axis: 'hour', measure: 'records' }, false)

  expect(cells).toHaveLength(168)
  expect(cells.filter(([, , value]) => value > 0)).toEqual([
    [0, 0, 1],
    [1, 0, 2],
    [3, 0, 3],
  ])
})

test('links are the largest, from one column to another', () => {
  const pairs = {
    ...addresses,
    columns: ['a', 'b', 'n'].map((name) => ({ name, type: name === 'n' ? 'BIGINT' : 'VARCHAR' })),
    rows: [
      ['x', 'y', 1],
      ['y', 'x', 9],
      ['x', 'x', 0],
    ],
  }

  expect(linksOf(pairs, { type: 'sankey', axis: 'a', series: 'b', measure: 'n' })).toEqual([
    { from: 'y', to: 'x', value: 9 },
    { from: 'x', to: 'y', value: 1 },
  ])
})

test('a chart is suggested by the columns', () => {
  expect(suggestChart(addresses)).toMatchObject({ type: 'bar', axis: 'srcaddr', measure: 'total' })
  expect(suggestChart(hours)).toMatchObject({ type: 'line', axis: 'hour', series: 'action' })
  expect(suggestChart({ columns: [{ name: 'n', type: 'BIGINT' }], rows: [[1]] })).toMatchObject({ type: 'number' })
  expect(suggestChart({ columns: [{ name: 't', type: 'VARCHAR' }], rows: [] })).toEqual({ type: 'table' })
})

test.each([
  [0, 'bytes', '0 B'],
  [999, 'bytes', '999 B'],
  [1_234_567, 'bytes', '1.23 MB'],
  [8_830_000_000, 'bytes', '8.83 GB'],
  [1234, 'count', '1,234'],
  [123_456, 'count', '123K'],
  [12, 'milliseconds', '12 ms'],
] as const)('%d %s is shown as %s', (value, unit, expected) => {
  expect(shortNumber(value, unit, 'en')).toBe(expected)
})

test('whole numbers are shown in full, beyond 2^53 too', () => {
  expect(fullNumber(9_007_199_254_740_993n, undefined, 'en')).toBe('9,007,199,254,740,993')
  expect(fullNumber(1_234_567, 'bytes', 'en')).toBe('1.23 MB (1,234,567)')
})

test('text of logs is cut, and what hides or turns it is seen', () => {
  expect(shownText(`a\u202Eb\u0000`)).toBe(String.raw`a\u202eb\x00`)
  expect(shownText('x'.repeat(1_000_000))).toHaveLength(301)
  expect(shownValue('2026-11-20 12:00:00.5', { language: 'en', zone: 'utc' })).toBe('2026-11-20 12:00:00')
})
