import { Hono } from 'hono'
import type { QueryResult } from '../../api.ts'
import { queryBody, readBody } from '../bodies.ts'
import { failureOf } from '../failures.ts'
import { ndjsonResponse } from '../ndjson.ts'
import type { Service } from '../service.ts'
import { packRow } from '../wire-rows.ts'

const rowsPerLine = 500

async function* resultLines(result: QueryResult<object>, ended: () => void): AsyncGenerator<unknown, void> {
  yield { columns: result.columns }
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

/** POST /query: the columns, then rows in batches, then `done` or `error`, one a line. What fails before the first row is answered with a status. */
export function queryRoutes({ lake, work, metrics }: Service): Hono {
  return new Hono().post('/query', async (context) => {
    const { sql, maxRows, timeoutMs } = await readBody(context, queryBody)
    const running = work.begin(context.req.raw.signal)
    const ended = metrics.startQuery()
    try {
      const result = await lake.query(sql, { signal: running.signal, maxRows, timeoutMs })
      return ndjsonResponse(resultLines(result, ended), running)
    } catch (error) {
      ended()
      running.end()
      throw error
    }
  })
}
