import { type Dirent, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { MillraceError, systemCodeOf } from '../errors.ts'
import { isLogName, readPath } from './object-path.ts'
import type { Listing, Stage, StageObject } from './stage.ts'

const CHUNK = 10_000

/**
 * A file or a folder with all below it, but for the lake itself. Hidden files, markers (`_SUCCESS`) and `.md` files are no logs and are not
 * listed, unless everything is asked for.
 */
export function openLocalStage(path: string, lakeDirectory: string, { prefix, everything }: Listing = {}): Stage {
  const root = realRoot(path)
  return {
    onChange: 'replace',
    async *list(signal) {
      const start = prefix === undefined ? { root, name: '' } : startOf(root, prefix)
      if (start === undefined) return
      let chunk: StageObject[] = []
      for (const file of filesBelow(start, lakeDirectory, everything === true)) {
        chunk.push(describe(file))
        if (chunk.length === CHUNK) {
          signal?.throwIfAborted()
          yield chunk
          chunk = []
        }
      }
      if (chunk.length > 0) yield chunk
    },
  }
}

function realRoot(path: string): string {
  const real = targetOf(path)
  if (real === undefined)
    throw new MillraceError('SOURCE_MISSING', `${path} does not exist. Give a file or a folder with logs.`)
  if (!real.isFile && !real.isDirectory)
    throw new MillraceError('SOURCE_UNSUPPORTED', `${path} is neither a file nor a folder. Give one with logs.`)
  return real.path
}

/** Where listing begins: only what begins with `name` directly in `root`. */
interface Start {
  readonly root: string
  readonly name: string
}

/** The folder that the slashes of a prefix lead to; undefined where there is none. */
function startOf(root: string, prefix: string): Start | undefined {
  const names = prefix.split('/')
  const name = names.pop() ?? ''
  if (names.some((one) => one === '..' || one === '.' || one === ''))
    throw new MillraceError(
      'SOURCE_UNSUPPORTED',
      `${prefix} does not stay beneath ${root}. Give a path without "..", "." or two slashes.`,
    )
  const target = targetOf(join(root, ...names))
  return target?.isDirectory === true ? { root: target.path, name } : undefined
}

/** Everything below the root that is no folder, once, whatever links lead to it; links to nowhere are not there. */
function* filesBelow({ root, name }: Start, lakeDirectory: string, everything: boolean): Generator<string> {
  if (!lstatSync(root).isDirectory()) {
    yield root
    return
  }
  const isInside = (path: string): boolean => path.startsWith(root.endsWith('/') ? root : `${root}/`)
  const visited = new Set<string>([lakeDirectory].filter((directory) => directory !== root))
  /** Files outside the root, which several links can lead to. */
  const outside = new Set<string>()
  const folders = [root]
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    if (visited.has(folder)) continue
    visited.add(folder)
    const entries = entriesOf(folder)
    // A folder that cannot be read is met as a file, and fails as one.
    if (entries === undefined) yield folder
    for (const entry of entries ?? []) {
      if (folder === root && !entry.name.startsWith(name)) continue
      // What was said itself is always listed.
      const isSaid = folder === root && entry.name === name
      if (!everything && !isSaid && !isLogName(entry.name)) continue
      const path = join(folder, entry.name)
      const target = entry.isSymbolicLink()
        ? targetOf(path)
        : { path, isDirectory: entry.isDirectory(), isFile: entry.isFile() }
      if (target === undefined) continue
      if (target.isDirectory) folders.push(target.path)
      // A link that leads inside is met there.
      else if (isInside(target.path)) {
        if (target.path === path) yield path
      } else if (!outside.has(target.path)) {
        outside.add(target.path)
        yield target.path
      }
    }
  }
}

function entriesOf(folder: string): Dirent[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    return undefined
  }
}

function targetOf(link: string): { path: string; isDirectory: boolean; isFile: boolean } | undefined {
  try {
    const path = realpathSync(link)
    const stats = statSync(path)
    return { path, isDirectory: stats.isDirectory(), isFile: stats.isFile() }
  } catch (error) {
    return systemCodeOf(error) === 'ENOENT' ? undefined : { path: link, isDirectory: false, isFile: false }
  }
}

/** A file that cannot even be looked at is listed with size 0, so that its load fails with a status of its own. */
function describe(path: string): StageObject {
  const facts = readPath(path)
  try {
    const { size, mtimeMs } = statSync(path)
    return {
      uri: path,
      version: `${size}-${mtimeMs}`,
      size,
      modifiedMs: mtimeMs,
      accountId: facts.accountId,
      region: facts.region,
      dateMs: facts.dateMs ?? mtimeMs,
    }
  } catch {
    return {
      uri: path,
      version: 'unreadable',
      size: 0,
      modifiedMs: 0,
      accountId: facts.accountId,
      region: facts.region,
      dateMs: facts.dateMs ?? 0,
    }
  }
}
