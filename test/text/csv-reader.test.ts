import { describe, expect, test } from 'vitest'
import { CsvReader } from '../../src/loading/text/csv-reader.ts'
import type { CsvFormat, RecordLayout } from '../../src/loading/text/text-format.ts'
import { type SeededRandom, seededRandom } from '../arbitraries/seeded-random.ts'
import { readCsv } from '../oracles/csv.ts'
import { fileCount, seed } from './scale.ts'
import { type Spooled, spooled } from './spooled.ts'

const csv: CsvFormat = {
  type: 'CSV',
  packing: undefined,
  encoding: 'utf-8',
  replacesInvalid: false,
  skipsMark: true,
  multiLine: true,
  trims: false,
  nullIf: [String.raw`\N`],
  recordDelimiter: 'line',
  fieldDelimiter: ',',
  skipHeader: 0,
  parsesHeader: false,
  skipsBlankLines: false,
  enclosure: null,
  escape: null,
  escapeUnenclosed: '\\',
  emptyIsNull: true,
  checksCount: true,
}

function layoutOf(names: readonly string[], match: RecordLayout['match'] = 'position'): RecordLayout {
  return {
    match,
    columns: names.map((name) => ({ name, exactName: name, as: 'text', tellsGiven: false })),
    maxKeys: 1000,
  }
}

const abc = ['a', 'b', 'c']

interface Read {
  readonly rows: readonly (readonly (string | null)[])[]
  readonly rejects: readonly string[]
  readonly spooled: Spooled
}

async function read(
  text: string | Buffer,
  format: Partial<CsvFormat> = {},
  names = abc,
  match?: RecordLayout['match'],
): Promise<Read> {
  const layout = layoutOf(names, match)
  const random = seededRandom(7)
  const result = await spooled(
    (writer) => new CsvReader(writer, { ...csv, ...format }, layout),
    [Buffer.from(text)],
    random,
  )
  return {
    rows: result.rows.map((row) => valuesOf(row, names)),
    rejects: result.rejects.map((row) => `${String(row['line'])} ${String(row['reason']).split(':')[0] ?? ''}`),
    spooled: result,
  }
}

function valuesOf(row: Spooled['rows'][number], names: readonly string[]): (string | null)[] {
  return names.map((name) => {
    const value = row[`value.${name}`]
    return typeof value === 'string' ? value : null
  })
}

describe('fields', () => {
  test.each<[string, string, Partial<CsvFormat>, (string | null)[]]>([
    ['plain', 'x,y z,3', {}, ['x', 'y z', '3']],
    ['without anything', ',,', {}, [null, null, null]],
    ['empty ones as text', ',"",', { emptyIsNull: false, enclosure: '"' }, ['', '', '']],
    ['an enclosed empty one', '"",,', { enclosure: '"' }, ['', null, null]],
    ['enclosed', '"a,b","c ""d""\n e","f"\r\n', { enclosure: '"' }, ['a,b', 'c "d"\n e', 'f']],
    ['quotes that enclose nothing', 'a"b",c"', { enclosure: '"', checksCount: false }, ['a"b"', 'c"', null]],
    ['escapes', String.raw`a\,b,c\\,\N`, {}, ['a,b', 'c\\', null]],
    ['an escaped line end', 'a,b\\\r\nb,c', {}, ['a', 'b\r\nb', 'c']],
    ['escapes within', String.raw`"a\"b","\N",c\"d`, { enclosure: '"', escape: '\\' }, ['a"b', 'N', 'c"d']],
    ['no escapes', String.raw`a\,\,\N`, { escapeUnenclosed: null }, ['a\\', '\\', null]],
    ['texts that mean NULL', '"-",-,x', { enclosure: '"', nullIf: ['-', 'y'] }, [null, null, 'x']],
    ['blanks around', ' a  , " b " ,\tc d\t', { enclosure: '"', trims: true }, ['a', ' b ', 'c d']],
    ['delimiters of several characters', 'a||b|x||c', { fieldDelimiter: '||' }, ['a', 'b|x', 'c']],
    ['records of their own end', 'a,b\n,c;;', { recordDelimiter: { text: ';;' } }, ['a', 'b\n', 'c']],
    ['one record', 'a,b,c\n', { recordDelimiter: null }, ['a', 'b', 'c\n']],
    ['one field', '"a,b",c', { fieldDelimiter: null, checksCount: false }, ['"a,b",c', null, null]],
    ['fewer fields', 'a', { checksCount: false }, ['a', null, null]],
    ['more fields', 'a,b,c,d', { checksCount: false }, ['a', 'b', 'c']],
    ['é and 😀', 'é,"😀",\u2028', { enclosure: '"' }, ['é', '😀', '\u2028']],
  ])('%s', async (_, text, format, values) => {
    const { rows, rejects } = await read(text, format)

    expect(rejects).toEqual([])
    expect(rows).toEqual([values])
  })
})

