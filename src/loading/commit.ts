import type { DuckDBConnection } from '@duckdb/node-api'
import { StoredTables } from '../catalog/stored-tables.ts'
import { noteWritten } from '../catalog/table-changes.ts'
import { storedName } from '../catalog/user-tables.ts'
import { identifier, literal } from '../engines/duckdb.ts'
import { MillraceError } from '../errors.ts'
import type { LogType } from '../log-type/log-type.ts'
import { logTypeNamed, logTypes } from '../log-type/registry.ts'
import { jsonSources, planReading, redacted } from './engine-read.ts'
import type { CopiedFile } from './copy-columns.ts'
import { copyFiles } from './copy-files.ts'
import { copySegments } from './copy-segments.ts'
import type { CopyStoreOptions, WhenWidened } from './copy-store.ts'
import type { CopyTarget } from './copy-target.ts'
import { EventStore, removeEvents } from './event-store.ts'
import type { KnownObject } from './history.ts'
import { ParquetStore } from './parquet-files.ts'
import type { ParquetFile, ParquetOutcome } from './parquet-groups.ts'
import { type StoredCounts, insertRecords } from './records.ts'
import type { Segment } from './segment.ts'
import type { Writer } from './writer.ts'

interface LoadOptions {
  readonly spool: string
  readonly redact: boolean
  readonly whenWidened?: WhenWidened | undefined
}

/** Statements of one load transaction. The caller begins and commits. */
export class LoadTransaction {
  readonly loadId: number
  private readonly connection: DuckDBConnection
  private readonly spool: string
  private readonly redact: boolean
  /** To be published after the commit. */
  readonly tables: StoredTables
  readonly events: EventStore

  private readonly whenWidened: WhenWidened
  private notesPlaces = false
  private readonly noted = new Set<string>()

  constructor(
    connection: DuckDBConnection,
    writer: Writer,
    { spool, redact, whenWidened = async () => undefined }: LoadOptions,
  ) {
    this.connection = connection
    // The views of log types show all their columns at all times: what a table of theirs has room for is not of the catalog.
    this.whenWidened = async (widened) => {
      writer.changesCatalog()
      await whenWidened(widened)
    }
    this.spool = spool
    this.redact = redact
    this.loadId = writer.nextLoadId()
    this.tables = new StoredTables(connection, writer.shapes)
    this.events = new EventStore(connection)
  }

  /** From now on it is kept where in their files rejects of tables of scripts are: in `temp.reject_places`, until the transaction ends. */
  async notePlaces(): Promise<void> {
    this.notesPlaces = true
    await this.connection.run(
      'create or replace temp table reject_places (file_id integer, record bigint, row_line bigint, error_line bigint, character bigint, byte_offset bigint, reason varchar)',
    )
  }

  /** Streams of a table learn of its new rows from this. */
  private async noteRows(table: string): Promise<void> {
    if (this.noted.has(table)) return
    this.noted.add(table)
    await noteWritten(this.connection, table, this.loadId, { inserted: true, changed: false })
  }

