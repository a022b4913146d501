import type { DuckDBConnection } from '@duckdb/node-api'
import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { StoredTables } from '../catalog/stored-tables.ts'
import { identifier, literal } from '../engines/duckdb.ts'
import { MillraceError, messageOf } from '../errors.ts'
import type { LogType } from '../log-type/log-type.ts'
import { logTypeNamed, logTypes, recogniseType } from '../log-type/registry.ts'
import { jsonSources, parquetSources, planReading, redacted } from './engine-read.ts'
import type { KnownObject } from './history.ts'
import { type StoredCounts, insertRecords } from './records.ts'
import type { Segment } from './segment.ts'
import { unknownType } from './sniff.ts'
import type { Writer } from './writer.ts'

/** A Parquet file found damaged while its rows were being stored: the transaction must be given up. */
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

export function isDiskFull(error: unknown): boolean {
  return /no space left|disk is full|ENOSPC/i.test(messageOf(error))
}

/** Statements of one load transaction. The caller begins and commits. */
export class LoadTransaction {
  readonly loadId: number
  private readonly connection: DuckDBConnection
  private readonly spool: string
  private readonly redact: boolean
  /** To be published after the commit. */
  readonly tables: StoredTables

  constructor(connection: DuckDBConnection, writer: Writer, spool: string, redact: boolean) {
    this.connection = connection
    this.spool = spool
    this.redact = redact
    this.loadId = writer.nextLoadId()
    this.tables = new StoredTables(connection, writer.shapes)
  }

  /** Stores the rows of typed segments, except of these files. One statement a table. */
  async insertTyped(segments: readonly Segment[], excluded: readonly number[]): Promise<void> {
    for (const [table, group] of byTable(segments.filter((segment) => segment.form === 'typed'))) {
      const type = typeOf(table)
      const paths = group.flatMap((segment) => segment.rowsPath ?? [])
      if (paths.length > 0) {
        const filled = new Map(group.flatMap(({ present }) => present.map((name): [string, string[]] => [name, []])))
        for (const { enumValues } of group)
          for (const [name, values] of Object.entries(enumValues)) filled.get(name)?.push(...values)
        await this.tables.widen(type, filled)
        const columns = [...filled.keys()].map((name) => `${this.stored(type, name)} as ${identifier(name)}`)
        await this.connection.run(`
          insert into lake.${identifier(table)} by name
          select ${this.loadId}::bigint as _load_id, ${columns.join(', ')}
          from read_parquet([${paths.map(literal).join(', ')}]) ${except(excluded)}`)
      }
    }
  }

  /** Stores JSON records, and gives their counts by file. */
  async insertRaw(segments: readonly Segment[], excluded: readonly number[]): Promise<Map<number, StoredCounts>> {
    const counts = new Map<number, StoredCounts>()
    const raw = segments.filter((segment) => segment.form === 'raw')
    for (const [table, group] of byTable(raw)) {
      const type = typeOf(table)
      const paths = group.flatMap((segment) => segment.rowsPath ?? [])
      if (paths.length === 0) continue
      const { sources, structure, known } = jsonSources(type)
      const reading = planReading(type, sources, this.redact)
      const others = `list_filter(map_entries(try_cast(json as map(varchar, varchar))), lambda entry: entry.key not in (${known.map(literal).join(', ')}))`
      const relation = `
        select _file_id, _line, path_account_id, path_region, raw, json, from_json(json, ${literal(structure)}) as record,
          case when len(others) > 0 and len(list_distinct(json_keys(json))) = len(json_keys(json)) then map_from_entries(others) end as extra
        from (
          select *, ${others} as others
          from (
            select *, case when json_valid(raw) and json_type(raw) = 'OBJECT' then raw::json end as json
            from read_parquet([${paths.map(literal).join(', ')}]) ${except(excluded)}
          )
        )`
      const reason = `
        case
          when json is null then 'NOT_JSON: not a JSON object'
          when len(list_distinct(json_keys(json))) < len(json_keys(json)) then 'NOT_JSON: a key stands there twice'
          else ${reading.reason}
        end`
      const stored = await insertRecords(this.connection, this.tables, this.loadId, {
        type,
        relation,
        reading: { ...reading, reason },
        raw: this.redact ? redacted('raw') : 'raw',
      })
      for (const [fileId, count] of stored) counts.set(fileId, count)
    }
    return counts
  }

