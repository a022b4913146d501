import { DuckDBInstance } from '@duckdb/node-api'
import { literal } from '../../src/engines/duckdb.ts'

export const flowHeader =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'

/** A default-format record whose `bytes` is the number. */
export function flowLine(number: number, action = 'ACCEPT'): string {
  return `2 123456789012 eni-0a1b2c3d4e5f60718 10.0.${(number >> 8) & 255}.${number & 255} 10.0.0.220 49152 443 6 20 ${number} 1760104536 1760104596 ${action} OK`
}

/** A flow-log file of as many records, numbered from `first`. */
export function flowFile(records: number, first = 1): string {
  return `${[flowHeader, ...Array.from({ length: records }, (_, index) => flowLine(first + index))].join('\n')}\n`
}

interface AccessParts {
  readonly key?: string
  readonly uri?: string
  readonly referer?: string
  readonly agent?: string
}

/** An access-log record whose `bytessent` is the number. */
export function accessLine(
  number: number,
  {
    key = 'reports/summary.pdf',
    uri = `GET /acme-data/${key} HTTP/1.1`,
    referer = '-',
    agent = 'aws-cli/2.31.0',
  }: AccessParts = {},
): string {
  return `79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be acme-data [10/Oct/2026:13:55:36 +0000] 192.0.2.3 arn:aws:iam::123456789012:user/alice 3E57427F3EXAMPLE REST.GET.OBJECT ${key} "${uri}" 200 - ${number} 2662992 70 10 "${referer}" "${agent}" - hostid= SigV4 TLS_AES_128_GCM_SHA256 AuthHeader acme-data.s3.us-west-1.amazonaws.com TLSv1.3 - - us-west-1`
}

export function accessFile(records: number, first = 1): string {
  return `${Array.from({ length: records }, (_, index) => accessLine(first + index)).join('\n')}\n`
}

/** Writes what a query gives as a Parquet file. */
export async function writeParquet(path: string, sql: string, options = ''): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  try {
    const connection = await instance.connect()
    await connection.run(`copy (${sql}) to ${literal(path)} (format parquet${options})`)
    connection.closeSync()
  } finally {
    instance.closeSync()
  }
}
