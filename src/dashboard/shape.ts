import { z } from 'zod'
import { chartTypes } from '../named-queries/named-query.ts'
import { dialects } from '../sql/dialects.ts'
import { queryEngines } from '../sql/engines.ts'
import { fileName } from '../text-folder/file-name.ts'
import { originShape } from '../text-folder/origin.ts'

/** Text of a dashboard: one for all readers, or one for each language of the page. */
const textShape = z.union([z.string(), z.strictObject({ en: z.string(), ja: z.string() })])

const chartShape = z.strictObject({
  type: z.enum(chartTypes),
  /** Column whose values are drawn. */
  measure: z.string().optional(),
  /** Column that the values belong to: an address, an interface, a time. */
  axis: z.string().optional(),
  /** Column that splits the measure into series, or names the other end of a Sankey's links. */
  series: z.string().optional(),
  orientation: z.enum(['horizontal', 'vertical']).optional(),
  order: z.enum(['size', 'name', 'none']).optional(),
  direction: z.enum(['descending', 'ascending']).optional(),
  /** Bars, slices or links at most; the largest are kept. */
  limit: z.int().min(1).max(1000).optional(),
  /** What the measure is counted in. */
  unit: z.enum(['count', 'bytes', 'milliseconds', 'seconds']).optional(),
})

/** Place on a grid of 12 columns. */
const placeShape = z.strictObject({
  x: z.int().min(0).max(11),
  y: z.int().min(0).max(10_000),
  w: z.int().min(1).max(12),
  h: z.int().min(1).max(100),
})

const tileShape = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
    title: textShape,
    /** A named query, with values for its parameters as text. */
    query: z.string().optional(),
    parameters: z.record(z.string(), z.string()).optional(),
    /** Or one statement. */
    sql: z.string().max(100_000).optional(),
    /** What the statement is written in; the engine's own where it is not said. */
    dialect: z.enum(dialects).optional(),
    chart: chartShape,
    at: placeShape,
  })
  .refine((tile) => (tile.query === undefined) !== (tile.sql === undefined), {
    message: 'a tile has either sql or query',
  })

const timeShape = z.string().regex(/^(now|-\d{1,6}[mhdw]|\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2})?Z?)?)$/, {
  message: 'a time such as -30d, now or 2026-11-20 12:00',
})

/** What a dashboard's file holds. */
export const dashboardShape = z
  .strictObject({
    title: textShape,
    description: textShape.optional(),
    /** Where its tiles run; on the lake where it is not said. */
    engine: z.enum(queryEngines).optional(),
    /** Time range that it opens with; the last 30 days where there is none. */
    range: z.strictObject({ from: timeShape, to: timeShape }).optional(),
    tiles: z.array(tileShape).max(100),
  })
  .refine(({ tiles }) => new Set(tiles.map((tile) => tile.id)).size === tiles.length, {
    message: 'two tiles have one id',
  })

export type Text = z.output<typeof textShape>
export type ChartSettings = z.output<typeof chartShape>
export type Place = z.output<typeof placeShape>
export type Tile = z.output<typeof tileShape>
export type Dashboard = z.output<typeof dashboardShape>

export const dashboardEntryShape = z.object({
  name: fileName,
  origin: originShape,
  title: textShape,
  /** Why its file cannot be read. */
  fault: z.string().optional(),
})

export const storedDashboardShape = z.object({ name: fileName, origin: originShape, dashboard: dashboardShape })

export type DashboardEntry = z.output<typeof dashboardEntryShape>
export type StoredDashboard = z.output<typeof storedDashboardShape>
