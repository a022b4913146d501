import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HttpPools } from '../../src/aws/pools.ts'
import { dayOf, isBefore, skipBehind } from '../../src/stages/listing.ts'
import { listSince } from '../../src/stages/list-since.ts'
import { openS3Stage } from '../../src/stages/s3.ts'
import { type Given } from '../aws/arbitraries.ts'
import { BucketServer } from '../aws/bucket-server.ts'
import { all, clientOf, keys } from '../aws/clients.ts'
import { caseCount, cases, limitMs } from '../aws/scale.ts'
import { type TestServer, startServer } from '../aws/servers.ts'

const now = Date.UTC(2026, 10, 21, 16)
const since = dayOf(new Date('2026-11-18T23:00:00Z'))
const pools = new HttpPools()
let bucket: BucketServer
let server: TestServer

beforeAll(async () => {
  server = await startServer((request, response) => bucket.respond(request, response))
})

afterAll(async () => {
  await pools.close()
  await server.close()
})

const flow = 'AWSLogs/123456789012/vpcflowlogs/eu-west-1/'
const hive = 'AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=eu-west-1/'

describe('a key says its day', () => {
  const name = '2026-11-17-10-05-09-0123456789ABCDEF'

  test.each([
    `${flow}2026/11/17/x.log.gz`,
    `${flow}2026/11/17/23/x.log.gz`,
    `${flow}2025/12/31/x.log.gz`,
    `${hive}year=2026/month=11/day=17/hour=01/x.log.gz`,
    `2026/11/17/x`,
    name,
    `logs${name}`,
    `a/logs-2026-${name}`,
    `123456789012/eu-west-1/source/2026/11/17/${name}`,
    `2026/11/20/AWSLogs/2026/11/17/x`,
    `2026/11/20/${name}`,
  ])('of before: %s', (key) => {
    expect(isBefore(key, since)).toBe(true)
    expect(isBefore(key, { year: '2026', month: '11', day: '17' })).toBe(key.includes('2025'))
  })

  test.each([
    `${flow}2026/11/18/x.log.gz`,
    `${flow}2026/12/01/x`,
    `2026/11/17`,
    `2026/11/17x/y`,
    `x2026/11/17/y`,
    `1026/11/17/x`,
    `2026/13/17/x`,
    `2026/11/00/x`,
    `2026/11/32/x`,
    `year=2026/month=1/day=7/x`,
    `year=2026/11/17/x`,
    '2026-11-17.log',
    `${name}.gz`,
    name.toLowerCase(),
    `2026/11/17/2026-11-18-10-05-09-0123456789ABCDEF`,
    `2026/11/17/AWSLogs/2026/11/18/x`,
    'README',
    '',
  ])('of the day, later, or not at all: %s', (key) => {
    expect(isBefore(key, since)).toBe(false)
    expect(skipBehind(key, since)).toBeUndefined()
  })
})

test('listing goes on behind a year, or at the day in its own year', () => {
  expect(skipBehind(`${flow}2024/01/01/x`, since)).toEqual({ to: `${flow}2024/\u{10FFFF}`, through: [] })
  expect(skipBehind(`${flow}2026/01/01/x`, since)?.to).toBe(`${flow}2026/11/18`)
  expect(skipBehind(`${hive}year=2026/month=01/day=01/x`, since)?.to).toBe(`${hive}year=2026/month=11/day=18`)
  expect(skipBehind('a/logs2026-01-01-10-05-09-0123456789ABCDEF', since)?.to).toBe('a/logs2026-11-18')
})

const digits = (least: number, most: number) =>
  fc.integer({ min: least, max: most }).map((value) => String(value).padStart(2, '0'))
