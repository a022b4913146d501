import type { DuckDBConnection } from '@duckdb/node-api'
import type { ObjectOutcome } from '../../loading/stage-load.ts'
import { type Outcome, outcomeOf, statusOf } from '../execution/plan.ts'
import type { CopyErrors } from '../statement/copy-values.ts'

/** The first rejected record of a file. */
interface FirstReject {
  readonly line: number
  readonly reason: string
}

/** First rejects by the file's id. */
export async function readFirstRejects(
  connection: DuckDBConnection,
  outcomes: readonly ObjectOutcome[],
): Promise<ReadonlyMap<number, FirstReject>> {
  const ids = outcomes.flatMap((one) => (one.status === 'skipped' || one.rejects === 0 ? [] : [one.file_id]))
  if (ids.length === 0) return new Map()
  const reader = await connection.runAndReadAll(
    `select file_id, min(line), arg_min(reason, line) from lake.rejects where file_id in (${ids.join(', ')}) group by file_id`,
  )
  return new Map(
    reader.getRows().map(([id, line, reason]) => [Number(id), { line: Number(line), reason: String(reason) }]),
  )
}

const columns = [
  'file',
  'status',
  'rows_parsed BIGINT',
  'rows_loaded BIGINT',
  'error_limit BIGINT',
  'errors_seen BIGINT',
  'first_error',
  'first_error_line BIGINT',
  'first_error_character BIGINT',
  'first_error_column_name',
]

/** What COPY INTO a table shows, in Snowflake's columns: a row for each file that this COPY met and history did not hold. */
export function copyResult(
  outcomes: readonly ObjectOutcome[],
  first: ReadonlyMap<number, FirstReject>,
  onError: CopyErrors,
  failedOnly: boolean,
): Outcome {
  const rows = outcomes.flatMap((one) => {
    if (one.status === 'skipped') return []
    const reject = first.get(one.file_id)
    const isFailed = one.status === 'failed' || one.status === 'changed'
    if (failedOnly && !isFailed && one.rejects === 0) return []
    const status = isFailed ? 'LOAD_FAILED' : one.rejects > 0 ? 'PARTIALLY_LOADED' : 'LOADED'
    const errors = isFailed ? Math.max(one.rejects, 1) : one.rejects
    const [, column] = /^\w+ (.+?): /.exec(reject?.reason ?? '') ?? []
    return [
      [
        one.uri,
        status,
        one.rows + one.rejects,
        one.rows,
        errorLimit(onError, one.rows + one.rejects),
        errors,
        reject?.reason ?? one.error,
        reject?.line ?? null,
        null,
        column ?? null,
      ],
    ]
  })
  return rows.length === 0 ? statusOf('Copy executed with 0 files processed.') : outcomeOf(columns, rows)
}

/** How many error rows a file may have. */
export function errorLimit(onError: CopyErrors, records: number): number {
  if (onError.action === 'CONTINUE') return Math.max(records, 1)
  return 'rows' in onError ? onError.rows : 1
}
