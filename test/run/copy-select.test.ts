import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { writeParquet } from '../loading/lines.ts'
import { failureOf, lastRows, ran } from './running.ts'
import { type Staged, lakeOfFile } from './staged.ts'

const { lake, staged } = lakeOfFile()
const raw = 'type = csv field_delimiter = none skip_blank_lines = true escape_unenclosed_field = none'

/** The text of a COPY that selects. */
function selecting({ table }: Staged, items: string, format: string, options = '', columns = ''): string {
  return `copy into ${table} ${columns} from (select ${items} from @s_${table} s) file_format = (${format}) ${options}`
}

describe('whole lines', () => {
  test('come as they are, with what is known of them', async () => {
    const place = await staged(
      'raw text, at datetime, file varchar, row_number number, content varchar, changed_at timestamp_ntz, n int',
    )
    const { folder, rows } = place
    mkdirSync(join(folder, 'sub'))
    const path = join(folder, 'sub', 'a.log')
    writeFileSync(path, 'first\nhead "a", \\b\r\n\r\n\tlast line')
    const before = Date.now()
    await ran(
      lake(),
      `create file format f_${place.table} ${raw} skip_header = 1;
       copy into ${place.table} from (
         SELECT STG.$1, current_timestamp() as timestamp, metadata$filename, METADATA$FILE_ROW_NUMBER, stg.METADATA$FILE_CONTENT_KEY, METADATA$FILE_LAST_MODIFIED, 7
         FROM @s_${place.table} (FILE_FORMAT => f_${place.table}, PATTERN => '.*[.]log') STG)`,
    )

    const { size, mtimeMs } = statSync(path)
    const [{ at = 0 } = {}] = await rows('min(epoch_ms("at"))::double as at')
    expect(Number(at)).toBeGreaterThanOrEqual(before - 1)
    expect(Number(at)).toBeLessThanOrEqual(Date.now())
    expect(await rows('* exclude ("at", changed_at), epoch_ms(changed_at)::double as changed_at')).toEqual(
      [
        ['\tlast line', 2],
        ['head "a", \\b', 1],
      ].map(([line, row]) => ({
        raw: line,
        file: 'sub/a.log',
        row_number: row,
        content: `${size}-${mtimeMs}`,
        n: 7,
        changed_at: Math.floor(mtimeMs),
      })),
    )
  })

  test('rejects, packing, bytes and blank lines are as without a SELECT', async () => {
    const bytes = Buffer.concat([Buffer.from('good\n\n'), Buffer.from([0xff, 0x0a]), Buffer.from('ü\r\n')])
    const place = await staged('raw text, n int default 5')
    place.stage('a.gz', gzipSync(bytes))
    const plain = await staged('raw text')
    plain.stage('a.gz', gzipSync(bytes))
    const [selected] = await lastRows(lake(), selecting(place, '$1', raw, 'on_error = continue', '(raw)'))
    const [copied] = await plain.copied(raw, 'on_error = continue')

    expect({ ...selected, file: '' }).toEqual({ ...copied, file: '' })
    expect(await place.rows()).toEqual([
      { raw: 'good', n: 5 },
      { raw: 'ü', n: 5 },
    ])
    expect(await place.rejects()).toEqual([[3, '\ufffd', 'NOT_UTF8']])
    expect(await lastRows(lake(), selecting(place, '$1', raw, '', '(raw)'))).toEqual([
      { status: 'Copy executed with 0 files processed.' },
    ])
    await ran(lake(), selecting(place, '$1', raw, 'on_error = continue force = true', '(raw)'))
    expect(await place.rows('count(*)::int as n')).toEqual([{ n: 4 }])
  })
})

