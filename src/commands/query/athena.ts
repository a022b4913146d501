import type { AthenaClient } from '@aws-sdk/client-athena'
import { chainRegion } from '../../aws/chain.ts'
import { toTrino } from '../../deploy/trino-sql.ts'
import { athenaCost, openAthena, runOnAthena } from '../../engines/athena.ts'
import { MillraceError } from '../../errors.ts'
import { lakeFiles } from '../../lake/files.ts'
import { readSettings } from '../../settings.ts'
import type { Dialect } from '../../sql/dialects.ts'
import { Stages } from '../../stages/open.ts'
import { printObject, printRows } from '../output/print.ts'
import type { GlobalFlags } from '../terminal/flags.ts'
import { interruptible } from '../terminal/interruptible.ts'
import { note } from '../terminal/notes.ts'

/** What is said of a query for Athena. */
export interface AthenaFlags {
  readonly name?: string
  readonly dialect?: Dialect
  readonly maxRows?: number
  readonly timeout?: number
  readonly database: string
  readonly workgroup: string
  readonly results?: string
  readonly estimate?: true
}

/** Runs a statement on Athena and prints its rows, then what it scanned and cost. An interrupt stops it there as well. */
export async function queryAthena(sql: string, flags: GlobalFlags, query: AthenaFlags): Promise<void> {
  const { name, dialect = name === undefined ? 'athena' : 'duckdb', database, workgroup, results, timeout } = query
  if (dialect === 'snowflake')
    throw new MillraceError('USAGE', 'Athena reads no Snowflake SQL. Write the statement in the dialect athena.')
  const text = dialect === 'duckdb' ? await toTrino(sql) : sql
  const price = readSettings(lakeFiles(flags.lake).settings, {}, process.env).athenaPricePerTib
  const region = (await chainRegion(process.env)) ?? 'us-east-1'
  const athena = await openAthena(region)
  try {
    if (query.estimate === true) return await estimate(text, flags, query, { athena, region, price })
    await interruptible(async (interrupted) => {
      const signal =
        timeout === undefined ? interrupted : AbortSignal.any([interrupted, AbortSignal.timeout(timeout * 1000)])
      const place = { database, workGroup: workgroup, outputLocation: results }
      const result = await runOnAthena(athena, text, place, { signal })
      const shown = { count: 0, isCut: false }
      await printRows(flags.output, result.columns, upTo(result.rows, query.maxRows ?? Infinity, shown))
      if (flags.quiet === true) return
      if (shown.isCut) note(`There are more rows than the ${query.maxRows ?? 0} of --max-rows.`)
      const cost = athenaCost(result.scannedBytes, price)
      note(
        `Athena scanned ${result.scannedBytes} bytes in ${result.seconds} seconds, which cost ${cost.toFixed(6)} at ${price} a tebibyte (query ${result.id}).`,
      )
    })
  } finally {
    athena.destroy()
  }
}

/** Says what a statement would read at most, and what that costs, without running it. */
async function estimate(
  sql: string,
  flags: GlobalFlags,
  { database, workgroup, results }: AthenaFlags,
  { athena, region, price }: { readonly athena: AthenaClient; readonly region: string; readonly price: number },
): Promise<void> {
  const { estimateOnAthena } = await import('../../deploy/athena-estimate.ts')
  const { GlueClient } = await import('@aws-sdk/client-glue')
  const glue = new GlueClient({ region })
  const stages = new Stages(lakeFiles(flags.lake).directory)
  try {
    await interruptible(async (signal) => {
      const place = { database, workGroup: workgroup, outputLocation: results }
      const { objects, bytes } = await estimateOnAthena({ athena, glue, stages }, sql, place, { signal })
      await printObject(flags.output, { objects, bytes, cost: athenaCost(bytes, price), price_per_tib: price })
    })
  } finally {
    glue.destroy()
    await stages.close()
  }
}

async function* upTo<T>(
  rows: AsyncIterable<T>,
  most: number,
  shown: { count: number; isCut: boolean },
): AsyncGenerator<T> {
  for await (const row of rows) {
    if (shown.count === most) {
      shown.isCut = true
      return
    }
    shown.count++
    yield row
  }
}
