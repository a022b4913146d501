import { checkTransactions } from './blocks.ts'
import { MillraceError, type Place } from '../../errors.ts'
import type { Engine } from '../../engines/duckdb.ts'
import type { Dialect } from '../dialects.ts'
import type { Dml } from '../dml/dml.ts'
import { queriesOf } from '../dml/queries.ts'
import { readBodyStatements, readTaskBody } from '../execution/task-body.ts'
import { readCondition } from '../statement/condition.ts'
import { isAction, queriesWithin } from '../actions/registry.ts'
import { whyNotRun } from '../execute/registry.ts'
import { checkReading } from '../guard.ts'
import { failureIn } from '../place.ts'
import { type ScriptStatement, readScript } from '../script.ts'
import { lexicalRules } from '../statement/dialect.ts'
import { lex } from '../statement/lexer.ts'
import { type Body, shorten } from '../statement/reader.ts'
import { sourceOf } from '../statement/source.ts'
import type { PipelineStatement } from '../statement/registry.ts'
import { translate } from '../translate.ts'
import { nothingKnown } from '../translation/known.ts'
import type { ScriptLake } from '../execution/script-lake.ts'
import { failureAt } from '../execution/failure.ts'

/** A statement that can be run. */
export interface Runnable extends ScriptStatement {
  /** A statement about the objects of the lake; the engine's where there is none. */
  readonly pipeline?: PipelineStatement
}

/** Reads a script and finds every statement that would not be run, before the first one is. */
export async function readRunnable(
  script: string,
  values: Readonly<Record<string, string>>,
  dialect: Dialect,
  { engine, names }: Pick<ScriptLake, 'engine' | 'names'>,
): Promise<Runnable[]> {
  const runnable: Runnable[] = []
  const functions = new Set([...(await names()).functions.values()].flatMap((own) => [...own]))
  const parts = readScript(script, { values, dialect })
  checkTransactions(parts, dialect)
  for (const part of parts) {
    const { statement } = part
    if (statement.kind === 'transaction') runnable.push(part)
    else if (statement.kind === 'write') {
      await checkWriting(part, statement.write, dialect, engine, functions)
      runnable.push(part)
    } else if (statement.kind === 'sql' || isEngines(statement, dialect)) {
      await checkSql(part, dialect, engine, functions)
      runnable.push(part)
    } else {
      const why = isAction(statement) ? undefined : whyNotRun(statement)
      if (why !== undefined) throw notRun(part, why)
      for (const within of queriesWithin(statement))
        await checkSql({ ...part, ...within }, within.dialect ?? dialect, engine, functions)
      if (statement.kind === 'create-view') await checkSql({ ...part, ...statement.body }, dialect, engine, functions)
      if (statement.kind === 'create-function') functions.add(statement.name.at(-1)?.text.toLowerCase() ?? '')
      await checkTask(part, statement, dialect, engine, functions)
      runnable.push({ ...part, pipeline: statement })
    }
  }
  return runnable
}

/** The queries of a statement that writes rows. */
async function checkWriting(
  part: ScriptStatement,
  write: Dml,
  dialect: Dialect,
  engine: Engine,
  functions: ReadonlySet<string>,
): Promise<void> {
  if (dialect !== 'duckdb' && dialect !== 'snowflake')
    throw notRun(part, 'rows are written in the dialects duckdb and snowflake; say one of these')
  for (const { text, place } of queriesOf(write))
    await checkSql({ ...part, text, place: place ?? part.place }, dialect, engine, functions).catch(
      (error: unknown) => {
        throw place === undefined ? failureAtStart(part.place, error) : error
      },
    )
}

/** The condition and the body of a task, told of the script that they stand in. */
async function checkTask(
  part: ScriptStatement,
  statement: PipelineStatement,
  dialect: Dialect,
  engine: Engine,
  functions: ReadonlySet<string>,
): Promise<void> {
  const { when, body } = partsOfTask(statement)
  if (when !== undefined) await told(part, when, async () => readCondition(when.text, dialect))
  if (body === undefined) return
  await told(part, body, async () => {
    readTaskBody(body.text, dialect)
    for (const one of readBodyStatements(body.text, dialect))
      if (one.statement.kind === 'write') await checkWriting(one, one.statement.write, dialect, engine, functions)
      else if (one.statement.kind === 'sql') await checkSql(one, dialect, engine, functions)
  })
}

