import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Lake, LoadOptions } from '../src/index.ts'
import { openTestLake } from './loading/template.ts'

/** Published sample files, for those who have them beside the project. */
const samples = resolve('../shared/samples')

async function withLake<T>(use: (lake: Lake) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-samples-'))
  const lake = await openTestLake(directory)
  try {
    return await use(lake)
  } finally {
    await lake.close()
    rmSync(directory, { recursive: true })
  }
}

async function loadOne(file: string, options: LoadOptions = {}) {
  return withLake(async (lake) => {
    await lake.load(join(samples, file), options)
    const [entry] = await lake.history()
    const rows = entry?.table_name == null ? [] : await (await lake.query(`from ${entry.table_name}`)).all()
    return { entry, rows, rejects: await lake.rejects() }
  })
}

describe.runIf(existsSync(samples))('published samples', () => {
  test('a gzip flow log gives its three records and skips the header', async () => {
    const { entry, rows } = await loadOne('vpcflowlog.log.gz')

    expect(entry).toMatchObject({ table_name: 'vpc_flow_logs', status: 'loaded', rows: 3, skipped: 1, rejects: 0 })
    expect(rows.map((row) => row['bytes'])).toEqual(expect.arrayContaining([21_869, 12_071, 112]))
  })

  test('flow logs as Parquet with numbers as text give three rows, absent values as NULL', async () => {
    const { entry, rows } = await loadOne('flows.parquet')

    expect(entry).toMatchObject({ table_name: 'vpc_flow_logs', rows: 3, rejects: 0 })
    const nodata = rows.find((row) => row['srcaddr'] === null)
    expect(nodata).toMatchObject({
      account_id: '123456789010',
      srcport: null,
      bytes: null,
      log_status: 'NODATA',
      start: '2015-08-12 13:47:43',
    })
  })

  test('a Transit Gateway record without newline at the end is a row of its own table', async () => {
    const { entry, rows } = await loadOne('vpc_valid_tgw_flow_log.log')

    expect(entry).toMatchObject({ table_name: 'tgw_flow_logs', rows: 1, skipped: 1 })
    expect(rows[0]).toMatchObject({ packets_lost_ttl_expired: 4, flow_direction: 'ingress', srcport: 12_345 })
  })

  test('a subscription envelope of a custom format gives rows when the format is declared, and rejects when not', async () => {
    const file = 'vpc_valid_vpc_flow_cw_custom.json'

    const undeclared = await loadOne(file)
    const declared = await loadOne(file, { format: 'version interface-id srcaddr dstaddr' })

    expect(undeclared.entry).toMatchObject({ rows: 0, rejects: 2 })
    expect(undeclared.rejects[0]?.reason).toMatch(/^FIELD_MISSING/)
    expect(declared.entry).toMatchObject({ rows: 2, rejects: 0 })
    expect(declared.rows.map((row) => row['srcaddr'])).toEqual(expect.arrayContaining(['172.31.16.139', '172.31.9.69']))
  })

  test.each(['s3_valid_s3_access_log.log', 's3accesslog.log'])('%s gives one row', async (file) => {
    const { entry, rows } = await loadOne(file)

    expect(entry).toMatchObject({ table_name: 's3_access_logs', rows: 1, rejects: 0 })
    expect(rows[0]).toMatchObject({
      request_uri: 'GET /amzn-s3-demo-bucket1?versioning HTTP/1.1',
      requestdatetime: '2019-02-06 00:00:38',
    })
  })

  test('a request-URI of "-" is NULL', async () => {
    const { rows } = await loadOne('s3_unknown_request_uri.log')

    expect(rows[0]?.['request_uri']).toBeNull()
  })

  test('fields beyond the known ones are kept', async () => {
    const { rows } = await loadOne('s3_too_many_values.log')

    expect(rows[0]).toMatchObject({ sourceregion: 'us-east-1', extra: { field_28: 'ExtraUnknownField' } })
  })
})
