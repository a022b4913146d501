import type { ObjectKey } from '../../catalog/objects.ts'
import { type UserColumn, type UserTable, shownColumns, storedName } from '../../catalog/user-tables.ts'
import { identifier } from '../../engines/duckdb.ts'
import { missing } from '../execution/alter.ts'
import { refuseExternal } from '../external/external-table.ts'
import { failed } from '../execution/failure.ts'
import { engineName, keyOf, refuseReserved, shownName } from '../execution/names.ts'
import { find } from '../execution/plan.ts'
import { columnsOf, userTableOf } from '../execution/user-table.ts'
import { type NamePart, printName, printPart } from '../statement/name.ts'
import type { WrittenTable } from './dml.ts'
import { columnText } from './read-dml.ts'
import type { Work } from './work.ts'

/** A table that a statement writes into. */
export interface Target {
  readonly key: ObjectKey
  readonly table: UserTable
  /** Its name in load history and for streams. */
  readonly name: string
  /** SQL of the stored table. */
  readonly stored: string
  readonly own: readonly UserColumn[]
  /** SQL of the columns that people see, in their order. */
  readonly columns: readonly string[]
  /** The table with its alias, as queries of the script's dialect select from it. */
  readonly text: string
}

/** The table that a statement names; refuses what is none of a script's. */
export async function targetOf(written: WrittenTable, work: Work): Promise<Target> {
  const { session, objects, dialect, connection } = work
  const key = keyOf('TABLE', 'schema', written.name, session)
  refuseReserved(key)
  const object = find(objects, key)
  if (object === undefined) throw whyNot(key, written, work)
  refuseExternal(object)
  const table = userTableOf(object)
  const name = storedName(table)
  const own = await columnsOf(object, 'duckdb')
  const stored = `lake.${identifier(name)}`
  const columns = await shownColumns(connection, table, own)
  return { key, table, name, stored, own, columns, text: textOf(written, table, dialect === 'duckdb') }
}

function textOf({ name, alias }: WrittenTable, { schema, name: own }: UserTable, isEngines: boolean): string {
  const path = isEngines ? `${identifier(schema)}.${identifier(own)}` : printName(name)
  return `${path} as ${alias === undefined ? printPart(name.at(-1) ?? { text: own, quoted: true }) : printPart(alias)}`
}

function whyNot(key: ObjectKey, { name }: WrittenTable, { objects, names }: Work): Error {
  const other = (['VIEW', 'STREAM'] as const).find((kind) => find(objects, { ...key, kind }) !== undefined)
  if (other !== undefined)
    return failed(`${shownName(key)} is a ${other.toLowerCase()}, and rows are written into tables; name its table`)
  if (name.length === 1 && names.columns.get('logs')?.has(engineName(key.name).toLowerCase()) === true)
    return failed(
      `${engineName(key.name)} comes with Millrace, and loads alone write into it; copy its rows into a table of your own, and change them there`,
    )
  return missing(key)
}

/** Whether nothing has a table's name: what IF EXISTS asks. */
export function isMissing({ name }: WrittenTable, { session, objects }: Work): boolean {
  const key = keyOf('TABLE', 'schema', name, session)
  return (['TABLE', 'VIEW', 'STREAM'] as const).every((kind) => find(objects, { ...key, kind }) === undefined)
}

/** A column of the table by its name. */
export function columnNamed({ own, key }: Target, name: NamePart): UserColumn {
  const wanted = columnText(name).toLowerCase()
  const column = own.find((one) => one.name.toLowerCase() === wanted)
  if (column === undefined)
    throw failed(
      `${shownName(key)} has no column ${columnText(name)}; it has ${own.map(({ exactName }) => exactName).join(', ')}`,
    )
  return column
}
