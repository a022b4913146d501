import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { MillraceError, messageOf } from '../../errors.ts'
import { jsonResponse } from '../bodies.ts'
import { failureOf, statusOf } from '../failures.ts'
import type { Service } from '../service.ts'

/** Firehose's own limit (Developer Guide, "HTTP endpoint delivery request and response specifications"). */
const mostBytes = 64 << 20
/** Of a body that was packed. */
const mostInflated = 128 << 20

const idHeader = 'x-amz-firehose-request-id'

export const firehoseBody = z.object({
  requestId: z.string().regex(/^[\w-]{1,256}$/),
  timestamp: z.int(),
  records: z.array(z.object({ data: z.base64() })),
})

export const firehoseAnswer = z.object({
  requestId: z.string(),
  timestamp: z.int(),
  errorMessage: z.string().optional(),
})

/**
 * What Firehose posts: answered with 200 once it is in the lake, with the id of the request. Any other answer says why in `errorMessage`, and Firehose
 * tries again. Opened by the pipe's own key, not by the server's token.
 */
export function firehoseRoutes({ firehose, work, log }: Service): Hono {
  const refuse = (requestId: string | undefined, status: number, errorMessage: string): Response => {
    log.warn({ requestId, status }, errorMessage)
    return jsonResponse({ requestId: requestId ?? '', timestamp: Date.now(), errorMessage }, status)
  }
  const limit = bodyLimit({
    maxSize: mostBytes,
    onError: (context) => refuse(context.req.header(idHeader), 413, `A request has at most ${mostBytes} bytes.`),
  })
  return new Hono()
    .use('/firehose/:pipe', async ({ req }, next) => {
      const key = req.header('x-amz-firehose-access-key') ?? ''
      if (await firehose.opens(req.param('pipe'), key)) return next()
      const why = 'The access key does not open this address. "millrace firehose PIPE" makes a new one.'
      return refuse(req.header(idHeader), 401, why)
    })
    .use('/firehose/:pipe', limit)
    .post('/firehose/:pipe', async (context) => {
      const { req } = context
      const running = work.begin(req.raw.signal)
      try {
        const { requestId, timestamp, records } = await readDelivery(context)
        const said = req.header(idHeader) ?? requestId
        if (said !== requestId)
          return refuse(said, 400, 'The body is of another request than the header X-Amz-Firehose-Request-Id says.')
        const delivery = { requestId, timestampMs: timestamp, records: records.map(({ data }) => data) }
        await firehose.deliver(req.param('pipe'), delivery, running.signal)
        return jsonResponse({ requestId, timestamp: Date.now() })
      } catch (error) {
        const failure = failureOf(error)
        return refuse(req.header(idHeader), statusOf(failure), failure.message)
      } finally {
        running.end()
      }
    })
}

async function readDelivery(context: Context): Promise<z.infer<typeof firehoseBody>> {
  const bytes = Buffer.from(await context.req.arrayBuffer())
  const encoding = context.req.header('content-encoding')?.toLowerCase() ?? 'identity'
  try {
    if (encoding !== 'gzip' && encoding !== 'identity') throw new Error(`its encoding is ${encoding}`)
    const text = encoding === 'gzip' ? gunzipSync(bytes, { maxOutputLength: mostInflated }) : bytes
    return firehoseBody.parse(JSON.parse(text.toString('utf8')))
  } catch (error) {
    const why = error instanceof z.ZodError ? (error.issues[0]?.message ?? '') : messageOf(error)
    throw new MillraceError('USAGE', `The body is not what Firehose posts (${why}).`, error)
  }
}
