import { afterAll, beforeAll, expect, test } from 'vitest'
import { logViews } from '../../src/deploy/log-views.ts'
import { type LogSource, rawTable } from '../../src/deploy/log-source.ts'
import { portableQuery, toTrino } from '../../src/deploy/trino-sql.ts'
import { fillQuery } from '../../src/named-queries/fill.ts'
import { namedQueries } from '../../src/named-queries/registry.ts'
import type { LogType } from '../../src/log-type/log-type.ts'
import { logTypes } from '../../src/log-type/registry.ts'
import { printTrinoTable } from '../../src/sql/external/trino-table.ts'
import { type Row, type Shared, openShared, texts, trino } from './trino.ts'

/** What `now` is for the samples of all queries. */
const now = new Date('2026-10-16T00:00:00Z')

let shared: Shared

beforeAll(async () => {
  shared = await openShared()
})

afterAll(() => shared.close())

const tables = new Set(['vpc_flow_logs', 's3_access_logs', 'web_access_logs'])
const queries = namedQueries().filter(({ logTypes: needed }) => needed.every((table) => tables.has(table)))

/** The lines of files as one format has them: what a file does not have is `-`. */
function inOneFormat(files: readonly string[]): {
  readonly fields: readonly string[]
  readonly texts: readonly string[]
} {
  const parted = files.map((text) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ')),
  )
  const fields = [...new Set(parted.flatMap(([header = []]) => header))]
  return {
    fields,
    texts: parted.map(([header = [], ...lines]) =>
      [fields, ...lines.map((words) => fields.map((field) => words[header.indexOf(field)] ?? '-'))]
        .map((words) => `${words.join(' ')}\n`)
        .join(''),
    ),
  }
}

/** Logs that lie anywhere beneath a URL. */
function flatSource(type: LogType, url: string, fields?: readonly string[]): LogSource {
  const places = { accounts: [], regions: [], buckets: [] }
  return { type, url, format: 'text', fields, layout: 'flat', isHourly: false, from: '2026-01-01', ...places }
}

/** What a query is asked on: its sample in the bucket, with the tables and views that `millrace deploy athena` makes. */
async function deploySample(query: (typeof queries)[number]): Promise<string> {
  const schema = query.name.replaceAll('-', '_')
  await trino(`create schema if not exists hive.${schema} with (location = 'local:///${schema}')`)
  for (const type of logTypes.filter(({ table }) => query.logTypes.includes(table))) {
    const files = Object.entries(query.sample).filter(
      ([, text]) =>
        query.logTypes.length === 1 || type.recognises({ form: 'text', firstLine: text.split('\n')[0] ?? '' }),
    )
    const url = `s3://${shared.bucket}/${schema}/${type.table}/`
    const isFlow = type.text.kernel === 'fields'
    const own = files.map(([, text]) => text)
    const { fields, texts: bodies } = isFlow ? inOneFormat(own) : { fields: undefined, texts: own }
    for (const [index, body] of bodies.entries())
      await shared.put(`${schema}/${type.table}/${files[index]?.[0] ?? ''}`, body)
    const source = flatSource(type, url, fields)
    await trino(printTrinoTable(rawTable(source)), schema)
    for (const { name, sql } of await logViews(source)) await trino(`create or replace view ${name} as ${sql}`, schema)
  }
  return schema
}

test.each(queries.map((query) => [query.name, query] as const))(
  '%s answers on Trino as on the lake',
  async (_, query) => {
    const schema = await deploySample(query)
    const rows = await trino(await toTrino(fillQuery(query, query.sampleParameters, now)), schema)
    expect(texts(rows)).toEqual(texts(query.expected))
    // As it is kept: with values from outside, and times that are counted from now on.
    const kept = await portableQuery(query)
    const values = kept.sql.split('?').length - 1
    await trino(`prepare kept from ${kept.sql}`, schema)
    expect(values).toBe(query.parameters.filter((one) => one.default === undefined).length === 0 ? 0 : values)
  },
)

test('web access logs are the same on Trino, however odd their lines are', async () => {
  const type = logTypes.find(({ table }) => table === 'web_access_logs')
  if (type === undefined) throw new Error('no such log type')
  const begin = '203.0.113.7 - alice [10/Oct/2026:23:55:36 -0730]'
  const lines = [
    `${begin} "GET /a?b=1 HTTP/1.1" 200 12 "https://example.com/" "curl/8 (x; y)"`,
    `${begin} "GET /common HTTP/1.0" 404 -`,
    String.raw`${begin} "GET /a\" 200 5 \"b HTTP/1.1" 500 7 "-" "agent \"x\" \\"`,
    String.raw`${begin} "GET /a\\" 200 5 "ref\\\\" ""`,
    String.raw`${begin} "\x16\x03\x01" 400 0 "-" "-"`,
    `${begin} "" 400 0`,
    `${begin} - 408 - "-" -`,
    `${begin} "GET  /two HTTP/1.1" 200 1 "-" "-"`,
    `${begin} "GET /more HTTP/1.1" 200 1 "-" "-" "10.0.0.1" 0.004`,
    `::1 id - [01/Jan/2026:00:00:00 +0900] "POST /日本 HTTP/2.0" 201 99999999999 "-" "é"`,
    `${begin} "GET /${String.raw`\"`.repeat(4000)} HTTP/1.1" 200 1 "-" "${String.raw`\\`.repeat(4)}"`,
    'no log line',
  ]
  await shared.put('odd-web/a.log', `${lines.join('\n')}\n`)
  await trino("create schema if not exists hive.odd_web with (location = 'local:///odd_web')")
  const source = flatSource(type, `s3://${shared.bucket}/odd-web/`)
  await trino(printTrinoTable(rawTable(source)), 'odd_web')
  for (const { name, sql } of await logViews(source)) await trino(`create or replace view ${name} as ${sql}`, 'odd_web')
  await shared.lake.load(`s3://${shared.bucket}/odd-web/`, { type: 'web-access-logs' })
  const names = [...type.columns, ...(type.derived ?? [])].map(({ name }) => `"${name}"`).join(', ')
  const here = await (await shared.lake.query<Row>(`select ${names} from logs.web_access_logs`)).all()
  expect(here).toHaveLength(lines.length - 1)
  expect(texts(await trino(`select ${names} from web_access_logs`, 'odd_web'))).toEqual(texts(here))
})
