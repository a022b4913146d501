import { Hono } from 'hono'
import { dashboardShape } from '../../dashboard/shape.ts'
import { DashboardStore } from '../../dashboard/store.ts'
import { jsonResponse, readBody } from '../bodies.ts'
import type { Service } from '../service.ts'

/** Dashboards by name: read, written and deleted as a whole. */
export function dashboardRoutes({ lake }: Service): Hono {
  const store = new DashboardStore(lake.directory)
  return new Hono()
    .get('/dashboards', async () => jsonResponse(await store.list()))
    .get('/dashboards/:name', async (context) => jsonResponse(await store.read(context.req.param('name'))))
    .put('/dashboards/:name', async (context) =>
      jsonResponse(await store.write(context.req.param('name'), await readBody(context, dashboardShape))),
    )
    .delete('/dashboards/:name', async (context) => {
      await store.remove(context.req.param('name'))
      return jsonResponse({})
    })
}
