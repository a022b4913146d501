import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Lake } from '../../src/index.ts'
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
import { accessFile, accessLine, flowFile, flowLine, writeParquet } from './lines.ts'

const record = (number: number, status = '200'): string =>
  `{"bucket_owner_id": "79a59d", "bucket_name": "acme", "request_id": "R${number}", "operation": "REST.GET.OBJECT", "http_status": ${status}, "bytes_sent_size": ${number}}`

/** One file of each form with a good and a bad record, beside a good one. */
async function partlyBad(): Promise<string> {
  const folder = folderOf({
    'flows.log': `${flowFile(2)}bad\n`,
    'requests.log': `${accessLine(1)}\nbad\n${accessLine(2)}\n`,
    'records.json': `${record(1)}\n${record(2, '"two hundred"')}\nnot JSON\n${record(3)}\n`,
    'good.log': flowFile(3, 100),
  })
  await writeParquet(
    join(folder, 'flows.parquet'),
    "select 2 as version, 'eni-1' as interface_id, '10.0.0.1' as srcaddr, '10.0.0.2' as dstaddr, unnest(['1', 'x']) as bytes",
  )
  return folder
}

const totals = (lake: Lake) =>
  rowsOf(
    lake,
    'select (select count(*) from vpc_flow_logs)::integer as flows, (select count(*) from s3_access_logs)::integer as requests, (select count(*) from load_rejects)::integer as rejects',
  )

test('by default bad lines become rejects, and the others load', async () => {
  const folder = await partlyBad()
  const lake = await openedLake()

  const summary = await lake.load(folder)

  expect(summary).toMatchObject({ files: 5, failed_files: 0, rows: 2 + 2 + 2 + 3 + 1, rejects: 5 })
  expect(await totals(lake)).toEqual([{ flows: 6, requests: 4, rejects: 5 }])
  expect((await statuses(lake, folder)).filter((line) => line.endsWith('partial'))).toHaveLength(4)
})

test('skip-file keeps a file with a bad line out, in whatever form it is, and says so', async () => {
  const folder = await partlyBad()
  const lake = await openedLake()

  const summary = await lake.load(folder, { onError: 'skip-file' })

  expect(summary).toMatchObject({ files: 1, failed_files: 4, rows: 3 })
  expect(new Set(summary.faults.map(({ code }) => code))).toEqual(new Set(['LINE_REJECTED']))
  expect(
    await rowsOf(
      lake,
      'select (select count(*) from vpc_flow_logs)::integer as flows, (select count(*) from s3_access_logs)::integer as requests',
    ),
  ).toEqual([{ flows: 3, requests: 0 }])
  for (const name of ['flows.log', 'requests.log', 'records.json', 'flows.parquet']) {
    const entry = await historyOf(lake, join(folder, name))
    expect(entry).toMatchObject({ status: 'failed', rows: 0, error: expect.stringContaining(join(folder, name)) })
    expect(entry.lines, name).toBe(entry.rows + entry.rejects + entry.skipped)
  }
})

test.each(['flows.log', 'requests.log', 'records.json', 'flows.parquet'])(
  'the rejects of %s, which skip-file kept out, can be looked at',
  async (name) => {
    const file = join(await partlyBad(), name)
    const lake = await openedLake()

    await lake.load(file, { onError: 'skip-file' })

    const { rejects } = await historyOf(lake, file)
    expect(rejects).toBe(name === 'records.json' ? 2 : 1)
    expect(await lake.rejects({ file })).toHaveLength(rejects)
  },
)

test.each(['flows.log', 'requests.log', 'records.json', 'flows.parquet'])(
  '%s, which skip-file kept out, loads once afterwards',
  async (name) => {
    const file = join(await partlyBad(), name)
    const lake = await openedLake()
    await lake.load(file, { onError: 'skip-file' })
    await lake.load(file, { onError: 'skip-file' })

    const summary = await lake.load(file)

    expect(await historyOf(lake, file)).toMatchObject({
      status: 'partial',
      rows: summary.rows,
      rejects: summary.rejects,
    })
    await checkAccounts(lake)
  },
)

