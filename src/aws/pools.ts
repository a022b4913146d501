import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import { Pool } from 'undici'
import { MillraceError } from '../errors.ts'
import { heed } from './timing.ts'
import { TransportFailure } from './transport-failure.ts'
import { WholeAnswer } from './whole-answer.ts'

/** A request as it goes over the wire. */
export interface HttpRequest {
  /** `https://host` or `http://host:port`. */
  readonly origin: string
  /** Connections are shared within a lane of their origin: what is slow holds up no more than that. */
  readonly lane?: string | undefined
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE'
  /** Path and query, sent as they are. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | undefined
  readonly signal?: AbortSignal | undefined
}

/** An answer with its body. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** In memory of its own. */
  readonly body: Buffer
  /** False when it was larger than allowed: then the body is empty. */
  readonly isWhole: boolean
}

/** An answer whose body is still to be read, or destroyed. */
export interface OpenAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Readable
}

/** Limits of connections; times in milliseconds. */
export interface PoolLimits {
  /** Connections to one lane of an origin; further requests wait for one. */
  readonly connections: number
  readonly connectMs: number
  /** From the request sent to the head of the answer. */
  readonly headersMs: number
  /** Between two parts of a body. */
  readonly idleMs: number
}

export const defaultLimits: PoolLimits = { connections: 64, connectMs: 5000, headersMs: 30_000, idleMs: 30_000 }

/** Kept-alive connections by origin and lane. Sends what it is given, once. */
export class HttpPools {
  private readonly limits: PoolLimits
  private readonly pools = new Map<string, Pool>()
  private isClosed = false

  constructor(limits: Partial<PoolLimits> = {}) {
    this.limits = { ...defaultLimits, ...limits }
  }

  /** The whole answer, of at most so many bytes. Rejects with a TransportFailure, or with the signal's reason. */
  send(request: HttpRequest, maxBytes: number): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const pool = this.pool(request)
      heed(request.signal)
      pool.dispatch(
        { path: request.path, method: request.method, headers: request.headers, body: request.body ?? null },
        new WholeAnswer(request.method === 'HEAD' ? Infinity : maxBytes, request.signal, resolve, reject),
      )
    })
  }

  /** An answer as soon as its head has come. Rejects as `send` does; errors of the body are those of undici. */
  async open(request: HttpRequest): Promise<OpenAnswer> {
    const pool = this.pool(request)
    heed(request.signal)
    try {
      const { statusCode, headers, body } = await pool.request({
        path: request.path,
        method: request.method,
        headers: request.headers,
        body: request.body ?? null,
        signal: request.signal ?? null,
      })
      // Whoever reads is told of errors. Without this, a body that is destroyed unread would end the process.
      body.on('error', () => undefined)
      return { status: statusCode, headers, body }
    } catch (error) {
      request.signal?.throwIfAborted()
      throw new TransportFailure('answer', error)
    }
  }

  /** Ends all connections; what is under way fails. */
  async close(): Promise<void> {
    this.isClosed = true
    const pools = [...this.pools.values()]
    this.pools.clear()
    await Promise.all(pools.map((pool) => pool.destroy()))
  }

  private pool({ origin, lane = '' }: HttpRequest): Pool {
    if (this.isClosed) throw new MillraceError('LAKE_CLOSED', `${origin} is no longer spoken to: the lake is closed.`)
    const key = `${origin} ${lane}`
    const found = this.pools.get(key)
    if (found !== undefined) return found
    const { connections, connectMs, headersMs, idleMs } = this.limits
    const pool = new Pool(origin, {
      connections,
      pipelining: 1,
      connect: { timeout: connectMs },
      headersTimeout: headersMs,
      bodyTimeout: idleMs,
    })
    this.pools.set(key, pool)
    return pool
  }
}
