import { describe, expect, test } from 'vitest'
import { nextDue, whyNotScheduled } from '../../src/tasks/schedule.ts'
import type { Schedule } from '../../src/sql/statement/schedule.ts'

/** The next times that a schedule is due at, as `MM-DD HH:MM` in UTC. */
function dueTimes(schedule: Schedule, base: string, count: number): string[] {
  const times: string[] = []
  let after = Date.parse(base)
  for (let index = 0; index < count; index++) {
    const due = nextDue(schedule, Date.parse(base), after)
    if (due === undefined) break
    times.push(new Date(due).toISOString().slice(5, 16).replace('T', ' '))
    after = due
  }
  return times
}

describe('a cron expression means the clock of its zone', () => {
  test.each([
    // What the clock shows twice is due twice.
    ['0 1 * * *', 'America/Los_Angeles', '2026-10-31T12:00Z', ['11-01 08:00', '11-01 09:00', '11-02 09:00']],
    ['30 1 * * SUN', 'America/Los_Angeles', '2026-10-31T12:00Z', ['11-01 08:30', '11-01 09:30', '11-08 09:30']],
    ['30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', ['10-25 00:30', '10-25 01:30', '10-26 01:30']],
    // What it passes over is not due.
    ['0 2 * * *', 'America/Los_Angeles', '2026-03-07T12:00Z', ['03-09 09:00', '03-10 09:00']],
    ['30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', ['03-30 00:30', '03-31 00:30']],
    // Elsewhere it goes with the clock.
    ['0 9 * * *', 'Europe/Berlin', '2026-03-28T00:00Z', ['03-28 08:00', '03-29 07:00', '03-30 07:00']],
    ['*/30 * * * *', 'Europe/Berlin', '2026-03-29T00:15Z', ['03-29 00:30', '03-29 01:00', '03-29 01:30']],
    ['*/30 * * * *', 'Europe/Berlin', '2026-10-25T00:15Z', ['10-25 00:30', '10-25 01:00', '10-25 01:30']],
    // Half an hour of summer time.
    ['45 1 * * *', 'Australia/Lord_Howe', '2026-04-04T00:00Z', ['04-04 14:45', '04-04 15:15', '04-05 15:15']],
    // The last of a month, the last Friday, every third month from April on.
    ['0 0 L * *', 'UTC', '2026-01-01T00:00Z', ['01-31 00:00', '02-28 00:00', '03-31 00:00']],
    ['0 0 * * 5L', 'UTC', '2026-01-01T00:00Z', ['01-30 00:00', '02-27 00:00', '03-27 00:00']],
    ['0 0 * * 0L', 'UTC', '2026-03-01T00:00Z', ['03-29 00:00', '04-26 00:00']],
    ['0 0 1 4/3 *', 'UTC', '2026-01-01T00:00Z', ['04-01 00:00', '07-01 00:00', '10-01 00:00', '04-01 00:00']],
    ['0 0 29 2 *', 'UTC', '2026-01-01T00:00Z', ['02-29 00:00', '02-29 00:00']],
    // A day of the month or one of the week: either will do.
    ['0 0 13 * FRI', 'UTC', '2026-03-01T00:00Z', ['03-06 00:00', '03-13 00:00', '03-20 00:00']],
    ['0 0 1 JAN,JUL MON-FRI', 'UTC', '2026-12-30T12:00Z', ['01-01 00:00', '01-04 00:00']],
    ['5,10-12 */12 * * *', 'UTC', '2026-01-01T00:06Z', ['01-01 00:10', '01-01 00:11', '01-01 00:12', '01-01 12:05']],
  ])('%s %s behind %s', (cron, zone, base, times) => {
    expect(dueTimes({ cron, zone }, base, times.length)).toEqual(times)
  })
})

describe('an interval counts from when the task was resumed', () => {
  test.each([
    [{ every: 10, unit: 'MINUTE' }, '09:03', '09:03', '09:13'],
    [{ every: 10, unit: 'MINUTE' }, '09:03', '09:13', '09:23'],
    [{ every: 10, unit: 'MINUTE' }, '09:03', '11:40', '11:43'],
    [{ every: 2, unit: 'HOUR' }, '09:03', '11:02', '11:03'],
    [{ every: 90, unit: 'SECOND' }, '09:00', '09:01', '09:01:30'],
    // A clock that was set back makes nothing due before its first time.
    [{ every: 10, unit: 'MINUTE' }, '09:03', '08:00', '09:13'],
  ] as const)('%j from %s, behind %s', (schedule, base, after, due) => {
    const at = (time: string): number => Date.parse(`2026-11-20T${time.padEnd(8, ':00')}Z`)
    expect(nextDue(schedule, at(base), at(after))).toBe(at(due))
  })
})

test.each([
  ['61 * * * *', 'UTC', 'cannot be read (Invalid value for minute: 61)'],
  ['0 0 * * 9', 'UTC', 'cannot be read (Invalid value for dayOfWeek: 9)'],
  ['0 0 30 2 *', 'UTC', 'names no time that ever comes'],
  ['0 0 * * *', 'Mars/Olympus', 'the time zone Mars/Olympus is not known'],
])('%s %s is refused', (cron, zone, message) => {
  expect(whyNotScheduled({ cron, zone })).toContain(message)
})

test('an interval is 8 days at most', () => {
  expect(whyNotScheduled({ every: 11_520, unit: 'MINUTE' })).toBeUndefined()
  expect(whyNotScheduled({ every: 192, unit: 'HOUR' })).toBeUndefined()
  expect(whyNotScheduled({ every: 11_521, unit: 'MINUTE' })).toContain('8 days at most')
  expect(whyNotScheduled({ every: 691_201, unit: 'SECOND' })).toContain('8 days at most')
})
