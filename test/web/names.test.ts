import { expect, test } from 'vitest'
import { fileName } from '../../src/text-folder/file-name.ts'
import { fileNameOf, freeName } from '../../web/src/app/file-names.ts'
import { en } from '../../web/src/text/en.ts'
import { ja } from '../../web/src/text/ja.ts'

test.each([
  ['Traffic of Team A', 'traffic-of-team-a'],
  ['../../etc/passwd', 'etc-passwd'],
  ['ダッシュボード', 'dashboard'],
  ['Über die Mühle!', 'uber-die-muhle'],
  ['x'.repeat(200), 'x'.repeat(64)],
])('a title gives a name: %s', (title, name) => {
  expect(fileNameOf(title, 'dashboard')).toBe(name)
  expect(fileName.safeParse(name).success).toBe(true)
})

test('a name that is taken gets a number', () => {
  expect(freeName('a', ['a', 'a-2'])).toBe('a-3')
  expect(freeName('a', [])).toBe('a')
})

test('both languages fill in the same', () => {
  const filled = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).toSorted()
  const all = (texts: Readonly<Record<string, string>>): object =>
    Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, filled(text)]))

  expect(all(ja)).toEqual(all(en))
})
