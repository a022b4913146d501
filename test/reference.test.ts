import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { logTypes } from '../src/log-type/registry.ts'
import { namedQueries } from '../src/named-queries/registry.ts'
import { metricDocs } from '../src/server/metrics.ts'
import { operations } from '../src/server/openapi/operations.ts'

test('the reference page says what the log types say (npm run reference)', async () => {
  const { referencePage } = await import('../scripts/reference.mjs')

  expect(readFileSync('docs/REFERENCE.md', 'utf8')).toBe(referencePage(logTypes))
})

test('the page of named queries says what their files say (npm run reference)', async () => {
  const { queriesPage } = await import('../scripts/reference.mjs')

  expect(readFileSync('docs/QUERIES.md', 'utf8')).toBe(queriesPage(namedQueries(), logTypes))
})

test('the page of the API says what its description says (npm run reference)', async () => {
  const { apiPage } = await import('../scripts/reference.mjs')

  expect(readFileSync('docs/API.md', 'utf8')).toBe(apiPage(operations))
})

test('the page of metrics says what they are (npm run reference)', async () => {
  const { metricsPage } = await import('../scripts/reference.mjs')

  expect(readFileSync('docs/METRICS.md', 'utf8')).toBe(metricsPage(metricDocs))
})
