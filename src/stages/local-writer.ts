import { randomUUID } from 'node:crypto'
import {
  closeSync,
  copyFileSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  unlinkSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { MillraceError, messageOf, systemCodeOf } from '../errors.ts'
import type { StageWriter } from './writer.ts'

/** Changes what is in a folder of this machine, and nothing that links lead to outside of it. */
export function openLocalWriter(path: string): StageWriter {
  const root = rootOf(path)
  return {
    remove: async (paths, signal) => {
      const faults = new Map<string, MillraceError>()
      for (const file of paths) {
        signal?.throwIfAborted()
        const fault = unlink(file, root)
        if (fault !== undefined) faults.set(file, fault)
      }
      return faults
    },
    uriOf: (name) => `${root}${checked(name, root).join('/')}`,
    put: async (file, name) => {
      const names = checked(name, root)
      try {
        const folder = folderFor(names.slice(0, -1), root)
        move(file, join(folder, names.at(-1) ?? ''))
        sync(folder)
      } catch (error) {
        if (error instanceof MillraceError) throw error
        const code = systemCodeOf(error) === 'ENOSPC' ? 'DISK_FULL' : 'ACCESS_DENIED'
        throw new MillraceError(code, `${root}${name} cannot be written (${messageOf(error)}).`, error)
      }
    },
  }
}

/** With a slash at its end. */
function rootOf(path: string): string {
  try {
    return `${realpathSync(path)}/`.replace(/\/+$/, '/')
  } catch (error) {
    throw new MillraceError('SOURCE_MISSING', `${path} does not exist. Give a folder.`, error)
  }
}

function unlink(file: string, root: string): MillraceError | undefined {
  try {
    // A folder on the way may have become a link since it was listed.
    const folder = realpathSync(dirname(file))
    if (folder !== dirname(file) || !file.startsWith(root))
      return new MillraceError(
        'SOURCE_REFUSED',
        `${file} lies outside of ${root}, and only a link leads to it. Delete it where it is, or the link.`,
      )
    unlinkSync(file)
    return undefined
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined
    return new MillraceError('ACCESS_DENIED', `${file} cannot be deleted (${messageOf(error)}).`, error)
  }
}

/** The names on the way to a path beneath the root. */
function checked(path: string, root: string): string[] {
  const names = path.split('/')
  if (names.every((name) => name !== '' && name !== '.' && name !== '..' && !name.includes('\0'))) return names
  throw new MillraceError(
    'SOURCE_UNSUPPORTED',
    `${path} is no path of a file beneath ${root}. Give one without "..", "." or two slashes.`,
  )
}

/** Makes folders one below the other: a link on the way could lead outside. */
function folderFor(names: readonly string[], root: string): string {
  let folder = root
  for (const name of names) {
    folder = join(folder, name)
    try {
      mkdirSync(folder)
    } catch (error) {
      if (systemCodeOf(error) !== 'EEXIST') throw error
      if (!lstatSync(folder).isDirectory())
        throw new MillraceError('SOURCE_REFUSED', `${folder} is no folder, or a link to one. Take another path.`, error)
    }
  }
  return folder
}

/** What is there is replaced at once: whoever reads it meets the one or the other. */
function move(file: string, target: string): void {
  sync(file)
  try {
    renameSync(file, target)
  } catch (error) {
    if (systemCodeOf(error) !== 'EXDEV') throw error
    const beside = `${target}.${randomUUID()}.part`
    try {
      copyFileSync(file, beside)
      sync(beside)
      renameSync(beside, target)
    } catch (failure) {
      rmSync(beside, { force: true })
      throw failure
    }
  }
}

function sync(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
