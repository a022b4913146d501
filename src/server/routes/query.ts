import { Hono } from 'hono'
import type { z } from 'zod'
import type { QueryResult } from '../../api.ts'
import { MillraceError } from '../../errors.ts'
import { shippedStatements } from '../../dashboard/shipped.ts'
import { fillQuery } from '../../named-queries/fill.ts'
import { fillRange, stepOf } from '../../named-queries/range.ts'
import { namedQueries, namedQuery } from '../../named-queries/registry.ts'
import type { NamedQuery } from '../../named-queries/named-query.ts'
import { recordsOf } from '../../sql/records.ts'
import { failureIn } from '../../sql/place.ts'
import { type Scoped, ofBuiltIn, scopeStatement } from '../../sql/scope.ts'
import { jsonResponse, queryBody, readBody, recordsBody } from '../bodies.ts'
import { athenaAnswers } from '../athena-answers.ts'
import type { KeptResult } from '../kept-results.ts'
import { stringifyJson } from '../json.ts'
import { momentOf, wholeMinute } from '../moment.ts'
import { ndjsonResponse, ndjsonType } from '../ndjson.ts'
import { resultLines, wholeResult } from '../result-lines.ts'
import type { Service } from '../service.ts'

type QueryBody = z.output<typeof queryBody>
type Statement = Pick<QueryBody, 'sql' | 'name' | 'parameters' | 'dialect' | 'scope'>

/** What the first line says besides the columns: the views read, columns of filters that none of them has, how a dialect was read and files that were not. */
type About = Partial<Pick<Scoped, 'views' | 'unfiltered'>> & {
  readonly notices?: readonly string[]
  /** These are the built-in views, also where people have a table of the same name. */
  readonly builtIn?: true
}

/** A statement as it was sent, in the engine's dialect, and narrowed to its scope. */
interface Prepared {
  readonly sent: string
  readonly plain: string
  readonly sql: string
  readonly about: About
}

/** The statement of a request. */
function statementOf({ sql, name, parameters = {}, scope }: Statement): string {
  if (sql !== undefined) {
    if (name !== undefined || Object.keys(parameters).length > 0)
      throw new MillraceError('USAGE', 'Send either sql, or name with parameters.')
    return scope === undefined ? sql : fillRange(sql, scope)
  }
  if (name === undefined) throw new MillraceError('USAGE', 'Send either sql, or name with parameters.')
  const query = namedQuery(name)
  const takes = (parameter: string): boolean => query.parameters.some((known) => known.name === parameter)
  const range = {
    ...(scope?.from !== undefined && takes('from') ? { from: scope.from } : {}),
    ...(scope?.to !== undefined && takes('to') ? { to: scope.to } : {}),
    ...(scope !== undefined && takes('step') ? { step: stepOf(scope) } : {}),
  }
  return fillQuery(query, { ...range, ...parameters }, wholeMinute(new Date()))
}

function shown({ sample: _sample, expected: _expected, sampleParameters: _given, ...query }: NamedQuery): object {
  return query
}

/**
 * POST /query: the columns, then rows in batches, then `done` or `error`, one a line. What fails before the first row is answered with
 * a status. POST /records: the statement that gives the records behind its rows. GET /queries: the named queries. GET /views: what there is to query. GET /engines: where it runs.
 */
