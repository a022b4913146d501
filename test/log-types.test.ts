import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, test } from 'vitest'
import type { Column, LogType, Sample } from '../src/log-type/log-type.ts'
import s3AccessLogs from '../src/log-types/s3-access-logs.ts'
import tgwFlowLogs from '../src/log-types/tgw-flow-logs.ts'
import vpcFlowLogs from '../src/log-types/vpc-flow-logs.ts'
import webAccessLogs from '../src/log-types/web-access-logs.ts'

const logTypes = [vpcFlowLogs, tgwFlowLogs, s3AccessLogs, webAccessLogs]
const samples = path.resolve('../shared/samples')

const defaultLine = '2 123456789012 eni-0abc 10.0.0.1 10.0.0.2 1024 443 6 1 40 1700000000 1700000060 ACCEPT OK'
const accessTail = '"GET /a HTTP/1.1" 200 - - - - - "-" "-"'

describe.each(logTypes.map((type) => ({ type, name: type.name })))('$name', ({ type }) => {
  test('columns have unique snake_case names, aliases included', () => {
    const names = [...type.columns, ...(type.derived ?? [])].map((column) => column.name)
    const aliases = type.columns.flatMap((column) => column.aliases ?? [])

    expect(new Set([...names, ...aliases]).size).toBe(names.length + aliases.length)
    for (const name of [...names, ...aliases]) expect(name).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/)
  })

  test('every doc is a sentence', () => {
    const docs = [type, ...type.columns, ...(type.derived ?? []), ...(type.views ?? [])].map(({ doc }) => doc)

    for (const doc of docs) expect(doc).toMatch(/^.{14,}\.$/)
  })

  test('enum columns, and only they, list values, each once', () => {
    const listing = type.columns.filter((column) => column.values && column.values.length > 0)
    const repeating = listing.filter(({ values = [] }) => new Set(values).size < values.length)

    expect(listing).toEqual(type.columns.filter((column) => column.kind === 'enum'))
    expect(repeating).toEqual([])
  })

  test('the text form and the view expressions name columns of the type', () => {
    const named = [...textColumns(type), ...Object.keys(type.viewExpressions ?? {})]

    expect(named.filter((name) => !type.columns.some((column) => column.name === name))).toEqual([])
  })

  test('only this type recognises its example lines', () => {
    for (const firstLine of type.example.split('\n')) {
      expect(recognisers({ form: 'text', firstLine })).toEqual([type.name])
    }
  })

  test('its view shows the columns, then the derived ones', async () => {
    const shown = await columnNames(type, type.table)

    expect(shown).toEqual([...type.columns, ...(type.derived ?? [])].map((column) => column.name))
  })
})

describe('columns', () => {
  test('are as many as AWS documents', () => {
    const counts = [11, 10, 9, 8, 7, 5, 4, 3, 2].map(
      (version) => vpcFlowLogs.columns.filter((column) => (column.since ?? 0) <= version).length,
    )

    expect(counts).toEqual([54, 42, 41, 40, 39, 29, 25, 21, 14])
    expect(tgwFlowLogs.columns).toHaveLength(36)
    expect(s3AccessLogs.columns).toHaveLength(28)
    expect(webAccessLogs.columns).toHaveLength(9)
  })

  test('of the default VPC format are in the order AWS writes them', () => {
    expect(textColumns(vpcFlowLogs).join(' ')).toBe(
      'version account_id interface_id srcaddr dstaddr srcport dstport protocol packets bytes start end action log_status',
    )
  })

  test('shared by VPC and Transit Gateway flow logs are of one kind', () => {
    const kinds = new Map(vpcFlowLogs.columns.map(({ name, kind, values }) => [name, { kind, values }]))
    const shared = tgwFlowLogs.columns.filter(({ name }) => kinds.has(name))

    expect(shared).toHaveLength(18)
    expect(shared.map(({ kind, values }) => ({ kind, values }))).toEqual(shared.map(({ name }) => kinds.get(name)))
  })
})

