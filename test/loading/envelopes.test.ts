import { gzipSync } from 'node:zlib'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { seededRandom } from '../arbitraries/seeded-random.ts'
import { type Envelope, controlMessage, envelopeOf, eventsOf } from '../cloudwatch/envelopes.ts'
import { folderOf, historyOf, openedLake, rowsOf, valuesOf, writeFiles } from './lakes.ts'
import { flowLine } from './lines.ts'

const seed = Number(process.env['MILLRACE_TEST_SEED'] ?? Date.now() % 1_000_000_000)
const declared = { type: 'vpc-flow-logs' } as const

/** How Firehose may write records, each an envelope in gzip as CloudWatch Logs sends it. */
const packings: Readonly<Record<string, (records: readonly Buffer[]) => Buffer>> = {
  'members one behind the other': (records) => Buffer.concat(records),
  'members on lines of their own': (records) => Buffer.concat(records.flatMap((record) => [record, Buffer.from('\n')])),
  'packed once more': (records) => gzipSync(Buffer.concat(records)),
  'on lines and packed once more': (records) =>
    gzipSync(Buffer.concat(records.flatMap((record) => [record, Buffer.from('\r\n')]))),
}

function packed(envelopes: readonly Envelope[]): Buffer[] {
  return envelopes.map((envelope) => gzipSync(JSON.stringify(envelope)))
}

test.each(Object.entries(packings))('records are read where they are %s', async (_, pack) => {
  const records = packed([envelopeOf(eventsOf(1, 3)), controlMessage, envelopeOf(eventsOf(4, 2))])
  const folder = folderOf({ 'firehose-1': pack(records) })
  const lake = await openedLake()

  expect(await lake.load(folder)).toMatchObject({ files: 1, failed_files: 0, rows: 5, rejects: 0 })

  expect(await historyOf(lake, join(folder, 'firehose-1'))).toMatchObject({ lines: 6, rows: 5, skipped: 1 })
})

test('an envelope that is longer than what is looked at first is known, and so are control messages alone', async () => {
  const folder = folderOf({
    long: JSON.stringify(envelopeOf(eventsOf(1, 2000))),
    control: gzipSync(JSON.stringify(controlMessage)),
  })
  const lake = await openedLake()

  expect(await lake.load(folder)).toMatchObject({ files: 2, failed_files: 0, rows: 2000 })
  expect(await historyOf(lake, join(folder, 'control'))).toMatchObject({ lines: 1, skipped: 1, status: 'empty' })
})

test('what is broken is a reject or a failed file, and the rest is read', async () => {
  const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = packed([
    envelopeOf(eventsOf(1, 2)),
    envelopeOf(eventsOf(3, 2)),
  ])
  const broken = JSON.stringify(envelopeOf(eventsOf(5, 2))).slice(0, 150)
  const folder = folderOf({
    text: `${broken}\n${JSON.stringify(envelopeOf(eventsOf(7, 2)))}`,
    cut: Buffer.concat([first, second.subarray(0, -9)]),
    'cut-lines': Buffer.concat([first, Buffer.from('\n'), second.subarray(0, -9)]),
    damaged: Buffer.concat([first, Buffer.from('\n'), second.fill(7, 30, 60)]),
    garbage: Buffer.concat([first, Buffer.from('\nno gzip')]),
  })
  const lake = await openedLake()

  await lake.load(folder, declared)

  expect(await historyOf(lake, join(folder, 'text'))).toMatchObject({ lines: 3, rows: 2, rejects: 1 })
  expect(await historyOf(lake, join(folder, 'cut'))).toMatchObject({ status: 'failed', rows: 0 })
  expect(await historyOf(lake, join(folder, 'cut-lines'))).toMatchObject({ status: 'failed', rows: 0 })
  expect(await historyOf(lake, join(folder, 'damaged'))).toMatchObject({ status: 'failed', rows: 0 })
  expect(await historyOf(lake, join(folder, 'garbage'))).toMatchObject({ status: 'failed', rows: 0 })
  expect(await lake.history({ status: 'failed' })).toMatchObject(
    Array.from({ length: 4 }, () => ({ error: expect.stringMatching(/gzip/) })),
  )
})

