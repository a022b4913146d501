import { statfsSync } from 'node:fs'
import type { Diagnosis, Lake } from './api.ts'

type Query = Lake['query']

/** Free space below which a load is at risk. */
const LITTLE_SPACE = 2 * 1024 ** 3

async function one(query: Query, sql: string): Promise<number> {
  const rows = await (await query<{ n: number }>(`select (${sql})::bigint as n`)).all()
  return rows[0]?.n ?? 0
}

/** Looks for what is wrong and says how to mend it. Reads only. */
export async function examine(query: Query, directory: string, tables: readonly string[]): Promise<Diagnosis[]> {
  const found: Diagnosis[] = []
  const check = (subject: string, count: number, level: 'warning' | 'error', message: string, mend: string): void => {
    if (count > 0) found.push({ level, subject, message: message.replace('{n}', String(count)), mend })
  }
  check(
    'failed files',
    await one(query, "select count(*) from logs.load_history where status = 'failed'"),
    'error',
    '{n} files could not be loaded.',
    'See "millrace history --status failed"; mend the files and load again.',
  )
  check(
    'changed files',
    await one(query, "select count(*) from logs.load_history where status = 'changed'"),
    'warning',
    '{n} files changed after they were loaded; their earlier rows are kept.',
    'Look at them, then "millrace load --accept-change FILE".',
  )
  check(
    'rejects',
    await one(query, 'select count(*) from logs.load_rejects'),
    'warning',
    '{n} lines could not be read.',
    'See "millrace rejects"; declare a format with "millrace rejects --replay --format …" if they are header-less custom flow logs.',
  )
  check(
    'accounting',
    await one(
      query,
      "select count(*) from logs.load_history where status in ('loaded', 'partial', 'empty') and lines <> rows + rejects + skipped",
    ),
    'error',
    '{n} files have lines that are neither row nor reject nor skipped.',
    'This is a fault in Millrace: please report it, and load the files again with --force.',
  )
  for (const table of tables) {
    const difference = await one(
      query,
      `select abs((select count(*) from lake.${table}) - (select coalesce(sum(rows), 0) from lake.objects where table_name = '${table}' and status in ('loaded', 'partial')))`,
    )
    check(
      table,
      difference,
      'error',
      `Table ${table} and load history differ by {n} rows.`,
      'Restore a backup with "millrace restore", or load the files again with --force.',
    )
  }
  check(
    'skipped capture',
    await one(query, "select count(*) from logs.vpc_flow_logs where log_status = 'SKIPDATA'"),
    'warning',
    '{n} flow-log records say SKIPDATA: AWS could not record part of the traffic.',
    'Nothing to mend here; totals of those intervals are too low.',
  )
  const disk = statfsSync(directory)
  const free = disk.bavail * disk.bsize
  check(
    'disk',
    free < LITTLE_SPACE ? Math.max(1, Math.round(free / (1 << 20))) : 0,
    'warning',
    'Only {n} MiB are free where the lake lies.',
    'Free some space before large loads.',
  )
  return found
}
