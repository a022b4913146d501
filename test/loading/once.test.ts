import {
  appendFileSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import {
  checkAccounts,
  codeOf,
  folderOf,
  historyOf,
  openedLake,
  rowsOf,
  statuses,
  temporaryFolder,
  valuesOf,
  writeFiles,
} from './lakes.ts'
import { accessFile, flowFile, flowHeader, flowLine } from './lines.ts'

const three = { 'a.log': flowFile(3), 'b/b.log': flowFile(3, 10), 'b/c.log': `${flowFile(2, 20)}bad\n` }
const bytesOf = 'select bytes from vpc_flow_logs order by bytes'

test('a second load of a folder loads nothing', async () => {
  const folder = folderOf(three)
  const lake = await openedLake()

  const first = await lake.load(folder)
  const second = await lake.load(folder)

  expect(first).toMatchObject({ files: 3, skipped_files: 0, rows: 8, rejects: 1 })
  expect(second).toMatchObject({ files: 0, skipped_files: 3, rows: 0, rejects: 0, bytes: 0 })
  expect(await valuesOf(lake, bytesOf)).toEqual([1, 2, 3, 10, 11, 12, 20, 21])
})

test('two loads of a folder at the same time load each file once', async () => {
  const folder = folderOf(three)
  const lake = await openedLake()

  const both = await Promise.all([lake.load(folder), lake.load(folder)])

  expect(await valuesOf(lake, bytesOf)).toEqual([1, 2, 3, 10, 11, 12, 20, 21])
  expect(both.reduce((sum, { files }) => sum + files, 0)).toBe(3)
})

test('a file is the same by any path that leads to it', async () => {
  const folder = folderOf(three)
  const outside = temporaryFolder()
  symlinkSync(folder, join(outside, 'link'))
  symlinkSync(join(folder, 'a.log'), join(outside, 'one.log'))
  const lake = await openedLake()
  await lake.load(folder)

  const paths = [
    relative(process.cwd(), folder),
    join(outside, 'link'),
    outside,
    join(folder, 'b/../a.log'),
    join(outside, 'one.log'),
    `${folder}/`,
    join(folder, 'b'),
  ]
  for (const path of paths) expect(await lake.load(path), path).toMatchObject({ files: 0, failed_files: 0, rows: 0 })

  expect(await valuesOf(lake, bytesOf)).toHaveLength(8)
})

test('a file that a folder holds beside a link to it is loaded once', async () => {
  const folder = folderOf(three)
  symlinkSync(join(folder, 'a.log'), join(folder, 'link.log'))
  symlinkSync(join(folder, 'b'), join(folder, 'linked'))
  const lake = await openedLake()

  const summary = await lake.load(folder)

  expect(summary).toMatchObject({ files: 3, rows: 8 })
  expect(await valuesOf(lake, bytesOf)).toHaveLength(8)
})

test('overlapping folders load each file once, and copies are files of their own', async () => {
  const folder = folderOf(three)
  const lake = await openedLake()

  await lake.load(join(folder, 'b'))
  expect(await lake.load(folder)).toMatchObject({ files: 1, skipped_files: 2, rows: 3 })

  copyFileSync(join(folder, 'a.log'), join(folder, 'copy.log'))
  linkSync(join(folder, 'a.log'), join(folder, 'hard.log'))
  expect(await lake.load(folder)).toMatchObject({ files: 2, skipped_files: 3, rows: 6 })
})

test('a file that comes late into an old folder is loaded by the next load, and no other', async () => {
  const day = 'AWSLogs/123456789012/vpcflowlogs/eu-west-1/2024/01/01'
  const folder = folderOf({
    [`${day}/1.log`]: flowFile(2),
    'AWSLogs/123456789012/vpcflowlogs/eu-west-1/2026/01/01/1.log': flowFile(2),
  })
  const lake = await openedLake()
  await lake.load(folder)
  writeFiles(folder, { [`${day}/0.log`]: flowFile(3, 50) })
  utimesSync(join(folder, day, '0.log'), 0, 0)

  expect(await lake.load(folder)).toMatchObject({ files: 1, skipped_files: 2, rows: 3 })
})

test.each([
  ['grown', (file: string) => appendFileSync(file, `${flowLine(9)}\n`), [1, 2, 3, 9]],
  ['rewritten', (file: string) => writeFileSync(file, flowFile(2, 100)), [100, 101]],
  ['rewritten with as many bytes', (file: string) => rewrite(file, flowFile(3, 7)), [7, 8, 9]],
  ['emptied', (file: string) => writeFileSync(file, ''), []],
] as const)('a %s file of a folder takes the place of its earlier rows', async (_, change, expected) => {
  const folder = folderOf({ ...three, 'a.log': flowFile(3) })
  const lake = await openedLake()
  await lake.load(folder)
  change(join(folder, 'a.log'))

  const summary = await lake.load(folder)
  await lake.load(folder)

  expect(summary).toMatchObject({ files: 1, skipped_files: 2, rows: expected.length })
  expect(
    await valuesOf(lake, 'select bytes from vpc_flow_logs where bytes < 10 or bytes >= 100 order by bytes'),
  ).toEqual(expected)
  expect(await statuses(lake, folder)).toEqual([
    `a.log: ${expected.length === 0 ? 'empty' : 'loaded'}`,
    'a.log: replaced',
    'b/b.log: loaded',
    'b/c.log: partial',
  ])
})

test('a file that fails when it has changed leaves its earlier rows', async () => {
  const folder = folderOf({ 'a.log': flowFile(3) })
  const lake = await openedLake()
  await lake.load(folder)
  rewrite(join(folder, 'a.log'), 'no log at all')

  const broken = await lake.load(folder)
  const whileBroken = await valuesOf(lake, bytesOf)
  writeFileSync(join(folder, 'a.log'), flowFile(4, 50))
  await lake.load(folder)

  expect(broken).toMatchObject({ files: 0, failed_files: 1 })
  expect(whileBroken).toEqual([1, 2, 3])
  expect(await valuesOf(lake, bytesOf)).toEqual([50, 51, 52, 53])
  expect(await statuses(lake, folder)).toEqual(['a.log: loaded', 'a.log: replaced'])
})

test('rejects of an earlier version go with its rows', async () => {
  const folder = folderOf({ 'a.log': `${flowFile(3)}bad\nworse\n` })
  const lake = await openedLake()
  await lake.load(folder)
  writeFileSync(join(folder, 'a.log'), `${flowFile(1)}worst\n`)

  await lake.load(folder)

  expect(await lake.rejects()).toMatchObject([{ raw: 'worst', line: 3 }])
})

test('a changed file that is held keeps its earlier rows until the change is accepted', async () => {
  const folder = folderOf(three)
  const file = join(folder, 'a.log')
  const lake = await openedLake()
  await lake.load(folder)
  writeFileSync(file, flowFile(2, 100))

  const held = await lake.load(folder, { onChange: 'hold' })
  const again = await lake.load(folder, { onChange: 'hold' })
  const whileHeld = {
    bytes: await valuesOf(lake, bytesOf),
    status: await lake.status(),
    changed: await lake.history({ status: 'changed' }),
  }
  const accepted = await lake.acceptChange(file)

  expect(held).toMatchObject({ files: 0, skipped_files: 2, changed_files: 1, rows: 0 })
  expect(again).toMatchObject({ files: 0, changed_files: 0, rows: 0 })
  expect(whileHeld.bytes).toEqual([1, 2, 3, 10, 11, 12, 20, 21])
  expect(whileHeld.status).toMatchObject({ changed_files: 1, rows: 8 })
  expect(whileHeld.changed).toMatchObject([
    { file, table_name: 'vpc_flow_logs', lines: 0, rows: 0, error: expect.stringContaining(file) },
  ])
  expect(accepted).toMatchObject({ files: 1, rows: 2 })
  expect(await valuesOf(lake, bytesOf)).toEqual([10, 11, 12, 20, 21, 100, 101])
  expect(await statuses(lake, folder)).toEqual([
    'a.log: loaded',
    'a.log: replaced',
    'b/b.log: loaded',
    'b/c.log: partial',
  ])
  expect(await codeOf(lake.acceptChange(file))).toBe('USAGE')
})

test('of a held file that changes further, the newest content is accepted, and nothing stays held', async () => {
  const folder = folderOf({ 'a.log': flowFile(3) })
  const file = join(folder, 'a.log')
  const lake = await openedLake()
  await lake.load(folder)
  writeFileSync(file, flowFile(2, 100))
  await lake.load(folder, { onChange: 'hold' })
  writeFileSync(file, flowFile(4, 200))

  await lake.acceptChange(file)

  expect(await valuesOf(lake, bytesOf)).toEqual([200, 201, 202, 203])
  expect(await statuses(lake, folder)).toEqual(['a.log: loaded', 'a.log: replaced'])
})

test('a held change that a later load takes is held no more', async () => {
  const folder = folderOf({ 'a.log': flowFile(3) })
  const lake = await openedLake()
  await lake.load(folder)
  for (const first of [100, 200]) {
    writeFileSync(join(folder, 'a.log'), flowFile(2, first))
    await lake.load(folder, { onChange: 'hold' })
  }
  expect(await statuses(lake, folder)).toEqual(['a.log: changed', 'a.log: loaded'])
  writeFileSync(join(folder, 'a.log'), flowFile(5, 300))

  await lake.load(folder, { onChange: 'replace' })

  expect(await statuses(lake, folder)).toEqual(['a.log: loaded', 'a.log: replaced'])
})

test('a held file of a declared format is accepted in that format', async () => {
  const format = 'bytes srcaddr dstaddr'
  const folder = folderOf({ 'a.log': '1 10.0.0.1 10.0.0.2\n' })
  const file = join(folder, 'a.log')
  const lake = await openedLake()
  await lake.load(folder, { type: 'vpc-flow-logs', format })
  writeFileSync(file, '7 10.0.0.1 10.0.0.2\n8 10.0.0.1 10.0.0.2\n')
  await lake.load(folder, { type: 'vpc-flow-logs', format, onChange: 'hold' })

  await lake.acceptChange(file)

  expect(await rowsOf(lake, 'select bytes, srcaddr from vpc_flow_logs order by bytes')).toEqual(
    [7, 8].map((bytes) => ({ bytes, srcaddr: '10.0.0.1' })),
  )
})

test('with append a changed file is loaded beside its earlier rows', async () => {
  const folder = folderOf({ 'a.log': flowFile(2) })
  const lake = await openedLake()
  await lake.load(folder)
  writeFileSync(join(folder, 'a.log'), flowFile(2, 100))

  const appended = await lake.load(folder, { onChange: 'append' })
  const again = await lake.load(folder, { onChange: 'append' })

  expect(appended).toMatchObject({ files: 1, rows: 2 })
  expect(again).toMatchObject({ files: 0, skipped_files: 1 })
  expect(await valuesOf(lake, bytesOf)).toEqual([1, 2, 100, 101])
  expect(await statuses(lake, folder)).toEqual(['a.log: loaded', 'a.log: loaded'])

  writeFileSync(join(folder, 'a.log'), flowFile(1, 500))
  await lake.load(folder)
  expect(await valuesOf(lake, bytesOf)).toEqual([500])
})

test('a file whose kind changed moves to the other table', async () => {
  const folder = folderOf({ 'a.log': flowFile(3) })
  const lake = await openedLake()
  await lake.load(folder)
  writeFileSync(join(folder, 'a.log'), accessFile(2))

  await lake.load(folder)

  expect(
    await rowsOf(
      lake,
      'select (select count(*) from vpc_flow_logs)::integer as flows, (select count(*) from s3_access_logs)::integer as requests',
    ),
  ).toEqual([{ flows: 0, requests: 2 }])
})

test('force loads a range of dates again, in place of the rows that were there', async () => {
  const of = (day: string): string => `AWSLogs/123456789012/vpcflowlogs/eu-west-1/2026/05/${day}/f.log`
  const folder = folderOf({ [of('17')]: flowFile(1, 17), [of('18')]: flowFile(1, 18), [of('19')]: flowFile(1, 19) })
  const lake = await openedLake()
  await lake.load(folder)
  const loadsBefore = await valuesOf(lake, 'select load_id from load_history order by file')

  const forced = await lake.load(folder, {
    force: true,
    from: new Date('2026-05-18T00:00:00Z'),
    to: new Date('2026-05-19T00:00:00Z'),
  })

  expect(forced).toMatchObject({ files: 1, skipped_files: 0, rows: 1 })
  expect(await valuesOf(lake, bytesOf)).toEqual([17, 18, 19])
  expect((await statuses(lake, folder)).map((line) => line.slice(line.lastIndexOf('05/')))).toEqual([
    '05/17/f.log: loaded',
    '05/18/f.log: loaded',
    '05/18/f.log: replaced',
    '05/19/f.log: loaded',
  ])
  expect(await valuesOf(lake, "select load_id from load_history where status = 'loaded' order by file")).not.toEqual(
    loadsBefore,
  )
})

test('a range of dates without force loads what lies in it, by the path, else by the time of change', async () => {
  const folder = folderOf({
    'year=2026/month=05/day=17/f.log': flowFile(1, 17),
    'year=2026/month=05/day=18/f.log': flowFile(1, 18),
    'f.log': flowFile(1, 1),
    'g.log': flowFile(1, 2),
  })
  utimesSync(join(folder, 'f.log'), new Date('2026-05-18T10:00:00Z'), new Date('2026-05-18T10:00:00Z'))
  utimesSync(join(folder, 'g.log'), new Date('2026-05-19T00:00:00Z'), new Date('2026-05-19T00:00:00Z'))
  const lake = await openedLake()

  await lake.load(folder, { from: new Date('2026-05-18T00:00:00Z'), to: new Date('2026-05-19T00:00:00Z') })

  expect(await valuesOf(lake, bytesOf)).toEqual([1, 18])
})

test('a forced load of a file that has become faulty leaves the rows that were there', async () => {
  const folder = folderOf({ 'a.log': flowFile(3) })
  const lake = await openedLake()
  await lake.load(folder)
  const { atime, mtime } = statSync(join(folder, 'a.log'))
  const noise = Buffer.alloc(statSync(join(folder, 'a.log')).size, 1)
  writeFileSync(join(folder, 'a.log'), noise)
  utimesSync(join(folder, 'a.log'), atime, mtime)

  const forced = await lake.load(folder, { force: true })

  expect(forced).toMatchObject({ files: 0, failed_files: 1 })
  expect(await valuesOf(lake, bytesOf)).toEqual([1, 2, 3])
})

test('many commits of one load are each whole, and a load that is cut off goes on where it stopped', async () => {
  const folder = folderOf(
    Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`${10 + index}.log`, flowFile(5, index * 10)])),
  )
  const stop = new AbortController()
  let commits = 0
  const lake = await openedLake({
    commitBytes: 1,
    onPoint: (point) => {
      if (point === 'load:after-commit' && ++commits === 4) stop.abort()
    },
  })

  const code = await codeOf(lake.load(folder, { signal: stop.signal }))
  const kept = await valuesOf(lake, 'select count(*)::integer from vpc_flow_logs')
  const rest = await lake.load(folder)
  await checkAccounts(lake)

  expect(code).toBe('QUERY_CANCELLED')
  expect(kept).toEqual([20])
  expect(rest).toMatchObject({ files: 8, skipped_files: 4, rows: 40 })
})