test('an event that comes in several files is stored once, whichever comes first', async () => {
  const folder = folderOf({
    a: JSON.stringify(envelopeOf(eventsOf(1, 4))),
    b: JSON.stringify(envelopeOf([...eventsOf(3, 4), ...eventsOf(6, 1)])),
  })
  const lake = await openedLake()
  await lake.load(folder, declared)
  writeFiles(folder, {
    c: JSON.stringify(envelopeOf(eventsOf(1, 8))),
    other: JSON.stringify(envelopeOf(eventsOf(1, 2), 'another-group')),
  })

  await lake.load(folder, declared)

  expect(await valuesOf(lake, 'select bytes from vpc_flow_logs order by all')).toEqual([1, 1, 2, 2, 3, 4, 5, 6, 7, 8])
  expect(await historyOf(lake, join(folder, 'c'))).toMatchObject({ lines: 8, rows: 2, skipped: 6, status: 'loaded' })
})

test('a file that is loaded again, or changes, has its events again', async () => {
  const folder = folderOf({ a: JSON.stringify(envelopeOf(eventsOf(1, 4))) })
  const lake = await openedLake()
  await lake.load(folder, declared)

  await lake.load(folder, { ...declared, force: true })
  expect(await valuesOf(lake, 'select bytes from vpc_flow_logs order by all')).toEqual([1, 2, 3, 4])

  writeFiles(folder, { a: JSON.stringify(envelopeOf(eventsOf(3, 5))) })
  await lake.load(folder, declared)
  expect(await valuesOf(lake, 'select bytes from vpc_flow_logs order by all')).toEqual([3, 4, 5, 6, 7])
  expect(await valuesOf(lake, 'select count(*) from lake.log_events')).toEqual([5])
})

test('events of a file that fails are there for the file that has them too', async () => {
  const both = JSON.stringify(envelopeOf(eventsOf(1, 3)))
  const cut = gzipSync(both.repeat(3) + JSON.stringify(envelopeOf(eventsOf(4, 3000)))).subarray(0, -20)
  const folder = folderOf({ a: cut, b: both })
  const lake = await openedLake()

  expect(await lake.load(folder, declared)).toMatchObject({ failed_files: 1, rows: 3 })

  expect(await valuesOf(lake, 'select bytes from vpc_flow_logs order by all')).toEqual([1, 2, 3])
  expect(await valuesOf(lake, 'select count(*) from lake.log_events')).toEqual([3])
})

test('with skip-file, events of a file that is kept out come with another', async () => {
  const bad = { ...eventsOf(9, 1)[0], id: 'bad', timestamp: 1, message: 'no record' }
  const folder = folderOf({
    a: JSON.stringify(envelopeOf([...eventsOf(1, 3), bad])),
    b: JSON.stringify(envelopeOf(eventsOf(2, 3))),
  })
  const lake = await openedLake()

  await lake.load(folder, { ...declared, onError: 'skip-file' })

  expect(await valuesOf(lake, 'select bytes from vpc_flow_logs order by all')).toEqual([2, 3, 4])
})

test(`each event is stored once, however files repeat them (MILLRACE_TEST_SEED=${seed})`, async () => {
  const random = seededRandom(seed)
  const folder = folderOf({})
  const lake = await openedLake({ commitBytes: 20_000 })
  const written = new Set<number>()
  for (let round = 0; round < 4; round++) {
    for (let file = 0; file < 12; file++) {
      const envelopes = Array.from({ length: 1 + random.below(6) }, () => {
        if (random.oneIn(8)) return controlMessage
        const [first, count] = [1 + random.below(4000), 1 + random.below(60)]
        for (let number = first; number < first + count; number++) written.add(number)
        return envelopeOf(eventsOf(first, count))
      })
      writeFiles(folder, { [`${round}-${file}`]: random.pick(Object.values(packings))(packed(envelopes)) })
    }
    await lake.load(folder, declared)
  }

  const rows = await rowsOf(
    lake,
    'select bytes::integer as number, count(*)::integer as n from vpc_flow_logs group by all order by all',
  )

  expect(rows).toEqual([...written].toSorted((a, b) => a - b).map((number) => ({ number, n: 1 })))
})

test('messages without ids are stored as often as they come', async () => {
  const folder = folderOf({ a: JSON.stringify({ message: flowLine(1) }).repeat(2) })
  const lake = await openedLake()

  expect(await lake.load(folder, declared)).toMatchObject({ rows: 2 })
})
