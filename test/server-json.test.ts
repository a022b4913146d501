import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJson, stringifyJson } from '../src/server/json.ts'
import { visible } from '../src/server/visible.ts'
import { packRow, unpackRow } from '../src/server/wire-rows.ts'

const bigInteger = fc
  .bigInt({ min: -(2n ** 127n), max: 2n ** 127n })
  .filter((value) => !Number.isSafeInteger(Number(value)))

const number = fc.double({ noDefaultInfinity: true, noNaN: true }).map((value) => (value === 0 ? 0 : value))

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme-ascii' }),
  fc.constantFrom('1234567890123456789', '[12345678901234567890]', '"', '\u001B[31m', '\u202E'),
)

const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    text,
    number,
    bigInteger,
    fc.maxSafeInteger(),
    fc.array(tie('value')),
    fc.dictionary(text, tie('value'), { noNullPrototype: true }),
  ),
})).value

test('every value comes back as it was, bigints too', () => {
  fc.assert(
    fc.property(value, (original) => {
      expect(parseJson(stringifyJson(original))).toEqual(original)
    }),
    { numRuns: 500 },
  )
})

test('beside a bigint, everything else is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(
      fc.json().filter((json) => !/\d{16}/.test(json)),
      (json) => {
        expect(parseJson(`[ 12345678901234567890 , ${json}]`)).toEqual([12_345_678_901_234_567_890n, JSON.parse(json)])
      },
    ),
    { numRuns: 300 },
  )
})

test('a bigint is a bare number, and a large double is told from it', () => {
  expect(stringifyJson({ id: 9_007_199_254_740_993n, size: 2 ** 60, list: [1n, null, undefined, Number.NaN] })).toBe(
    '{"id":9007199254740993,"size":1.152921504606847e+18,"list":[1,null,null,null]}',
  )
  expect(parseJson('[9007199254740993, 1.152921504606847e+18, -12345678901234567890]')).toEqual([
    9_007_199_254_740_993n,
    2 ** 60,
    -12_345_678_901_234_567_890n,
  ])
})

test.each([
  '[12345678901234567890',
  '{"a" 12345678901234567890}',
  '[12345678901234567890,]',
  '012345678901234567890',
  '[12345678901234567890] x',
])('what is not JSON is refused: %s', (broken) => {
  expect(() => parseJson(broken)).toThrow(SyntaxError)
})

test('JSON text holds no character that a terminal acts upon', () => {
  const json = stringifyJson(`a\u001B[31m\u009Bb\u202Ec\u2028\u007F\uFEFFd`)

  expect(json).toMatch(/^[ -~]*$/)
  expect(JSON.parse(json)).toBe(`a\u001B[31m\u009Bb\u202Ec\u2028\u007F\uFEFFd`)
})

test('controls, reversed and hidden text are shown as escapes, letters and joined emoji as they are', () => {
  expect(visible('\u001B[2J\u009B1m\n\t\u202Eevil\u2066\uD800')).toBe(
    String.raw`\x1b[2J\x9b1m\n\t\u202eevil\u2066\ud800`,
  )
  expect(visible('größe 日本 👩‍💻')).toBe('größe 日本 👩‍💻')
})

test('rows travel with NaN, infinities and columns of hostile names', () => {
  const columns = [
    { name: 'a', type: 'DOUBLE' },
    { name: '__proto__', type: 'VARCHAR' },
    { name: 'c', type: 'VARCHAR' },
  ]
  const row = { a: Number.NaN, ['__proto__']: 'text', c: 'Infinity' }

  const packed = packRow(columns, row)

  expect(packed).toEqual(['NaN', 'text', 'Infinity'])
  expect(unpackRow(columns, packed)).toEqual(row)
})
