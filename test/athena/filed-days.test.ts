import { expect, test } from 'vitest'
import { filedDays } from '../../src/deploy/filed-days.ts'

const day = new Set(['partition_day', 'srcaddr'])
const folders = new Set(['partition_year', 'partition_month', 'partition_day'])
const folderDay = "partition_year, '/', partition_month, '/', partition_day"
const whole = "concat(partition_year, '/', partition_month, '/', partition_day)"

test.each([
  // The hours of lateness lead into the next day, or stay in the same.
  ['2026-11-20 12:00:00', '2026-11-20 20:59:59', 3, ["partition_day >= '2026/11/20'", "partition_day <= '2026/11/20'"]],
  ['2026-11-20 12:00:00', '2026-11-20 21:00:00', 3, ["partition_day >= '2026/11/20'", "partition_day <= '2026/11/21'"]],
  ['2026-12-30 23:59', '2026-12-31', 48, ["partition_day >= '2026/12/30'", "partition_day <= '2027/01/02'"]],
  ['2026-11-20', undefined, 3, ["partition_day >= '2026/11/20'"]],
  [undefined, '2026-11-20', 3, ["partition_day <= '2026/11/20'"]],
  [undefined, undefined, 3, []],
  // What ends never, and what is no time, takes nothing away.
  ['2026-11-20', '9999-12-31 23:59:59', 3, ["partition_day >= '2026/11/20'"]],
  ["2026-13-45' or '1", 'now', 3, []],
])('from %s to %s, filed within %i hours', (from, to, hours, conditions) => {
  expect(filedDays(day, { from, to }, hours)).toEqual(conditions)
})

test.each([
  [
    '2024-02-28',
    '2024-02-28 12:00',
    [
      "partition_year >= '2024'",
      "partition_year <= '2024'",
      "partition_month >= '02'",
      "partition_month <= '02'",
      "partition_day >= '28'",
      "partition_day <= '28'",
    ],
  ],
  [
    '2024-02-28',
    '2024-02-29 23:00',
    [
      "partition_year >= '2024'",
      "partition_year <= '2024'",
      "partition_month >= '02'",
      "partition_month <= '03'",
      `${whole} >= '2024/02/28'`,
      `${whole} <= '2024/03/01'`,
    ],
  ],
  [
    '2023-12-31',
    '2024-01-02',
    ["partition_year >= '2023'", "partition_year <= '2024'", `${whole} >= '2023/12/31'`, `${whole} <= '2024/01/02'`],
  ],
  ['2024-02-28', undefined, ["partition_year >= '2024'", `${whole} >= '2024/02/28'`]],
])('folders of year, month and day, from %s to %s', (from, to, conditions) => {
  expect(filedDays(folders, { from, to }, 3)).toEqual(conditions)
})

test.each([
  [
    '2026-11-20 12:30:00',
    '2026-11-20 13:00:00',
    [
      "partition_day >= '2026/11/20'",
      "partition_day <= '2026/11/20'",
      "partition_hour >= '12'",
      "partition_hour <= '16'",
    ],
  ],
  [
    '2026-11-20 12:30:00',
    '2026-11-20 22:00:00',
    [
      "partition_day >= '2026/11/20'",
      "partition_day <= '2026/11/21'",
      "concat(partition_day, '/', partition_hour) >= '2026/11/20/12'",
      "concat(partition_day, '/', partition_hour) <= '2026/11/21/01'",
    ],
  ],
])('folders of days and hours, from %s to %s', (from, to, conditions) => {
  expect(filedDays(new Set([...day, 'partition_hour']), { from, to }, 3)).toEqual(conditions)
  const [year, month] = [`partition_year >= '2026'`, `partition_month <= '11'`]
  const inFolders = filedDays(new Set([...folders, 'partition_hour']), { from, to }, 3)
  expect(inFolders).toEqual(
    expect.arrayContaining([year, month, conditions.at(-1)?.replace('partition_day', folderDay)]),
  )
})

test('a view without days of its partitions has no conditions', () => {
  const range = { from: '2026-11-20', to: '2026-11-21' }
  expect(filedDays(new Set(['srcaddr', 'partition_hour']), range, 3)).toEqual([])
})
