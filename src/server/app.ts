import { Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { jsonResponse } from './bodies.ts'
import { type Failure, failureOf, statusOf } from './failures.ts'
import { requireOwnHost, requireSecret, type Secrets, secureHeaders } from './guard.ts'
import { dashboardRoutes } from './routes/dashboards.ts'
import { firehoseRoutes } from './routes/firehose.ts'
import { lakeRoutes } from './routes/lake.ts'
import { loadRoutes } from './routes/load.ts'
import { openApiRoutes } from './routes/openapi.ts'
import { pageRoutes } from './routes/page.ts'
import { pipeRoutes } from './routes/pipes.ts'
import { queryRoutes } from './routes/query.ts'
import { runRoutes } from './routes/run.ts'
import { whyRoutes } from './routes/why.ts'
import { worksheetRoutes } from './routes/worksheets.ts'
import { taskRoutes } from './routes/tasks.ts'
import { snowpipeRoutes } from './routes/snowpipe.ts'
import type { Service } from './service.ts'

const maxBodyBytes = 1024 * 1024
/** 5,000 paths of 1,024 bytes, as JSON. */
const maxFilesBytes = 12 * 1024 * 1024

function errorResponse(error: Failure, status: number): Response {
  return jsonResponse({ error }, status)
}

function failed(service: Service, error: unknown): Response {
  if (error instanceof HTTPException) return errorResponse({ code: 'USAGE', message: error.message }, error.status)
  const failure = failureOf(error)
  if (failure.code === 'INTERNAL') service.log.error({ err: error }, 'A request failed.')
  return errorResponse(failure, statusOf(failure))
}

function limitBody(maxSize: number): MiddlewareHandler {
  const error: Failure = { code: 'USAGE', message: `A request body has at most ${maxSize} bytes.` }
  return bodyLimit({ maxSize, onError: () => errorResponse(error, 413) })
}

/** The HTTP application: who is let in, then what is answered. */
export function createApp(service: Service, secrets: Secrets, hosts: () => ReadonlySet<string>): Hono {
  const app = new Hono()
  app.use(secureHeaders())
  app.use(requireOwnHost(hosts))
  app.use(async (context, next) => {
    const startedAt = performance.now()
    await next()
    service.log.debug(
      {
        method: context.req.method,
        path: context.req.path,
        status: context.res.status,
        ms: Math.round(performance.now() - startedAt),
      },
      'request',
    )
  })
  // Before the token is asked for: it has keys of its own.
  app.route('/v1', firehoseRoutes(service))
  app.use('/v1/*', requireSecret(secrets))
  // Not for DELETE: Node 20 cannot wrap a request whose body has neither length nor content.
  const limits = { usual: limitBody(maxBodyBytes), files: limitBody(maxFilesBytes) }
  app.on(['POST', 'PUT'], '/v1/*', (context, next) =>
    limits[context.req.path.endsWith('/insertFiles') ? 'files' : 'usual'](context, next),
  )
  app.get('/healthz', () => jsonResponse({ status: 'ok' }))
  app.get(
    '/metrics',
    async () =>
      new Response(await service.metrics.render(), { headers: { 'content-type': service.metrics.contentType } }),
  )
  app.route('/', pageRoutes(secrets))
  app.route('/v1', queryRoutes(service))
  app.route('/v1', runRoutes(service))
  app.route('/v1', loadRoutes(service))
  app.route('/v1', lakeRoutes(service))
  app.route('/v1', pipeRoutes(service))
  app.route('/v1', taskRoutes(service))
  app.route('/v1', snowpipeRoutes(service))
  app.route('/v1', dashboardRoutes(service))
  app.route('/v1', worksheetRoutes(service))
  app.route('/v1', whyRoutes(service))
  app.route('/v1', openApiRoutes(service))
  app.notFound((context) =>
    errorResponse({ code: 'USAGE', message: `There is no ${context.req.method} ${context.req.path}.` }, 404),
  )
  app.onError((error) => failed(service, error))
  return app
}
