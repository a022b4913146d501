import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderOf, rowsOf, temporaryFolder, undoLater } from '../loading/lakes.ts'
import { openTestLake } from '../loading/template.ts'
import { ran } from '../run/running.ts'

test('a lake opens again after a crash that a change of columns came before', async () => {
  const folder = folderOf({ 'lines.log': 'one\ntwo\n', 'a.json': '{"a": 1}\n', 'b.json': '{"a": 2, "b": {"c": 3}}\n' })
  const copies = temporaryFolder()
  const lake = await openTestLake(join(copies, 'lake'))
  undoLater(() => void lake.close())
  await ran(
    lake,
    `create stage files url = 'file://${folder}/';
     create table lines (raw text, added timestamp default current_timestamp());
     create table records (record variant);`,
  )
  const counts: unknown[] = []
  for (const [number, load] of [
    "copy into lines (raw) from @files files = ('lines.log') file_format = (type = csv field_delimiter = none)",
    "copy into records from @files files = ('a.json') file_format = (type = json)",
    "copy into records from @files files = ('b.json') file_format = (type = json)",
  ].entries()) {
    await ran(lake, load)
    // The file and its write-ahead log are what a crash would leave now.
    const directory = join(copies, String(number))
    cpSync(lake.directory, directory, { recursive: true })
    const again = await openTestLake(directory)
    const sql =
      'select (select count(raw) from public.lines) as lines, (select count(*) from public.records) as records'
    counts.push(...(await rowsOf(again, sql)))
    await again.close()
  }
  expect(counts).toEqual([
    { lines: 2, records: 0 },
    { lines: 2, records: 1 },
    { lines: 2, records: 2 },
  ])
})
