import type { DuckDBConnection } from '@duckdb/node-api'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { LoadStatus } from '../api.ts'
import { literal } from '../engines/duckdb.ts'
import type { StageObject } from '../stages/stage.ts'
import { hash64 } from './hash64.ts'
import { writeRows } from './spool-rows.ts'

/** A row of load history, as far as planning needs it. */
export interface KnownObject {
  readonly fileId: number
  readonly tableName: string | null
  readonly status: LoadStatus
  readonly isSameVersion: boolean
  /** Of the error, where it failed. */
  readonly code: string | null
}

/** A row of load history to write. */
export interface HistoryRow {
  readonly file_id: number
  readonly table_name: string | null
  readonly uri: string
  readonly version: string
  readonly status: LoadStatus
  readonly lines: number
  readonly rows: number
  readonly rejects: number
  readonly skipped: number
  readonly bytes: number
  readonly code: string | null
  readonly error: string | null
  readonly format: string | null
}

const objectHash = (uri: string): bigint => hash64(uri)
const versionHash = (uri: string, version: string): bigint => hash64(`${uri}\0${version}`)

/**
 * What load history holds of these objects, by URI. History is searched by two 64-bit hashes alone, so that among ten million
 * objects only numbers are read (bench/RESULTS.md); together they are 128 bits of SHA-256.
 */
export async function lookUpHistory(
  connection: DuckDBConnection,
  spool: string,
  objects: readonly StageObject[],
  tables: readonly string[],
): Promise<Map<string, KnownObject[]>> {
  const path = join(spool, `lookup-${process.pid}-${performance.now()}.parquet`)
  writeRows(path, [
    { name: 'position', type: 'int32', values: [...objects.keys()] },
    { name: 'object_hash', type: 'int64', values: objects.map((object) => objectHash(object.uri)) },
  ])
  try {
    const reader = await connection.runAndReadAll(`
      select k.position, o.file_id, o.table_name, o.status::varchar, o.version_hash, o.code
      from lake.objects o join read_parquet(${literal(path)}) k on o.object_hash = k.object_hash
      where o.status <> 'replaced'`)
    const known = new Map<string, KnownObject[]>()
    for (const [position, fileId, tableName, status, hashed, code] of reader.getRows()) {
      const object = objects[Number(position)]
      const table = typeof tableName === 'string' ? tableName : null
      // An attempt that failed before its type was known belongs to every table.
      if (object === undefined || !isStatus(status) || (table !== null && !tables.includes(table))) continue
      const isSameVersion = hashed === versionHash(object.uri, object.version)
      const entry = {
        fileId: Number(fileId),
        tableName: table,
        status,
        isSameVersion,
        code: typeof code === 'string' ? code : null,
      }
      known.set(object.uri, [...(known.get(object.uri) ?? []), entry])
    }
    return known
  } finally {
    rmSync(path, { force: true })
  }
}

const statuses: readonly string[] = [
  'loaded',
  'partial',
  'empty',
  'failed',
  'changed',
  'replaced',
] satisfies LoadStatus[]

function isStatus(value: unknown): value is LoadStatus {
  return typeof value === 'string' && statuses.includes(value)
}

/** Writes history rows within the caller's transaction. What the pipe had given up of them and has loaded now is given up no longer. */
export async function insertHistory(
  connection: DuckDBConnection,
  spool: string,
  rows: readonly HistoryRow[],
  loadId: number,
  pipe: string | undefined,
): Promise<void> {
  if (rows.length === 0) return
  const path = join(spool, `history-${process.pid}-${loadId}.parquet`)
  writeRows(path, [
    { name: 'file_id', type: 'int32', values: rows.map((row) => row.file_id) },
    { name: 'table_name', type: 'text', values: rows.map((row) => row.table_name) },
    { name: 'uri', type: 'text', values: rows.map((row) => row.uri) },
    { name: 'version', type: 'text', values: rows.map((row) => row.version) },
    { name: 'object_hash', type: 'int64', values: rows.map((row) => objectHash(row.uri)) },
    { name: 'version_hash', type: 'int64', values: rows.map((row) => versionHash(row.uri, row.version)) },
    { name: 'status', type: 'text', values: rows.map((row) => row.status) },
    { name: 'lines', type: 'int64', values: rows.map((row) => row.lines) },
    { name: 'rows', type: 'int64', values: rows.map((row) => row.rows) },
    { name: 'rejects', type: 'int64', values: rows.map((row) => row.rejects) },
    { name: 'skipped', type: 'int64', values: rows.map((row) => row.skipped) },
    { name: 'bytes', type: 'int64', values: rows.map((row) => row.bytes) },
    { name: 'code', type: 'text', values: rows.map((row) => row.code) },
    { name: 'error', type: 'text', values: rows.map((row) => row.error) },
    { name: 'format', type: 'text', values: rows.map((row) => row.format) },
  ])
  try {
    await connection.run(`
      insert into lake.objects by name
      select *, ${loadId} as load_id, ${pipe === undefined ? 'null' : literal(pipe)} as pipe, current_localtimestamp() as loaded_at from read_parquet(${literal(path)})`)
    if (pipe !== undefined)
      await connection.run(`
        delete from lake.parked_objects
        where pipe = ${literal(pipe)} and uri in (select uri from read_parquet(${literal(path)}) where status in ('loaded', 'partial', 'empty'))`)
  } finally {
    rmSync(path, { force: true })
  }
}
