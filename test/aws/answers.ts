import type { IncomingMessage, ServerResponse } from 'node:http'
import { serve } from './servers.ts'

/** How a server answers one request. */
export type Answer = (response: ServerResponse, request: IncomingMessage) => void

/** A server that gives one answer after the other, the last one again and again. `met` are the requests it has met. */
export async function serveInTurn(...answers: readonly Answer[]): Promise<{ url: string; met: IncomingMessage[] }> {
  const met: IncomingMessage[] = []
  const url = await serve((request, response) => {
    const answer = answers[Math.min(met.length, answers.length - 1)]
    met.push(request)
    answer?.(response, request)
  })
  return { url, met }
}

/** An error as S3 words it. */
export function failing(
  status: number,
  code: string,
  { message = `It is ${code}.`, more = '', headers = {} }: { message?: string; more?: string; headers?: object } = {},
): Answer {
  return (response) => {
    response
      .writeHead(status, { 'content-type': 'application/xml', ...headers })
      .end(`<Error><Code>${code}</Code><Message>${message}</Message>${more}</Error>`)
  }
}

/** A whole object. */
export function giving(body: string, etag = 'e1'): Answer {
  return (response) => {
    response.writeHead(200, { 'content-length': body.length, etag: `"${etag}"` }).end(body)
  }
}

/** Announces a whole object and ends the connection after some of it. */
export function breakingOff(body: string, after: number, etag = 'e1'): Answer {
  return (response) => {
    response.writeHead(200, { 'content-length': body.length, etag: `"${etag}"` })
    response.write(body.slice(0, after), () => response.socket?.destroy())
  }
}

/** The rest from the byte that was asked for on. `upTo` ends it early. */
export function givingRest(body: string, upTo = body.length, etag = 'e1'): Answer {
  return (response, request) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1])
    response.writeHead(206, {
      'content-length': body.length - from,
      'content-range': `bytes ${from}-${body.length - 1}/${body.length}`,
      etag: `"${etag}"`,
    })
    response.write(body.slice(from, upTo), () => (upTo < body.length ? response.socket?.destroy() : response.end()))
  }
}

/** Ends the connection without an answer. */
export const resetting: Answer = (response) => {
  response.socket?.resetAndDestroy()
}

/** Never answers. */
export const silent: Answer = () => undefined
