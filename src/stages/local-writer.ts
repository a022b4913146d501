import { realpathSync, unlinkSync } from 'node:fs'
import { dirname } from 'node:path'
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
