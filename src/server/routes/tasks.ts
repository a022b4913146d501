import { type Context, Hono } from 'hono'
import type { TaskHandle } from '../../api.ts'
import { jsonResponse, readParameters } from '../bodies.ts'
import { taskHistoryParameters } from '../task-shapes.ts'
import type { Service } from '../service.ts'

/** Streams and tasks: what there is, and what can be done with a task. */
export function taskRoutes({ lake, work }: Service): Hono {
  const taskOf = (context: Context): TaskHandle => lake.task(context.req.param('name') ?? '')
  return new Hono()
    .get('/streams', async () => jsonResponse(await lake.listStreams()))
    .get('/tasks', async () => jsonResponse(await lake.listTasks()))
    .get('/tasks/:name', async (context) => jsonResponse(await taskOf(context).details()))
    .get('/tasks/:name/history', async (context) =>
      jsonResponse(await taskOf(context).history(readParameters(context, taskHistoryParameters))),
    )
    .post('/tasks/:name/resume', async (context) => jsonResponse(await taskOf(context).resume()))
    .post('/tasks/:name/suspend', async (context) => jsonResponse(await taskOf(context).suspend()))
    .post('/tasks/:name/run', async (context) => {
      // The run ends when the client disconnects.
      const running = work.begin(context.req.raw.signal)
      try {
        return jsonResponse(await taskOf(context).run({ signal: running.signal }))
      } finally {
        running.end()
      }
    })
}
