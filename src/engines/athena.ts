import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { AthenaClient, ColumnInfo, QueryExecution, Row } from '@aws-sdk/client-athena'
import type { ResultColumn, Value } from '../api.ts'
import { MillraceError, messageOf } from '../errors.ts'

/** Where statements run on Athena. */
export interface AthenaPlace {
  readonly workGroup: string
  readonly database: string
  /** `s3://bucket/folder/`, where the workgroup does not say it. */
  readonly outputLocation?: string | undefined
}

export interface AthenaOptions {
  readonly signal?: AbortSignal | undefined
  /** Milliseconds before Athena is asked a first time how far it is; each time after that it is longer by half, up to five seconds. */
  readonly firstPauseMs?: number | undefined
  /** Values of `?`, as SQL. */
  readonly parameters?: readonly string[] | undefined
}

/** A statement that has run. */
export interface AthenaResult {
  readonly id: string
  readonly columns: readonly ResultColumn[]
  /** Bytes that are paid for, before they are rounded. */
  readonly scannedBytes: number
  readonly seconds: number
  /** The rows, a page of a thousand after the other. */
  readonly rows: AsyncIterable<Readonly<Record<string, Value>>>
}

const longestPauseMs = 5000

/** A client of Athena, as the environment has it. */
export async function openAthena(region?: string): Promise<AthenaClient> {
  const { AthenaClient: Client } = await import('@aws-sdk/client-athena')
  return new Client({ ...(region === undefined ? {} : { region }), maxAttempts: 6 })
}

/** Runs a statement on Athena, waits for its end, and gives its rows. Aborting the signal stops it there as well: what was scanned is still paid for. */
export async function runOnAthena(
  client: AthenaClient,
  sql: string,
  { workGroup, database, outputLocation }: AthenaPlace,
  { signal, firstPauseMs = 250, parameters = [] }: AthenaOptions = {},
): Promise<AthenaResult> {
  const { StartQueryExecutionCommand } = await import('@aws-sdk/client-athena')
  if (signal?.aborted === true) throw cancelled()
  const { QueryExecutionId: id = '' } = await client
    .send(
      new StartQueryExecutionCommand({
        QueryString: sql,
        // Sent again after a lost answer, it is the same query.
        ClientRequestToken: randomUUID(),
        QueryExecutionContext: { Database: database },
        WorkGroup: workGroup,
        ...(parameters.length === 0 ? {} : { ExecutionParameters: [...parameters] }),
        ...(outputLocation === undefined ? {} : { ResultConfiguration: { OutputLocation: outputLocation } }),
      }),
    )
    .catch((error: unknown) => {
      throw new MillraceError('SQL_FAILED', `Athena did not take the statement: ${messageOf(error)}`, error)
    })
  const done = await untilDone(client, id, firstPauseMs, signal)
  const first = await pageOf(client, id, undefined)
  const infos = distinct(first.columns)
  const columns = infos.map(({ Name = '', Type = 'varchar' }) => ({ name: Name, type: Type.toUpperCase() }))
  async function* rows(): AsyncGenerator<Readonly<Record<string, Value>>> {
    // Athena's first row of a query is the names of its columns.
    let skipped = done.StatementType === 'DML' ? 1 : 0
    for (let page = first; ; page = await pageOf(client, id, page.next)) {
      for (const { Data = [] } of page.rows.slice(skipped))
        yield Object.fromEntries(
          infos.map((info, index) => [info.Name ?? '', valueOf(Data[index]?.VarCharValue, info)]),
        )
      skipped = 0
      if (page.next === undefined) return
      if (signal?.aborted === true) throw cancelled()
    }
  }
  const { DataScannedInBytes: scannedBytes = 0, TotalExecutionTimeInMillis: ms = 0 } = done.Statistics ?? {}
  return { id, columns, scannedBytes, seconds: ms / 1000, rows: rows() }
}

