import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { serve } from '../aws/servers.ts'
import { StsServer } from '../aws/sts-server.ts'
import { QuickSightServer } from './quicksight-server.ts'

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const keys = { accessKeyId: 'test', secretAccessKey: 'test', sessionToken: undefined, expiresAtMs: undefined }

test('deploy quicksight shows, does, and has then nothing to do', { timeout: 120_000 }, async () => {
  const server = new QuickSightServer()
  const env = {
    ...process.env,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL: await serve(server.respond),
    AWS_ENDPOINT_URL_STS: await serve(new StsServer(keys, Date.now).respond),
  }
  const run = async (...flags: string[]): Promise<{ code: unknown; out: string; err: string }> => {
    const child = spawn(process.execPath, [cli, 'deploy', 'quicksight', ...flags], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    return { code, out, err }
  }

  const shown = await run('--owner', 'Admin/jane', '--dry-run')
  expect(shown).toMatchObject({ code: 0, err: '' })
  expect(shown.out).toContain('3 to create')
  expect(shown.out).toContain('aws quicksight create-dashboard')
  expect(server.sent).toEqual([])

  expect(await run('--owner', 'Admin/jane')).toMatchObject({ code: 2, err: expect.stringContaining('add --yes') })
  expect(server.sent).toEqual([])
  expect(await run('--owner', 'Admin/jane', '--yes')).toMatchObject({ code: 0 })
  expect(server.published('dashboard', 'millrace-dashboard')).toMatchObject({ Name: 'millrace: VPC traffic' })
  const again = await run('--owner', 'Admin/jane', '--yes', '--output', 'json')
  expect(JSON.parse(again.out)).toMatchObject({ done: 0, left: 0, error: null })
  expect(server.sent).toHaveLength(3)

  // What others made is told before anything is sent.
  const giveBack = server.forgetTags()
  const foreign = await run('--dry-run')
  expect(foreign).toMatchObject({ code: 1, out: expect.stringContaining('Choose another --name') })
  expect(server.sent).toHaveLength(3)
  giveBack()

  expect(await run('--destroy', '--yes')).toMatchObject({ code: 0 })
  expect(server.published('dashboard', 'millrace-dashboard')).toBeUndefined()
})
