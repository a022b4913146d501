import { type DuckDBConnection, DuckDBEnumType } from '@duckdb/node-api'
import { identifier, literal } from '../engines/duckdb.ts'
import { MillraceError } from '../errors.ts'
import type { LogType } from '../log-type/log-type.ts'
import { type StoredColumn, createView, storedColumns } from './log-tables.ts'

/** Distinct values an enum column may come to hold; beyond it, this is no small set and the file no log. */
export const MAX_ENUM_VALUES = 2000

/** The columns that a stored table has, each with the values of its enum; undefined for other types. */
export type TableShape = ReadonlyMap<string, readonly string[] | undefined>

export async function readShape(connection: DuckDBConnection, type: LogType): Promise<TableShape> {
  const empty = await connection.runAndReadAll(`select * from lake.${identifier(type.table)} limit 0`)
  return new Map(
    empty.columnNames().map((name, index) => {
      const columnType = empty.columnType(index)
      return [name, columnType instanceof DuckDBEnumType ? columnType.values : undefined]
    }),
  )
}

/**
 * Gives a table room for `filled`: columns that rows about to come have values in, and which values where the column is an enum.
 * Part of the caller's transaction; returns the shape that holds once it is committed.
 */
export async function widenTable(
  connection: DuckDBConnection,
  type: LogType,
  shape: TableShape,
  filled: ReadonlyMap<string, readonly string[]>,
): Promise<TableShape> {
  const wider = new Map(shape)
  const table = `lake.${identifier(type.table)}`
  for (const column of storedColumns(type)) {
    const values = filled.get(column.name)
    if (values === undefined) continue
    const name = identifier(column.name)
    const isNew = !wider.has(column.name)
    const known = (isNew ? column.values : wider.get(column.name)) ?? []
    const all = [...known, ...new Set(values.filter((value) => !known.includes(value)))]
    if (!isNew && (column.values === undefined || all.length === known.length)) continue
    checkEnum(type, column, all)
    const sqlType = column.values === undefined ? column.type : enumType(all)
    await connection.run(
      isNew
        ? `alter table ${table} add column ${name} ${sqlType} ${column.compression === undefined ? '' : `using compression ${column.compression}`}`
        : `alter table ${table} alter ${name} type ${sqlType}`,
    )
    wider.set(column.name, column.values === undefined ? undefined : all)
  }
  if (wider.size > shape.size) await createView(connection, type, wider)
  return wider
}

export function enumType(values: readonly string[]): string {
  return `enum (${values.map(literal).join(', ')})`
}

function checkEnum(type: LogType, column: StoredColumn, values: readonly string[]): void {
  if (column.values === undefined || values.length <= MAX_ENUM_VALUES) return
  throw new MillraceError(
    'FILE_CORRUPT',
    `Column ${column.name} of ${type.table} would come to hold more than ${MAX_ENUM_VALUES} different words; files that bring so many are no logs of this type.`,
  )
}
