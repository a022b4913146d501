import { Hono } from 'hono'
import { jsonResponse } from '../bodies.ts'
import { openApiDocument } from '../openapi/document.ts'
import type { Service } from '../service.ts'

/** GET /openapi.json: the API, described. */
export function openApiRoutes({ lake }: Service): Hono {
  return new Hono().get('/openapi.json', async () => jsonResponse(openApiDocument((await lake.status()).version)))
}
