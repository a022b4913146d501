import { join } from 'node:path'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { zstdOf } from '../loading/packed-files.ts'
import { cellOf, failureOf } from './running.ts'
import { lakeOfFile } from './staged.ts'

const { lake, staged } = lakeOfFile()
const json = 'type = json'

/** Records of one column as they would be without the place that each value has in the struct. */
function merged(rows: readonly Record<string, unknown>[]): unknown[] {
  return rows.map(({ record }) => {
    const { $other = {}, ...fields }: Record<string, unknown> = JSON.parse(String(record))
    const present = Object.entries(fields).filter(([, value]) => value !== null)
    return { ...Object.fromEntries(present), ...(typeof $other === 'object' ? $other : {}) }
  })
}

describe('into a column of type VARIANT', () => {
  test('objects become rows, their keys fields of one type', async () => {
    const { stage, copied, rows } = await staged('record variant')
    stage('a.json', '{"i": 1, "f": 0.5, "s": "x", "b": true, "o": {"deep": [1, 2]}, "l": []}\n{"i": 2}\n')
    const [row] = await copied(json)

    expect(row).toMatchObject({ status: 'LOADED', rows_parsed: 2, rows_loaded: 2, errors_seen: 0 })
    expect(await rows('typeof(record) as type')).toContainEqual({
      type: 'STRUCT(i BIGINT, f DOUBLE, s VARCHAR, b BOOLEAN, o JSON, l JSON)',
    })
    expect(await rows('to_json(record)::varchar as record')).toEqual([
      { record: '{"i":1,"f":0.5,"s":"x","b":true,"o":{"deep":[1,2]},"l":[]}' },
      { record: '{"i":2,"f":null,"s":null,"b":null,"o":null,"l":null}' },
    ])
  })

  test('what has no place in a field keeps its value in another', async () => {
    const { stage, copied, rows } = await staged('record variant')
    stage('a.json', '{"n": 1, "s": "a"}\n{"n": "one", "S": 2, "z": null}\n{"n": 7}')
    await copied(json)
    stage('b.json', '{"n": 12345678901234567890, "s": {"x": 0.10000000000000000000001}, "z": 0}')
    await copied(json)

    expect(await rows('record.n, record.s, record.z, record."$other"::varchar as other')).toEqual([
      { n: 1, s: 'a', z: null, other: null },
      { n: 7, s: null, z: null, other: null },
      { n: null, s: null, z: 0, other: '{"n":12345678901234567890,"s":{"x":0.10000000000000000000001}}' },
      { n: null, s: null, z: null, other: '{"z":null,"n":"one","S":2}' },
    ])
  })

  test('numbers keep their digits; whole ones and fractions share a field', async () => {
    const { stage, copied, rows } = await staged('record variant')
    stage('a.json', '{"big": 12345678901234567890, "f": 1}\n{"big": 5, "f": 0.1}\n{"f": 9007199254740993}\n')
    await copied(json)

    expect(await rows('record.big::varchar as big, record.f, record."$other"::varchar as other')).toEqual([
      { big: '12345678901234567890', f: 1, other: null },
      { big: '5', f: 0.1, other: null },
      { big: null, f: null, other: '{"f":9007199254740993}' },
    ])
    expect(await rows('typeof(record) as type')).toContainEqual({
      type: 'STRUCT(big HUGEINT, f DOUBLE, "$other" JSON)',
    })
  })

  test('bad lines are rejects; what history says adds up', async () => {
    const { stage, copied, rows, rejects, folder, copy } = await staged('record variant')
    stage('a.json', '{"a":1}\n\nno json\n{"a":2}\n[3]\n{"a":4')
    expect((await failureOf(lake(), copy(json))).message).toContain('a.json')
    const [row] = await copied(json, 'on_error = continue')

    expect(row).toMatchObject({ status: 'PARTIALLY_LOADED', rows_parsed: 5, rows_loaded: 2, first_error_line: 3 })
    expect(await rejects()).toEqual([
      [3, 'no json', 'NOT_JSON'],
      [5, '[3]', 'NOT_OBJECT'],
      [6, '{"a":4', 'NOT_JSON'],
    ])
    expect(await rows('record.a')).toEqual([{ a: 1 }, { a: 2 }])
    const entries = await lake().history()
    expect(entries.find(({ file }) => file === join(folder, 'a.json'))).toMatchObject({
      status: 'partial',
      lines: 6,
      rows: 2,
      rejects: 3,
      skipped: 1,
    })
    expect(await copied(json)).toEqual([{ status: 'Copy executed with 0 files processed.' }])
  })

  test('outer arrays, pretty-printed objects, empty objects and files without a value', async () => {
    const { stage, copied, rows } = await staged('record variant')
    stage('a.json', '[\n  {\n    "a": 1\n  },\n  {}\n]\n')
    stage('b.json', '')
    stage('c.json', '\ufeff[]\n')
    const results = await copied(`${json} strip_outer_array = true`)

    expect(results.map(({ status, rows_loaded }) => [status, rows_loaded])).toEqual([
      ['LOADED', 2],
      ['LOADED', 0],
      ['LOADED', 0],
    ])
    expect(await rows('record.a')).toEqual([{ a: 1 }, { a: null }])
  })

  test('many files of different keys, also those that other programs write', async () => {
    const { stage, copied, rows } = await staged('record variant')
    const records = Array.from({ length: 300 }, (_, index) => ({
      [`key ${index % 40}`]: [index, `${index}`, index / 3, { index }, [index], index % 2 === 0][index % 6],
      "it's": '\u0000"\\',
      '': index,
      $OTHER: index,
    }))
    records.forEach((record, index) => {
      stage(`${index}.json`, JSON.stringify(record))
    })
    await copied(json)

    expect(
      merged(await rows('to_json(record) as record'))
        .map(String)
        .toSorted(),
    ).toEqual(records.map(String).toSorted())
    const found = merged(await rows('to_json(record) as record'))
    expect(found.map((record) => JSON.stringify(sorted(record))).toSorted()).toEqual(
      records.map((record) => JSON.stringify(sorted(record))).toSorted(),
    )
  })

  test.each([
    ['strip_null_values = true', '{"a": null, "b": {"c": null}}', { b: {} }],
    ['allow_duplicate = true', '{"a": 1, "b": 2, "a": 3}', { a: 3, b: 2 }],
    ['ignore_utf8_errors = true', Buffer.from('{"a": "\xff"}', 'latin1'), { a: '\ufffd' }],
    ['replace_invalid_characters = true', Buffer.from('{"a": "\xc3"}', 'latin1'), { a: '\ufffd' }],
  ])('%s', async (option, content, record) => {
    const { stage, copied, rows } = await staged('record variant')
    stage('a.json', content)
    await copied(`${json} ${option}`)

    expect(merged(await rows('to_json(record) as record'))).toEqual([record])
  })
})

