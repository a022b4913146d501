import type { DuckDBConnection } from '@duckdb/node-api'
import { copyFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StoredTables } from '../catalog/stored-tables.ts'
import { identifier, isDiskFull, literal } from '../engines/duckdb.ts'
import { MillraceError, messageOf } from '../errors.ts'
import type { LogType } from '../log-type/log-type.ts'
import { recogniseType } from '../log-type/registry.ts'
import { type ParquetColumn, parquetSources, planReading, redacted } from './engine-read.ts'
import { readPart, type Source } from './file-bytes.ts'
import { type StoredCounts, insertRecords } from './records.ts'
import { unknownType } from './sniff.ts'

/** A Parquet file to be stored. */
export interface ParquetFile {
  /** Its name in messages and history. */
  readonly uri: string
  readonly source: Source
  readonly fileId: number
  readonly size: number
  readonly accountId: string | undefined
  readonly region: string | undefined
}

/** What became of a Parquet file: its type and counts, or why nothing of it was stored. */
export type ParquetOutcome = { readonly type: LogType; readonly counts: StoredCounts } | { readonly error: unknown }

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

/** Stores Parquet files within the caller's transaction. */
export class ParquetStore {
  private readonly connection: DuckDBConnection
  private readonly tables: StoredTables
  private readonly loadId: number
  private readonly spool: string
  private readonly redact: boolean

  constructor(connection: DuckDBConnection, tables: StoredTables, loadId: number, spool: string, redact: boolean) {
    this.connection = connection
    this.tables = tables
    this.loadId = loadId
    this.spool = spool
    this.redact = redact
  }

  /** Stores files, those of the same columns together. */
  async store(
    files: readonly ParquetFile[],
    declared: LogType | undefined,
  ): Promise<ReadonlyMap<number, ParquetOutcome>> {
    const outcomes = new Map<number, ParquetOutcome>()
    let group: Described[] = []
    const finish = async (): Promise<void> => {
      const taken = group
      group = []
      try {
        for (const [fileId, outcome] of await this.storeAlike(taken)) outcomes.set(fileId, outcome)
      } finally {
        for (const { copy } of taken) rmSync(copy, { force: true })
      }
    }
    try {
      for (const file of files) {
        const described = await this.copyAndDescribe(file, declared).catch((error: unknown) => {
          if (error instanceof PartlyStored) throw error
          outcomes.set(file.fileId, { error })
        })
        if (described === undefined) continue
        if (group.length > 0 && !fits(group, described)) await finish()
        group.push(described)
      }
      if (group.length > 0) await finish()
    } finally {
      for (const { copy } of group) rmSync(copy, { force: true })
    }
    return outcomes
  }

  /** The engine can open files in the spool alone. */
  private async copyAndDescribe(file: ParquetFile, declared: LogType | undefined): Promise<Described> {
    const copy = join(this.spool, `object-${file.fileId}.parquet`)
    try {
      copyOut(file.source, copy)
      const columns = await this.describe(copy, file.uri)
      const seen = recogniseType({ form: 'parquet', columns: columns.map((column) => column.name) })
      const type = declared ?? seen
      if (type === undefined || (declared !== undefined && seen !== undefined && seen !== declared))
        throw unknownType(file.uri, declared, seen)
      return { file, copy, columns, type, signature: JSON.stringify([type.table, columns]) }
    } catch (error) {
      rmSync(copy, { force: true })
      throw error
    }
  }

  private async describe(copy: string, path: string): Promise<ParquetColumn[]> {
    try {
      const reader = await this.connection.runAndReadAll(`describe select * from read_parquet(${literal(copy)})`)
      return reader.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }))
    } catch (error) {
      // Even a failed look at the file has ended the engine's transaction.
      throw new PartlyStored(path, error)
    }
  }

  private async storeAlike(group: readonly Described[]): Promise<ReadonlyMap<number, ParquetOutcome>> {
    const [first] = group
    if (first === undefined) return new Map()
    const { type, columns } = first
    const { sources, unknown } = parquetSources(type, columns)
    const row = `to_json(struct_pack(${columns.map(({ name }) => `${identifier(name)} := ${identifier(name)}`).join(', ')}))::varchar`
    const objects = group.map(
      ({ copy, file }) =>
        `(${literal(copy)}, ${file.fileId}, ${file.accountId === undefined ? 'null' : Number(file.accountId)}::bigint, ${file.region === undefined ? 'null' : literal(file.region)}::varchar)`,
    )
    const counts = await insertRecords(this.connection, this.tables, this.loadId, {
      type,
      relation: `
        select r.*, o.file_id as _file_id, r.file_row_number + 1 as _line, o.account_id as path_account_id, o.region as path_region, ${extraOf(unknown)} as extra
        from read_parquet([${group.map(({ copy }) => literal(copy)).join(', ')}], file_row_number = true, filename = '_object_path') r
        join (values ${objects.join(', ')}) o(path, file_id, account_id, region) on r._object_path = o.path`,
      reading: planReading(type, sources, this.redact),
      raw: this.redact ? redacted(row) : row,
    }).catch((error: unknown) => {
      throw error instanceof MillraceError || isDiskFull(error) ? error : new PartlyStored(first.file.uri, error)
    })
    return new Map(
      group.map(({ file }) => [file.fileId, { type, counts: counts.get(file.fileId) ?? { rows: 0, rejects: 0 } }]),
    )
  }
}

/** A copy in which the object stands alone. */
function copyOut({ path, offset, size, modifiedMs }: Source, target: string): void {
  if (modifiedMs !== undefined) copyFileSync(path, target)
  else writeFileSync(target, readPart(path, offset, size))
}

interface Described {
  readonly file: ParquetFile
  readonly copy: string
  readonly columns: readonly ParquetColumn[]
  readonly type: LogType
  /** Alike for files that one statement can read. */
  readonly signature: string
}

function fits(group: readonly Described[], { signature, file }: Described): boolean {
  return (
    group[0]?.signature === signature &&
    group.length < MAX_GROUP_FILES &&
    group.reduce((sum, one) => sum + one.file.size, file.size) <= MAX_GROUP_BYTES
  )
}

/** Columns that the type does not know, where they have a value. */
function extraOf(unknown: readonly ParquetColumn[]): string {
  if (unknown.length === 0) return 'null::map(varchar, varchar)'
  const texts = unknown.map(({ name }) => `cast(r.${identifier(name)} as varchar)`)
  const entries = unknown.map(
    ({ name }, index) => `struct_pack(key := ${literal(name)}, value := ${texts[index] ?? ''})`,
  )
  return `case when coalesce(${texts.join(', ')}) is not null then map_from_entries(list_filter([${entries.join(', ')}], lambda entry: entry.value is not null)) end`
}
