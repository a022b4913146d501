import type { DuckDBConnection } from '@duckdb/node-api'
import type { RunOptions, StatementResult, Value } from '../../api.ts'
import { MillraceError } from '../../errors.ts'
import type { Dialect } from '../dialects.ts'
import { isReading, needsColumns, needsRelations, planStatement } from '../execute/registry.ts'
import { failureIn } from '../place.ts'
import { runQuery } from '../query.ts'
import { shorten } from '../statement/reader.ts'
import type { EngineQuery } from '../actions/action.ts'
import { act, isAction } from '../actions/registry.ts'
import { translate } from '../translate.ts'
import { beginWork, dmlFailure, finishWork, withCalls, runHeld, runStatements } from '../dml/transact.ts'
import type { PipelineStatement, WritingStatement } from '../statement/registry.ts'
import { type Block, blocksOf } from './blocks.ts'
import { tableFromQuery } from './table-from-query.ts'
import { carryOut, readSituation } from './carry-out.ts'
import { type Runnable, readRunnable } from './runnable.ts'
import { failureAt, failureWithin } from '../execution/failure.ts'
import { engineSchema } from '../execution/names.ts'
import { refreshExternal } from '../external/refresh.ts'
import { callNotices } from '../calls/notices.ts'
import { type Change, type Outcome, type Plan, statusOf } from '../execution/plan.ts'
import { type ScriptLake, onConnection } from '../execution/script-lake.ts'
import { type Session, firstSession } from '../execution/session.ts'

const defaultRows = 100

/** Runs the statements of a script, one after the other: each as its own transaction, but for those between BEGIN and COMMIT. */
export async function* runScript(
  lake: () => ScriptLake,
  script: string,
  { dialect = 'duckdb', values = {}, maxRows = defaultRows, signal }: RunOptions,
): AsyncGenerator<StatementResult, void> {
  const statements = await readRunnable(script, values, dialect, lake())
  let session = firstSession
  for (const block of blocksOf(statements)) {
    const options = { dialect, maxRows, signal }
    if (block.form === 'transaction') yield* await runTransaction(lake(), block, options, session)
    else {
      const { statement } = block
      const timed = timer()
      const done = await runStatement(lake(), statement, options, session).catch((error: unknown) => {
        throw failureAt(statement.place, error)
      })
      session = done.session ?? session
      yield resultOf(statement, done, maxRows, timed())
    }
  }
}

/** Gives the seconds since it was made, to the millisecond. */
function timer(): () => number {
  const startedAt = performance.now()
  return () => Math.round(performance.now() - startedAt) / 1000
}

function resultOf({ place, text }: Runnable, done: Done, maxRows: number, seconds: number): StatementResult {
  const rows = done.outcome.rows.slice(0, maxRows)
  return {
    statement: { line: place.line, column: place.column, text: shorten(text) },
    columns: done.outcome.columns,
    rows,
    truncated: done.truncated === true || rows.length < done.outcome.rows.length,
    seconds,
    notices: done.notices ?? [],
  }
}

/** Thrown to take a transaction back that says so itself. */
class RolledBack extends Error {}

/** BEGIN to COMMIT or ROLLBACK. What its statements gave is told once it has ended: until then the writer waits for nobody who reads. */
async function runTransaction(
  lake: ScriptLake,
  { begin, held, end }: Block<Runnable> & { readonly form: 'transaction' },
  options: ReadingOptions,
  session: Session,
): Promise<StatementResult[]> {
  const { maxRows } = options
  const said = { outcome: statusOf('Statement executed successfully.') }
  const results = [resultOf(begin, said, maxRows, 0)]
  const isKept = end.statement.kind === 'transaction' && end.statement.action === 'commit'
  const timed = timer()
  for (const { text } of held) await refreshExternal(lake, text, options.signal)
  await lake
    .rowTransaction(async (connection) => {
      const work = await beginWork(lake, connection, { ...options, session })
      for (const one of held) {
        const { statement, text } = one
        const own = timer()
        const outcome = await runHeld(
          statement.kind === 'write' ? statement : { kind: 'sql', text },
          work,
          options,
        ).catch((error: unknown) => {
          throw failureAt(one.place, error)
        })
        const { truncated, notices = [] } = outcome
        results.push(resultOf(one, { outcome, truncated, notices }, maxRows, own()))
      }
      if (!isKept) throw new RolledBack()
      await finishWork(work)
    }, options.signal)
    .catch((error: unknown) => {
      if (!(error instanceof RolledBack)) throw whileWaiting(error, options)
    })
  return [...results, resultOf(end, said, maxRows, timed())]
}

/** A signal that ended the waiting for the writer's turn, as an error of the script. */
function whileWaiting(error: unknown, { signal }: ReadingOptions): unknown {
  if (signal?.aborted !== true || error instanceof MillraceError) return error
  return new MillraceError('QUERY_CANCELLED', 'the script was cancelled; what ran before this statement stays', error)
}

/** A statement that writes rows, as a transaction of its own. */
async function runWriting(
  lake: ScriptLake,
  statement: WritingStatement,
  options: ReadingOptions,
  session: Session,
): Promise<Done> {
  const { write } = statement
  const written =
    write.kind === 'table-from-query'
      ? lake.transaction(async (connection) => {
          const work = await beginWork(lake, connection, { ...options, session })
          const outcome = await withCalls(work, options.signal, () => tableFromQuery(write, work)).catch(
            (error: unknown) => {
              throw dmlFailure(error, statement.text)
            },
          )
          await finishWork(work)
          return [outcome]
        }, options.signal)
      : lake.rowTransaction(
          (connection) => runStatements(lake, connection, [statement], { ...options, session }),
          options.signal,
        )
  const [outcome = statusOf('')] = await written.catch((error: unknown) => {
    throw whileWaiting(error, options)
  })
  return { outcome, notices: outcome.notices ?? [] }
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
  const isQuery = statement.pipeline === undefined || statement.pipeline.kind === 'copy-into-stage'
  const notices = isQuery ? await refreshExternal(lake, statement.text, options.signal) : []
  const done = await runRefreshed(lake, statement, options, session)
  return notices.length === 0 ? done : { ...done, notices: [...notices, ...(done.notices ?? [])] }
}

async function runRefreshed(
  lake: ScriptLake,
  statement: Runnable,
  options: ReadingOptions,
  session: Session,
): Promise<Done> {
  if (statement.statement.kind === 'write') return runWriting(lake, statement.statement, options, session)
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
  const objects = await lake.objects()
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
    planStatement(statement, await readSituation(connection, { session, dialect, nowMs: lake.now() }, needs))
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
