import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { logTypes } from '../src/log-type/registry.ts'
import { namedQueries } from '../src/named-queries/registry.ts'

test('the reference page says what the log types say (npm run reference)', async () => {
  const { referencePage } = await import('../scripts/reference.mjs')

  expect(readFileSync('docs/REFERENCE.md', 'utf8')).toBe(referencePage(logTypes))
})

test('the page of named queries says what their files say (npm run reference)', async () => {
  const { queriesPage } = await import('../scripts/reference.mjs')

  expect(readFileSync('docs/QUERIES.md', 'utf8')).toBe(queriesPage(namedQueries(), logTypes))
})
