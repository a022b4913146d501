import type { UserColumn } from '../../catalog/user-tables.ts'
import { identifier, literal } from '../../engines/duckdb.ts'
import { failed } from '../execution/failure.ts'
import { shownName } from '../execution/names.ts'
import type { Assignment, Item } from './dml.ts'
import { assignedSql } from './assign.ts'
import { rowIdColumn } from './queries.ts'
import { type Target, columnNamed } from './target.ts'
import type { Work } from './work.ts'

/** A query's columns and their types, as the engine tells them without running it. */
export async function describeQuery(
  sql: string,
  { connection }: Work,
): Promise<{ readonly name: string; readonly type: string }[]> {
  const reader = await connection.runAndReadAll(`describe ${sql}`)
  return reader.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }))
}

/** The SQL that fills columns with the values of a query in their order, under the name `given`; with the word DEFAULT where `defaults` has their places. */
export async function fillingOf(
  target: Target,
  columns: readonly UserColumn[],
  types: readonly string[],
  defaults: readonly number[],
  { connection, dialect }: Work,
): Promise<string[]> {
  const usual = defaults.length === 0 ? new Map<string, string>() : await defaultsOf(target, connection)
  return columns.map((column, index) => {
    const value = assignedSql(column, { sql: `given.c${index}`, type: types[index] ?? '' }, dialect)
    const otherwise = usual.get(column.name.toLowerCase()) ?? 'null'
    return defaults.includes(index) ? `case when given.d${index} then ${otherwise} else ${value} end` : value
  })
}

async function defaultsOf({ name }: Target, connection: Work['connection']): Promise<Map<string, string>> {
  const reader = await connection.runAndReadAll(
    `select lower(column_name), column_default from duckdb_columns() where schema_name = 'lake' and table_name = ${literal(name)} and column_default is not null`,
  )
  return new Map(reader.getRows().map(([column, text]) => [String(column), String(text)]))
}

/** Columns that a statement names, each once. */
export function columnsNamed(target: Target, names: Parameters<typeof columnNamed>[1][]): UserColumn[] {
  const columns = names.map((name) => columnNamed(target, name))
  const twice = columns.find((column, index) => columns.indexOf(column) < index)
  if (twice !== undefined)
    throw failed(`column ${twice.exactName} of ${shownName(target.key)} is written twice; name it once`)
  return columns
}

/**
 * Keeps the rows that a statement changes, with their new values as their columns store them, in a table of the connection: it is known then what the
 * statement does, and nothing that it writes is read by it. `query` is what `readyRows` gives.
 */
export async function keepRows(
  name: string,
  query: string,
  target: Target,
  set: readonly Assignment[],
  work: Work,
): Promise<void> {
  const columns = columnsNamed(
    target,
    set.map(({ column }) => column),
  )
  const given = await describeQuery(query, work)
  const isDefault = (item: Item | undefined): boolean => item === 'default'
  const types = given.slice(1).map(({ type }) => type)
  const usual = set.some(({ value }) => isDefault(value))
    ? await defaultsOf(target, work.connection)
    : new Map<string, string>()
  const values = columns.map((column, index) => {
    const sql = isDefault(set[index]?.value)
      ? (usual.get(column.name.toLowerCase()) ?? 'null')
      : assignedSql(column, { sql: `given.c${index}`, type: types[index] ?? '' }, work.dialect)
    return `, cast(${sql} as ${column.type ?? 'varchar'}) as v${index}`
  })
  const names = [rowIdColumn, ...columns.map((_, index) => `c${index}`)].map(identifier).join(', ')
  await keepQuery(
    name,
    `select given.${rowIdColumn} as row_id${values.join('')} from (${query}) as given (${names})`,
    work,
  )
}

/** Keeps the rows of a query in a table of the connection, until the transaction ends. */
export async function keepQuery(name: string, sql: string, { connection, kept }: Work): Promise<void> {
  kept.add(name)
  await connection.run(`create or replace temp table ${name} as ${sql}`)
}
