import { MillraceError } from '../../errors.ts'
import { lakeFiles } from '../../lake/files.ts'
import { athenaAt, athenaSql } from '../../server/athena.ts'
import { type AthenaSettings, readSettings } from '../../settings.ts'
import type { Dialect } from '../../sql/dialects.ts'
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
  readonly database?: string
  readonly workgroup?: string
  readonly results?: string
  readonly estimate?: true
}

/** Runs a statement on Athena and prints its rows, then what it scanned and cost. An interrupt stops it there as well. */
export async function queryAthena(sql: string, flags: GlobalFlags, query: AthenaFlags): Promise<void> {
  const { name, dialect = name === undefined ? 'athena' : 'duckdb', maxRows, timeout } = query
  const text = await athenaSql(sql, dialect)
  const files = lakeFiles(flags.lake)
  const settings = readSettings(files.settings, {}, process.env)
  const place = placeOf(query, settings.athena, files.settings)
  const athena = athenaAt(files.directory, place, settings.athenaPricePerTib)
  const timeoutMs = timeout === undefined ? undefined : Math.ceil(timeout * 1000)
  await interruptible(async (signal) => {
    if (query.estimate === true) return printObject(flags.output, await athena.estimate(text, { signal, timeoutMs }))
    const result = await athena.run(text, { signal, maxRows, timeoutMs })
    try {
      await printRows(flags.output, result.columns, result)
    } finally {
      result.close()
    }
    if (flags.quiet === true) return
    if (result.truncated) note(`There are more rows than the ${maxRows ?? 0} of --max-rows.`)
    const { query: id, scanned_bytes: scanned, seconds, cost, price_per_tib: price } = result.athena
    note(
      `Athena scanned ${scanned} bytes in ${seconds} seconds, which cost ${cost.toFixed(6)} at ${price} a tebibyte (query ${id}).`,
    )
  })
}

/** Where the flags say that it runs, and what they leave out as the lake's settings have it. */
function placeOf(flags: AthenaFlags, settings: AthenaSettings | undefined, file: string): AthenaSettings {
  const { database = settings?.database, workgroup = settings?.workgroup, results = settings?.results } = flags
  if (database === undefined || workgroup === undefined)
    throw new MillraceError(
      'USAGE',
      `It is not said where on Athena the query is to run. Give --database and --workgroup, or name both as "athena" in ${file}.`,
    )
  return { database, workgroup, results, region: settings?.region }
}
