import { describe, expect, test } from 'vitest'
import { logTypes } from '../../src/log-type/registry.ts'
import { mutatedFile } from '../arbitraries/mutated-file.ts'
import { readGoldens } from '../golden/read-goldens.ts'
import type { LogType } from '../../src/log-type/log-type.ts'
import { type SlowReading, readSlowly } from '../oracles/oracle.ts'
import { readQuickly } from './read-quickly.ts'

/** Mutated lines a log type. */
const mutatedLines = process.env['MILLRACE_TEST_SCALE'] === 'soak' ? 1_000_000 : 20_000
const linesPerFile = 2000

/** What both tell: NULL as absence, columns that the type has, and text as the engine's client hands it out, without a leading byte-order mark. */
function comparable(type: LogType, reading: SlowReading): SlowReading {
  const names = new Set(type.columns.map((column) => column.name))
  const text = <T>(value: T) => (typeof value === 'string' ? value.replace(/^\uFEFF/, '') : value)
  const present = (values: object) =>
    Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [[name, text(value)]])))
  return {
    ...reading,
    rows: reading.rows.map((row) => ({ ...row, values: present(row.values) })),
    rejects: reading.rejects.map((reject) => ({
      ...reject,
      raw: text(reject.raw),
      column: reject.column !== null && names.has(reject.column) ? reject.column : null,
    })),
  }
}

const goldens = readGoldens().map((golden) => [golden.name, golden] as const)

test.each(goldens)('%s is read by its kernel as by the oracle', async (_, golden) => {
  const options = golden.expected.format === undefined ? {} : { format: golden.expected.format }

  const quick = await readQuickly(golden.type, golden.bytes, options)

  expect(quick).toEqual(comparable(golden.type, readSlowly(golden.type, golden.bytes, options)))
})

describe('mutated lines are the same rows, rejects and positions for kernel and oracle', () => {
  test.each(logTypes)(
    '$name',
    async (type) => {
      const firstSeed = Number(process.env['MILLRACE_TEST_SEED'] ?? Date.now() % 1_000_000_000)
      for (let file = 0; file * linesPerFile < mutatedLines; file++) {
        const seed = firstSeed + file
        const bytes = mutatedFile(type, seed, linesPerFile)
        // Small and odd chunks meet lines at every place of the buffer.
        const chunkBytes = file % 3 === 0 ? bytes.length : 1 + (seed % 5000)

        const quick = await readQuickly(type, bytes, { chunkBytes })
        const slow = comparable(type, readSlowly(type, bytes))

        const about = `MILLRACE_TEST_SEED=${seed}`
        expect(quick.rejects, about).toEqual(slow.rejects)
        expect(quick.rows, about).toEqual(slow.rows)
        expect([quick.lines, quick.skipped], about).toEqual([slow.lines, slow.skipped])
      }
    },
    3_600_000,
  )
})

test('more different words than a segment holds begin a new one, and words of rejected lines count for none', async () => {
  const type = logTypes.find(({ name }) => name === 'vpc-flow-logs')
  if (type === undefined) throw new Error('there is no vpc-flow-logs')
  const bad = Array.from({ length: 500 }, (_, index) => `BAD${index} x`)
  const good = Array.from({ length: 500 }, (_, index) => `GOOD${index} 10.0.0.1`)
  const bytes = Buffer.from(`action srcaddr\n${bad.join('\n')}\n${good.join('\n')}\nACCEPT -\n`)

  const reading = await readQuickly(type, bytes)

  expect(reading.rows.map((row) => row.values['action'])).toEqual([...good.map((line) => line.split(' ')[0]), 'ACCEPT'])
  expect(reading.rejects.map((reject) => reject.code)).toEqual(bad.map(() => 'NOT_ADDRESS'))
})
