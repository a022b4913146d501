import { chmodSync, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type OpenOptions, openLake } from '../../src/index.ts'
import { runChild, startChild } from './child.ts'
import { closeLake, codeOf, folderOf, openedLake, temporaryFolder, valuesOf } from './lakes.ts'
import { flowFile } from './lines.ts'

const newDirectory = (): string => join(temporaryFolder(), 'lake')

/** Opens a lake to learn whether it is refused; closes it when it is not. */
async function openingOf(directory: string, options: OpenOptions = {}): Promise<string> {
  return codeOf(openLake(directory, { threads: 2, ...options }).then((lake) => lake.close()))
}

test('a second opening in the same process is refused, by whatever path', async () => {
  const lake = await openedLake()
  const link = join(temporaryFolder(), 'link')
  symlinkSync(lake.directory, link)

  expect(await openingOf(lake.directory)).toBe('LAKE_BUSY')
  expect(await openingOf(link)).toBe('LAKE_BUSY')

  const { directory } = lake
  await closeLake(lake)
  expect(await openingOf(directory)).toBe('nothing was refused')
})

test('a second opening by another process is refused, and possible when the first has ended', async () => {
  const lake = await openedLake()
  const { directory } = lake

  const refused = await runChild({ directory })
  await closeLake(lake)
  const child = startChild({ directory, stay: true })
  await child.opened
  const busy = await openLake(directory).catch((error: unknown) => error)
  child.process.kill('SIGKILL')
  await child.ended

  expect(refused).toMatchObject({
    is: 'failed',
    code: 'LAKE_BUSY',
    message: expect.stringContaining(String(process.pid)),
  })
  expect(busy).toMatchObject({ code: 'LAKE_BUSY', message: expect.stringContaining(String(child.process.pid)) })
  expect(await openingOf(directory)).toBe('nothing was refused')
})

test('the process that holds the lake keeps its spool while another is refused', async () => {
  const folder = folderOf(
    Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`${index}.log`, flowFile(5, index * 10)])),
  )
  const directory = newDirectory()
  const attempts: Promise<string>[] = []
  const lake = await openedLake({
    directory,
    commitBytes: 1,
    onPoint: (point) => {
      if (point === 'load:rows') attempts.push(openingOf(directory))
    },
  })

  const summary = await lake.load(folder)

  expect(summary).toMatchObject({ files: 6, failed_files: 0, rows: 30 })
  expect(new Set(await Promise.all(attempts))).toEqual(new Set(['LAKE_BUSY']))
})

test.each<[what: string, options: OpenOptions]>([
  ['a memory limit that is no size', { memoryLimit: 'lots' }],
  ['a memory limit below zero', { memoryLimit: '-5GB' }],
  ['an empty memory limit', { memoryLimit: '' }],
  ['no threads', { threads: 0 }],
  ['threads below zero', { threads: -2 }],
  ['half a thread', { threads: 1.5 }],
  ['threads that are no number', { threads: Number.NaN }],
])('%s is refused as a wrong setting', async (_, options) => {
  expect(await openingOf(newDirectory(), options)).toBe('SETTING_INVALID')
})

test.each([
  ['no JSON', '{memory_limit: 1GB'],
  ['a list', '[]'],
  ['an unknown setting', '{"memory": "1GB"}'],
  ['a memory limit that is no size', '{"memory_limit": "lots"}'],
  ['a number of threads that is none', '{"threads": 0}'],
  ['a switch that is none', '{"redact_secrets": "no"}'],
] as const)('settings.json that holds %s is refused, and the lake is not made', async (_, content) => {
  const directory = newDirectory()
  mkdirSync(directory)
  writeFileSync(join(directory, 'settings.json'), content)

  expect(await openingOf(directory)).toBe('SETTING_INVALID')
  expect(existsSync(join(directory, 'millrace.duckdb'))).toBe(false)
})

test.each([
  ['MILLRACE_MEMORY_LIMIT', 'lots'],
  ['MILLRACE_THREADS', 'two'],
  ['MILLRACE_THREADS', '0'],
] as const)('%s=%s is refused', async (name, value) => {
  process.env[name] = value
  onTestFinished(() => {
    delete process.env[name]
  })

  expect(await codeOf(openLake(newDirectory()).then((lake) => lake.close()))).toBe('SETTING_INVALID')
})

