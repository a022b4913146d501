// Where the built library lies: dist/ of this repository, or of the folder that MILLRACE_BENCH_LIB names.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** The repository. */
export const repository = dirname(dirname(fileURLToPath(import.meta.url)))

function distFolder() {
  const named = process.env['MILLRACE_BENCH_LIB']
  const folder = named === undefined ? join(repository, 'dist') : resolve(named)
  if (existsSync(join(folder, 'index.js'))) return folder
  if (existsSync(join(folder, 'dist', 'index.js'))) return join(folder, 'dist')
  throw new Error(
    `${folder} holds no built Millrace. Run "npm run build" first, or name another build in MILLRACE_BENCH_LIB.`,
  )
}

/** A module of the built library by its path in dist/, such as `loading/history.js`. */
export function fromLibrary(path) {
  return import(pathToFileURL(join(distFolder(), path)).href)
}

export function libraryVersion() {
  return JSON.parse(readFileSync(join(distFolder(), '..', 'package.json'), 'utf8')).version
}
