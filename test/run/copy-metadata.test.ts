import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeParquet } from '../loading/lines.ts'
import { failureOf, ran } from './running.ts'
import { lakeOfFile } from './staged.ts'

const { lake, staged } = lakeOfFile()

const include = `match_by_column_name = case_insensitive include_metadata = (
  file = METADATA$FILENAME, row_number = METADATA$FILE_ROW_NUMBER, content = METADATA$FILE_CONTENT_KEY,
  changed_at = METADATA$FILE_LAST_MODIFIED, read_at = METADATA$START_SCAN_TIME)`

test.each([
  ['CSV', 'type = csv parse_header = true', 'id,file\n1,x\nbad,x\n\n3,x\n'],
  ['JSON', 'type = json', '{"id": 1, "file": "x"}\n{"id": "bad"}\n\n{"id": 3}'],
])('%s', async (_, format, content) => {
  const { folder, copied, rows, rejects } = await staged(
    'id number, file varchar, row_number number, content varchar, changed_at timestamp_ntz, read_at timestamp_ltz',
  )
  mkdirSync(join(folder, 'sub'))
  const path = join(folder, 'sub', 'a.txt')
  writeFileSync(path, content)
  const before = Date.now()
  await copied(
    format.replace('parse_header = true', 'parse_header = true skip_blank_lines = true'),
    `${include} on_error = continue`,
  )

  const { size, mtimeMs } = statSync(path)
  expect(await rows('id, file, row_number, content, epoch_ms(changed_at)::double as changed_at')).toEqual(
    [1, 3].map((row) => ({
      id: row,
      file: 'sub/a.txt',
      row_number: row,
      content: `${size}-${mtimeMs}`,
      changed_at: Math.floor(mtimeMs),
    })),
  )
  const [{ read_at = 0 } = {}] = await rows('min(epoch_ms(read_at))::double as read_at')
  expect(Number(read_at)).toBeGreaterThanOrEqual(before)
  expect(await rejects()).toHaveLength(1)
})

test('Parquet, and a name that is too long', async () => {
  const { folder, copied, rows, rejects } = await staged('id number, file varchar(9), row_number number')
  for (const name of ['a.parquet', 'longer.parquet'])
    await writeParquet(join(folder, name), 'select i as "ID", i as "FILE" from range(2) t(i)')
  await copied(
    'type = parquet',
    'match_by_column_name = case_sensitive on_error = continue include_metadata = (file = METADATA$FILENAME, row_number = METADATA$FILE_ROW_NUMBER)',
  )

  expect(await rows()).toEqual([
    { id: 0, file: 'a.parquet', row_number: 1 },
    { id: 1, file: 'a.parquet', row_number: 2 },
  ])
  expect(await rejects()).toHaveLength(2)
})

test.each([
  ['a number', 'match_by_column_name = none include_metadata = (a = METADATA$FILENAME)', 'MATCH_BY_COLUMN_NAME'],
  ['a number', 'match_by_column_name = case_sensitive include_metadata = (b = METADATA$FILENAME)', 'no column b'],
  ['a variant', 'match_by_column_name = case_sensitive include_metadata = (a = METADATA$FILENAME)', 'VARIANT'],
])('into a table of %s, %s is refused', async (columns, options, words) => {
  const { copy } = await staged(columns)

  expect((await failureOf(lake(), copy('type = parquet', options))).message).toContain(words)
})

test('tables in LOGS take none', async () => {
  await ran(lake(), "create stage somewhere url = 'file:///tmp/'")
  const copy = `copy into logs.vpc_flow_logs from @somewhere file_format = (type = vpc_flow_logs) ${include}`

  expect((await failureOf(lake(), copy)).message).toContain('tables of scripts')
})