  /** Stores one Parquet file, and says of which type it is. */
  async insertParquet(
    file: { path: string; fileId: number; accountId: string | undefined; region: string | undefined },
    declared: LogType | undefined,
  ): Promise<{ type: LogType; counts: StoredCounts }> {
    const copy = join(this.spool, `object-${file.fileId}.parquet`)
    copyFileSync(file.path, copy)
    try {
      const described = await this.describe(copy, file.path)
      const seen = recogniseType({ form: 'parquet', columns: described.map((column) => column.name) })
      const type = declared ?? seen
      if (type === undefined || (declared !== undefined && seen !== undefined && seen !== declared))
        throw unknownType(file.path, declared, seen)
      const { sources, unknown } = parquetSources(type, described)
      const reading = planReading(type, sources, this.redact)
      const extras = unknown.map(
        ({ name }) => `struct_pack(key := ${literal(name)}, value := cast(${identifier(name)} as varchar))`,
      )
      const extra =
        extras.length === 0
          ? 'null::map(varchar, varchar)'
          : `case when coalesce(${unknown.map(({ name }) => `cast(${identifier(name)} as varchar)`).join(', ')}) is not null then map_from_entries(list_filter([${extras.join(', ')}], entry -> entry.value is not null)) end`
      const row = `to_json(struct_pack(${described.map(({ name }) => `${identifier(name)} := ${identifier(name)}`).join(', ')}))::varchar`
      const relation = `
        select *, ${file.fileId} as _file_id, file_row_number + 1 as _line, ${file.accountId === undefined ? 'null' : Number(file.accountId)}::bigint as path_account_id,
          ${file.region === undefined ? 'null' : literal(file.region)}::varchar as path_region, ${this.redact ? redacted(row) : row} as raw, ${extra} as extra
        from read_parquet(${literal(copy)}, file_row_number = true)`
      const counts = await insertRecords(this.connection, this.tables, this.loadId, {
        type,
        relation,
        reading,
        raw: 'substr(raw, 1, 65536)',
      }).catch((error: unknown) => {
        throw error instanceof MillraceError || isDiskFull(error) ? error : new PartlyStored(file.path, error)
      })
      return { type, counts: counts.get(file.fileId) ?? { rows: 0, rejects: 0 } }
    } finally {
      rmSync(copy, { force: true })
    }
  }

  /** Takes the rows of files out again; of a file whose table is not known, from every table. */
  async removeRows(files: readonly { readonly fileId: number; readonly tableName: string | null }[]): Promise<void> {
    if (files.length === 0) return
    const ids = files.map((file) => file.fileId).join(', ')
    const tables = new Set(
      files.flatMap(({ tableName }) => (tableName === null ? logTypes.map((type) => type.table) : [tableName])),
    )
    for (const table of tables)
      await this.connection.run(`delete from lake.${identifier(typeOf(table).table)} where _file_id in (${ids})`)
  }

  async removeRejects(fileIds: readonly number[]): Promise<void> {
    if (fileIds.length > 0)
      await this.connection.run(`delete from lake.rejects where file_id in (${fileIds.join(', ')})`)
  }

  /** Takes the rows of earlier versions out and marks their history. */
  async replace(files: readonly KnownObject[]): Promise<void> {
    if (files.length === 0) return
    await this.removeRows(files)
    await this.removeRejects(files.map((file) => file.fileId))
    await this.connection.run(
      `update lake.objects set status = 'replaced' where file_id in (${files.map((file) => file.fileId).join(', ')})`,
    )
  }

  /** Forgets earlier attempts that left no rows. */
  async retire(files: readonly KnownObject[]): Promise<void> {
    if (files.length === 0) return
    await this.removeRejects(files.map((file) => file.fileId))
    await this.connection.run(
      `delete from lake.objects where file_id in (${files.map((file) => file.fileId).join(', ')})`,
    )
  }

  private async describe(copy: string, path: string): Promise<{ name: string; type: string }[]> {
    try {
      const reader = await this.connection.runAndReadAll(`describe select * from read_parquet(${literal(copy)})`)
      return reader.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }))
    } catch (error) {
      // Even a failed look at the file has ended the engine's transaction.
      throw new PartlyStored(path, error)
    }
  }

  /** Stores the lines that kernels rejected, except of these files. */
  async insertRejects(segments: readonly Segment[], excluded: readonly number[]): Promise<void> {
    for (const [table, group] of byTable(segments)) {
      const paths = group.flatMap((segment) => segment.rejectsPath ?? [])
      if (paths.length === 0) continue
      await this.connection.run(`
        insert into lake.rejects by name
        select ${literal(table)} as table_name, _file_id as file_id, line, raw, raw_bytes, reason, ${this.loadId} as load_id
        from read_parquet([${paths.map(literal).join(', ')}]) ${except(excluded)}`)
    }
  }

  private stored(type: LogType, name: string): string {
    return name === 'extra' ? 'extra::json::map(varchar, varchar)' : this.tables.cast(type, name, identifier(name))
  }
}

function typeOf(table: string): LogType {
  const type = logTypeNamed(table)
  if (type === undefined) throw new MillraceError('INTERNAL', `There is no log type ${table}.`)
  return type
}

function byTable(segments: readonly Segment[]): Map<string, Segment[]> {
  const groups = new Map<string, Segment[]>()
  for (const segment of segments) groups.set(segment.table, [...(groups.get(segment.table) ?? []), segment])
  return groups
}

function except(excluded: readonly number[]): string {
  return excluded.length === 0 ? '' : `where _file_id not in (${excluded.join(', ')})`
}
