import { readFileSync } from 'node:fs'
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
