import type { DuckDBConnection } from '@duckdb/node-api'
import { copyFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { literal } from '../engines/duckdb.ts'
import { MillraceError, messageOf } from '../errors.ts'
import type { ParquetColumn } from './engine-read.ts'
import { readPart, type Source } from './file-bytes.ts'
import type { StoredCounts } from './records.ts'

/** A Parquet file to be stored. */
export interface ParquetFile {
  /** Its name in messages and history. */
  readonly uri: string
  readonly source: Source
  readonly fileId: number
  readonly size: number
  readonly version: string
  readonly modifiedMs: number
  readonly accountId: string | undefined
  readonly region: string | undefined
}

/** What became of a Parquet file: where its rows are and how many, or why nothing of it was stored. */
export type ParquetOutcome = { readonly table: string; readonly counts: StoredCounts } | { readonly error: unknown }

/** A file that the engine can read. */
export interface ReadableFile {
  readonly file: ParquetFile
  readonly copy: string
  readonly columns: readonly ParquetColumn[]
}

/** How files of one kind are stored. */
export interface GroupStore {
  /** What files must have in common with each other to be stored by one statement; throws where a file cannot be stored. */
  readonly judge: (file: ReadableFile) => string
  readonly store: (group: readonly ReadableFile[]) => Promise<ReadonlyMap<number, ParquetOutcome>>
}

/** Files that one statement reads: it costs as much to plan as thousands of rows to read. */
const MAX_GROUP_FILES = 200
const MAX_GROUP_BYTES = 256 << 20

/** A Parquet file found damaged when the transaction was under way: it must be given up, and its files tried one by one. */
export class PartlyStored extends MillraceError {
  constructor(path: string, cause: unknown) {
    const what = messageOf(cause).split('\n')[0] ?? ''
    super(
      'FILE_CORRUPT',
      `${path} is damaged: its Parquet data cannot be read (${what}). Nothing of it was loaded.`,
      cause,
    )
  }
}

/** Stores Parquet files within the caller's transaction, those that are alike together. The engine can open files in the spool alone, so they are copied. */
export async function storeInGroups(
  connection: DuckDBConnection,
  spool: string,
  files: readonly ParquetFile[],
  { judge, store }: GroupStore,
): Promise<ReadonlyMap<number, ParquetOutcome>> {
  const outcomes = new Map<number, ParquetOutcome>()
  let group: Judged[] = []
  const finish = async (): Promise<void> => {
    const taken = group
    group = []
    try {
      for (const [fileId, outcome] of await store(taken)) outcomes.set(fileId, outcome)
    } finally {
      for (const { copy } of taken) rmSync(copy, { force: true })
    }
  }
  try {
    for (const file of files) {
      const readable = await readableCopy(connection, spool, file, judge).catch((error: unknown) => {
        if (error instanceof PartlyStored) throw error
        outcomes.set(file.fileId, { error })
      })
      if (readable === undefined) continue
      if (group.length > 0 && (readable.signature !== group[0]?.signature || !hasRoom(group, file))) await finish()
      group.push(readable)
    }
    if (group.length > 0) await finish()
  } finally {
    for (const { copy } of group) rmSync(copy, { force: true })
  }
  return outcomes
}

interface Judged extends ReadableFile {
  readonly signature: string
}

async function readableCopy(
  connection: DuckDBConnection,
  spool: string,
  file: ParquetFile,
  judge: GroupStore['judge'],
): Promise<Judged> {
  const copy = join(spool, `object-${file.fileId}.parquet`)
  try {
    copyOut(file.source, copy)
    const readable = { file, copy, columns: await describe(connection, copy, file.uri) }
    return { ...readable, signature: judge(readable) }
  } catch (error) {
    rmSync(copy, { force: true })
    throw error
  }
}

async function describe(connection: DuckDBConnection, copy: string, path: string): Promise<ParquetColumn[]> {
  try {
    const reader = await connection.runAndReadAll(
      `describe select * from read_parquet(${literal(copy)}, binary_as_string = true)`,
    )
    return reader.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }))
  } catch (error) {
    // Even a failed look at the file has ended the engine's transaction.
    throw new PartlyStored(path, error)
  }
}

/** A copy in which the object stands alone. */
function copyOut({ path, offset, size, modifiedMs }: Source, target: string): void {
  if (modifiedMs !== undefined) copyFileSync(path, target)
  else writeFileSync(target, readPart(path, offset, size))
}

function hasRoom(group: readonly ReadableFile[], { size }: ParquetFile): boolean {
  return group.length < MAX_GROUP_FILES && group.reduce((sum, { file }) => sum + file.size, size) <= MAX_GROUP_BYTES
}
