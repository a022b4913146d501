import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { OpenLake } from '../../src/lake.ts'
import { seededRandom } from '../arbitraries/seeded-random.ts'
import { checkAccounts, folderOf, valuesOf } from '../loading/lakes.ts'
import { openTestLake, placeEmptyLake } from '../loading/template.ts'
import { fastTiming } from '../pipes/fast-timing.ts'
import { until } from '../pipes/world.ts'
import { ran } from '../run/running.ts'
import { envelopeOf } from './envelopes.ts'
import { type LogMishap, type LogServer, type LogServerOptions, openLogServer, servedEvent } from './log-server.ts'

const seed = Number(process.env['MILLRACE_TEST_SEED'] ?? Date.now() % 1_000_000_000)
const minute = 60_000
const hour = 60 * minute
const closing: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

interface World {
  readonly server: LogServer
  readonly lake: OpenLake
  readonly now: () => number
  readonly numbers: () => Promise<unknown[]>
}

/** A server and a lake whose clocks go so many times as fast. */
async function openWorld(
  options: Partial<LogServerOptions> = {},
  speed = 600,
  settings: Readonly<Record<string, number>> = {},
): Promise<World> {
  const timing = fastTiming(speed)
  const server = await openLogServer({ pageSize: 7, now: timing.now, ...options })
  closing.push(() => server.close())
  const root = mkdtempSync(join(tmpdir(), 'millrace-logs-'))
  closing.push(async () => rmSync(root, { recursive: true, force: true }))
  placeEmptyLake(join(root, 'lake'))
  writeFileSync(join(root, 'lake', 'settings.json'), JSON.stringify(settings))
  const lake = await openTestLake(join(root, 'lake'), { threads: 1, pipes: { timing } })
  closing.push(() => lake.close())
  const numbers = (): Promise<unknown[]> => valuesOf(lake, 'select bytes::integer from vpc_flow_logs order by all')
  return { server, lake, now: timing.now, numbers }
}

function pipeSql(start = 'ALL', more = ''): string {
  return `create stage s url = 'cloudwatch://eu-west-1//aws/flow';
    create pipe p auto_ingest = true start = '${start}' as
      copy into logs.vpc_flow_logs from @s file_format = (type = vpc_flow_logs${more})`
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)

test('what is there is read back to the beginning, and what comes is followed', async () => {
  const { server, lake, now, numbers } = await openWorld()
  const startMs = now()
  const old = upTo(40).map((number) => servedEvent(number, startMs - 400 * 24 * hour + number * hour))
  const recent = upTo(20).map((number) => servedEvent(40 + number, startMs - number * 3 * minute))
  server.groups.set('/aws/flow', [...old, ...recent])
  await ran(lake, pipeSql())
  await lake.pipes.start(() => undefined)
  await until(numbers, upTo(60))

  // Later, with a time before: of a stream that starts late.
  server.groups.get('/aws/flow')?.push(servedEvent(61, now() - 12 * minute, now(), 'eni-1-all'))
  server.groups.get('/aws/flow')?.push(servedEvent(62, now() - 5000))
  await until(numbers, upTo(62))

  const [status] = (await lake.status()).pipes
  expect(status).toMatchObject({ state: 'running', pending_files: 0, reason: null })
  expect(status?.lag_seconds).toBeTypeOf('number')
  const history = await lake.history({ limit: 1000 })
  expect(
    history.every(({ file }) => /^cloudwatch:\/\/eu-west-1\/\/aws\/flow\?from=.*&to=.*&events=\w+$/.test(file)),
  ).toBe(true)
  // The spool is empty once no load is under way.
  await lake.pipes.stop()
  await checkAccounts(lake)
})

test('events that come later than what is asked for each time are found by a second look, once', async () => {
  const { server, lake, now, numbers } = await openWorld({}, 3000, { log_group_second_look_hours: 1 })
  const startMs = now()
  const late = upTo(20).map((number) => {
    const timestamp = startMs + number * 3 * minute
    return servedEvent(number, timestamp, timestamp + (22 + number) * minute)
  })
  server.groups.set('/aws/flow', late)
  await ran(lake, pipeSql())
  await lake.pipes.start(() => undefined)

  await until(numbers, upTo(20))
  const asked = server.asked.length
  await until(async () => server.asked.length > asked + 5, true)
  expect(await numbers()).toEqual(upTo(20))
  await lake.pipes.stop()
  await checkAccounts(lake)
})

