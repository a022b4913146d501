import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import { openFile } from '../../src/loading/file-bytes.ts'
import { folderOf, historyOf, loadOnce, openedLake, rowsOf, statuses, temporaryFolder, valuesOf } from './lakes.ts'
import { accessFile, accessLine, flowFile, flowHeader, flowLine } from './lines.ts'
import { largeFlowText } from './packed-files.ts'

const good = { 'a.log': flowFile(5), 'z/requests': accessFile(4) }
const goodRows = 9
const noise = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * index * 31 + index * 7) & 255))

const faulty: readonly (readonly [fault: string, content: string | Buffer, code: string])[] = [
  ['binary', noise, 'FILE_BINARY'],
  ['of NUL bytes', Buffer.alloc(3000), 'FILE_BINARY'],
  ['UTF-16 text', Buffer.from(flowFile(3), 'utf16le'), 'FILE_BINARY'],
  ['text of no known kind', 'one two three\nfour five six\n', 'TYPE_UNKNOWN'],
  ['JSON of no known kind', '{"colour": "red"}\n', 'TYPE_UNKNOWN'],
]

interface Emptiness {
  readonly table_name: string | null
  readonly lines: number
}

const empty: readonly (readonly [what: string, name: string, content: string, expected: Emptiness])[] = [
  ['an empty file', 'e1.log', '', { table_name: null, lines: 0 }],
  ['an empty file named as gzip', 'e2.log.gz', '', { table_name: null, lines: 0 }],
  ['a header without a newline', 'e3.log', flowHeader, { table_name: 'vpc_flow_logs', lines: 1 }],
  ['a header with a newline', 'e4.log', `${flowHeader}\n`, { table_name: 'vpc_flow_logs', lines: 1 }],
  ['a header after a byte-order mark', 'e5.log', `\uFEFF${flowHeader}\n`, { table_name: 'vpc_flow_logs', lines: 1 }],
  ['blank lines', 'e6.log', '\n\r\n  \t\n\n', { table_name: null, lines: 4 }],
  ['blank lines without a last newline', 'e7.log', '\n\n  ', { table_name: null, lines: 3 }],
  ['100,000 blank lines', 'e8.log', '\n'.repeat(100_000), { table_name: null, lines: 100_000 }],
  ['a header between blank lines', 'e9.log', `\n\n${flowHeader}\n\n`, { table_name: 'vpc_flow_logs', lines: 4 }],
]

let shared: Awaited<ReturnType<typeof loadOnce>>

beforeAll(async () => {
  shared = await loadOnce({
    ...good,
    ...Object.fromEntries(faulty.map(([fault, content]) => [`${fault}.log`, content])),
    ...Object.fromEntries(empty.map(([, name, content]) => [name, content])),
  })
})

test('good files load beside faulty and empty ones', async () => {
  const { lake, folder, summary } = shared

  expect(summary).toMatchObject({ rows: goodRows, rejects: 0 })
  expect(await historyOf(lake, join(folder, 'a.log'))).toMatchObject({
    status: 'loaded',
    rows: 5,
    skipped: 1,
    error: null,
  })
  expect(await historyOf(lake, join(folder, 'z/requests'))).toMatchObject({
    status: 'loaded',
    rows: 4,
    skipped: 0,
    error: null,
  })
})

test.each(faulty)('a file that is %s fails by itself and says why', async (fault, _, code) => {
  const { lake, folder, summary } = shared
  const file = join(folder, `${fault}.log`)

  const entry = await historyOf(lake, file)

  expect(entry).toMatchObject({ status: 'failed', table_name: null, rows: 0, rejects: 0 })
  expect(entry.error).toContain(file)
  expect(summary.faults).toContainEqual({ file, code, message: entry.error })
})

test.each(empty)('%s is empty and no fault', async (_, name, __, { table_name, lines }) => {
  const { lake, folder } = shared

  expect(await historyOf(lake, join(folder, name))).toMatchObject({
    status: 'empty',
    table_name,
    lines,
    skipped: lines,
    rows: 0,
    rejects: 0,
    error: null,
  })
})

test.each([
  ['vpc-flow-logs', 'access lines', accessFile(3), /s3-access-logs/],
  ['s3-access-logs', 'flow records', flowFile(3), /vpc-flow-logs/],
  ['tgw-flow-logs', 'flow records of a VPC', flowFile(3), /vpc-flow-logs/],
] as const)('a file declared %s that holds %s fails, and says what it is', async (type, _, content, says) => {
  const folder = folderOf({ 'm.log': content })
  const lake = await openedLake()

  const summary = await lake.load(folder, { type })

  const entry = await historyOf(lake, join(folder, 'm.log'))
  expect(summary).toMatchObject({ files: 0, failed_files: 1, rows: 0, rejects: 0, faults: [{ code: 'TYPE_MISMATCH' }] })
  expect(entry).toMatchObject({ status: 'failed', rows: 0 })
  expect(entry.error).toMatch(says)
  expect(entry.error).toContain(join(folder, 'm.log'))
})

