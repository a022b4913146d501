import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseStatement, readScript } from '../../src/sql/script.ts'
import { dialects } from '../../src/sql/dialects.ts'
import { printStatement } from '../../src/sql/statement/registry.ts'
import { StatementError } from '../../src/sql/statement/statement-error.ts'
import { type SeededRandom, seededRandom } from '../arbitraries/seeded-random.ts'
import { isSoak } from '../loading/scale.ts'
import { anyStatement } from './any-statement.ts'
import { pipelineScript } from './pipeline-script.ts'
import { withoutPlaces } from './without-places.ts'

const mutatedStatements = isSoak ? 200_000 : 20_000
const firstSeed = Number(process.env['MILLRACE_TEST_SEED'] ?? Date.now() % 1_000_000_000)

const fragments = [
  ...'\'"`$()[]{},;:.@/\\-*<>=&%~?!#|0129aZ_ \t\r\n\0é🙂\u2028'.split(''),
  ...[
    "''",
    '""',
    '$$',
    '--',
    '//',
    '/*',
    '*/',
    '=>',
    '::',
    '<X>',
    '${X}',
    '&X',
    '&{X}',
    '@~',
    '@%t',
    '@s/p',
    '9e99',
    '1.5',
  ],
  ...'CREATE OR REPLACE ALTER DROP DESC SHOW USE IF NOT EXISTS AS BEGIN END CASE WHEN FROM IN LIKE SET UNSET NULL NONE TRUE AFTER'.split(
    ' ',
  ),
  ...'STAGE PIPE STREAM TASK TABLE VIEW FUNCTION WAREHOUSE FILE FORMAT STORAGE INTEGRATION COPY INTO RETURNS TYPE COMMENT'.split(
    ' ',
  ),
]

type Mutation = (text: string, random: SeededRandom, other: string) => string

const mutations: readonly Mutation[] = [
  (text, random) => splice(text, random, 1, ''),
  (text, random) => splice(text, random, 1 + random.below(30), ''),
  (text, random) => splice(text, random, 0, random.pick(fragments)),
  (text, random) => splice(text, random, 0, ` ${random.pick(fragments)} `),
  (text, random) => splice(text, random, 1, random.pick(fragments)),
  (text, random) => changeWord(text, random, () => random.pick(fragments)),
  (text, random) => changeWord(text, random, () => ''),
  (text, random) => changeWord(text, random, (word) => `${word} ${word}`),
  (text, random) => changeWord(text, random, (word) => word.slice(0, -1)),
  (text, random) => text.slice(0, random.below(text.length + 1)),
  (text, random) => text.slice(random.below(text.length + 1)),
  (text, random, other) => text.slice(0, random.below(text.length + 1)) + other.slice(random.below(other.length + 1)),
  (text, random) => {
    const start = random.below(text.length + 1)
    return splice(text, random, 0, text.slice(start, start + random.below(40)))
  },
]

function splice(text: string, random: SeededRandom, removed: number, added: string): string {
  const start = random.below(text.length + 1)
  return text.slice(0, start) + added + text.slice(start + removed)
}

function changeWord(text: string, random: SeededRandom, change: (word: string) => string): string {
  const words = text.split(/(\s+)/)
  const index = random.below(words.length)
  return words.map((word, at) => (at === index ? change(word) : word)).join('')
}

function mutate(text: string, random: SeededRandom, other: string): string {
  let mutated = text
  for (let count = random.pick([1, 1, 1, 2, 3]); count > 0; count--)
    mutated = random.pick(mutations)(mutated, random, other)
  return mutated
}

/** What a text is read as, or the error; anything else that is thrown fails the test. */
function read(use: () => unknown): StatementError | undefined {
  try {
    use()
    return undefined
  } catch (error) {
    if (error instanceof StatementError) return error
    throw error
  }
}

function expectPlace({ place, message, code }: StatementError, text: string): void {
  const before = text.slice(0, place.offset).split('\n')
  expect(place.offset).toBeLessThanOrEqual(text.length)
  expect(place).toEqual({
    offset: before.join('\n').length,
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
  })
  expect(message).toMatch(new RegExp(`^line ${place.line}: \\S[^\\n]*\\S$`, 'u'))
  expect(code).toBe('STATEMENT_INVALID')
}

