import type { DuckDBConnection } from '@duckdb/node-api'
import type { RunOptions, StatementResult, Value } from '../../api.ts'
import { MillraceError } from '../../errors.ts'
import { readObjects } from '../../catalog/objects.ts'
import type { Dialect } from '../dialects.ts'
import { isReading, needsColumns, needsRelations, planStatement } from '../execute/registry.ts'
import { failureIn } from '../place.ts'
import { runQuery } from '../query.ts'
import { shorten } from '../statement/reader.ts'
import type { PipelineStatement } from '../statement/registry.ts'
import { act, isAction } from '../actions/registry.ts'
import { knownIn } from '../relations/lake-names.ts'
import { translate } from '../translate.ts'
import { carryOut, readSituation } from './carry-out.ts'
import { type Runnable, readRunnable } from './runnable.ts'
import { failureAt, failureWithin } from '../execution/failure.ts'
import { engineSchema } from '../execution/names.ts'
import type { Outcome, Plan } from '../execution/plan.ts'
import { type ScriptLake, onConnection } from '../execution/script-lake.ts'
import { type Session, firstSession } from '../execution/session.ts'

const defaultRows = 100

/** Runs the statements of a script, one after the other, each as its own transaction. */
export async function* runScript(
  lake: () => ScriptLake,
  script: string,
  { dialect = 'duckdb', values = {}, maxRows = defaultRows, signal }: RunOptions,
): AsyncGenerator<StatementResult, void> {
  const statements = await readRunnable(script, values, dialect, lake())
  let session = firstSession
  for (const statement of statements) {
    const { place, text } = statement
    const startedAt = performance.now()
    const done = await runStatement(lake(), statement, { dialect, maxRows, signal }, session).catch(
      (error: unknown) => {
        throw failureAt(place, error)
      },
    )
    session = done.session ?? session
    const rows = done.outcome.rows.slice(0, maxRows)
    yield {
      statement: { line: place.line, column: place.column, text: shorten(text) },
      columns: done.outcome.columns,
      rows,
      truncated: done.truncated === true || rows.length < done.outcome.rows.length,
      seconds: Math.round(performance.now() - startedAt) / 1000,
      notices: done.notices ?? [],
    }
  }
}

interface Done {
  readonly outcome: Outcome
  readonly session?: Session
  readonly truncated?: boolean
  readonly notices?: readonly string[]
}

async function runStatement(
  lake: ScriptLake,
  statement: Runnable,
  options: ReadingOptions,
  session: Session,
): Promise<Done> {
  if (options.signal?.aborted === true)
    throw new MillraceError('QUERY_CANCELLED', 'the script was cancelled; what ran before this statement stays')
  if (statement.pipeline === undefined) return runReading(lake, statement, options, session)
  if (isAction(statement.pipeline)) return runAction(lake, statement.pipeline, options, session)
  return runPipeline(lake, statement, statement.pipeline, options.dialect, session)
}

async function runAction(
  lake: ScriptLake,
  statement: PipelineStatement,
  { dialect, signal }: ReadingOptions,
  session: Session,
): Promise<Done> {
  const objects = await onConnection(lake.engine, readObjects)
  return { outcome: await act(statement, { lake, objects, session, dialect, signal }) }
}

async function runPipeline(
  lake: ScriptLake,
  { place }: Runnable,
  statement: PipelineStatement,
  dialect: Dialect,
  session: Session,
): Promise<Done> {
  const needs = { relations: needsRelations(statement), columns: needsColumns(statement) }
  const plan = async (connection: DuckDBConnection): Promise<Plan> =>
    planStatement(statement, await readSituation(connection, { session, dialect }, needs))
  if (isReading(statement)) return onConnection(lake.engine, plan)
  return lake
    .transaction(async (connection) => {
      const made = await plan(connection)
      await carryOut(connection, made.changes)
      return made
    })
    .catch((error: unknown) => {
      throw 'body' in statement ? failureWithin(place, statement.body, error) : error
    })
}

interface ReadingOptions {
  readonly dialect: Dialect
  readonly maxRows: number
  readonly signal: AbortSignal | undefined
}

async function runReading(
  { engine, names }: ScriptLake,
  { text }: Runnable,
  { dialect, maxRows, signal }: ReadingOptions,
  session: Session,
): Promise<Done> {
  const known = knownIn(await names(), session)
  const { sql, notices } = await translate(text, dialect, known)
  const { database, schema } = session
  const own = database === undefined || schema === undefined ? undefined : engineSchema(database, schema)
  const result = await runQuery<Record<string, Value>>(engine, sql, { maxRows, signal }, own).catch(
    (error: unknown) => {
      throw sql === text ? error : failureIn(text, error)
    },
  )
  const rows = await result.all()
  return { outcome: { columns: result.columns, rows }, truncated: result.truncated, notices }
}
