import { noteWritten } from '../../catalog/table-changes.ts'
import type { UserColumn } from '../../catalog/user-tables.ts'
import { identifier } from '../../engines/duckdb.ts'
import { keepFormerRows } from '../../streams/former-rows.ts'
import { failed } from '../execution/failure.ts'
import { shownName } from '../execution/names.ts'
import { type ReadyQuery } from './query.ts'
import { describeQuery, fillingOf } from './rows.ts'
import type { Target } from './target.ts'
import type { Work } from './work.ts'

/** Inserts the rows of a query. The columns that are not filled take their DEFAULT. Returns how many there were. */
export async function insertRows(
  target: Target,
  columns: readonly UserColumn[],
  query: ReadyQuery,
  defaults: readonly number[],
  work: Work,
): Promise<number> {
  const given = await describeQuery(query.sql, work)
  const width = given.length - defaults.length
  if (width !== columns.length)
    throw failed(
      `INSERT INTO ${shownName(target.key)} gives ${width} values for ${columns.length} columns; name the columns that it fills`,
    )
  const values = await fillingOf(
    target,
    columns,
    given.map(({ type }) => type),
    defaults,
    work,
  )
  const names = [...columns.map((_, index) => `c${index}`), ...defaults.map((index) => `d${index}`)].join(', ')
  const list = ['_load_id', ...columns.map(({ name }) => identifier(name))].join(', ')
  const result = await work.connection.run(
    `insert into ${target.stored} (${list}) select ${[`${work.loadId}::bigint`, ...values].join(', ')} from (${query.sql}) as given (${names})`,
  )
  await noteWritten(work.connection, target.name, work.loadId, { inserted: result.rowsChanged > 0, changed: false })
  return result.rowsChanged
}

/** Updates the rows that a table of the connection keeps (`keepRows`); one that it has several times takes one of the new values. */
export async function updateRows(
  target: Target,
  columns: readonly UserColumn[],
  kept: string,
  work: Work,
): Promise<number> {
  const { connection, loadId } = work
  const ids = `select row_id from temp.${kept}`
  await noteChanged(target, `_row_id in (${ids})`, work)
  const set = columns.map(({ name }, index) => `${identifier(name)} = kept.v${index}`)
  const result = await connection.run(`
    update ${target.stored} as stored
    set ${[...set, `_load_id = ${loadId}`, `_is_updated = stored._is_updated or stored._load_id < ${loadId}`].join(', ')}
    from (select * from temp.${kept} qualify row_number() over (partition by row_id) = 1) as kept
    where stored._row_id = kept.row_id`)
  await noteWritten(connection, target.name, loadId, { inserted: false, changed: result.rowsChanged > 0 })
  return result.rowsChanged
}

/** Deletes the rows that `where` finds among what is stored. */
export async function deleteRows(target: Target, where: string, work: Work): Promise<number> {
  const { connection, loadId } = work
  await noteChanged(target, where, work)
  const result = await connection.run(`delete from ${target.stored} where ${where}`)
  await noteWritten(connection, target.name, loadId, { inserted: false, changed: result.rowsChanged > 0 })
  return result.rowsChanged
}

/** Streams of the table will tell of these rows as they are now. */
async function noteChanged({ name }: Target, where: string, work: Work): Promise<void> {
  work.changed.add(name)
  if (work.streams.some((stream) => stream.table === name && stream.staleReason === undefined))
    await keepFormerRows(work.connection, name, where, work.loadId)
}