describe('fields', () => {
  test('are put in another order, left out, computed and converted; fewer are NULL', async () => {
    const place = await staged('total number, name varchar(5), kind varchar, flag boolean')
    place.stage('a.csv', '1,one,2.5,x\n2,two,1\n3\n')
    await ran(
      lake(),
      selecting(
        place,
        "$1::int + coalesce(s.$3::float, 0), upper($2) || '!', case when $4 is null then 'none' else concat($4, ',', $1) end as kind, $1 = '1'",
        'type = csv',
      ),
    )

    expect(await place.rows()).toEqual([
      { total: 3, name: 'TWO!', kind: 'none', flag: false },
      { total: 3, name: null, kind: 'none', flag: false },
      { total: 4, name: 'ONE!', kind: 'x,1', flag: true },
    ])
  })

  test('an expression that fails makes a reject of its record, and nothing else', async () => {
    const place = await staged('n number, d date, short varchar(3), m number')
    place.stage(
      'a.csv',
      ['1,2026-01-02,abc,4', 'x,2026-01-02,abc,4', '3,never,abc,4', '4,,abcd,4', '5,,,0', '6,,,', '7,,,y'].join('\n'),
    )
    const [row] = await lastRows(
      lake(),
      selecting(place, '$1::int, $2::date, $3, 8 / $4::int', 'type = csv', 'on_error = continue'),
    )

    expect(row).toMatchObject({
      status: 'PARTIALLY_LOADED',
      rows_parsed: 7,
      rows_loaded: 2,
      first_error: 'NOT_COMPUTED n: $1::int fails for this record',
      first_error_line: 2,
      first_error_column_name: 'n',
    })
    expect(await place.rows()).toEqual([
      { n: 1, d: '2026-01-02', short: 'abc', m: 2 },
      { n: 6, d: null, short: null, m: null },
    ])
    expect(await place.rejects()).toEqual([
      [2, 'x,2026-01-02,abc,4', 'NOT_COMPUTED n'],
      [3, '3,never,abc,4', 'NOT_COMPUTED d'],
      [4, '4,,abcd,4', 'TOO_LONG short'],
      [5, '5,,,0', 'NOT_BIGINT m'],
      [7, '7,,,y', 'NOT_COMPUTED m'],
    ])
  })

  test.each([
    ['', 'LOAD_FAILED', 0],
    ['skip_file_2', 'PARTIALLY_LOADED', 2],
  ])('ON_ERROR = %s', async (rule, status, count) => {
    const place = await staged('n number')
    place.stage('a.csv', '1\nx\n2\n')
    const copy = selecting(place, '$1::int', 'type = csv', rule === '' ? '' : `on_error = ${rule}`)
    if (rule === '') expect((await failureOf(lake(), copy)).message).toContain('a.csv')
    else expect(await lastRows(lake(), copy)).toMatchObject([{ status }])

    expect(await place.rows('count(*)::int as n')).toEqual([{ n: count }])
  })

  test('constants alone are a row for each record', async () => {
    const place = await staged('word varchar, file varchar')
    place.stage('a.csv', 'x\ny\n')
    await ran(lake(), selecting(place, "'it''s', metadata$filename", 'type = csv'))

    expect(await place.rows()).toEqual([
      { word: "it's", file: 'a.csv' },
      { word: "it's", file: 'a.csv' },
    ])
  })
})

describe('records', () => {
  const items =
    '$1, $1:id::int, s.$1:deep.list[1]::varchar, $1:deep, $1:at::timestamp, metadata$file_row_number, $1:word'
  const columns =
    'record variant, id int, second varchar, deep variant, moment timestamp_ntz, row_number int, word varchar'
  const found = `select id, second, deep:list[0]::int as first, moment, row_number, word, record:word::varchar as inner_word, record:more::int as more from`

  test('of JSON', async () => {
    const place = await staged(columns)
    place.stage(
      'a.json',
      [
        { id: 1, deep: { list: [1, 'two'] }, at: '2026-01-02 03:04:05', word: 'w"' },
        { id: 2, more: 9, word: null },
        { id: 'x' },
        { id: 4, deep: [1] },
      ]
        .map((one) => JSON.stringify(one))
        .join('\n'),
    )
    const [row] = await lastRows(lake(), selecting(place, items, 'type = json', 'on_error = continue'))

    expect(row).toMatchObject({ rows_parsed: 4, rows_loaded: 2 })
    expect(await lastRows(lake(), `${found} ${place.table} order by id`)).toEqual([
      {
        id: 1,
        second: 'two',
        first: 1,
        moment: '2026-01-02 03:04:05',
        row_number: 1,
        word: 'w"',
        inner_word: 'w"',
        more: null,
      },
      { id: 2, second: null, first: null, moment: null, row_number: 2, word: null, inner_word: null, more: 9 },
    ])
    expect(await place.rejects()).toEqual([
      [3, '{"id":"x"}', 'NOT_COMPUTED id'],
      [4, '{"id":4,"deep":[1]}', 'NOT_OBJECT deep'],
    ])
  })

  test('of Parquet', async () => {
    const place = await staged(columns)
    await writeParquet(
      join(place.folder, 'a.parquet'),
      "select 1 as id, {'list': ['1', 'two']} as deep, timestamp '2026-01-02 03:04:05' as at, 'w\"' as word",
    )
    await writeParquet(join(place.folder, 'b.parquet'), "select 'x' as id")
    await writeParquet(join(place.folder, 'c.parquet'), 'select 2::bigint as id, 9 as more, null::varchar as word')
    const results = await lastRows(lake(), selecting(place, items, 'type = parquet', 'on_error = continue'))

    expect(results.map(({ rows_loaded }) => rows_loaded)).toEqual([1, 0, 1])
    expect(await lastRows(lake(), `${found} ${place.table} order by id`)).toEqual([
      {
        id: 1,
        second: 'two',
        first: 1,
        moment: '2026-01-02 03:04:05',
        row_number: 1,
        word: 'w"',
        inner_word: 'w"',
        more: null,
      },
      { id: 2, second: null, first: null, moment: null, row_number: 1, word: null, inner_word: null, more: 9 },
    ])
  })
})

