import { expect, test } from 'vitest'
import { fillRange, stepOf } from '../src/named-queries/range.ts'

const range = (from: string, to: string): { from: string; to: string } => ({ from, to })

test.each([
  ['2026-11-20 12:00:00', '2026-11-20 12:15:00', 'minute'],
  ['2026-11-20 12:00:00', '2026-11-20 18:00:00', 'minute'],
  ['2026-11-20', '2026-11-21', 'hour'],
  ['2026-10-21 00:00', '2026-11-20 00:00', 'hour'],
  ['2026-01-01', '2026-11-20', 'day'],
])('from %s to %s is shown by the %3$s', (from, to, step) => {
  expect(stepOf(range(from, to))).toBe(step)
})

test('a range without an end is shown by the hour', () => {
  expect(stepOf({ from: '2026-11-20' })).toBe('hour')
})

test('a statement gets the range where it names it, and nowhere else', () => {
  const sql = 'select date_trunc($step, start), \'$step\', "$to", $other from t where start < $to -- $from'

  expect(fillRange(sql, range('2026-11-20', '2026-11-21 06:00:00'))).toBe(
    "select date_trunc('hour', start), '$step', \"$to\", $other from t where start < timestamp '2026-11-21 06:00:00' -- $from",
  )
  expect(fillRange('select 1', {})).toBe('select 1')
})