test.each([
  ['NOW', []],
  ['2026-11-20T12:00:00Z', [2, 3]],
])('START = %s begins there', async (start, expected) => {
  const { server, lake, now, numbers } = await openWorld()
  const at = (text: string): number => Date.parse(text)
  const beginMs = start === 'NOW' ? at('2026-11-20T12:00:01.001Z') : at(start)
  server.groups.set('/aws/flow', [
    servedEvent(1, at('2026-11-20T11:59:59.999Z'), 0),
    servedEvent(2, at('2026-11-20T12:00:00Z'), 0),
    servedEvent(3, at('2026-11-20T12:00:01Z'), 0),
  ])
  await ran(lake, pipeSql(start))
  await lake.pipes.start(() => undefined)
  await until(async () => (await lake.status()).pipes[0]?.lag_seconds !== null, true)
  server.groups.get('/aws/flow')?.push(servedEvent(4, now()))

  // What is new is read first, what lies between it and the start after that.
  await until(numbers, [...expected, 4])

  expect(server.asked.filter(({ fromMs }) => fromMs < beginMs)).toEqual([])
})

test('a declared format is read by', async () => {
  const { server, lake, now } = await openWorld()
  server.groups.set('/aws/flow', [{ ...servedEvent(1, now()), message: '10.0.0.1 5 REJECT' }])
  await ran(lake, pipeSql('ALL', " log_format = 'srcaddr bytes action'"))
  await lake.pipes.start(() => undefined)

  await until(() => valuesOf(lake, 'select count(*) from vpc_flow_logs'), [1])

  expect(await valuesOf(lake, "select srcaddr || ' ' || bytes || ' ' || action from vpc_flow_logs")).toEqual([
    '10.0.0.1 5 REJECT',
  ])
})

test('lines that cannot be read are rejects, once', async () => {
  const { server, lake, now } = await openWorld()
  server.groups.set('/aws/flow', [{ ...servedEvent(1, now()), message: 'nonsense' }, servedEvent(2, now())])
  await ran(lake, pipeSql())
  await lake.pipes.start(() => undefined)
  await until(() => valuesOf(lake, 'select raw from load_rejects'), ['nonsense'])
  const asked = server.asked.length
  await until(async () => server.asked.length > asked + 3, true)

  expect(await valuesOf(lake, 'select raw from load_rejects')).toEqual(['nonsense'])
  expect(await lake.history()).toMatchObject([{ lines: 2, rows: 1, rejects: 1, status: 'partial' }])
})

test('the same events come by files and by the API, and are stored once', async () => {
  const { server, lake, now, numbers } = await openWorld()
  const events = upTo(30).map((number) => servedEvent(number, now() - number * minute))
  const wrapped = (some: typeof events) =>
    JSON.stringify(
      envelopeOf(
        some.map(({ eventId, timestamp, message }) => ({ id: eventId, timestamp, message })),
        '/aws/flow',
      ),
    )
  const folder = folderOf({ before: wrapped(events.slice(0, 12)) })
  await lake.load(join(folder, 'before'), { type: 'vpc-flow-logs' })
  server.groups.set('/aws/flow', events.slice(5, 25))
  await ran(lake, pipeSql())
  await lake.pipes.start(() => undefined)
  await until(numbers, upTo(25))
  const after = folderOf({ after: wrapped(events) })
  await lake.load(join(after, 'after'), { type: 'vpc-flow-logs' })

  expect(await numbers()).toEqual(upTo(30))
  // The spool is empty once no load is under way.
  await lake.pipes.stop()
  await checkAccounts(lake)
})

test('a pipe that is made anew goes on where the group was left', async () => {
  const { server, lake, now, numbers } = await openWorld()
  server.groups.set(
    '/aws/flow',
    upTo(10).map((number) => servedEvent(number, now() - (20 + number) * hour)),
  )
  await ran(lake, pipeSql())
  await lake.pipes.start(() => undefined)
  await until(async () => (await lake.pipe('p').details()).listed_at !== null, true)
  await ran(lake, 'drop pipe p')
  const asked = server.asked.length
  await ran(lake, pipeSql().replace(/create stage[^;]*;/, ''))
  await until(async () => server.asked.length > asked + 2, true)

  // What is 12 hours old is asked for a second time, and nothing before that.
  expect(server.asked.slice(asked).every(({ fromMs }) => fromMs > now() - 19 * hour)).toBe(true)
  expect(await numbers()).toEqual(upTo(10))
})

