import type { Outcome } from '../execution/plan.ts'
import { outcomeOf, statusOf } from '../execution/plan.ts'
import { failed } from '../execution/failure.ts'
import { shownName } from '../execution/names.ts'
import type { Delete, Dml, Insert, Merge, Truncate, Update } from './dml.ts'
import { defaultsOf, deletedRows, insertedRows, matchedRows, unmatchedRows, updatedRows } from './queries.ts'
import { readyQuery, readyRows } from './query.ts'
import { columnsNamed, keepQuery, keepRows } from './rows.ts'
import { type Target, isMissing, targetOf } from './target.ts'
import { deleteRows, insertRows, updateRows } from './write-rows.ts'
import type { Work } from './work.ts'

/** A statement that writes into tables that are there. */
type RunnableDml = Exclude<Dml, { readonly kind: 'table-from-query' }>

/** Does a statement, within the caller's transaction. */
export async function runDml(dml: RunnableDml, work: Work): Promise<Outcome> {
  switch (dml.kind) {
    case 'insert':
      return runInsert(dml, work)
    case 'update':
      return runUpdate(dml, work)
    case 'delete':
      return runDelete(dml, work)
    case 'truncate':
      return runTruncate(dml, work)
    case 'merge':
      return runMerge(dml, work)
  }
}

function counted(counts: Readonly<Record<string, number>>, notices: readonly string[] = []): Outcome {
  return {
    ...outcomeOf(
      Object.keys(counts).map((name) => `${name} BIGINT`),
      [Object.values(counts)],
    ),
    notices,
  }
}

async function runInsert({ table, columns, source, overwrite }: Insert, work: Work): Promise<Outcome> {
  const target = await targetOf(table, work)
  const filled = columns === undefined ? target.own : columnsNamed(target, [...columns])
  const rows = source.form === 'values' ? source.rows : []
  const odd = rows.find(({ length }) => length !== filled.length)
  if (odd !== undefined)
    throw failed(
      `INSERT INTO ${shownName(target.key)} gives ${odd.length} values for ${filled.length} columns; name the columns that it fills`,
    )
  const query = await readyQuery(source.form === 'query' ? source.query : insertedRows(rows), work, { consumes: true })
  const sql = overwrite ? await keptQuery(query.sql, work) : query.sql
  if (overwrite) await deleteRows(target, 'true', work)
  const count = await insertRows(target, filled, { ...query, sql }, defaultsOf(rows, filled.length), work)
  return counted({ 'number of rows inserted': count }, query.notices)
}

/** The rows of a query, kept before what it reads is changed. */
async function keptQuery(sql: string, work: Work): Promise<string> {
  await keepQuery('dml_rows', sql, work)
  return 'select * from temp.dml_rows'
}

async function runUpdate({ table, set, from, where }: Update, work: Work): Promise<Outcome> {
  const target = await targetOf(table, work)
  const columns = columnsNamed(
    target,
    set.map(({ column }) => column),
  )
  const values = set.map(({ value }) => value)
  const query = await readyRows(updatedRows(target.text, values, from, where), target, work)
  await keepRows('dml_kept', query.sql, target, set, work)
  const several = await repeated('dml_kept', work)
  const count = await updateRows(target, columns, 'dml_kept', work)
  return counted({ 'number of rows updated': count, 'number of multi-joined rows updated': several }, query.notices)
}

async function runDelete({ table, using, where }: Delete, work: Work): Promise<Outcome> {
  const target = await targetOf(table, work)
  if (using === undefined && where === undefined)
    return counted({ 'number of rows deleted': await deleteRows(target, 'true', work) })
  const query = await readyRows(deletedRows(target.text, using, where), target, work)
  await keepRows('dml_kept', query.sql, target, [], work)
  const count = await deleteRows(target, '_row_id in (select row_id from temp.dml_kept)', work)
  return counted({ 'number of rows deleted': count }, query.notices)
}