describe('records', () => {
  test.each<[string, string | Buffer, Partial<CsvFormat>, number, string[]]>([
    ['other numbers of fields', '1,2,3\n1,2\n1,2,3,4\n', {}, 1, ['2 FIELD_MISSING', '3 FIELD_SURPLUS']],
    ['blank lines', '1,2,3\n\n\r\n4,5,6\n\n', {}, 2, ['2 BLANK_LINE', '3 BLANK_LINE', '5 BLANK_LINE']],
    ['blank lines that are passed over', '\n1,2,3\n\n\r\n4,5,6\n\n', { skipsBlankLines: true }, 2, []],
    ['a character behind an enclosed field', '"1"x,"2"y,"3\n4",5,6\n7,8,9', { enclosure: '"' }, 1, ['1 NOT_DELIMITED']],
    ['an enclosed field without an end', '1,2,3\n1,"2,3\n4,5,6\n7,8,9', { enclosure: '"' }, 3, ['2 QUOTE_OPEN']],
    [
      'line ends within a field, where they may not be',
      '1,"2\n3",4\n5,6,7',
      { enclosure: '"', multiLine: false },
      1,
      ['1 MULTI_LINE', '2 FIELD_MISSING'],
    ],
    ['bytes that are not UTF-8', Buffer.from('\xff,2,3\n4,5,6', 'latin1'), {}, 1, ['1 NOT_UTF8']],
    ['header lines', 'a "header\n of two lines\n1,2,3\n', { skipHeader: 2, enclosure: '"' }, 1, []],
    ['more header lines than there are', 'a\nb', { skipHeader: 5 }, 0, []],
  ])('%s', async (_, text, format, rows, rejects) => {
    const result = await read(text, format)

    expect(result.rejects).toEqual(rejects)
    expect(result.rows).toHaveLength(rows)
    const records = rows + rejects.length
    const { lines = 0, skipped = 0 } = result.spooled.accounts[0] ?? {}
    expect(lines - skipped).toBe(records)
    expect(lines).toBe(Buffer.from(text).toString('latin1').replace(/\n$/, '').split('\n').length)
  })

  test('a record that is too long is one reject', async () => {
    const long = 'x'.repeat(17 << 20)
    const { rows, rejects } = await read(`1,2,3\n${long},2,3\n4,5,6\n"${long}\n7,8,9\n`, { enclosure: '"' })

    expect(rejects).toEqual(['2 TOO_LONG', '4 TOO_LONG'])
    expect(rows).toEqual([
      ['1', '2', '3'],
      ['4', '5', '6'],
      ['7', '8', '9'],
    ])
  })

  test('an enclosed field that goes on for too long costs its line alone', async () => {
    const { rows, rejects } = await read(
      `1,"2,3\n${`4,5,${'6'.repeat(1000)}\n`.repeat(18_000)}`,
      { enclosure: '"' },
      abc,
    )

    expect(rejects).toEqual(['1 QUOTE_OPEN'])
    expect(rows).toHaveLength(18_000)
  })

  test('the place of an error', async () => {
    const {
      spooled: { rejects },
    } = await read('1,2,3\n"é\n","y"z,3\n', { enclosure: '"' })

    expect(
      rejects.map((row) =>
        ['line', 'error_line', 'character', 'byte_offset', 'record'].map((name) => Number(row[name])),
      ),
    ).toEqual([[2, 3, 6, 15, 2]])
  })
})

describe('a header', () => {
  const header = { parsesHeader: true, enclosure: '"' }

  test('names the columns, in any order', async () => {
    const { rows, rejects } = await read('"C",x,A\r\n1,2,3\n4,5\n', header, abc, 'case-insensitive')

    expect(rows).toEqual([['3', null, '1']])
    expect(rejects).toEqual(['3 FIELD_MISSING'])
  })

  test('differs by case', async () => {
    expect((await read('a,A,b\n1,2,3', header, ['A', 'b'], 'case-sensitive')).rows).toEqual([['2', '3']])
  })

  test.each([
    ['names the column a twice', 'a,b,A\n1,2,3'],
    ['cannot be read', 'a,"b\n1,2'],
    ['cannot be read', Buffer.from('a,\xff\n1,2', 'latin1')],
  ])('%s', async (what, text) => {
    await expect(read(text, header, abc, 'case-insensitive')).rejects.toMatchObject({
      code: 'TYPE_MISMATCH',
      message: expect.stringContaining(`The header of file 0 ${what}`),
    })
  })
})

