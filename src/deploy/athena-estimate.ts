import type { AthenaClient } from '@aws-sdk/client-athena'
import type { GlueClient, Table } from '@aws-sdk/client-glue'
import { z } from 'zod'
import { type AthenaOptions, type AthenaPlace, runOnAthena } from '../engines/athena.ts'
import { MillraceError } from '../errors.ts'
import { type FilePlaces, filePlaces, folderOf, stageOf } from '../sql/external/places.ts'
import type { Stages } from '../stages/open.ts'

const bound = z.object({ value: z.unknown().optional(), bound: z.string() })
const range = z.object({ low: bound, high: bound })
const ioPlan = z.object({
  inputTableColumnInfos: z.array(
    z.object({
      table: z.object({ schemaTable: z.object({ schema: z.string(), table: z.string() }) }),
      constraint: z
        .object({
          columnConstraints: z
            .array(
              z.object({
                columnName: z.string(),
                domain: z.object({ nullsAllowed: z.boolean().optional(), ranges: z.array(range) }),
              }),
            )
            .default([]),
        })
        .optional(),
    }),
  ),
})

/** A table that a query reads, and what it asks of columns. */
export interface ReadTable {
  readonly schema: string
  readonly table: string
  /** By column: whether a value can be among the rows that are asked for. */
  readonly conditions: ReadonlyMap<string, (value: string) => boolean>
}

/** Reads what EXPLAIN (TYPE IO, FORMAT JSON) says. */
export function readIoPlan(json: string): ReadTable[] {
  const parsed = ioPlan.safeParse(jsonOf(json))
  if (!parsed.success)
    throw new MillraceError('SQL_FAILED', `What EXPLAIN says cannot be read: ${z.prettifyError(parsed.error)}.`)
  return parsed.data.inputTableColumnInfos.map(({ table: { schemaTable }, constraint }) => ({
    ...schemaTable,
    conditions: new Map(
      (constraint?.columnConstraints ?? []).map(({ columnName, domain }) => [
        columnName,
        (value: string) => domain.ranges.some(({ low, high }) => isAbove(value, low) && isAbove(value, high, -1)),
      ]),
    ),
  }))
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new MillraceError('SQL_FAILED', 'What EXPLAIN says is no plan. Estimate a SELECT statement.', error)
  }
}

/** Whether a value is on the right side of a bound: from it on, or up to it. */
function isAbove(value: string, { value: limit, bound: kind }: z.infer<typeof bound>, sign = 1): boolean {
  if (limit === undefined || limit === null) return true
  const text = typeof limit === 'string' ? limit : JSON.stringify(limit)
  const [a, b] = [Number(value), Number(text)]
  const isNumber = value !== '' && text !== '' && Number.isFinite(a) && Number.isFinite(b)
  const order = isNumber ? Math.sign(a - b) : value < text ? -1 : value > text ? 1 : 0
  return order * sign > 0 || (order === 0 && kind === 'EXACTLY')
}

/** What a query would read at most: all objects of the partitions that its conditions leave, whole. */
export interface Estimate {
  readonly objects: number
  readonly bytes: number
}

/** Asks Athena whether a query can run, and lists what it would read. EXPLAIN itself is free. */
export async function estimateOnAthena(
  { athena, glue, stages }: { readonly athena: AthenaClient; readonly glue: GlueClient; readonly stages: Stages },
  sql: string,
  place: AthenaPlace,
  options: AthenaOptions = {},
): Promise<Estimate> {
  const explained = await runOnAthena(athena, `EXPLAIN (TYPE IO, FORMAT JSON) ${sql}`, place, options)
  const lines: string[] = []
  for await (const row of explained.rows) {
    const [line] = Object.values(row)
    if (typeof line === 'string') lines.push(line)
  }
  const json = lines.join('\n')
  let [objects, bytes] = [0, 0]
  // A table that is read twice is scanned twice.
  for (const table of readIoPlan(json.slice(Math.max(json.indexOf('{'), 0)))) {
    const places = await placesIn(glue, table)
    const columns = [...table.conditions]
    const stage = await stageOf(places, stages)
    for await (const found of stage.list(options.signal))
      for (const { uri, size } of found) {
        const values = places.valuesOf(uri)
        const isRead = columns.every(([column, holds]) => {
          const value = values?.[places.columns.indexOf(column)]
          return value === undefined || holds(value)
        })
        if (!isRead) continue
        objects++
        bytes += size
      }
  }
  return { objects, bytes }
}

/** Where the Glue catalog says that the files of a table are. */
async function placesIn(glue: GlueClient, { schema, table }: ReadTable): Promise<FilePlaces & { columns: string[] }> {
  const { GetTableCommand, paginateGetPartitions } = await import('@aws-sdk/client-glue')
  const { Table: found } = await glue.send(new GetTableCommand({ DatabaseName: schema, Name: table }))
  const columns = (found?.PartitionKeys ?? []).map(({ Name = '' }) => Name)
  const files = {
    location: folderOf(locationOf(found, table)),
    properties: found?.Parameters ?? {},
    partitionedBy: columns,
  }
  const partitions: { readonly location: string; readonly values: readonly string[] }[] = []
  if (columns.length > 0 && files.properties['projection.enabled'] !== 'true')
    for await (const page of paginateGetPartitions({ client: glue }, { DatabaseName: schema, TableName: table }))
      for (const { Values = [], StorageDescriptor } of page.Partitions ?? [])
        partitions.push({ location: folderOf(StorageDescriptor?.Location ?? ''), values: Values })
  return { ...filePlaces(files, partitions, Date.now()), columns }
}

function locationOf(table: Table | undefined, name: string): string {
  const location = table?.StorageDescriptor?.Location
  if (location !== undefined && /^s3:\/\/[^/]/.test(location)) return location
  throw new MillraceError(
    'SOURCE_UNSUPPORTED',
    `Table ${name} has no place in S3, so what it takes cannot be estimated.`,
  )
}
