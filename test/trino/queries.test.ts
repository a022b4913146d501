import { afterAll, beforeAll, expect, test } from 'vitest'
import { logViews } from '../../src/deploy/log-views.ts'
import { type LogSource, rawTable } from '../../src/deploy/log-source.ts'
import { portableQuery, toTrino } from '../../src/deploy/trino-sql.ts'
import { fillQuery } from '../../src/named-queries/fill.ts'
import { namedQueries } from '../../src/named-queries/registry.ts'
import { logTypes } from '../../src/log-type/registry.ts'
import { printTrinoTable } from '../../src/sql/external/trino-table.ts'
import { type Shared, openShared, texts, trino } from './trino.ts'

/** What `now` is for the samples of all queries. */
const now = new Date('2026-10-16T00:00:00Z')

let shared: Shared

beforeAll(async () => {
  shared = await openShared()
})

afterAll(() => shared.close())

const tables = new Set(['vpc_flow_logs', 's3_access_logs'])
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
    const source: LogSource = {
      type,
      url,
      format: 'text',
      fields,
      layout: 'flat',
      isHourly: false,
      accounts: [],
      regions: [],
      buckets: [],
      from: '2026-01-01',
    }
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
