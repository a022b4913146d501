import { Hono } from 'hono'
import { z } from 'zod'
import { readTime } from '../../named-queries/fill.ts'
import { why } from '../../why/why.ts'
import { languages } from '../../why/wording.ts'
import { jsonResponse, readParameters } from '../bodies.ts'
import type { Service } from '../service.ts'

/** `from` and `to` as named queries take times: `2026-11-20 12:00:00` (UTC), `now` or `-12h`. */
export const whyParameters = z.strictObject({
  source: z.string().min(1),
  destination: z.string().min(1),
  port: z.coerce.number().int().optional(),
  from: z.string().default('-24h'),
  to: z.string().default('now'),
  language: z.enum(languages).default('en'),
})

/** GET /why: what the flow logs say of traffic from one address to another, and what that means. */
export function whyRoutes({ lake, work }: Service): Hono {
  return new Hono().get('/why', async (context) => {
    const { from, to, language, ...ends } = readParameters(context, whyParameters)
    const now = new Date()
    const running = work.begin(context.req.raw.signal)
    try {
      const query: typeof lake.query = (sql, options) => lake.query(sql, { ...options, signal: running.signal })
      return jsonResponse(await why({ query }, { ...ends, from: readTime(from, now), to: readTime(to, now) }, language))
    } finally {
      running.end()
    }
  })
}
