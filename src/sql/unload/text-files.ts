import { join } from 'node:path'
import { runMade } from '../query.ts'
import { columnNames, headerLine, lineOf, namedRows } from './lines.ts'
import { TextFile } from './text-file.ts'
import { type Unload, type WrittenFile, columnsOf } from './unload.ts'
import type { Writing } from './writing.ts'

/** Writes rows as lines. Rows of one folder come together: one file at a time is open. */
export async function writeText(
  unload: Unload,
  writing: Extract<Writing, { form: 'csv' | 'json' }>,
): Promise<WrittenFile[]> {
  const { engine, sql, schema, isParted, isSingle, hasHeader, maxBytes, directory, signal } = unload
  const columns = await columnsOf(unload)
  const rows = namedRows(sql, [...columnNames(columns), ...(isParted ? ['folder'] : [])])
  const statement = `select ${lineOf(writing, columns)} as line, ${isParted ? 'folder::varchar' : 'null'} as folder from ${rows}${isParted ? ' order by folder' : ''}`
  const header = writing.form === 'csv' && hasHeader ? headerLine(writing.csv, columns) + writing.newline : ''
  const files: WrittenFile[] = []
  let open: { readonly file: TextFile; readonly folder: string | null } | undefined
  const close = async (): Promise<void> => {
    if (open === undefined) return
    const { file, folder } = open
    const outputBytes = await file.close()
    const { path, rows: count, inputBytes } = file
    files.push({ path, folder: isParted ? folder : undefined, rows: count, inputBytes, outputBytes })
  }
  try {
    const result = await runMade<{ line: string; folder: string | null }>(
      engine,
      { statement, reads: sql },
      { signal },
      schema,
    )
    for await (const { line, folder } of result) {
      const text = line + writing.newline
      if (open !== undefined && (open.folder !== folder || (!isSingle && open.file.isFull(maxBytes, text.length)))) {
        await close()
        open = undefined
      }
      if (open === undefined) {
        open = { file: new TextFile(join(directory, String(files.length)), writing.compression), folder }
        if (header !== '') await open.file.addHeader(header)
      }
      await open.file.add(text)
    }
    await close()
    return files
  } catch (error) {
    open?.file.drop()
    throw error
  }
}
