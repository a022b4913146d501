import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readFileSync, readdirSync } from 'node:fs'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { chainCredentials, chainRegion } from '../../src/aws/chain.ts'
import { CachedCredentials, type Credentials } from '../../src/aws/credentials.ts'
import { TestClock, keys } from './clients.ts'
import { closeAfterwards, serve } from './servers.ts'

const minute = 60_000

/** Keys that last an hour, a new number each time; `fail` makes the next load fail. */
function hourly(clock: TestClock): { cache: CachedCredentials; loads: () => number; fail: (error: Error) => void } {
  let count = 0
  let failure: Error | undefined
  const load = async (): Promise<Credentials> => {
    count++
    if (failure !== undefined) {
      const error = failure
      failure = undefined
      throw error
    }
    return { ...keys, accessKeyId: `KEY${count}`, expiresAtMs: clock.time + 60 * minute }
  }
  return {
    cache: new CachedCredentials(load, clock),
    loads: () => count,
    fail: (error) => {
      failure = error
    },
  }
}

describe('keys are kept', () => {
  test('and loaded once for all that ask', async () => {
    const { cache, loads } = hourly(new TestClock())
    const got = await Promise.all(Array.from({ length: 50 }, () => cache.get()))
    expect(new Set(got.map(({ accessKeyId }) => accessKeyId))).toEqual(new Set(['KEY1']))
    expect(loads()).toBe(1)
  })

  test('for ever when they do not expire', async () => {
    const clock = new TestClock()
    let loads = 0
    const cache = new CachedCredentials(async () => {
      loads++
      return keys
    }, clock)
    await cache.get()
    clock.time += 1e12
    await cache.get()
    expect(loads).toBe(1)
  })

  test('until five minutes before they expire; then new ones are fetched beside', async () => {
    const clock = new TestClock()
    const { cache, loads } = hourly(clock)
    await cache.get()
    clock.time += 54 * minute
    expect((await cache.get()).accessKeyId).toBe('KEY1')
    expect(loads()).toBe(1)
    clock.time += 2 * minute
    expect((await cache.get()).accessKeyId).toBe('KEY1')
    await expect.poll(async () => (await cache.get()).accessKeyId).toBe('KEY2')
    expect(loads()).toBe(2)
  })

  test('no longer in their last minute', async () => {
    const clock = new TestClock()
    const { cache } = hourly(clock)
    await cache.get()
    clock.time += 59.5 * minute
    expect((await cache.get()).accessKeyId).toBe('KEY2')
  })

  test('when new ones cannot be had, as long as they are valid', async () => {
    const clock = new TestClock()
    const { cache, fail, loads } = hourly(clock)
    await cache.get()
    clock.time += 56 * minute
    fail(new Error('away'))
    expect((await cache.get()).accessKeyId).toBe('KEY1')
    await expect.poll(loads).toBe(2)
    await Promise.resolve()
    expect((await cache.get()).accessKeyId).toBe('KEY1')
    expect(loads()).toBe(2)
    clock.time += 3.5 * minute
    fail(new Error('away'))
    expect((await cache.get()).accessKeyId).toBe('KEY1')
    clock.time += minute
    fail(new Error('away'))
    await expect(cache.get()).rejects.toThrow('away')
    expect((await cache.get()).accessKeyId).toBe('KEY5')
  })

  test('until AWS refuses them, and then replaced once for all', async () => {
    const { cache, loads } = hourly(new TestClock())
    const refused = await cache.get()
    const renewed = await Promise.all(Array.from({ length: 20 }, () => cache.replace(refused)))
    expect(new Set(renewed.map(({ accessKeyId }) => accessKeyId))).toEqual(new Set(['KEY2']))
    expect((await cache.replace(refused)).accessKeyId).toBe('KEY2')
    expect(loads()).toBe(2)
  })
})

