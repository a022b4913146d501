import type { DuckDBConnection } from '@duckdb/node-api'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { LogEvent } from '../aws/logs.ts'
import { literal } from '../engines/duckdb.ts'
import { hash64 } from '../loading/hash64.ts'
import { writeRows } from '../loading/spool-rows.ts'
import type { ReadRange } from './log-windows.ts'

/** A log group whose events go into a table. */
export interface ReadGroup {
  readonly table: string
  /** The stage's URL, with the role that reads it. */
  readonly source: string
  readonly group: string
}

const rangeShape = z.tuple([z.coerce.number(), z.coerce.number(), z.coerce.number(), z.coerce.number()])

/** How far a group has been read into a table, whichever pipe did. */
export async function readRange(
  connection: DuckDBConnection,
  { table, source }: ReadGroup,
): Promise<ReadRange | undefined> {
  const reader = await connection.runAndReadAll(
    `select start_ms, read_from_ms, read_to_ms, settled_ms from lake.log_groups
      where table_name = $1::varchar and source = $2::varchar`,
    [table, source],
  )
  const [row] = reader.getRows()
  if (row === undefined) return undefined
  const [startMs, fromMs, toMs, settledMs] = rangeShape.parse(row)
  return { startMs, fromMs, toMs, settledMs }
}

/** Notes how far a group has been read. Two pipes may read the same one: what either has read counts. Part of the caller's transaction. */
export async function writeRange(
  connection: DuckDBConnection,
  { table, source, group }: ReadGroup,
  { startMs, fromMs, toMs, settledMs }: ReadRange,
): Promise<void> {
  await connection.run(
    `insert into lake.log_groups values ($1::varchar, $2::varchar, $3::varchar, $4::bigint, $5::bigint, $6::bigint, $7::bigint)
      on conflict do update set start_ms = least(start_ms, excluded.start_ms), read_from_ms = least(read_from_ms, excluded.read_from_ms),
        read_to_ms = greatest(read_to_ms, excluded.read_to_ms), settled_ms = excluded.settled_ms`,
    [table, source, group, ...[startMs, fromMs, toMs, settledMs].map((ms) => BigInt(Math.trunc(ms)))],
  )
}

/** The events that are not in the table. The transaction that stores them looks again. */
export async function newEvents(
  connection: DuckDBConnection,
  spool: string,
  { table, group }: ReadGroup,
  events: readonly LogEvent[],
): Promise<readonly LogEvent[]> {
  if (events.length === 0) return []
  const path = join(spool, `events-${process.pid}-${performance.now()}.parquet`)
  writeRows(path, [
    { name: 'place', type: 'int32', values: [...events.keys()] },
    { name: 'event_ms', type: 'int64', values: events.map(({ timestamp }) => timestamp) },
    { name: 'id_hash', type: 'int64', values: events.map(({ eventId }) => hash64(eventId)) },
  ])
  try {
    const reader = await connection.runAndReadAll(`
      select place from read_parquet(${literal(path)}) e semi join (
        select event_ms, id_hash from lake.log_events where table_name = ${literal(table)} and log_group = ${literal(group)}
      ) k using (event_ms, id_hash)`)
    const known = new Set(reader.getRows().map(([place]) => Number(place)))
    return known.size === 0 ? events : events.filter((_event, place) => !known.has(place))
  } finally {
    rmSync(path, { force: true })
  }
}
