import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseStatement, readScript } from '../../src/sql/script.ts'
import { begins, printStatement } from '../../src/sql/statement/registry.ts'
import { isSoak } from '../loading/scale.ts'
import type { Dialect } from '../../src/sql/dialects.ts'
import { anyExternalTable, anyPartitions } from './any-definitions.ts'
import { anyStatement, statementKinds, statementOf } from './any-statement.ts'
import { withoutPlaces } from './without-places.ts'

const numRuns = isSoak ? 20_000 : 300

/** Partitions are Athena's alone. */
const dialectOf = (kind: string): Dialect => (Object.hasOwn(anyPartitions, kind) ? 'athena' : 'snowflake')

test.each([
  ...statementKinds.map((kind) => [kind, dialectOf(kind), statementOf(kind)] as const),
  ['external table', 'athena', anyExternalTable] as const,
])('%s: what is printed reads back as the same value', (_, dialect, statements) => {
  fc.assert(
    fc.property(statements, (statement) => {
      expect(withoutPlaces(parseStatement(printStatement(statement), { dialect }))).toEqual(withoutPlaces(statement))
    }),
    { numRuns },
  )
})

/** A value for each text that looks like a placeholder: itself. Undefined where one name is written in two ways. */
function valuesOfThemselves(script: string): Record<string, string> | undefined {
  const written = [...script.matchAll(/<\w+>|\$\{\w+\}|&\{\w+\}|&\w+/g)].map(([text]) => text)
  const values = new Map(written.map((text) => [text.replaceAll(/\W/g, ''), text]))
  return values.size === new Set(written).size ? Object.fromEntries(values) : undefined
}

test('a printed script is the same statements, each where its text stands', () => {
  fc.assert(
    fc.property(fc.array(anyStatement, { maxLength: 5 }), (statements) => {
      const printed = statements.map(printStatement)
      const script = `-- first\n${printed.join('\n;/* ; */;\n')}`
      const values = valuesOfThemselves(script)
      fc.pre(values !== undefined)

      const read = readScript(script, { values })

      expect(read.map((one) => withoutPlaces(one.statement))).toEqual(statements.map(withoutPlaces))
      for (const { text, place } of read) {
        expect(script.slice(place.offset, place.offset + text.length)).toBe(text)
        const before = script.slice(0, place.offset).split('\n')
        expect([place.line, place.column]).toEqual([before.length, (before.at(-1)?.length ?? 0) + 1])
      }
    }),
    { numRuns },
  )
})

test('every kind of statement begins with words that no other kind begins with', () => {
  const heads = [...begins.keys()]

  expect(new Set(heads).size).toBe(heads.length)
  expect(heads).toEqual(expect.arrayContaining(['CREATE STAGE', 'DESC INTEGRATION', 'SHOW PIPES', 'COPY INTO', 'LS']))
})