test('a mutated statement is read, or an error tells a place within it; what is read can be printed and read again', () => {
  const corpus = [
    ...readScript(pipelineScript).map(({ text }) => text),
    ...fc.sample(anyStatement, { numRuns: 400, seed: firstSeed }).map(printStatement),
  ]
  let errors = 0
  for (let count = 0; count < mutatedStatements; count++) {
    const seed = firstSeed + count
    const random = seededRandom(seed)
    const text = mutate(random.pick(corpus), random, random.pick(corpus))
    try {
      const values = random.oneIn(2) ? { X: random.pick(fragments) } : {}
      const dialect = random.pick([...dialects])
      const failed = read(() => readScript(text, { values, dialect }))
      if (failed !== undefined) expectPlace(failed, text)
      const refused = read(() => {
        const statement = parseStatement(text)
        expect(withoutPlaces(parseStatement(printStatement(statement)))).toEqual(withoutPlaces(statement))
      })
      if (refused !== undefined) expectPlace(refused, text)
      errors += refused === undefined ? 0 : 1
    } catch (error) {
      throw new Error(`MILLRACE_TEST_SEED=${seed}: ${JSON.stringify(text)}`, { cause: error })
    }
  }
  // Mutations that break nothing, or everything, would prove nothing.
  expect(errors).toBeGreaterThan(mutatedStatements / 4)
  expect(errors).toBeLessThan((mutatedStatements * 9) / 10)
}, 3_600_000)

const repeated = [
  ...[
    '(',
    ')',
    "'",
    '"',
    '`',
    '\\',
    "''",
    '""',
    '/*',
    '*/',
    '--',
    '//',
    '$',
    '$$',
    '$a',
    '$a$',
    ';',
    ',',
    '.',
    '@',
    '@a/',
    '@"',
    '<a',
    '<a>',
  ],
  ...[
    '${',
    '${a}',
    '&',
    '&a',
    '?&a',
    'a',
    'a ',
    'a$',
    'é',
    '1',
    '1.',
    '1e',
    ' ',
    '\n',
    '=',
    '=>',
    '\0',
    'begin ',
    'case ',
    'end ',
  ],
]

const beginnings = [
  ...[
    '',
    'select ',
    "'",
    '"',
    '$$',
    '/*',
    'create stage ',
    'create stage s ',
    'create stage s url=',
    'copy into t from ',
    'copy into t(',
  ],
  ...[
    'copy into t from @s files=(',
    'create table t(a variant ',
    'create table t(a variant default ',
    'create function f(',
    'create function f() returns ',
  ],
  ...[
    'create function f() returns array(',
    'create task t as begin ',
    'create task t when ',
    'create task t after ',
    'create file format f ',
    'list @',
    "list '@",
    'show pipes ',
    'drop stage ',
    'use ',
  ],
]

/** Parts that open what need not close. */
const openings: ReadonlySet<string> = new Set(['(', "'", '"', '$$', '/*', '--'])

/** Each beginning with each part, a megabyte long; without soak, most are shorter. */
function* longTexts(): Generator<string> {
  for (const beginning of beginnings)
    for (const part of isSoak || beginning === '' ? repeated : ['(', "'", 'a ', ',a ']) {
      const isLong = isSoak || (beginning === '' && openings.has(part))
      yield beginning + part.repeat((isLong ? 1_000_000 : 100_000) / part.length)
    }
}

test('a megabyte of anything is read or refused in time that grows with its length', () => {
  const slow: string[] = []
  for (const text of longTexts()) {
    const started = performance.now()
    const failed = read(() => readScript(text))
    if (failed !== undefined) expect(failed.place.offset).toBeLessThanOrEqual(text.length)
    const took = performance.now() - started
    // A minute is beyond any machine under load; time that grows with the square takes hours.
    if (took > 60_000) slow.push(`${text.slice(0, 60)}…: ${Math.round(took)} ms`)
  }

  expect(slow).toEqual([])
}, 7_200_000)
