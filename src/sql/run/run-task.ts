import type { CallReport, Value } from '../../api.ts'
import type { BodyRun } from '../../tasks/task-run.ts'
import type { Effect, Task } from '../../tasks/task.ts'
import { streamHasData } from '../execution/streams.ts'
import { holds } from '../../tasks/condition.ts'
import { StatementError } from '../statement/statement-error.ts'
import { sourceOf } from '../statement/source.ts'
import { nameOfText, printName } from '../statement/name.ts'
import { runStatements } from '../dml/transact.ts'
import { keyOf, partOf } from '../execution/names.ts'
import { type ScriptLake, onConnection } from '../execution/script-lake.ts'
import { type Session, firstSession } from '../execution/session.ts'
import { refreshExternal } from '../external/refresh.ts'
import { readTaskBody } from '../execution/task-body.ts'
import { runScript } from './run-script.ts'

type Row = Readonly<Record<string, Value>>

/** Statements of a task see names as if a session were in the task's own schema. */
function sessionOf({ database, schema }: Task): Session {
  return { ...firstSession, database, schema }
}

/** Whether the condition of a task holds: read only, a row or two for each stream. */
export async function conditionHolds({ engine }: Pick<ScriptLake, 'engine'>, task: Task): Promise<boolean> {
  const { condition } = task
  if (condition === undefined) return true
  return onConnection(engine, (connection) =>
    holds(condition, (stream) => {
      const name = nameOfText(stream, (message) => new StatementError(sourceOf(stream).placeAt(0), message))
      return streamHasData(connection, keyOf('STREAM', 'schema', name, sessionOf(task)))
    }),
  )
}

/** Does what a task is there for. What its statements write commits together with `record`, or nothing does. */
export async function runTaskBody(lake: () => ScriptLake, task: Task, run: BodyRun): Promise<void> {
  const { signal, began, record } = run
  const { dialect } = task
  const body = readTaskBody(task.body, dialect)
  if (body.form === 'transaction') {
    await refreshExternal(lake(), task.body, signal)
    await lake().rowTransaction(async (connection) => {
      began()
      const options = { dialect, session: sessionOf(task), maxRows: 1, signal }
      const outcomes = await runStatements(lake(), connection, body.statements, options)
      await record(connection, effectOf(outcomes))
    }, signal)
    return
  }
  began()
  const results: { readonly rows: readonly Row[]; readonly notices: readonly string[] }[] = []
  const schema = printName([task.database, task.schema].map(partOf))
  const script = `USE SCHEMA ${schema};\n${body.text}`
  for await (const result of runScript(lake, script, { dialect, maxRows: 1_000_000, signal })) results.push(result)
  await lake().rowTransaction((connection) => record(connection, effectOf(results.slice(1))))
}

const counts = {
  inserted: ['number of rows inserted', 'rows_loaded'],
  updated: ['number of rows updated'],
  deleted: ['number of rows deleted'],
} as const

function effectOf(
  outcomes: readonly {
    readonly rows: readonly Row[]
    readonly notices?: readonly string[]
    readonly calls?: readonly CallReport[]
  }[],
): Effect {
  const rows = outcomes.flatMap((outcome) => outcome.rows)
  const sum = (names: readonly string[]): number =>
    rows.reduce((total, row) => names.reduce((all, name) => all + countIn(row[name]), total), 0)
  return {
    inserted: sum(counts.inserted),
    updated: sum(counts.updated),
    deleted: sum(counts.deleted),
    withoutRows: outcomes
      .flatMap(({ calls = [] }) => calls)
      .reduce((total, { rowsWithoutOutput }) => total + rowsWithoutOutput, 0),
    notices: outcomes.flatMap(({ notices = [] }) => notices),
  }
}

function countIn(value: Value | undefined): number {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : 0
}
