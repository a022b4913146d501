import { expect, test } from 'vitest'
import { filled } from '../../web/src/text/filled.ts'
import { en } from '../../web/src/text/en.ts'
import { ja } from '../../web/src/text/ja.ts'
import { pipesEn } from '../../web/src/text/pipes-en.ts'
import { pipesJa } from '../../web/src/text/pipes-ja.ts'
import { tasksEn } from '../../web/src/text/tasks-en.ts'
import { tasksJa } from '../../web/src/text/tasks-ja.ts'
import { parametersJa } from '../../web/src/text/parameters-ja.ts'
import { namedQueries } from '../../src/named-queries/registry.ts'

test.each([
  [1, '1 record'],
  ['1', '1 record'],
  [0, '0 records'],
  ['1,000', '1,000 records'],
])('%j is said as %s', (count, expected) => {
  expect(filled(en.records, { count })).toBe(expected)
})

test('what has no value stays, and values are no patterns', () => {
  expect(filled('{a} {b}', { a: '{b}' })).toBe('{b} {b}')
})

test.each([
  ['the page', en, ja],
  ['pipes', pipesEn, pipesJa],
  ['tasks', tasksEn, tasksJa],
])('both languages of %s fill the same values', (_, english, japanese) => {
  const names = (text: string): string[] =>
    [...new Set([...text.matchAll(/\{(\w+)/g)].map(([, name = '']) => name))].toSorted()

  for (const [key, text] of Object.entries(english))
    expect([key, names(new Map(Object.entries(japanese)).get(key) ?? '')]).toEqual([key, names(text)])
})

test('what parameters of named queries are for is told in Japanese too', () => {
  const docs = new Set(namedQueries().flatMap(({ parameters }) => parameters.map(({ doc }) => doc)))

  expect([...docs].filter((doc) => !parametersJa.has(doc))).toEqual([])
  expect([...parametersJa.keys()].filter((doc) => !docs.has(doc))).toEqual([])
})
