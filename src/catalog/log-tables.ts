import type { DuckDBConnection } from '@duckdb/node-api'
import { hash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { identifier, literal } from '../engines/duckdb.ts'
import { awsRegions } from '../log-type/aws-regions.ts'
import type { Column, LogType } from '../log-type/log-type.ts'
import { programFolder } from '../program.ts'

const functionsFolder = new URL('functions/', programFolder)

/** A column of a stored table and how views show it. */
export interface StoredColumn {
  readonly name: string
  /** SQL type; of an enum, how views show it. */
  readonly type: string
  /** Values an enum begins with; undefined for every other type. */
  readonly values: readonly string[] | undefined
  /** Expression of the view. */
  readonly shown: string
  /** How the engine is told to pack it; undefined to let it choose. */
  readonly compression?: 'zstd'
}

/** What every row carries, hidden by views. `_load_id` rises with every commit: streams read ranges of it. */
const bookkeeping = '_load_id bigint not null, _file_id integer not null, _line bigint not null'

const sqlTypes = {
  text: 'varchar',
  tag: 'varchar',
  address: 'varchar',
  enum: 'varchar',
  uri: 'varchar',
  integer: 'integer',
  bigint: 'bigint',
  epoch: 'timestamp',
  'clf-time': 'timestamp',
} as const

function storedColumn(type: LogType, column: Column): StoredColumn {
  const name = identifier(column.name)
  const values = column.kind === 'enum' ? (column.values ?? []) : undefined
  // An enum is stored for speed and shown as text: what it compares with need not be one of its values.
  const shown = type.viewExpressions?.[column.name] ?? (values === undefined ? name : `${name}::varchar`)
  const stored = { name: column.name, type: sqlTypes[column.kind], values, shown }
  // The engine's own choice, a dictionary, takes four times as long where nearly every value differs, and more space.
  return column.distinct === true ? { ...stored, compression: 'zstd' } : stored
}

/** The columns that a log type's table in schema `lake` can have, besides the bookkeeping ones. */
export function storedColumns(type: LogType): readonly StoredColumn[] {
  return [
    ...type.columns.map((column) => storedColumn(type, column)),
    { name: 'extra', type: 'map(varchar, varchar)', values: undefined, shown: 'extra' },
    // As a number it loads faster than text by a tenth of all work on default-format flow logs.
    {
      name: 'path_account_id',
      type: 'bigint',
      values: undefined,
      shown: "lpad(path_account_id::varchar, 12, '0')",
    },
    { name: 'path_region', type: 'varchar', values: awsRegions, shown: 'path_region::varchar' },
  ]
}

/**
 * The view that people read: every column of the log type, NULL where the table has no such column yet. A column that nothing ever
 * filled is not stored: forty of them take longer to write than the fourteen of a default flow log record.
 */
export async function createView(
  connection: DuckDBConnection,
  type: LogType,
  stored: { has(column: string): boolean },
): Promise<void> {
  await connection.run(viewSql(type, stored))
  await connection.run(
    `create or replace view lake.${identifier(rowsView(type.table))} as ${selectSql(type, stored, ['_load_id', '_file_id', '_line'])}`,
  )
}

/** The view in schema `lake` of a built-in table's rows as people see them, with what they carry besides: streams read it. */
export function rowsView(table: string): string {
  return `${table} rows`
}

function viewSql(type: LogType, stored: { has(column: string): boolean }): string {
  return `create or replace view logs.${identifier(type.table)} as ${selectSql(type, stored, [])}`
}

function selectSql(type: LogType, stored: { has(column: string): boolean }, besides: readonly string[]): string {
  const columns = storedColumns(type)
  const absent = columns.filter(({ name }) => !stored.has(name))
  const shown = [
    ...besides.map((name) => ({ name, sql: name })),
    ...columns.map((column) => ({ name: column.name, sql: column.shown })),
    ...(type.derived ?? []).map(({ name, sql }) => ({ name, sql })),
  ]
  return `
    select ${shown.map(({ name, sql }) => `${sql} as ${identifier(name)}`).join(', ')}
    from (select ${['*', ...absent.map((column) => `null::${column.type} as ${identifier(column.name)}`)].join(', ')} from lake.${identifier(type.table)})`
}

/**
 * Creates tables, functions and views of the log types, so that they are of this Millrace. A lake that has them from the same text is left
 * as it is: they take longer to make than the rest of opening it.
 */
export async function createLogTables(connection: DuckDBConnection, types: readonly LogType[]): Promise<void> {
  const functions = functionTexts()
  const fingerprint = fingerprintOf(functions, types)
  await connection.run('create table if not exists main.made_from (fingerprint varchar not null)')
  const made = await connection.runAndReadAll('select fingerprint from main.made_from')
  if (made.getRows()[0]?.[0] === fingerprint) return
  await connection.run('begin')
  for (const type of types)
    await connection.run(`create table if not exists lake.${identifier(type.table)} (${bookkeeping})`)
  for (const text of functions) await connection.run(text)
  for (const type of types) {
    const empty = await connection.runAndReadAll(`select * from lake.${identifier(type.table)} limit 0`)
    const stored = new Set(empty.columnNames())
    await createView(connection, type, stored)
    for (const view of type.views ?? [])
      await connection.run(`create or replace view logs.${identifier(view.name)} as ${view.sql}`)
  }
  await connection.run('delete from main.made_from')
  await connection.run(`insert into main.made_from values (${literal(fingerprint)})`)
  await connection.run('commit')
}

/** The SQL functions of `src/functions/`, one file an idea. */
function functionTexts(): string[] {
  return readdirSync(functionsFolder)
    .filter((name) => name.endsWith('.sql'))
    .toSorted()
    .map((name) => readFileSync(new URL(name, functionsFolder), 'utf8'))
}

/** Another one where anything that would be made is another. */
function fingerprintOf(functions: readonly string[], types: readonly LogType[]): string {
  const views = types.flatMap((type) => [viewSql(type, new Set()), ...(type.views ?? []).map(({ sql }) => sql)])
  return hash('sha256', JSON.stringify([functions, views]))
}

/** The names of these functions, which are all that schema `logs` has. */
export function builtInFunctions(): ReadonlySet<string> {
  return new Set(
    functionTexts().flatMap((text) => [...text.matchAll(/macro logs\.(\w+)/g)].map(([, name = '']) => name)),
  )
}