describe('views', () => {
  test('vpc_flow_view has the 14 columns of the quickstart, in its order', async () => {
    const columns = await columnNames(vpcFlowLogs, 'vpc_flow_view')

    expect(columns.join(' ')).toBe(
      'account_id action bytes dstaddr dstport END interface_id log_status packets protocol srcaddr srcport START version',
    )
  })

  test.each([
    { request: 'GET /a/b?c=d HTTP/1.1', parts: ['GET', '/a/b', 'HTTP/1.1'] },
    { request: 'OPTIONS * HTTP/2.0', parts: ['OPTIONS', '*', 'HTTP/2.0'] },
    { request: null, parts: [null, null, null] },
    { request: '', parts: [null, null, null] },
    { request: 'GET /', parts: [null, null, null] },
    { request: ' / HTTP/1.1', parts: [null, null, null] },
    { request: 'GET  HTTP/1.1', parts: [null, null, null] },
    { request: 'GET /a b HTTP/1.1', parts: [null, null, null] },
    { request: String.raw`\x16\x03\x01 \x02`, parts: [null, null, null] },
  ])('method, path and protocol of $request are $parts', async ({ request, parts }) => {
    const list = (webAccessLogs.derived ?? []).map(({ sql }) => sql).join(', ')
    const rows = await withEngine(async (connection) => {
      const result = await connection.runAndReadAll(`select ${list} from (select $1::varchar as request)`, [request])
      return result.getRows()
    })

    expect(rows).toEqual([parts])
  })
})

describe('a text file', () => {
  test.each([
    { type: 'vpc-flow-logs', line: 'version account-id interface-id srcaddr dstaddr' },
    { type: 'vpc-flow-logs', line: 'srcaddr field-of-tomorrow' },
    { type: 'vpc-flow-logs', line: 'version\r' },
    { type: 'vpc-flow-logs', line: 'account_id pkt_srcaddr' },
    { type: 'vpc-flow-logs', line: defaultLine },
    { type: 'vpc-flow-logs', line: `2026-10-10T13:55:36.000Z ${defaultLine}` },
    { type: 'vpc-flow-logs', line: '2 unknown eni-0abc - - - - - - - 1700000000 1700000060 - NODATA' },
    { type: 'vpc-flow-logs', line: '2 123456789012 - - - - - - - - 1700000000 1700000060 - SKIPDATA' },
    { type: 'tgw-flow-logs', line: 'version resource-type account-id' },
    { type: 'tgw-flow-logs', line: 'tgw-id srcaddr dstaddr bytes' },
    { type: 'tgw-flow-logs', line: 'srcaddr dstaddr packets-lost-no-route' },
    {
      type: 's3-access-logs',
      line: `owner bucket [06/Feb/2019:00:00:38 +0000] 192.0.2.3 - ID REST.GET.OBJECT a ${accessTail}`,
    },
    {
      type: 's3-access-logs',
      line: 'owner bucket [06/Feb/2019:00:00:38 +0000] - AmazonS3 ID S3.EXPIRE.OBJECT a - - - - 3 - - - -',
    },
    { type: 'web-access-logs', line: '192.0.2.3 - - [06/Feb/2019:00:00:38 +0000] "GET / HTTP/1.1" 200 -' },
    { type: 'web-access-logs', line: 'client.example - bob [06/Feb/2019:00:00:38 -0800] "" 400 0 "-" "-"' },
  ])('that begins with $line is of type $type', ({ type, line }) => {
    expect(recognisers({ form: 'text', firstLine: line })).toEqual([type])
  })

  test.each([
    '',
    ' ',
    'hello world',
    'Version Account-Id',
    'field-of-tomorrow other-field srcaddr',
    `${defaultLine} more`,
    defaultLine.replace('123456789012', '12345'),
    defaultLine.replace('eni-0abc', 'i-0abc'),
    defaultLine.replace(' OK', ' FINE'),
    '192.0.2.3 bob [06/Feb/2019:00:00:38 +0000] "GET / HTTP/1.1" 200 -',
    '192.0.2.3 - - [2019-02-06T00:00:38Z] "GET / HTTP/1.1" 200 -',
    '192.0.2.3 - - [06/Feb/2019:00:00:38 +0000] GET / HTTP/1.1 200 -',
    'a,b,c',
  ])('that begins with "%s" is of no known type', (firstLine) => {
    expect(recognisers({ form: 'text', firstLine })).toEqual([])
  })
})

