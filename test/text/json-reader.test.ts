import { describe, expect, test } from 'vitest'
import { JsonReader } from '../../src/loading/text/json-reader.ts'
import type { JsonFormat } from '../../src/loading/text/text-format.ts'
import { type SeededRandom, seededRandom } from '../arbitraries/seeded-random.ts'
import { fileCount, seed } from './scale.ts'
import { type Spooled, spooled } from './spooled.ts'

const json: JsonFormat = {
  type: 'JSON',
  packing: undefined,
  encoding: 'utf-8',
  replacesInvalid: false,
  skipsMark: true,
  multiLine: true,
  trims: false,
  nullIf: [],
  stripsOuterArray: false,
  stripsNulls: false,
  allowsDuplicates: false,
}

const layout = {
  match: 'record',
  columns: [{ name: 'r', exactName: 'r', as: 'record', tellsGiven: false }],
  maxKeys: 1000,
} as const

function read(
  files: readonly (string | Buffer)[],
  format: Partial<JsonFormat> = {},
  random = seededRandom(1),
): Promise<Spooled> {
  const buffers = files.map((file) => Buffer.from(file))
  return spooled((writer) => new JsonReader(writer, { ...json, ...format }, layout), buffers, random)
}

/** The members of a record: each as its type and its value. */
function membersOf(row: Spooled['rows'][number]): Record<string, string> {
  const members: Record<string, string> = {}
  for (const [name, value] of Object.entries(row)) {
    if (value === null || name.startsWith('_')) continue
    const [type = '', hex = ''] = name.split('.')
    if (type === 'others') members[type] = String(value)
    else members[Buffer.from(hex, 'hex').toString()] = `${type} ${String(value)}`
  }
  return members
}

async function only(text: string, format: Partial<JsonFormat> = {}): Promise<Record<string, string>> {
  const { rows } = await read([text], format)
  expect(rows).toHaveLength(1)
  return membersOf(rows[0] ?? {})
}

async function rejectsOf(text: string | Buffer, format: Partial<JsonFormat> = {}): Promise<unknown[]> {
  const { rejects } = await read([text], format)
  return rejects.map(({ line, raw, reason }) => [Number(line), raw, String(reason).split(':')[0]])
}

describe('values', () => {
  test('of each type', async () => {
    const values = [
      ['0', 'BIGINT 0'],
      ['-0', 'BIGINT 0'],
      ['-123456789012345', 'BIGINT -123456789012345'],
      ['9223372036854775807', 'BIGINT 9223372036854775807'],
      ['-9223372036854775807', 'BIGINT -9223372036854775807'],
      ['9223372036854775808', 'HUGEINT 9223372036854775808'],
      ['12345678901234567890', 'HUGEINT 12345678901234567890'],
      [`1${'0'.repeat(38)}`, `JSON 1${'0'.repeat(38)}`],
      ['0.1', 'DOUBLE 0.1'],
      ['1.0', 'DOUBLE 1'],
      ['1e2', 'DOUBLE 100'],
      ['-2.50E-3', 'DOUBLE -0.0025'],
      ['0.30000000000000004', 'DOUBLE 0.30000000000000004'],
      ['0.3000000000000000444', 'JSON 0.3000000000000000444'],
      ['1.7976931348623157e308', 'DOUBLE 1.7976931348623157e+308'],
      ['1e400', 'JSON 1e400'],
      ['1e-400', 'JSON 1e-400'],
      ['5e-324', 'DOUBLE 5e-324'],
      ['4e-324', 'JSON 4e-324'],
      ['0.0', 'DOUBLE 0'],
      ['true', 'BOOLEAN true'],
      ['false', 'BOOLEAN false'],
      ['""', 'VARCHAR '],
      [String.raw`"a\n\"\u00e9\ud83d\ude00"`, 'VARCHAR a\n"é😀'],
      ['"é😀"', 'VARCHAR é😀'],
      ['[1, "a b", {"x" : [ ]}]', 'JSON [1,"a b",{"x":[]}]'],
      [String.raw`{"a\"b" : "c\\" }`, String.raw`JSON {"a\"b":"c\\"}`],
    ]
    const { rows } = await read([values.map(([text]) => `{"k": ${text}}`).join('\n')])

    expect(rows.map((row) => membersOf(row)['k'])).toEqual(values.map(([, expected]) => expected))
  })

  test('null is a member of its own kind, and is left out where nulls are stripped', async () => {
    const text = '{"a": null, "b": [null, 1, {"c": null}], "d": "null"}'

    expect(await only(text)).toEqual({ others: '"a":null', b: 'JSON [null,1,{"c":null}]', d: 'VARCHAR null' })
    expect(await only(text, { stripsNulls: true })).toEqual({ b: 'JSON [1,{}]', d: 'VARCHAR null' })
  })

  test('keys beyond the limit, and long ones, are others', async () => {
    const many = Object.fromEntries(Array.from({ length: 1002 }, (_, index) => [`k${index}`, index]))
    const members = await only(JSON.stringify({ ['x'.repeat(300)]: 'long', ...many }))

    expect(members['others']).toBe(`"${'x'.repeat(300)}":"long","k1000":1000,"k1001":1001`)
    expect(Object.keys(members)).toHaveLength(1001)
  })

  test('a key that stands there twice, also written otherwise', async () => {
    const text = String.raw`{"a": 1, "b": 2, "\u0061": 3}`

    expect(await rejectsOf(text)).toEqual([[1, text, 'NOT_JSON']])
    expect(await only(text, { allowsDuplicates: true })).toEqual({ a: 'BIGINT 3', b: 'BIGINT 2' })
  })

  test('a half of a character that stands alone', async () => {
    const text = String.raw`{"a": ["\ud83d", "\\ud83d", "\ude00\ud83d\ude00"]}`

    expect(await rejectsOf(text)).toEqual([[1, text, 'NOT_UTF8']])
    expect(await only(text, { replacesInvalid: true })).toEqual({
      a: String.raw`JSON ["\ufffd","\\ud83d","\ufffd\ud83d\ude00"]`,
    })
  })
})