const date = fc.tuple(
  fc.constantFrom('2024', '2025', '2026', '2026', '2026', '2027'),
  fc.oneof(digits(1, 12), fc.constantFrom('10', '11', '11', '12')),
  fc.oneof(digits(1, 30), fc.constantFrom('17', '18', '19')),
)
const account = fc.constantFrom('111111111111', '222222222222')
const region = fc.constantFrom('eu-west-1', 'us-east-1', 'ap-northeast-1')
const unique = fc.stringMatching(/^[0-9A-F]{16}$/)
const folder = fc.constantFrom('', 'logs/', 'a b/ü/')

/** What stands before the dates of a layout, and how it writes them. */
const root = fc.oneof(
  fc
    .tuple(folder, account, region)
    .map(([at, of, where]) => ({ at: `${at}AWSLogs/${of}/vpcflowlogs/${where}/`, form: 'tree' as const })),
  fc.tuple(folder, account, region).map(([at, of, where]) => ({
    at: `${at}AWSLogs/aws-account-id=${of}/aws-service=vpcflowlogs/aws-region=${where}/`,
    form: 'hive' as const,
  })),
  fc
    .tuple(folder, account, region)
    .map(([at, of, where]) => ({ at: `${at}${of}/${where}/source/`, form: 'partitions' as const })),
  fc
    .tuple(folder, fc.constantFrom('', 'access-', 'logs'))
    .map(([at, prefix]) => ({ at: `${at}${prefix}`, form: 'flat' as const })),
  folder.map((at) => ({ at, form: 'tree' as const })),
)

function keyOf({ at, form }: Given<typeof root>, [year, month, day]: Given<typeof date>, name: string): string {
  const flat = `${year}-${month}-${day}-10-05-09-${name}`
  if (form === 'flat') return `${at}${flat}`
  if (form === 'hive') return `${at}year=${year}/month=${month}/day=${day}/${name}`
  return `${at}${year}/${month}/${day}/${form === 'partitions' ? flat : name}`
}

const odd = fc.constantFrom(
  ...[
    '0',
    '18',
    '2',
    '9',
    'x',
    '~',
    '.hidden',
    'day=18',
    '2026-summary',
    '2025-notes',
    '18.txt',
    '11x',
    '2025x',
    '\u{FFFD}',
    '\u{1F600}',
    '-',
    '',
  ],
)
/** What is no day stands beside years, in the day's own year, and in its month. */
const stray = fc
  .tuple(root, fc.constantFrom(0, 1, 2), odd, fc.constantFrom('', '/y', '/a/b', '-z'))
  .map(([{ at, form }, depth, name, rest]) => {
    const [separator, labels] =
      form === 'flat' ? ['-', ['', '']] : ['/', form === 'hive' ? ['year=', 'month='] : ['', '']]
    const levels = [`${labels[0] ?? ''}2026${separator}`, `${labels[1] ?? ''}11${separator}`].slice(0, depth)
    return `${at}${levels.join('')}${name}${rest}`
  })
  .filter((key) => key !== '' && !isBefore(key, since))

const tree = fc.record({
  roots: fc.array(fc.tuple(root, fc.array(fc.tuple(date, unique), { minLength: 1, maxLength: 40 })), {
    minLength: 1,
    maxLength: 4,
  }),
  strays: fc.array(fc.oneof(stray, fc.stringMatching(/^[a-z/]{1,8}$/)), { maxLength: 12 }),
  pageSize: fc.integer({ min: 1, max: 9 }),
})

function given({ roots, strays }: Given<typeof tree>): { dated: Map<string, string>; others: Set<string> } {
  const dated = new Map<string, string>()
  for (const [at, files] of roots) for (const [day, name] of files) dated.set(keyOf(at, day, name), day.join(''))
  const flat = roots.filter(([{ form }]) => form === 'flat').map(([{ at }]) => at)
  // Beside names that begin with their years, such a name is of its year.
  const isOfYear = (key: string): boolean =>
    flat.some((at) => /^202[45]-/.test(key.slice(at.length)) && key.startsWith(at))
  return { dated, others: new Set(strays.filter((key) => !dated.has(key) && !isOfYear(key))) }
}

/** Without half a character at its end. */
function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDBFF]$/, '')
}

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

