import { existsSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { folderOf, openedLake } from '../loading/lakes.ts'
import { cloudOf } from './clouds.ts'
import { failureOf, lastRows, ran } from './running.ts'

const stage =
  "create stage s url = 's3://logs/logs/'; create stage top url = 's3://logs/'; create stage bare url = 's3://logs'"

test('what LIST shows is removed, and said', async () => {
  const odd = ['<&>"', "it's", 'a\nb\r\tc', '\u0001', 'ü/\u{1F600}', '\uFFFE']
  const { lake, bucket } = await cloudOf([
    'logs/',
    'logs/_SUCCESS',
    'logs/a.gz',
    'other',
    ...odd.map((key) => `logs/${key}`),
  ])
  await ran(lake, stage)
  const shown = await lastRows(lake, 'list @s')

  expect(await lastRows(lake, 'remove @s')).toEqual(shown.map(({ name }) => ({ name, result: 'removed' })))
  expect(bucket.keysHeld()).toEqual(['other'])
  expect(await lastRows(lake, 'rm @s')).toEqual([])
})

test('a path and a pattern narrow it', async () => {
  const { lake, bucket } = await cloudOf(['logs/2025/a.gz', 'logs/2025/b.csv', 'logs/2026/c.gz', 'logs2/d.gz'])
  await ran(lake, stage)

  await ran(lake, "remove @s/2025/ pattern = '.*[.]gz'")
  expect(bucket.keysHeld()).toEqual(['logs/2025/b.csv', 'logs/2026/c.gz', 'logs2/d.gz'])
  await ran(lake, 'remove @s/202')
  expect(bucket.keysHeld()).toEqual(['logs2/d.gz'])
})

test('a whole bucket is not removed at one word', async () => {
  const { lake, bucket } = await cloudOf(['a', 'b/c'])
  await ran(lake, stage)

  for (const name of ['top', 'bare', 'top/'])
    expect((await failureOf(lake, `remove @${name}`)).message).toMatch(
      /would delete all there is in .*say what: a path \(@\w+\/folder\/\) or a PATTERN \('\.\*' is all\)$/,
    )
  expect(bucket.keysHeld()).toEqual(['a', 'b/c'])
  await ran(lake, 'remove @top/b')
  expect(bucket.keysHeld()).toEqual(['a'])
  await ran(lake, "remove @bare pattern = '.*'")
  expect(bucket.keysHeld()).toEqual([])
})

test('thousands are removed by a thousand, and no more rows are given than are shown', async () => {
  const { lake, bucket } = await cloudOf(Array.from({ length: 2500 }, (_, number) => `logs/${number}`))
  await ran(lake, stage)
  const [result] = (await ran(lake, 'remove @s', { maxRows: 2 })).slice(-1)

  expect(result).toMatchObject({ truncated: true, rows: [{ result: 'removed' }, { result: 'removed' }] })
  expect(bucket.keysHeld()).toEqual([])
  expect(bucket.met.filter((request) => request === 'POST /logs/?delete=')).toHaveLength(3)
})

test('what is not removed is told first, with what is lacked', async () => {
  const { lake, bucket } = await cloudOf(['logs/a', 'logs/b', 'logs/c'])
  await ran(lake, stage)
  bucket.refusals.set('logs/b', { code: 'AccessDenied', message: 'Access Denied' })
  bucket.refusals.set('logs/c', { code: 'SlowDown', isOnce: true })

  expect(await lastRows(lake, 'remove @s')).toEqual([
    {
      name: 's3://logs/logs/b',
      result:
        'not removed: s3://logs/logs/b was refused: the identity of these credentials lacks s3:DeleteObject on arn:aws:s3:::logs/logs/b. Allow it in a policy of that identity, or of the bucket.',
    },
    { name: 's3://logs/logs/a', result: 'removed' },
    { name: 's3://logs/logs/c', result: 'removed' },
  ])
  expect(bucket.keysHeld()).toEqual(['logs/b'])
  expect(await failureOf(lake, 'remove @s')).toMatchObject({
    code: 'ACCESS_DENIED',
    message: expect.stringContaining('lacks s3:DeleteObject on arn:aws:s3:::logs/logs/b'),
  })
})

test('what the integration blocks is not removed', async () => {
  const { lake, sts, bucket } = await cloudOf(['logs/a', 'logs/private/b'])
  sts.trusts.set('arn:aws:iam::210987654321:role/logs', 'own')
  await ran(
    lake,
    `create storage integration i type = external_stage storage_provider = s3 enabled = true storage_aws_external_id = 'own'
       storage_aws_role_arn = 'arn:aws:iam::210987654321:role/logs' storage_allowed_locations = ('s3://logs/logs/')
       storage_blocked_locations = ('s3://logs/logs/private/');
     create stage i url = 's3://logs/logs/' storage_integration = i; remove @i`,
  )

  expect(bucket.keysHeld()).toEqual(['logs/private/b'])
})

test('files of a folder are removed, and nothing that links lead to', async () => {
  const folder = folderOf({ 'in/a.log': 'a', 'in/b/c.log': 'c', 'in/.hidden': '', 'out/d.log': 'd', 'out/e.log': 'e' })
  symlinkSync(join(folder, 'out/d.log'), join(folder, 'in/d.log'))
  symlinkSync(join(folder, 'out'), join(folder, 'in/out'))
  const lake = await openedLake()
  await ran(lake, `create stage s url = '${pathToFileURL(join(folder, 'in')).href}'`)
  const rows = await lastRows(lake, 'remove @s')

  const isLeft = (name: string): boolean => existsSync(join(folder, name))
  expect(['in/a.log', 'in/b/c.log', 'in/.hidden'].filter(isLeft)).toEqual([])
  expect(['out/d.log', 'out/e.log', 'in/d.log', 'in/out'].filter(isLeft)).toHaveLength(4)
  expect(rows.slice(0, 2)).toMatchObject([
    { result: expect.stringContaining('and only a link leads to it') },
    { result: expect.stringContaining('and only a link leads to it') },
  ])
  expect(rows.slice(2)).toMatchObject([{ result: 'removed' }, { result: 'removed' }, { result: 'removed' }])
  expect((await failureOf(lake, 'remove @s/out/')).message).toContain('Delete it where it is, or the link.')
})