describe('where values end', () => {
  test.each([
    ['one a line', '{"a":1}\n{"a":2}\r\n{"a":3}', false, [1, 2, 3]],
    ['on one line', '{"a":1}{"a":2} , {"a":3}', false, [1, 1, 1]],
    ['over several lines', '{\n  "a": 1\n}\n\n{\n  "a": 2\n}\n', false, [1, 5]],
    ['in an outer array', '[{"a":1},\n{"a":2}\n]\n[]\n[{"a":3}]', true, [1, 2, 5]],
  ])('%s', async (_, text, stripsOuterArray, lines) => {
    const { rows, rejects, accounts } = await read([text], { stripsOuterArray })
    const all = text.split('\n').filter((line, index, { length }) => index < length - 1 || line !== '').length

    expect(rejects).toEqual([])
    expect(rows.map((row) => [Number(row['_line']), Number(row['_record'])])).toEqual(
      lines.map((line, index) => [line, index + 1]),
    )
    expect(accounts).toEqual([{ lines: all + lines.length - new Set(lines).size, skipped: all - new Set(lines).size }])
  })

  test.each<[string, string, unknown[], number]>([
    ['a line', '{"a":1}\nno json\n{"a":2}', [[2, 'no json', 'NOT_JSON']], 2],
    ['a line that is cut off', '{"a":1\n{"a":2}', [[1, '{"a":1', 'NOT_JSON']], 1],
    ['a text without an end', '{"a":"x}\n{"a":2}\r\n', [[1, '{"a":"x}', 'NOT_JSON']], 1],
    ['a trailing comma', '{"a":1,}\n{"a":2}', [[1, '{"a":1,}', 'NOT_JSON']], 1],
    ['an object over lines', '{\n  "a": 1\n  "b": 2\n},\n{"a":1}', [[1, '{\n  "a": 1\n  "b": 2\n},', 'NOT_JSON']], 1],
    ['an end that is missing', '{"a":1}\n{"a":\n', [[2, '{"a":', 'NOT_JSON']], 1],
    [
      'scalars',
      '1 2\n"a": {"b": 1}\ntrue\n{"a":1}',
      [
        [1, '1 2', 'NOT_OBJECT'],
        [2, '"a": {"b": 1}', 'NOT_OBJECT'],
        [3, 'true', 'NOT_OBJECT'],
      ],
      1,
    ],
    ['an array', '[{"a":1}]\n{"a":2}', [[1, '[{"a":1}]', 'NOT_OBJECT']], 1],
    ['digits at the end', '{"a":1}\n12', [[2, '12', 'NOT_OBJECT']], 1],
    [
      'what Python writes',
      '{"a": NaN}\n{"a": 01}',
      [
        [1, '{"a": NaN}', 'NOT_JSON'],
        [2, '{"a": 01}', 'NOT_JSON'],
      ],
      0,
    ],
  ])('%s is a reject', async (_, text, rejects, rows) => {
    expect(await rejectsOf(text)).toEqual(rejects)
    expect((await read([text])).rows).toHaveLength(rows)
  })

  test.each<[string, string, unknown[], number]>([
    [
      'elements that are no objects',
      '[1, {"a":1}, [2]]',
      [
        [1, '1', 'NOT_OBJECT'],
        [1, '[2]', 'NOT_OBJECT'],
      ],
      1,
    ],
    ['a broken element', '[\n  {"a":1},\n  {"a":\n   bad},\n  {"a":2}\n]', [[3, '{"a":\n   bad},', 'NOT_JSON']], 2],
    ['a missing end', '[\n{"a":1},\n', [[2, '', 'NOT_JSON']], 1],
  ])('%s of an outer array', async (_, text, rejects, rows) => {
    const read2 = await read([text], { stripsOuterArray: true })

    expect(await rejectsOf(text, { stripsOuterArray: true })).toEqual(rejects)
    expect(read2.rows).toHaveLength(rows)
  })

  test('bytes that are not UTF-8 are a reject', async () => {
    const text = Buffer.from('{"a":"\xff"}\n{"a":"ok"}', 'latin1')

    expect(await rejectsOf(text)).toEqual([[1, '{"a":"\ufffd"}', 'NOT_UTF8']])
  })

  test('the place of an error', async () => {
    const { rejects } = await read(['{"a":1}\n{\n "é": x}'])

    expect(
      rejects.map((row) =>
        ['line', 'error_line', 'character', 'byte_offset', 'record'].map((name) => Number(row[name])),
      ),
    ).toEqual([[2, 3, 8, 17, 2]])
  })

  test('a value that is too long is one reject, however it goes on', async () => {
    const long = `[\n${'{"a":1},\n'.repeat(2_000_000)}{"a":2}]`
    const { rows, rejects } = await read([`${long}\n{"a":3}\n`])

    expect(
      rejects.map(({ line, reason, raw_bytes }) => [
        Number(line),
        String(reason).slice(0, 8),
        Number(raw_bytes) > 16 << 20,
      ]),
    ).toEqual([[1, 'TOO_LONG', true]])
    expect(rows.map((row) => Number(row['_line']))).toEqual([2_000_003])
  })
})

