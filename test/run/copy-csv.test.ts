import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { failureOf, ran } from './running.ts'
import { lakeOfFile } from './staged.ts'

const { lake, staged } = lakeOfFile()
const quoted = `type = csv field_optionally_enclosed_by = '"'`

describe('by position', () => {
  test('fields become values of the columns’ types, or their record a reject', async () => {
    const { stage, copied, rows, rejects } = await staged(
      'id number, price number(6, 2), word varchar, at timestamp_ntz, ok boolean, day date',
    )
    stage(
      'a.csv',
      gzipSync(
        [
          'id,price,word,at,ok,day',
          '1,2.505,"one, two",2026-01-02 03:04:05,yes,2026-01-02',
          '2,,\\N,1767323045,0,17-DEC-1980',
          'x,1,w,,,',
          '4,12345.67,w,,,',
          '5,1,w,2026-02-30,,',
          '6,1,w,,maybe,',
          '7,1',
          '8,,,,,2026-01-01',
        ].join('\r\n'),
      ),
    )
    const [row] = await copied(`${quoted} skip_header = 1`, 'on_error = continue')

    expect(row).toMatchObject({
      status: 'PARTIALLY_LOADED',
      rows_parsed: 8,
      rows_loaded: 3,
      errors_seen: 5,
      first_error_line: 4,
      first_error_column_name: 'id',
    })
    expect(await rows()).toEqual([
      { id: 1, price: 2.51, word: 'one, two', at: '2026-01-02 03:04:05', ok: true, day: '2026-01-02' },
      { id: 2, price: null, word: null, at: '2026-01-02 03:04:05', ok: false, day: '1980-12-17' },
      { id: 8, price: null, word: null, at: null, ok: null, day: '2026-01-01' },
    ])
    expect(await rejects()).toEqual([
      [4, 'x,1,w,,,', 'NOT_BIGINT id'],
      [5, '4,12345.67,w,,,', 'NOT_DECIMAL price'],
      [6, '5,1,w,2026-02-30,,', 'NOT_TIMESTAMP at'],
      [7, '6,1,w,,maybe,', 'NOT_BOOLEAN ok'],
      [8, '7,1', 'FIELD_MISSING'],
    ])
  })

  test('columns that are named take the fields in that order; the others their default', async () => {
    const { stage, rows, copy, table } = await staged("a varchar default 'd', b varchar, c varchar")
    stage('a.csv', '1|2\n')
    const statement = copy("type = csv field_delimiter = '|'").replace(`into ${table}`, `into ${table} (c, b)`)
    await ran(lake(), statement)

    expect(await rows()).toEqual([{ a: 'd', b: '2', c: '1' }])
  })

  test('whole lines into one column', async () => {
    const { stage, copied, rows } = await staged('raw text')
    stage('a.log', 'one "two", \\three\n\nfour\n')
    await copied('type = csv field_delimiter = none skip_blank_lines = true escape_unenclosed_field = none')

    expect(await rows()).toEqual([{ raw: 'four' }, { raw: 'one "two", \\three' }])
  })

  test.each<[string, string | Buffer, string]>([
    ["field_delimiter = '\\t'", 'é\tb', 'é b'],
    ["field_delimiter = '0x7c' record_delimiter = '\\\\036'", 'é|b\x1e', 'é b'],
    ["field_delimiter = '\\\\xC2\\\\xA2'", 'é¢b', 'é b'],
    ["field_delimiter = '||' null_if = ('b')", 'é||b', 'é null'],
    ["encoding = 'iso-8859-1'", Buffer.from('é,b\n', 'latin1'), 'é b'],
    ["encoding = 'UTF16'", Buffer.from('\ufeffé,b\n', 'utf16le'), 'é b'],
    ["encoding = 'SHIFTJIS'", Buffer.from([0x83, 0x8d, 0x2c, 0x62]), 'ロ b'],
    ['replace_invalid_characters = true', Buffer.from('\xe9,b', 'latin1'), '\ufffd b'],
    ['trim_space = true', '\ufeff  é , b ', 'é b'],
    ['error_on_column_count_mismatch = false', 'é', 'é null'],
    ['empty_field_as_null = false', 'é,', 'é '],
  ])('%s', async (options, content, fields) => {
    const { stage, copied, rows } = await staged('a varchar, b varchar')
    stage('a.csv', content)
    const [row] = await copied(`type = csv ${options}`)

    expect(row).toMatchObject({ status: 'LOADED', rows_loaded: 1 })
    expect(await rows("concat_ws(' ', a, coalesce(b, 'null')) as fields")).toEqual([{ fields }])
  })

  test('a byte-order mark that is not to be passed over is text', async () => {
    const { stage, copied, rows } = await staged('a varchar')
    stage('a.csv', '\ufeffé\n')
    await copied('type = csv skip_byte_order_mark = false')

    expect(await rows('unicode(a) as first, length(a)::int as length')).toEqual([{ first: 0xfeff, length: 2 }])
  })

  test.each([
    ["date_format = 'DD.MM.YYYY'", 'date', '02.01.2026', '2026-01-02'],
    [
      "timestamp_format = 'MON DD, YYYY HH12:MI:SS.FF3 AM'",
      'timestamp_ntz',
      'JAN 02, 2026 03:04:05.250 PM',
      '2026-01-02 15:04:05.25',
    ],
    [
      'timestamp_format = \'YYYY-MM-DD"T"HH24:MI:SSTZHTZM\'',
      'timestamp_tz',
      '2026-01-02T03:04:05+0900',
      '2026-01-01 18:04:05+00',
    ],
    ["time_format = 'HH24MISS'", 'time', '030405', '03:04:05'],
    ['binary_format = base64', 'binary', 'AQI=', '\\x01\\x02'],
  ])('%s', async (options, type, text, value) => {
    const { stage, copied, rows } = await staged(`a ${type}`)
    stage('a.csv', `${text}\nother\n`)
    await copied(`type = csv field_delimiter = none ${options}`, 'on_error = continue')

    expect(await rows('a::varchar as a')).toEqual([{ a: value }])
  })
})