function fill(objects: Iterable<string>): void {
  bucket = new BucketServer('logs', keys, () => now)
  for (const key of objects) bucket.put(key, Buffer.from(''))
}

test('what is of the day or later, and what says no day, is listed, once', limitMs, async () => {
  const client = clientOf(server.url, { pools })
  const about = fc.record({ tree, prefixOf: fc.nat(), length: fc.nat({ max: 200 }), isWhole: fc.boolean() })
  const check = async ({ tree: grown, prefixOf, length, isWhole }: Given<typeof about>): Promise<void> => {
    const { dated, others } = given(grown)
    const every = [...dated.keys(), ...others]
    const prefix = isWhole ? '' : wellFormed((every[prefixOf % every.length] ?? '').slice(0, length))
    fill(every)
    const request = { bucket: 'logs', prefix, pageSize: grown.pageSize }
    const listed = (await all(listSince(client, request, since))).flat().map(({ key }) => key)
    const expected = every.filter((key) => key.startsWith(prefix) && (dated.get(key) ?? '9') >= '20261118')
    expect(listed.toSorted(byBytes)).toEqual(expected.toSorted(byBytes))
  }
  await fc.assert(fc.asyncProperty(about, check), { ...cases, numRuns: Math.ceil(caseCount / 4) })
})

test('the days before take a few requests a root', async () => {
  const days = Array.from({ length: 690 }, (_, number) =>
    new Date(Date.UTC(2026, 10, 21) - number * 86_400_000).toISOString().slice(0, 10),
  )
  const roots = ['1', '2', '3'].flatMap((of) =>
    ['eu-west-1', 'us-east-1'].map((where) => `AWSLogs/${of.repeat(12)}/vpcflowlogs/${where}/`),
  )
  const flows = roots.flatMap((at) => days.map((day) => `${at}${day.replaceAll('-', '/')}/x.log.gz`))
  const accesses = days.map((day) => `access/logs${day}-10-05-09-0123456789ABCDEF`)
  fill([...flows, ...accesses, `${roots[0] ?? ''}2026/notes/1`, 'other/1'])
  const listed = async (day: string | undefined): Promise<string[]> => {
    const stage = openS3Stage({ bucket: 'logs', path: '' }, clientOf(server.url, { pools }), {
      ...(day === undefined ? {} : { since: new Date(day) }),
    })
    bucket.met.length = 0
    return (await all(stage.list())).flat().map(({ uri }) => uri)
  }
  bucket.maxPage = 50

  expect(await listed(undefined)).toHaveLength(7 * 690 + 2)
  expect(bucket.met).toHaveLength(97)
  expect(await listed('2026-11-19')).toHaveLength(7 * 3 + 2)
  // For each of seven roots: the page that meets it, two earlier years, and the year and month of the day.
  expect(bucket.met.length).toBeLessThanOrEqual(7 * 5 + 2)
  expect(await listed('2026-12-01')).toEqual([
    's3://logs/AWSLogs/111111111111/vpcflowlogs/eu-west-1/2026/notes/1',
    's3://logs/other/1',
  ])
  expect(bucket.met.length).toBeLessThanOrEqual(7 * 5 + 2)
})

test('folders that are no days are not asked for one by one where there are many', async () => {
  const at = 'AWSLogs/123456789012/vpcflowlogs/eu-west-1/2026/'
  const strange = Array.from({ length: 30 }, (_, number) => `${at}02-${number}/x`)
  const old = Array.from({ length: 30 }, (_, number) => `${at}01/01/${number}`)
  fill([...strange, ...old, `${at}11/20/x`])
  const pages = await all(listSince(clientOf(server.url, { pools }), { bucket: 'logs', pageSize: 10 }, since))

  expect(pages.flat().map(({ key }) => key)).toEqual([...strange, `${at}11/20/x`].toSorted(byBytes))
  expect(bucket.met).toHaveLength(7 + 1)
})
