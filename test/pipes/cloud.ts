import { Agent, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse, request as ask } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type FauxqsServer, startFauxqs } from 'fauxqs'
import { z } from 'zod'
import { type TestServer, startServer } from '../aws/servers.ts'

/** What befalls a request. */
export type Mishap =
  /** An error, as AWS words it. */
  | { readonly kind: 'error'; readonly status: number; readonly code: string }
  /** The connection ends without an answer. */
  | { readonly kind: 'reset' }
  /** It is done, but nobody is told. */
  | { readonly kind: 'lost' }
  /** The connection ends after that share of the body. */
  | { readonly kind: 'broken'; readonly share: number }
  /** That share of the body comes as if it were all of it. */
  | { readonly kind: 'short'; readonly share: number }
  /** The body in so many pieces, each so many milliseconds after the other. */
  | { readonly kind: 'drip'; readonly pieces: number; readonly ms: number }
  /** No answer ever. */
  | { readonly kind: 'hang' }

/** A request that a client sent. */
export interface Met {
  /** `get` and `list` of a bucket; else the action of SQS, such as `ReceiveMessage`. */
  readonly action: string
  /** Of a `get`. */
  readonly key: string
  /** Bodies of the messages that a request of SQS names by their receipts. */
  readonly bodies: readonly string[]
}

/** Says what befalls a request; nothing where it is undefined. */
export type Meddle = (met: Met) => Mishap | undefined | Promise<Mishap | undefined>

/** S3 and SQS on this machine, behind a server that lets requests fail. Their clock runs `speed` times as fast: so much sooner are messages visible again. */
export interface Cloud {
  /** Where clients find it. */
  readonly url: string
  makeBucket(name: string): void
  /** Its URL. */
  makeQueue(name: string): string
  /** From now on requests to that bucket or queue are asked about. */
  meddle(name: string, meddle: Meddle): void
  put(bucket: string, key: string, body: Uint8Array | string): Promise<void>
  remove(bucket: string, key: string): Promise<void>
  has(bucket: string, key: string): Promise<boolean>
  send(queue: string, body: string): Promise<void>
  /** Messages that the queue has, those in hand included. */
  messages(queue: string): number
  /** Those that can be received now. */
  visible(queue: string): number
  /** How many messages were given out, each time counted. */
  given(queue: string): number
  close(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

const sqsRequest = z.looseObject({
  QueueUrl: z.string().optional(),
  QueueName: z.string().optional(),
  VisibilityTimeout: z.number().optional(),
  WaitTimeSeconds: z.number().optional(),
  Entries: z.array(z.looseObject({ ReceiptHandle: z.string(), VisibilityTimeout: z.number().optional() })).optional(),
})
const received = z.object({ Messages: z.array(z.object({ ReceiptHandle: z.string(), Body: z.string() })).optional() })

/** Opens one, where the AWS of this process's environment is from now on. */
export async function openCloud(speed: number): Promise<Cloud> {
  const faux = await startFauxqs({ port: 0, logger: false })
  const cloud = new FaultyCloud(faux, speed)
  await cloud.listen()
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: cloud.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  })
  return cloud
}

