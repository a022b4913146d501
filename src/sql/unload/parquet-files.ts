import { join } from 'node:path'
import { identifier, literal } from '../../engines/duckdb.ts'
import { runMade } from '../query.ts'
import { columnNames, namedRows } from './lines.ts'
import { type Unload, type WrittenFile, columnsOf } from './unload.ts'
import type { Writing } from './writing.ts'

type ParquetWriting = Extract<Writing, { form: 'parquet' }>

/** Lets the engine write rows as Parquet. */
export async function writeParquet(unload: Unload, writing: ParquetWriting): Promise<WrittenFile[]> {
  const { engine, sql, schema, isParted, hasHeader, directory, signal } = unload
  const columns = await columnsOf(unload)
  const names = columnNames(columns)
  const selected = columns
    .map(({ name }, index) => `c${index} as ${identifier(hasHeader ? name : `_COL_${index}`)}`)
    .join(', ')
  if (!isParted) {
    const from = namedRows(sql, names)
    return copyParquet(unload, writing, { statement: `select ${selected} from ${from}`, reads: sql }, 'all', undefined)
  }
  // Sorted by folders the rows are read once more for each, of which the engine opens the parts that hold it.
  const sorted = join(directory, 'sorted.parquet')
  const rows = namedRows(sql, [...names, 'folder'])
  const sort = `copy (select ${names.map((name) => `${name}, `).join('')}folder::varchar as folder from ${rows} order by folder) to ${literal(sorted)} (format parquet)`
  await (await runMade(engine, { statement: sort, reads: sql }, { signal }, schema)).all()
  const source = `read_parquet(${literal(sorted)})`
  const folders = await (
    await runMade<{ folder: string | null }>(
      engine,
      { statement: `select distinct folder from ${source} order by folder` },
      { signal },
    )
  ).all()
  const files: WrittenFile[] = []
  for (const { folder } of folders) {
    const which = folder === null ? 'folder is null' : `folder = ${literal(folder)}`
    const statement = `select ${selected} from ${source} where ${which}`
    files.push(...(await copyParquet(unload, writing, { statement }, `part${files.length}`, folder)))
  }
  return files
}

interface Copied {
  readonly filename: string
  readonly count: number
  readonly file_size_bytes: number
}

async function copyParquet(
  { engine, schema, isSingle, maxBytes, directory, signal }: Unload,
  { codec }: ParquetWriting,
  { statement, reads }: { readonly statement: string; readonly reads?: string },
  name: string,
  folder: string | null | undefined,
): Promise<WrittenFile[]> {
  // The engine ends a file behind the row groups that made it as large; some are under way by then.
  const sizes = `, file_size_bytes ${Math.ceil(maxBytes * 0.8)}, row_group_size_bytes ${Math.max(1024, Math.ceil(maxBytes / 16))}`
  const copy = `copy (${statement}) to ${literal(join(directory, name))} (format parquet, compression ${codec}, return_stats${isSingle ? '' : sizes})`
  const result = await runMade<Copied>(engine, { statement: copy, reads }, { signal }, schema)
  return (await result.all())
    .filter(({ count }) => count > 0)
    .map(({ filename, count, file_size_bytes: bytes }) => ({
      path: filename,
      folder,
      rows: count,
      inputBytes: bytes,
      outputBytes: bytes,
    }))
}
