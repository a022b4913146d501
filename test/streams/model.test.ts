import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Lake, StatementResult } from '../../src/index.ts'
import { closeLake, openedLake } from '../loading/lakes.ts'
import { cellOf, failureOf, ran } from '../run/running.ts'
import { type Consumption, type Row, type Step, type Write, anyCourse, streamCount } from './any-course.ts'
import { courses, limitMs } from './scale.ts'
import { StreamModel } from './stream-model.ts'

const values = (rows: readonly Row[]): string => rows.map(({ id, n }) => `(${id}, ${n})`).join(', ')

function sqlOf(step: Write | Consumption, table: string): string {
  switch (step.does) {
    case 'insert':
      return `insert into ${table} values ${values(step.rows)}`
    case 'update':
      return `update ${table} set n = ${step.n} where id = ${step.id}`
    case 'delete':
      return `delete from ${table} where id = ${step.id}`
    case 'truncate':
      return `truncate table ${table}`
    case 'merge':
      return `merge into ${table} t using (select * from (values ${values(step.rows)}) as v (id, n)) s on t.id = s.id
        when matched and s.n = 0 then delete when matched then update set n = s.n
        when not matched then insert (id, n) values (s.id, s.n)`
    case 'consume':
      return `insert overwrite into ${table}_sink select id, n, metadata$action, metadata$isupdate from ${table}_${step.stream}`
  }
}

function makeStream(table: string, stream: number, isAppendOnly: boolean, showsInitialRows: boolean): string {
  return `create or replace stream ${table}_${stream} on table ${table} append_only = ${isAppendOnly} show_initial_rows = ${showsInitialRows}`
}

const shown = `case action when 'INSERT' then '+' when 'DELETE' then '-' else '' end || id || ':' || n || case when is_update then '*' else '' end as text`

/** The streams of a table, its sink and itself, in one query. */
function look(table: string): string {
  const columns = 'id, n, metadata$action as action, metadata$isupdate as is_update'
  const streams = Array.from({ length: streamCount }, (_, stream) => `select ${columns} from ${table}_${stream}`)
  const all = [
    ...streams,
    `select * from ${table}_sink`,
    `select id, n, null::varchar as action, false as is_update from ${table}`,
  ]
  return all.map((sql, index) => `select ${index} as place, ${shown} from (${sql})`).join(' union all ')
}

/** The texts of each of them, in order. */
function textsOf({ rows }: StatementResult): string[][] {
  return Array.from({ length: streamCount + 2 }, (_, place) =>
    rows.flatMap((row) => (row['place'] === place ? [cellOf(row, 'text')] : [])).toSorted(),
  )
}

/** Makes a table with streams in the lake, and takes it through a course beside its model. */
async function follow(open: () => Promise<Lake>, first: Lake, table: string, steps: readonly Step[]): Promise<Lake> {
  const model = new StreamModel()
  let lake = first
  const run = (statements: readonly string[]): Promise<StatementResult[]> =>
    ran(lake, statements.join(';\n'), { dialect: 'duckdb', maxRows: 10_000 })
  const check = async (before: readonly string[]): Promise<void> => {
    const results = (await run([...before, look(table)])).slice(-1).flatMap(textsOf)
    const streams = Array.from({ length: streamCount }, (_, stream) => model.changesIn(stream))
    expect(results).toEqual([...streams, model.sink, model.rows()].map((texts) => texts.toSorted()))
  }
  await run([
    `create table ${table} (id integer, n integer)`,
    `create table ${table}_sink (id integer, n integer, action varchar, is_update boolean)`,
  ])
  const modes = [false, true, false]
  for (const [stream, isAppendOnly] of modes.entries()) model.makeStream(stream, isAppendOnly, false)
  await check(modes.map((isAppendOnly, stream) => makeStream(table, stream, isAppendOnly, false)))
  for (const step of steps) {
    if (step.does === 'reopen') {
      await closeLake(lake)
      lake = await open()
      await check([])
    } else if (step.does === 'make-stream') {
      model.makeStream(step.stream, step.isAppendOnly, step.showsInitialRows)
      await check([makeStream(table, step.stream, step.isAppendOnly, step.showsInitialRows)])
    } else if (step.does === 'fail') {
      const taking = sqlOf({ does: 'consume', stream: step.stream }, table)
      await failureOf(lake, `begin; ${taking}; delete from ${table}; insert into ${table} values ('x', 1); commit`)
      await check([])
    } else if (step.does === 'transaction') {
      if (step.isKept) model.transact(step.steps)
      await check(['begin', ...step.steps.map((one) => sqlOf(one, table)), step.isKept ? 'commit' : 'rollback'])
    } else {
      model.transact([step])
      await check([sqlOf(step, table)])
    }
  }
  return lake
}

test('streams are as a model of whole states says', limitMs, async () => {
  let lake = await openedLake()
  const { directory } = lake
  let number = 0
  await fc.assert(
    fc.asyncProperty(anyCourse, async (steps) => {
      number += 1
      lake = await follow(() => openedLake({ directory }), lake, `t${number}`, steps)
    }),
    courses,
  )
  expect(number).toBeGreaterThan(0)
})
