import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import type { Value } from '../../api.ts'
import { shownColumns, storedName } from '../../catalog/user-tables.ts'
import { identifier } from '../../engines/duckdb.ts'
import type { CopyTarget } from '../../loading/copy-target.ts'
import type { HistoryRow } from '../../loading/history.ts'
import type { Stage } from '../../stages/stage.ts'
import { failed } from '../execution/failure.ts'
import { type Outcome, outcomeOf } from '../execution/plan.ts'
import type { ValidationMode } from '../statement/copy-values.ts'
import { plainValue } from '../values.ts'
import type { ActionContext } from './action.ts'
import type { CopyReading } from './copy-table.ts'

/** VALIDATION_MODE: what COPY would come to, of which nothing stays. */
export async function validate(
  mode: ValidationMode,
  stage: Stage,
  reading: CopyReading,
  { lake, maxRows, signal }: ActionContext,
): Promise<Outcome> {
  if (mode.mode !== 'RETURN_ROWS')
    return lake.trial(stage, reading, {
      everything: mode.mode === 'RETURN_ALL_ERRORS',
      records: Infinity,
      signal,
      look: (connection, loadId, files) => errorsOf(connection, loadId, files, reading.into, maxRows),
    })
  const { into } = reading
  if (into === undefined)
    throw failed(
      `RETURN_${mode.rows}_ROWS is for tables of scripts, and logs.${reading.name} is none; say RETURN_ERRORS`,
    )
  return lake.trial(stage, reading, {
    everything: false,
    records: mode.rows,
    signal,
    look: (connection, loadId, files) => firstRows(connection, loadId, files, into, mode.rows),
  })
}

const columns = [
  'error',
  'file',
  'line BIGINT',
  'character BIGINT',
  'byte_offset BIGINT',
  'category',
  'code BIGINT',
  'sql_state',
  'column_name',
  'row_number BIGINT',
  'row_start_line BIGINT',
]

/** A reject as it is shown. */
interface ShownError {
  readonly fileId: number
  readonly reason: string
  readonly line: Value
  readonly character: Value
  readonly byteOffset: Value
  readonly record: Value
  readonly rowLine: Value
}

async function readErrors(
  connection: DuckDBConnection,
  loadId: number,
  into: CopyTarget | undefined,
  limit: number,
): Promise<ShownError[]> {
  const reader = await connection.runAndReadAll(
    into === undefined
      ? `select file_id, reason, line, null, null, null, line from lake.rejects where load_id = ${loadId} order by file_id, line limit ${limit}`
      : `select file_id, reason, error_line, character, byte_offset, record, row_line from temp.reject_places order by file_id, record limit ${limit}`,
  )
  return reader.getRows().map(([fileId, reason, line, character, byteOffset, record, rowLine]) => ({
    fileId: Number(fileId),
    reason: String(reason),
    line: shown(line),
    character: shown(character),
    byteOffset: shown(byteOffset),
    record: shown(record),
    rowLine: shown(rowLine),
  }))
}

async function errorsOf(
  connection: DuckDBConnection,
  loadId: number,
  files: readonly HistoryRow[],
  into: CopyTarget | undefined,
  maxRows: number,
): Promise<Outcome> {
  const broken = files.filter(({ status }) => status === 'failed')
  const uris = new Map(files.filter((file) => !broken.includes(file)).map(({ file_id, uri }) => [file_id, uri]))
  // One more than is shown tells that there are more.
  const errors = (await readErrors(connection, loadId, into, maxRows + 1)).filter(({ fileId }) => uris.has(fileId))
  return outcomeOf(columns, [
    ...broken.map(({ uri, error }) => [error, uri, null, null, null, 'file', null, null, null, null, null]),
    ...errors.map(({ fileId, reason, line, character, byteOffset, record, rowLine }) => {
      const { category, code, sqlState, column } = meaningOf(reason)
      const uri = uris.get(fileId) ?? null
      return [reason, uri, line, character, byteOffset, category, code, sqlState, column, record, rowLine]
    }),
  ])
}

/** The first rows as the table would show them; fails where an error comes before there are so many. */
async function firstRows(
  connection: DuckDBConnection,
  loadId: number,
  files: readonly HistoryRow[],
  into: CopyTarget,
  count: number,
): Promise<Outcome> {
  const table = `lake.${identifier(storedName(into.table))}`
  const [error] = await readErrors(connection, loadId, into, 1)
  const broken = files.find(({ status }) => status === 'failed')
  const [fileId, line, what] =
    broken !== undefined && broken.file_id <= (error?.fileId ?? Infinity)
      ? [broken.file_id, 0, broken.error ?? '']
      : [error?.fileId ?? 0, Number(error?.rowLine ?? 0), error?.reason]
  if (what !== undefined) {
    const before = await connection.runAndReadAll(
      `select count(*) from ${table} where _load_id = ${loadId} and (_file_id, _line) < (${fileId}, ${line})`,
    )
    const uri = files.find(({ file_id }) => file_id === fileId)?.uri ?? ''
    if (Number(before.getRows()[0]?.[0]) < count) throw failed(line === 0 ? what : `${uri}, line ${line}: ${what}`)
  }
  const list = (await shownColumns(connection, into.table, into.columns)).join(', ')
  const reader = await connection.runAndReadAll(
    `select ${list} from ${table} where _load_id = ${loadId} order by _file_id, _line limit ${count}`,
  )
  const names = reader.columnNames()
  const types = reader.columnTypes().map(String)
  return {
    columns: names.map((name, index) => ({ name, type: types[index] ?? '' })),
    rows: reader
      .getRows()
      .map((row) => Object.fromEntries(names.map((name, index): [string, Value] => [name, shown(row[index] ?? null)]))),
  }
}

function shown(value: DuckDBValue | undefined): Value {
  return value === undefined ? null : plainValue(value)
}

type Meaning = readonly [category: 'parsing' | 'conversion', code: number | null, sqlState: string | null]

/** Snowflake's number and SQL state for what a reason says, as far as its messages show them. */
const meanings: Readonly<Record<string, Meaning>> = {
  NOT_BIGINT: ['conversion', 100_038, '22018'],
  NOT_DECIMAL: ['conversion', 100_038, '22018'],
  NOT_DOUBLE: ['conversion', 100_038, '22018'],
  NOT_BOOLEAN: ['conversion', 100_037, '22018'],
  NOT_DATE: ['conversion', 100_040, '22007'],
  NOT_TIMESTAMP: ['conversion', 100_035, '22007'],
  NOT_TIMESTAMPTZ: ['conversion', 100_035, '22007'],
  NOT_TIME: ['conversion', 100_108, '22007'],
  NOT_BLOB: ['conversion', null, null],
  TOO_LONG: ['conversion', 100_074, '54000'],
  MISSING: ['conversion', 100_072, '22000'],
  NOT_JSON: ['parsing', 100_069, '22P02'],
  FIELD_MISSING: ['parsing', 100_080, '22000'],
  FIELD_SURPLUS: ['parsing', 100_080, '22000'],
  NOT_DELIMITED: ['parsing', 100_016, '22000'],
  NOT_UTF8: ['parsing', 100_144, '22000'],
}

function meaningOf(reason: string): {
  readonly category: string
  readonly code: number | null
  readonly sqlState: string | null
  readonly column: string | null
} {
  const [, word = '', column = null] = /^(\w+)(?: (.+?))?: /.exec(reason) ?? []
  const [category, code, sqlState]: Meaning = meanings[word] ?? ['parsing', null, null]
  return { category, code, sqlState, column }
}
