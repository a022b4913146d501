import { Hono } from 'hono'
import { worksheetShape } from '../../worksheet/shape.ts'
import { WorksheetStore } from '../../worksheet/store.ts'
import { jsonResponse, readBody } from '../bodies.ts'
import type { Service } from '../service.ts'

/** Saved worksheets by name: read, written and deleted as a whole. */
export function worksheetRoutes({ lake }: Service): Hono {
  const store = new WorksheetStore(lake.directory)
  return new Hono()
    .get('/worksheets', async () => jsonResponse(await store.list()))
    .get('/worksheets/:name', async (context) => jsonResponse(await store.read(context.req.param('name'))))
    .put('/worksheets/:name', async (context) =>
      jsonResponse(await store.write(context.req.param('name'), await readBody(context, worksheetShape))),
    )
    .delete('/worksheets/:name', async (context) => {
      await store.remove(context.req.param('name'))
      return jsonResponse({})
    })
}