describe('column names', () => {
  const vendedKeys = s3AccessLogs.columns.map((column) => column.aliases?.[0] ?? column.name)

  test.each([
    { form: 'parquet', type: 'vpc-flow-logs', names: vpcFlowLogs.columns.map((column) => column.name) },
    { form: 'parquet', type: 'vpc-flow-logs', names: ['SRCADDR', 'DSTADDR', 'Log-Status'] },
    { form: 'parquet', type: 'tgw-flow-logs', names: tgwFlowLogs.columns.map((column) => column.name) },
    { form: 'parquet', type: 'tgw-flow-logs', names: ['srcaddr', 'dstaddr', 'log-status', 'TGW-Attachment-Id'] },
    { form: 'parquet', type: 's3-access-logs', names: s3AccessLogs.columns.map((column) => column.name) },
    { form: 'parquet', type: 's3-access-logs', names: ['BucketOwner', 'RequestId', 'Key', 'year'] },
    { form: 'json', type: 's3-access-logs', names: ['schema_version_id', 'bucket_arn', ...vendedKeys] },
    { form: 'json', type: 's3-access-logs', names: ['bucket_name', 'operation'] },
  ])('of a $form file make it of type $type: $names', ({ form, type, names }) => {
    expect(recognisers(namesSample(form, names))).toEqual([type])
  })

  test.each([
    { form: 'parquet', names: [] },
    { form: 'parquet', names: ['srcaddr', 'dstaddr', 'bytes'] },
    { form: 'parquet', names: ['interface_id', 'action', 'log_status'] },
    { form: 'parquet', names: ['bucket_name', 'key'] },
    { form: 'json', names: ['srcaddr', 'dstaddr', 'interface_id', 'action'] },
    { form: 'json', names: ['messageType', 'owner', 'logGroup', 'logStream', 'logEvents'] },
    { form: 'json', names: ['bucket_name', 'operation', 'level', 'message', 'service'] },
  ])('of a $form file tell no type: $names', ({ form, names }) => {
    expect(recognisers(namesSample(form, names))).toEqual([])
  })
})

describe.runIf(existsSync(samples))('the sample files', () => {
  test.each([
    { file: 'vpcflowlog.log.gz', types: ['vpc-flow-logs'] },
    { file: 'flows.parquet', types: ['vpc-flow-logs'] },
    { file: 'vpc_valid_tgw_flow_log.log', types: ['tgw-flow-logs'] },
    { file: 'vpc_valid_vpc_flow_cw_custom.json', types: [] },
    { file: 's3_valid_s3_access_log.log', types: ['s3-access-logs'] },
    { file: 's3accesslog.log', types: ['s3-access-logs'] },
    { file: 's3_unknown_request_uri.log', types: ['s3-access-logs'] },
    { file: 's3_too_many_values.log', types: ['s3-access-logs'] },
  ])('$file is of type $types', async ({ file, types }) => {
    expect(recognisers(await sampleOf(path.join(samples, file)))).toEqual(types)
  })
})

function recognisers(sample: Sample): string[] {
  return logTypes.filter((type) => type.recognises(sample)).map((type) => type.name)
}

function namesSample(form: string, names: readonly string[]): Sample {
  return form === 'json' ? { form: 'json', keys: names } : { form: 'parquet', columns: names }
}

async function sampleOf(file: string): Promise<Sample> {
  if (file.endsWith('.parquet')) {
    return withEngine(async (connection) => {
      const result = await connection.runAndReadAll('select * from read_parquet($1) limit 0', [file])
      return { form: 'parquet', columns: result.columnNames() }
    })
  }
  const bytes = readFileSync(file)
  const [firstLine = ''] = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().split('\n')
  if (!file.endsWith('.json')) return { form: 'text', firstLine }
  const record: unknown = JSON.parse(firstLine)
  return { form: 'json', keys: Object.keys(record instanceof Object ? record : {}) }
}

function textColumns({ text }: LogType): string[] {
  if (text.kernel === 'fields') return text.defaultFields.map((field) => field.replaceAll('-', '_'))
  return text.kernel === 'layout' ? text.tokens.map(({ column }) => column) : []
}

function columnNames(type: LogType, view: string): Promise<string[]> {
  return withEngine(async (connection) => {
    for (const statement of viewStatements(type)) await connection.run(statement)
    const result = await connection.runAndReadAll(`select * from logs.${view}`)
    return result.columnNames()
  })
}

async function withEngine<T>(use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  try {
    return await use(connection)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

function viewStatements(type: LogType): string[] {
  const stored = type.columns.map((column) => `"${column.name}" ${engineType(column)}`)
  const shown = type.columns.map(({ name }) => `${type.viewExpressions?.[name] ?? `"${name}"`} as "${name}"`)
  const derived = (type.derived ?? []).map(({ name, sql }) => `${sql} as "${name}"`)
  return [
    'create schema logs',
    `create table stored (${stored.join(', ')})`,
    `create view logs.${type.table} as select ${[...shown, ...derived].join(', ')} from stored`,
    ...(type.views ?? []).map(({ name, sql }) => `create view logs.${name} as ${sql}`),
  ]
}

function engineType({ kind }: Column): string {
  if (kind === 'integer' || kind === 'bigint') return kind
  return kind === 'epoch' || kind === 'clf-time' ? 'timestamp' : 'varchar'
}