/** Columns of one name would hide each other in a row: the second is `name:1`, as the lake calls it. */
function distinct(columns: readonly ColumnInfo[]): ColumnInfo[] {
  const met = new Map<string, number>()
  return columns.map((column) => {
    const { Name: name = '' } = column
    const before = met.get(name) ?? 0
    met.set(name, before + 1)
    return { ...column, Name: before === 0 ? name : `${name}:${before}` }
  })
}

async function untilDone(
  client: AthenaClient,
  id: string,
  firstPauseMs: number,
  signal: AbortSignal | undefined,
): Promise<QueryExecution> {
  const { GetQueryExecutionCommand } = await import('@aws-sdk/client-athena')
  for (let wait = firstPauseMs; ; wait = Math.min(wait * 1.5, longestPauseMs)) {
    const { QueryExecution: execution = {} } = await client
      .send(new GetQueryExecutionCommand({ QueryExecutionId: id }))
      .catch(unanswered(id))
    const { State: state, StateChangeReason: reason = '', AthenaError: error } = execution.Status ?? {}
    if (state === 'SUCCEEDED') return execution
    if (state === 'CANCELLED') throw new MillraceError('QUERY_CANCELLED', `The query ${id} was cancelled on Athena.`)
    if (state === 'FAILED')
      throw new MillraceError('SQL_FAILED', `Athena failed at the query ${id}: ${error?.ErrorMessage ?? reason}`)
    await pause(wait, undefined, { signal }).catch(() => undefined)
    if (signal?.aborted === true) {
      await stop(client, id)
      throw cancelled()
    }
  }
}

async function stop(client: AthenaClient, id: string): Promise<void> {
  const { StopQueryExecutionCommand } = await import('@aws-sdk/client-athena')
  await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id })).catch((error: unknown) => {
    throw new MillraceError(
      'QUERY_CANCELLED',
      `The query was cancelled here, but goes on at Athena and is paid for: it could not be stopped (${messageOf(error)}). Stop ${id} in Athena's console.`,
      error,
    )
  })
}

interface Page {
  readonly columns: readonly ColumnInfo[]
  readonly rows: readonly Row[]
  readonly next: string | undefined
}

async function pageOf(client: AthenaClient, id: string, token: string | undefined): Promise<Page> {
  const { GetQueryResultsCommand } = await import('@aws-sdk/client-athena')
  const { ResultSet: set, NextToken: next } = await client
    .send(new GetQueryResultsCommand({ QueryExecutionId: id, ...(token === undefined ? {} : { NextToken: token }) }))
    .catch(unanswered(id))
  return { columns: set?.ResultSetMetadata?.ColumnInfo ?? [], rows: set?.Rows ?? [], next }
}

const numbers: ReadonlySet<string> = new Set(['tinyint', 'smallint', 'integer', 'bigint', 'float', 'real', 'double'])

/** Everything comes as text; what is absent is NULL. A number that a double cannot hold exactly stays text. */
function valueOf(text: string | undefined, { Type: type = '' }: ColumnInfo): Value {
  if (text === undefined) return null
  if (type === 'boolean') return text === 'true'
  if (!numbers.has(type)) return text
  const value = Number(text)
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? text : value
}

function unanswered(id: string): (error: unknown) => never {
  return (error) => {
    throw new MillraceError(
      'SOURCE_UNAVAILABLE',
      `Athena cannot be asked about the query ${id}: ${messageOf(error)}. Look for it in Athena's console.`,
      error,
    )
  }
}

function cancelled(): MillraceError {
  return new MillraceError(
    'QUERY_CANCELLED',
    'The query was cancelled, on Athena as well; what it had scanned is paid for.',
  )
}

const mebibyte = 2 ** 20
const tebibyte = 2 ** 40

/** What Athena asks for a query, in the currency of the price: megabytes are rounded up, and ten are the least. What scans nothing is free. */
export function athenaCost(scannedBytes: number, pricePerTebibyte: number): number {
  if (scannedBytes === 0) return 0
  const billed = Math.max(Math.ceil(scannedBytes / mebibyte), 10) * mebibyte
  return (billed / tebibyte) * pricePerTebibyte
}