test('a second pipe with an earlier start reads what lies before, and nothing twice', async () => {
  const { server, lake, now, numbers } = await openWorld()
  const all = upTo(12).map((number) => servedEvent(number, now() - number * 20 * minute, 0))
  server.groups.set('/aws/flow', all)
  await ran(lake, pipeSql(new Date(now() - 110 * minute).toISOString()))
  await lake.pipes.start(() => undefined)
  await until(numbers, upTo(5))

  await ran(
    lake,
    "create pipe q auto_ingest = true start = 'ALL' as copy into logs.vpc_flow_logs from @s file_format = (type = vpc_flow_logs)",
  )
  await until(numbers, upTo(12))

  expect(await valuesOf(lake, 'select count(*) from lake.log_groups')).toEqual([1])
  // The spool is empty once no load is under way.
  await lake.pipes.stop()
  await checkAccounts(lake)
})

test('requests keep to so many a second', async () => {
  const { server, lake, now, numbers } = await openWorld({ pageSize: 1 }, 20)
  server.groups.set(
    '/aws/flow',
    upTo(8).map((number) => servedEvent(number, now() - number * minute)),
  )
  await ran(lake, pipeSql('NOW').replace("start = 'NOW'", "start = '2026-11-20'"))
  const startedMs = now()
  await lake.pipes.start(() => undefined)
  await until(numbers, upTo(8))

  for (const [index, at] of server.times.entries()) expect(at - startedMs).toBeGreaterThanOrEqual(index * 250 - 1)
})

test('a group that is not there stalls the pipe, which says why and goes on once it is mended', async () => {
  const { server, lake, now, numbers } = await openWorld()
  await ran(lake, pipeSql())
  await lake.pipes.start(() => undefined)
  await until(async () => (await lake.status()).pipes[0]?.state, 'stalled')
  expect((await lake.status()).pipes[0]?.reason).toMatch(/log group \/aws\/flow of eu-west-1 does not exist/)
  expect(await lake.doctor()).toContainEqual(
    expect.objectContaining({
      level: 'error',
      subject: 'stage MILLRACE.PUBLIC.S',
      message: expect.stringMatching(/does not exist/),
    }),
  )

  server.groups.set('/aws/flow', [servedEvent(1, now())])
  await until(numbers, [1])
  await until(async () => (await lake.status()).pipes[0]?.state, 'running')
  expect(await lake.doctor()).toContainEqual(
    expect.objectContaining({ level: 'ok', subject: 'pipe MILLRACE.PUBLIC.P' }),
  )
})

test(`each event is stored once, whatever befalls requests (MILLRACE_TEST_SEED=${seed})`, async () => {
  const random = seededRandom(seed)
  const mishaps: readonly LogMishap[] = [
    'throttled',
    'slow-down',
    'broken',
    'reset',
    'token-ended',
    'empty',
    'short',
    'repeated',
  ]
  const { server, lake, now, numbers } = await openWorld(
    {
      meddle: () => (random.oneIn(4) ? random.pick(mishaps) : undefined),
    },
    3000,
    { log_group_second_look_hours: 1 },
  )
  const startMs = now()
  const events = upTo(100).map((number) => {
    const timestamp = startMs - 6 * hour + random.below(6 * 60 + 30) * minute
    // Some come up to an hour late, from streams that were not there before.
    const lateMs = random.below(random.oneIn(4) ? 60 : 15) * minute
    return servedEvent(number, timestamp, timestamp + lateMs, `eni-${random.below(5)}-all`)
  })
  server.groups.set('/aws/flow', events)
  await ran(lake, pipeSql())
  await lake.pipes.start(() => undefined)

  await until(numbers, upTo(100))
  const asked = server.asked.length
  await until(async () => server.asked.length > asked + 5, true)
  expect(await numbers()).toEqual(upTo(100))
  // The spool is empty once no load is under way.
  await lake.pipes.stop()
  await checkAccounts(lake)
})