function sorted(record: unknown): unknown {
  return typeof record === 'object' && record !== null
    ? Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : record
}

describe('into typed columns by their names', () => {
  const columns = 'Id number, word varchar, at timestamp_ntz, list array, extra float default 7'

  test('each value becomes one of the column’s type, or its record a reject', async () => {
    const { stage, copied, rows, rejects } = await staged(columns)
    stage(
      'a.json',
      [
        '{"id": "12", "WORD": " x ", "at": "2026-01-02T03:04:05.5+0900", "list": [1, 0.10], "more": 1}',
        '{"id": 1.5, "word": {"a" : 1}, "at": 1767323045, "list": "text"}',
        '{"id": "twelve"}',
        '{"at": "soon"}',
        '{"word": null, "extra": null}',
        '{"word": "last", "EXTRA": 1}',
      ].join('\n'),
    )
    await copied(json, 'match_by_column_name = case_insensitive on_error = continue')

    expect(await rows()).toEqual([
      { id: 2, word: '{"a":1}', at: '2026-01-02 03:04:05', list: '"text"', extra: 7 },
      { id: 12, word: ' x ', at: '2026-01-02 03:04:05.5', list: '[1,0.10]', extra: 7 },
      { id: null, word: 'last', at: null, list: null, extra: 1 },
      { id: null, word: null, at: null, list: null, extra: null },
    ])
    expect(await rejects()).toEqual([
      [3, '{"id": "twelve"}', 'NOT_BIGINT id'],
      [4, '{"at": "soon"}', 'NOT_TIMESTAMP at'],
    ])
  })

  test('names that differ by case, texts that mean NULL, and blanks', async () => {
    const { stage, copied, rows } = await staged('a varchar, "B" varchar')
    stage('a.json', '{"a": "NULL", "B": " x "}\n{"A": "1", "b": "2"}')
    await copied(`${json} null_if = ('NULL') trim_space = true`, 'match_by_column_name = case_sensitive')

    expect(await rows()).toEqual([
      { a: '1', B: null },
      { a: null, B: 'x' },
    ])
  })
})

