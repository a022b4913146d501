import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'

/** A default-format record of VPC Flow Logs. */
export interface FlowRecord {
  readonly srcaddr: string
  readonly dstaddr: string
  readonly srcport: number
  readonly dstport: number
  readonly bytes: number
  readonly action: 'ACCEPT' | 'REJECT'
  readonly interface_id: string
  /** Epoch seconds. */
  readonly start: number
}

/** Numbers that look random and are the same in every run. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Records of the last days: inside and outside addresses, ports of administration among others, some older than 30 days. */
export function flowRecords(count: number, next: () => number): FlowRecord[] {
  const now = Math.floor(Date.now() / 1000)
  const pick = <T>(values: readonly T[]): T => {
    const value = values[Math.floor(next() * values.length)]
    if (value === undefined) throw new Error('There is nothing to pick.')
    return value
  }
  const address = (): string =>
    pick(['10.0.', '172.16.', '192.168.', '203.0.', '198.51.', '172.32.']) +
    `${Math.floor(next() * 3)}.${Math.floor(next() * 9)}`
  return Array.from({ length: count }, () => ({
    srcaddr: address(),
    dstaddr: address(),
    srcport: pick([22, 443, 3389, 50_000]),
    dstport: pick([22, 443, 3389, 51_000]),
    bytes: Math.floor(next() * 5_000_000_000),
    action: pick(['ACCEPT', 'ACCEPT', 'REJECT'] as const),
    interface_id: `eni-${Math.floor(next() * 8)}`,
    start: now - Math.floor(next() * 40 * 86_400),
  }))
}

/** The records as the Parquet that AWS delivers: integers and longs, text, `end` and `log_status` among the columns. */
export async function parquetOf(records: readonly FlowRecord[]): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-parquet-'))
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  try {
    await connection.run(
      `create table r as select unnest(from_json($1, '[{"srcaddr":"VARCHAR","dstaddr":"VARCHAR","srcport":"INTEGER","dstport":"INTEGER","bytes":"BIGINT","action":"VARCHAR","interface_id":"VARCHAR","start":"BIGINT"}]'), recursive := true)`,
      [JSON.stringify(records)],
    )
    await connection.run(`
      copy (
        select 2::integer as version, '123456789012' as account_id, interface_id, srcaddr, dstaddr, srcport, dstport, 6::integer as protocol,
          1::bigint as packets, bytes, start, start + 60 as "end", action, 'OK' as log_status
        from r
      ) to '${join(folder, 'flow.parquet')}' (format parquet)`)
    return await readFile(join(folder, 'flow.parquet'))
  } finally {
    connection.closeSync()
    instance.closeSync()
    await rm(folder, { recursive: true })
  }
}

const isInternal = (address: string): boolean => /^(10\.|172\.(1[6-9]|2\d|3[01])\.|192\.168\.)/.test(address)

function isRecent({ start }: FlowRecord): boolean {
  const today = Math.floor(Date.now() / 86_400_000) * 86_400
  return start > today - 30 * 86_400
}

/** What the published queries give for these records. */
export function truthOf(records: readonly FlowRecord[]) {
  const accepted = records.filter((record) => record.action === 'ACCEPT' && isRecent(record))
  const sums = (key: 'srcaddr' | 'dstaddr' | 'interface_id') => {
    const totals = new Map<string, number>()
    for (const record of accepted) totals.set(record[key], (totals.get(record[key]) ?? 0) + record.bytes)
    return [...totals]
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, 10)
      .map(([name, total]) => ({ [key]: name, total_bytes: total }))
  }
  const ports = new Set([22, 3389])
  const administrative = [
    ...accepted
      .filter(({ srcport, srcaddr }) => ports.has(srcport) && isInternal(srcaddr))
      .map(({ srcaddr, dstaddr, srcport }) => [srcaddr, dstaddr, srcport].join(' ')),
  ]
  const other = accepted
    .filter(({ dstport, dstaddr }) => ports.has(dstport) && isInternal(dstaddr))
    .map(({ srcaddr, dstaddr, dstport }) => [dstaddr, srcaddr, dstport].join(' '))
  const rejected = new Map<string, number>()
  for (const record of records)
    if (record.action === 'REJECT' && isRecent(record))
      rejected.set(record.srcaddr, (rejected.get(record.srcaddr) ?? 0) + 1)
  return {
    administrative: [...new Set(administrative), ...new Set(other)].toSorted((a, b) => (a < b ? -1 : 1)),
    bySource: sums('srcaddr'),
    byDestination: sums('dstaddr'),
    byInterface: sums('interface_id'),
    rejected,
  }
}
