import { Agent, type IncomingMessage, request } from 'node:http'
import type { z } from 'zod'
import { MillraceError, messageOf } from '../errors.ts'
import { failureShape } from './answers.ts'
import { isErrorCode } from './failures.ts'
import { parseJson, stringifyJson } from './json.ts'

/** A request to a lake's server. */
export interface Call {
  readonly method: 'GET' | 'POST'
  /** Path below `/v1`, with its parameters. */
  readonly path: string
  readonly body?: object | undefined
  readonly signal?: AbortSignal | undefined
  /** What the error says when the signal aborts. */
  readonly whenCancelled?: string | undefined
  /** How long to wait for an answer to begin; without it, as long as it takes. */
  readonly answerMs?: number | undefined
}

/** Speaks to the server of one lake. Node's own client is used because fetch gives up an answer that takes five minutes to begin. */
export class ServerConnection {
  private readonly agent = new Agent({ keepAlive: true })
  private readonly url: string
  private readonly token: string

  constructor(url: string, token: string) {
    this.url = url
    this.token = token
  }

  /** The one value of an answer, checked. */
  async value<Shape extends z.ZodType>(call: Call, shape: Shape): Promise<z.output<Shape>> {
    const values = await this.lines(call)
    const first = await values.next()
    await values.return()
    return this.check(shape, first.done === true ? undefined : first.value)
  }

  /** The values of an answer, one a line. An answer that is a failure is thrown. */
  async lines(call: Call): Promise<AsyncGenerator<unknown, void>> {
    const response = await this.send(call)
    const values = this.read(response, call)
    if (response.statusCode === 200) return values
    const first = await values.next()
    await values.return()
    throw this.failure(this.check(failureShape, first.done === true ? undefined : first.value))
  }

  /** A value of the server, as the shape that it must have. */
  check<Shape extends z.ZodType>(shape: Shape, value: unknown): z.output<Shape> {
    const parsed = shape.safeParse(value)
    if (parsed.success) return parsed.data
    throw new MillraceError(
      'SERVER_REFUSED',
      `The server at ${this.url} answers in a form this version does not know. Use the same version of Millrace for both.`,
      parsed.error,
    )
  }

  /** The error that a failure stands for. */
  failure({ error }: z.output<typeof failureShape>): MillraceError {
    const { code, message, line, column } = error
    const place = line === undefined || column === undefined ? undefined : { line, column }
    return new MillraceError(isErrorCode(code) ? code : 'INTERNAL', message, undefined, place)
  }

  close(): void {
    this.agent.destroy()
  }

  private send(call: Call): Promise<IncomingMessage> {
    const { method, path, body, signal, answerMs } = call
    const text = body === undefined ? undefined : stringifyJson(body)
    const headers = {
      authorization: `Bearer ${this.token}`,
      ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    }
    return new Promise((resolve, reject) => {
      const sent = request(
        `${this.url}/v1${path}`,
        { method, headers, agent: this.agent, ...(signal === undefined ? {} : { signal }) },
        resolve,
      )
      if (answerMs !== undefined)
        sent.setTimeout(answerMs, () => sent.destroy(new Error(`no answer within ${answerMs} ms`)))
      sent.on('error', (error) => {
        reject(this.broken(call, error))
      })
      sent.end(text)
    })
  }

  private async *read(response: IncomingMessage, call: Call): AsyncGenerator<unknown, void> {
    try {
      for await (const line of linesOf(response)) yield parseJson(line)
    } catch (error) {
      throw this.broken(call, error)
    } finally {
      response.destroy()
    }
  }

  private broken({ signal, whenCancelled }: Call, error: unknown): MillraceError {
    if (signal?.aborted === true)
      return new MillraceError('QUERY_CANCELLED', whenCancelled ?? 'The request was cancelled.', error)
    return new MillraceError(
      'SERVER_REFUSED',
      `The lake's server at ${this.url} went away (${messageOf(error)}). Start it again with "millrace serve", or run the command again without it.`,
      error,
    )
  }
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<string, void> {
  response.setEncoding('utf8')
  let rest = ''
  for await (const chunk of response) {
    const parts = (rest + String(chunk)).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) if (part !== '') yield part
  }
  if (rest !== '') yield rest
}