export function queryRoutes(service: Service): Hono {
  const { lake, work, metrics, views, builtInViews, translate } = service
  const onAthena = athenaAnswers(service)

  /** Whether a statement came with Millrace, or follows from one that did. */
  const isBuiltIn = async ({ sql, builtIn }: Pick<QueryBody, 'sql' | 'builtIn'>): Promise<boolean> =>
    builtIn === true || sql === undefined || (await shippedStatements()).has(sql.trim())

  const prepared = async (body: QueryBody): Promise<Prepared> => {
    const sent = statementOf(body)
    const { sql: plain, notices } = await translate(sent, body.dialect ?? 'duckdb')
    const told = notices.length === 0 ? {} : { notices }
    const isOwn = await isBuiltIn(body)
    if (body.scope === undefined && !isOwn) return { sent, plain, sql: plain, about: told }
    const known = await (isOwn ? builtInViews : views)()
    const { sql, ...about } = scopeStatement(plain, body.scope ?? {}, known)
    const meant = isOwn ? ({ builtIn: true } as const) : {}
    const whole = isOwn ? ofBuiltIn(sql, known) : sql
    return { sent, plain, sql: whole, about: body.scope === undefined ? told : { ...about, ...meant, ...told } }
  }

  const start = async (
    { sent, plain, sql }: Prepared,
    { maxRows, timeoutMs }: QueryBody,
    signal: AbortSignal,
  ): Promise<QueryResult<object>> => {
    try {
      return await lake.query(sql, { signal, maxRows, timeoutMs })
    } catch (error) {
      // The place that an error names shall be one in the text that was sent.
      if (plain === sql || !(error instanceof MillraceError) || error.code !== 'SQL_FAILED')
        throw sent === plain ? error : failureIn(sent, error)
      const other = await lake.query(plain, { signal, timeoutMs }).catch((again: unknown) => {
        throw sent === plain ? again : failureIn(sent, again)
      })
      other.cancel()
      await other.all().catch(() => undefined)
      throw error
    }
  }

  const whole = async (statement: Prepared, body: QueryBody, signal: AbortSignal): Promise<KeptResult> => {
    const ended = metrics.startQuery()
    const result = await start(statement, body, signal).catch((error: unknown) => {
      ended()
      throw error
    })
    return wholeResult(resultLines(result, statement.about, ended))
  }

  const kept = async (body: QueryBody, request: AbortSignal): Promise<Response> => {
    const running = work.begin(request)
    try {
      const { about: known, ...asked } = await prepared(body)
      const { sql } = asked
      // Before the version of the data is asked for: it moves with what is loaded.
      const told = [...(known.notices ?? []), ...(await service.refreshExternal(sql, running.signal))]
      const about = told.length === 0 ? known : { ...known, notices: told }
      const statement = { ...asked, about }
      const moment = momentOf(sql, new Date())
      const make = (signal: AbortSignal): Promise<KeptResult> => whole(statement, body, signal)
      const key = stringifyJson([moment, sql, body.maxRows, about])
      const question = { key, isRefresh: body.refresh === true, make }
      const result =
        moment === undefined ? await make(running.signal) : await service.kept.get(question, running.signal)
      return new Response(Buffer.from(result.bytes), { headers: { 'content-type': ndjsonType } })
    } finally {
      running.end()
    }
  }

  return new Hono()
    .post('/query', async (context) => {
      const body = await readBody(context, queryBody)
      if (body.engine === 'athena') return onAthena(body, statementOf(body), context.req.raw.signal)
      if (body.estimate === true)
        throw new MillraceError(
          'USAGE',
          'Only a query on Athena is estimated. Send engine athena, or leave estimate out.',
        )
      if (body.keep === true) return kept(body, context.req.raw.signal)
      const running = work.begin(context.req.raw.signal)
      const ended = metrics.startQuery()
      try {
        const statement = await prepared(body)
        const result = await start(statement, body, running.signal)
        return ndjsonResponse(resultLines(result, statement.about, ended), running)
      } catch (error) {
        ended()
        running.end()
        throw error
      }
    })
    .post('/records', async (context) => {
      const { column, ...statement } = await readBody(context, recordsBody)
      const { sql } = await translate(statementOf(statement), statement.dialect ?? 'duckdb')
      const known = await ((await isBuiltIn(statement)) ? builtInViews : views)()
      const records = await recordsOf(lake, { sql, column }, known)
      return jsonResponse(records ?? null)
    })
    .get('/queries', () => jsonResponse(namedQueries().map(shown)))
    .get('/views', async () => jsonResponse(await builtInViews()))
    .get('/engines', () => {
      const { athena } = service
      if (athena === undefined) return jsonResponse({})
      const { database, workgroup, pricePerTib } = athena
      return jsonResponse({ athena: { database, workgroup, price_per_tib: pricePerTib } })
    })
}
