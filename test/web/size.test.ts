import { readFileSync, readdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

const folder = new URL('../../dist/web/', import.meta.url)

test('what the page needs before it shows a chart stays below 350 KB', () => {
  const page = readFileSync(new URL('index.html', folder), 'utf8')
  const paths = [...page.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map(([, path]) => path ?? '')
  const sizes = paths.map((path) => gzipSync(readFileSync(new URL(path, folder))).length)

  expect(paths.length).toBeGreaterThan(1)
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(350_000)
})

test('the first load has neither the SQL editor nor the pages of worksheets, pipes and tasks', () => {
  const holds = (name: string, text: string): boolean => readFileSync(new URL(name, folder), 'utf8').includes(text)
  const page = readFileSync(new URL('index.html', folder), 'utf8')
  const first = [...page.matchAll(/"\/(assets\/[^"]+\.js)"/g)].map(([, path]) => path ?? '')
  const all = readdirSync(new URL('assets/', folder)).filter((name) => name.endsWith('.js'))

  for (const text of ['cm-content', 'millrace-history', 'lane-node', 'task-note']) {
    expect(all.some((name) => holds(`assets/${name}`, text))).toBe(true)
    expect(first.filter((name) => holds(name, text))).toEqual([])
  }
})