test('what cannot be loaded at all is refused: nothing there, no path, an unknown type, a format that is none', async () => {
  const folder = folderOf(three)
  const lake = await openedLake()

  expect(await codeOf(lake.load(join(folder, 'nowhere')))).toBe('SOURCE_MISSING')
  expect(await codeOf(lake.load('gs://bucket/logs'))).toBe('SOURCE_UNSUPPORTED')
  expect(await codeOf(lake.load(folder, { type: 'syslog' }))).toBe('USAGE')
  for (const format of ['', '${}', 'version; drop table', '1st'])
    expect(await codeOf(lake.load(folder, { format })), format).toBe('FORMAT_INVALID')
  expect(await lake.history()).toEqual([])
})

test('an empty folder loads as nothing', async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'deeper'))
  const lake = await openedLake()

  expect(await lake.load(folder)).toMatchObject({ files: 0, skipped_files: 0, failed_files: 0, rows: 0, faults: [] })
})

test('a file that is deleted after its load stays in the lake', async () => {
  const folder = folderOf({ ...three, 'header.log': flowHeader })
  const lake = await openedLake()
  await lake.load(folder)
  rmSync(join(folder, 'a.log'))

  await lake.load(folder)

  expect(await valuesOf(lake, bytesOf)).toHaveLength(8)
  expect(await historyOf(lake, join(folder, 'a.log'))).toMatchObject({ status: 'loaded' })
})

/** Writes content of any length, and makes sure that the time of change is another. */
function rewrite(file: string, content: string): void {
  const { mtimeMs } = statSync(file)
  writeFileSync(file, content)
  utimesSync(file, new Date(), new Date(mtimeMs + 5000))
}
