import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { existsSync, realpathSync, statSync } from 'node:fs'
import { MillraceError, messageOf } from '../errors.ts'

/** How the engine is opened. */
export interface EngineSettings {
  /** The database file. */
  readonly file: string
  /** Where the engine may write what does not fit in memory. */
  readonly spillDirectory: string
  /** Folders whose files statements may name; everything else outside the database is closed. */
  readonly allowedDirectories: readonly string[]
  /** For example `512MB`. It bounds the engine's own buffers, not the process. */
  readonly memoryLimit: string
  readonly threads: number
}

/** Unqualified names are the user's own first, then the built-in ones. */
const ownSchema = 'public'

/** An open database. DuckDB lets one process at a time open a file, and does not notice a second opening within a process. */
export interface Engine {
  /** A connection that resolves names in a schema (`public` where none is said), then `logs`. */
  connect(schema?: string): Promise<DuckDBConnection>
  close(): void
}

const openFiles = new Set<string>()

/** Text as a SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** A name as a SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/**
 * Opens the database and locks the engine down: no files but those allowed, no extensions, no further settings.
 * `prepare` runs before the lock, in the schema `main`.
 */
export async function openEngine(
  settings: EngineSettings,
  prepare: (connection: DuckDBConnection) => Promise<void>,
): Promise<Engine> {
  if (openFiles.has(settings.file)) throw busy(settings.file, undefined)
  openFiles.add(settings.file)
  const opened: { instance?: DuckDBInstance } = {}
  try {
    const options = {
      // The newest version: VARIANT and changes of struct columns need it, and dictionary compression is better.
      storage_compatibility_version: 'latest',
      preserve_insertion_order: 'false',
      memory_limit: settings.memoryLimit,
      threads: String(settings.threads),
      temp_directory: settings.spillDirectory,
      // What is read from files is the spool, and read once.
      enable_external_file_cache: 'false',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    }
    await foldLog(settings.file, options)
    const instance = await DuckDBInstance.create(settings.file, options)
    opened.instance = instance
    const connection = await instance.connect()
    await connection.run("set global timezone = 'UTC'")
    await prepare(connection)
    const allowed = settings.allowedDirectories.map((directory) => literal(realpathSync(directory))).join(', ')
    await connection.run(`set allowed_directories = [${allowed}]`)
    await connection.run('set enable_external_access = false')
    await connection.run('set lock_configuration = true')
    connection.closeSync()
    const connections = new Set<WeakRef<DuckDBConnection>>()
    return {
      connect: async (schema = ownSchema) => {
        const fresh = await instance.connect()
        await fresh.run(`set search_path = ${literal(`${identifier(schema)},logs`)}`)
        for (const known of connections) if (known.deref() === undefined) connections.delete(known)
        connections.add(new WeakRef(fresh))
        return fresh
      },
      close: () => {
        // The file stays open as long as any connection does.
        for (const known of connections) {
          known.deref()?.interrupt()
          known.deref()?.closeSync()
        }
        openFiles.delete(settings.file)
        instance.closeSync()
      },
    }
  } catch (error) {
    openFiles.delete(settings.file)
    opened.instance?.closeSync()
    throw openingError(settings.file, error)
  }
}

/**
 * Brings what a crash left in the write-ahead log of a database into its file. The engine cannot do so where the file is the first that it opens: there a change
 * of a table with a computed default finds no function, and the file would never open again (duckdb/duckdb#18259 and #20543, in 1.5). As a second one it can.
 */
export async function foldLog(file: string, options: Readonly<Record<string, string>> = {}): Promise<void> {
  const log = `${file}.wal`
  if (!existsSync(log) || statSync(log).size === 0) return
  const instance = await DuckDBInstance.create(':memory:', options)
  try {
    const connection = await instance.connect()
    await connection.run(`attach ${literal(file)} as folded`)
    await connection.run('checkpoint folded')
    connection.closeSync()
  } finally {
    instance.closeSync()
  }
}

/** Whether the engine failed because no space was left. */
export function isDiskFull(error: unknown): boolean {
  return /no space left|disk is full|ENOSPC/i.test(messageOf(error))
}

function busy(file: string, pid: string | undefined): MillraceError {
  const holder = pid === undefined ? 'this process' : `process ${pid}`
  return new MillraceError(
    'LAKE_BUSY',
    `The lake ${file} is open in ${holder}, and a lake has one writer. Stop that process, or start it with "millrace serve" so that commands go through it.`,
  )
}

function openingError(file: string, error: unknown): unknown {
  if (error instanceof MillraceError) return error
  const message = messageOf(error)
  const lock = /Could not set lock on file/.exec(message)
  if (lock !== null) return busy(file, /\(PID (\d+)\)/.exec(message)?.[1] ?? 'unknown')
  if (/not a valid DuckDB database|corrupt|checksum/i.test(message)) {
    return new MillraceError(
      'LAKE_DAMAGED',
      `${file} is damaged or no lake (${message.split('\n')[0]}). Restore a backup with "millrace restore".`,
      error,
    )
  }
  if (/newer version of DuckDB|storage version/i.test(message)) {
    return new MillraceError(
      'LAKE_NEWER',
      `${file} was written by a newer Millrace. Install that version or newer to open it.`,
      error,
    )
  }
  if (/memory_limit|thread|invalid/i.test(message) && /option|setting|parse|parameter|Parser/i.test(message)) {
    return new MillraceError(
      'SETTING_INVALID',
      `The lake's settings are not accepted by the engine: ${message.split('\n')[0]}. Correct settings.json, MILLRACE_MEMORY_LIMIT or MILLRACE_THREADS.`,
      error,
    )
  }
  return error
}
