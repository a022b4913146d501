import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readSetup } from '../../src/aws-setup/setup.ts'

test('the file that the page shows is one, and says what is wanted without a word', () => {
  const page = readFileSync(new URL('../../docs/AWS.md', import.meta.url), 'utf8')
  const [, text = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? []
  const shown = readSetup({ path: 'docs/AWS.md', text }, {})
  const usual = readSetup(undefined, {})
  expect(shown).toMatchObject({ name: usual.name, events: usual.events })
  expect(shown.bucket.name).toBe(usual.bucket.name)
  expect(shown.queue).toMatchObject(usual.queue)
  expect(shown.reader?.role).toBe('millrace-reader')
})