describe('by the names of a header', () => {
  test('each file has its own order; columns it does not name take their default', async () => {
    const { stage, copied, rows } = await staged('a number, b number default 7, c varchar')
    stage('a.csv', 'C,A\nx,1\n')
    stage('b.csv', 'b,other,"c"\n2,y,z\n,,\n')
    stage('c.csv', 'a,A\n1,2\n')
    const results = await copied(
      `${quoted} parse_header = true`,
      'match_by_column_name = case_insensitive on_error = continue',
    )

    expect(results.map(({ status }) => status)).toEqual(['LOADED', 'LOADED', 'LOAD_FAILED'])
    expect(results[2]?.['first_error']).toContain('c.csv names the column a twice')
    expect(await rows()).toEqual([
      { a: 1, b: 7, c: 'x' },
      { a: null, b: 2, c: 'z' },
      { a: null, b: null, c: null },
    ])
  })
})

test.each([
  ['record variant', 'type = csv', '', 'TYPE = CSV fills no column of type VARIANT'],
  ['a int', 'type = csv', 'match_by_column_name = case_insensitive', 'PARSE_HEADER = TRUE'],
  ['a int', 'type = csv parse_header = true', '', 'MATCH_BY_COLUMN_NAME'],
  ['a int', 'type = csv parse_header = true skip_header = 1', '', 'SKIP_HEADER'],
  ['a int', "type = csv encoding = 'IBM420'", '', 'IBM420'],
  ['a int', "type = csv escape = 'ab'", '', 'ESCAPE'],
  ['a int', "type = csv field_delimiter = '\\n'", '', 'FIELD_DELIMITER and RECORD_DELIMITER'],
  ['a int', "type = csv timestamp_format = 'YYYY TZH HH24'", '', 'TZH'],
  ['a int', 'type = csv validate_utf8 = false', '', 'VALIDATE_UTF8'],
  ['a int', 'type = csv compression = bz2', '', 'BZ2'],
  ['a int', 'type = vpc_flow_logs', '', 'logs.vpc_flow_logs'],
])('a table of %s, %s %s is refused', async (columns, format, options, words) => {
  const { copy } = await staged(columns)

  expect(await failureOf(lake(), copy(format, options))).toMatchObject({
    code: 'STATEMENT_FAILED',
    message: expect.stringContaining(words),
  })
})