class FaultyCloud implements Cloud {
  private readonly faux: FauxqsServer
  private readonly speed: number
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1000 })
  private readonly meddlers = new Map<string, Meddle>()
  private readonly bodies = new Map<string, string>()
  private readonly givenOut = new Map<string, number>()
  private server: TestServer | undefined

  constructor(faux: FauxqsServer, speed: number) {
    this.faux = faux
    this.speed = speed
  }

  get url(): string {
    return this.server?.url ?? ''
  }

  async listen(): Promise<void> {
    this.server = await startServer((request, response) => {
      this.serve(request, response).catch(() => {
        response.destroy()
      })
    })
  }

  makeBucket(name: string): void {
    this.faux.createBucket(name)
  }

  makeQueue(name: string): string {
    return this.faux.createQueue(name).queueUrl
  }

  meddle(name: string, meddle: Meddle): void {
    this.meddlers.set(name, meddle)
  }

  async put(bucket: string, key: string, body: Uint8Array | string): Promise<void> {
    await this.forward('PUT', `/${bucket}/${key}`, {}, Buffer.from(body))
  }

  async remove(bucket: string, key: string): Promise<void> {
    await this.forward('DELETE', `/${bucket}/${key}`, {}, Buffer.alloc(0))
  }

  async has(bucket: string, key: string): Promise<boolean> {
    return (await this.forward('HEAD', `/${bucket}/${key}`, {}, Buffer.alloc(0))).status === 200
  }

  async send(queue: string, body: string): Promise<void> {
    await this.sqs('SendMessage', { QueueUrl: this.faux.inspectQueue(queue)?.url, MessageBody: body })
  }

  messages(queue: string): number {
    const { ready = [], delayed = [], inflight = [] } = this.faux.inspectQueue(queue)?.messages ?? {}
    return ready.length + delayed.length + inflight.length
  }

  visible(queue: string): number {
    return this.faux.inspectQueue(queue)?.messages.ready.length ?? 0
  }

  given(queue: string): number {
    return this.givenOut.get(queue) ?? 0
  }

  async close(): Promise<void> {
    await this.server?.close()
    this.agent.destroy()
    await this.faux.stop()
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = request
    const parts: Buffer[] = []
    for await (const part of request) if (Buffer.isBuffer(part)) parts.push(part)
    const body = Buffer.concat(parts)
    const target = headers['x-amz-target']
    if (typeof target === 'string') {
      await this.serveQueue(target.replace('AmazonSQS.', ''), body, headers, response)
      return
    }
    const [, bucket = '', key = ''] = /^\/([^/?]*)\/?([^?]*)/.exec(url) ?? []
    const met = { action: key === '' ? 'list' : 'get', key: decodeURIComponent(key), bodies: [] }
    const mishap = await this.meddlers.get(bucket)?.(met)
    if (mishap?.kind === 'error') {
      const xml = `<?xml version="1.0"?><Error><Code>${mishap.code}</Code><Message>said the test</Message></Error>`
      await give(response, { status: mishap.status, headers: {}, body: Buffer.from(xml) }, undefined)
    } else await give(response, await this.forward(method, url, headers, body), mishap)
  }

  private async serveQueue(
    action: string,
    body: Buffer,
    headers: IncomingHttpHeaders,
    response: ServerResponse,
  ): Promise<void> {
    const asked = sqsRequest.parse(JSON.parse(body.toString()))
    const queue = asked.QueueName ?? asked.QueueUrl?.split('/').at(-1) ?? ''
    const bodies = (asked.Entries ?? []).flatMap(({ ReceiptHandle }) => this.bodies.get(ReceiptHandle) ?? [])
    const mishap = await this.meddlers.get(queue)?.({ action, key: '', bodies })
    if (mishap?.kind === 'error') {
      const error = JSON.stringify({ __type: mishap.code, message: 'said the test' })
      await give(response, { status: mishap.status, headers: {}, body: Buffer.from(error) }, undefined)
      return
    }
    if (mishap?.kind === 'reset' || mishap?.kind === 'hang') {
      await give(response, { status: 200, headers: {}, body: Buffer.alloc(0) }, mishap)
      return
    }
    const sooner = (seconds: number | undefined): number | undefined =>
      seconds === undefined ? undefined : Math.ceil(seconds / this.speed)
    const answer = await this.sqs(
      action,
      {
        ...asked,
        VisibilityTimeout: sooner(asked.VisibilityTimeout),
        WaitTimeSeconds: asked.WaitTimeSeconds === undefined ? undefined : Math.min(asked.WaitTimeSeconds, 1),
        Entries: asked.Entries?.map((entry) => ({
          ...entry,
          VisibilityTimeout: sooner(entry.VisibilityTimeout),
        })),
      },
      headers,
    )
    if (action === 'ReceiveMessage' && answer.status === 200) {
      const messages = received.parse(JSON.parse(answer.body.toString())).Messages ?? []
      for (const { ReceiptHandle, Body } of messages) this.bodies.set(ReceiptHandle, Body)
      this.givenOut.set(queue, this.given(queue) + messages.length)
      // Whoever asked is gone. They would be visible again after a while; here they are at once.
      if (response.destroyed)
        for (const { ReceiptHandle } of messages)
          await this.sqs('ChangeMessageVisibility', { QueueUrl: asked.QueueUrl, ReceiptHandle, VisibilityTimeout: 0 })
    }
    await give(response, answer, mishap)
  }

  private sqs(action: string, body: object, headers: IncomingHttpHeaders = {}): Promise<Answer> {
    const own = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${action}` }
    return this.forward('POST', '/', { ...headers, ...own }, Buffer.from(JSON.stringify(body)))
  }

  private forward(method: string, path: string, headers: IncomingHttpHeaders, body: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = ask(
        {
          agent: this.agent,
          host: '127.0.0.1',
          port: this.faux.port,
          method,
          path,
          headers: { ...headers, 'content-length': body.length },
        },
        (answer) => {
          const parts: Buffer[] = []
          answer.on('data', (part: Buffer) => parts.push(part))
          answer.on('error', reject)
          answer.on('end', () => {
            resolve({ status: answer.statusCode ?? 500, headers: answer.headers, body: Buffer.concat(parts) })
          })
        },
      )
      sent.on('error', reject)
      sent.end(body)
    })
  }
}

/** Gives an answer, with its mishap. */
async function give(
  response: ServerResponse,
  { status, headers, body }: Answer,
  mishap: Mishap | undefined,
): Promise<void> {
  const { 'transfer-encoding': _encoding, connection: _connection, ...rest } = headers
  const length = Number(headers['content-length'] ?? body.length)
  const kind = mishap?.kind
  if (kind === 'hang') return
  if (kind === 'reset' || kind === 'lost') {
    response.destroy()
    return
  }
  const given = mishap !== undefined && 'share' in mishap ? Math.floor(mishap.share * body.length) : body.length
  response.writeHead(status, { ...rest, 'content-length': kind === 'short' ? given : length })
  if (kind === 'broken') {
    response.write(body.subarray(0, given), () => {
      response.destroy()
    })
  } else if (kind === 'drip' && mishap?.kind === 'drip') {
    const size = Math.ceil(body.length / mishap.pieces)
    for (let at = 0; at < body.length && !response.destroyed; at += size) {
      await sleep(mishap.ms)
      response.write(body.subarray(at, at + size))
    }
    response.end()
  } else response.end(body.subarray(0, given))
}
