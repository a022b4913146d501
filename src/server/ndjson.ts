import { stringifyJson } from './json.ts'
import type { Work } from './running-work.ts'

/** Media type of one JSON value a line. */
export const ndjsonType = 'application/x-ndjson; charset=utf-8'

const encoder = new TextEncoder()

/**
 * A response of one JSON value a line. The next line is made when the client has taken the ones before. When the client
 * goes, the work is aborted and its lines are run to their end, so that what they hold is given back.
 */
export function ndjsonResponse(lines: AsyncGenerator<unknown, void>, work: Work): Response {
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await lines.next()
        if (next.done === true) {
          work.end()
          controller.close()
        } else controller.enqueue(encoder.encode(`${stringifyJson(next.value)}\n`))
      },
      async cancel() {
        work.abort()
        for await (const _ of lines);
        work.end()
      },
    },
    { highWaterMark: 1 },
  )
  return new Response(body, { headers: { 'content-type': ndjsonType } })
}
