import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkAccounts, codeOf, folderOf, historyOf, openedLake, rowsOf, statuses, valuesOf } from './lakes.ts'
import { accessLine, flowFile } from './lines.ts'

const custom =
  '2 eni-0a1b2c3d4e5f60718 10.0.0.1 10.0.0.2\n2 eni-0a1b2c3d4e5f60718 10.0.0.3 10.0.0.x\n\n2 eni-0a1b2c3d4e5f60718 10.0.0.5 10.0.0.6\n'
const format = '${version} ${interface-id} ${srcaddr} ${dstaddr}'
const nothing = { replayed: 0, rows: 0, rejects: 0 }

/** As a subscription of CloudWatch Logs sends it: events of a custom format without header. */
const envelope = JSON.stringify({
  messageType: 'DATA_MESSAGE',
  owner: '123456789012',
  logGroup: '/aws/vpc/flowlogs',
  logStream: 'eni-1234567890abcdef',
  subscriptionFilters: ['all'],
  logEvents: [
    { id: '1', timestamp: 1_733_430_000_000, message: '2 eni-1235b8ca123456789 172.31.16.139 172.31.16.21' },
    { id: '2', timestamp: 1_733_430_001_000, message: '2 eni-1235b8ca123456789 172.31.9.69 172.31.9.12' },
  ],
})

test('rejects of a file without header become rows once its format is declared, each under its own line', async () => {
  const folder = folderOf({ 'custom.log': custom, 'good.log': flowFile(2) })
  const file = join(folder, 'custom.log')
  const lake = await openedLake()
  await lake.load(folder)
  const before = await historyOf(lake, file)

  const replay = await lake.replayRejects({ format })

  expect(before).toMatchObject({ status: 'partial', lines: 4, rows: 0, rejects: 3, skipped: 1 })
  expect(replay).toEqual({ replayed: 3, rows: 2, rejects: 1 })
  expect(await historyOf(lake, file)).toMatchObject({ status: 'partial', lines: 4, rows: 2, rejects: 1, skipped: 1 })
  expect(
    await rowsOf(
      lake,
      'select _line::integer as line, srcaddr from lake.vpc_flow_logs where bytes is null order by _line',
    ),
  ).toEqual([
    { line: 1, srcaddr: '10.0.0.1' },
    { line: 4, srcaddr: '10.0.0.5' },
  ])
  expect(await lake.rejects()).toMatchObject([{ file, line: 2 }])
})

test('a second replay moves nothing', async () => {
  const lake = await openedLake()
  await lake.load(folderOf({ 'custom.log': custom }))
  await lake.replayRejects({ format })

  const second = await lake.replayRejects({ format })
  const third = await lake.replayRejects()

  expect(second).toEqual({ replayed: 1, rows: 0, rejects: 1 })
  expect(third).toEqual({ replayed: 1, rows: 0, rejects: 1 })
  expect(await valuesOf(lake, 'select count(*)::integer from vpc_flow_logs')).toEqual([2])
})

test('a replay that can read nothing changes nothing, however often it runs', async () => {
  const folder = folderOf({ 'a.log': `${flowFile(1)}bad\n`, 'b.log': `${accessLine(1)}\nbad\n` })
  const lake = await openedLake()
  await lake.load(folder)

  for (const round of [1, 2, 3])
    expect(await lake.replayRejects(), `round ${round}`).toEqual({ replayed: 2, rows: 0, rejects: 2 })

  expect(await statuses(lake, folder)).toEqual(['a.log: partial', 'b.log: partial'])
  await checkAccounts(lake)
})

test('a file whose every reject has become a row is loaded, and its rows came with the newest commit', async () => {
  const day = 'AWSLogs/123456789012/vpcflowlogs/eu-west-1/2026/05/18'
  const folder = folderOf({ [`${day}/custom.log`]: custom.replace('10.0.0.x', '10.0.0.4') })
  const lake = await openedLake()
  await lake.load(folder)
  await lake.load(folderOf({ 'later.log': flowFile(1) }))

  await lake.replayRejects({ format })

  expect(await historyOf(lake, join(folder, day, 'custom.log'))).toMatchObject({
    status: 'loaded',
    rows: 3,
    rejects: 0,
    skipped: 1,
  })
  expect(
    await rowsOf(
      lake,
      'select path_account_id, path_region, count(*)::integer as rows from vpc_flow_logs where bytes is null group by all',
    ),
  ).toEqual([{ path_account_id: '123456789012', path_region: 'eu-west-1', rows: 3 }])
  expect(
    await valuesOf(
      lake,
      'select distinct _load_id > (select max(load_id) from load_history) from lake.vpc_flow_logs where bytes is null',
    ),
  ).toEqual([true])
  expect(await lake.load(folder)).toMatchObject({ files: 0, skipped_files: 1 })
})

test('events in an envelope of CloudWatch Logs are rejects without a format, and rows after a replay with it', async () => {
  const folder = folderOf({ 'events.json': envelope })
  const lake = await openedLake()

  await lake.load(folder)
  const rejects = await lake.rejects()
  await lake.replayRejects({ format: 'version interface-id srcaddr dstaddr' })

  expect(rejects.map(({ raw, line, reason }) => [raw, line, reason])).toEqual([
    ['2 eni-1235b8ca123456789 172.31.16.139 172.31.16.21', 1, expect.stringMatching(/^[A-Z_]+ .*: /)],
    ['2 eni-1235b8ca123456789 172.31.9.69 172.31.9.12', 2, expect.stringMatching(/^[A-Z_]+ .*: /)],
  ])
  expect(await valuesOf(lake, 'select dstaddr from vpc_flow_logs order by 1')).toEqual(['172.31.16.21', '172.31.9.12'])
  expect(await historyOf(lake, join(folder, 'events.json'))).toMatchObject({
    status: 'loaded',
    lines: 2,
    rows: 2,
    rejects: 0,
  })
})

