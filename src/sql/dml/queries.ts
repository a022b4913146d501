import type { Body } from '../statement/reader.ts'
import type { Place } from '../statement/source.ts'
import type { Dml, Item, Merge, MergeClause } from './dml.ts'

/** The column that tells the rows of the table that is written. */
export const rowIdColumn = 'millrace_row_id'

/** A query of the script's dialect that a statement is made of. */
export interface DmlQuery {
  readonly text: string
  /** Where it stands in the script, as it is. */
  readonly place?: Place
}

/** A query whose first table is the one that is written: it has `rowIdColumn` there. Its columns behind that are `c0`, `c1`, …; `d0` says where `c0` is DEFAULT. */
export interface RowsQuery extends DmlQuery {
  readonly readsTarget: true
}

/** Rows to be inserted: an INSERT's own, or those of a clause of MERGE. */
export function insertedRows(rows: readonly (readonly Item[])[]): DmlQuery {
  const width = Math.max(0, ...rows.map(({ length }) => length))
  const defaults = defaultsOf(rows, width)
  const texts = rows.map((row) => {
    const values = row.map((item) => (item === 'default' ? 'null' : `(${item.text}\n)`))
    return `(${[...values, ...defaults.map((index) => String(row[index] === 'default'))].join(', ')})`
  })
  return { text: `values ${texts.join(', ')}` }
}

/** The places of columns that are DEFAULT in some row. */
export function defaultsOf(rows: readonly (readonly Item[])[], width: number): number[] {
  return Array.from({ length: width }, (_, index) => index).filter((index) =>
    rows.some((row) => row[index] === 'default'),
  )
}

/** The rows that an UPDATE changes, with their new values. */
export function updatedRows(
  target: string,
  values: readonly Item[],
  from: Body | undefined,
  where: Body | undefined,
): RowsQuery {
  return rowsOf(target, values, from === undefined ? '' : `, ${from.text}\n`, where === undefined ? [] : [where.text])
}

/** The rows that a DELETE removes. */
export function deletedRows(target: string, using: Body | undefined, where: Body | undefined): RowsQuery {
  return updatedRows(target, [], using, where)
}

/** The rows that a clause of MERGE changes: those of which no clause before it is to be done. */
export function matchedRows(target: string, merge: Merge, clause: MergeClause): RowsQuery {
  const before = merge.clauses.slice(0, merge.clauses.indexOf(clause)).filter(({ does }) => does !== 'insert')
  const values = clause.does === 'update' ? clause.set.map(({ value }) => value) : []
  return rowsOf(target, values, `join ${merge.using.text}\n on (${merge.on.text}\n)`, conditionsOf(clause, before))
}

/** The rows that a clause of MERGE inserts: of the source alone, so that its names cannot mean the table. */
export function unmatchedRows(
  target: string,
  merge: Merge,
  clause: MergeClause & { readonly does: 'insert' },
): DmlQuery {
  const before = merge.clauses.slice(0, merge.clauses.indexOf(clause)).filter(({ does }) => does === 'insert')
  const items = itemsOf(clause.values)
  const isUnmatched = `not exists (select 1 from ${target} where (${merge.on.text}\n))`
  const where = [isUnmatched, ...conditionsOf(clause, before)].map((one) => `(${one}\n)`).join(' and ')
  return { text: `select ${items.join(', ')} from ${merge.using.text}\n where ${where}` }
}

function conditionsOf(clause: MergeClause, before: readonly MergeClause[]): string[] {
  const others = before.map(({ and }) => (and === undefined ? 'false' : `not coalesce((${and.text}\n), false)`))
  return [...others, ...(clause.and === undefined ? [] : [clause.and.text])]
}

function rowsOf(target: string, values: readonly Item[], behind: string, conditions: readonly string[]): RowsQuery {
  const where = conditions.length === 0 ? '' : ` where ${conditions.map((one) => `(${one}\n)`).join(' and ')}`
  return {
    text: `select ${[rowIdColumn, ...itemsOf(values)].join(', ')} from ${target} ${behind}${where}`,
    readsTarget: true,
  }
}

function itemsOf(values: readonly Item[]): string[] {
  return values.map((item, index) => (item === 'default' ? `null as c${index}` : `(${item.text}\n) as c${index}`))
}

/** All queries of a statement, for checking them before it is known what there is. `rowIdColumn` is none that the engine's parser minds. */
export function queriesOf(dml: Dml): readonly DmlQuery[] {
  const target = 'millrace_target'
  switch (dml.kind) {
    case 'insert':
      return [dml.source.form === 'query' ? dml.source.query : insertedRows(dml.source.rows)]
    case 'table-from-query':
      return [dml.query]
    case 'update':
      return [
        updatedRows(
          target,
          dml.set.map(({ value }) => value),
          dml.from,
          dml.where,
        ),
      ]
    case 'delete':
      return [deletedRows(target, dml.using, dml.where)]
    case 'merge':
      return dml.clauses.map((clause) =>
        clause.does === 'insert' ? unmatchedRows(target, dml, clause) : matchedRows(target, dml, clause),
      )
    case 'truncate':
      return []
  }
}