  /** Stores the rows of typed segments, except of these files. One statement a table. */
  async insertTyped(segments: readonly Segment[], excluded: readonly number[]): Promise<void> {
    for (const [table, group] of byTable(segments.filter((segment) => segment.form === 'typed'))) {
      const type = typeOf(table)
      const paths = group.flatMap((segment) => segment.rowsPath ?? [])
      if (paths.length > 0) {
        await this.noteRows(table)
        const filled = new Map(group.flatMap(({ present }) => present.map((name): [string, string[]] => [name, []])))
        for (const { enumValues } of group)
          for (const [name, values] of Object.entries(enumValues)) filled.get(name)?.push(...values)
        await this.tables.widen(type, filled)
        const news = await this.events.newLines(paths, '_line', 'rows')
        const columns = [...filled.keys()].map((name) => `${this.stored(type, name)} as ${identifier(name)}`)
        await this.connection.run(`
          insert into lake.${identifier(table)} by name
          select ${this.loadId}::bigint as _load_id, ${columns.join(', ')}
          from read_parquet([${paths.map(literal).join(', ')}]) ${except(excluded, news)}`)
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
      await this.noteRows(table)
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

  /** Stores Parquet files, and says what became of each. */
  async insertParquet(
    files: readonly ParquetFile[],
    declared: LogType | undefined,
  ): Promise<ReadonlyMap<number, ParquetOutcome>> {
    const store = new ParquetStore(this.connection, this.tables, this.loadId, this.spool, this.redact)
    const outcomes = await store.store(files, declared)
    for (const outcome of outcomes.values()) if ('table' in outcome) await this.noteRows(outcome.table)
    return outcomes
  }

  /** Stores files in a table that a script made, and says what became of each. */
  async copyFiles(files: readonly ParquetFile[], target: CopyTarget): Promise<ReadonlyMap<number, ParquetOutcome>> {
    if (files.length > 0) await this.noteRows(storedName(target.table))
    return copyFiles(this.copyOptions, files, target)
  }

  /** Stores spooled records in a table that a script made, except those of some files; their counts by file. */
  async copyRecords(
    segments: readonly Segment[],
    excluded: readonly number[],
    files: readonly CopiedFile[],
    target: CopyTarget | undefined,
  ): Promise<Map<number, StoredCounts>> {
    const records = segments.filter((segment) => segment.form === 'records')
    if (target === undefined) return new Map()
    if (records.length > 0) await this.noteRows(storedName(target.table))
    return copySegments(this.copyOptions, records, excluded, files, target)
  }

  /** Takes the rows of files out again; of a file whose table is not known, from every table. */
  async removeRows(files: readonly { readonly fileId: number; readonly tableName: string | null }[]): Promise<void> {
    if (files.length === 0) return
    const ids = files.map((file) => file.fileId).join(', ')
    const tables = new Set(
      files.flatMap(({ tableName }) => (tableName === null ? logTypes.map((type) => type.table) : [tableName])),
    )
    for (const table of tables)
      await this.connection.run(`delete from lake.${identifier(table)} where _file_id in (${ids})`)
  }

  async removeRejects(fileIds: readonly number[]): Promise<void> {
    if (fileIds.length > 0)
      await this.connection.run(`delete from lake.rejects where file_id in (${fileIds.join(', ')})`)
  }

  /** The first reject of a file, as far as rejects are stored. */
  async firstReject(fileId: number): Promise<{ readonly line: number; readonly reason: string } | undefined> {
    const reader = await this.connection.runAndReadAll(
      `select line, reason from lake.rejects where file_id = ${fileId} order by line limit 1`,
    )
    const [row] = reader.getRows()
    return row === undefined ? undefined : { line: Number(row[0]), reason: String(row[1]) }
  }

  /** Takes the rows of earlier versions out and marks their history. */
  async replace(files: readonly KnownObject[]): Promise<void> {
    if (files.length === 0) return
    await this.removeRows(files)
    await this.removeRejects(files.map((file) => file.fileId))
    await removeEvents(
      this.connection,
      files.map((file) => file.fileId),
    )
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

  /** Stores the lines that kernels rejected, except of these files. */
  async insertRejects(segments: readonly Segment[], excluded: readonly number[]): Promise<void> {
    for (const [table, group] of byTable(segments)) {
      const paths = group.flatMap((segment) => segment.rejectsPath ?? [])
      if (paths.length === 0) continue
      const news = await this.events.newLines(paths, 'line', 'rejects')
      await this.connection.run(`
        insert into lake.rejects by name
        select ${literal(table)} as table_name, _file_id as file_id, line, raw, raw_bytes, reason, ${this.loadId} as load_id
        from read_parquet([${paths.map(literal).join(', ')}]) ${except(excluded, news)}`)
      if (this.notesPlaces && group.every(({ form }) => form === 'records'))
        await this.connection.run(`
          insert into temp.reject_places
          select _file_id, record, line, error_line, character, byte_offset, reason
          from read_parquet([${paths.map(literal).join(', ')}]) ${except(excluded)}`)
    }
  }

  private get copyOptions(): CopyStoreOptions {
    const { connection, loadId, spool, whenWidened, notesPlaces } = this
    return { connection, loadId, spool, whenWidened, notesPlaces }
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

function except(excluded: readonly number[], condition = ''): string {
  const kept = excluded.length === 0 ? '' : `_file_id not in (${excluded.join(', ')})`
  const conditions = [kept, condition].filter((one) => one !== '')
  return conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`
}
