import { randomUUID } from 'node:crypto'
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ErrorCode, MillraceError, systemCodeOf } from '../errors.ts'
import { fileName } from './file-name.ts'

const maxBytes = 1024 * 1024

/** What a folder holds, as its messages and errors name it. */
export interface FolderContent {
  /** One of what is in it, such as `dashboard`. */
  readonly noun: string
  /** Ending of its files, such as `.yaml`. */
  readonly ending: string
  readonly missing: ErrorCode
}

/** A folder of small text files that people name, each written as a whole. */
export class TextFolder {
  private readonly folder: string
  private readonly content: FolderContent

  constructor(folder: string, content: FolderContent) {
    this.folder = folder
    this.content = content
  }

  /** The names in it, sorted; none where there is no such folder. */
  names(): Promise<string[]> {
    return namesIn(this.folder, this.content.ending)
  }

  /** The text of a name; undefined where there is none. */
  async read(name: string): Promise<string | undefined> {
    return textOf(this.file(name))
  }

  /** Writes a text so that a reader finds the one before or this one. */
  async write(name: string, text: string): Promise<void> {
    const file = this.file(name)
    const { noun } = this.content
    if (Buffer.byteLength(text) > maxBytes)
      throw new MillraceError('USAGE', `The ${noun} ${name} is larger than ${maxBytes} bytes. Make two of it.`)
    await mkdir(this.folder, { recursive: true, mode: 0o700 })
    const part = join(this.folder, `.${name}.${randomUUID()}.part`)
    try {
      await writeFile(part, text, { mode: 0o600, flag: 'wx' })
      await rename(part, file)
    } finally {
      await rm(part, { force: true })
    }
  }

  async remove(name: string): Promise<void> {
    try {
      await rm(this.file(name))
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') throw this.missing(name)
      throw error
    }
  }

  /** The error of a name that is not there. */
  missing(name: string): MillraceError {
    const { noun, missing } = this.content
    return new MillraceError(missing, `The lake holds no ${noun} ${name}. See the list of ${noun}s.`)
  }

  private file(name: string): string {
    const read = fileName.safeParse(name)
    const { noun, ending } = this.content
    if (!read.success)
      throw new MillraceError('USAGE', `${name} is no name of a ${noun}: ${read.error.issues[0]?.message ?? ''}.`)
    return join(this.folder, name + ending)
  }
}

/** The names of the files in a folder that have an ending, sorted. */
export async function namesIn(folder: URL | string, ending: string): Promise<string[]> {
  const files = await readdir(folder).catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return []
    throw error
  })
  return files
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .filter((name) => fileName.safeParse(name).success)
    .toSorted()
}

/** The text of a file; undefined where there is none. */
export async function textOf(file: URL | string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined
    throw error
  }
}
