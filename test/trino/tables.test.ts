import { readFileSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { generate } from '../../src/generate/generate.ts'
import { readIoPlan } from '../../src/deploy/athena-estimate.ts'
import { printTrinoTable } from '../../src/sql/external/trino-table.ts'
import { parseStatement } from '../../src/sql/script.ts'
import { accessLine } from '../quickstarts/access-lines.ts'
import { lastRows, ran } from '../run/running.ts'
import { type Row, type Shared, openShared, texts, trino } from './trino.ts'

const athena = { dialect: 'athena' } as const

let shared: Shared

beforeAll(async () => {
  shared = await openShared()
  await trino("create schema if not exists hive.tables with (location = 'local:///tables')")
})

afterAll(() => shared.close())

/** Makes the table that a statement of Athena's defines, here and in Trino. */
async function define(statement: string): Promise<void> {
  await ran(shared.lake, statement, athena)
  const read = parseStatement(statement, athena)
  if (read.kind !== 'create-table' || read.external === undefined) throw new Error('no external table')
  await trino(printTrinoTable({ ...read, external: read.external }), 'tables')
}

/** Asks both engines for the same. */
async function expectSame(sql: string): Promise<readonly Row[]> {
  const here = await lastRows(shared.lake, sql, { ...athena, maxRows: 1_000_000 })
  expect(texts(here)).toEqual(texts(await trino(sql, 'tables')))
  return here
}

const flowColumns = `version int, account_id string, interface_id string, srcaddr string, dstaddr string, srcport int, dstport int,
  protocol bigint, packets bigint, bytes bigint, start bigint, \`end\` bigint, action string, log_status string`

test('lines of fields: every odd text is the same value', async () => {
  const odd = [
    '',
    '-',
    '1',
    '+1',
    ' 1',
    '1 ',
    '1.5',
    '1e3',
    '2147483648',
    '9223372036854775808',
    'x',
    '\\N',
    '"q"',
    'é',
    '1_0',
    '.5',
    '1.',
    '-1.9',
    '1.x',
    '007',
    '٣',
    '0x1',
  ]
  await shared.put(
    'odd/a.csv',
    `header\n${odd.map((text) => `${text},${text},${text},${text},${text}\n`).join('')}\nshort\na,1,1,1,1,more\r\n`,
  )
  await shared.put('odd/b.csv.gz', gzipSync(`header\ny,7,7,7,7`))
  await define(`create external table odd (a string, b int, c bigint, d double, e boolean)
    row format delimited fields terminated by ',' location 's3://${shared.bucket}/odd/' tblproperties ('skip.header.line.count' = '1')`)
  expect(await expectSame('select * from odd')).toHaveLength(odd.length + 4)
})

test('dates and times of lines', async () => {
  const odd = [
    '2026-11-21',
    '2026-1-2',
    '2026-02-30',
    '2026-13-01',
    '2026-11-21x',
    '02026-11-21',
    '2026-11-21 10:00:00',
    '2026-11-21 10:00:00.5',
    '2026-11-21T10:00:00',
    '2026-11-21 10:00',
    '-',
  ]
  await shared.put('times/a', odd.map((text) => `${text}|${text}|${text}\n`).join(''))
  await define(`create external table times (a string, b timestamp, c date)
    row format delimited fields terminated by '|' location 's3://${shared.bucket}/times/'`)
  expect((await expectSame('select a, b, c from times')).length).toBeGreaterThan(8)
})

test('a pattern: groups that do not take part, and lines that do not match', async () => {
  const lines = Array.from({ length: 50 }, (_, index) => accessLine(index))
  await shared.put('access/2026/11/21/a', `${lines.join('\n')}\nno match\n\n`)
  const names =
    'bucketowner,bucket_name,requestdatetime,remoteip,requester,requestid,operation,key,request_uri,httpstatus,errorcode,bytessent,objectsize,totaltime,turnaroundtime,referrer,useragent,versionid,hostid,sigv,ciphersuite,authtype,endpoint,tlsversion,accesspointarn,aclrequired,sourceregion'
  const regex = String.raw`([^ ]*) ([^ ]*) \\[(.*?)\\] ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) (\"[^\"]*\"|-) (-|[0-9]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) (\"[^\"]*\"|-) ([^ ]*)(?: ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*))?(?: ([^ ]*))?(?: ([^ ]*))?(?: ([^ ]*))?.*$`
  const columns = names.split(',').map((name) => `${name} ${/bytessent|objectsize/.test(name) ? 'bigint' : 'string'}`)
  await define(`create external table access (${columns.join(', ')})
    partitioned by (\`timestamp\` string)
    row format serde 'org.apache.hadoop.hive.serde2.RegexSerDe' with serdeproperties ('input.regex' = '${regex}')
    location 's3://${shared.bucket}/access/'
    tblproperties ('projection.enabled' = 'true', 'projection.timestamp.type' = 'date', 'projection.timestamp.format' = 'yyyy/MM/dd',
      'projection.timestamp.range' = '2026/11/01,2026/11/30', 'projection.timestamp.interval' = '1', 'projection.timestamp.interval.unit' = 'DAYS',
      'storage.location.template' = 's3://${shared.bucket}/access/\${timestamp}')`)
  const rows = await expectSame('select * from access')
  expect(rows.filter((row) => row['bucketowner'] === null).length).toBeGreaterThan(1)
  expect(rows).toHaveLength(52)
})

test.each([
  ['text', 'gzip', 'aws'],
  ['Parquet', 'parquet', 'hive'],
] as const)('flow logs as %s', async (_, format, layout) => {
  const folder = join(shared.folder, format)
  const truth = await generate(folder, {
    type: 'vpc-flow-logs',
    rows: 3000,
    files: 6,
    seed: 11,
    end: Date.UTC(2026, 10, 21) / 1000,
    days: 2,
    format,
    layout,
    accounts: ['123456789012'],
    regions: ['eu-west-1'],
  })
  for (const path of await readdir(folder, { recursive: true }))
    if (/\.(gz|parquet)$/.test(path)) await shared.put(`${format}/${path}`, await readFile(join(folder, path)))
  const base = `s3://${shared.bucket}/${format}/AWSLogs`
  if (format === 'parquet') {
    await define(`create external table flow_parquet (${flowColumns.replace('protocol bigint', 'protocol int')})
      partitioned by (\`aws-account-id\` string, \`aws-service\` string, \`aws-region\` string, year string, month string, day string)
      stored as parquet location '${base}/'`)
    await ran(shared.lake, 'msck repair table flow_parquet', athena)
    await trino("call system.sync_partition_metadata('tables', 'flow_parquet', 'ADD')", 'tables')
  } else
    await define(`create external table flow_text (${flowColumns}) partitioned by (region string, day string)
      row format delimited fields terminated by ' ' location '${base}/'
      tblproperties ('skip.header.line.count' = '1', 'projection.enabled' = 'true',
        'projection.region.type' = 'enum', 'projection.region.values' = 'us-east-1,eu-west-1',
        'projection.day.type' = 'date', 'projection.day.format' = 'yyyy/MM/dd', 'projection.day.range' = '2026/11/01,2026/11/30',
        'projection.day.interval' = '1', 'projection.day.interval.unit' = 'DAYS',
        'storage.location.template' = '${base}/123456789012/vpcflowlogs/\${region}/\${day}')`)
  const table = format === 'parquet' ? 'flow_parquet' : 'flow_text'
  const [explained = {}] = await trino(
    `explain (type io, format json) select count(*) from ${table} where day in ('20', '2026/11/20') and srcport > 5`,
    'tables',
  )
  const [read] = readIoPlan(String(Object.values(explained)[0]))
  const holds = read?.conditions.get('day')
  expect([read?.table, holds?.('20'), holds?.('2026/11/20'), holds?.('2026/11/19')]).toEqual([
    table,
    format === 'parquet',
    format !== 'parquet',
    false,
  ])
  expect(await expectSame(`select * from ${table}`)).toHaveLength(truth.rows)
  await expectSame(`select day, action, count(*) as n, sum(bytes) as bytes from ${table} group by day, action`)
})

test('the example: partitions that are registered, and its queries', async () => {
  const header =
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'
  const line = (source: string, action: string): string =>
    `2 123456789012 eni-1 ${source} 10.0.0.9 1 22 6 1 100 1 2 ${action} OK`
  for (const day of ['16', '17'])
    await shared.put(
      `example/123456789012/vpcflowlogs/eu-west-1/2026/05/${day}/a.log.gz`,
      gzipSync(`${header}\n${line(`192.0.2.${day}`, 'REJECT')}\n${line('192.0.2.1', 'REJECT')}\n`),
    )
  const values = { LOGS: `s3://${shared.bucket}/example`, ACCOUNT: '123456789012', REGION: 'eu-west-1' }
  const script = readFileSync(new URL('../../examples/vpc-flow-athena.sql', import.meta.url), 'utf8').replaceAll(
    /<(\w+)>/g,
    (_, name: string) => Object.entries(values).find(([key]) => key === name)?.[1] ?? '',
  )
  const answers: number[] = []
  const statements = script.replaceAll(/^--.*\n/gm, '').split(/;\n/)
  for (const statement of statements) {
    const text = statement.trim()
    if (text.startsWith('create')) await define(text)
    else if (text.startsWith('alter')) {
      await ran(shared.lake, text, athena)
      for (const [, day = '', location = ''] of text.matchAll(/day = '([^']*)'\) location '([^']*)'/g))
        await trino(
          `call system.register_partition('tables', 'flow_days', ARRAY['day'], ARRAY['${day}'], '${location}')`,
          'tables',
        )
    } else if (text.startsWith('select')) answers.push((await expectSame(text)).length)
  }
  expect(answers).toEqual([3, 2])
})
