import type { z } from 'zod'
import { MillraceError } from '../errors.ts'
import { athenaStatement } from './athena-statement.ts'
import type { queryBody } from './bodies.ts'
import { stringifyJson } from './json.ts'
import { type KeptResult, KeptResults } from './kept-results.ts'
import { ndjsonResponse, ndjsonType } from './ndjson.ts'
import { resultLines, wholeResult } from './result-lines.ts'
import type { Service } from './service.ts'

type QueryBody = z.output<typeof queryBody>

const hourMs = 3_600_000
const keptLimits = { maxBytes: 16 * 1024 * 1024, maxResultBytes: 2 * 1024 * 1024, maxRunning: 4 }

/**
 * Answers to queries that name Athena as their engine, once what is to run is a statement. Kept ones hold for the hour of the clock that
 * they were made in: nothing tells when data there change, and each answer is paid for.
 */
export function athenaAnswers(
  service: Service,
): (body: QueryBody, statement: string, request: AbortSignal) => Promise<Response> {
  const { athena, work, metrics } = service
  const results = new KeptResults(keptLimits, {
    version: () => Promise.resolve(String(Math.floor(Date.now() / hourMs))),
    isLoading: () => false,
  })

  return async (body, statement, request) => {
    if (athena === undefined)
      throw new MillraceError(
        'USAGE',
        'Athena is not set up for this lake. Name its database and workgroup as "athena" in settings.json, and start the server again.',
      )
    const dialect = body.dialect ?? (body.name === undefined ? 'athena' : 'duckdb')
    const running = work.begin(request)
    let isStreamed = false
    try {
      const question = { statement, dialect, scope: body.scope }
      const { sql, about } = await athenaStatement({ ...service, athena }, question, running.signal)
      const limits = { maxRows: body.maxRows, timeoutMs: body.timeoutMs }
      if (body.estimate === true) {
        const estimate = await athena.estimate(sql, { ...limits, signal: running.signal })
        return answerOf(`${stringifyJson({ estimate })}\n`)
      }
      const lines = async (signal: AbortSignal): Promise<AsyncGenerator<unknown, void>> => {
        const ended = metrics.startQuery()
        try {
          const result = await athena.run(sql, { ...limits, signal })
          return resultLines(result, about, () => {
            result.close()
            ended()
          })
        } catch (error) {
          ended()
          throw statement.startsWith(sql) ? error : unplaced(error)
        }
      }
      if (body.keep === true) {
        const key = stringifyJson([sql, body.maxRows, about])
        const make = async (signal: AbortSignal): Promise<KeptResult> => wholeResult(await lines(signal))
        const { bytes } = await results.get({ key, isRefresh: false, make }, running.signal)
        return answerOf(bytes)
      }
      const coming = await lines(running.signal)
      isStreamed = true
      return ndjsonResponse(coming, running)
    } finally {
      // What is streamed ends by itself.
      if (!isStreamed) running.end()
    }
  }
}

function answerOf(body: string | Uint8Array): Response {
  return new Response(Buffer.from(body), { headers: { 'content-type': ndjsonType } })
}

/** A place in what was printed or narrowed is none in what was written. */
function unplaced(error: unknown): unknown {
  if (!(error instanceof MillraceError) || error.place === undefined) return error
  return new MillraceError(error.code, error.message, error)
}
