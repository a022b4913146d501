import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { PipeHandle, RequestedFile } from '../../api.ts'
import { jsonResponse, readBody, readParameters } from '../bodies.ts'
import type { Service } from '../service.ts'
import {
  historyScanParameters,
  insertFilesBody,
  insertFilesParameters,
  insertReportParameters,
} from '../snowpipe-shapes.ts'

/** Loading without events, as Snowpipe's REST API has it (Snowflake's manual, "Snowpipe REST API"). */
export function snowpipeRoutes({ lake }: Service): Hono {
  const pipeOf = (context: Context): PipeHandle => lake.pipe(context.req.param('pipe') ?? '')
  return new Hono()
    .post('/data/pipes/:pipe/insertFiles', async (context) => {
      const options = readParameters(context, insertFilesParameters)
      return jsonResponse(await pipeOf(context).insertFiles(await filesOf(context), options))
    })
    .get('/data/pipes/:pipe/insertReport', async (context) => {
      const { beginMark } = readParameters(context, insertReportParameters)
      return jsonResponse(await pipeOf(context).insertReport({ beginMark }))
    })
    .get('/data/pipes/:pipe/loadHistoryScan', async (context) => {
      const { requestId: _requestId, ...range } = readParameters(context, historyScanParameters)
      return jsonResponse(await pipeOf(context).loadHistoryScan(range))
    })
}

/** As JSON, or one path a line. */
async function filesOf(context: Context): Promise<readonly RequestedFile[]> {
  const type = context.req.header('content-type') ?? ''
  if (/^application\/json\s*(;|$)/i.test(type)) return (await readBody(context, insertFilesBody)).files
  if (!/^text\/plain\s*(;|$)/i.test(type))
    throw new HTTPException(415, { message: 'Send the files as content-type application/json or text/plain.' })
  const lines = (await context.req.text()).split(/\r?\n/)
  return lines.filter((line) => line.trim() !== '').map((path) => ({ path }))
}
