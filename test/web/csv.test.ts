import { expect, test } from 'vitest'
import { csvOf } from '../../web/src/tiles/csv.ts'

function cell(value: unknown): string {
  return csvOf({ columns: [{ name: 'x', type: 'VARCHAR' }], rows: [[value]] })
}

test.each([
  ['=cmd|x', "x\r\n'=cmd|x\r\n"],
  ['+1', "x\r\n'+1\r\n"],
  ['-1', "x\r\n'-1\r\n"],
  ['@SUM(A1)', "x\r\n'@SUM(A1)\r\n"],
  [' =1', "x\r\n' =1\r\n"],
  ['\t=1', "x\r\n'\t=1\r\n"],
  ['\uFF1D1', "x\r\n'\uFF1D1\r\n"],
])('text that a spreadsheet would run is made text: %j', (value, expected) => {
  expect(cell(value)).toBe(expected)
})

test.each([
  [-5, '-5'],
  [9_007_199_254_740_993n, '9007199254740993'],
  [null, ''],
  [true, 'true'],
  ['a,b', '"a,b"'],
  ['a "b"', '"a ""b"""'],
  ['two\nlines', '"two\nlines"'],
  [{ a: 1n }, '"{""a"":""1""}"'],
  ['10.0.0.1', '10.0.0.1'],
])('a value is written as it is, quoted where needed (%#)', (value, expected) => {
  expect(cell(value)).toBe(`x\r\n${expected}\r\n`)
})

test('names of columns are guarded too', () => {
  expect(csvOf({ columns: [{ name: '=1', type: 'X' }], rows: [] })).toBe("'=1\r\n")
})
