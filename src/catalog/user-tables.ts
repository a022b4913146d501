import type { DuckDBConnection } from '@duckdb/node-api'
import { identifier, literal } from '../engines/duckdb.ts'
import { type VariantFields, readVariantFields } from './variant.ts'

/** A column of a table that a script made. */
export interface UserColumn {
  readonly name: string
  /** As the catalog holds it, unquoted ones in upper case: what CASE_SENSITIVE looks for in files. */
  readonly exactName: string
  /** The engine's; undefined for VARIANT, whose type grows with what is loaded. */
  readonly type: string | undefined
  /** The characters of a text at most, where the table says it. */
  readonly length?: number | undefined
  readonly notNull: boolean
  /** The engine's expression behind DEFAULT. */
  readonly default: string | undefined
}

/** A table that a script made: rows are stored in schema `lake` under schema and name; people read a view of the table's own name. */
export interface UserTable {
  /** The schema of the engine: `public`, `log_analysis.public`. */
  readonly schema: string
  readonly name: string
}

/**
 * What every row carries, hidden by the view. `_load_id` is the commit that wrote it as it is, and rises with every commit: streams read ranges of it.
 * `_row_id` stays the same when the row is updated, and `_is_updated` says that it was, by a commit after the one that brought it.
 */
const bookkeeping = '_load_id bigint not null, _file_id integer, _line bigint'

/** The columns that came later. */
const rowColumns = ["_row_id bigint default nextval('lake.row_ids')", '_is_updated boolean default false'] as const

/** The names that no column of people's can have, in lower case: what rows carry, and what statements that write know them by. */
export const reservedColumns: ReadonlySet<string> = new Set([
  '_load_id',
  '_file_id',
  '_line',
  '_row_id',
  '_is_updated',
  '_ended_by',
  'millrace_row_id',
  'metadata$unread',
])

/** A table's name in schema `lake`, and in load history. Built-in ones have no dot in theirs. */
export function storedName({ schema, name }: UserTable): string {
  return `${schema}.${name}`
}

/** Whether a stored table is one of a log type: loads alone write into it, and its rows have no ids. */
export function isBuiltIn(table: string): boolean {
  return !table.includes('.')
}

function stored(table: UserTable): string {
  return `lake.${identifier(storedName(table))}`
}

/** The table of the rows as they were, see `src/streams/`. */
function formerly(table: UserTable): string {
  return `changes.${identifier(storedName(table))}`
}

/** SQL that makes the table for what an UPDATE or DELETE ends: the columns of the stored one, and the commit that did it. */
function makeFormer(table: string): string {
  return `create table changes.${identifier(table)} as select *, null::bigint as _ended_by from lake.${identifier(table)} limit 0`
}

/** Makes a table with its view. Part of the caller's transaction. */
export async function createUserTable(
  connection: DuckDBConnection,
  table: UserTable,
  columns: readonly UserColumn[],
): Promise<void> {
  const typed = columns.flatMap(({ name, type, notNull, default: value }) =>
    type === undefined
      ? []
      : `, ${identifier(name)} ${type}${notNull ? ' not null' : ''}${value === undefined ? '' : ` default (${value})`}`,
  )
  await connection.run(`create table ${stored(table)} (${[bookkeeping, ...rowColumns].join(', ')}${typed.join('')})`)
  await connection.run(makeFormer(storedName(table)))
  await showUserTable(connection, table, columns)
}

/** Makes the view anew, in the order that the columns were named in. A VARIANT without a value yet has no column that is stored. */
export async function showUserTable(
  connection: DuckDBConnection,
  table: UserTable,
  columns: readonly Pick<UserColumn, 'name' | 'type'>[],
): Promise<void> {
  const shown = (await shownColumns(connection, table, columns)).join(', ')
  await connection.run(
    `create or replace view ${identifier(table.schema)}.${identifier(table.name)} as select ${shown} from ${stored(table)}`,
  )
}

/** SQL of each of a table's columns as people see it. */
export async function shownColumns(
  connection: DuckDBConnection,
  table: UserTable,
  columns: readonly Pick<UserColumn, 'name' | 'type'>[],
): Promise<string[]> {
  const variants = await readVariantFields(connection, storedName(table))
  return columns.map(({ name, type }) =>
    type === undefined && !variants.has(name) ? `null::json as ${identifier(name)}` : identifier(name),
  )
}

/** Drops a table with its view, and forgets its partitions and what was loaded into it: made anew, it takes the same objects again. */
export async function dropUserTable(connection: DuckDBConnection, table: UserTable): Promise<void> {
  const name = literal(storedName(table))
  await connection.run(`drop view if exists ${identifier(table.schema)}.${identifier(table.name)}`)
  await connection.run(`drop table if exists ${stored(table)}`)
  await connection.run(`drop table if exists ${formerly(table)}`)
  await connection.run(`delete from lake.rejects where table_name = ${name}`)
  await connection.run(`delete from lake.objects where table_name = ${name}`)
  await connection.run(`delete from lake.partitions where table_name = ${name}`)
}

/** Makes room in VARIANT columns; one rewriting of a column, however many keys it gains. */
export async function widenVariant(
  connection: DuckDBConnection,
  table: UserTable,
  column: string,
  fields: VariantFields,
  isNew: boolean,
): Promise<void> {
  const list = [...fields].map(([key, type]) => `${identifier(key)} ${type}`).join(', ')
  for (const name of [stored(table), formerly(table)])
    await connection.run(
      `alter table ${name} ${isNew ? 'add column' : 'alter column'} ${identifier(column)} ${isNew ? '' : 'type '}struct(${list})`,
    )
}

/**
 * Gives tables of an earlier version their row ids. Each ALTER is a transaction of its own, since the engine commits no second one beside a column that is
 * filled from a sequence; done again after a crash, it goes on where it was.
 */
export async function addRowIds(connection: DuckDBConnection): Promise<void> {
  await connection.run('create sequence if not exists lake.row_ids')
  for (const table of await tablesOfRows(connection))
    for (const column of isBuiltIn(table) ? [] : rowColumns)
      await connection.run(`alter table lake.${identifier(table)} add column if not exists ${column}`)
}

/** Gives them what else streams need. Part of the caller's transaction. */
export async function prepareForStreams(connection: DuckDBConnection): Promise<void> {
  for (const table of await tablesOfRows(connection)) {
    await connection.run(`
      insert into lake.table_changes
      select ${literal(table)}, coalesce(max(_load_id), 0), 0 from lake.${identifier(table)}`)
    if (!isBuiltIn(table)) await connection.run(makeFormer(table))
  }
}

async function tablesOfRows(connection: DuckDBConnection): Promise<string[]> {
  const tables = await connection.runAndReadAll(
    "select table_name from duckdb_columns() where schema_name = 'lake' and column_name = '_load_id'",
  )
  return tables.getRows().map(([name]) => String(name))
}
