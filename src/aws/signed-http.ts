import type { Readable } from 'node:stream'
import { Attempts, type RetryPolicy, defaultRetries } from './attempts.ts'
import type { CredentialSource, Credentials } from './credentials.ts'
import type { HttpAnswer, HttpPools, HttpRequest, OpenAnswer } from './pools.ts'
import { ServiceFailure, isExpired } from './service-failure.ts'
import { type SigningScope, emptyPayloadHash, sha256, signHeaders } from './sign.ts'
import { type Timing, systemTiming, until } from './timing.ts'

/** A request to a service, before it is signed. */
export interface AwsRequest {
  readonly origin: string
  readonly lane?: string | undefined
  readonly host: string
  readonly method: HttpRequest['method']
  /** Encoded. */
  readonly path: string
  /** What `encodeQuery` gives; empty for none. */
  readonly query: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | undefined
  readonly scope: SigningScope
  readonly signal?: AbortSignal | undefined
}

export interface SignedHttpOptions {
  readonly pools: HttpPools
  readonly credentials: CredentialSource
  readonly timing?: Timing | undefined
  readonly retries?: Partial<RetryPolicy> | undefined
}

/** Of an answer that is an error. */
const maxErrorBytes = 256 * 1024

/** Sends signed requests, again where that may help. Answers are those with a status of 2xx; all others are thrown as a ServiceFailure. */
export class SignedHttp {
  private readonly pools: HttpPools
  private readonly credentials: CredentialSource
  private readonly timing: Timing
  private readonly retries: RetryPolicy

  constructor({ pools, credentials, timing = systemTiming, retries = {} }: SignedHttpOptions) {
    this.pools = pools
    this.credentials = credentials
    this.timing = timing
    this.retries = { ...defaultRetries, ...retries }
  }

  /** Epoch milliseconds. */
  now(): number {
    return this.timing.now()
  }

  attempts(signal: AbortSignal | undefined): Attempts {
    return new Attempts(this.retries, this.timing, signal)
  }

  /** The whole answer, of at most so many bytes. */
  send(request: AwsRequest, maxBytes: number): Promise<HttpAnswer> {
    return this.repeat(request, this.attempts(request.signal), async (sent) => {
      const answer = await this.pools.send(sent, Math.max(maxBytes, maxErrorBytes))
      if (isError(answer.status)) throw new ServiceFailure(answer.status, answer.headers, answer.body.toString('utf8'))
      return answer
    })
  }

  /** An answer as soon as its head has come. The body's errors are the reader's; `attempts` says how many attempts are left. */
  open(request: AwsRequest, attempts: Attempts): Promise<OpenAnswer> {
    return this.repeat(request, attempts, async (sent) => {
      const answer = await this.pools.open(sent)
      if (isError(answer.status)) throw new ServiceFailure(answer.status, answer.headers, await readStart(answer.body))
      return answer
    })
  }

  private async repeat<Answer>(
    request: AwsRequest,
    attempts: Attempts,
    exchange: (request: HttpRequest) => Promise<Answer>,
  ): Promise<Answer> {
    let isRenewed = false
    let credentials = await until(request.signal, this.credentials.get())
    for (;;) {
      try {
        return await exchange(this.sign(request, credentials))
      } catch (error) {
        if (error instanceof ServiceFailure && isExpired(error) && !isRenewed) {
          isRenewed = true
          credentials = await until(request.signal, this.credentials.replace(credentials))
        } else {
          await attempts.afterFailure(error)
          credentials = await until(request.signal, this.credentials.get())
        }
      }
    }
  }

  private sign(request: AwsRequest, credentials: Credentials): HttpRequest {
    const { origin, lane, method, path, query, body, scope, signal } = request
    const payloadHash = body === undefined ? emptyPayloadHash : sha256(body)
    const headers = signHeaders({ ...request, payloadHash }, credentials, scope, this.timing.now())
    return { origin, lane, method, path: query === '' ? path : `${path}?${query}`, headers, body, signal }
  }
}

function isError(status: number): boolean {
  return status < 200 || status > 299
}

/** The text of an error. One that cannot be read to its end says what it has said so far. */
async function readStart(body: Readable): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  try {
    for await (const part of body) {
      if (!Buffer.isBuffer(part)) break
      parts.push(part)
      bytes += part.length
      if (bytes > maxErrorBytes) break
    }
  } catch {
    // The status is what counts.
  }
  return Buffer.concat(parts).toString('utf8')
}