describe('the standard chain', () => {
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  /** Nothing of this machine's own. */
  async function homeOf(config: string): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-aws-'))
    closeAfterwards(() => rm(folder, { recursive: true }))
    await writeFile(join(folder, 'config'), config)
    for (const name of Object.keys(process.env).filter((key) => key.startsWith('AWS_'))) vi.stubEnv(name, undefined)
    vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'))
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'config'))
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
  }

  test('reads the environment', async () => {
    await homeOf('')
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDENV')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
    vi.stubEnv('AWS_SESSION_TOKEN', 'token')
    expect(await chainCredentials().get()).toEqual({
      accessKeyId: 'AKIDENV',
      secretAccessKey: 'secret',
      sessionToken: 'token',
      expiresAtMs: undefined,
    })
  })

  test('reads a profile, and reads it anew when its keys were refused', async () => {
    await homeOf('[one]\naws_access_key_id = AKIDONE\naws_secret_access_key = secret\n')
    const source = chainCredentials({ profile: 'one' })
    const first = await source.get()
    expect(first.accessKeyId).toBe('AKIDONE')
    const file = process.env['AWS_SHARED_CREDENTIALS_FILE'] ?? ''
    await writeFile(file, '[one]\naws_access_key_id = AKIDTWO\naws_secret_access_key = secret\n')
    expect((await source.replace(first)).accessKeyId).toBe('AKIDTWO')
  })

  test('asks a container', async () => {
    await homeOf('')
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(
        JSON.stringify({
          AccessKeyId: 'AKIDBOX',
          SecretAccessKey: 'secret',
          Token: 'token',
          Expiration: '2026-11-21T18:00:00Z',
        }),
      )
    })
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `${url}/credentials`)
    expect(await chainCredentials({ timing: new TestClock() }).get()).toMatchObject({
      accessKeyId: 'AKIDBOX',
      sessionToken: 'token',
      expiresAtMs: Date.UTC(2026, 10, 21, 18),
    })
  })

  test('says what to set when it ends without keys', async () => {
    await homeOf('')
    await expect(chainCredentials().get()).rejects.toMatchObject({
      code: 'CREDENTIALS_INVALID',
      message: expect.stringMatching(/^There are no AWS credentials to use \(.+\)\. Set AWS_PROFILE, or /),
    })
    await expect(chainCredentials({ profile: 'none' }).get()).rejects.toMatchObject({
      code: 'CREDENTIALS_INVALID',
      message: expect.stringMatching(/^The profile none gives no AWS credentials \(.+\)\. See whether /),
    })
  })

  test('does not repeat the command of a credential process', async () => {
    await homeOf('[one]\ncredential_process = false --password hunter2\n')
    const error: unknown = await chainCredentials({ profile: 'one' })
      .get()
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'CREDENTIALS_INVALID' })
    expect(String(error)).not.toContain('hunter2')
  })

  test('has a region of the environment or the profile', async () => {
    await homeOf('[default]\nregion = eu-north-1\n[profile two]\nregion = sa-east-1\n')
    expect(await chainRegion({ AWS_REGION: 'us-west-2', AWS_DEFAULT_REGION: 'us-east-2' })).toBe('us-west-2')
    expect(await chainRegion({ AWS_DEFAULT_REGION: 'us-east-2' })).toBe('us-east-2')
    expect(await chainRegion({})).toBe('eu-north-1')
    expect(await chainRegion({}, 'two')).toBe('sa-east-1')
    expect(await chainRegion({}, 'three')).toBe(undefined)
    await expect(chainRegion({ AWS_REGION: 'evil.example/' })).rejects.toMatchObject({ code: 'SETTING_INVALID' })
  })
})

test('the AWS SDK is loaded when keys are asked for, not before', () => {
  const folder = new URL('../../src/aws/', import.meta.url)
  const sources = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'))
  const imports = sources.flatMap((source) => source.match(/^(?:import|export) .*from '.*'$/gm) ?? [])
  expect(imports.length).toBeGreaterThan(30)
  expect(imports.filter((line) => /'@(?:aws-sdk|smithy)\//.test(line))).toEqual([])
})
