import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { flowLogGaps } from './flow-log-gaps.ts'
import { gapsOfMoto } from './gaps.ts'
import { quickSightGaps, withSeconds } from './quicksight-gaps.ts'

/** How a request goes wrong: `before` it reaches moto, `after` it was done there, or `cut`: done, and the connection is lost before the answer. */
export type Fault = 'before' | 'after' | 'cut'

/** Stands before moto, and breaks what it is told to. */
export interface Proxy {
  readonly url: string
  /** Requests that would change something, in their order, such as `PUT /bucket?policy`. */
  readonly changes: string[]
  /** Counts changes from here on, from 0, and lets those go wrong of which it is said. */
  fail(faultOf: (change: number) => Fault | undefined): void
  /** Runs before the next change of which this is a part of the name. */
  before(part: string, run: () => Promise<void>): void
  /** Ends every connection from here on. */
  hangUp(): void
  /** Buckets of others: moto lets every account see them. */
  readonly refused: Set<string>
  close(): Promise<void>
}

interface State {
  faultOf: (change: number) => Fault | undefined
  hook: { part: string; run: () => Promise<void> } | undefined
  hasHungUp: boolean
}

const reading = /^(Get|List|Describe|AssumeRole|Receive|Head)/

export async function openProxy(motoUrl: string): Promise<Proxy> {
  const changes: string[] = []
  const refused = new Set<string>()
  const fillGaps = gapsOfMoto()
  const flowLogs = flowLogGaps()
  const quickSight = quickSightGaps()
  const state: State = { faultOf: () => undefined, hook: undefined, hasHungUp: false }
  const server = createServer((request, answer) => {
    if (state.hasHungUp) return request.socket.destroy()
    void (async () => {
      const given = await buffer(request)
      const body = Buffer.from(isForm(request) ? flowLogs.request(given.toString()) : given)
      const change = changeOf(request, body)
      const index = change === undefined ? -1 : changes.push(change) - 1
      if (refused.has(/^\/([^/?]+)/.exec(request.url ?? '')?.[1] ?? ''))
        return answer.writeHead(403).end('<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>')
      const { hook, faultOf } = state
      if (change !== undefined && hook !== undefined && change.includes(hook.part)) {
        state.hook = undefined
        await hook.run()
      }
      const fault = faultOf(index)
      if (fault === 'before') return answer.writeHead(400).end()
      const sent = quickSight(request, body) ?? (await forward(motoUrl, request, body))
      const text = await sent.text()
      const filled = fillGaps(request.method ?? '', request.url ?? '', body.toString(), text)
      const timed = request.url?.startsWith('/accounts/') === true ? withSeconds(filled) : filled
      const shown = isForm(request) ? flowLogs.answer(body.toString(), timed) : timed
      if (fault === 'after') return answer.writeHead(400).end()
      if (fault === 'cut') return request.socket.destroy()
      const headers = Object.fromEntries([...sent.headers].filter(([name]) => !dropped.has(name)))
      answer.writeHead(sent.status, headers).end(shown)
    })().catch((error: unknown) => {
      answer.destroy(error instanceof Error ? error : new Error(String(error)))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    changes,
    refused,
    fail: (faultOf) => {
      changes.length = 0
      state.faultOf = faultOf
    },
    hangUp: () => {
      state.hasHungUp = true
    },
    before: (part, run) => {
      state.hook = { part, run }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const dropped = new Set(['content-length', 'content-encoding', 'transfer-encoding', 'connection'])

function isForm({ headers }: IncomingMessage): boolean {
  return headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true
}

function portOf(server: Server): number {
  const isPort = (address: AddressInfo | string | null): address is AddressInfo =>
    typeof address === 'object' && address !== null
  const address = server.address()
  return isPort(address) ? address.port : 0
}

function forward(motoUrl: string, request: IncomingMessage, body: Buffer): Promise<Response> {
  const method = request.method ?? 'GET'
  const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' && !['host', 'connection', 'expect', 'content-length'].includes(name)
      ? [[name, value]]
      : [],
  )
  const hasBody = !['GET', 'HEAD'].includes(method) && body.length > 0
  return fetch(`${motoUrl}${request.url ?? '/'}`, {
    method,
    headers,
    ...(hasBody ? { body: new Uint8Array(body) } : {}),
  })
}

function changeOf({ method = '', url = '', headers }: IncomingMessage, body: Buffer): string | undefined {
  const target = headers['x-amz-target']
  const action = typeof target === 'string' ? target.replace(/^.*\./, '') : /Action=(\w+)/.exec(body.toString())?.[1]
  if (action !== undefined && method === 'POST') return reading.test(action) ? undefined : action
  return ['GET', 'HEAD'].includes(method) ? undefined : `${method} ${url.replace(/[?&]x-id=\w+/, '')}`
}