test('a file that failed under a wrong type loads under the right one, and the failure is gone from history', async () => {
  const folder = folderOf({ 'm.log': accessFile(3) })
  const lake = await openedLake()
  await lake.load(folder, { type: 'vpc-flow-logs' })

  await lake.load(folder)

  expect(await historyOf(lake, join(folder, 'm.log'))).toMatchObject({
    status: 'loaded',
    table_name: 's3_access_logs',
    rows: 3,
  })
})

const strange = (text: string, byte: number): Buffer =>
  Buffer.from(text.replace('~', String.fromCharCode(byte)), 'latin1')

test.each<[line: string, content: Buffer, type: string, reason: string | undefined]>([
  ['a flow line that is not UTF-8', strange(flowLine(1).replace('eni', 'eni~'), 0xff), 'vpc-flow-logs', 'NOT_UTF8'],
  ['a flow line with a NUL', strange(flowLine(1).replace('eni', 'eni~'), 0), 'vpc-flow-logs', 'HAS_NUL'],
  ['an access line with a NUL', strange(accessLine(1, { agent: 'a~b' }), 0), 's3-access-logs', 'HAS_NUL'],
  ['an access line that is not UTF-8', strange(accessLine(1, { agent: 'caf~' }), 0xe9), 's3-access-logs', undefined],
])('%s is met once, between good lines', async (_, line, type, reason) => {
  const before = Buffer.from(`${type === 'vpc-flow-logs' ? flowLine(7) : accessLine(7)}\n`)
  const folder = folderOf({ ...good, 'm.log': Buffer.concat([before, line, Buffer.from('\n'), before]) })
  const lake = await openedLake()

  await lake.load(folder)

  const expected =
    reason === undefined
      ? { status: 'loaded', lines: 3, rows: 3, rejects: 0 }
      : { status: 'partial', lines: 3, rows: 2, rejects: 1 }
  expect(await historyOf(lake, join(folder, 'm.log'))).toMatchObject(expected)
  expect(await valuesOf(lake, 'select reason from load_rejects')).toEqual(
    reason === undefined ? [] : [expect.stringContaining(`${reason}:`)],
  )
  expect(await valuesOf(lake, "select useragent from s3_access_logs where useragent like 'caf%'")).toEqual(
    reason === undefined ? ['caf\uFFFD'] : [],
  )
})

test('lines of a million characters are rows', async () => {
  const long = 'x'.repeat(1_000_000)
  const folder = folderOf({
    ...good,
    'flows.log': `${flowHeader} comment\n${flowLine(1)} ${long}\n${flowLine(2)} -\n`,
    'requests.log': `${accessLine(1)}\n${accessLine(2, { agent: long })}\n${accessLine(3)}\n`,
  })
  const lake = await openedLake()

  await lake.load(folder)

  expect(await valuesOf(lake, "select extra['comment'] from vpc_flow_logs where extra is not null")).toEqual([long])
  expect(await valuesOf(lake, "select useragent from s3_access_logs where useragent like 'xxx%'")).toEqual([long])
  expect(await valuesOf(lake, 'select sum(rows) from load_history')).toEqual([goodRows + 5])
})

test('a line of more than 16 MiB is one reject that keeps its beginning, and the lines around it are rows', async () => {
  const huge = 'y'.repeat((16 << 20) + 5000)
  const folder = folderOf({
    ...good,
    'flows.log': `${flowHeader}\n${flowLine(1)}\n${huge}\n${flowLine(2)}\n`,
    'requests.log': `${accessLine(1)}\n${accessLine(2, { agent: huge })}\n${accessLine(3)}\n`,
    'last.log': `${flowHeader}\n${flowLine(3)}\n${huge}`,
  })
  const lake = await openedLake()

  await lake.load(folder)

  expect(await historyOf(lake, join(folder, 'flows.log'))).toMatchObject({
    status: 'partial',
    lines: 4,
    rows: 2,
    rejects: 1,
    skipped: 1,
  })
  expect(await historyOf(lake, join(folder, 'requests.log'))).toMatchObject({
    status: 'partial',
    lines: 3,
    rows: 2,
    rejects: 1,
    skipped: 0,
  })
  expect(await historyOf(lake, join(folder, 'last.log'))).toMatchObject({
    status: 'partial',
    lines: 3,
    rows: 1,
    rejects: 1,
    skipped: 1,
  })
  const rejects = await lake.rejects()
  expect(rejects.map(({ line, reason, raw }) => [line, reason, raw.length])).toEqual([
    [3, 'TOO_LONG: longer than 16 MiB', 65_536],
    [3, 'TOO_LONG: longer than 16 MiB', 65_536],
    [2, 'TOO_LONG: longer than 16 MiB', 65_536],
  ])
})

