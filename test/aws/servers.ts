import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import { endings } from '../setup/endings.ts'
import { HttpPools, type PoolLimits } from '../../src/aws/pools.ts'

const closing: (() => Promise<unknown>)[] = []

/** Ends what a test has opened. */
export function closeAfterwards(close: () => Promise<unknown>): void {
  closing.push(close)
}

endings.ofTest.push(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

export type Respond = (request: IncomingMessage, response: ServerResponse) => void

export interface TestServer {
  readonly url: string
  close(): Promise<void>
}

/** A real server on this machine. */
export async function startServer(respond: Respond): Promise<TestServer> {
  const server = createServer(respond)
  server.listen({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.')
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** The address of a server that ends with the test. */
export async function serve(respond: Respond): Promise<string> {
  const server = await startServer(respond)
  closeAfterwards(() => server.close())
  return server.url
}

/** Connections that end with the test. */
export function openPools(limits: Partial<PoolLimits> = {}): HttpPools {
  const pools = new HttpPools(limits)
  closeAfterwards(() => pools.close())
  return pools
}
