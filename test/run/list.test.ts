import { createHash } from 'node:crypto'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import type { Lake } from '../../src/index.ts'
import { folderOf, openedLake, temporaryFolder } from '../loading/lakes.ts'
import { cloudOf } from './clouds.ts'
import { cellOf, failureOf, lastRows, ran } from './running.ts'

const odd = ['a b', 'a+b', 'ü/é', 'q?x=1&y#z', '%41', 'a//b', "it's(*)!", '\u{1F600}', '<&>"', 'x/../y', 'tab\there']
const objects = [
  'logs/',
  'logs/.hidden',
  'logs/2026/01/a.gz',
  'logs/2026/02/b.gz',
  'logs/2026/b.csv',
  'logs/README.md',
  'logs/_SUCCESS',
  'logs2/c.gz',
  ...odd.map((key) => `odd/${key}`),
]

/** The names that a statement lists, as they are behind a place. */
async function listed(lake: Lake, statement: string, place = 's3://logs/'): Promise<string[]> {
  const rows = await lastRows(lake, statement)
  return rows.map((row) => cellOf(row, 'name').replace(place, ''))
}

test('all objects behind the stage and its path are listed', async () => {
  const { lake } = await cloudOf(objects)
  await ran(lake, "create stage s url = 's3://logs/logs'; create stage slash url = 's3://logs/logs/'")
  const all = objects.filter((key) => key.startsWith('logs/')).toSorted()

  for (const statement of ['list @s', 'ls @slash', 'list @millrace.public.s/', "list '@slash'"])
    expect(await listed(lake, statement), statement).toEqual(all)
  expect(await listed(lake, 'list @s/2026/')).toEqual(['logs/2026/01/a.gz', 'logs/2026/02/b.gz', 'logs/2026/b.csv'])
  expect(await listed(lake, 'list @s/2026/0')).toEqual(['logs/2026/01/a.gz', 'logs/2026/02/b.gz'])
  expect(await listed(lake, 'list @s/2026/b.csv')).toEqual(['logs/2026/b.csv'])
  expect(await listed(lake, 'list @s/_')).toEqual(['logs/_SUCCESS'])
  expect(await listed(lake, 'list @s/nothing')).toEqual([])
})

test("a row is an object's URL, size, ETag and time", async () => {
  const { lake } = await cloudOf(['logs/a.gz'])
  await ran(lake, "create stage s url = 's3gov://logs/logs/'")
  const [result] = (await ran(lake, 'list @s')).slice(-1)

  expect(result?.columns).toEqual([
    { name: 'name', type: 'VARCHAR' },
    { name: 'size', type: 'BIGINT' },
    { name: 'md5', type: 'VARCHAR' },
    { name: 'last_modified', type: 'VARCHAR' },
  ])
  expect(result?.rows).toEqual([
    {
      name: 's3://logs/logs/a.gz',
      size: 9,
      md5: createHash('md5').update('logs/a.gz').digest('hex'),
      last_modified: 'Sat, 21 Nov 2026 16:00:00 GMT',
    },
  ])
})

test('keys with odd characters are named as they are, and are paths', async () => {
  const { lake } = await cloudOf(objects)
  await ran(lake, "create stage s url = 's3://logs/odd/'")
  const all = odd.map((key) => `odd/${key}`).toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))

  expect(await listed(lake, 'list @s')).toEqual(all)
  for (const key of odd) {
    const path = `@s/${key}`.replaceAll('\\', '\\\\').replaceAll("'", "''")
    expect(await listed(lake, `list '${path}'`), key).toContain(`odd/${key}`)
  }
})