async function runTruncate({ table, ifExists }: Truncate, work: Work): Promise<Outcome> {
  const done = 'Statement executed successfully.'
  if (ifExists && isMissing(table, work)) return statusOf(done)
  await deleteRows(await targetOf(table, work), 'true', work)
  return statusOf(done)
}

async function runMerge(merge: Merge, work: Work): Promise<Outcome> {
  const target = await targetOf(merge.table, work)
  const notices = new Set<string>()
  const clauses = merge.clauses.map((clause, index) => ({ clause, kept: `dml_kept_${index}` }))
  // What every clause does is found out before any does it.
  for (const { clause, kept } of clauses) {
    if (clause.does === 'insert') {
      const columns = clause.columns === undefined ? target.own : columnsNamed(target, [...clause.columns])
      if (columns.length !== clause.values.length)
        throw failed(
          `INSERT of MERGE gives ${clause.values.length} values for ${columns.length} columns; name the columns that it fills`,
        )
      const query = await readyQuery(unmatchedRows(target.text, merge, clause), work, { consumes: true })
      await keepQuery(kept, query.sql, work)
      for (const notice of query.notices) notices.add(notice)
    } else {
      const query = await readyRows(matchedRows(target.text, merge, clause), target, work)
      await keepRows(kept, query.sql, target, clause.does === 'update' ? clause.set : [], work)
      for (const notice of query.notices) notices.add(notice)
    }
  }
  await refuseSeveral(target, clauses, work)
  const counts: Record<string, number> = {}
  const add = (name: string, count: number): void => {
    counts[name] = (counts[name] ?? 0) + count
  }
  for (const { clause, kept } of clauses) {
    if (clause.does === 'insert') {
      const columns = clause.columns === undefined ? target.own : columnsNamed(target, [...clause.columns])
      const filled = columns.filter((_, index) => clause.values[index] !== 'default')
      const places = columns.flatMap((_, index) => (clause.values[index] === 'default' ? [] : [`c${index}`]))
      const sql = `select ${places.join(', ')} from temp.${kept}`
      add('number of rows inserted', await insertRows(target, filled, { sql, notices: [] }, [], work))
    } else if (clause.does === 'update') {
      const columns = columnsNamed(
        target,
        clause.set.map(({ column }) => column),
      )
      add('number of rows updated', await updateRows(target, columns, kept, work))
    } else {
      const where = `_row_id in (select row_id from temp.${kept})`
      add('number of rows deleted', await deleteRows(target, where, work))
    }
  }
  return counted(counts, [...notices])
}

/** Snowflake's manual, MERGE, "Nondeterministic results": a row that several source rows would change is an error, but for deleting it. */
async function refuseSeveral(
  { key }: Target,
  clauses: readonly { readonly clause: Merge['clauses'][number]; readonly kept: string }[],
  { connection }: Work,
): Promise<void> {
  const changes = clauses.filter(({ clause }) => clause.does !== 'insert')
  if (changes.length === 0) return
  const rows = changes.map(
    ({ clause, kept }) => `select row_id, ${clause.does === 'delete'} as is_gone from temp.${kept}`,
  )
  const reader = await connection.runAndReadAll(
    `select 1 from (${rows.join(' union all ')}) group by row_id having count(*) > 1 and not bool_and(is_gone) limit 1`,
  )
  if (reader.currentRowCount > 0)
    throw failed(
      `MERGE INTO ${shownName(key)} finds several rows of its source for one of the table, and cannot tell which holds; leave one of them, by QUALIFY or GROUP BY`,
    )
}

/** The rows that a kept table has more than once. */
async function repeated(kept: string, { connection }: Work): Promise<number> {
  const reader = await connection.runAndReadAll(
    `select count(*) from (select 1 from temp.${kept} group by row_id having count(*) > 1)`,
  )
  return Number(reader.getRows()[0]?.[0])
}
