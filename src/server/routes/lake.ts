import { Hono } from 'hono'
import {
  acceptChangeBody,
  directoryBody,
  historyParameters,
  jsonResponse,
  readBody,
  readParameters,
  rejectParameters,
  replayBody,
} from '../bodies.ts'
import { pageResponse } from '../next-page.ts'
import type { Service } from '../service.ts'

/** What is answered with one JSON value. */
export function lakeRoutes({ lake, version }: Service): Hono {
  return new Hono()
    .get('/lake', () => jsonResponse({ directory: lake.directory }))
    .get('/version', async () => jsonResponse({ version: (await version.read()) ?? null }))
    .get('/status', async () => jsonResponse(await lake.status()))
    .get('/history', async (context) => {
      const options = readParameters(context, historyParameters)
      return pageResponse(context.req.url, await lake.history(options), options.limit)
    })
    .get('/rejects', async (context) => {
      const options = readParameters(context, rejectParameters)
      return pageResponse(context.req.url, await lake.rejects(options), options.limit)
    })
    .post('/rejects/replay', async (context) => {
      const body = await readBody(context, replayBody)
      return jsonResponse(await version.changing(() => lake.replayRejects(body)))
    })
    .post('/accept-change', async (context) =>
      jsonResponse(await lake.acceptChange((await readBody(context, acceptChangeBody)).uri)),
    )
    .post('/backup', async (context) =>
      jsonResponse(await lake.backup((await readBody(context, directoryBody)).directory)),
    )
    .post('/restore', async (context) => {
      const { directory } = await readBody(context, directoryBody)
      return jsonResponse(await version.changing(() => lake.restore(directory)))
    })
    .get('/doctor', async () => jsonResponse(await lake.doctor()))
}
