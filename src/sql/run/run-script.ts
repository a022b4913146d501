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
import type { EngineQuery } from '../actions/action.ts'
import { act, isAction } from '../actions/registry.ts'
import { translate } from '../translate.ts'
import { carryOut, readSituation } from './carry-out.ts'
import { type Runnable, readRunnable } from './runnable.ts'
import { failureAt, failureWithin } from '../execution/failure.ts'
import { engineSchema } from '../execution/names.ts'
import type { Change, Outcome, Plan } from '../execution/plan.ts'
import { callNotices } from '../calls/notices.ts'
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
  if (isAction(statement.pipeline)) return runAction(lake, statement, statement.pipeline, options, session)
  return runPipeline(lake, statement, statement.pipeline, options.dialect, session)
}

async function runAction(
  lake: ScriptLake,
  runnable: Runnable,
  statement: PipelineStatement,
  options: ReadingOptions,
  session: Session,
): Promise<Done> {
  const objects = await onConnection(lake.engine, readObjects)
  const apply = async (one: PipelineStatement, beside: readonly Change[]): Promise<Outcome> =>
    (await runPipeline(lake, runnable, one, options.dialect, session, beside)).outcome
  const translating = (sql: string): Promise<EngineQuery> => engineQuery(lake, sql, options.dialect, session)
  const outcome = await act(statement, { lake, objects, session, ...options, apply, translate: translating })
  return { outcome, notices: outcome.notices ?? [] }
}

async function runPipeline(
  lake: ScriptLake,
  { place }: Runnable,
  statement: PipelineStatement,
  dialect: Dialect,
  session: Session,
  beside: readonly Change[] = [],
): Promise<Done> {
  const needs = { relations: needsRelations(statement), columns: needsColumns(statement) }
  const plan = async (connection: DuckDBConnection): Promise<Plan> =>
    planStatement(statement, await readSituation(connection, { session, dialect }, needs))
  if (isReading(statement)) return onConnection(lake.engine, plan)
  const done = await lake
    .transaction(async (connection) => {
      const made = await plan(connection)
      const changes = made.changes.length === 0 ? [] : [...made.changes, ...beside]
      return { ...made, notices: await carryOut(connection, changes, dialect) }
    })
    .catch((error: unknown) => {
      throw 'body' in statement ? failureWithin(place, statement.body, error) : error
    })
  await lake.changed()
  return done
}

interface ReadingOptions {
  readonly dialect: Dialect
  readonly maxRows: number
  readonly signal: AbortSignal | undefined
}

/** A query of the script's dialect as the engine's, and where its names are looked up first. */
async function engineQuery(
  { known }: ScriptLake,
  text: string,
  dialect: Dialect,
  session: Session,
): Promise<EngineQuery> {
  const { sql, notices } = await translate(text, dialect, await known(text, session))
  const { database, schema } = session
  const own = database === undefined || schema === undefined ? undefined : engineSchema(database, schema)
  return { sql, notices, schema: own }
}

async function runReading(
  lake: ScriptLake,
  { text }: Runnable,
  { dialect, maxRows, signal }: ReadingOptions,
  session: Session,
): Promise<Done> {
  const { sql, notices, schema } = await engineQuery(lake, text, dialect, session)
  const result = await runQuery<Record<string, Value>>(lake.engine, sql, { maxRows, signal }, schema, lake.calls).catch(
    (error: unknown) => {
      throw sql === text ? error : failureIn(text, error)
    },
  )
  const rows = await result.all()
  const outcome = { columns: result.columns, rows }
  return { outcome, truncated: result.truncated, notices: [...notices, ...callNotices(result.calls)] }
}
