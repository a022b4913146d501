import { expect, test } from 'vitest'
import { confirmed } from '../../src/commands/aws/confirm.ts'

test('nobody agrees to what was not shown', async () => {
  const asked = (output: 'table' | 'json', isSaid: boolean) => confirmed('Do these steps?', { output, isSaid })
  expect(await asked('json', true)).toBe(true)
  await expect(asked('json', false)).rejects.toThrow('shown only when they are done')
  await expect(asked('table', false)).rejects.toThrow('no terminal to ask on')
})