test('events in an envelope load at once when their format is declared, and once where the envelope comes again', async () => {
  const folder = folderOf({ 'events.json': `${envelope}\n${envelope}` })
  const lake = await openedLake()

  expect(await lake.load(folder, { format })).toMatchObject({ files: 1, rows: 2, rejects: 0 })
})

test('control messages are lines that are skipped, and an object without an event is one reject', async () => {
  const message = (text: string): string => JSON.stringify({ message: text })
  const events = flowFile(2).trimEnd().split('\n').slice(1).map(message)
  const folder = folderOf({
    'events.json': [
      JSON.stringify({ messageType: 'CONTROL_MESSAGE', logEvents: [] }),
      events[0],
      '{"other": 1}',
      events[1],
    ].join('\n'),
  })
  const lake = await openedLake()

  await lake.load(folder, { type: 'vpc-flow-logs' })

  expect(await historyOf(lake, join(folder, 'events.json'))).toMatchObject({
    lines: 4,
    rows: 2,
    rejects: 1,
    skipped: 1,
  })
  expect(await lake.rejects()).toMatchObject([{ raw: '{"other": 1}', line: 3 }])
})

test('broken JSON among events is one reject, and the events after it are rows', async () => {
  const [first, second] = flowFile(2)
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((text) => JSON.stringify({ message: text }))
  const folder = folderOf({ 'events.json': `${first}\n{"message": "2 123456789012 eni-0\n${second}\n` })
  const lake = await openedLake()

  await lake.load(folder)

  expect(await historyOf(lake, join(folder, 'events.json'))).toMatchObject({ lines: 3, rows: 2, rejects: 1 })
})

test('a replay can be of one table or of one file', async () => {
  const folder = folderOf({ 'a.log': custom, 'b.log': custom, 'c.log': `${accessLine(1)}\nbad\n` })
  const lake = await openedLake()
  await lake.load(folder)

  expect(await lake.replayRejects({ table: 's3-access-logs' })).toEqual({ replayed: 1, rows: 0, rejects: 1 })
  expect(await lake.replayRejects({ file: join(folder, 'a.log'), format })).toEqual({
    replayed: 3,
    rows: 2,
    rejects: 1,
  })
  expect(await lake.replayRejects({ table: 'vpc_flow_logs', format })).toEqual({ replayed: 4, rows: 2, rejects: 2 })
  expect(await codeOf(Promise.resolve().then(() => lake.replayRejects({ table: 'nothing' })))).toBe('USAGE')
  expect(await lake.replayRejects({ file: join(folder, 'nowhere') })).toEqual(nothing)
})

test('a reject that was cut, or whose bytes were shown as others, never becomes a row', async () => {
  const long = `2 eni-0a1b2c3d4e5f60718 10.0.0.1 10.0.0.2 ${'x'.repeat(70_000)}`
  const nul = '2 eni-0a1b2c3d4e5f60718\0 10.0.0.1 10.0.0.2'
  const latin = Buffer.from('2 eni-0a1b2c3d4e5f60718\xff 10.0.0.1 10.0.0.2\n', 'latin1')
  const folder = folderOf({
    'a.log': Buffer.concat([Buffer.from(`2 eni-0a1b2c3d4e5f60718 10.0.0.1 10.0.0.2\n${long}\n${nul}\n`), latin]),
  })
  const lake = await openedLake()
  await lake.load(folder)

  const replay = await lake.replayRejects({ format: 'version interface-id srcaddr dstaddr' })
  const again = await lake.replayRejects({ format: 'version interface-id srcaddr dstaddr comment' })

  expect(replay).toEqual({ replayed: 4, rows: 1, rejects: 3 })
  expect(again).toEqual({ replayed: 3, rows: 0, rejects: 3 })
})

test('many rejects move in several commits, each line once', async () => {
  const lines = Array.from(
    { length: 45_000 },
    (_, index) => `2 eni-0a1b2c3d4e5f60718 10.0.${index % 250}.1 10.0.0.2 ${index}`,
  )
  const lake = await openedLake()
  await lake.load(folderOf({ 'a.log': `${lines.join('\n')}\n` }))

  const replay = await lake.replayRejects({ format: 'version interface-id srcaddr dstaddr bytes' })

  expect(replay).toEqual({ replayed: 45_000, rows: 45_000, rejects: 0 })
  expect(
    await rowsOf(
      lake,
      'select count(*)::integer as rows, sum(bytes)::bigint as sum, bool_and(bytes + 1 = _line) as matching from lake.vpc_flow_logs',
    ),
  ).toEqual([{ rows: 45_000, sum: (45_000 * 44_999) / 2, matching: true }])
})

test('two replays at the same time move each line once', async () => {
  const lake = await openedLake()
  await lake.load(folderOf({ 'custom.log': custom }))

  await Promise.all([lake.replayRejects({ format }), lake.replayRejects({ format }), lake.replayRejects({ format })])

  expect(await valuesOf(lake, 'select _line::integer from lake.vpc_flow_logs order by 1')).toEqual([1, 4])
})

test('a replay beside a forced load of the same file leaves each line once', async () => {
  const folder = folderOf({ 'custom.log': custom })
  const lake = await openedLake()
  await lake.load(folder)

  await Promise.all([
    lake.replayRejects({ format }),
    lake.load(folder, { force: true, format }),
    lake.replayRejects({ format }),
  ])

  expect(await valuesOf(lake, 'select _line::integer from lake.vpc_flow_logs order by 1')).toEqual([1, 4])
})
