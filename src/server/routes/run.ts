import { Hono } from 'hono'
import type { StatementResult } from '../../api.ts'
import { readBody, runBody } from '../bodies.ts'
import { failureOf } from '../failures.ts'
import { ndjsonResponse } from '../ndjson.ts'
import type { Service } from '../service.ts'
import { packRow } from '../wire-rows.ts'

function lineOf(result: StatementResult): object {
  return { ...result, rows: result.rows.map((row) => packRow(result.columns, row)) }
}

async function* resultLines(
  first: IteratorResult<StatementResult, void>,
  results: AsyncIterator<StatementResult, void>,
): AsyncGenerator<unknown, void> {
  try {
    for (let next = first; next.done !== true; next = await results.next()) yield lineOf(next.value)
    yield { done: true }
  } catch (error) {
    yield { error: failureOf(error) }
  }
}

/** POST /run: what each statement of a script gave, one a line, then `done` or `error`. It ends when the client disconnects. */
export function runRoutes({ lake, work }: Service): Hono {
  return new Hono().post('/run', async (context) => {
    const { script, ...options } = await readBody(context, runBody)
    const running = work.begin(context.req.raw.signal)
    const results = lake.run(script, { ...options, signal: running.signal })[Symbol.asyncIterator]()
    try {
      return ndjsonResponse(resultLines(await results.next(), results), running)
    } catch (error) {
      running.end()
      throw error
    }
  })
}
