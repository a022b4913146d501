import { getRequestListener } from '@hono/node-server'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { Logger } from 'pino'
import type { OpenLake } from '../lake.ts'
import { MillraceError, messageOf, systemCodeOf } from '../errors.ts'
import { loopbackAddress, ownHosts, serverUrl } from './addresses.ts'
import { createApp } from './app.ts'
import { serviceOf } from './service.ts'
import { removeServerFile, writeServerFile } from './server-file.ts'

/** How a lake is served. */
export interface ServerOptions {
  /** `127.0.0.1`, `localhost` or `::1`. */
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  readonly log: Logger
}

/** A server that answers. */
export interface RunningServer {
  /** Where it answers, such as `http://127.0.0.1:8484`. */
  readonly url: string
  /** What requests below `/v1` carry. */
  readonly token: string
  /** Stops answering and ends running queries, loads, pipes and tasks. The lake stays open. */
  stop(): Promise<void>
}

const stopMs = 7000

function secret(): string {
  return randomBytes(32).toString('base64url')
}

async function listen(server: Server, address: string, port: number): Promise<number> {
  try {
    server.listen({ host: address, port })
    await once(server, 'listening')
  } catch (error) {
    const code = systemCodeOf(error)
    if (code === 'EADDRINUSE')
      throw new MillraceError(
        'PORT_OCCUPIED',
        `Port ${port} is in use by another program. Choose another with --port, or --port 0 for any that is free.`,
        error,
      )
    throw new MillraceError(
      'USAGE',
      `Port ${port} of ${address} cannot be listened on (${code ?? messageOf(error)}). Choose another with --port.`,
      error,
    )
  }
  const bound = server.address()
  return typeof bound === 'object' && bound !== null ? bound.port : port
}

/** Serves a lake to this machine, and says where in the lake's `server.json`. */
export async function startServer(lake: OpenLake, { host, port, log }: ServerOptions): Promise<RunningServer> {
  const address = loopbackAddress(host)
  const secrets = { token: secret(), session: secret() }
  const service = serviceOf(lake, log)
  const bound: { hosts: ReadonlySet<string> } = { hosts: new Set() }
  const app = createApp(service, secrets, () => bound.hosts)
  const respond = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  const server = createServer((request, response) => {
    void respond(request, response)
  })
  const boundPort = await listen(server, address, port)
  bound.hosts = ownHosts(boundPort)
  const url = serverUrl(address, boundPort)
  const startedAt = new Date().toISOString()
  await writeServerFile(lake.directory, { url, token: secrets.token, pid: process.pid, startedAt }).catch(
    (error: unknown) => {
      server.close()
      throw error
    },
  )
  log.info({ url, lake: lake.directory }, 'The server answers.')
  await lake.pipes.start((pipe, error) => {
    log.warn({ pipe, code: error instanceof MillraceError ? error.code : undefined }, messageOf(error))
  })
  await lake.tasks.start((task, error) => {
    log.warn({ task, code: error instanceof MillraceError ? error.code : undefined }, messageOf(error))
  })
  return {
    url,
    token: secrets.token,
    stop: async () => {
      await removeServerFile(lake.directory, secrets.token)
      server.close()
      server.closeIdleConnections()
      await Promise.all([service.work.stop(stopMs), lake.pipes.stop(), lake.tasks.stop()])
      server.closeAllConnections()
      log.info('The server has stopped.')
    },
  }
}
