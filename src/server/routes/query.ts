import { Hono } from 'hono'
import type { z } from 'zod'
import type { QueryResult } from '../../api.ts'
import { MillraceError } from '../../errors.ts'
import { fillQuery } from '../../named-queries/fill.ts'
import { namedQueries, namedQuery } from '../../named-queries/registry.ts'
import type { NamedQuery } from '../../named-queries/named-query.ts'
import { recordsOf } from '../../sql/records.ts'
import { type Scoped, scopeStatement } from '../../sql/scope.ts'
import { jsonResponse, queryBody, readBody, recordsBody } from '../bodies.ts'
import { failureOf } from '../failures.ts'
import type { KeptResult } from '../kept-results.ts'
import { stringifyJson } from '../json.ts'
import { momentOf, wholeMinute } from '../moment.ts'
import { ndjsonResponse, ndjsonType } from '../ndjson.ts'
import type { Service } from '../service.ts'
import { packRow } from '../wire-rows.ts'

const rowsPerLine = 500

type QueryBody = z.output<typeof queryBody>
type Statement = Pick<QueryBody, 'sql' | 'name' | 'parameters' | 'scope'>

/** What the first line says besides the columns. */
type About = Partial<Pick<Scoped, 'views' | 'unfiltered'>>

async function* resultLines(
  result: QueryResult<object>,
  about: About,
  ended: () => void,
): AsyncGenerator<unknown, void> {
  yield { columns: result.columns, ...about }
  let rows: unknown[] = []
  try {
    for await (const row of result) {
      rows.push(packRow(result.columns, row))
      if (rows.length < rowsPerLine) continue
      yield { rows }
      rows = []
    }
    if (rows.length > 0) yield { rows }
    yield { done: true, truncated: result.truncated }
  } catch (error) {
    yield { error: failureOf(error) }
  } finally {
    ended()
  }
}

/** The statement of a request. */
function statementOf({ sql, name, parameters = {}, scope }: Statement): string {
  if (sql !== undefined) {
    if (name !== undefined || Object.keys(parameters).length > 0)
      throw new MillraceError('USAGE', 'Send either sql, or name with parameters.')
    return sql
  }
  if (name === undefined) throw new MillraceError('USAGE', 'Send either sql, or name with parameters.')
  const query = namedQuery(name)
  const takes = (parameter: string): boolean => query.parameters.some((known) => known.name === parameter)
  const range = {
    ...(scope?.from !== undefined && takes('from') ? { from: scope.from } : {}),
    ...(scope?.to !== undefined && takes('to') ? { to: scope.to } : {}),
  }
  return fillQuery(query, { ...range, ...parameters }, wholeMinute(new Date()))
}

function shown({ sample: _sample, expected: _expected, sampleParameters: _given, ...query }: NamedQuery): object {
  return query
}

/**
 * POST /query: the columns, then rows in batches, then `done` or `error`, one a line. What fails before the first row is answered with
 * a status. POST /records: the statement that gives the records behind its rows. GET /queries: the named queries. GET /views: what there is to query.
 */
export function queryRoutes(service: Service): Hono {
  const { lake, work, metrics, views } = service

  const scoped = async (body: QueryBody): Promise<{ sql: string; about: About }> => {
    const sql = statementOf(body)
    if (body.scope === undefined) return { sql, about: {} }
    const { sql: narrowed, ...about } = scopeStatement(sql, body.scope, await views())
    return { sql: narrowed, about }
  }

  const start = async (sql: string, body: QueryBody, signal: AbortSignal): Promise<QueryResult<object>> => {
    const { maxRows, timeoutMs } = body
    try {
      return await lake.query(sql, { signal, maxRows, timeoutMs })
    } catch (error) {
      // The place that an error names shall be one in the text that was sent.
      const sent = statementOf(body)
      if (sent === sql || !(error instanceof MillraceError) || error.code !== 'SQL_FAILED') throw error
      const other = await lake.query(sent, { signal, timeoutMs })
      other.cancel()
      await other.all().catch(() => undefined)
      throw error
    }
  }

  const whole = async (sql: string, about: About, body: QueryBody, signal: AbortSignal): Promise<KeptResult> => {
    const ended = metrics.startQuery()
    const result = await start(sql, body, signal).catch((error: unknown) => {
      ended()
      throw error
    })
    const parts: Uint8Array[] = []
    let isWhole = false
    for await (const line of resultLines(result, about, ended)) {
      parts.push(Buffer.from(`${stringifyJson(line)}\n`))
      isWhole = typeof line === 'object' && line !== null && 'done' in line
    }
    return { bytes: Buffer.concat(parts), isWhole }
  }

  const kept = async (body: QueryBody, request: AbortSignal): Promise<Response> => {
    const running = work.begin(request)
    try {
      const { sql, about } = await scoped(body)
      const moment = momentOf(sql, new Date())
      const version = moment === undefined ? undefined : await service.version.read()
      const make = (signal: AbortSignal): Promise<KeptResult> => whole(sql, about, body, signal)
      const key = stringifyJson([version, moment, sql, body.maxRows, about])
      const result =
        version === undefined ? await make(running.signal) : await service.kept.get(key, running.signal, make)
      return new Response(Buffer.from(result.bytes), { headers: { 'content-type': ndjsonType } })
    } finally {
      running.end()
    }
  }

  return new Hono()
    .post('/query', async (context) => {
      const body = await readBody(context, queryBody)
      if (body.keep === true) return kept(body, context.req.raw.signal)
      const running = work.begin(context.req.raw.signal)
      const ended = metrics.startQuery()
      try {
        const { sql, about } = await scoped(body)
        const result = await start(sql, body, running.signal)
        return ndjsonResponse(resultLines(result, about, ended), running)
      } catch (error) {
        ended()
        running.end()
        throw error
      }
    })
    .post('/records', async (context) => {
      const { column, ...statement } = await readBody(context, recordsBody)
      const records = await recordsOf(lake, { sql: statementOf(statement), column }, await views())
      return jsonResponse(records ?? null)
    })
    .get('/queries', () => jsonResponse(namedQueries().map(shown)))
    .get('/views', async () => jsonResponse(await views()))
}
