import { describe, expect, test } from 'vitest'
import { writeParquet } from '../loading/lines.ts'
import { failureOf } from './running.ts'
import { type Staged, lakeOfFile } from './staged.ts'

const { lake, staged } = lakeOfFile()

/** The same records in each format, and how COPY reads them by name. */
const formats: readonly (readonly [string, string, (staged: Staged, records: readonly Row[]) => Promise<void>])[] = [
  [
    'CSV',
    'type = csv parse_header = true',
    async ({ stage }, records) => {
      stage('a', ['a,b', ...records.map(({ a, b }) => `${a ?? ''},${b ?? ''}`)].join('\n'))
    },
  ],
  [
    'JSON',
    'type = json',
    async ({ stage }, records) => {
      stage('a', records.map((record) => JSON.stringify(record)).join('\n'))
    },
  ],
  [
    'Parquet',
    'type = parquet',
    async ({ folder }, records) => {
      const value = (text: string | null): string => (text === null ? 'null' : `'${text}'`)
      const values = records.map(({ a, b }) => `(${value(a)}, ${value(b)})`).join(', ')
      await writeParquet(`${folder}/a`, `select * from (values ${values}) t(a, b)`)
    },
  ],
]

interface Row {
  readonly a: string | null
  readonly b: string | null
}

const byName = 'match_by_column_name = case_insensitive on_error = continue'

describe.each(formats)('%s', (_, format, write) => {
  const records = [
    { a: 'five5', b: 'x' },
    { a: '😀😀😀😀😀', b: 'y' },
    { a: 'six666', b: 'z' },
  ]

  test('a text that is longer than its column makes a reject', async () => {
    const place = await staged('a varchar(5), b char')
    await write(place, records)
    const [row] = await place.copied(format, byName)

    expect(row).toMatchObject({ rows_loaded: 2, errors_seen: 1, first_error_column_name: 'a' })
    expect((await place.rejects()).map((reject) => Array.isArray(reject) && reject[2])).toEqual(['TOO_LONG a'])
    expect(await place.rows()).toEqual(records.slice(0, 2))
  })

  test.each(['truncatecolumns = true', 'enforce_length = false'])('%s cuts it', async (option) => {
    const place = await staged('a varchar(5), b varchar')
    await write(place, records)
    await place.copied(format, `${byName} ${option}`)

    expect(await place.rows('a')).toEqual([{ a: 'five5' }, { a: 'six66' }, { a: '😀😀😀😀😀' }])
    expect(await place.rejects()).toEqual([])
  })

  test('a value that must be there and is not makes a reject', async () => {
    const place = await staged("a varchar not null, b varchar not null, c varchar not null default 'd'")
    await write(place, [...records, { a: 'a', b: null }])
    await place.copied(format, byName)

    expect(await place.rows('a, c')).toHaveLength(3)
    expect((await place.rejects()).map((reject) => Array.isArray(reject) && reject[2])).toEqual(['MISSING b'])
  })

  test('a column that must have a value and is in no file', async () => {
    const place = await staged('a varchar, d number not null')
    await write(place, records)
    const [row] = await place.copied(format, byName)

    expect(row).toMatchObject({ rows_loaded: 0, errors_seen: 3, first_error_column_name: 'd' })
  })
})

test('options that contradict each other are refused', async () => {
  const { copy } = await staged('a varchar')

  expect(
    (await failureOf(lake(), copy('type = csv', 'truncatecolumns = true enforce_length = true'))).message,
  ).toContain('contradict')
})

test('a table of lengths that are no lengths', async () => {
  const { copied, stage, rows } = await staged('a varchar, b string(2), c nchar varying(3), d char varying')
  stage('a.csv', 'aaaaa,bb,ccc,ddddd\naaaaa,bbb,c,d\na,b,cccc,d\n')
  await copied('type = csv', 'on_error = continue')

  expect(await rows('a')).toEqual([{ a: 'aaaaa' }])
})
