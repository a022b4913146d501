import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { builtFolder } from '../program.ts'

const folder = fileURLToPath(new URL('web/', builtFolder))

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** A file of the page. */
export interface PageFile {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly type: string
  readonly etag: string
  /** True where the name changes with the content. */
  readonly isHashed: boolean
}

/** The files of the page by their paths, such as `/index.html`. Nothing else can be asked for, however a path is written. */
export function readPageFiles(): ReadonlyMap<string, PageFile> {
  if (!existsSync(folder)) return new Map()
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return new Map(
    entries.map((entry): [string, PageFile] => {
      const file = join(entry.parentPath, entry.name)
      const path = `/${file.slice(folder.length).replaceAll('\\', '/')}`
      const bytes = new Uint8Array(readFileSync(file))
      return [
        path,
        {
          bytes,
          type: types[extname(file)] ?? 'application/octet-stream',
          etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
          isHashed: path.startsWith('/assets/'),
        },
      ]
    }),
  )
}