describe('what Snowflake does not let a COPY select is refused where it stands', () => {
  test.each([
    ['select $1 from @s where $1 = 1', 'where', 'without WHERE'],
    ['select $1 from @s group by 1', 'group', 'without GROUP BY'],
    ['select $1 from @s order by 1', 'order', 'without ORDER BY'],
    ['select $1 from @s limit 3', 'limit', 'without LIMIT'],
    ['select a.$1 from @s a join @s b on true', 'join', 'without JOIN'],
    ['select distinct $1 from @s', 'distinct', 'without DISTINCT'],
    ['select top 3 $1 from @s', 'top', 'without TOP'],
    ['select $1,\n  count(*) from @s', 'count', 'aggregates such as COUNT'],
    ['select (select 1) from @s', 'select 1', 'without sub-queries'],
    ['select row_number() over (order by 1) from @s', 'row_number', 'without'],
    ['select $1 from @s union all select $1 from @s', 'union', 'without UNION'],
    ['select * from @s', '*', 'without *'],
    ['select s.* from @s s', '*', 'without *'],
    ['select $1 from t', 't)', 'expects a stage'],
    ['select $1 from @s, @s', ', @s', 'expects )'],
    ['select $1 from @s (file_format = x)', '= x', 'expects =>'],
    ['select from @s', 'from @s', 'an expression'],
  ])('%s', async (query, at, words) => {
    const script = `select 1;\ncopy into t\n from (${query})`
    const error = await failureOf(lake(), script)
    const before = script.slice(0, script.indexOf(at, script.indexOf('from (') + 'from (select'.length)).split('\n')

    expect(error).toMatchObject({ code: 'STATEMENT_INVALID', message: expect.stringContaining(words) })
    expect(error.place).toMatchObject({ line: before.length, column: (before.at(-1) ?? '').length + 1 })
  })

  test.each([
    ['validation_mode = return_errors', 'VALIDATION_MODE'],
    ['match_by_column_name = case_insensitive', 'MATCH_BY_COLUMN_NAME'],
  ])('%s', async (option, words) => {
    expect(await failureOf(lake(), `copy into t from (select $1 from @s) ${option}`)).toMatchObject({
      code: 'STATEMENT_INVALID',
      message: expect.stringContaining(words),
    })
  })

  test.each(['snowflake', 'duckdb'] as const)('a query over a stage, in %s', async (dialect) => {
    const script = 'select 1;\nselect $1 from @s (file_format => x) limit 5'
    const error = await failureOf(lake(), script, { dialect })

    expect(error).toMatchObject({
      code: 'STATEMENT_UNSUPPORTED',
      message: expect.stringContaining('no stage such as @s'),
    })
    expect(error.place).toMatchObject({ line: 2, column: 16 })
  })

  test.each([
    ['soundex($1)', 'SOUNDEX'],
    ['$1 +', ''],
    ['$0', '$0'],
    ['x.$1', 'put it behind the stage'],
  ])('SELECT %s, before anything has run', async (item, words) => {
    const error = await failureOf(lake(), `create schema never;\ncopy into t from (select\n   ${item} from @s)`)

    expect(error.message).toContain(words)
    expect(error.place?.line).toBeGreaterThanOrEqual(2)
    await ran(lake(), 'create schema never; drop schema never')
  })

  test.each([
    ['a int, b int', '$1', 'type = csv', '1 values for 2 columns'],
    ['a int', '$1, $2', 'type = csv', '2 values for 1 columns'],
    ['a int', '$2', 'type = json', '$2 is not there'],
    ['a int', 'nonsense', 'type = csv', 'nonsense'],
    ['a int', '_line', 'type = csv', '_line'],
    ['a int', '$1:x', 'type = csv', '$1:x needs a VARIANT'],
    ['a variant', '$1', 'type = csv', 'no VARIANT'],
    ['a variant', "upper('x')", 'type = json', 'no VARIANT'],
    ['a int', '$1:x', "type = json null_if = ('')", 'NULL_IF'],
    ['a int', '$1', 'type = csv parse_header = true', 'PARSE_HEADER'],
    ['a int', '$1', 'type = vpc_flow_logs', 'logs.vpc_flow_logs'],
  ])('into (%s): SELECT %s with %s', async (columns, items, format, words) => {
    const place = await staged(columns)
    place.stage('a', '1\n')

    expect(await failureOf(lake(), selecting(place, items, format))).toMatchObject({
      message: expect.stringContaining(words),
    })
  })
})
