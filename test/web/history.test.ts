import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type HistoryEntry,
  maxEntries,
  maxLength,
  readHistory,
  remember,
  writeHistory,
} from '../../web/src/worksheets/history.ts'

const entries: fc.Arbitrary<HistoryEntry> = fc.oneof(
  fc.record({
    asked: fc.record({
      sql: fc.string({ maxLength: 40 }),
      dialect: fc.constantFrom('duckdb' as const, 'trino' as const),
    }),
    at: fc.nat(),
    ms: fc.nat(),
    rows: fc.nat(),
  }),
  fc.record({
    asked: fc.record({
      query: fc.string(),
      parameters: fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/), fc.string()),
    }),
    at: fc.nat(),
    ms: fc.nat(),
    error: fc.string(),
  }),
)

function statement(sql: string): HistoryEntry {
  return { asked: { sql, dialect: 'duckdb' }, at: 1, ms: 2, rows: 3 }
}

test('what was run is kept newest first, and read back', () => {
  fc.assert(
    fc.property(fc.array(entries, { maxLength: 20 }), entries, (before, entry) => {
      const after = remember(before, entry)
      expect(after).toEqual([entry, ...before])
      expect(readHistory(writeHistory(after))).toEqual(after)
    }),
  )
})

test('it stays within 200 runs and 500,000 characters; the oldest go', () => {
  let kept: HistoryEntry[] = []
  for (let run = 0; run < 300; run++) kept = remember(kept, statement(`select ${run}`))
  expect(kept).toHaveLength(maxEntries)
  expect(kept.at(-1)).toEqual(statement('select 100'))

  for (let run = 0; run < 20; run++) kept = remember(kept, statement(`${run}${'x'.repeat(60_000)}`))
  expect(writeHistory(kept).length).toBeLessThanOrEqual(maxLength)
  expect(kept).toHaveLength(8)
})

test('a statement too long to be kept takes nothing away, and a long error is cut', () => {
  const before = [statement('select 1')]

  expect(remember(before, statement('x'.repeat(maxLength)))).toEqual(before)
  expect(remember([], { ...statement('a'), error: 'e'.repeat(10_000) })[0]?.error).toHaveLength(300)
})

test('what the browser kept wrong is left out', () => {
  expect(readHistory(null)).toEqual([])
  expect(readHistory('{')).toEqual([])
  expect(readHistory('{"a":1}')).toEqual([])
  expect(readHistory(`[1, null, {"at": 1}, ${JSON.stringify(statement('select 1'))}]`)).toEqual([statement('select 1')])
})
