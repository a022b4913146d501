import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { writeParquet } from '../loading/lines.ts'
import { failureOf, lastRows, ran } from './running.ts'
import { type Staged, lakeOfFile } from './staged.ts'

const { lake, staged } = lakeOfFile()
const csv = `type = csv field_optionally_enclosed_by = '"'`
const errors = 'validation_mode = return_errors'

/** What a statement could leave in a lake. */
async function contents({ rows }: Staged): Promise<unknown[]> {
  const ask = async (sql: string): Promise<unknown[]> => (await lake().query(sql)).all()
  return [
    await rows(),
    await ask('select * from lake.objects order by file_id'),
    await ask('select * from lake.rejects order by all'),
    await ask(
      "select table_name, column_name, data_type from duckdb_columns() where schema_name in ('lake', 'public') order by all",
    ),
  ]
}

describe('errors', () => {
  test('of every file are shown with their places, and nothing stays', async () => {
    const place = await staged('id number, word varchar(3)')
    place.stage('a.csv', '1,one\n2,"x\ny",z\n\n"é" ,w\nfour,w\n5,long er\n')
    place.stage('b.csv', Buffer.from('1,two\n\xff,x\n', 'latin1'))
    place.stage('c.csv', Buffer.from([0x1f, 0x8b, 8, 0]))
    const before = await contents(place)
    const shown = await place.copied(csv, errors)

    expect(await contents(place)).toEqual(before)
    expect(
      shown.map(({ error, ...rest }) => ({ error: typeof error === 'string' ? error.split(':')[0] : '', ...rest })),
    ).toEqual([
      {
        error: `${join(place.folder, 'c.csv')} ends in the middle of its gzip data. Get the whole file and load again; nothing of it was loaded.`,
        file: join(place.folder, 'c.csv'),
        line: null,
        character: null,
        byte_offset: null,
        category: 'file',
        code: null,
        sql_state: null,
        column_name: null,
        row_number: null,
        row_start_line: null,
      },
      ...[
        ['FIELD_SURPLUS', 'a.csv', 2, 1, 6, 'parsing', 100080, '22000', null, 2, 2],
        ['BLANK_LINE', 'a.csv', 4, 1, 16, 'parsing', null, null, null, 3, 4],
        ['NOT_DELIMITED', 'a.csv', 5, 5, 21, 'parsing', 100016, '22000', null, 4, 5],
        ['NOT_BIGINT id', 'a.csv', 6, null, null, 'conversion', 100038, '22018', 'id', 5, 6],
        ['TOO_LONG word', 'a.csv', 7, null, null, 'conversion', 100074, '54000', 'word', 6, 7],
        ['NOT_UTF8', 'b.csv', 2, 1, 6, 'parsing', 100144, '22000', null, 2, 2],
      ].map(([error, file, line, character, byteOffset, category, code, state, column, row, start]) => ({
        error,
        file: join(place.folder, String(file)),
        line,
        character,
        byte_offset: byteOffset,
        category,
        code,
        sql_state: state,
        column_name: column,
        row_number: row,
        row_start_line: start,
      })),
    ])
  })

  test('of files that history holds are shown by RETURN_ALL_ERRORS', async () => {
    const { stage, copied } = await staged('id number')
    stage('a.csv', '1\nx\n')
    await copied(csv, 'on_error = continue')
    stage('b.csv', 'y\n')

    expect(await copied(csv, errors)).toHaveLength(1)
    expect(await copied(csv, 'validation_mode = return_all_errors')).toHaveLength(2)
  })

  test('of Parquet and of built-in tables', async () => {
    const { folder, copied } = await staged('id number')
    await writeParquet(join(folder, 'a.parquet'), "select 'x' as id")
    const [error] = await copied('type = parquet', `match_by_column_name = case_insensitive ${errors}`)
    expect(error).toMatchObject({ line: 1, row_number: 1, column_name: 'id' })

    const logs = await staged('id number')
    logs.stage('a.log', 'version account-id interface-id srcaddr\n2 1 eni-1 nowhere\n')
    const [reject] = await lastRows(
      lake(),
      `copy into logs.vpc_flow_logs from @s_${logs.table} file_format = (type = vpc_flow_logs) ${errors}`,
    )
    expect(reject).toMatchObject({ line: 2, category: 'parsing', column_name: 'srcaddr', row_number: null })
    const files = (await lake().history()).map(({ file }) => file)
    expect(files.filter((file) => file.startsWith(folder) || file.startsWith(logs.folder))).toEqual([])
  })
})

describe('rows', () => {
  test('are shown as the table would have them, and columns that they would widen are not', async () => {
    const place = await staged('record variant')
    place.stage('a.json', '{"a": 1}\n{"b": [2]}\n{"a": 3}\nbad')
    const before = await contents(place)

    expect(await place.copied('type = json', 'validation_mode = return_2_rows')).toEqual([
      { record: { a: 1, b: null } },
      { record: { a: null, b: '[2]' } },
    ])
    expect((await failureOf(lake(), place.copy('type = json', 'validation_mode = return_10_rows'))).message).toContain(
      'a.json, line 4: NOT_JSON',
    )
    expect(await contents(place)).toEqual(before)
    await place.copied('type = json', 'on_error = continue')
    expect(await place.rows('record.a')).toEqual([{ a: 1 }, { a: 3 }, { a: null }])
  })

  test('of a file that cannot be read', async () => {
    const { stage, copy } = await staged('record variant')
    stage('a.json', Buffer.from([0x1f, 0x8b, 8, 0]))

    expect((await failureOf(lake(), copy('type = json', 'validation_mode = return_1_rows'))).message).toContain('gzip')
  })

  test('are not shown of tables in LOGS', async () => {
    await ran(lake(), "create stage here url = 'file:///tmp/'")
    const copy =
      'copy into logs.vpc_flow_logs from @here file_format = (type = vpc_flow_logs) validation_mode = return_3_rows'

    expect((await failureOf(lake(), copy)).message).toContain('RETURN_ERRORS')
  })
})

test('a COPY that is given up tells of the first reject', async () => {
  const { stage, copy } = await staged('id number')
  stage('a.csv', '1\n2\nx\n')

  expect((await failureOf(lake(), copy(csv))).message).toContain(
    'first line 3 (NOT_BIGINT id: not a value of this type)',
  )
})