/** Random options that do not contradict each other. */
function anyFormat(random: SeededRandom): CsvFormat {
  const fieldDelimiter = random.pick([[','], ['|'], ['\t'], ['||'], ['ab'], [null]])[0] ?? null
  const recordDelimiter = random.pick<CsvFormat['recordDelimiter'] & {}>([
    'line',
    'line',
    'line',
    { text: ';' },
    { text: '\r' },
    { text: '-|-' },
  ])
  return {
    ...csv,
    fieldDelimiter,
    recordDelimiter: random.oneIn(12) ? null : recordDelimiter,
    enclosure: random.pick([['"'], ["'"], [null]])[0] ?? null,
    escape: random.pick([[null], [null], ['\\'], ['"'], ['^']])[0] ?? null,
    escapeUnenclosed: random.pick([['\\'], ['\\'], [null], ['^']])[0] ?? null,
    trims: random.oneIn(3),
    multiLine: !random.oneIn(3),
    skipHeader: random.pick([0, 0, 1, 2]),
    skipsBlankLines: random.oneIn(2),
    emptyIsNull: random.oneIn(2),
    checksCount: !random.oneIn(3),
    nullIf: random.pick([[], ['\\N'], ['', 'NULL', 'a']]),
  }
}

function anyFile(random: SeededRandom, format: CsvFormat): string {
  const { enclosure, escape, escapeUnenclosed } = format
  const field = format.fieldDelimiter ?? ','
  const record =
    format.recordDelimiter === 'line' || format.recordDelimiter === null ? '\n' : format.recordDelimiter.text
  const quote = enclosure ?? '"'
  const pieces = [
    'a',
    'b',
    ' ',
    '\t',
    'é',
    '😀',
    '\\N',
    'NULL',
    '\n',
    '\r\n',
    '\r',
    '|',
    '-',
    ';',
    quote,
    `${quote}${quote}`,
    escape ?? '\\',
    escapeUnenclosed ?? '^',
    field,
    record,
  ]
  const text = (most: number): string => Array.from({ length: random.below(most) }, () => random.pick(pieces)).join('')
  const fields: readonly (() => string)[] = [
    () => random.pick(['', 'x', '12', ' y ', '\\N']),
    () => `${quote}${text(5).replaceAll(quote, `${quote}${quote}`)}${quote}`,
    () => ` ${quote}${text(3).replaceAll(quote, '')}${quote} `,
    () => text(4),
  ]
  const line = (): string =>
    Array.from({ length: random.pick([1, 2, 3, 3, 3, 4]) }, () =>
      random.oneIn(5) ? text(4) : random.pick(fields)(),
    ).join(field)
  return Array.from(
    { length: random.below(8) },
    () => `${random.oneIn(8) ? '' : line()}${random.oneIn(12) ? '' : record}`,
  ).join('')
}

test(`random options and files, against a slow reader (seed ${seed})`, async () => {
  const random = seededRandom(seed)
  for (let batch = 0; batch < fileCount / 4; batch++) {
    const format = anyFormat(random)
    const files = Array.from({ length: 20 }, () => anyFile(random, format))
    const result = await spooled(
      (writer) => new CsvReader(writer, format, layoutOf(abc)),
      files.map((file) => Buffer.from(file)),
      random,
    )
    files.forEach((file, index) => {
      const expected = readCsv(file, format, abc.length)
      const of = (rows: readonly Spooled['rows'][number][]) => rows.filter((row) => row['_file_id'] === index)
      const found = {
        rows: of(result.rows).map((row) => ({ line: Number(row['_line']), values: valuesOf(row, abc) })),
        rejects: of(result.rejects).map((row) => ({
          line: Number(row['line']),
          raw: row['raw'],
          code: String(row['reason']).split(':')[0],
        })),
      }
      expect(found, JSON.stringify({ file, format })).toEqual(expected)
      const { lines = 0, skipped = 0 } = result.accounts[index] ?? {}
      expect(lines - skipped).toBe(expected.rows.length + expected.rejects.length)
    })
  }
})
