import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { generate } from '../src/generate/generate.ts'
import type { OpenLake } from '../src/lake.ts'
import { historyShape, rejectsShape } from '../src/server/answers.ts'
import { createApp } from '../src/server/app.ts'
import { operations } from '../src/server/openapi/operations.ts'
import { type RunningServer, startServer } from '../src/server/server.ts'
import { serviceOf } from '../src/server/service.ts'
import { openTestLake } from './loading/template.ts'

let directory: string
let lake: OpenLake
let server: RunningServer

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-openapi-'))
  lake = await openTestLake(join(directory, 'lake'))
  const logs = join(directory, 'logs')
  await generate(logs, { type: 'vpc-flow-logs', rows: 2000, files: 7, seed: 5, badLines: 0.02 })
  await lake.load(logs)
  server = await startServer(lake, { host: '127.0.0.1', port: 0, log: pino({ level: 'silent' }) })
})

afterAll(async () => {
  await server.stop()
  await lake.close()
  await rm(directory, { recursive: true, force: true })
})

const ask = (path: string): Promise<Response> =>
  fetch(new URL(path, server.url), { headers: { authorization: `Bearer ${server.token}` } })

const documentShape = z.looseObject({
  openapi: z.literal('3.1.0'),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        operationId: z.string(),
        summary: z.string(),
        parameters: z
          .array(
            z.object({
              name: z.string(),
              in: z.enum(['path', 'query']),
              required: z.boolean(),
              schema: z.looseObject({}),
            }),
          )
          .optional(),
        requestBody: z.looseObject({}).optional(),
        responses: z.looseObject({ '200': z.looseObject({ content: z.record(z.string(), z.looseObject({})) }) }),
      }),
    ),
  ),
})

test('every route is described, and nothing else', async () => {
  const app = createApp(serviceOf(lake, pino({ level: 'silent' })), { token: 't', session: 's' }, () => new Set())
  const routes = app.routes
    .filter(({ path, method }) => path.startsWith('/v1/') && method !== 'ALL' && path !== '/v1/*')
    .map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
  const document = documentShape.parse(await (await ask('/v1/openapi.json')).json())
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  )

  expect(described.toSorted()).toEqual(routes.toSorted())
  const ids = Object.values(document.paths).flatMap((methods) => Object.values(methods).map((one) => one.operationId))
  expect(new Set(ids).size).toBe(ids.length)
})

test('parameters, bodies and lines are described as they are checked', async () => {
  const { paths } = documentShape.parse(await (await ask('/v1/openapi.json')).json())

  expect(paths['/v1/why']?.['get']?.parameters?.map(({ name, required }) => [name, required])).toEqual([
    ['source', true],
    ['destination', true],
    ['port', false],
    ['from', false],
    ['to', false],
    ['language', false],
  ])
  expect(paths['/v1/dashboards/{name}']?.['put']?.parameters).toEqual([
    { name: 'name', in: 'path', required: true, schema: { type: 'string' } },
  ])
  expect(JSON.stringify(paths['/v1/query']?.['post']?.requestBody)).toContain(
    '"enum":["duckdb","snowflake","athena","trino"]',
  )
  expect(Object.keys(paths['/v1/query']?.['post']?.responses['200'].content ?? {})).toEqual(['application/x-ndjson'])
  expect(JSON.stringify(paths)).not.toContain('"schema":{}')
})

const readings = operations.filter(
  ({ method, path, parameters }) =>
    method === 'get' && !path.includes('{') && !Object.hasOwn(parameters?.shape ?? {}, 'source'),
)

test.each(readings.map(({ path, answer }) => [path, answer] as const))(
  'GET %s answers as described',
  async (path, answer) => {
    const value: unknown = await (await ask(`/v1${path}`)).json()

    expect(answer?.safeParse(value).error?.message).toBeUndefined()
  },
)

test('lists come in pages that the header links', async () => {
  const walk = async <Entry>(first: string, shape: z.ZodType<Entry[]>): Promise<Entry[]> => {
    const entries: Entry[] = []
    for (let path: string | undefined = first; path !== undefined;) {
      const response = await ask(path)
      entries.push(...shape.parse(await response.json()))
      path = /^<(.+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1]
    }
    return entries
  }
  const history = await walk('/v1/history?limit=3', historyShape)
  const rejects = await walk('/v1/rejects?limit=4', rejectsShape)

  expect(history).toEqual(await lake.history())
  expect(history).toHaveLength(7)
  expect(rejects).toEqual(await lake.rejects({ limit: 10_000 }))
  expect(rejects.length).toBeGreaterThan(20)
  expect((await ask('/v1/history?after=x')).status).toBe(400)
})