test('abort keeps nothing of a load when the last file has a bad line, and names it', async () => {
  const folder = folderOf({
    ...Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`${index}.log`, flowFile(5, index * 10)])),
    '9.log': `${flowFile(2)}bad\n`,
  })
  const lake = await openedLake({ commitBytes: 1 })

  const loading = lake.load(folder, { onError: 'abort' })

  await expect(loading).rejects.toMatchObject({
    code: 'LINE_REJECTED',
    message: expect.stringContaining(join(folder, '9.log')),
  })
  expect(await lake.history()).toEqual([])
  expect(await totals(lake)).toEqual([{ flows: 0, requests: 0, rejects: 0 }])
  await checkAccounts(lake)
  expect(await lake.load(folder)).toMatchObject({ files: 9, rows: 42, rejects: 1 })
})

test.each<[fault: string, name: string, content: string | Buffer]>([
  ['a damaged file', '9.log', Buffer.from([0x1f, 0x8b, 8, 0, 1])],
  ['a bad JSON record', '9.json', `${record(1)}\nnot JSON\n`],
  ['a file of no known kind', '9.log', 'what is this\n'],
])('abort takes a load back for %s', async (_, name, content) => {
  const folder = folderOf({ '1.log': flowFile(5), '2.log': flowFile(5, 10), [name]: content })
  const lake = await openedLake({ commitBytes: 1 })

  const loading = lake.load(folder, { onError: 'abort' })

  await expect(loading).rejects.toMatchObject({ message: expect.stringContaining(join(folder, name)) })
  expect(await lake.history()).toEqual([])
  expect(await totals(lake)).toEqual([{ flows: 0, requests: 0, rejects: 0 }])
})

test('abort leaves what was loaded before, and replaced files as they were', async () => {
  const folder = folderOf({ '1.log': flowFile(3) })
  const lake = await openedLake()
  await lake.load(folder)
  writeFiles(folder, { '1.log': flowFile(2, 50), '2.log': 'bad\n' })

  await lake.load(folder, { onError: 'abort' }).catch(() => undefined)

  expect(await valuesOf(lake, 'select bytes from vpc_flow_logs order by 1')).toEqual([1, 2, 3])
  expect(await statuses(lake, folder)).toEqual(['1.log: loaded'])
})

test('abort loads everything when nothing is wrong', async () => {
  const folder = folderOf({ '1.log': flowFile(3), '2.log': accessFile(4), '3.log': flowFile(5, 50) })
  const lake = await openedLake({ commitBytes: 1 })

  expect(await lake.load(folder, { onError: 'abort' })).toMatchObject({ files: 3, rows: 12, failed_files: 0 })
  expect(await valuesOf(lake, 'select count(distinct load_id)::integer from load_history')).toEqual([1])
})

test('a word that came with an aborted load can come again', async () => {
  const lines = `${flowLine(1, 'ALLOW')}\n${flowLine(2, 'DENY')}\n`
  const folder = folderOf({ '1.log': lines, '2.log': 'bad\n' })
  const lake = await openedLake()

  const code = await codeOf(lake.load(folder, { onError: 'abort' }))
  await lake.load(join(folder, '1.log'))

  expect(code).toBe('LINE_REJECTED')
  expect(await valuesOf(lake, 'select action from vpc_flow_logs order by 1')).toEqual(['ALLOW', 'DENY'])
})

test('with skip-file an empty file and one of blank lines load as ever', async () => {
  const folder = temporaryFolder()
  writeFiles(folder, { '1.log': '', '2.log': '\n\n', '3.log': flowFile(0) })
  const lake = await openedLake()

  expect(await lake.load(folder, { onError: 'skip-file' })).toMatchObject({ files: 3, failed_files: 0 })
})
