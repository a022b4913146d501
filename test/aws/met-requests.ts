import { S3Client as SdkClient } from '@aws-sdk/client-s3'
import type { IncomingHttpHeaders } from 'node:http'
import { expect } from 'vitest'
import type { Credentials } from '../../src/aws/credentials.ts'
import { signHeaders } from '../../src/aws/sign.ts'
import { type TestServer, startServer } from './servers.ts'

/** A request as a server met it. */
export interface Met {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** A server that notes what it is asked, and answers as it is told to. */
export class MeetingServer {
  readonly url: string
  private readonly server: TestServer
  private readonly met: Met[]

  private constructor(server: TestServer, met: Met[]) {
    this.server = server
    this.url = server.url
    this.met = met
  }

  static async start(answerTo: (request: Met) => string): Promise<MeetingServer> {
    const met: Met[] = []
    const server = await startServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const { method = '', url = '', headers } = request
        const one = { method, url, headers, body: Buffer.concat(chunks) }
        met.push(one)
        response.writeHead(200, { etag: '"e"', 'last-modified': 'Sat, 21 Nov 2026 16:00:00 GMT' }).end(answerTo(one))
      })
    })
    return new MeetingServer(server, met)
  }

  /** The one request that this sends. */
  async metBy(send: () => Promise<unknown>): Promise<Met> {
    const [first, ...others] = await this.allMetBy(send)
    if (first === undefined || others.length > 0) throw new Error(`The server met ${others.length + 1} requests.`)
    return first
  }

  /** All requests that this sends. */
  async allMetBy(send: () => Promise<unknown>): Promise<Met[]> {
    this.met.length = 0
    await send()
    return [...this.met]
  }

  /** The AWS SDK, which sends to this server. */
  sdkClient(keys: Credentials, inRegion: string): SdkClient {
    const { accessKeyId, secretAccessKey, sessionToken } = keys
    return new SdkClient({
      endpoint: this.url,
      region: inRegion,
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    })
  }

  close(): Promise<void> {
    return this.server.close()
  }
}

/** Path, and parameters without the one that only the SDK sends: it names the operation. */
export function parts({ url }: Met): { path: string; parameters: string[] } {
  const [path = '', query = ''] = url.split('?')
  const parameters = query.split('&').filter((parameter) => parameter !== '' && !parameter.startsWith('x-id='))
  return { path, parameters: parameters.toSorted() }
}

/** What our signer makes of the request that the SDK sent. */
export function signedAgain({ method, url, headers }: Met, keys: Credentials, inRegion: string): string | undefined {
  const sent: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') sent[name] = value
  const {
    host = '',
    authorization,
    'x-amz-date': date = '',
    'x-amz-content-sha256': payloadHash = '',
    ...others
  } = sent
  const signedNames = /SignedHeaders=([^,]+)/.exec(authorization ?? '')?.[1]?.split(';') ?? []
  const signed = Object.fromEntries(Object.entries(others).filter(([name]) => signedNames.includes(name)))
  const [path = '', query = ''] = url.split('?')
  const dateMs = Date.parse(date.replace(/^(....)(..)(..T..)(..)/, '$1-$2-$3:$4:'))
  const ours = signHeaders(
    {
      method,
      host,
      path,
      query: query
        .split('&')
        .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
        .join('&'),
      headers: signed,
      payloadHash,
    },
    keys,
    { region: inRegion, service: 's3' },
    dateMs,
  )
  expect(ours['x-amz-date']).toBe(date)
  return ours['authorization']
}

function nameOf(parameter: string): string {
  return parameter.split('=')[0] ?? ''
}
