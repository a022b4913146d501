import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { closeLake, folderOf, openedLake, rowsOf, temporaryFolder } from './lakes.ts'
import { accessLine, writeParquet } from './lines.ts'

const secret = 'SeCrEt0123456789'
const uri = `GET /acme-data/a?X-Amz-Signature=${secret}&list-type=2&token=${secret} HTTP/1.1`
const shown = 'GET /acme-data/a?X-Amz-Signature=REDACTED&list-type=2&token=REDACTED HTTP/1.1'
const web = (status: string): string =>
  `203.0.113.7 - - [10/Oct/2026:13:55:36 +0200] "GET /a?password=${secret} HTTP/1.1" ${status} 10 "https://x/?sig=${secret}" "agent"\n`
const record = (status: string, extra = ''): string =>
  `{"bucket_owner_id": "o", "bucket_name": "b", "operation": "REST.GET.OBJECT", "request_id": "R", "http_status": ${status}, "request_uri": "${uri}", "referer": "https://x/?access_token=${secret}"${extra}}\n`

/** Secrets in rows and in rejects, in every form that access logs have. */
async function secretFolder(): Promise<string> {
  const folder = folderOf({
    'requests.log': `${accessLine(1, { uri, referer: `https://x/?access_token=${secret}` })}\n${accessLine(2, { uri }).replace(' 200 - 2 ', ' 2OO - 2 ')}\n`,
    'web.log': web('200') + web('2OO'),
    'records.json': `${record('200')}${record('"2OO"')}not JSON: GET /?token=${secret}\n`,
  })
  const columns = `'o' as bucket_owner_id, 'b' as bucket_name, 'REST.GET.OBJECT' as operation, 'R' as request_id, '${uri}' as request_uri, 'https://x/?access_token=${secret}' as referer`
  await writeParquet(join(folder, 'requests.parquet'), `select ${columns}, unnest(['200', '2OO']) as http_status`)
  return folder
}

test('secrets in rows and rejects are redacted, in every form', async () => {
  const folder = await secretFolder()
  const lake = await openedLake()

  await lake.load(folder)

  expect(await rowsOf(lake, 'select distinct request_uri, referrer from s3_access_logs')).toEqual([
    { request_uri: shown, referrer: 'https://x/?access_token=REDACTED' },
  ])
  expect(await rowsOf(lake, 'select request, referer, path from web_access_logs')).toEqual([
    { request: 'GET /a?password=REDACTED HTTP/1.1', referer: 'https://x/?sig=REDACTED', path: '/a' },
  ])
  const rejects = await lake.rejects()
  expect(rejects).toHaveLength(5)
  for (const { file, raw } of rejects) {
    expect(raw, file).not.toContain(secret)
    expect(raw, file).toContain('=REDACTED')
  }
})

test('no file of the lake holds a secret when all is loaded', async () => {
  const folder = await secretFolder()
  const lake = await openedLake()
  const { directory } = lake
  await lake.load(folder)
  await lake.replayRejects()
  await closeLake(lake)

  const holding = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes(secret))

  expect(holding).toEqual([])
})

test('a setting keeps secrets as they are logged', async () => {
  const folder = await secretFolder()
  const directory = join(temporaryFolder(), 'lake')
  await closeLake(await openedLake({ directory }))
  writeFileSync(join(directory, 'settings.json'), '{"redact_secrets": false}')
  const lake = await openedLake({ directory })

  await lake.load(folder)

  expect(await rowsOf(lake, 'select distinct request_uri from s3_access_logs')).toEqual([{ request_uri: uri }])
  for (const { file, raw } of await lake.rejects()) expect(raw, file).toContain(secret)
})

test('a variable of the environment keeps secrets as they are logged', async () => {
  process.env['MILLRACE_REDACT_SECRETS'] = 'off'
  onTestFinished(() => {
    delete process.env['MILLRACE_REDACT_SECRETS']
  })
  const lake = await openedLake()

  await lake.load(folderOf({ 'requests.log': `${accessLine(1, { uri })}\n` }))

  expect(await rowsOf(lake, 'select request_uri from s3_access_logs')).toEqual([{ request_uri: uri }])
})
