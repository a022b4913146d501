import { randomUUID } from 'node:crypto'
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ErrorCode, MillraceError, systemCodeOf } from '../errors.ts'
import { fileName } from './file-name.ts'
import type { Origin } from './origin.ts'

const maxBytes = 1024 * 1024

/** What a folder holds, as its messages and errors name it. */
export interface FolderContent {
  /** One of what is in it, such as `dashboard`. */
  readonly noun: string
  /** Ending of its files, such as `.yaml`. */
  readonly ending: string
  /** Those that come with Millrace: a folder of its own, which nobody writes to. */
  readonly builtIn: URL
  readonly missing: ErrorCode
}

/** Small text files that people name, each written as a whole: those of a folder, before those that come with Millrace. */
export class TextFolder {
  private readonly folder: string
  private readonly content: FolderContent

  constructor(folder: string, content: FolderContent) {
    this.folder = folder
    this.content = content
  }

  /** The names there are, sorted: the built-in ones first. */
  async names(): Promise<{ name: string; isBuiltIn: boolean }[]> {
    const { builtIn, ending } = this.content
    const [shipped, own] = await Promise.all([namesIn(builtIn, ending), namesIn(this.folder, ending)])
    return [
      ...shipped.map((name) => ({ name, isBuiltIn: true })),
      ...own.filter((name) => !shipped.includes(name)).map((name) => ({ name, isBuiltIn: false })),
    ]
  }

  /** The text of a name, from the folder if it is there. Fails where there is none. */
  async read(name: string): Promise<{ text: string; origin: Origin }> {
    const own = await textOf(this.file(name))
    const shipped = await textOf(new URL(name + this.content.ending, this.content.builtIn))
    const text = own ?? shipped
    if (text === undefined) throw this.missing(name)
    const changedOrOwn = shipped === undefined ? 'lake' : 'changed'
    return { text, origin: own === undefined ? 'built-in' : changedOrOwn }
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

  private missing(name: string): MillraceError {
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
async function namesIn(folder: URL | string, ending: string): Promise<string[]> {
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
async function textOf(file: URL | string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined
    throw error
  }
}
