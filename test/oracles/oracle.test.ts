import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LogType } from '../../src/log-type/log-type.ts'
import { logTypes } from '../../src/log-type/registry.ts'
import s3AccessLogs from '../../src/log-types/s3-access-logs.ts'
import tgwFlowLogs from '../../src/log-types/tgw-flow-logs.ts'
import vpcFlowLogs from '../../src/log-types/vpc-flow-logs.ts'
import webAccessLogs from '../../src/log-types/web-access-logs.ts'
import { accessLine } from '../arbitraries/access-line.ts'
import { flowLine } from '../arbitraries/flow-line.ts'
import { mutatedFile } from '../arbitraries/mutated-file.ts'
import type { BuiltLine } from '../arbitraries/spelled.ts'
import { webLine } from '../arbitraries/web-line.ts'
import { goldenValue, readGoldens } from '../golden/read-goldens.ts'
import { readSlowly, type SlowRow } from './oracle.ts'
import { emptyCells } from './reading.ts'

const isSoak = process.env['MILLRACE_TEST_SCALE'] === 'soak'
const numRuns = isSoak ? 5000 : 100
const soakMillis = 600_000

const goldens = readGoldens().map((golden) => [golden.name, golden] as const)

test.each(goldens)('%s is read as written', (_, golden) => {
  const { format, ...expected } = golden.expected

  const reading = readSlowly(golden.type, golden.bytes, format === undefined ? {} : { format })

  expect({ ...reading, rows: reading.rows.map((row) => goldenRow(golden.type, row)) }).toEqual(expected)
})

describe('a line built from values comes back as them', { timeout: soakMillis }, () => {
  const vpcFields = vpcFlowLogs.columns.map(({ name }) => name.replaceAll('_', '-'))
  const tgwFields = tgwFlowLogs.columns.map(({ name }) => name.replaceAll('_', '-'))

  test.each([
    { type: vpcFlowLogs, fields: vpcFields },
    { type: vpcFlowLogs, fields: vpcFields.slice(0, 14) },
    {
      type: vpcFlowLogs,
      fields: ['interface-id', 'x-1', 'srcaddr', 'srcaddr', 'x-1', 'pkt-srcaddr', 'x-1', 'srcaddr'],
    },
    { type: vpcFlowLogs, fields: ['instance_tag'] },
    { type: tgwFlowLogs, fields: tgwFields.toReversed() },
  ])('$type.name with $fields.length fields', ({ type, fields }) => {
    const header = Buffer.from(`${fields.join(' ')}\n`)
    fc.assert(
      fc.property(fc.array(flowLine(type, fields), { maxLength: 4 }), (lines) => {
        const text = joined(lines, '\n')

        expect(readSlowly(type, Buffer.concat([header, text])).rows).toEqual(rowsOf(type, lines, 2))
        expect(readSlowly(type, text, { format: fields }).rows).toEqual(rowsOf(type, lines, 1))
      }),
      { numRuns },
    )
  })

  test.each([
    { type: s3AccessLogs, line: accessLine(), lineEnd: '\n' },
    { type: s3AccessLogs, line: accessLine(), lineEnd: '\r\n' },
    { type: webAccessLogs, line: webLine(), lineEnd: '\n' },
    { type: webAccessLogs, line: webLine(), lineEnd: '\r\n' },
  ])('$type.name', ({ type, line, lineEnd }) => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 4 }), (lines) => {
        const reading = readSlowly(type, joined(lines, lineEnd))

        expect(reading).toEqual({ rows: rowsOf(type, lines, 1), rejects: [], lines: lines.length, skipped: 0 })
      }),
      { numRuns },
    )
  })
})