test('what cannot be read fails by itself: links in a circle, a socket, a device', async () => {
  const folder = folderOf(good)
  symlinkSync(join(folder, 'circle-2.log'), join(folder, 'circle-1.log'))
  symlinkSync(join(folder, 'circle-1.log'), join(folder, 'circle-2.log'))
  const outside = temporaryFolder()
  const socket = createServer().listen(join(outside, 'socket'))
  symlinkSync(join(outside, 'socket'), join(folder, 'socket.log'))
  symlinkSync('/dev/null', join(folder, 'device.log'))
  const lake = await openedLake()

  const summary = await lake.load(folder)
  socket.close()

  expect(summary).toMatchObject({ files: 2, failed_files: 4, rows: goodRows })
  expect(summary.faults.map(({ code }) => code)).toEqual(Array.from({ length: 4 }, () => 'FILE_UNREADABLE'))
  for (const { file, message } of summary.faults) expect(message).toContain(file)
  expect(await valuesOf(lake, "select file from load_history where status = 'failed' order by file")).toEqual(
    ['/dev/null', join(folder, 'circle-1.log'), join(folder, 'circle-2.log'), join(outside, 'socket')].toSorted(),
  )
})

test.each(['below the folder', 'through a link', 'named itself'] as const)(
  'a pipe %s does not hold the load up',
  async (how) => {
    const folder = folderOf(good)
    const outside = temporaryFolder()
    const pipe = join(how === 'below the folder' ? folder : outside, 'pipe.log')
    execFileSync('mkfifo', [pipe])
    if (how === 'through a link') symlinkSync(pipe, join(folder, 'link.log'))
    const lake = await openedLake()

    const loading = lake.load(how === 'named itself' ? pipe : folder)
    const first = await Promise.race([
      loading.then(
        () => 'loaded',
        () => 'refused',
      ),
      pause(10_000, 'held up'),
    ])
    // A writer that opens and closes lets a reader that waits for one go on, so that the test ends.
    if (first === 'held up') closeSync(openSync(pipe, 'r+'))
    const outcome = await loading.catch(() => undefined)

    expect(first).not.toBe('held up')
    expect(outcome?.rows ?? 0).toBe(how === 'named itself' ? 0 : goodRows)
  },
)

test('links to nowhere are not there', async () => {
  const folder = folderOf(good)
  symlinkSync(join(folder, 'nowhere'), join(folder, 'link.log'))
  const lake = await openedLake()

  expect(await lake.load(folder)).toMatchObject({ files: 2, failed_files: 0, rows: goodRows })
})

test('files that change or vanish after they were listed fail by themselves, and load next time', async () => {
  const folder = folderOf(
    Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`${index}.log`, flowFile(5, index * 10)])),
  )
  const at = (name: string): string => join(folder, name)
  let isFirst = true
  const lake = await openedLake({
    commitBytes: 1,
    onPoint: (point) => {
      // One batch is read ahead: those from the fourth file on are not yet.
      if (point !== 'load:rows' || !isFirst) return
      isFirst = false
      rmSync(at('5.log'))
      appendFileSync(at('6.log'), `${flowLine(1000)}\n`)
      writeFileSync(at('7.log'), flowFile(2, 500))
      renameSync(at('8.log'), at('9.log'))
    },
  })

  const summary = await lake.load(folder)
  const afterFirst = await statuses(lake, folder)
  const again = await lake.load(folder)

  expect(summary).toMatchObject({ files: 5, failed_files: 4, rows: 25 })
  expect(summary.faults.map(({ file, code }) => [file, code])).toEqual([
    [at('5.log'), 'FILE_VANISHED'],
    [at('6.log'), 'FILE_CHANGED'],
    [at('7.log'), 'FILE_CHANGED'],
    [at('8.log'), 'FILE_VANISHED'],
  ])
  for (const { file, message } of summary.faults) expect(message).toContain(file)
  expect(afterFirst.filter((line) => line.endsWith('failed'))).toHaveLength(4)
  expect(again).toMatchObject({ files: 3, skipped_files: 5, failed_files: 0, rows: 6 + 2 + 5 })
  expect((await statuses(lake, folder)).filter((line) => line.endsWith('failed'))).toEqual([
    '5.log: failed',
    '8.log: failed',
  ])
})

