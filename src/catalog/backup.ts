import { DuckDBInstance } from '@duckdb/node-api'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  constants,
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import type { BackupSummary } from '../api.ts'
import { foldLog } from '../engines/duckdb.ts'
import type { LakeFiles } from '../lake/files.ts'
import { MillraceError, messageOf } from '../errors.ts'

const manifestSchema = z.object({
  millrace_backup: z.literal(1),
  created_at: z.string(),
  files: z.number(),
  rows: z.number(),
  bytes: z.number(),
  sha256: z.string(),
})
const DATABASE = 'millrace.duckdb'

/** Copies database and write-ahead log. Nothing may write to the lake meanwhile: the pair is then what a crash would leave, and opens as such. */
export function copyDatabase(files: LakeFiles, directory: string): void {
  if (existsSync(directory) && readdirSync(directory).length > 0) {
    throw new MillraceError('USAGE', `${directory} is not empty. Name an empty or new directory for the backup.`)
  }
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  copyElsewhere(files.database, join(directory, DATABASE))
  if (existsSync(`${files.database}.wal`)) copyElsewhere(`${files.database}.wal`, join(directory, `${DATABASE}.wal`))
  if (existsSync(files.settings)) copyFileSync(files.settings, join(directory, 'settings.json'))
}

/** Copies in another process: to close any descriptor of the database in this one would give up its lock on it (POSIX fcntl). */
function copyElsewhere(from: string, to: string): void {
  const copy =
    "const [from, to] = process.argv.slice(1); require('node:fs').copyFileSync(from, to, require('node:fs').constants.COPYFILE_FICLONE)"
  execFileSync(process.execPath, ['-e', copy, from, to], { stdio: ['ignore', 'ignore', 'inherit'] })
}

/** Opens the copy, which folds its log into it, counts what it holds, and writes the manifest that makes it a backup. */
export async function sealBackup(directory: string, now: Date): Promise<BackupSummary> {
  const database = join(directory, DATABASE)
  const counts = await countObjects(database)
  const bytes = statSync(database).size
  const manifest: z.infer<typeof manifestSchema> = {
    millrace_backup: 1,
    created_at: now.toISOString(),
    ...counts,
    bytes,
    sha256: await sha256Of(database),
  }
  writeFileSync(join(directory, 'backup.json'), JSON.stringify(manifest), { mode: 0o600 })
  return { directory, bytes, ...counts }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}

async function countObjects(database: string): Promise<{ files: number; rows: number }> {
  await foldLog(database)
  const instance = await DuckDBInstance.create(database)
  try {
    const connection = await instance.connect()
    const reader = await connection.runAndReadAll(
      "select count(*), coalesce(sum(rows), 0)::bigint from lake.objects where status in ('loaded', 'partial', 'empty')",
    )
    const [files, rows] = reader.getRows()[0] ?? [0, 0]
    await connection.run('checkpoint')
    connection.closeSync()
    return { files: Number(files), rows: Number(rows) }
  } finally {
    instance.closeSync()
  }
}

/** Checks that a directory holds a whole backup; what it says it holds. */
export async function checkBackup(directory: string): Promise<{ files: number; rows: number }> {
  const manifest = join(directory, 'backup.json')
  try {
    const said = manifestSchema.parse(JSON.parse(readFileSync(manifest, 'utf8')))
    const database = join(directory, DATABASE)
    const { size } = statSync(database)
    if (size !== said.bytes) throw new Error(`its database has ${size} bytes and should have ${said.bytes}`)
    if ((await sha256Of(database)) !== said.sha256) throw new Error('its database is not what was backed up')
    return { files: said.files, rows: said.rows }
  } catch (error) {
    throw new MillraceError(
      'BACKUP_INVALID',
      `${directory} holds no whole backup (${messageOf(error).split('\n')[0] ?? ''}). Name a directory made by "millrace backup".`,
      error,
    )
  }
}

/** Puts the backup's database in the lake's place; the lake must be closed. Returns where the earlier one lies. */
export function swapDatabase(files: LakeFiles, backup: string, now: Date): string {
  const previous = join(files.directory, `before-restore-${now.toISOString().replaceAll(':', '-')}`)
  mkdirSync(previous, { mode: 0o700 })
  const incoming = `${files.database}.incoming`
  copyFileSync(join(backup, DATABASE), incoming, constants.COPYFILE_FICLONE)
  for (const suffix of ['.wal', '']) {
    if (existsSync(`${files.database}${suffix}`))
      renameSync(`${files.database}${suffix}`, join(previous, `${DATABASE}${suffix}`))
  }
  // The commit point: until this rename the lake is the earlier one, kept in `previous`.
  renameSync(incoming, files.database)
  rmSync(incoming, { force: true })
  return previous
}