describe('a mutated file', { timeout: soakMillis }, () => {
  test.each(logTypes.map((type) => [type.name, type] as const))('of %s leaves no line out', (_, type) => {
    for (let seed = 0; seed < (isSoak ? 200 : 4); seed += 1) {
      const bytes = mutatedFile(type, seed, 2000)
      const { rows, rejects, lines, skipped } = readSlowly(type, bytes)
      const numbers = [...rows, ...rejects].map(({ line }) => line)

      expect(lines).toBe(lineCount(bytes))
      expect(new Set(numbers).size).toBe(lines - skipped)
      expect(Math.max(...numbers)).toBeLessThanOrEqual(lines)
      expect(rows.length).toBeGreaterThan(lines / 10)
      expect(rejects.length).toBeGreaterThan(lines / 10)
    }
  })

  test.each(logTypes.map((type) => [type.name, type] as const))('of %s keeps its enums small', (_, type) => {
    const { rows } = readSlowly(type, mutatedFile(type, 7, 2000))

    for (const { name } of type.columns.filter(({ kind }) => kind === 'enum')) {
      expect(new Set(rows.map(({ values }) => values[name])).size).toBeLessThan(100)
    }
  })

  test('is the same for the same seed', () => {
    expect(mutatedFile(vpcFlowLogs, 3, 100)).toEqual(mutatedFile(vpcFlowLogs, 3, 100))
    expect(mutatedFile(vpcFlowLogs, 3, 100)).not.toEqual(mutatedFile(vpcFlowLogs, 4, 100))
  })
})

describe('limits', () => {
  const limit = 16 * 1024 * 1024

  test('a line of 16 MiB is read, a longer one is a reject with the beginning of its text', () => {
    const reading = readSlowly(vpcFlowLogs, file('instance-id', 'x'.repeat(limit), 'y'.repeat(limit + 1), ''))

    expect(reading.rows.map(({ line }) => line)).toEqual([2])
    expect(reading.rejects).toEqual([{ line: 3, code: 'TOO_LONG', column: null, raw: 'y'.repeat(65_536) }])
  })

  test('a header of more than 256 words is none, a web line of more than 256 tokens is a reject', () => {
    const header = `bytes${' bytes'.repeat(255)}`
    const line = `h${' -'.repeat(255)}`

    expect(readSlowly(vpcFlowLogs, file(header, `${header} bytes`)).rejects.map(({ code }) => code)).toEqual([
      'NOT_INTEGER',
    ])
    expect(readSlowly(webAccessLogs, file(line, `${line} x`)).rejects.map(({ code }) => code)).toEqual([
      'FIELD_SURPLUS',
    ])
  })

  test('a reject keeps whole bytes and redacts what it keeps', () => {
    const long = `${'x'.repeat(65_530)}?sig=abc`
    const split = `${'x'.repeat(65_535)}é`

    const raws = readSlowly(webAccessLogs, file(long, split)).rejects.map(({ raw }) => raw.slice(65_530))

    expect(raws).toEqual(['?sig=a'.replace('a', 'REDACTED'), `xxxxx\ufffd`])
  })

  test('secrets stay where redaction is off', () => {
    const reading = readSlowly(webAccessLogs, file('h - - - "/?sig=a" - -', 'x?sig=a'), { redact: false })

    expect(reading.rows[0]?.values['request']).toBe('/?sig=a')
    expect(reading.rejects[0]?.raw).toBe('x?sig=a')
  })
})

function file(...lines: readonly string[]): Buffer {
  return Buffer.from(lines.join('\n'))
}

function lineCount(bytes: Uint8Array): number {
  const feeds = bytes.reduce((count, byte) => (byte === 0x0a ? count + 1 : count), 0)
  return bytes.at(-1) === 0x0a ? feeds : feeds + 1
}

function joined(lines: readonly BuiltLine[], lineEnd: string): Buffer {
  return Buffer.concat(lines.flatMap(({ bytes }, index) => (index === 0 ? [bytes] : [Buffer.from(lineEnd), bytes])))
}

function rowsOf({ columns }: LogType, lines: readonly BuiltLine[], firstLine: number): SlowRow[] {
  return lines.map(({ values, extra }, index) => {
    return { line: firstLine + index, values: { ...emptyCells(columns), ...values }, extra }
  })
}

function goldenRow(type: LogType, { line, values, extra }: SlowRow): object {
  const written = type.columns.flatMap((column) => {
    const value = values[column.name]
    return value === null || value === undefined ? [] : [[column.name, goldenValue(column, value)] as const]
  })
  return { line, values: Object.fromEntries(written), extra }
}
