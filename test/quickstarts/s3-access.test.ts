import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { accessLine, publishedRow } from './access-lines.ts'
import type { StatementResult } from '../../src/index.ts'
import { startServer } from '../aws/servers.ts'
import { StsServer } from '../aws/sts-server.ts'
import { Clock } from '../tasks/clock.ts'
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

function resultOf(results: readonly StatementResult[], start: RegExp): StatementResult['rows'] {
  return results.find(({ statement }) => start.test(statement.text))?.rows ?? []
}

describe.runIf(existsSync(published))('the published access log script', () => {
  const script = existsSync(published) ? readFileSync(published, 'utf8') : ''

  test('parses every line that its pattern reads, once, and tells of the others', { timeout: 120_000 }, async () => {
    const { bucket } = world
    const clock = new Clock('2026-11-21T12:00:00Z')
    const lake = await world.reopen({ taskTiming: clock })
    // The lake has access logs of its own already, in the built-in table.
    const builtIn = join(world.directory, '..', 'logs')
    mkdirSync(builtIn)
    writeFileSync(
      join(builtIn, 'access.log'),
      `${Array.from({ length: 7 }, (_, index) => accessLine(index)).join('\n')}\n`,
    )
    expect(await lake.load(builtIn, { type: 's3-access-logs' })).toMatchObject({ rows: 7 })

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

    const split = script.indexOf('create warehouse')
    await ran(lake, script.slice(0, split), options)
    const properties = await propertiesOf(lake, 'desc integration s3_int_s3_access_logs')
    // The role's trust policy is written with what DESC shows.
    sts.trusts.set(role, cellOf(properties, 'STORAGE_AWS_EXTERNAL_ID'))
    const results = await ran(lake, script.slice(split), options)
    expect(resultOf(results, /^list/)).toHaveLength(3)
    expect(resultOf(results, /^copy into/).map((row) => [row['status'], row['rows_loaded']])).toEqual([
      ['LOADED', 100],
      ['LOADED', 100],
      ['LOADED', 100],
    ])
    expect(resultOf(results, /^select \*/)).toHaveLength(5)
    expect(resultOf(results, /^alter pipe/)).toEqual([])
    const parsedAtOnce = results.find(({ statement }) => statement.text.startsWith('select parsed_logs'))
    expect(parsedAtOnce?.notices.join()).toContain('gave no row for 75 of 300 inputs')

    await lake.tasks.start((task, error) => {
      throw new Error(`${task}: ${String(error)}`)
    })
    const channel = cellOf(resultOf(results, /^show pipes/)[0] ?? {}, 'notification_channel')
    for (let round = 0; round < 3; round++) {
      if (round > 0) {
        const event = await put(`later-${round}`)
        for (let times = 0; times < 3; times++) await world.sendTo(channel, event)
      }
      await until(() => world.count('select count(*) as n from public.s3_access_logs_staging'), lines.length)
      await clock.pass(600)
      await clock.settled(1)
      const expected = lines.flatMap((line) => {
        const row = publishedRow(line)
        return row === undefined ? [] : [row]
      })
      const rows = await lastRows(lake, 'select * from public.s3_access_logs', { maxRows: 1000 })
      const texts = rows.map((row) =>
        JSON.stringify(
          Object.values(row).map((value) =>
            value === null || typeof value === 'string' ? value : JSON.stringify(value),
          ),
        ),
      )
      expect(texts.toSorted()).toEqual(expected.map((row) => JSON.stringify(row)).toSorted())
    }
    const [last] = await lake.task('s3_access_logs_transformation').history()
    expect(last).toMatchObject({ state: 'SUCCEEDED', rows_inserted: 75 })
    expect(last?.notices.join()).toContain('gave no row for 25 of 100 inputs')
    expect(await lake.doctor()).toContainEqual({
      level: 'warning',
      subject: 'task MILLRACE.PUBLIC.S3_ACCESS_LOGS_TRANSFORMATION',
      message: 'Its functions gave no row for 125 inputs since it was made.',
      mend: expect.stringContaining('TYPE = S3_ACCESS_LOGS'),
    })
    // With nothing new there is nothing to do.
    await clock.pass(600)
    await clock.settled(1)
    expect(await lake.task('s3_access_logs_transformation').history()).toMatchObject([{ state: 'SKIPPED' }, {}, {}, {}])
    expect(await world.count('select count(*) as n from logs.s3_access_logs')).toBe(7)

    const worksheets = script.slice(script.indexOf('-- Investigate'))
    const answers = await ran(lake, worksheets, options)
    expect(answers.map(({ rows }) => rows.length)).toEqual([0, expect.any(Number), expect.any(Number), 0, 0, 100])
  })
})