test('a large file that grows while it is read is refused, so that no half of a line is loaded', async () => {
  const file = join(folderOf({ 'growing.log': largeFlowText().text }), 'growing.log')
  const { size, mtimeMs } = statSync(file)
  const read = async (): Promise<number> => {
    let bytes = 0
    for await (const chunk of openFile(file, { path: file, offset: 0, size, modifiedMs: mtimeMs }).chunks) {
      if (bytes === 0) appendFileSync(file, flowLine(1).slice(0, 50))
      bytes += chunk.length
    }
    return bytes
  }

  await expect(read()).rejects.toMatchObject({ code: 'FILE_CHANGED', message: expect.stringContaining(file) })
})

test('a folder that is deleted while it is loaded, and one that was never there, are no crash', async () => {
  const folder = folderOf({
    'a/1.log': flowFile(3),
    'b/2.log': flowFile(3),
    'c/3.log': flowFile(3),
    'd/4.log': flowFile(3),
    'e/5.log': flowFile(3),
  })
  let isFirst = true
  const lake = await openedLake({
    commitBytes: 1,
    onPoint: (point) => {
      if (point === 'load:rows' && isFirst) rmSync(folder, { recursive: true })
      isFirst = false
    },
  })

  const summary = await lake.load(folder)

  expect(summary.files + summary.failed_files).toBe(5)
  expect(new Set(summary.faults.map(({ code }) => code))).toEqual(new Set(['FILE_VANISHED']))
  await expect(lake.load(folder)).rejects.toMatchObject({ code: 'SOURCE_MISSING' })
})

test('hidden files, markers and Markdown are no logs', async () => {
  const folder = folderOf({
    ...good,
    '.part.log': flowFile(3),
    _SUCCESS: '',
    'README.md': 'text',
    '_temporary/x.log': flowFile(3),
  })
  const lake = await openedLake()

  expect(await lake.load(folder)).toMatchObject({ files: 2, failed_files: 0, rows: goodRows })
})

test('a lake that lies in the folder it loads does not read itself', async () => {
  const folder = folderOf(good)
  const lake = await openedLake({ directory: join(folder, 'millrace-lake') })

  await lake.load(folder)
  const again = await lake.load(folder)

  expect(await statuses(lake, folder)).toEqual(['a.log: loaded', 'z/requests: loaded'])
  expect(again).toMatchObject({ files: 0, skipped_files: 2, failed_files: 0 })
})

test('files load whatever their names: quotes, spaces, newlines, other alphabets', async () => {
  const names = [
    "it's.log",
    'a "b".log',
    'two\nlines.log',
    'größe 日本.log',
    '100%.log',
    "'); drop table x; --.log",
    '$1 *?[a].log',
  ]
  const folder = folderOf(
    Object.fromEntries(names.map((name, index) => [name, `${flowFile(2, index * 10)}bad line\n`])),
  )
  const lake = await openedLake()

  const summary = await lake.load(folder)

  expect(summary).toMatchObject({ files: names.length, failed_files: 0, rows: names.length * 2, rejects: names.length })
  for (const name of names) {
    const file = join(folder, name)
    expect(await historyOf(lake, file)).toMatchObject({ status: 'partial', rows: 2, rejects: 1 })
    expect(await lake.rejects({ file })).toMatchObject([{ file, line: 4, raw: 'bad line' }])
  }
})

test('a file whose name is not UTF-8 is not passed over without a word', async () => {
  const folder = folderOf(good)
  const name = Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9]), Buffer.from('.log')])
  writeFileSync(name, flowFile(3))
  const lake = await openedLake()

  const summary = await lake.load(folder)
  unlinkSync(name)

  expect(summary.files + summary.failed_files).toBe(3)
})

test('a folder within folders, and one that links back to itself, is gone through once', async () => {
  const deep = Array.from({ length: 60 }, (_, index) => `level-${index}`).join('/')
  const folder = folderOf({ ...good, [`${deep}/deep.log`]: flowFile(3) })
  symlinkSync(folder, join(folder, deep, 'back'))
  mkdirSync(join(folder, 'empty'))
  const lake = await openedLake()

  expect(await lake.load(folder)).toMatchObject({ files: 3, failed_files: 0, rows: goodRows + 3 })
  expect(await rowsOf(lake, 'select count(*)::integer as rows from vpc_flow_logs')).toEqual([{ rows: 8 }])
})
