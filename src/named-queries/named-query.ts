/**
 * How a parameter is written in SQL, always as a literal. `timestamp` takes `2026-11-20`, `2026-11-20 12:00:00` (UTC), `now` or a span
 * before now such as `-30d`, `-12h`, `-15m`. `integers` and `texts` are lists for `in (…)`, written with commas.
 */
export const parameterTypes = ['timestamp', 'text', 'integer', 'number', 'boolean', 'integers', 'texts'] as const

export type ParameterType = (typeof parameterTypes)[number]

export interface Parameter {
  readonly name: string
  readonly type: ParameterType
  /** One sentence on the form and in `--help`. */
  readonly doc: string
  /** As a user would write it; absent where one must be given. */
  readonly default?: string | undefined
}

/** How results can be drawn, by named queries and by tiles. */
export const chartTypes = [
  'bar',
  'column',
  'line',
  'area',
  'stacked',
  'pie',
  'number',
  'table',
  'heatmap',
  'sankey',
] as const

/** How a result is best looked at; `table` when nothing is said. Names are columns of the result. */
export interface Chart {
  readonly type: (typeof chartTypes)[number]
  readonly axis?: string | undefined
  readonly measure?: string | undefined
  /** Splits the measure into series, or names the other end of a Sankey's links. */
  readonly series?: string | undefined
}

/** A question with its SQL: one file in `src/queries/`, which also holds the rows that prove it. */
export interface NamedQuery {
  /** The file's name without its ending. */
  readonly name: string
  readonly title: string
  readonly question: string
  /** The same in Japanese. */
  readonly ja: { readonly title: string; readonly question: string }
  /** Where the question comes from. */
  readonly source: string
  readonly logTypes: readonly string[]
  /** What a total counts, where that could be taken otherwise. */
  readonly counts?: string | undefined
  readonly parameters: readonly Parameter[]
  readonly chart: Chart
  /** SQL with `$name` for parameters; the same text runs on the lake, Trino and Snowflake but for how each prints it. */
  readonly sql: string
  /** Log files by name, for the test, and the rows that come of them. */
  readonly sample: Readonly<Record<string, string>>
  readonly expected: readonly Readonly<Record<string, unknown>>[]
  /** Values of parameters that the sample is asked with. */
  readonly sampleParameters: Readonly<Record<string, string>>
}
