import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OpenLake } from '../src/lake.ts'
import { splitScript } from '../src/sql/script.ts'
import { WorksheetStore } from '../src/worksheet/store.ts'
import { openTestLake } from './loading/template.ts'
import { ran } from './run/running.ts'

let directory: string
let lake: OpenLake

interface Request {
  readonly operation: string
  readonly key?: string
  readonly requester?: string
  readonly status?: number
  readonly error?: string
  readonly sent?: number
  readonly size?: number
  readonly ip?: string
}

const user = 'arn:aws:iam::123456789123:user/user_name'
const session = 'arn:aws:sts::123456789123:assumed-role/role_name/nightly'
const requests: readonly Request[] = [
  { operation: 'REST.DELETE.OBJECT', key: 'path/to/object', requester: user, status: 204, ip: '192.0.2.1' },
  { operation: 'BATCH.DELETE.OBJECT', key: 'path/to/object', requester: session, status: 204, ip: '192.0.2.1' },
  { operation: 'S3.EXPIRE.OBJECT', key: 'path/to/object', requester: 'AmazonS3' },
  { operation: 'REST.GET.OBJECT', key: 'a', requester: user, sent: 1000, size: 9000, ip: '192.0.2.2' },
  { operation: 'REST.PUT.OBJECT', key: 'b', requester: session, sent: 7, size: 500, ip: '192.0.2.2' },
  { operation: 'REST.GET.OBJECT', key: 'c', status: 403, error: 'AccessDenied', sent: 243, ip: '192.0.2.3' },
  { operation: 'REST.GET.OBJECT', key: 'd', sent: 10, size: 10, ip: '192.0.2.3' },
]

function lineOf(request: Request, number: number): string {
  const { operation, key = '-', requester = '-', status = 200, error = '-', sent = '-', size = '-', ip = '-' } = request
  return `owner logs [06/Feb/2026:00:00:0${number} +0000] ${ip} ${requester} ID${number} ${operation} ${key} "GET /${key} HTTP/1.1" ${status} ${error} ${sent} ${size} 7 6 "-" "-" - host= SigV4 - AuthHeader host TLSv1.2 - -`
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-built-in-'))
  await mkdir(join(directory, 'logs'))
  await writeFile(join(directory, 'logs', 'access.log'), `${requests.map(lineOf).join('\n')}\n`)
  lake = await openTestLake(join(directory, 'lake'))
  expect(await lake.load(join(directory, 'logs'), { type: 's3-access-logs' })).toMatchObject({ rows: 7, rejects: 0 })
})

afterAll(async () => {
  await lake.close()
  await rm(directory, { recursive: true, force: true })
})

/** The rows of each statement of a worksheet, run as the page runs them: one at a time, for reading only. */
async function answers(name: string): Promise<Record<string, unknown>[][]> {
  const { worksheet, origin } = await new WorksheetStore(join(directory, 'lake')).read(name)
  expect(origin).toBe('built-in')
  const { sql, dialect } = worksheet
  const rows: Record<string, unknown>[][] = []
  for (const { text } of splitScript(sql, { dialect })) rows.push(await (await lake.query(text, { dialect })).all())
  return rows
}

function valuesOf(rows: Record<string, unknown>[] | undefined, column: string): string[] {
  return (rows ?? []).map((row) =>
    String(row[Object.keys(row).find((name) => name.toLowerCase() === column) ?? column]),
  )
}

test('the six questions, corrected, over every line', async () => {
  const [deleted, byAddress, traffic, denied, ofUser, anonymous, ...more] = await answers('s3-access-questions')
  expect(more).toEqual([])
  expect(valuesOf(deleted, 'operation')).toEqual(['S3.EXPIRE.OBJECT', 'BATCH.DELETE.OBJECT', 'REST.DELETE.OBJECT'])
  expect(valuesOf(byAddress, 'requests')).toEqual(['2', '2', '2', '1'])
  expect([
    valuesOf(traffic, 'remoteip')[0],
    ...['downloaded', 'uploaded', 'total'].map((name) => Number(valuesOf(traffic, name)[0])),
  ]).toEqual(['192.0.2.2', 1000, 500, 1500])
  expect([valuesOf(denied, 'object_key'), valuesOf(denied, 'errorcode')]).toEqual([['c'], ['AccessDenied']])
  expect(valuesOf(ofUser, 'operation').toSorted()).toEqual([
    'BATCH.DELETE.OBJECT',
    'REST.DELETE.OBJECT',
    'REST.GET.OBJECT',
    'REST.PUT.OBJECT',
  ])
  expect(valuesOf(anonymous, 'object_key')).toEqual(['d'])
})

test('the six questions as published, over the table that the quickstart parses into', async () => {
  await ran(
    lake,
    `create table public.s3_access_logs (remoteip string, requester string, operation string, key string,
       requestdatetime string, httpstatus string, bytessent bigint, objectsize bigint);
     insert into public.s3_access_logs select remoteip, requester, operation, key, requestdatetime, httpstatus, bytessent, objectsize
       from logs.s3_access_logs where operation <> 'S3.EXPIRE.OBJECT'`,
    { dialect: 'snowflake' },
  )
  const [deleted, byAddress, traffic, denied, ofUser, anonymous, ...more] = await answers('s3-access-parsed')
  expect(more).toEqual([])
  expect(valuesOf(deleted, 'requester').toSorted()).toEqual([user, session].toSorted())
  expect(valuesOf(byAddress, 'remoteip').toSorted()).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.3'])
  expect([valuesOf(traffic, 'remoteip')[0], Number(valuesOf(traffic, 'total')[0])]).toEqual(['192.0.2.2', 10_507])
  expect(valuesOf(denied, 'key')).toEqual(['c'])
  expect(valuesOf(ofUser, 'key').toSorted()).toEqual(['a', 'path/to/object'])
  expect(valuesOf(anonymous, 'key').toSorted()).toEqual(['c', 'd'])
})
