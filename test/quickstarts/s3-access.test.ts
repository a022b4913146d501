import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { accessLine } from './access-lines.ts'
import type { StatementResult } from '../../src/index.ts'
import { startServer } from '../aws/servers.ts'
import { StsServer } from '../aws/sts-server.ts'
import { type World, openWorld, until } from '../pipes/world.ts'
import { cellOf, lastRows, propertiesOf, ran } from '../run/running.ts'

const published = resolve('../shared/quickstarts/s3-access-snowflake.sql')
const role = 'arn:aws:iam::123456789012:role/reader'

let world: World
let sts: StsServer
let stsUrl: Awaited<ReturnType<typeof startServer>>

beforeEach(async () => {
  world = await openWorld()
  sts = new StsServer(
    { accessKeyId: 'test', secretAccessKey: 'test', sessionToken: undefined, expiresAtMs: undefined },
    Date.now,
  )
  stsUrl = await startServer(sts.respond)
  process.env['AWS_ENDPOINT_URL_STS'] = stsUrl.url
})

afterEach(async () => {
  delete process.env['AWS_ENDPOINT_URL_STS']
  await world.close()
  await stsUrl.close()
})

/** The script up to its first REFRESH, and without what this version does not run. */
function firstPart(script: string): string {
  const refresh = /^alter pipe .* refresh;/m.exec(script)
  if (refresh === null) throw new Error('the script has no REFRESH')
  return script.slice(0, refresh.index + refresh[0].length).replace(/^create stream .*;$/m, '')
}

function resultOf(results: readonly StatementResult[], start: RegExp): StatementResult['rows'] {
  return results.find(({ statement }) => start.test(statement.text))?.rows ?? []
}

describe.runIf(existsSync(published))('the published access log script', () => {
  const script = existsSync(published) ? readFileSync(published, 'utf8') : ''

  test('stages every line once, those that come after it by its pipe', { timeout: 120_000 }, async () => {
    const { lake, bucket } = world
    const values = { AWS_ACCOUNT_NUMBER: '123456789012', RoleName: 'reader', BUCKET_NAME: bucket, PREFIX: 'logs' }
    const options = { dialect: 'snowflake', values } as const
    const lines: string[] = []
    const put = async (name: string): Promise<string> => {
      const own = Array.from({ length: 100 }, (_, index) => accessLine(lines.length + index))
      lines.push(...own)
      const text = `${own.join('\n')}\n`
      return world.put(`logs/${name}`, name.endsWith('.gz') ? gzipSync(text) : text)
    }
    for (const name of ['2026-11-21-00-00-00-A', '2026-11-21-01-00-00-B', 'packed.gz']) await put(name)
    await lake.pipes.start(() => undefined)

    const first = firstPart(script)
    const split = first.indexOf('create warehouse')
    await ran(lake, first.slice(0, split), options)
    const properties = await propertiesOf(lake, 'desc integration s3_int_s3_access_logs')
    // The role's trust policy is written with what DESC shows.
    sts.trusts.set(role, cellOf(properties, 'STORAGE_AWS_EXTERNAL_ID'))

    const results = await ran(lake, first.slice(split), options)
    expect(resultOf(results, /^list/)).toHaveLength(3)
    expect(resultOf(results, /^copy into/).map((row) => [row['status'], row['rows_loaded']])).toEqual([
      ['LOADED', 100],
      ['LOADED', 100],
      ['LOADED', 100],
    ])
    expect(resultOf(results, /^select \*/)).toHaveLength(5)
    expect(resultOf(results, /^alter pipe/)).toEqual([])

    const channel = cellOf(resultOf(results, /^show pipes/)[0] ?? {}, 'notification_channel')
    const event = await put('later')
    for (let times = 0; times < 3; times++) await world.sendTo(channel, event)
    await until(() => world.count('select count(*) as n from public.s3_access_logs_staging'), lines.length)

    const rows = await lastRows(lake, 'select raw, timestamp is null as late from s3_access_logs_staging', {
      dialect: 'snowflake',
      maxRows: 1000,
    })
    expect(rows).toHaveLength(lines.length)
    expect(new Set(rows.map((row) => cellOf(row, 'raw')))).toEqual(new Set(lines))
    expect(rows.every(({ late }) => late === false)).toBe(true)
  })
})
