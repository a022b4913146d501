import type { ServerResponse } from 'node:http'
import { z } from 'zod'
import { type TestServer, startServer } from '../aws/servers.ts'
import { flowLine } from '../loading/lines.ts'

/** An event that the server has. */
export interface ServedEvent {
  readonly eventId: string
  readonly logStreamName: string
  readonly timestamp: number
  readonly message: string
  /** When it can be found: epoch milliseconds of the test's clock. */
  readonly visibleAtMs: number
}

/** What befalls a request. */
export type LogMishap = 'throttled' | 'slow-down' | 'broken' | 'reset' | 'token-ended' | 'empty' | 'short' | 'repeated'

/** CloudWatch Logs on this machine: FilterLogEvents of its groups, and what goes wrong with it. */
export interface LogServer {
  readonly url: string
  /** Events by group; more can be added at any time. */
  readonly groups: Map<string, ServedEvent[]>
  /** Requests that were answered, or not. */
  readonly asked: {
    readonly group: string
    readonly fromMs: number
    readonly toMs: number
    readonly hasToken: boolean
  }[]
  /** Times of requests, in milliseconds. */
  readonly times: number[]
  close(): Promise<void>
}

export interface LogServerOptions {
  /** Events of a page. */
  readonly pageSize: number
  readonly now?: () => number
  readonly meddle?: (request: { readonly hasToken: boolean; readonly number: number }) => LogMishap | undefined
}

const requestForm = z.object({
  logGroupName: z.string(),
  startTime: z.number(),
  endTime: z.number(),
  limit: z.number().optional(),
  nextToken: z.string().optional(),
})

/** Where a page begins. */
const tokenForm = z.object({ place: z.number(), key: z.string() })

/** Opens one, where the AWS of this process's environment is from now on. */
export async function openLogServer({ pageSize, now = Date.now, meddle }: LogServerOptions): Promise<LogServer> {
  const groups: LogServer['groups'] = new Map()
  const asked: LogServer['asked'] = []
  const times: number[] = []
  const server: TestServer = await startServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      if (request.headers['x-amz-target'] !== 'Logs_20140328.FilterLogEvents') {
        refuse(response, 400, 'UnknownOperationException')
        return
      }
      answer(requestForm.parse(JSON.parse(Buffer.concat(parts).toString('utf8'))), response)
    })
  })

  function answer(request: z.infer<typeof requestForm>, response: ServerResponse): void {
    const { logGroupName: group, startTime: fromMs, endTime: toMs, limit = 10_000, nextToken } = request
    const hasToken = nextToken !== undefined
    asked.push({ group, fromMs, toMs, hasToken })
    times.push(now())
    const mishap = meddle?.({ hasToken, number: asked.length })
    if (mishap === 'throttled') refuse(response, 400, 'ThrottlingException')
    else if (mishap === 'slow-down') refuse(response, 429, 'TooManyRequestsException')
    else if (mishap === 'broken') refuse(response, 500, 'InternalFailure')
    else if (mishap === 'reset') response.destroy()
    else if (mishap === 'token-ended' && hasToken) refuse(response, 400, 'InvalidParameterException')
    else if (!groups.has(group)) refuse(response, 400, 'ResourceNotFoundException')
    else {
      const found = (groups.get(group) ?? [])
        .filter((event) => event.timestamp >= fromMs && event.timestamp <= toMs && event.visibleAtMs <= now())
        .toSorted((a, b) => a.timestamp - b.timestamp)
      const key = `${group} ${fromMs} ${toMs}`
      const token = hasToken ? tokenForm.parse(JSON.parse(nextToken)) : { place: 0, key }
      if (token.key !== key) refuse(response, 400, 'InvalidParameterException')
      else {
        const size = mishap === 'empty' ? 0 : Math.min(limit, mishap === 'short' ? 1 : pageSize)
        const page = found.slice(token.place, token.place + size)
        const place = token.place + size
        const again = mishap === 'repeated' ? page : []
        const isLast = place >= found.length && mishap !== 'empty'
        const events = [...page, ...again].map(({ visibleAtMs, ...event }) => ({
          ...event,
          ingestionTime: visibleAtMs,
        }))
        const body = {
          events,
          searchedLogStreams: [],
          ...(isLast ? {} : { nextToken: JSON.stringify({ place, key }) }),
        }
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body))
      }
    }
  }

  Object.assign(process.env, {
    AWS_ENDPOINT_URL: server.url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  })
  return { url: server.url, groups, asked, times, close: () => server.close() }
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response
    .writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
    .end(JSON.stringify({ __type: code, message: 'said the test' }))
}

/** An event with a flow log whose `bytes` is the number; its id is that of `eventsOf`. */
export function servedEvent(
  number: number,
  timestamp: number,
  visibleAtMs = timestamp,
  stream = 'eni-0-all',
): ServedEvent {
  return {
    eventId: `3${String(number).padStart(55, '0')}`,
    logStreamName: stream,
    timestamp,
    message: flowLine(number),
    visibleAtMs,
  }
}
