import { type Context, Hono } from 'hono'
import type { PipeHandle } from '../../api.ts'
import { jsonResponse, readBody, readParameters } from '../bodies.ts'
import { parkedParameters, refreshBody } from '../pipe-shapes.ts'
import type { Service } from '../service.ts'

/** Pipes and stages: what there is, and what can be done with a pipe. */
export function pipeRoutes({ lake, work }: Service): Hono {
  const pipeOf = (context: Context): PipeHandle => lake.pipe(context.req.param('name') ?? '')
  /** What loads ends when the client disconnects. */
  const loading = async (context: Context, load: (signal: AbortSignal) => Promise<object>): Promise<Response> => {
    const running = work.begin(context.req.raw.signal)
    try {
      return jsonResponse(await load(running.signal))
    } finally {
      running.end()
    }
  }

  return new Hono()
    .get('/stages', async () => jsonResponse(await lake.listStages()))
    .get('/pipes', async () => jsonResponse(await lake.listPipes()))
    .get('/pipes/:name', async (context) => jsonResponse(await pipeOf(context).details()))
    .get('/pipes/:name/parked', async (context) =>
      jsonResponse(await pipeOf(context).parked(readParameters(context, parkedParameters))),
    )
    .post('/pipes/:name/pause', async (context) => jsonResponse(await pipeOf(context).pause()))
    .post('/pipes/:name/resume', async (context) => jsonResponse(await pipeOf(context).resume()))
    .post('/pipes/:name/access-key', async (context) => jsonResponse(await pipeOf(context).renewAccessKey()))
    .post('/pipes/:name/refresh', async (context) => {
      const isBare = context.req.header('content-type') === undefined
      const range = isBare ? {} : await readBody(context, refreshBody)
      return loading(context, (signal) => pipeOf(context).refresh({ ...range, signal }))
    })
    .post('/pipes/:name/retry', (context) => loading(context, (signal) => pipeOf(context).retry({ signal })))
}
