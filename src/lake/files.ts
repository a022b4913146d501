import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { MillraceError, messageOf } from '../errors.ts'

/** Where things lie in a lake's directory. */
export interface LakeFiles {
  readonly directory: string
  readonly database: string
  readonly settings: string
  /** Parsed segments on their way into the database; emptied at every open. */
  readonly spool: string
  /** What the engine does not hold in memory. */
  readonly spill: string
}

export function lakeFiles(directory: string): LakeFiles {
  const root = resolve(directory)
  return {
    directory: root,
    database: join(root, 'millrace.duckdb'),
    settings: join(root, 'settings.json'),
    spool: join(root, 'spool'),
    spill: join(root, 'spill'),
  }
}

/** Makes the directory, for its owner alone. Without `create` there must be a lake already. */
export function prepareDirectory(files: LakeFiles, create: boolean): void {
  if (existsSync(files.directory) && !statSync(files.directory).isDirectory())
    throw new MillraceError('NOT_A_LAKE', `${files.directory} is a file. Name a directory with --lake.`)
  if (!existsSync(files.database)) {
    if (!create)
      throw new MillraceError(
        'NOT_A_LAKE',
        `There is no lake in ${files.directory}. Load something into it first ("millrace load"), or name another with --lake.`,
      )
    if (existsSync(files.directory) && readdirSync(files.directory).some((name) => !isOurs(name))) {
      throw new MillraceError(
        'NOT_A_LAKE',
        `${files.directory} holds other files and no lake. Name an empty or new directory with --lake.`,
      )
    }
  }
  try {
    mkdirSync(files.directory, { recursive: true, mode: 0o700 })
    chmodSync(files.directory, 0o700)
    for (const folder of [files.spool, files.spill]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new MillraceError(
      'NOT_A_LAKE',
      `The lake's directory ${files.directory} cannot be made (${messageOf(error)}). Name another with --lake.`,
      error,
    )
  }
}

function isOurs(name: string): boolean {
  return ['settings.json', 'spool', 'spill', 'samples', 'dashboards', 'worksheets', 'server.json'].includes(name)
}

/** Deletes what a crash left in the spool: its objects are read again. Only the process that holds the database may. */
export function emptySpool(files: LakeFiles): void {
  for (const name of readdirSync(files.spool)) rmSync(join(files.spool, name), { recursive: true, force: true })
}
