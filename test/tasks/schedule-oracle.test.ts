import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextDue } from '../../src/tasks/schedule.ts'
import { cases } from '../aws/scale.ts'

const minuteMs = 60_000

/** Days on which clocks are changed, by more or less than an hour, and one on which they are not. */
const changes = [
  ['America/Los_Angeles', '2026-03-08'],
  ['America/Los_Angeles', '2026-11-01'],
  ['Europe/Berlin', '2026-03-29'],
  ['Europe/Berlin', '2026-10-25'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Australia/Lord_Howe', '2026-10-04'],
  ['America/St_Johns', '2026-11-01'],
  ['Asia/Kolkata', '2026-06-01'],
] as const

const windowHours = 40

/** Every minute around such a day, with what the clock of the zone shows: the hour and the minute. */
function clockOf(zone: string, day: string): readonly (readonly [number, string])[] {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const start = Date.parse(`${day}T00:00Z`) - 12 * 60 * minuteMs
  return Array.from({ length: windowHours * 60 }, (_, index) => {
    const at = start + index * minuteMs
    return [at, format.format(at)]
  })
}

const clocks = new Map<string, readonly (readonly [number, string])[]>()

function numbers(most: number): fc.Arbitrary<readonly [string, readonly number[]]> {
  const all = Array.from({ length: most + 1 }, (_, index) => index)
  return fc.oneof(
    fc.constant(['*', all] as const),
    fc.integer({ min: 0, max: most }).map((one) => [String(one), [one]] as const),
    fc
      .uniqueArray(fc.integer({ min: 0, max: most }), { minLength: 1, maxLength: 4 })
      .map((some) => [some.join(','), some] as const),
    fc.integer({ min: 2, max: most }).map((step) => [`*/${step}`, all.filter((one) => one % step === 0)] as const),
    fc
      .tuple(fc.integer({ min: 0, max: most }), fc.integer({ min: 0, max: most }))
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
      .map(([from, to]) => [`${from}-${to}`, all.filter((one) => one >= from && one <= to)] as const),
  )
}

test('a cron expression is due whenever the clock of its zone shows its time', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...changes),
      numbers(59),
      numbers(23),
      ([zone, day], [minute, minutes], [hour, hours]) => {
        const clock = clocks.get(zone + day) ?? clockOf(zone, day)
        clocks.set(zone + day, clock)
        const [start = 0] = clock[0] ?? []
        const end = start + windowHours * 60 * minuteMs
        const wanted = clock
          .filter(([, shown]) => hours.includes(Number(shown.slice(0, 2))) && minutes.includes(Number(shown.slice(3))))
          .map(([at]) => at)
          .slice(0, 30)

        const found: number[] = []
        let after = start - 1
        while (found.length < wanted.length) {
          const due = nextDue({ cron: `${minute} ${hour} * * *`, zone }, 0, after)
          if (due === undefined || due >= end) break
          found.push(due)
          after = due
        }

        expect(found.map((at) => new Date(at).toISOString())).toEqual(wanted.map((at) => new Date(at).toISOString()))
      },
    ),
    { ...cases, numRuns: Math.ceil(Math.min(cases.numRuns, 2000) / 4) },
  )
})
