import type { AthenaClient } from '@aws-sdk/client-athena'
import { chainRegion } from '../aws/chain.ts'
import { toTrino } from '../deploy/trino-sql.ts'
import { type AthenaResult, athenaCost, openAthena, runOnAthena } from '../engines/athena.ts'
import { MillraceError } from '../errors.ts'
import type { AthenaSettings, Settings } from '../settings.ts'
import { checkAthenaReading } from '../sql/athena-guard.ts'
import type { Dialect } from '../sql/dialects.ts'
import { Stages } from '../stages/open.ts'
import type { ComingRows } from './result-lines.ts'

/** What a query took on Athena. */
export interface AthenaBill {
  /** Athena's own name of the query. */
  readonly query: string
  readonly scanned_bytes: number
  readonly seconds: number
  /** In the currency of the price. */
  readonly cost: number
  readonly price_per_tib: number
}

/** What a query would take at most. */
export interface AthenaForecast {
  readonly objects: number
  readonly bytes: number
  readonly cost: number
  readonly price_per_tib: number
}

interface Limits {
  readonly signal: AbortSignal
  readonly maxRows?: number | undefined
  readonly timeoutMs?: number | undefined
}

/** Athena as the settings of a lake name it. */
export interface Athena {
  readonly database: string
  readonly workgroup: string
  readonly pricePerTib: number
  /** Resolves when the query has run and its rows begin; aborting stops it there. `close` is to be called when no more are asked for. */
  run(sql: string, limits: Limits): Promise<ComingRows & { readonly athena: AthenaBill; readonly close: () => void }>
  estimate(sql: string, limits: Limits): Promise<AthenaForecast>
  /** The columns of text that a view has there; none where there is no such view. */
  columnsOf(view: string, signal: AbortSignal): Promise<ReadonlySet<string>>
}

/** A statement of a dialect in Athena's SQL. Throws USAGE for Snowflake's. */
export async function athenaSql(sent: string, dialect: Dialect): Promise<string> {
  if (dialect === 'snowflake')
    throw new MillraceError('USAGE', 'Athena reads no Snowflake SQL. Write the statement in the dialect athena.')
  return dialect === 'duckdb' ? toTrino(sent) : sent.replace(/;\s*$/, '')
}

/** As `athenaSql`, for a statement that may come from anybody: throws SQL_REFUSED for what does not read. */
export async function readingAthenaSql(sent: string, dialect: Dialect): Promise<string> {
  checkAthenaReading(sent, dialect)
  const sql = await athenaSql(sent, dialect)
  if (dialect === 'duckdb') checkAthenaReading(sql, 'trino')
  return sql
}

/** Undefined where the settings do not name a place on Athena. */
export function athenaOf(directory: string, { athena, athenaPricePerTib }: Settings): Athena | undefined {
  return athena === undefined ? undefined : athenaAt(directory, athena, athenaPricePerTib)
}

/** Athena at a place. Objects are listed with the stages of the lake's `directory`. */
export function athenaAt(directory: string, settings: AthenaSettings, pricePerTib: number): Athena {
  const { database, workgroup, results } = settings
  const place = { database, workGroup: workgroup, outputLocation: results }
  return {
    database,
    workgroup,
    pricePerTib,
    run: async (sql, { maxRows = Infinity, ...limits }) => {
      const client = await openAthena(await regionOf(settings))
      try {
        const timed = inTime(limits)
        const result = await runOnAthena(client, sql, place, { signal: timed.signal }).catch(timed.told)
        return new AthenaRows(result, client, { maxRows, price: pricePerTib, told: timed.told })
      } catch (error) {
        client.destroy()
        throw placed(error)
      }
    },
    estimate: async (sql, limits) => {
      const region = await regionOf(settings)
      const [{ estimateOnAthena }, { GlueClient }] = await Promise.all([
        import('../deploy/athena-estimate.ts'),
        import('@aws-sdk/client-glue'),
      ])
      const clients = {
        athena: await openAthena(region),
        glue: new GlueClient({ region }),
        stages: new Stages(directory),
      }
      const timed = inTime(limits)
      try {
        const { objects, bytes } = await estimateOnAthena(clients, sql, place, { signal: timed.signal }).catch(
          timed.told,
        )
        return { objects, bytes, cost: athenaCost(bytes, pricePerTib), price_per_tib: pricePerTib }
      } finally {
        clients.athena.destroy()
        clients.glue.destroy()
        await clients.stages.close()
      }
    },
    columnsOf: async (view, signal) => {
      const [{ deployedColumns }, { GlueClient }] = await Promise.all([
        import('../deploy/deployed-columns.ts'),
        import('@aws-sdk/client-glue'),
      ])
      const glue = new GlueClient({ region: await regionOf(settings) })
      try {
        return await deployedColumns(glue, { database, view, signal })
      } finally {
        glue.destroy()
      }
    },
  }
}

async function regionOf({ region }: AthenaSettings): Promise<string> {
  return region ?? (await chainRegion(process.env)) ?? 'us-east-1'
}

/** A signal that also aborts when the time is over, and what is thrown then. */
function inTime({ signal, timeoutMs }: Limits): { signal: AbortSignal; told: (error: unknown) => never } {
  const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs)
  return {
    signal: timeout === undefined ? signal : AbortSignal.any([signal, timeout]),
    told: (error) => {
      // With a cause it is one that could not be stopped.
      const goesOn = error instanceof MillraceError && error.code === 'QUERY_CANCELLED' && error.cause !== undefined
      if (timeout?.aborted !== true || signal.aborted || goesOn) throw error
      throw new MillraceError(
        'QUERY_TIMEOUT',
        `The query on Athena was stopped after ${timeoutMs ?? 0} milliseconds, its limit. Narrow it, or give it more time.`,
        error,
      )
    },
  }
}

/** Athena's messages say `line 2:8:`. */
function placed(error: unknown): unknown {
  if (!(error instanceof MillraceError) || error.code !== 'SQL_FAILED') return error
  const [, line, column] = /\bline (\d+):(\d+)/.exec(error.message) ?? []
  if (line === undefined) return error
  return new MillraceError(error.code, error.message, error, { line: Number(line), column: Number(column) })
}

/** The rows of a query that has run on Athena. */
class AthenaRows implements ComingRows {
  readonly columns: ComingRows['columns']
  readonly athena: AthenaBill
  truncated = false
  private readonly rows: AthenaResult['rows']
  private readonly client: AthenaClient
  private readonly maxRows: number
  private readonly told: (error: unknown) => never

  constructor(
    { id, columns, rows, scannedBytes, seconds }: AthenaResult,
    client: AthenaClient,
    options: { readonly maxRows: number; readonly price: number; readonly told: (error: unknown) => never },
  ) {
    this.columns = columns
    this.rows = rows
    this.client = client
    this.maxRows = options.maxRows
    this.told = options.told
    const cost = athenaCost(scannedBytes, options.price)
    this.athena = { query: id, scanned_bytes: scannedBytes, seconds, cost, price_per_tib: options.price }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<object> {
    let count = 0
    try {
      for await (const row of this.rows) {
        if (count === this.maxRows) {
          this.truncated = true
          return
        }
        count++
        yield row
      }
    } catch (error) {
      this.told(error)
    }
  }

  close(): void {
    this.client.destroy()
  }
}