function partsOfTask(statement: PipelineStatement): { readonly when?: Body | undefined; readonly body?: Body } {
  if (statement.kind === 'create-task') return { when: statement.when, body: statement.body }
  if (statement.kind !== 'alter-task') return {}
  if (statement.change.action === 'modify-as') return { body: statement.change.body }
  return statement.change.action === 'modify-when' ? { when: statement.change.body } : {}
}

/** An error within a piece of a statement, told of the script. */
async function told(part: ScriptStatement, { place }: Body, check: () => Promise<unknown>): Promise<void> {
  await check().catch((error: unknown) => {
    if (!(error instanceof MillraceError)) throw error
    const said = error.message.replace(/^line \d+: /, '')
    const within = new MillraceError(error.code, said, error, error.place)
    throw error.place === undefined ? notRun(part, said) : failureAt(place, within)
  })
}

/** SHOW TABLES is a statement of the engine's too. */
function isEngines(statement: PipelineStatement, dialect: Dialect): boolean {
  return dialect === 'duckdb' && statement.kind === 'show' && statement.object === 'TABLE'
}

const writing =
  /^(?:alter|analyze|attach|begin|call|checkpoint|comment|commit|copy|create|delete|detach|drop|execute|export|grant|import|insert|install|load|merge|pragma|prepare|replace|reset|rollback|set|start|truncate|undrop|unset|update|upsert|use|vacuum)\b/i

/** What a statement names may only be made by the script. */
async function checkSql(
  part: ScriptStatement,
  dialect: Dialect,
  engine: Engine,
  functions: ReadonlySet<string>,
): Promise<void> {
  if (writing.test(part.text)) throw notRun(part, 'this version does not run it here; take it out of the script')
  refuseStage(part, dialect)
  const connection = await engine.connect()
  try {
    const { sql } = await translate(part.text, dialect, {
      ...nothingKnown,
      functionNamed: (schema = '', name) => (functions.has(name.toLowerCase()) ? { schema, name } : undefined),
    })
    await checkReading(connection, sql, functions).catch((error: unknown) => {
      throw sql === part.text ? error : failureIn(part.text, error)
    })
  } catch (error) {
    throw failureAt(part.place, error)
  } finally {
    connection.closeSync()
  }
}

/** Queries read tables; of what lies in a stage they know nothing. */
function refuseStage({ text, place }: ScriptStatement, dialect: Dialect): void {
  const source = sourceOf(text)
  const tokens = lex(source, lexicalRules[dialect])
  const stage = tokens.find((token, index) => {
    const before = tokens[index - 1]
    return token.kind === 'stage' && before?.kind === 'word' && (before.upper === 'FROM' || before.upper === 'JOIN')
  })
  if (stage === undefined) return
  const { line, column } = source.placeAt(stage.start)
  const message = `SELECT reads no stage such as ${shorten(text.slice(stage.start, stage.end))}: this version reads tables; load its files with COPY INTO first. Nothing of the script has run.`
  throw failureAt(place, new MillraceError('STATEMENT_UNSUPPORTED', message, undefined, { line, column }))
}

/** An error of a query that was made from a statement's parts: its place is none of the script's. */
function failureAtStart({ line, column }: Place, error: unknown): unknown {
  if (!(error instanceof MillraceError) || error.code === 'STATEMENT_UNSUPPORTED') return error
  const said = error.message.replace(/^line \d+: /, '')
  return new MillraceError(error.code, `line ${line}: ${said}`, error, { line, column })
}

function notRun({ text, place }: ScriptStatement, why: string): MillraceError {
  return new MillraceError(
    'STATEMENT_UNSUPPORTED',
    `line ${place.line}: "${shorten(text)}" is not run: ${why}. Nothing of the script has run.`,
    undefined,
    place,
  )
}