test('PATTERN holds for the whole key in the bucket', async () => {
  const { lake } = await cloudOf(objects)
  await ran(lake, "create stage s url = 's3://logs/logs/'; create stage top url = 's3://logs/'")

  expect(await listed(lake, "list @s pattern = '.*[.]gz'")).toEqual(['logs/2026/01/a.gz', 'logs/2026/02/b.gz'])
  expect(await listed(lake, "list @s/2026/ pattern = 'logs/2026/0[2-9]/.*'")).toEqual(['logs/2026/02/b.gz'])
  expect(await listed(lake, "list @s pattern = '2026/.*'")).toEqual([])
  expect(await listed(lake, "list @s pattern = '.*gz'")).toHaveLength(2)
  expect(await listed(lake, "list @s pattern = '[.]gz'")).toEqual([])
  expect(await listed(lake, String.raw`list @s pattern = '(?i).*\\-?/READme\\.MD'`)).toEqual(['logs/README.md'])
  expect(await listed(lake, "list @top pattern = 'logs2?/([^/]*)'")).toHaveLength(5)
  for (const pattern of ['a++', '(', '[a-z&&[^b]]', '[[a]]', String.raw`\\Qa\\E`, '(?>a)'])
    expect((await failureOf(lake, `list @s pattern = '${pattern}'`)).message).toContain(
      'cannot be read as a regular expression',
    )
})

test('no more rows are listed than are shown', async () => {
  const keys = Array.from({ length: 25_000 }, (_, number) => `many/${String(number).padStart(5, '0')}`)
  const { lake, bucket } = await cloudOf(keys)
  await ran(lake, "create stage s url = 's3://logs/many/'")
  const before = bucket.met.length
  const [result] = (await ran(lake, 'list @s', { maxRows: 3 })).slice(-1)

  expect(result).toMatchObject({ truncated: true, rows: [{}, {}, {}] })
  expect(bucket.met.length - before).toBe(10)
})

test('a folder of this machine is listed as a bucket is, within itself', async () => {
  const folder = folderOf({
    'logs/2026/a b%41.log': 'x',
    'logs/2026/c.log': 'xyz',
    'logs/_SUCCESS': '',
    'logs/.hidden': '',
    'logs2/d.log': '',
    'outside/e.log': '',
  })
  symlinkSync(join(folder, 'outside'), join(folder, 'logs', 'linked'))
  const lake = await openedLake()
  const short = async (statement: string): Promise<string[]> => (await listed(lake, statement, `${folder}/`)).toSorted()
  await ran(lake, `create stage s url = '${pathToFileURL(join(folder, 'logs')).href}'`)

  const inside = ['logs/.hidden', 'logs/2026/a b%41.log', 'logs/2026/c.log', 'logs/_SUCCESS']
  expect(await short('list @s')).toEqual([...inside, 'outside/e.log'])
  expect(await short('list @s/2026')).toEqual(['logs/2026/a b%41.log', 'logs/2026/c.log'])
  expect(await short("list '@s/2026/a b%41'")).toEqual(['logs/2026/a b%41.log'])
  expect(await short('list @s/linked/')).toEqual(['outside/e.log'])
  expect(await short('list @s/nothing/at/all')).toEqual([])
  expect(await short("list @s pattern = '2026/.*'")).toEqual(['logs/2026/a b%41.log', 'logs/2026/c.log'])
  expect(await lastRows(lake, 'list @s/2026/c')).toMatchObject([
    { size: 3, last_modified: expect.stringMatching(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/) },
  ])
  for (const path of ['../logs2/', '2026/../../logs2/d', './2026/'])
    expect((await failureOf(lake, `list @s/${path}`)).message).toContain('does not stay beneath')
})

test('a place that is not there is told', async () => {
  const { lake } = await cloudOf([])
  const away = pathToFileURL(join(temporaryFolder(), 'away')).href
  await ran(lake, `create stage s url = 's3://nowhere/'; create stage f url = '${away}'`)

  expect(await failureOf(lake, 'list @s')).toMatchObject({ code: 'SOURCE_MISSING' })
  expect(await failureOf(lake, 'list @f')).toMatchObject({ code: 'SOURCE_MISSING' })
  expect((await failureOf(lake, 'list @no_such')).message).toContain('STAGE MILLRACE.PUBLIC.NO_SUCH does not exist')
})