describe('how files are packed', () => {
  const text = '{"a":1}\n'.repeat(100)
  const packed = {
    gzip: gzipSync(text),
    zstd: zstdOf(text),
    brotli: brotliCompressSync(text),
    deflate: deflateSync(text),
    raw_deflate: deflateRawSync(text),
    none: Buffer.from(text),
  }

  test.each(Object.entries(packed))('%s', async (compression, content) => {
    const { stage, copied } = await staged('record variant')
    stage('whole', content)
    stage('cut', content.subarray(0, content.length - 5))
    stage('other', compression === 'zstd' ? packed.gzip : packed.zstd)
    const results = await copied(`${json} compression = ${compression}`, 'on_error = continue')

    expect(
      Object.fromEntries(
        results.map((row) => [cellOf(row, 'file').split('/').at(-1), [row['status'], row['rows_loaded']]]),
      ),
    ).toEqual({
      whole: ['LOADED', 100],
      cut: compression === 'none' ? ['PARTIALLY_LOADED', 99] : ['LOAD_FAILED', 0],
      other: ['LOAD_FAILED', 0],
    })
  })

  test('is told from the bytes; what cannot be is refused', async () => {
    const { stage, copied, copy } = await staged('record variant')
    stage('a.json', packed.gzip)
    stage('b.json', packed.zstd)
    stage('c.json', Buffer.concat([packed.gzip, Buffer.from('more')]))
    const results = await copied(json, 'on_error = continue')

    expect(results.map(({ rows_loaded }) => rows_loaded)).toEqual([100, 100, 0])
    expect((await failureOf(lake(), copy(`${json} compression = bz2`))).message).toContain('BZ2')
  })
})

test.each([
  ['type = json enable_octal = true', 'ENABLE_OCTAL'],
  ["type = json date_format = 'DD/QQ/YYYY'", 'QQ'],
])('%s is refused', async (format, words) => {
  const { copy } = await staged('record variant')

  expect(await failureOf(lake(), copy(format))).toMatchObject({
    code: 'STATEMENT_FAILED',
    message: expect.stringContaining(words),
  })
})

test('a large file comes in several segments and is one load', async () => {
  const { stage, copied, rows } = await staged('record variant')
  const line = (index: number): string => `{"id": ${index}, "k${index % 3}": "${'x'.repeat(4000)}"}\n`
  stage('a.json', Buffer.from(Array.from({ length: 17_000 }, (_, index) => line(index)).join('')))
  const [row] = await copied(json)

  expect(row).toMatchObject({ status: 'LOADED', rows_loaded: 17_000 })
  expect(await rows('count(*)::int as n, sum(record.id)::bigint as sum, count(record.k1)::int as k1')).toEqual([
    { n: 17_000, sum: 144_491_500, k1: 5667 },
  ])
})
