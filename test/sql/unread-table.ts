import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect } from 'vitest'
import type { OpenLake } from '../../src/lake.ts'

/** Makes the external table `unread_rows` over two files in a new folder: one has the row 7, the other breaks off. */
export async function makeUnreadTable(lake: Pick<OpenLake, 'run'>, folder: string): Promise<void> {
  await mkdir(folder)
  await writeFile(join(folder, 'a.csv'), '7\n')
  await writeFile(join(folder, 'b.csv.gz'), gzipSync('8\n').subarray(0, 15))
  const fields = `row format delimited fields terminated by ','`
  const table = `create external table unread_rows (n int) ${fields} location 'file://${folder}/'`
  for await (const { rows } of lake.run(table, { dialect: 'athena' })) expect(rows).toHaveLength(1)
}