/** A random value: its text, and its members by type and value where it is an object. */
function anyText(random: SeededRandom): string {
  return Array.from({ length: random.below(6) }, () =>
    random.pick(['a', '"', '\\', '\n', 'é', '😀', '{', '}', '[', ']', ',', ':', '\u0000', ' ']),
  ).join('')
}

function anyNumber(random: SeededRandom): string {
  const digits = String(random.below(10 ** (1 + random.below(9)))) + (random.oneIn(4) ? '123456789012345678' : '')
  const sign = random.pick(['', '-'])
  const fraction = random.pick(['', '', `.${random.below(1000)}`])
  return `${sign}${BigInt(digits)}${fraction}${random.pick(['', '', '', 'e5', 'E-3'])}`
}

function anyJson(random: SeededRandom, depth: number): unknown {
  const kind = random.below(depth > 2 ? 5 : 7)
  if (kind === 0) return null
  if (kind === 1) return random.oneIn(2)
  if (kind < 4) return anyText(random)
  if (kind === 4) return { number: anyNumber(random) }
  const items = Array.from({ length: random.below(4) }, () => anyJson(random, depth + 1))
  return kind === 5 ? items : new Map(items.map((item, index) => [`${anyText(random)}${index}`, item]))
}

/** A value as text; blanks and line ends where `blanks` gives them. */
function written(value: unknown, blanks: () => string): string {
  if (value instanceof Map) {
    const members = [...value].map(
      ([key, item]) => `${JSON.stringify(key)}${blanks()}:${blanks()}${written(item, blanks)}`,
    )
    return `{${blanks()}${members.join(`${blanks()},${blanks()}`)}${blanks()}}`
  }
  if (Array.isArray(value))
    return `[${blanks()}${value.map((item) => written(item, blanks)).join(`${blanks()},${blanks()}`)}${blanks()}]`
  if (typeof value === 'object' && value !== null && 'number' in value) return String(value.number)
  return JSON.stringify(value)
}