test('a memory limit is taken: from the caller before the environment before settings.json', async () => {
  const directory = newDirectory()
  mkdirSync(directory)
  writeFileSync(join(directory, 'settings.json'), '{"memory_limit": "300MiB"}')
  const limitWith = async (options: OpenOptions): Promise<unknown> => {
    const lake = await openedLake({ directory, ...options })
    const [value] = await valuesOf(lake, "select current_setting('memory_limit')")
    await closeLake(lake)
    return value
  }

  const fromFile = await limitWith({})
  process.env['MILLRACE_MEMORY_LIMIT'] = '400MiB'
  onTestFinished(() => {
    delete process.env['MILLRACE_MEMORY_LIMIT']
  })
  const fromEnvironment = await limitWith({})
  const fromCaller = await limitWith({ memoryLimit: '500MiB' })

  expect([fromFile, fromEnvironment, fromCaller]).toEqual(['300.0 MiB', '400.0 MiB', '500.0 MiB'])
})

test('a load works within a small memory limit', async () => {
  const lake = await openedLake({ memoryLimit: '128MB', threads: 1 })

  expect(await lake.load(folderOf({ 'a.log': flowFile(50_000) }))).toMatchObject({ files: 1, rows: 50_000 })
})

test('a directory that holds other things is no place for a lake, nor is a file', async () => {
  const folder = folderOf({ 'letter.txt': 'Dear' })

  expect(await openingOf(folder)).toBe('NOT_A_LAKE')
  expect(await openingOf(join(folder, 'letter.txt'))).toBe('NOT_A_LAKE')
  expect(await openingOf(newDirectory(), { create: false })).toBe('NOT_A_LAKE')
})

test('what is no database, or a damaged one, is said to be', async () => {
  const noise = newDirectory()
  mkdirSync(noise)
  writeFileSync(join(noise, 'millrace.duckdb'), Buffer.alloc(20_000, 7))

  expect(await openingOf(noise)).toBe('LAKE_DAMAGED')
})

test('a lake is for its owner alone', async () => {
  const directory = newDirectory()
  mkdirSync(directory)
  chmodSync(directory, 0o755)

  await openedLake({ directory })

  expect(statSync(directory).mode & 0o777).toBe(0o700)
})

test('a closed lake refuses everything, and can be closed again', async () => {
  const lake = await openedLake()
  await closeLake(lake)
  const attempts: readonly (() => Promise<unknown>)[] = [
    () => lake.load('/tmp'),
    () => lake.query('select 1'),
    () => lake.history(),
    () => lake.status(),
    () => lake.replayRejects(),
    () => lake.backup('/nowhere'),
    () => lake.doctor(),
  ]

  for (const attempt of attempts)
    expect(await codeOf(Promise.resolve().then(attempt)), String(attempt)).toBe('LAKE_CLOSED')
  await lake.close()
})

test('a lake closes after the load that runs, which is not cut off within a commit', async () => {
  const folder = folderOf({ 'a.log': flowFile(2000) })
  const lake = await openedLake()
  const { directory } = lake

  const loading = lake.load(folder).then(
    ({ rows }) => rows,
    () => 'refused',
  )
  await closeLake(lake).catch(() => lake.close())
  const outcome = await loading
  const reopened = await openedLake({ directory })

  expect(['refused', 2000]).toContain(outcome)
  expect(await valuesOf(reopened, 'select count(*)::integer from vpc_flow_logs')).toEqual([outcome === 2000 ? 2000 : 0])
})

test.runIf(process.getuid?.() === 0)(
  'files and folders that the user may not read fail by themselves, and the others load',
  async () => {
    const folder = folderOf({
      'a.log': flowFile(3),
      'closed.log': flowFile(3, 10),
      'closed/b.log': flowFile(3, 20),
      'z/c.log': flowFile(3, 30),
    })
    chmodSync(folder, 0o755)
    chmodSync(join(folder, 'closed.log'), 0)
    chmodSync(join(folder, 'closed'), 0)
    const root = temporaryFolder()
    chmodSync(root, 0o777)

    const outcome = await runChild({ directory: join(root, 'lake'), folder, user: 65_534 })

    expect(outcome).toMatchObject({ is: 'done', summary: { files: 2, failed_files: 2, rows: 6 } })
    const faults = outcome.is === 'done' ? outcome.summary?.faults : []
    expect(faults?.map(({ file, code }) => [file, code]).toSorted()).toEqual([
      [join(folder, 'closed'), 'FILE_UNREADABLE'],
      [join(folder, 'closed.log'), 'FILE_UNREADABLE'],
    ])
  },
)