/** What the spool should hold of a member. */
function expectedOf(value: unknown): string | undefined {
  if (value === null) return undefined
  if (typeof value === 'string') return `VARCHAR ${value}`
  if (typeof value === 'boolean') return `BOOLEAN ${value}`
  if (!(value instanceof Map) && !Array.isArray(value)) {
    const text = written(value, () => '')
    if (/^-?\d+$/.test(text)) {
      const whole = BigInt(text)
      const isShort = whole >= -(2n ** 63n) + 1n && whole < 2n ** 63n
      return isShort ? `BIGINT ${whole}` : text.replace('-', '').length <= 38 ? `HUGEINT ${text}` : `JSON ${text}`
    }
    return isSameNumber(text, String(Number(text))) ? `DOUBLE ${Number(text)}` : `JSON ${text}`
  }
  return `JSON ${written(value, () => '')}`
}

/** By whole numbers: digits times a power of ten. */
function isSameNumber(one: string, other: string): boolean {
  const scaled = (text: string): bigint => {
    const [, sign = '', whole = '', fraction = '', exponent = '0'] =
      /^(-?)(\d+)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? []
    return (
      BigInt(`${whole}${fraction}`) * 10n ** BigInt(Number(exponent) - fraction.length + 60) * (sign === '' ? 1n : -1n)
    )
  }
  return scaled(one) === scaled(other)
}

test(`random files (seed ${seed})`, async () => {
  const random = seededRandom(seed)
  const noise = [
    'no json',
    '{"a": 1',
    '{"a": "x}',
    '12',
    '"text"',
    'nul',
    '{"a" 1}',
    '{,}',
    '{"a": 1}}',
    '\u0001',
    '{"a": 1e}',
    '{"a": \\u0020}',
  ]
  const expectedRows: { file: number; line: number; members: Record<string, string> }[] = []
  const expectedRejects: { file: number; line: number; raw: string }[] = []
  const files = Array.from({ length: fileCount }, (_file, file) => {
    let text = ''
    const lines = (): number => text.split('\n').length
    for (let count = random.below(12); count > 0; count--) {
      if (random.oneIn(5)) {
        const raw = random.pick(noise)
        if (raw === '{"a": 1}}') {
          expectedRows.push({ file, line: lines(), members: { a: 'BIGINT 1' } })
          expectedRejects.push({ file, line: lines(), raw: '}' })
        } else expectedRejects.push({ file, line: lines(), raw })
        text += `${raw}\n`
        continue
      }
      const object = new Map(
        Array.from({ length: random.below(5) }, (_, index) => [
          random.pick([`k${index}`, `${anyText(random)}${index}`]),
          anyJson(random, 0),
        ]),
      )
      const members: Record<string, string> = {}
      const nulls: string[] = []
      for (const [key, value] of object) {
        const expected = expectedOf(value)
        if (expected === undefined) nulls.push(`${JSON.stringify(key)}:null`)
        else members[key] = expected
      }
      if (nulls.length > 0) members['others'] = nulls.join(',')
      expectedRows.push({ file, line: lines(), members })
      const blank = random.pick([[''], [' ', '\t', ''], ['\n', '\r\n', ' ', '']])
      text += written(object, () => random.pick(blank))
      text += random.pick(['\n', '\n', '\r\n', '\n\n'])
    }
    return Buffer.from(text)
  })

  const { rows, rejects, accounts } = await spooled((writer) => new JsonReader(writer, json, layout), files, random)

  expect(rows.map((row) => ({ file: row['_file_id'], line: Number(row['_line']), members: membersOf(row) }))).toEqual(
    expectedRows,
  )
  expect(rejects.map((row) => ({ file: row['_file_id'], line: Number(row['line']), raw: row['raw'] }))).toEqual(
    expectedRejects,
  )
  files.forEach((file, index) => {
    const records =
      rows.filter((row) => row['_file_id'] === index).length + rejects.filter((row) => row['_file_id'] === index).length
    const { lines = 0, skipped = 0 } = accounts[index] ?? {}
    expect(lines - skipped, file.toString()).toBe(records)
  })
})
